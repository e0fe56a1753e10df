"""The ledger's frames: months per kodsträng from vouchers or from balances, in the ledger's own sign."""

from __future__ import annotations

from tests.sie_examples import content_of, object_balances_file, read, transactions_file
from transforms.ledger.balances import ledger_frames
from transforms.ledger.frames import BALANCES, LEDGER, LEDGER_BUDGET, result_signed

DIMENSIONS = {"ansvar": "1", "projekt": "6", "motpart": "7"}


def rows(frame, *columns):
    return [tuple(row) for row in frame[list(columns)].itertuples(index=False)]


def test_vouchers_become_months_per_kodstrang():
    sie = read(content_of(transactions_file()))
    frames = ledger_frames(sie, DIMENSIONS)
    LEDGER.check(frames.ledger)
    assert rows(frames.ledger, "period", "konto", "ansvar", "projekt", "motpart", "ledger_ore") == [
        ("2026-01", "1930", "", "", "", -1_000_50),
        ("2026-01", "6410", "210", "9001", "", 1_000_50),
        ("2026-02", "1930", "", "", "", -500_00),
        ("2026-02", "3110", "210", "", "", -4_000_00),
        ("2026-02", "6410", "220", "", "BUN", 500_00),
        ("2026-03", "1930", "", "", "", 4_000_00),
        ("2026-04", "1930", "", "", "", -80_00),
        ("2026-04", "6410", "220", "", "", 80_00),
    ]
    first = frames.ledger.iloc[1]
    assert (first["sha256"], first["fil"], first["rader"]) == (
        sie.sha256,
        "huvudbok.se",
        str(sie.verifikat[0].rader[0].rad),
    )


def test_object_balances_are_part_of_the_account_and_the_rest_stands_without_ansvar():
    frames = ledger_frames(read(content_of(object_balances_file())), DIMENSIONS)
    of_6410 = frames.ledger[frames.ledger["konto"] == "6410"]
    assert rows(of_6410, "period", "ansvar", "motpart", "ledger_ore") == [
        ("2026-01", "", "", 300_50),
        ("2026-01", "210", "", 700_00),
        ("2026-02", "220", "BUN", 500_00),
        ("2026-04", "", "", 80_00),
    ]
    assert rows(LEDGER_BUDGET.check(frames.budget), "period", "konto", "ledger_ore") == [("2026-01", "6410", 300_00)]


def test_both_kinds_of_file_give_the_same_months():
    def months(sie):
        ledger = ledger_frames(read(content_of(sie)), DIMENSIONS).ledger
        results = ledger[ledger["konto"] != "1930"]
        return results.groupby(["konto", "period"])["ledger_ore"].sum().to_dict()

    assert months(transactions_file()) == months(object_balances_file())


def test_the_years_balances_stand_by_kind():
    frames = ledger_frames(read(content_of(transactions_file())))
    assert rows(BALANCES.check(frames.balances), "ar", "slag", "konto", "ledger_ore") == [
        (2026, "ib", "1930", 10_000_00),
        (2026, "ib", "2010", -10_000_00),
        (2026, "res", "3110", -4_000_00),
        (2026, "res", "6410", 1_580_50),
        (2026, "ub", "1930", 12_419_50),
        (2026, "ub", "2010", -10_000_00),
    ]


def test_a_result_is_the_ledger_turned():
    assert result_signed(-4_000_00) == 4_000_00
