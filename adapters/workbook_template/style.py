"""How a workbook looks: one accent colour, thin rules, pale fields to fill in."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import Any, Literal, cast

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.worksheet import Worksheet

from data_contracts.contract import Column, ColumnKind

FONT = "Calibri"
INK = "1F2328"
MUTED = "5B6470"
RULE = "D5DAE0"
FIELD = "FFF8E1"
MINUS_FORMAT = '{0};"\u2212"{0}'
Rule = Literal["hair", "thin", "medium"]
TEXT_FORMAT = "@"
DATE_FORMAT = "yyyy-mm-dd"
AMOUNT_FORMATS = {"kr": "#,##0.00", "tkr": "#,##0", "mnkr": "#,##0.0##"}
ANY_AMOUNT_FORMAT = "#,##0.0##"
UNIT_WORDS = {"kr": "kronor", "tkr": "tusental kronor (tkr)", "mnkr": "miljoner kronor (mnkr)"}


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as RRGGBB. ``field`` fills what the sender enters; ``band`` fills headings."""

    accent: str
    field: str
    band: str


def palette(accent: str) -> Palette:
    """The colours that follow from a kommun's accent colour (``#rrggbb``)."""
    return Palette(accent=accent[1:].upper(), field=FIELD, band=_towards_white(accent, 0.14))


def _towards_white(colour: str, share: float) -> str:
    channels = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return "".join(f"{255 - round((255 - channel) * share):02X}" for channel in channels)


def number_format(column: Column, unit: str, decimals: int) -> str:
    """The cell format of a column's kind; ``unit`` is '' where each row has its own."""
    if column.kind is ColumnKind.BELOPP:
        return MINUS_FORMAT.format(AMOUNT_FORMATS.get(unit, ANY_AMOUNT_FORMAT))
    if column.kind is ColumnKind.ANTAL:
        return MINUS_FORMAT.format("#,##0" + ("." + "0" * decimals if decimals else ""))
    if column.kind is ColumnKind.DATUM:
        return DATE_FORMAT
    return TEXT_FORMAT if column.kind is ColumnKind.KOD else "General"


def cell_at(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell at a place of a sheet without merged cells."""
    return cast(Cell, sheet.cell(row, column))


def look_of(cell: Cell) -> StyleArray:
    """A cell's looks, for ``put_look``."""
    return copy(cast(Any, cell)._style)


def put_look(cell: Cell, look: StyleArray) -> None:
    """Give a cell the looks of another of its workbook at once; part by part, openpyxl searches all styles anew for every cell."""
    cast(Any, cell)._style = copy(look)


def put_text(cell: Cell, text: str) -> None:
    """Text that stays text: what begins as a formula is stored as a string, and stays one when it is edited."""
    cell.value = text
    cell.data_type = "s"
    if text[:1] in ("=", "+", "-", "@", "\t", "\r"):
        cell.quotePrefix = True


def font(colours: Palette, *, size: float = 10, bold: bool = False, accent: bool = False, muted: bool = False) -> Font:
    """The one typeface in a size and weight."""
    return Font(name=FONT, size=size, bold=bold, color=colours.accent if accent else MUTED if muted else INK)


def rule(*, bottom: Rule | None = None, top: Rule | None = None, colour: str = RULE) -> Border:
    """Thin rules: a style by side. The upper one, over sums, is dark."""
    return Border(
        bottom=Side(style=bottom, color=colour) if bottom else Side(),
        top=Side(style=top, color=INK) if top else Side(),
    )


def fill(colour: str) -> PatternFill:
    """A plain fill."""
    return PatternFill("solid", start_color=colour, end_color=colour)


def unlock(cell: Cell, colours: Palette) -> None:
    """A field that the sender fills in."""
    cell.protection = Protection(locked=False)
    cell.fill = fill(colours.field)


def align(column: Column, level: int = 0) -> Alignment:
    """Numbers to the right, text to the left with its indent; long text wraps."""
    if column.kind in (ColumnKind.BELOPP, ColumnKind.ANTAL):
        return Alignment(horizontal="right", vertical="top", indent=1)
    wrap = column.kind is ColumnKind.TEXT
    return Alignment(
        horizontal="left", vertical="top", wrap_text=wrap, indent=level if column.name == "benamning" else 0
    )
