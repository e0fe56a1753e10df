"""A workbook opened once: openpyxl's own parsers give each cell as stored and as written, and nothing else is built.

What a sender may put beside the cells (pictures, charts, pivot tables, comments, links) is never opened. Two full loadings by openpyxl
say the same of every cell, at more than twice the time (``tests/adapters/test_workbook_reader.py`` compares them).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet._reader import WorkSheetParser

from adapters.workbook_reader.cells import Grid, raw_cell
from transforms.raw_retur import CellKind

MAX_TEXT = 5_000_000

Area = tuple[int, int, int, int]
"""First column, first row, last column, last row."""


class BrokenWorkbook(ValueError):
    """The parts say what can't be so. The message is Swedish, without a full stop."""


class TooMuchText(ValueError):
    """The cells hold more text than ``MAX_TEXT``, each cell with its own copy of a shared one."""


@dataclass(frozen=True, slots=True)
class SheetContent:
    """One sheet as it stands.

    Attributes:
        cells: those with content or formula, by (row, column).
        merged: areas drawn together to one cell.
        hidden_rows: row numbers.
        hidden_columns: first and last column of each hidden run.
    """

    cells: Grid
    merged: tuple[Area, ...]
    hidden_rows: tuple[int, ...]
    hidden_columns: tuple[tuple[int, int], ...]


class OpenedWorkbook:
    """The sheets of a workbook, each read when asked for.

    Attributes:
        hidden: by sheet name in the workbook's order, whether the sheet is hidden. Sheets whose part is missing are left out.
    """

    def __init__(self, content: bytes) -> None:
        """``content``: bytes that ``container.inspect`` has let through."""
        reader = ExcelReader(io.BytesIO(content), keep_links=False)
        reader.read_manifest()
        reader.read_strings()
        reader.read_workbook()
        apply_stylesheet(reader.archive, reader.wb)
        self._reader, self._text = reader, 0
        self._book: Any = reader.wb
        self._formats: dict[int, str] = {}
        self._parts: dict[str, str] = {}
        self.hidden: dict[str, bool] = {}
        for sheet, relation in reader.parser.find_sheets():
            if relation.target in reader.valid_files:
                if sheet.name in self.hidden:
                    raise BrokenWorkbook(f"bladet {sheet.name} finns två gånger")
                self.hidden[sheet.name] = sheet.state != "visible"
                if "chartsheet" not in relation.Type:
                    self._parts[sheet.name] = relation.target

    def is_chart(self, name: str) -> bool:
        """True for a sheet that is one diagram and has no cells."""
        return name not in self._parts

    def has_content(self, name: str) -> bool:
        """True when any cell of the sheet holds something; the sheet is read no further than to the first one."""
        return self.is_chart(name) or next(self._cells(self._parser(name)), None) is not None

    def read(self, name: str) -> SheetContent:
        """The sheet.

        Raises:
            BrokenWorkbook: a cell stands twice or names a text that is not there.
            TooMuchText: the sheets read so far hold too much.
        """
        parser = self._parser(name)
        cells: Grid = {}
        for place, cell in self._cells(parser):
            self._text += len(cell.text) + len(cell.formula)
            if self._text > MAX_TEXT:
                raise TooMuchText
            cells[place] = cell
        merged = parser.merged_cells.mergeCell if parser.merged_cells else ()
        rows = tuple(int(number) for number, row in parser.row_dimensions.items() if _is_hidden(row))
        columns = tuple(_run(column) for column in parser.column_dimensions.values() if _is_hidden(column))
        return SheetContent(cells, tuple(area.bounds for area in merged), rows, columns)

    def _parser(self, name: str) -> _Parser:
        source = self._reader.archive.open(self._parts[name])
        book = self._book
        dates, spans = book._date_formats, book._timedelta_formats
        return _Parser(
            source, self._reader.shared_strings, epoch=book.epoch, date_formats=dates, timedelta_formats=spans
        )

    def _cells(self, parser: _Parser) -> Iterator[tuple[tuple[int, int], Any]]:
        seen: set[tuple[int, int]] = set()
        for _, row in parser.parse():
            for written in row:
                place = written["row"], written["column"]
                if place in seen:
                    raise BrokenWorkbook(f"cellen {get_column_letter(place[1])}{place[0]} finns två gånger på ett blad")
                seen.add(place)
                cell = raw_cell(place, parser.stored.pop(place, written), written, self._format(written["style_id"]))
                if cell.kind is not CellKind.TOM or cell.formula:
                    yield place, cell

    def _format(self, style: int) -> str:
        """A style's number format, as openpyxl names it."""
        if style not in self._formats:
            number = self._book._cell_styles[style].numFmtId
            own = number - BUILTIN_FORMATS_MAX_SIZE
            self._formats[style] = (
                BUILTIN_FORMATS.get(number, "General") if own < 0 else self._book._number_formats[own]
            )
        return self._formats[style]


class _Parser(WorkSheetParser):
    """openpyxl's parser, asked twice about a cell with a formula: for the formula, and for the value stored beside it."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.stored: dict[tuple[int, int], Mapping[str, Any]] = {}

    def parse_cell(self, element: Any) -> dict[str, Any]:
        written = super().parse_cell(element)
        if element.get("t") == "s" and (element.findtext("{*}v") or "").strip().startswith("-"):
            raise BrokenWorkbook("en cell nämner en text som inte finns")
        if written["data_type"] == "f":
            self.data_only, self.col_counter = True, written["column"] - 1
            self.stored[written["row"], written["column"]] = super().parse_cell(element)
            self.data_only = False
        return written


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    return attributes.get("hidden", "0") in ("1", "true")


def _run(attributes: Mapping[str, str]) -> tuple[int, int]:
    first = int(attributes.get("min") or column_index_from_string(attributes["index"]))
    return first, int(attributes.get("max") or first)
