"""Findings that only repeat another: that something is missing, where it has been said already why it could not be read."""

from __future__ import annotations

from collections.abc import Sequence

from data_contracts.contract import Contract
from data_contracts.findings import Finding, Severity

UNREAD_SHEET = frozenset({"E120", "E121", "E176"})
"""The sheet is not there, or nothing of it could be read by key."""
UNREAD_COLUMN = "E124"
"""One of the sheet's columns is not there; what is missing in it has no cell."""
COMPLETENESS = "completeness"
"""The dimension of the rules that say of something only that it is missing."""


def without_repeats(known: Sequence[Finding], ruled: Sequence[Finding], contract: Contract) -> tuple[Finding, ...]:
    """What the rules found beside what the reading did, without what only repeats it. No other finding is left out.

    A finding repeats when its rule says only that something is missing (dimension completeness) and the reading has told why:

    1. the cell is there but could not be read: a finding that stops stands at that very cell;
    2. the sheet is not there or could not be read at all (E120, E121, E176): the finding is on that sheet;
    3. a column is not there (E124): the finding is on that sheet and has no cell.

    Source: own rule; a sender is told each fault once (docs/handbok/02-mallar-och-returer.md).

    Args:
        known: of the reading and the conversion; ``ruled``: of the contract's rules.
    """
    absence = {rule.code for rule in contract.rules if rule.dimension == COMPLETENESS}
    sheets = {one.sheet for one in known if one.code in UNREAD_SHEET}
    columns = {one.sheet for one in known if one.code == UNREAD_COLUMN}
    cells = {(one.sheet, one.cell) for one in known if one.cell and one.severity is Severity.STOPPAR}
    return tuple(
        one
        for one in ruled
        if one.code not in absence
        or not (one.sheet in sheets or (one.sheet, one.cell) in cells or (not one.cell and one.sheet in columns))
    )


def unread_sheets(findings: Sequence[Finding]) -> tuple[str, ...]:
    """The sheets whose content, or one of whose columns, could not be taken along to a rättelsebok (E120, E121, E124)."""
    lost = (UNREAD_COLUMN, *sorted(UNREAD_SHEET))
    stopping = [one for one in findings if one.severity is Severity.STOPPAR]
    return tuple(dict.fromkeys(one.sheet for one in stopping if one.code in lost))


def unread_text(sheets: Sequence[str]) -> str:
    """What the sender must move by hand.

    Example:
        >>> unread_text(["Drift", "Volymer"])
        'Allt på Drift och Volymer gick inte att läsa. För över det som saknas där ur er egen fil.'
    """
    named = " och ".join([", ".join(sheets[:-1]), sheets[-1]]) if len(sheets) > 1 else sheets[0]
    return f"Allt på {named} gick inte att läsa. För över det som saknas där ur er egen fil."
