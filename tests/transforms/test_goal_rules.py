"""The rules of real kommuner, as configuration. Values from the source, or worked by hand where it says so."""

import pytest
from ruamel.yaml import YAML

from data_contracts.malplan import Gul, Lagesord, Regel
from flows.home import CHECKOUT
from tests.goal_examples import indikator, regel, state
from transforms.goal_rollup import Del, roll_up
from transforms.goal_states import Lage, Rapporttyp, trend
from transforms.goal_wording import state_words

RULES = YAML(typ="safe", pure=True).load((CHECKOUT / "data_contracts" / "malregler.yaml").read_text(encoding="utf-8"))
MISSING = (Lage.EJ_RAPPORTERAD, Lage.MATNING_KOMMER)
U, D, E = Lage.UPPFYLLD, Lage.DELVIS, Lage.EJ


def rule(name):
    return Regel.model_validate(RULES[name]["regel"])


def words(name):
    return Lagesord.model_validate(RULES[name]["lagesord"])


def yellow(name):
    return {"gul": Gul.model_validate(RULES[name]["gul"]).model_dump()}


def delar(*lagen, mal=False):
    return [Del(str(place), lage, ar_mal=mal) for place, lage in enumerate(lagen)]


@pytest.mark.parametrize("name", RULES)
def test_every_rule_is_a_valid_configuration_with_its_source(name):
    assert RULES[name]["kalla"]
    assert rule(name).referens
    for typ in Rapporttyp:
        for lage in Lage:
            assert state_words(lage, typ, words(name))


@pytest.mark.parametrize("name", [name for name in RULES if RULES[name]["regel"]["strategi"] == "manuell"])
def test_where_no_formula_is_published_only_a_person_can_say(name):
    assert roll_up(delar(U, U, E), rule(name), None).lage is None


def test_vansbro_eighty_percent_of_the_level_is_partly():
    """The limits are Vansbro's; the values are worked by hand."""
    part = indikator("hogre", 50, **yellow("vansbro_2019"))
    assert [state(part, value).lage for value in (50, 49, 40, 39.9)] == [U, D, D, E]
    assert state_words(D, Rapporttyp.AR, words("vansbro_2019")) == "delvis uppnått"


def test_sjobo_is_grey_when_neither_better_nor_worse():
    """Green and red by target and grey without one: Sjöbo's; the values are worked by hand."""
    binary = indikator("hogre", 80)
    assert {state(binary, value).lage for value in (80, 79)} == {U, E}
    part = indikator("hogre", None, **RULES["sjobo_2021"]["indikator"])
    assert [_by_trend(part, before, now) for before, now in ((5, 6), (5, 5), (5, 4), (None, 4))] == [
        U,
        Lage.EJ_MATBAR,
        E,
        Lage.EJ_MATBAR,
    ]
    assert state_words(Lage.EJ_MATBAR, Rapporttyp.AR, words("sjobo_2021")) == "grå"


def test_malmo_2014_is_arrows_and_an_empty_box():
    """Arrows and the box: Malmö's; the values are worked by hand."""
    part = indikator("lagre", None, **RULES["malmo_2014"]["indikator"])
    assert [_by_trend(part, 5, now) for now in (4, 5, 6)] == [U, D, E]
    changed = indikator("lagre", None, metodbyte_ar=2026, efterslapning_ar=1, bedoms_mot="trend")
    assert state(changed, 4, ar=2025).lage is Lage.METODBYTE


def _by_trend(part, before, now):
    from decimal import Decimal

    from tests.goal_examples import DAG
    from transforms.goal_states import Matning, indikator_state

    fore = None if before is None else Decimal(before)
    return indikator_state(part, Matning(Decimal(now), 2026, fore=fore), 2026, Rapporttyp.AR, DAG).lage


def test_malmo_2016_needs_both_coverage_and_met_goals():
    """Two steps, met only if both: Malmö's, where no goal of fullmäktige was fully met; the combinations are worked by hand."""
    two = rule("malmo_2016")
    assert roll_up(delar(U, U, mal=True), two, "hel").lage is U
    partly = roll_up(delar(U, U, mal=True), two, "delvis")
    assert (partly.lage, partly.skal) == (D, "2 av 2 delar är uppfyllda, och målen under täcker inte hela målet")
    assert roll_up(delar(U, E, mal=True), two, "hel").lage is D
    assert roll_up(delar(E, E, mal=True), two, "hel").lage is E
    assert roll_up(delar(U, U, mal=True), two, None).lage is Lage.KAN_INTE_BEDOMAS


