"""Whether a plan holds together, what has changed in it, and the threads both ways."""

import pytest
from pydantic import ValidationError

from adapters.contract_files import load_felkoder
from tests.goal_examples import plan
from tests.kommuner.printed import load_kommun
from transforms.goal_plan import plan_changes, plan_lock, reworded_goals
from transforms.goal_thread import upward
from transforms.goal_tree import tree_findings
from transforms.goal_wording import decision_text

VISION = ("v", "vision", None)
KF = ("kf", "fullmaktigemal", "v")


def activity(kod, to):
    return {"kod": kod, "namn": kod, "enhet": "X", "ansvarig": "chef", "leder_till": to}


def effect(kod, to):
    return {"kod": kod, "namn": kod, "slag": "tidig", "leder_till": to}


def valid(made, first, last):
    """The plan whose goals hold for those years."""
    return made.model_copy(
        update={"mal": (made.mal[0], made.mal[1].model_copy(update={"giltig_fran": first, "giltig_till": last}))}
    )


def found(made):
    return [(finding.code, finding.message) for finding in tree_findings(made, load_felkoder())]


def test_a_whole_tree_has_nothing_to_find():
    whole = plan(VISION, KF, ("n", "namndmal", "kf"), aktiviteter=[activity("a", "e")], effekter=[effect("e", "n")])
    assert found(whole) == []
    assert found(valid(plan(VISION, KF, aktiviteter=[activity("a", "kf")]), 2023, 2026)) == []
    assert tree_findings(load_kommun("lingonby").malplan(2026), load_felkoder()) == ()


@pytest.mark.parametrize(
    ("made", "code", "named"),
    [
        (plan(VISION, KF, ("n", "namndmal", None), aktiviteter=[activity("a", "kf"), activity("b", "n")]), "E722", "n"),
        (plan(VISION, ("n", "namndmal", "v"), aktiviteter=[activity("a", "n")]), "E723", "n"),
        (plan(VISION, KF), "E724", "kf"),
        (plan(VISION, KF, aktiviteter=[activity("a", "kf"), activity("b", None)]), "E725", "b"),
        (plan(VISION, KF, aktiviteter=[activity("a", "kf"), activity("b", "e")], effekter=[effect("e", None)]), "E725", "b → e"),
        (plan(VISION, KF, aktiviteter=[activity("a", "kf")], effekter=[effect("e", "kf")]), "E726", "e"),
        (plan(VISION, KF, aktiviteter=[activity("a", "kf")], max_mal=1), "E727", "2"),
        (valid(plan(VISION, KF, aktiviteter=[activity("a", "kf")]), 2023, 2025), "E729", "2023–2025"),
    ],
)  # fmt: skip
def test_what_breaks_the_thread_is_found_and_named(made, code, named):
    assert [c for c, _ in found(made)] == [code]
    assert named in found(made)[0][1]


def test_without_a_vision_fullmaktiges_goals_are_the_roots():
    assert found(plan(("kf", "fullmaktigemal", None), aktiviteter=[activity("a", "kf")])) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"mal": [("a", "namndmal", "b"), ("b", "fullmaktigemal", "a")], "code": "E720"},
        {"mal": [KF, VISION], "effekter": [effect("e", "f"), effect("f", "e")], "code": "E720"},
        {"mal": [("a", "namndmal", "borta")], "code": "under borta"},
        {"mal": [VISION, VISION], "code": "finns redan"},
        {"mal": [VISION], "version": 2, "code": "version 2 står inte"},
        {"mal": [VISION], "regel_per_niva": {"vision": "r"}, "code": "regeln r finns inte"},
    ],
)
def test_a_plan_that_does_not_hold_is_refused(wrong):
    more = {name: value for name, value in wrong.items() if name not in ("mal", "code")}
    with pytest.raises(ValidationError, match=wrong["code"]):
        plan(*wrong["mal"], **more)


def test_the_changes_of_a_plan_are_told_field_by_field():
    before = plan(VISION, KF, aktiviteter=[activity("a", "kf")])
    after = before.model_copy(
        update={
            "mal": (before.mal[0], before.mal[1].model_copy(update={"namn": "nytt"})),
            "aktiviteter": (),
        }
    )
    assert [(c.kod, c.falt, c.fore, c.efter) for c in plan_changes(before, after)] == [
        ("kf", "namn", "kf", "nytt"),
        ("a", "", "a", ""),
    ]
    assert reworded_goals(plan_changes(before, after), after) == {"kf"}
    assert plan_changes(before, before) == ()


def test_every_part_of_the_example_reaches_the_vision():
    made = load_kommun("lingonby").malplan(2026)
    parts = [*made.indikatorer, *made.aktiviteter, *made.effekter, *made.mal]
    assert {upward(made, part.kod)[-1] for part in parts} == {"vision"}
    assert upward(made, "team_pa_plats") == [
        "team_pa_plats", "franvaroteam", "tidig_upptackt", "tillbaka", "bun_narvaro", "kf_larande", "vision",
    ]  # fmt: skip
    assert upward(made, "finns_inte") == []


def test_a_decided_plan_that_is_not_what_was_locked_is_found():
    decided = load_kommun("lingonby").malplan(2026)
    assert decided.las == plan_lock(decided)
    moved = decided.model_copy(update={"namn": "Annat namn"})
    assert [code for code, _ in found(moved)] == ["E730"]
    assert plan_lock(moved) in found(moved)[0][1]


def test_a_plan_says_which_decisions_it_stands_on():
    kommun = load_kommun("lingonby")
    first = next(made for made in kommun.tidigare_malplaner if made.version == 1)
    assert decision_text(first) == "version 1, beslutad KF 2025-11-24 § 113"
    assert (
        decision_text(kommun.malplan(2026))
        == "version 2, beslutad KF 2025-11-24 § 113 och senast ändrad KF 2026-02-23 § 21"
    )
    assert decision_text(first.model_copy(update={"beslut": None})) == "version 1, inte beslutad"
