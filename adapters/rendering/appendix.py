"""The xlsx appendix: the same figures as the report's tables, as real numbers, each with its figure id. The same bytes every time.

Strings are stored as strings whatever they begin with, so nothing in a return can become a formula.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from adapters.rendering.errors import RenderingError
from transforms.belopp import MINUS, ORE_PER_UNIT
from transforms.view_types import Lage, Rapport, Tabell, Tabellrad, Tal

_FORMATS = {"kr": "#,##0.00", "tkr": "#,##0", "mnkr": "#,##0.0"}
_VOLUME_FORMATS = {0: "#,##0", 1: "#,##0.0", 2: "#,##0.00"}
_SOFT_HYPHEN = "\u00ad"
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FORBIDDEN_IN_TITLE = re.compile(r"[\[\]:*?/\\']")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_LIST_WIDTHS = {
    "Enhet": 26,
    "Rad": 32,
    "Retur": 32,
    "Fil": 34,
    "Mottagen": 18,
    "Orsak": 60,
    "Åtgärd": 60,
    "Siffer-id": 46,
    "sha256": 70,
}
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_CREATED = re.compile(rb"(<dcterms:created[^>]*>)[^<]*(</dcterms:created>)")

_BOLD = Font(name="Calibri", size=11, bold=True)
_HEAD = Font(name="Calibri", size=11, bold=True, color="FFFFFF")
_QUIET, _TITLE = Font(name="Calibri", size=9, color="4F5963"), Font(name="Calibri", size=14, bold=True)
_TONE = PatternFill("solid", fgColor="F1F4F6")
_RULE, _HAIR = Side(style="thin", color="3C4650"), Side(style="hair", color="B9C1C8")
_UNDERLINED, _SUMMED = Border(bottom=_HAIR), Border(top=_RULE, bottom=_HAIR)
_HEAD_LEFT = Alignment(horizontal="left", vertical="bottom", wrap_text=True)
_HEAD_RIGHT = Alignment(horizontal="right", vertical="bottom", wrap_text=True)
_RIGHT, _WRAPPED = Alignment(horizontal="right", vertical="top"), Alignment(wrap_text=True, vertical="top")


@dataclass(frozen=True, slots=True)
class _Look:
    """How a cell looks; None where it is as openpyxl makes it. The parts are the module's few objects, compared by identity."""

    font: Font | None = None
    border: Border | None = None
    fill: PatternFill | None = None
    alignment: Alignment | None = None
    number_format: str = ""
    quoted: bool = False

    def __hash__(self) -> int:
        parts = (self.font, self.border, self.fill, self.alignment)
        return hash((*map(id, parts), self.number_format, self.quoted))


@dataclass(slots=True)
class _Book:
    """The workbook being made, with the looks that it knows: openpyxl takes a look apart and searches for it at every cell that is
    given one, which is three quarters of the work, so a look that has been used is copied.
    """

    workbook: Workbook
    accent: PatternFill
    known: dict[_Look, StyleArray] = field(default_factory=dict)

    def add_sheet(self, title: str) -> Worksheet:
        return self.workbook.create_sheet(_sheet_title(title, self.workbook.sheetnames))

    def put(self, sheet: Worksheet, row: int, column: int, value: str | Decimal | None, look: _Look) -> None:
        """A cell whose text is always text; None leaves it empty, with its look."""
        cell: Any = sheet.cell(row, column)
        if isinstance(value, str):
            cell.value = _ILLEGAL.sub("\ufffd", value)
            cell.data_type = "s"
            if value.startswith(_FORMULA_STARTS):
                look = replace(look, quoted=True)
        elif value is not None:
            cell.value = value
        if look not in self.known:
            _dress(cell, look)
            self.known[look] = cell._style
        cell._style = copy(self.known[look])


_PLAIN, _TITLED, _BOLDLY, _QUIETLY = _Look(), _Look(font=_TITLE), _Look(font=_BOLD), _Look(font=_QUIET)
_RUNNING = _Look(alignment=_WRAPPED)


def _dress(cell: Any, look: _Look) -> None:
    for name in ("font", "border", "fill", "alignment"):
        if (part := getattr(look, name)) is not None:
            setattr(cell, name, part)
    if look.number_format:
        cell.number_format = look.number_format
    if look.quoted:
        cell.quotePrefix = True


def _head(book: _Book, sheet: Worksheet, row: int, names: Sequence[str], *, wide: int) -> None:
    """A header row of two lines in the kommun's colour; number columns right."""
    sheet.row_dimensions[row].height = 32
    left, right = (_Look(font=_HEAD, fill=book.accent, alignment=side) for side in (_HEAD_LEFT, _HEAD_RIGHT))
    for column, name in enumerate(names, 1):
        book.put(sheet, row, column, name, right if 1 < column <= wide else left)


