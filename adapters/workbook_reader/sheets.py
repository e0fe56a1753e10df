"""One sheet against its contract table: where the keys stand, and the rows by key, wherever they have been moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from adapters.workbook_reader.cells import Grid, empty_cell, is_blank
from adapters.workbook_reader.opening import SheetContent
from data_contracts.contract import ColumnKind, Table
from data_contracts.findings import Finding
from transforms.raw_retur import CellKind, RawCell, RawRow, RawTable
from transforms.template_rows import FORMULAR, HEADING_MARK, KEY_MARK, row_key

ENHETER = "enheter"
Report = Callable[..., Finding]


@dataclass(slots=True)
class SheetReading:
    """One sheet being read. ``report(code, cell=…, found=…, **values)`` makes a finding placed on the sheet."""

    table: Table
    sheet: SheetContent
    report: Report
    findings: list[Finding] = field(default_factory=list)
    key_row: int = 0
    key_column: int = 0
    columns: dict[str, int] = field(default_factory=dict)

    @property
    def grid(self) -> Grid:
        """The cells by (row, column)."""
        return self.sheet.cells

    def tell(self, code: str, *, cell: str = "", found: str = "", **values: object) -> None:
        self.findings.append(self.report(code, cell=cell, found=found, **values))

    def read(self) -> RawTable | None:
        """The table, or None when the hidden key row is gone. Findings gather in ``findings``."""
        if not self._find_keys():
            self.tell("E121", rad=self.table.key_row or "med nycklar")
            return None
        self._find_columns()
        self._note_merged()
        self._note_hidden()
        rows = tuple(self._rows())
        self._note_outside()
        return RawTable(self.table.name, self.table.sheet, rows)

    def _find_keys(self) -> bool:
        marks = [
            place for place, cell in self.grid.items() if cell.kind is CellKind.TEXT and cell.text.strip() == KEY_MARK
        ]
        if marks:
            self.key_row, self.key_column = min(marks)
        return bool(marks)

    def _find_columns(self) -> None:
        known = {column.name for column in self.table.columns}
        for place in sorted(place for place in self.grid if place[0] == self.key_row and place[1] != self.key_column):
            cell = self.grid[place]
            name = cell.text.strip()
            if not name:
                continue
            if name not in known:
                self.tell("E122", cell=cell.coordinate, found=cell.text)
            elif name in self.columns:
                first = f"{get_column_letter(self.columns[name])}{self.key_row}"
                self.tell("E123", cell=cell.coordinate, found=name, forsta=first)
            else:
                self.columns[name] = place[1]
        for column in self.table.columns:
            if column.name not in self.columns:
                self.tell("E124", kolumn=column.header)

    def _rows(self) -> Iterator[RawRow]:
        """The rows below the key row, in the sheet's order."""
        first: dict[str, str] = {}
        for number in sorted({row for row, _ in self.grid if row > self.key_row}):
            key_cell = self.grid.get((number, self.key_column))
            key = key_cell.text.strip() if key_cell is not None else ""
            cells = {
                name: self.grid.get((number, column)) or empty_cell(number, column)
                for name, column in self.columns.items()
            }
            if key.startswith(HEADING_MARK):
                self._check_heading(cells)
            elif key and key_cell is not None:
                if key in first:
                    self.tell("E129", cell=key_cell.coordinate, found=key, forsta=first[key])
                first.setdefault(key, key_cell.coordinate)
                self._check_visible_codes(key, cells)
                yield RawRow(number, key, cells)
            elif self._has_content(cells):
                if self.table.layout == FORMULAR:
                    content = next(cell for cell in cells.values() if not is_blank(cell))
                    self.tell("E132", cell=content.coordinate, found=content.text)
                else:
                    yield RawRow(number, "", cells)

    def _has_content(self, cells: dict[str, RawCell]) -> bool:
        """True unless the row is blank, or holds just the enhet that the template writes on every free row."""
        prefilled = {column.name for column in self.table.columns if column.value_list == ENHETER}
        return any(not is_blank(cell) for name, cell in cells.items() if name not in prefilled)

    def _check_heading(self, cells: dict[str, RawCell]) -> None:
        """A heading row holds one text, in a column for text; whatever else stands there would be lost."""
        texts = {column.name for column in self.table.columns if column.kind in (ColumnKind.TEXT, ColumnKind.KOD)}
        filled = [(name, cell) for name, cell in cells.items() if not is_blank(cell)]
        strangers = [cell for name, cell in filled if name not in texts] + [
            cell for name, cell in filled if name in texts
        ][1:]
        for cell in strangers:
            self.tell("E131", cell=cell.coordinate, found=cell.text or cell.formula)

    def _check_visible_codes(self, key: str, cells: dict[str, RawCell]) -> None:
        """The visible codes of a keyed row say the same as its hidden key."""
        if self.table.layout == FORMULAR or any(name not in cells for name in self.table.key):
            return
        shown = row_key(*(cells[name].text.strip() for name in self.table.key))
        if shown != key:
            self.tell("E130", cell=cells[self.table.key[-1]].coordinate, found=shown, nyckel=key)

    def _note_merged(self) -> None:
        data = set(self.columns.values())
        for first, top, last, bottom in self.sheet.merged:
            if bottom > self.key_row and any(first <= column <= last for column in data):
                self.tell("E126", cell=f"{get_column_letter(first)}{top}:{get_column_letter(last)}{bottom}")

    def _note_hidden(self) -> None:
        used = {row for row, _ in self.grid}
        rows = [number for number in self.sheet.hidden_rows if number in used and number != self.key_row]
        if rows:
            self.tell("E128", cell=f"{min(rows)}:{min(rows)}", slag="rader", vilka=_runs(sorted(rows), str))
        columns = {n for n in self.columns.values() for first, last in self.sheet.hidden_columns if first <= n <= last}
        if columns:
            letter = get_column_letter(min(columns))
            self.tell(
                "E128", cell=f"{letter}:{letter}", slag="kolumner", vilka=_runs(sorted(columns), get_column_letter)
            )

    def _note_outside(self) -> None:
        """Content beside the keyed columns, told once per column."""
        told = {self.key_column, *self.columns.values()}
        for row, column in sorted(self.grid):
            cell = self.grid[row, column]
            if row > self.key_row and column not in told and not is_blank(cell):
                told.add(column)
                if (self.key_row, column) not in self.grid:
                    self.tell("E132", cell=cell.coordinate, found=cell.text or cell.formula)


def _runs(numbers: list[int], name: Callable[[int], str]) -> str:
    """Numbers as text with unbroken runs drawn together: 3, 5–8."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(name(first) if first == last else f"{name(first)}\u2013{name(last)}" for first, last in runs)
