"""Filling a template as a person would, by key, with the sums' stored values as Excel leaves them on save.

Works on the workbook's XML, since openpyxl can't keep a formula and its value together. Also the way to make wrong workbooks: any
content in any cell.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from xml.etree import ElementTree as ET

from defusedxml.ElementTree import fromstring

from data_contracts.contract import Contract, Table
from data_contracts.kommun import Kommun
from transforms.template_rows import (
    FORMULAR,
    HEADING_MARK,
    KEY_MARK,
    CellValue,
    FreeRow,
    RowKind,
    TemplateRow,
    shown_sum,
    template_rows,
)

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_EPOCH = dt.date(1899, 12, 30)
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_COORDINATE = re.compile(r"([A-Z]{1,3})(\d+)")
_ENHET, _GRUPP = "enhet", "grupp"

Place = tuple[int, int]


class FillError(ValueError):
    """What should be filled in has no place a sender could write in. The message is Swedish and names it."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula (without =) and its stored value; None stores no value, as programs that don't calculate leave it."""

    text: str
    value: Decimal | str | None = None


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """An error value such as #REF!."""

    text: str


Content = CellValue | bool | Formula | ErrorValue | None


def fill_template(
    template: bytes, contract: Contract, kommun: Kommun, values: Mapping[tuple[str, str, str], CellValue],
    free_rows: Sequence[FreeRow] = (),
) -> bytes:  # fmt: skip
    """The template with values in the fields that its sender fills in, and every sum's value stored.

    Args:
        template: from ``workbook_template.write_template``, for one of the kommun's förvaltningar.
        values: by (table, row key, column key); on the cover the row key is the field and the column ``varde``.
        free_rows: put on the first blank free row of their enhet, in order.
    Returns:
        xlsx; the same input gives the same bytes. With no values at all, the template with its sums calculated.
    Raises:
        FillError: a table, row or column is not there or not the sender's to fill in, or the free rows do not suffice.
    """
    book = _Book(template)
    tables = {table.name: table for table in contract.tables}
    sheets = {
        table.name: _Keyed(book.sheet(table.sheet)) for table in contract.tables if table.sheet in book.sheet_parts
    }
    for (name, key, column), value in values.items():
        if name not in sheets:
            raise FillError(f"Mallen har inget blad för tabellen {name!r}.")
        sheets[name].fill(tables[name], key, column, value)
    for row in free_rows:
        if row.table not in sheets:
            raise FillError(f"Mallen har inget blad för tabellen {row.table!r}.")
        sheets[row.table].fill_free(row)
    form = next(table.name for table in contract.tables if table.layout == FORMULAR)
    forvaltning_kod = sheets[form].text(sheets[form].place("forvaltning_kod", "varde"))
    for name, rows in template_rows(contract, kommun, forvaltning_kod).items():
        sheets[name].store_sums(tables[name], rows)
    return book.to_bytes()


def set_cells(content: bytes, sheet: str, cells: Mapping[str, Content]) -> bytes:
    """The workbook with those contents in those cells (``{"F17": "ca 120"}``), locked or not; None empties a cell."""
    book = _Book(content)
    for coordinate, value in cells.items():
        book.sheet(sheet).put(_place(coordinate), value)
    return book.to_bytes()


def _place(coordinate: str) -> Place:
    match = _COORDINATE.fullmatch(coordinate)
    if match is None:
        raise ValueError(f"{coordinate!r} är ingen cell")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


def _coordinate(place: Place) -> str:
    row, column = place
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