def _number(tal: Tal, enhet: str) -> tuple[Decimal, str] | None:
    """The exact number as it is presented, with its format; None when the cell holds words or nothing.

    The sign is the printed one: a table may present a figure turned.
    """
    if tal.ore is None or tal.saknas or not tal.text:
        return None
    if tal.text.endswith("%"):
        scale, form = Decimal(10_000), "0.0%"
    elif enhet in ORE_PER_UNIT:
        scale, form = Decimal(ORE_PER_UNIT[enhet]), _FORMATS[enhet]
    else:
        scale, form = Decimal(10) ** tal.decimaler, _VOLUME_FORMATS[tal.decimaler]
    value = abs(tal.ore) / scale
    if any(char in "123456789" for char in tal.text):
        negative = tal.text.startswith(MINUS)
    else:
        negative = tal.ore < 0
    return (-value if negative else value), f"+{form}" if tal.text.startswith("+") else form


def _sheet_title(rubrik: str, taken: Iterable[str]) -> str:
    """A sheet name after the caption: at most 31 characters, unique whatever the case."""
    used = {title.lower() for title in taken}
    base = " ".join(_FORBIDDEN_IN_TITLE.sub(" ", _ILLEGAL.sub("", rubrik)).split()) or "Tabell"
    title, number = _whole_words(base, 31), 1
    while title.lower() in used:
        number += 1
        suffix = f" {number}"
        title = _whole_words(base, 31 - len(suffix)) + suffix
    return title


def _whole_words(text: str, room: int) -> str:
    """The text cut at a word's end to fit the room; a single long word is cut where it must be."""
    if len(text) <= room:
        return text
    cut = text[: room + 1].rpartition(" ")[0].rstrip(" ,:")
    return cut or text[:room].rstrip()


@lru_cache
def _indented(niva: int) -> Alignment:
    return Alignment(horizontal="left", indent=niva, wrap_text=True, vertical="top")


@lru_cache
def _row_look(stil: str) -> _Look:
    """What the cells of a row share."""
    return _Look(
        font=_BOLD if stil in ("summa", "total", "rubrik") else None,
        border=_SUMMED if stil in ("summa", "total") else _UNDERLINED,
        fill=_TONE if stil == "total" else None,
    )


def _table_sheet(book: _Book, tabell: Tabell) -> str:
    """One sheet per table: the numbers, and to their right the id of each; returns the sheet's name."""
    sheet = book.add_sheet(tabell.rubrik)
    width = 1 + len(tabell.kolumner)
    book.put(sheet, 1, 1, tabell.rubrik, _TITLED)
    book.put(sheet, 2, 1, f"{tabell.enhet}. {tabell.teckenregel}", _QUIETLY)
    heads = [kolumn.rubrik.replace(_SOFT_HYPHEN, "") for kolumn in tabell.kolumner]
    ids = [f"Siffer-id: {head}" for head in heads]
    _head(book, sheet, 4, [tabell.radrubrik, *heads, *ids], wide=width)
    for row, rad in enumerate(tabell.rader, 5):
        _table_row(book, sheet, row, rad, tabell)
    row = 4 + len(tabell.rader)
    for text in tabell.noter:
        row += 1
        book.put(sheet, row + 1, 1, text, _QUIETLY)
    sheet.freeze_panes = "B5"
    _widths(sheet, [44, *([16] * len(tabell.kolumner)), *([46] * len(tabell.kolumner))])
    _page(sheet, "4:4")
    sheet.print_area = f"A1:{get_column_letter(width)}{row + 1}"
    return sheet.title


def _table_row(book: _Book, sheet: Worksheet, row: int, rad: Tabellrad, tabell: Tabell) -> None:
    look, width = _row_look(rad.stil), 1 + len(tabell.kolumner)
    name = f"{rad.namn} ({rad.not_text})" if rad.not_text else rad.namn
    book.put(sheet, row, 1, name, replace(look, alignment=_indented(rad.niva)))
    for column, tal in enumerate(rad.celler, 2):
        _number_cell(book, sheet, row, column, tal, tabell.enhet, look)
        book.put(sheet, row, column + width - 1, tal.figure_id, _QUIETLY)
    for column in range(2 + len(rad.celler), width + 1):
        book.put(sheet, row, column, None, look)


def _number_cell(
    book: _Book, sheet: Worksheet, row: int, column: int, tal: Tal, enhet: str, look: _Look = _PLAIN
) -> None:
    value, form = _number(tal, enhet) or (tal.text, "")
    book.put(sheet, row, column, value, replace(look, alignment=_RIGHT, number_format=form))


def _widths(sheet: Worksheet, widths: Sequence[int]) -> None:
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width


