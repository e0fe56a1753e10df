"""The frames of the huvudbok: who uses the ledger's figures reads them here.

**Sign.** ``ledger_ore`` is as the ledger has it: debit +, credit −. Income, liabilities and equity are therefore negative, costs and
assets positive, and all accounts together sum to zero. Only what becomes a figure is turned, and only here: ``result_signed`` gives
income + and cost −. A statement that shows assets takes ``ledger_ore`` as it stands; one that shows equity and liabilities takes its
negative (``data_contracts.kommunbas`` says which, line by line).

**Missing.** A frame has a row for what the file has. An account without a row has no balance in the file: whether that is zero is for
the reader to say, since a ledger leaves out accounts that have not moved.
"""

from __future__ import annotations

from transforms.schemas import TableSchema

_KODSTRANG = {
    "konto": "string",
    "ansvar": "string",
    "verksamhet": "string",
    "projekt": "string",
    "motpart": "string",
}
_ORIGIN = {"sha256": "string", "fil": "string", "rader": "string"}

LEDGER = TableSchema(
    "ledger",
    {"ar": "Int64", "period": "string", **_KODSTRANG, "ledger_ore": "Int64", **_ORIGIN},
    ("period", *_KODSTRANG),
)
"""One row per konto, ansvar, verksamhet, projekt, motpart and month (``2026-04``): what the month moved, in öre, debit + credit −.
A koddel that the row does not have is ''. ``rader``: the lines of the file it stands on, ``12,15,19``; ``fil``, ``sha256``: which file."""

LEDGER_BUDGET = TableSchema("ledger_budget", dict(LEDGER.columns), LEDGER.key)
"""As LEDGER: the budget that the ledger itself holds (#PBUDGET), per month."""

BALANCES = TableSchema(
    "balances",
    {"ar": "Int64", "slag": "string", "konto": "string", "ledger_ore": "Int64", **_ORIGIN},
    ("ar", "slag", "konto"),
)
"""One row per konto and year: ``ib`` opening balance, ``ub`` closing balance (balance accounts), ``res`` the year's result (result
accounts); öre, debit + credit −. ``ar`` is the calendar year in which the räkenskapsår ends: last year's rows are there too when
the file has them."""


def result_signed(ledger_ore: int) -> int:
    """A ledger amount as a result: income +, cost −. The one place where the sign is turned.

    Source: docs/beslut/0002-tecken.md.
    Example:
        >>> result_signed(-1_000_00)
        100000
    """
    return -ledger_ore