class _Book:
    """The parts of an xlsx; sheets are parsed when asked for and written back in the parts' own order."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self._parts = {name: archive.read(name) for name in archive.namelist()}
        targets = {
            part.get("Id"): str(part.get("Target")).lstrip("/")
            for part in fromstring(self._parts["xl/_rels/workbook.xml.rels"])
        }
        workbook = fromstring(self._parts["xl/workbook.xml"])
        self.sheet_parts = {}
        for sheet in workbook.iter(f"{{{_MAIN}}}sheet"):
            target = targets[sheet.get(f"{{{_REL}}}id")]
            self.sheet_parts[str(sheet.get("name"))] = target if target.startswith("xl/") else f"xl/{target}"
        self._sheets: dict[str, _Sheet] = {}

    def sheet(self, name: str) -> _Sheet:
        if name not in self._sheets:
            self._sheets[name] = _Sheet(fromstring(self._parts[self.sheet_parts[name]]))
        return self._sheets[name]

    def to_bytes(self) -> bytes:
        ET.register_namespace("", _MAIN)
        ET.register_namespace("r", _REL)
        for name, sheet in self._sheets.items():
            self._parts[self.sheet_parts[name]] = ET.tostring(sheet.root, encoding="UTF-8", xml_declaration=True)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in self._parts.items():
                entry = zipfile.ZipInfo(name, _ZIP_TIME)
                entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
                archive.writestr(entry, part)
        return packed.getvalue()


class _Sheet:
    """The cells of one sheet's XML."""

    def __init__(self, root: ET.Element) -> None:
        self.root = root
        data = root.find(f"{{{_MAIN}}}sheetData")
        if data is None:
            raise ValueError("bladet saknar sheetData")
        self._data = data
        self._rows = {int(row.get("r", "0")): row for row in data}
        self._cells = {_place(str(cell.get("r"))): cell for row in data for cell in row}

    def places(self) -> Iterator[Place]:
        """Every cell that the sheet stores, in order."""
        return iter(sorted(self._cells))

    def text(self, place: Place) -> str:
        """The text of a cell; '' when it holds none."""
        cell = self._cells.get(place)
        return "" if cell is None or cell.get("t") != "inlineStr" else "".join(cell.itertext())

    def number(self, place: Place) -> Decimal | None:
        """The number of a cell, None when it holds none."""
        cell = self._cells.get(place)
        stored = None if cell is None or cell.get("t", "n") != "n" else cell.findtext(f"{{{_MAIN}}}v")
        return Decimal(stored) if stored else None

    def formula(self, place: Place) -> str | None:
        """The formula of a cell without its =, None when it has none."""
        cell = self._cells.get(place)
        return None if cell is None else cell.findtext(f"{{{_MAIN}}}f")

    def put(self, place: Place, content: Content) -> None:
        """New content in a cell; its format stays."""
        cell = self._cell(place)
        for child in list(cell):
            cell.remove(child)
        cell.attrib.pop("t", None)
        if isinstance(content, Formula):
            ET.SubElement(cell, f"{{{_MAIN}}}f").text = content.text
            if content.value is not None:
                if isinstance(content.value, str):
                    cell.set("t", "str")
                _value(cell, content.value if isinstance(content.value, str) else _number(content.value))
        elif isinstance(content, bool):
            cell.set("t", "b")
            _value(cell, str(int(content)))
        elif isinstance(content, Decimal):
            _value(cell, _number(content))
        elif isinstance(content, dt.date):
            _value(cell, str((content - _EPOCH).days))
        elif isinstance(content, ErrorValue):
            cell.set("t", "e")
            _value(cell, content.text)
        elif content is not None:
            cell.set("t", "inlineStr")
            text = ET.SubElement(ET.SubElement(cell, f"{{{_MAIN}}}is"), f"{{{_MAIN}}}t")
            text.text = content
            text.set(_SPACE, "preserve")

    def _cell(self, place: Place) -> ET.Element:
        if place not in self._cells:
            row = self._rows.get(place[0])
            if row is None:
                row = ET.Element(f"{{{_MAIN}}}row", {"r": str(place[0])})
                self._data.insert(sum(number < place[0] for number in self._rows), row)
                self._rows[place[0]] = row
            cell = ET.Element(f"{{{_MAIN}}}c", {"r": _coordinate(place)})
            row.insert(sum(other[0] == place[0] and other[1] < place[1] for other in self._cells), cell)
            self._cells[place] = cell
        return self._cells[place]


