"""The avvikelseregister: cases are carried, marked, escalated, and closed by evidence alone."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_contracts.kommun import Avvikelseregister, Eskalering
from transforms.deviation_register import (
    Decision,
    Handling,
    Marke,
    Observation,
    arende_id,
    build_register,
    is_arende_id,
)
from transforms.period import Period

MNKR = 100_000_000
RULES = Avvikelseregister(
    upprepad_manader=2,
    eskalering=(
        Eskalering(till="namnd", efter_manader=1, referens="§ 1"),
        Eskalering(till="ks", efter_manader=2, belopp_tkr=1_000, referens="§ 2"),
        Eskalering(till="kf", efter_manader=4, belopp_tkr=5_000, referens="§ 3"),
    ),
    referens="Ekonomistyrningsregler 4 §",
)
APRIL = Period(2026, 4)
SEEN = Observation(
    period="2026-04", enhet="TEN", avser="drift", rad="personal", namn="Personalkostnader", enhet_namn="Tekniska nämnden",
    helar_ore=-2 * MNKR, period_ore=None, andring_ore=None, traff_ore=None, over=True, is_worse=True,
    kategori="volym", orsak="Fler elever.", atgard="Två tjänster vakanthålls.", ansvarig="förvaltningschef",
    klardatum=dt.date(2026, 9, 30), lovad_ore=MNKR,
)  # fmt: skip
ID = "AV-2026-TEN-drift-personal"


def months(*changes, first=1):
    """Observations of months in a row from ``first``, each SEEN with changes."""
    return {
        f"2026-{month:02d}": [replace(SEEN, period=f"2026-{month:02d}", **change)]
        for month, change in enumerate(changes, start=first)
    }


def decided(slag, day, **more):
    return Decision(ID, slag, day[:7], dt.date.fromisoformat(day), "controller", "Text.", **more)


def only(seen, decisions=(), period=APRIL):
    (case,) = build_register(seen, decisions, period, RULES)
    return case


def test_a_row_over_the_limit_is_a_case_with_a_stable_id():
    case = only(months({}, first=4))
    assert (case.id, case.oppen, case.alder, case.i_rad) == (ID, True, 1, 1)
    assert case.id == arende_id(2026, "TEN", "drift", "personal")
    assert is_arende_id(case.id)
    assert not is_arende_id("TEN/drift")


def test_a_row_that_never_was_over_the_limit_is_no_case():
    assert build_register(months({"over": False}), (), APRIL, RULES) == ()


def test_a_case_is_carried_also_when_the_row_comes_under_the_limit_and_when_a_month_is_missing():
    seen = months({}, {"over": False, "helar_ore": -1})
    case = only(seen)
    assert (case.oppen, case.alder, case.i_rad, len(case.sedd)) == (True, 4, 0, 2)


def test_months_after_the_period_and_of_other_years_are_not_looked_at():
    seen = months({}, {}, {}, first=3) | {"2025-12": [replace(SEEN, period="2025-12")]}
    assert [each.period for each in only(seen).sedd] == ["2026-03", "2026-04"]


@pytest.mark.parametrize(
    ("change", "mark"),
    [
        ({"orsak": ""}, Marke.OFORKLARAD),
        ({"atgard": ""}, Marke.UTAN_ATGARD),
        ({"klardatum": dt.date(2026, 4, 30)}, Marke.FORSENAD),
        ({"klardatum": dt.date(2026, 3, 31)}, Marke.UTAN_EFFEKT),
        ({"uppnadd_ore": MNKR - 1}, Marke.LAGRE_EFFEKT),
    ],
)
def test_marks_of_what_must_be_seen(change, mark):
    assert mark not in only(months({}, first=4)).marken
    assert mark in only(months(change, first=4)).marken


@pytest.mark.parametrize(
    ("change", "mark"),
    [
        ({"orsak": "", "over": False}, Marke.OFORKLARAD),
        ({"atgard": "", "is_worse": False}, Marke.UTAN_ATGARD),
        ({"klardatum": dt.date(2026, 5, 1)}, Marke.FORSENAD),
        ({"klardatum": dt.date(2026, 3, 31), "uppnadd_ore": MNKR}, Marke.UTAN_EFFEKT),
        ({"uppnadd_ore": MNKR}, Marke.LAGRE_EFFEKT),
    ],
)
def test_marks_are_not_set_without_ground(change, mark):
    seen = months({}, first=3) | months(change, first=4)
    assert mark not in only(seen).marken


def test_two_months_in_a_row_are_repeated_and_a_break_is_not():
    assert Marke.UPPREPAD in only(months({}, {}, first=3)).marken
    assert Marke.UPPREPAD not in only(months({}, {"over": False}, {}, first=2)).marken


@pytest.mark.parametrize(
    ("seen", "till"),
    [
        (months({}, first=4), "namnd"),
        (months({}, {}, first=3), "ks"),
        (months({}, {"helar_ore": -MNKR + 1}, first=3), "namnd"),
        (months(*[{"helar_ore": -5 * MNKR}] * 4), "kf"),
        (months(*[{"helar_ore": 5 * MNKR, "is_worse": False}] * 4), ""),
        (months(*[{"helar_ore": None}] * 4), ""),
    ],
)
def test_a_case_goes_up_by_months_and_amount_and_only_for_the_worse(seen, till):
    case = only(seen)
    assert case.till == till
    assert (case.regel is None) == (till == "")


def test_a_decision_to_close_closes_and_a_later_month_over_the_limit_opens_again():
    closed = decided(Handling.STANGD, "2026-03-31", underlag="Kontoutdrag mars.")
    assert not only(months({}, {}, {"over": False}, first=2), [closed]).oppen
    back = only(months({}, {}, {}, first=2), [closed])
    assert back.oppen
    assert Marke.ATERKOMMEN in back.marken
    opened = decided(Handling.OPPNAD, "2026-04-02")
    assert only(months({}, {"over": False}, first=3), [closed, opened]).oppen


def test_a_closed_case_has_no_marks_and_is_not_sent_up():
    case = only(months({"orsak": ""}), [decided(Handling.STANGD, "2026-04-30", underlag="Bilaga 1.")])
    assert (case.oppen, case.marken, case.till) == (False, (), "")


def test_a_measured_effect_of_a_decision_goes_before_the_return_s():
    seen = months({"uppnadd_ore": 1}, first=4)
    assert only(seen).uppnadd_ore == 1
    assert only(seen, [decided(Handling.EFFEKT, "2026-04-20", belopp_ore=MNKR)]).uppnadd_ore == MNKR


def test_open_cases_come_first_then_the_highest_level_then_the_largest():
    def row(rad, **change):
        return [replace(SEEN, rad=rad, period=period, **change) for period in ("2026-03", "2026-04")]

    rows = [*row("a", helar_ore=-1), *row("b"), *row("c", helar_ore=-3 * MNKR), *row("d", helar_ore=-9 * MNKR)]
    seen = {period: [each for each in rows if each.period == period] for period in ("2026-03", "2026-04")}
    closed = Decision(
        "AV-2026-TEN-drift-d", Handling.STANGD, "2026-04", dt.date(2026, 4, 30), "controller", "Klart.", "Bilaga."
    )
    ids = [case.id[-1] for case in build_register(seen, [closed], APRIL, RULES)]
    assert ids == ["c", "b", "a", "d"]


observations = st.lists(
    st.builds(
        lambda over, ore, orsak: {"over": over, "helar_ore": ore, "orsak": orsak, "is_worse": (ore or 0) < 0},
        st.booleans(),
        st.none() | st.integers(-(10**11), 10**11),
        st.sampled_from(["", "Volym."]),
    ),
    min_size=1,
    max_size=12,
)


@given(observations, st.integers(1, 12))
def test_a_later_month_never_changes_what_an_earlier_period_s_register_says(changes, month):
    seen, period = months(*changes), Period(2026, month)
    until = {key: value for key, value in seen.items() if Period.parse(key) <= period}
    assert build_register(seen, (), period, RULES) == build_register(until, (), period, RULES)


@given(observations)
def test_a_case_once_born_is_in_every_later_register_and_open_without_decision(changes):
    seen = months(*changes)
    born = next((place for place, change in enumerate(changes, start=1) if change["over"]), None)
    for month in range(1, 13):
        cases = build_register(seen, (), Period(2026, month), RULES)
        assert [case.oppen for case in cases] == ([True] if born and month >= born else [])
