"""What an avstämning comes to; what stands within the ledger itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ledger_examples import APRIL, CHART, frames, ledger, lingonby, placed, with_rows
from tests.sie_examples import FELKODER
from transforms.figures import Figure, FigureIndex
from transforms.ledger.budget_checks import budget_checks, placed_budget
from transforms.ledger.frames import BALANCES
from transforms.ledger.placement import Placed
from transforms.ledger.reconciliation import (
    Acceptans,
    Kontroll,
    Utfall,
    balance_checks,
    judge,
    ledger_checks,
    reconciliation_findings,
    stopped_namnder,
)
from transforms.ledger.sie import Saldo, Transaktion


def check(left, right, tolerance=100, namnder=("BUN",)):
    return Kontroll("a.b", "Något", "Retur", "Huvudbok", left, right, namnder, tolerance, "beslut")


@pytest.mark.parametrize(
    ("left", "right", "outcome"),
    [
        (5, 5, Utfall.STAMMER),
        (105, 5, Utfall.INOM_TOLERANS),
        (5, 105, Utfall.INOM_TOLERANS),
        (106, 5, Utfall.AVVIKER),
        (None, 5, Utfall.SAKNAS),
        (5, None, Utfall.SAKNAS),
    ],
)
def test_the_outcome_follows_the_tolerance(left, right, outcome):
    (row,) = judge([check(left, right)], ())
    assert row.utfall is outcome
    assert stopped_namnder([row]) == ({"BUN"} if outcome is Utfall.AVVIKER else set())


def test_only_that_difference_is_accepted():
    accepted = Acceptans("a.b", 101, "Ekonomichef", "skäl", "")
    assert judge([check(106, 5)], [accepted])[0].utfall is Utfall.ACCEPTERAD
    assert judge([check(107, 5)], [accepted])[0].utfall is Utfall.AVVIKER
    (finding,) = reconciliation_findings(judge([check(107, 5), check(5, 5)], [accepted]), FELKODER)
    assert (finding.code, "+1,02 kronor" in finding.message) == ("E830", True)


def test_internal_income_is_internal_cost_for_each_pair():
    rows = {row.id: row for row in ledger_checks(placed(ledger()), lingonby(), APRIL)}
    assert set(rows) == {"interna.MAL.BUN", "interna.MAL.OMS", "huvudbok.utanfor_tabellerna"}
    assert rows["interna.MAL.BUN"].vanster > 0
    assert {row.differens for row in rows.values()} == {0}
    sold = Transaktion("3130", -10_000_00, (("1", "4900"), ("21", "141")))
    wrong = {row.id: row for row in ledger_checks(placed(with_rows(ledger(), sold)), lingonby(), APRIL)}
    assert wrong["interna.MAL.BUN"].differens == 10_000_00
    assert wrong["interna.MAL.BUN"].namnder == ("BUN",)


def test_what_has_no_row_is_a_difference():
    lost = Transaktion("5020", 7_000_00, (("1", "8100"),))
    rows = {row.id: row for row in ledger_checks(placed(with_rows(ledger(), lost)), lingonby(), APRIL)}
    assert rows["huvudbok.utanfor_tabellerna"].differens == -7_000_00


def balance(ar, slag, konto, ore):
    return {"ar": ar, "slag": slag, "konto": konto, "ledger_ore": ore, "sha256": "s", "fil": "f", "rader": "1"}


def test_opening_balances_are_last_years_closing_balances():
    opening = [balance(2026, "ib", "1940", 100), balance(2026, "ib", "2011", -100)]
    last = [balance(2025, "ub", "1940", 100), balance(2025, "ub", "2010", -80), balance(2025, "ub", "2099", -20)]
    (row,) = balance_checks(BALANCES.frame([*opening, *last]), APRIL)
    assert (row.id, row.differens) == ("ib_ub", 0)
    (off,) = balance_checks(BALANCES.frame([*opening, *last[1:], balance(2025, "ub", "1940", 90)]), APRIL)
    assert (off.id, off.vanster, off.hoger) == ("ib_ub.19", 100, 90)
    assert balance_checks(BALANCES.frame(opening), APRIL) == ()


def budgeted(*saldon: Saldo, reached: str = "2026-12") -> tuple[Placed, ...]:
    """The placed budget of a ledger that holds the given rows, and a last month's row of nothing."""
    last = Saldo("PBUDGET", 0, "5020", 0, (("1", "4100"),), reached)
    made = frames(replace(ledger(), saldon=(*saldon, last)))
    return placed_budget(made.budget, lingonby(), CHART, APRIL)


def month(konto: str, ore: int, ansvar: str = "4100", period: str = "2026-01") -> Saldo:
    return Saldo("PBUDGET", 0, konto, ore, (("1", ansvar),), period)


def register(**rows: int | None) -> FigureIndex:
    """The register's budget of one enhet's drift, in öre."""
    enhet = placed_budget_enhet()
    return FigureIndex(
        Figure("2026-04", enhet, "drift", rad, "budget", rad, ore, "register") for rad, ore in rows.items()
    )


def placed_budget_enhet() -> str:
    (row,) = {row.enhet for row in budgeted()}
    return row


def drift_check(budget: tuple[Placed, ...], figures: FigureIndex) -> Kontroll:
    return next(one for one in budget_checks(budget, figures, lingonby(), APRIL) if one.id.endswith(".drift"))


def test_the_ledgers_budget_is_held_against_the_registers_year():
    """Both in the result's sign: a budgeted cost is debit in the ledger and minus in the register; months are added up."""
    budget = budgeted(month("5020", 600_00), month("5020", 400_00, period="2026-12"))
    same = drift_check(budget, register(personal=-1_000_00))
    assert (same.vanster, same.hoger, same.differens) == (-1_000_00, -1_000_00, 0)
    assert same.namnder == (lingonby().namnd_of(placed_budget_enhet()).kod,)
    other = drift_check(budget, register(personal=-50_000_00))
    assert other.differens == 49_000_00
    assert judge([other], ())[0].stops


def test_a_missing_budget_in_the_register_is_missing_and_not_zero():
    budget = budgeted(month("5020", 600_00))
    assert drift_check(budget, register(personal=None)).hoger is None


def test_a_budget_that_does_not_reach_december_is_not_held_against_the_years():
    assert budgeted(month("5020", 600_00), reached="2026-04") == ()
    assert budget_checks((), register(personal=-1), lingonby(), APRIL) == ()
    assert budget_checks(budgeted(month("5020", 600_00)), FigureIndex([]), lingonby(), APRIL) == ()


def test_a_budget_on_an_unknown_ansvar_is_a_difference():
    budget = budgeted(month("5020", 700_00, ansvar="8100"))
    (outside,) = [
        one
        for one in budget_checks(budget, register(personal=0), lingonby(), APRIL)
        if one.id == "huvudboksbudget.utanfor_tabellerna"
    ]
    assert outside.differens == -700_00
