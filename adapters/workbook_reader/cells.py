"""Cells as they stand: what openpyxl's parser says of a cell, stored and written, becomes a raw cell."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from openpyxl.utils import get_column_letter

from transforms.raw_retur import CellKind, RawCell

Grid = dict[tuple[int, int], RawCell]
Parsed = Mapping[str, Any]
"""A cell as openpyxl's ``WorkSheetParser`` gives it: row, column, value, data_type, style_id."""


def empty_cell(row: int, column: int) -> RawCell:
    """A blank cell at a place."""
    return RawCell(f"{get_column_letter(column)}{row}", CellKind.TOM)


def is_blank(cell: RawCell | None) -> bool:
    """True when nothing a person would call content stands in the cell."""
    return cell is None or cell.kind is CellKind.TOM or (cell.kind is CellKind.TEXT and not cell.text.strip())


def raw_cell(place: tuple[int, int], stored: Parsed, written: Parsed, number_format: str) -> RawCell:
    """One cell as the parser gave it: kind, text and number of the stored value, and the formula behind it."""
    kind, text, number = _content(stored["value"], stored["data_type"])
    formula = _formula(written)
    if formula and kind is CellKind.TOM and stored["data_type"] != "str":
        kind = CellKind.FORMEL_UTAN_VARDE
    return RawCell(f"{get_column_letter(place[1])}{place[0]}", kind, text, number, formula, number_format)


def _formula(written: Parsed) -> str:
    if written["data_type"] != "f":
        return ""
    text = getattr(written["value"], "text", written["value"])
    return str(text) if text else "="


def _content(value: object, data_type: str) -> tuple[CellKind, str, Decimal | None]:
    """Kind, text and exact number of a stored value; numbers with Excel's own 15 significant digits."""
    if value is None or value == "":
        return CellKind.TOM, "", None
    if data_type == "e":
        return CellKind.FEL, str(value), None
    if isinstance(value, bool):
        return CellKind.SANT, "SANT" if value else "FALSKT", None
    if isinstance(value, int):
        return CellKind.TAL, str(value), Decimal(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            return CellKind.FEL, str(value), None
        return CellKind.TAL, repr(value), Decimal(f"{value:.15g}")
    if isinstance(value, dt.datetime):
        day = value.date().isoformat() if value.time() == dt.time() else value.isoformat()
        return CellKind.DATUM, day, None
    if isinstance(value, dt.date | dt.time):
        return CellKind.DATUM, value.isoformat(), None
    if isinstance(value, dt.timedelta):
        return CellKind.DATUM, str(value), None
    return CellKind.TEXT, str(value), None
