"""The register's budget over the months: twelfths, keys and by hand, changes from their decision on; parts that sum exactly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_contracts.kommun import Finansiering, Kommun
from data_contracts.periodisering import Fordelning, Periodisering, Periodnyckel
from tests.figure_examples import figures, small_kommun
from transforms.figures import BERAKNAD, INLAMNAD, REGISTER, Figure, FigureIndex
from transforms.formulas import evaluate
from transforms.period import Period
from transforms.period_budget import PERIODBUDGET, Periodiserad, period_budgets, with_period_budgets

APRIL = Period(2026, 4)
KEY = Periodnyckel(
    kod="sasong", namn="Säsong", vikter=(8, 8, 8, 7, 8, 8, 8, 9, 9, 9, 9, 9), referens="utfall 2022–2025"
)


def kommun(vikter=KEY.vikter) -> Kommun:
    key = KEY.model_copy(update={"vikter": tuple(vikter)})
    periodisering = Periodisering(
        nycklar=(key,), fordelning=(Fordelning(rader=("personal",), nyckel="sasong"),), periodbudget="register"
    )
    return small_kommun(("A", Finansiering.SKATT)).model_copy(update={"periodisering": periodisering})


def budget(ore: int | None, rad: str = "personal") -> Figure:
    return Figure("2026-04", "A", "drift", rad, "budget", rad, ore, REGISTER)


def spread_over(budgets, period=APRIL, said=None, decided=None, of=None) -> FigureIndex:
    return FigureIndex(period_budgets(budgets, said or {}, decided or {}, of or kommun(), period))


def value(index: FigureIndex, rad: str = "personal") -> int | None:
    return index.get("A", "drift", rad, PERIODBUDGET).varde


def test_a_key_gives_another_period_budget_than_twelfths():
    assert value(spread_over([budget(-12_000_00)])) == -3_720_00, "31 % has gone, not a third"
    assert value(spread_over([budget(-12_000_00, "ovrigt")]), "ovrigt") == -4_000_00, "no rule takes the row: twelfths"


def test_the_register_can_give_a_row_another_key_than_the_kommuns_rules():
    said = {("A", "drift", "personal"): Periodiserad("tolftedelar")}
    assert value(spread_over([budget(-12_000_00)], said=said)) == -4_000_00


def months(*kronor: int | None) -> tuple[Figure, ...]:
    return tuple(
        Figure(
            "2026-04", "A", "manadsbudget", f"drift.personal.{place:02d}", "budget", "m",
            None if krona is None else krona * 100, REGISTER,
        )
        for place, krona in enumerate(kronor, start=1)
    )  # fmt: skip


def test_months_by_hand_are_summed_up_to_the_period():
    said = {("A", "drift", "personal"): Periodiserad("manuell", months(0, 0, 5, 10, *[0] * 7, 85))}
    index = spread_over([budget(100_00)], said=said)
    assert value(index) == 15_00
    found = index.get("A", "drift", "personal", PERIODBUDGET)
    assert [part for _, part in found.indata] == [
        f"2026-04/A/manadsbudget/drift.personal.{m:02d}/budget" for m in range(1, 5)
    ]


def test_a_missing_month_or_a_missing_budget_is_missing():
    said = {("A", "drift", "personal"): Periodiserad("manuell", months(0, None, *[0] * 10))}
    assert value(spread_over([budget(0)], said=said)) is None
    assert value(spread_over([budget(None)])) is None


def changed(ore: int, change: int) -> list[Figure]:
    original = Figure("2026-04", "A", "drift", "personal", "beslutad_budget", "Personal", ore, REGISTER)
    by = Figure("2026-04", "A", "anslagsforandringar", "1", "anslagsforandring", "Löneöversyn", change, REGISTER)
    total = Figure(
        "2026-04", "A", "drift", "personal", "budget", "Personal", ore + change, BERAKNAD,
        indata=((1, original.figure_id), (1, by.figure_id)),
    )  # fmt: skip
    return [original, by, total]


@pytest.mark.parametrize(
    ("decided", "expected"), [(Period(2026, 4), -4_100_00), (Period(2026, 5), -4_000_00), (Period(2025, 12), -4_300_00)]
)
def test_a_change_is_spread_from_its_decision_on(decided, expected):
    """900 kronor less over nine months from April, over eight from May, over twelve when it was decided before the year."""
    even = kommun((1,) * 12)
    index = spread_over(changed(-12_000_00, -900_00), decided={"1": decided}, of=even)
    assert value(index) == expected


def test_a_change_after_the_keys_last_weight_is_spread_evenly():
    early = kommun((1, 1, *[0] * 10))
    index = spread_over(changed(-12_000_00, -900_00), decided={"1": Period(2026, 4)}, of=early)
    assert value(index) == -12_100_00


ORE = st.integers(-(10**13), 10**13)
WEIGHTS = st.lists(st.integers(0, 10_000), min_size=12, max_size=12).filter(any)


@given(ORE, ORE, WEIGHTS, st.integers(1, 12))
def test_law_the_months_of_budget_and_change_sum_to_the_aktuell_budget(ore, change, weights, first):
    """Month by month the differences of the accumulated budgets are the months' own; at the year's end they are the whole."""
    of, decided = kommun(weights), {"1": Period(2026, first)}
    sums = [
        value(spread_over(changed(ore, change), period=Period(2026, month), decided=decided, of=of))
        for month in range(1, 13)
    ]
    assert sums[-1] == ore + change


@given(ORE, WEIGHTS, st.integers(1, 12))
def test_law_a_period_budget_can_be_worked_out_again_from_its_formula(ore, weights, month):
    entered = budget(ore)
    index = spread_over([entered], period=Period(2026, month), of=kommun(weights))
    found = index.get("A", "drift", "personal", PERIODBUDGET)
    known = FigureIndex([entered, *index])
    assert evaluate(found, ((sign, known.by_id(part)) for sign, part in found.indata)) == found.varde


def test_the_registers_takes_the_returns_place_and_what_the_return_said_is_kept():
    returned = [*figures("A personal periodbudget -4000\nA ovrigt periodbudget -1000")]
    made = spread_over([budget(-12_000_00), budget(-3_000_00, "ovrigt")])
    kept = FigureIndex(with_period_budgets(returned, made))
    assert kept.get("A", "drift", "personal", PERIODBUDGET).slag == BERAKNAD
    said = kept.get("A", "drift", "personal", f"{PERIODBUDGET}_inlamnad")
    assert (said.varde, said.slag) == (-4_000_00, INLAMNAD)
    assert kept.get("A", "drift", "ovrigt", f"{PERIODBUDGET}_inlamnad") is None, "the same amount is not said twice"
