"""A csv as a grid of cells, read within limits. What its bytes say decides how it is read, so that it is read the same way again."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping

from data_contracts.felkoder import Felkod
from transforms.raw_retur import CellKind, RawBook, RawCell, column_letter

MAX_FILE = 10 * 1024 * 1024
MAX_ROWS, MAX_COLUMNS = 300_000, 100
CSV_SHEET = ""
"""The one sheet of a csv has no name."""
_DELIMITERS = ";,\t"


class _Refused(ValueError):
    """Why a file is not read as a csv: a code and its values."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def looks_like_csv(content: bytes) -> bool:
    """True for text with a delimiter on its first line; never for a zip, an old Office file, a PDF or a web page."""
    head = content[:4096].lstrip(b"\xef\xbb\xbf")
    first = head.split(b"\n")[0]
    return (
        b"\x00" not in head
        and not head.startswith((b"PK", b"%PDF", b"<"))
        and any(delimiter.encode() in first for delimiter in _DELIMITERS)
    )


def read_csv(content: bytes, file_name: str, felkoder: Mapping[str, Felkod]) -> RawBook:
    """The csv as a workbook of one sheet. Every cell is text; its coordinate is that of the file's line and column."""
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        return RawBook(file_name, sha256, {CSV_SHEET: _cells(content)}, ())
    except _Refused as refused:
        finding = felkoder[refused.code].finding(file=file_name, **refused.values)  # type: ignore[arg-type]
        return RawBook(file_name, sha256, {}, (finding,))


class StoredCsv:
    """A csv that was taken in before, opened again to prove what stood in its cells."""

    def __init__(self, content: bytes) -> None:
        """``content``: stored bytes, whose hash has been checked."""
        self._cells = {cell.coordinate: cell.text for cell in _cells(content).values()}

    def raw_content(self, sheet: str, coordinate: str) -> str | None:
        """What stands at a line and column; None when the sheet is another."""
        return self._cells.get(coordinate, "") if sheet == CSV_SHEET else None


def _cells(content: bytes) -> dict[tuple[int, int], RawCell]:
    if len(content) > MAX_FILE:
        raise _Refused("E117", storlek=f"{len(content) / 1024**2:.1f}".replace(".", ","), grans=MAX_FILE // 1024**2)
    text = _decoded(content)
    delimiter = max(_DELIMITERS, key=text.partition("\n")[0].count)
    cells: dict[tuple[int, int], RawCell] = {}
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            if line > MAX_ROWS:
                raise _Refused("E137", grans=MAX_ROWS, slag="rader", **{"del": "csv"})
            if len(row) > MAX_COLUMNS:
                raise _Refused("E137", grans=MAX_COLUMNS, slag="kolumner", **{"del": "csv"})
            for place, value in enumerate(row, start=1):
                if value:
                    cells[line, place] = RawCell(f"{column_letter(place)}{line}", CellKind.TEXT, value)
            line = reader.line_num + 1
    except csv.Error as error:
        raise _Refused("E113", orsak=f"rad {reader.line_num} går inte att läsa som csv ({error})") from error
    return cells


def _decoded(content: bytes) -> str:
    """UTF-8, with or without its mark, else what Windows writes."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise _Refused("E113", orsak="tecknen är varken UTF-8 eller Windows-1252") from error