def _value(cell: ET.Element, text: str) -> None:
    ET.SubElement(cell, f"{{{_MAIN}}}v").text = text


def _number(value: Decimal) -> str:
    return format(value.normalize(), "f")


class _Keyed:
    """A sheet by its hidden keys."""

    def __init__(self, sheet: _Sheet) -> None:
        self._sheet = sheet
        self.text = sheet.text
        key_row, key_column = next(place for place in sheet.places() if sheet.text(place) == KEY_MARK)
        self._columns = {
            sheet.text((row, column)): column
            for row, column in sheet.places()
            if row == key_row and column != key_column
        }
        keys = [
            (sheet.text((row, key_column)), row) for row in sorted({row for row, _ in sheet.places() if row > key_row})
        ]
        self._rows = {key: row for key, row in keys if key and not key.startswith(HEADING_MARK)}
        self._unkeyed = [row for key, row in keys if not key]

    def place(self, key: str, column: str) -> Place:
        if key not in self._rows or column not in self._columns:
            raise FillError(f"Mallen har ingen rad {key!r} med kolumnen {column!r}.")
        return self._rows[key], self._columns[column]

    def fill(self, table: Table, key: str, column: str, value: CellValue) -> None:
        """One value in a field that the sender fills in."""
        place = self.place(key, column)
        stated = bool(self.text(place)) if table.layout == FORMULAR else table.column(column).origin != "forvaltning"
        if stated or self._sheet.formula(place) is not None:
            raise FillError(f"Raden {key!r}, kolumnen {column!r} på bladet {table.sheet!r} är låst och fylls inte i.")
        self._sheet.put(place, value)

    def fill_free(self, free: FreeRow) -> None:
        """The first blank free row of the enhet gets the content."""
        for row in self._unkeyed:
            if self.text((row, self._columns[_ENHET])) in ("", free.enhet) and self._is_blank(row):
                for column, value in {_ENHET: free.enhet, **free.values}.items():
                    if column not in self._columns:
                        raise FillError(f"Tabellen {free.table!r} har ingen kolumn {column!r}.")
                    self._sheet.put((row, self._columns[column]), value)
                return
        raise FillError(f"Tabellen {free.table!r} har ingen fri rad kvar för {free.enhet}.")

    def _is_blank(self, row: int) -> bool:
        places = [(row, column) for name, column in self._columns.items() if name != _ENHET]
        return all(not self.text(place) and self._sheet.number(place) is None for place in places)

    def store_sums(self, table: Table, rows: Sequence[TemplateRow]) -> None:
        """The value of every sum's formula, as Excel stores it: '' while nothing is entered."""
        by_key = {row.key: row for row in rows if row.key}
        for column in (column.name for column in table.amount_columns):
            known: dict[str, Decimal | None] = {}
            for row in rows:
                if row.kind is RowKind.SUMMA:
                    place = self.place(row.key, column)
                    formula = self._sheet.formula(place)
                    if formula is not None:
                        value = self._sum(row, column, by_key, known)
                        self._sheet.put(place, Formula(formula, "" if value is None else value))

    def _sum(
        self, row: TemplateRow, column: str, by_key: Mapping[str, TemplateRow], known: dict[str, Decimal | None]
    ) -> Decimal | None:
        if row.key not in known:
            parts = [
                self._sum(by_key[part], column, by_key, known)
                if by_key[part].kind is RowKind.SUMMA
                else self._sheet.number(self.place(part, column))
                for part in row.parts
            ]
            for number in self._unkeyed:
                if (self._at(number, _ENHET), self._at(number, _GRUPP)) == (row.enhet, row.labels["kod"]):
                    parts.append(self._sheet.number((number, self._columns[column])))
            known[row.key] = shown_sum(parts)
        return known[row.key]

    def _at(self, row: int, column: str) -> str:
        return self.text((row, self._columns[column])) if column in self._columns else ""
