"""A table found by its headings in a book (xlsx or csv), whatever their case and order: rows with their cells, by contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from data_contracts.contract import Table
from data_contracts.felkoder import Felkod
from transforms.raw_retur import CellKind, RawBook, RawCell, RawRetur, RawRow, RawTable, column_letter

_HEADING_ROWS = 20
Plain = Callable[[RawCell, str], RawCell]
"""What a cell is read as, by its column."""


def _as_it_is(cell: RawCell, column: str) -> RawCell:
    return cell


def read_headed(
    book: RawBook,
    table: Table,
    felkoder: Mapping[str, Felkod],
    *,
    missing: str,
    unknown: str,
    plain: Plain = _as_it_is,
) -> RawRetur:
    """The book's first sheet with the table's headings, as rows with their cells.

    Args:
        missing: the code of a heading that is needed and not there; it stops.
        unknown: the code of a heading that is not known: its column is not read, and that is told.
    """
    if book.findings:
        return RawRetur(book.file, book.sha256, (), book.findings)
    known = {column.header.casefold(): column.name for column in table.columns}
    best: tuple[str, int, dict[int, str]] = ("", 0, {})
    for sheet, cells in book.sheets.items():
        for line in sorted({row for row, _ in cells})[:_HEADING_ROWS]:
            found = {
                place: known[cell.text.strip().casefold()]
                for (row, place), cell in cells.items()
                if row == line and cell.text.strip().casefold() in known
            }
            if len(set(found.values())) > len(set(best[2].values())):
                best = (sheet, line, found)
    sheet, _, places = best
    findings = [
        felkoder[missing].finding(file=book.file, sheet=sheet, kolumn=column.header)
        for column in table.columns
        if column.required and column.name not in places.values()
    ]
    if findings:
        return RawRetur(book.file, book.sha256, (), tuple(findings))
    return _rows(book, table, best, felkoder[unknown], plain)


def _rows(
    book: RawBook, table: Table, heading: tuple[str, int, dict[int, str]], unknown: Felkod, plain: Plain
) -> RawRetur:
    sheet, line, places = heading
    cells = book.sheets[sheet]
    findings = [
        unknown.finding(file=book.file, sheet=sheet, cell=cell.coordinate, found=cell.text.strip())
        for (row, place), cell in sorted(cells.items())
        if row == line and place not in places and cell.text.strip()
    ]
    numbers = sorted({row for row, place in cells if row > line and place in places})
    rows = tuple(
        RawRow(number, "", {name: plain(_cell(cells, number, place), name) for place, name in places.items()})
        for number in numbers
    )
    return RawRetur(book.file, book.sha256, (RawTable(table.name, sheet, rows),), tuple(findings))


def _cell(cells: Mapping[tuple[int, int], RawCell], row: int, place: int) -> RawCell:
    """The cell, blank where nothing stands there."""
    return cells.get((row, place)) or RawCell(f"{column_letter(place)}{row}", CellKind.TOM)
