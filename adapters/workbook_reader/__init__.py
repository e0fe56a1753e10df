"""Reading a returned workbook: safely, by key, with every finding about its form. Nothing a sender can send raises."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Mapping
from typing import TypeVar

from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter

from adapters.workbook_reader.cells import Grid, empty_cell
from adapters.workbook_reader.container import inspect
from adapters.workbook_reader.opening import MAX_TEXT, BrokenWorkbook, OpenedWorkbook, TooMuchText
from adapters.workbook_reader.sheets import SheetReading
from data_contracts.contract import Contract
from data_contracts.felkoder import Felkod
from data_contracts.findings import Finding
from transforms.raw_retur import CellKind, RawBook, RawRetur, RawTable
from transforms.template_rows import ATT_RATTA, LIST_SHEET

_LABEL_COLUMN, _NEIGHBOURS = 4, 4
"""What is shown beside a cell: the column of the rows' names, and so many columns to the left."""
Result = TypeVar("Result")


def read_workbook(content: bytes, file_name: str, contract: Contract, felkoder: Mapping[str, Felkod]) -> RawRetur:
    """A workbook as read by the keys of its contract, with the findings about its form (E110–E137).

    The bytes decide what the file is, never its name. Sheets that the contract demands are missed here; sheets that only some
    förvaltningar have are judged by ``transforms.template_rows.missing_sheets`` when the förvaltning is known.

    Args:
        content: the bytes as received.
        file_name: for the findings only.
        felkoder: the catalogue that the findings' texts are taken from.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        tables, findings = _opened(content, lambda book: _read_sheets(book, file_name, contract, felkoder))
    except _Unreadable as refused:
        return RawRetur(file_name, sha256, (), (refused.finding(file_name, felkoder),))
    return RawRetur(file_name, sha256, tables, findings)


def read_book(content: bytes, file_name: str, felkoder: Mapping[str, Felkod]) -> RawBook:
    """Every cell of every visible sheet of a workbook, for a blankett to find its own in; as safe as ``read_workbook``."""
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        sheets = _opened(
            content,
            lambda book: {
                name: book.read(name).cells
                for name, hidden in book.hidden.items()
                if not hidden and not book.is_chart(name)
            },
        )
    except _Unreadable as refused:
        return RawBook(file_name, sha256, {}, (refused.finding(file_name, felkoder),))
    return RawBook(file_name, sha256, sheets, ())


class _Unreadable(ValueError):
    """Why a file is not read: a code and its values."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values

    def finding(self, file_name: str, felkoder: Mapping[str, Felkod]) -> Finding:
        return felkoder[self.code].finding(file=file_name, **self.values)  # type: ignore[arg-type]


def _opened(content: bytes, read: Callable[[OpenedWorkbook], Result]) -> Result:
    """What is read of a workbook that lets itself be opened.

    Raises:
        _Unreadable: whatever else happens, but that memory is out.
    """
    refusal = inspect(content)
    if refusal is not None:
        raise _Unreadable(refusal.code, **refusal.values)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return read(OpenedWorkbook(content))
    except MemoryError:
        raise
    except TooMuchText as error:
        raise _Unreadable("E125", orsak=f"fler än {MAX_TEXT} tecken") from error
    except BrokenWorkbook as error:
        raise _Unreadable("E113", orsak=str(error)) from error
    except Exception as error:
        raise _Unreadable("E113", orsak=f"arbetsbokens delar hänger inte ihop ({type(error).__name__})") from error


class StoredWorkbook:
    """A workbook that was taken in before, opened again to prove what stood in its cells."""

    def __init__(self, content: bytes) -> None:
        """``content``: stored bytes, whose hash has been checked; they are within the limits since they were taken in."""
        self._book = OpenedWorkbook(content)
        self._sheets: dict[str, Grid] = {}

    def raw_content(self, sheet: str, coordinate: str) -> str | None:
        """What stands in a cell, as the reading took it: the value's text, or the formula where no value is stored.

        None when the sheet is not there.
        """
        cells = self._cells(sheet)
        return None if cells is None else _content(cells, coordinate_to_tuple(coordinate))

    def surroundings(self, sheet: str, coordinate: str) -> tuple[tuple[tuple[str, str], ...], ...]:
        """The cell among its neighbours, as rows of (coordinate, content): two rows up and down, and from the row's label to one past it.

        Empty when the sheet is not there.
        """
        cells = self._cells(sheet)
        if cells is None:
            return ()
        row, column = coordinate_to_tuple(coordinate)
        first = max(_LABEL_COLUMN, column - _NEIGHBOURS)
        columns = [*([_LABEL_COLUMN] if first > _LABEL_COLUMN else []), *range(first, max(column, first) + 2)]
        return tuple(
            tuple((f"{get_column_letter(each)}{line}", _content(cells, (line, each))) for each in columns)
            for line in range(max(1, row - 2), row + 3)
        )

    def _cells(self, sheet: str) -> Grid | None:
        """The cells of a sheet, read once; None when it is not there."""
        if sheet not in self._book.hidden or self._book.is_chart(sheet):
            return None
        if sheet not in self._sheets:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._sheets[sheet] = self._book.read(sheet).cells
        return self._sheets[sheet]


def _content(cells: Grid, place: tuple[int, int]) -> str:
    cell = cells.get(place) or empty_cell(*place)
    return cell.formula if cell.kind is CellKind.FORMEL_UTAN_VARDE else cell.text


def _read_sheets(
    book: OpenedWorkbook, file_name: str, contract: Contract, felkoder: Mapping[str, Felkod]
) -> tuple[tuple[RawTable, ...], tuple[Finding, ...]]:
    tables: list[RawTable] = []
    findings: list[Finding] = []
    for table in contract.tables:
        if table.sheet not in book.hidden or book.is_chart(table.sheet):
            if table.required:
                there = ", ".join(book.hidden) or "inga"
                findings.append(felkoder["E120"].finding(file=file_name, sheet=table.sheet, finns=there))
            continue

        def report(code: str, *, cell: str, found: str, sheet: str = table.sheet, **more: object) -> Finding:
            return felkoder[code].finding(file=file_name, sheet=sheet, cell=cell, found=found, **more)  # type: ignore[arg-type]

        reading = SheetReading(table, book.read(table.sheet), report)
        read = reading.read()
        if read is not None:
            tables.append(read)
        findings.extend(reading.findings)
    findings.extend(_foreign_sheets(book, file_name, contract, felkoder))
    return tuple(tables), tuple(findings)


def _foreign_sheets(
    book: OpenedWorkbook, file_name: str, contract: Contract, felkoder: Mapping[str, Felkod]
) -> list[Finding]:
    """A note per sheet that the contract does not have: hidden ones, and visible ones with content."""
    declared = {table.sheet for table in contract.tables} | {LIST_SHEET, ATT_RATTA}
    return [
        felkoder["E127" if hidden else "E133"].finding(file=file_name, sheet=name)
        for name, hidden in book.hidden.items()
        if name not in declared and (hidden or book.has_content(name))
    ]