def _page(sheet: Worksheet, repeated_rows: str) -> None:
    """A4 on its side, one page wide, header rows on each page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = repeated_rows


def _list_sheet(book: _Book, title: str, names: Sequence[str], rows: Sequence[Sequence[str | Tal]]) -> None:
    """A plain list: header row, one row per item, numbers with the unit that stands in the row's fourth column."""
    sheet = book.add_sheet(title)
    _head(book, sheet, 1, names, wide=0)
    for row, values in enumerate(rows, 2):
        unit = values[3] if len(values) > 3 and isinstance(values[3], str) else ""
        for column, value in enumerate(values, 1):
            if isinstance(value, Tal):
                _number_cell(book, sheet, row, column, value, unit)
            else:
                book.put(sheet, row, column, value, _RUNNING)
    sheet.freeze_panes = "A2"
    _widths(sheet, [_LIST_WIDTHS.get(name, 14) for name in names])
    _page(sheet, "1:1")


def _read_me(book: _Book, rapport: Rapport, lage: Lage, tables: Sequence[tuple[str, Tabell]]) -> None:
    """Whose figures, which period and state, and how to read them."""
    sheet = book.workbook.worksheets[0]
    sheet.title = "Läs mig"
    book.put(sheet, 1, 1, rapport.titel, _TITLED)
    facts = [
        ("Kommun", rapport.kommun), ("Rapport", f"{rapport.slag}, {rapport.namn}"), ("Period", rapport.period_text),
        ("Tillstånd", lage.tillstand.upper()), ("Version", str(lage.version)), ("Innehållshash", lage.innehallshash),
        ("Om siffrorna", "Talen är exakta. Visningen är avrundad på samma sätt som i rapporten."),
        ("Uppgift saknas", "En uppgift som saknas är inte noll. Cellen har då texten ”uppgift saknas”."),
        ("Siffer-id", "Till höger om talen står varje siffras id, som leder till dess ursprung."),
    ]  # fmt: skip
    if rapport.marke:
        facts.insert(0, ("Observera", rapport.marke))
    facts += [(f"Blad {title}", f"{tabell.enhet}. {tabell.teckenregel}") for title, tabell in tables]
    for row, (name, text) in enumerate(facts, 3):
        book.put(sheet, row, 1, name, _BOLDLY)
        book.put(sheet, row, 2, text, _RUNNING)
    _widths(sheet, [40, 90])
    _page(sheet, "1:1")


def _packed(workbook: Workbook, time: bytes) -> bytes:
    """The workbook's bytes with fixed times, so that they depend on the content only."""
    written, packed = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        ExcelWriter(workbook, archive).save()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _CREATED.sub(rb"\g<1>" + time + rb"\g<2>", _MODIFIED.sub(rb"\g<1>" + time + rb"\g<2>", data))
            info = zipfile.ZipInfo(name, _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, data)
    return packed.getvalue()


def render_xlsx(rapport: Rapport, lage: Lage, time: str) -> bytes:
    """The appendix of a report. ``time`` (UTC, ISO with Z) stands as the workbook's date.

    Raises:
        RenderingError: R101, a number has more decimals than a volume can be shown with.
    """
    workbook = Workbook()
    workbook.properties.title = rapport.titel
    workbook.properties.creator = rapport.kommun
    book = _Book(workbook, PatternFill("solid", fgColor=rapport.accentfarg.lstrip("#").upper()))
    try:
        tabeller = [tabell for sektion in rapport.sektioner for tabell in sektion.tabeller]
        tables = [(_table_sheet(book, tabell), tabell) for tabell in tabeller]
    except KeyError as error:
        raise RenderingError("R101", rapport.id, f"antalet decimaler {error} går inte att visa.") from error
    _read_me(book, rapport, lage, tables)
    posts = [post for sektion in rapport.sektioner for post in sektion.avvikelser]
    _list_sheet(
        book, "Avvikelser",
        ("Enhet", "Rad", "Avser", "Måttenhet", "Budget", "Prognos", "Avvikelse", "Ord", "Orsak", "Åtgärd", "Siffer-id"),
        [
            (
                post.enhet_namn, post.rad_namn, post.avser, post.enhet, post.budget, post.prognos, post.avvikelse, post.ord,
                "Förklaring saknas" if post.forklaring_saknas else post.orsak, post.atgard, post.avvikelse.figure_id,
            )
            for post in posts
        ],
    )  # fmt: skip
    returer = [retur for sektion in rapport.sektioner for retur in sektion.underlag]
    _list_sheet(
        book, "Underlag", ("Retur", "Fil", "Mottagen", "Version", "Status", "sha256"),
        [(retur.namn, retur.fil, retur.mottagen, retur.version, retur.status, retur.sha256) for retur in returer],
    )  # fmt: skip
    _corrections_sheet(book, rapport)
    return _packed(workbook, time.encode("ascii"))


def _corrections_sheet(book: _Book, rapport: Rapport) -> None:
    """The declared corrections, on a sheet that is there only when there are some."""
    rows = [
        (rad.namn, rad.fran, rad.till, rad.enhet, rad.beslut, rad.till.figure_id)
        for sektion in rapport.sektioner
        for rad in sektion.rattelser
    ]
    if rows:
        _list_sheet(book, "Rättelser", ("Rad", "Lämnat", "Rättat", "Måttenhet", "Orsak", "Siffer-id"), rows)
