"""What an avstämning comes to; what stands within the ledger itself."""

from __future__ import annotations

import pytest

from tests.ledger_examples import APRIL, ledger, lingonby, placed, with_rows
from tests.sie_examples import FELKODER
from transforms.ledger.frames import BALANCES
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
from transforms.ledger.sie import Transaktion


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
