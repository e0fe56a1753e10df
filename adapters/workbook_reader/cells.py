"""Cells as they stand: two loadings of the same sheet (stored values, formulas) become raw cells by row and column."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

from openpyxl.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from transforms.raw_retur import CellKind, RawCell

Grid = dict[tuple[int, int], RawCell]


def read_grid(values: Worksheet, formulas: Worksheet) -> Grid:
    """Every cell with content, by (row, column). Only the cells that are stored are visited, however far apart they stand."""
    grid: Grid = {}
    stored = values._cells
    for place, formula_cell in formulas._cells.items():
        cell = raw_cell(stored.get(place), formula_cell)
        if cell.kind is not CellKind.TOM or cell.formula:
            grid[place] = cell
    return grid


def empty_cell(row: int, column: int) -> RawCell:
    """A blank cell at a place."""
    return RawCell(f"{get_column_letter(column)}{row}", CellKind.TOM)


def is_blank(cell: RawCell | None) -> bool:
    """True when nothing a person would call content stands in the cell."""
    return cell is None or cell.kind is CellKind.TOM or (cell.kind is CellKind.TEXT and not cell.text.strip())


def raw_cell(stored: Cell | MergedCell | None, written: Cell | MergedCell) -> RawCell:
    """One cell from its two loadings: kind, text and number of the stored value, and the formula behind it."""
    kind, text, number = _content(stored)
    formula = _formula(written)
    if formula and kind is CellKind.TOM and (stored is None or stored.data_type != "str"):
        kind = CellKind.FORMEL_UTAN_VARDE
    return RawCell(written.coordinate, kind, text, number, formula, str(written.number_format))


def _formula(written: Cell | MergedCell) -> str:
    if getattr(written, "data_type", "") != "f":
        return ""
    text = getattr(written.value, "text", written.value)
    return str(text) if text else "="


def _content(cell: Cell | MergedCell | None) -> tuple[CellKind, str, Decimal | None]:
    """Kind, text and exact number of a stored value; numbers with Excel's own 15 significant digits."""
    value = None if cell is None else cell.value
    if cell is None or value is None or value == "":
        return CellKind.TOM, "", None
    if cell.data_type == "e":
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
