"""A blankett's sheet as a grid: finding a row by its headings, and a cell's text and number."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from transforms.belopp import NotANumber, parse_number
from transforms.raw_retur import CellKind, RawCell

Grid = Mapping[tuple[int, int], RawCell]
"""Cells by (row, column)."""
_YEAR = "{ar}"
_POINT_NUMBER = re.compile(r"[-\u2212]?\d+(\.\d+)?")


def plain(text: str) -> str:
    """A text as it is compared: single spaces, no capitals."""
    return " ".join(text.split()).casefold()


def heading_pattern(heading: str) -> re.Pattern[str]:
    """What a declared heading matches among plain texts; {ar} is any year, a group."""
    return re.compile(r"(20\d\d)".join(re.escape(part) for part in plain(heading).split(_YEAR)))


def header_row(grid: Grid, headings: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    """The first row that has every heading; else the row that has most of them, and those that it lacks."""
    rows: dict[int, list[str]] = {}
    for (row, _), cell in sorted(grid.items()):
        rows.setdefault(row, []).append(plain(cell.text))
    best, lacking = 0, tuple(dict.fromkeys(headings))
    for row, texts in rows.items():
        missing = tuple(
            h for h in dict.fromkeys(headings) if not any(heading_pattern(h).fullmatch(text) for text in texts)
        )
        if len(missing) < len(lacking):
            best, lacking = row, missing
    return best, lacking


def text_in(cell: RawCell | None) -> str:
    """A cell's text with single spaces; '' where there is no cell."""
    return "" if cell is None else " ".join(cell.text.split())


def number_in(cell: RawCell | None) -> Decimal | None:
    """A cell's number; None where there is none, or it can't be read."""
    try:
        return None if cell is None else parse_number(cell)
    except NotANumber:
        return None


def as_number(cell: RawCell, decimaltecken: str) -> RawCell:
    """A number that stands as text as the number it is, its text unchanged; what can't be read stays text, for the conversion to tell."""
    if cell.kind is not CellKind.TEXT:
        return cell
    text = cell.text.strip()
    if decimaltecken == "." and _POINT_NUMBER.fullmatch(text):
        return replace(cell, kind=CellKind.TAL, number=Decimal(text.replace("\u2212", "-")))
    number = number_in(cell)
    return cell if number is None else replace(cell, kind=CellKind.TAL, number=number)


def column_number(letters: str) -> int:
    """The number of a column by its letters, from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
