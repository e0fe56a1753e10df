"""Workbooks, by zipfile and xml alone."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from typing import Any
from xml.etree import ElementTree

from adapters.audit_package.verify.basics import Grid, Row

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
DATES = {14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47}


class Workbook:
    """The cells of an xlsx by sheet and coordinate, each as the text that the reading kept."""

    def __init__(self, content: bytes) -> None:
        self.zip = zipfile.ZipFile(io.BytesIO(content))
        self.shared = self._shared()
        self.dates = self._date_styles()
        book = ElementTree.fromstring(self.zip.read("xl/workbook.xml"))
        relations = ElementTree.fromstring(self.zip.read("xl/_rels/workbook.xml.rels"))
        targets = {one.get("Id"): one.get("Target", "") for one in relations}
        properties = book.find(f"{MAIN}workbookPr")
        self.is_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self.parts = {
            one.get("name"): targets[one.get(RELATION)] for one in book.iter(f"{MAIN}sheet") if one.get(RELATION)
        }
        self.sheets: dict[str, Row] = {}

    def _shared(self) -> list[str]:
        if "xl/sharedStrings.xml" not in self.zip.namelist():
            return []
        root = ElementTree.fromstring(self.zip.read("xl/sharedStrings.xml"))
        return [text_of(one) for one in root.iter(f"{MAIN}si")]

    def _date_styles(self) -> set[int]:
        """Numbers of the styles that show a date."""
        if "xl/styles.xml" not in self.zip.namelist():
            return set()
        root = ElementTree.fromstring(self.zip.read("xl/styles.xml"))
        own = {int(one.get("numFmtId", "0")): one.get("formatCode", "") for one in root.iter(f"{MAIN}numFmt")}
        formats = root.find(f"{MAIN}cellXfs")
        listed = [] if formats is None else [int(one.get("numFmtId", "0")) for one in formats]
        return {place for place, number in enumerate(listed) if number in DATES or is_date(own.get(number, ""))}

    def cell(self, sheet: str, coordinate: str) -> str | None:
        """The cell's text; '' for an empty one, None when the sheet is not there."""
        if sheet not in self.parts:
            return None
        found = self._cells(sheet).get(coordinate)
        return "" if found is None else self._content(found)

    def grid(self, sheet: str) -> Grid:
        """Every cell with something in it, by row and column."""
        texts = {place_of(one): self._content(cell) for one, cell in self._cells(sheet).items()}
        return {place: text for place, text in texts.items() if text}

    def _cells(self, sheet: str) -> Row:
        if sheet not in self.sheets:
            target = self.parts[sheet]
            name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            root = ElementTree.fromstring(self.zip.read(name))
            self.sheets[sheet] = {one.get("r"): one for one in root.iter(f"{MAIN}c")}
        return self.sheets[sheet]

    def _content(self, cell: Any) -> str:
        kind, value = cell.get("t", "n"), cell.findtext(f"{MAIN}v")
        if kind == "inlineStr":
            inner = cell.find(f"{MAIN}is")
            return "" if inner is None else text_of(inner)
        if value is None or value == "":
            formula = cell.findtext(f"{MAIN}f")
            return f"={formula}" if formula and kind != "str" else ""
        if kind == "s":
            return self.shared[int(value)]
        if kind == "b":
            return "SANT" if value.strip() == "1" else "FALSKT"
        if kind in ("str", "e", "d"):
            return value
        if int(cell.get("s", "0")) in self.dates:
            return date_text(float(value), self.is_1904)
        return repr(float(value)) if any(mark in value for mark in ".Ee") else str(int(value))


def text_of(element: Any) -> str:
    return "".join(
        part.text or ""
        for child in element
        if child.tag != f"{MAIN}rPh"
        for part in ([child] if child.tag == f"{MAIN}t" else child.iter(f"{MAIN}t"))
    )


def is_date(code: str) -> bool:
    plain = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", code)
    return bool(re.search(r"[dmyhs]", plain, re.IGNORECASE)) and "General" not in code


def date_text(serial: float, is_1904: bool) -> str:
    start = datetime.datetime(1904, 1, 1) if is_1904 else datetime.datetime(1899, 12, 30)
    moment = start + datetime.timedelta(days=serial)
    return moment.date().isoformat() if moment.time() == datetime.time() else moment.isoformat()


def place_of(coordinate: str) -> tuple[int, int]:
    """Row and column of a cell: 'C7' is (7, 3)."""
    letters, number = re.findall(r"^([A-Z]+)(\d+)$", coordinate)[0]
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(number), column