def test_vargarda_thirty_goals_keep_their_states_apart():
    """8 + 3 + 19 = 30 are Vårgårda's own numbers."""
    found = roll_up(delar(*[U] * 8, *[D] * 3, *[E] * 19), rule("vargarda_2023"), None)
    assert (found.uppfyllda, found.delvis, found.ej, found.ovriga, found.antal) == (8, 3, 19, 0, 30)
    with_unmeasured = roll_up(delar(*[U] * 8, *[D] * 2, Lage.EJ_MATBAR, *[E] * 19), rule("vargarda_2023"), None)
    assert (with_unmeasured.delvis, with_unmeasured.ovriga) == (2, 1)
    assert state_words(U, Rapporttyp.AR) == "är uppfyllt", "an årsredovisning never says that it is expected to be"


def test_jonkoping_has_five_states_of_forecast_and_verdict():
    five = {state_words(lage, typ, words("jonkoping")) for typ in Rapporttyp for lage in (U, D, E)}
    assert five == {"är uppnått", "bedöms kunna uppnås", "osäkert", "bedöms inte kunna uppnås", "har inte uppnåtts"}


def test_vasteras_says_that_an_assessment_is_missing_and_measures_from_the_start():
    assert state_words(Lage.EJ_RAPPORTERAD, Rapporttyp.MANAD, words("vasteras")) == "bedömning saknas"
    assert trend(indikator("lagre", 5), 9, 7) == 1


@pytest.mark.parametrize(
    ("name", "riktning", "mal", "expected"),
    [
        ("sundsvall_sjukfranvaro", "lagre", 6, {6.0: U, 6.1: D, 7.5: D, 7.6: E}),
        ("sundsvall_ekonomi", "lagre", 100, {100: U, 100.1: D, 102: D, 102.1: E}),
    ],
)
def test_sundsvalls_thresholds(name, riktning, mal, expected):
    """The thresholds are those of Sundsvall's published program."""
    part = indikator(riktning, mal, **yellow(name))
    assert {value: state(part, value).lage for value in expected} == expected


def test_three_quarters_is_the_same_engine_with_another_limit():
    """Worked by hand: 3 of 4 is 75 %, 2 of 4 is half."""
    three = rule("tre_fjardedelar")
    assert roll_up(delar(U, U, U, E), three, None).lage is U
    assert roll_up(delar(U, U, E, E), three, None).lage is D
    assert roll_up(delar(U, E, E, E), three, None).lage is E


def test_the_other_strategies_and_the_least_coverage():
    """Worked by hand."""
    assert roll_up(delar(U, D, U), regel("samsta"), None).lage is D
    assert roll_up(delar(U, D, E), regel("alla"), None).lage is D
    mean = regel("vagt_medel", andel_uppfylld_bp=7500)
    assert roll_up([Del("a", U, 3), Del("b", E)], mean, None).lage is U, "3 × 100 of 4 is 75"
    assert roll_up([Del("a", D, 3), Del("b", E)], mean, None).lage is E, "3 × 50 of 4 is 37,5"
    few = regel("andel", lagsta_tackning_bp=5000)
    assert roll_up(delar(U, Lage.EJ_RAPPORTERAD, Lage.EJ_RAPPORTERAD), few, None).lage is Lage.KAN_INTE_BEDOMAS
    assert roll_up(delar(), few, None).lage is Lage.KAN_INTE_BEDOMAS
    few_said = [roll_up(delar(*lagen), few, None).skal for lagen in ((U, *MISSING), MISSING, MISSING[:1])]
    assert few_said == ["bara 1 av 3 delar är mätt", "ingen av 2 delar är mätt", "den enda delen är inte mätt"]


def test_what_is_missing_decides_or_counts_as_not_met_by_the_rule():
    """Worked by hand: of four, three met and one missing is 75 or 100 %."""
    lagen = (U, U, U, Lage.MATNING_KOMMER)
    asked = roll_up(delar(*lagen), regel("andel", andel_uppfylld_bp=8000), None)
    assert (asked.lage, asked.skal) == (Lage.KAN_INTE_BEDOMAS, "det som saknas avgör")
    counted = roll_up(delar(*lagen), regel("andel", andel_uppfylld_bp=8000, saknade="ej_uppfyllda"), None)
    assert counted.lage is D
    assert counted.skal == "3 av 4 delar är uppfyllda; det som saknas räknas som ej uppfyllt"
    assert roll_up(delar(*lagen), regel("andel", andel_uppfylld_bp=7500), None).lage is U
