"""A returned workbook as read: cells with coordinates and raw content, before anything is believed about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from data_contracts.findings import Finding


class CellKind(StrEnum):
    """What kind of content stood in the cell."""

    TOM = "tom"
    TEXT = "text"
    TAL = "tal"
    DATUM = "datum"
    SANT = "sant/falskt"
    FEL = "fel"
    FORMEL_UTAN_VARDE = "formel utan värde"


@dataclass(frozen=True, slots=True)
class RawCell:
    """One cell.

    Attributes:
        coordinate: ``F17``.
        kind: content kind; for a formula with a stored value, the kind of that value.
        text: the content as text, unchanged: typed text, the number as Python's shortest ``repr``, ISO date, ``#REF!``.
        number: the exact number for ``TAL``, else None.
        formula: the formula with its ``=``, or ''.
        number_format: Excel's number format.
    """

    coordinate: str
    kind: CellKind
    text: str = ""
    number: Decimal | None = None
    formula: str = ""
    number_format: str = "General"

    def __reduce__(self) -> tuple[type[RawCell], tuple[object, ...]]:
        """Its values in order: cells leave the reading process by the ten thousand, and a dataclass's own way takes twice as long."""
        return RawCell, (self.coordinate, self.kind, self.text, self.number, self.formula, self.number_format)


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row of a table. ``key`` is the hidden row key, '' where there is none (a free or inserted row)."""

    number: int
    key: str
    cells: Mapping[str, RawCell]
    """By the column's key; a declared column that the sheet has always has an entry (``TOM`` when blank)."""


@dataclass(frozen=True, slots=True)
class RawTable:
    """One sheet, read by the keys of its contract table. Rows with no content and no key are left out."""

    name: str
    sheet: str
    rows: tuple[RawRow, ...]


@dataclass(frozen=True, slots=True)
class RawRetur:
    """A whole workbook as read, with the structural findings of the reading."""

    file: str
    sha256: str
    tables: tuple[RawTable, ...]
    findings: tuple[Finding, ...]
    blankett: str = ""
    """The kommun's own blankett that the file was read as; '' for the contract's workbook."""
    unplaced: tuple[RawTable, ...] = ()
    """Rows of a blankett that it has no place for. They count for nothing; a rättelsebok has them as own rows to be placed."""

    def table(self, name: str) -> RawTable | None:
        """The table with that contract name, or None when the sheet was missing."""
        return next((table for table in self.tables if table.name == name), None)


@dataclass(frozen=True, slots=True)
class RawBook:
    """Every cell of a workbook or a csv, before anything is known of what it means. ``sheets``: cells by (row, column) by sheet name."""

    file: str
    sha256: str
    sheets: Mapping[str, Mapping[tuple[int, int], RawCell]]
    findings: tuple[Finding, ...]


def column_letter(number: int) -> str:
    """The letters of a column, from 1.

    Example:
        >>> column_letter(5), column_letter(27)
        ('E', 'AA')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
