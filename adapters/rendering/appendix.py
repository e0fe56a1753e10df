"""The xlsx appendix: the same figures as the report's tables, as real numbers, each with its figure id. The same bytes every time.

Strings are stored as strings whatever they begin with, so nothing in a return can become a formula.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from adapters.rendering.errors import RenderingError
from transforms.belopp import MINUS, ORE_PER_UNIT
from transforms.view_types import Lage, Rapport, Tabell, Tabellrad, Tal

_FORMATS = {"kr": "#,##0.00", "tkr": "#,##0", "mnkr": "#,##0.0"}
_VOLUME_FORMATS = {0: "#,##0", 1: "#,##0.0", 2: "#,##0.00"}
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


def _put(sheet: Worksheet, row: int, column: int, value: str | Decimal | int) -> Cell | MergedCell:
    """A cell whose text is always text."""
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = _ILLEGAL.sub("\ufffd", value)
        cell.data_type = "s"
        if value.startswith(_FORMULA_STARTS):
            cell.quotePrefix = True
    else:
        cell.value = value
    return cell


def _head(sheet: Worksheet, row: int, names: Sequence[str], colour: str, *, wide: int) -> None:
    """A header row of two lines in the kommun's colour; number columns right."""
    sheet.row_dimensions[row].height = 32
    for column, name in enumerate(names, 1):
        cell = _put(sheet, row, column, name)
        cell.font = _HEAD
        cell.fill = PatternFill("solid", fgColor=colour.lstrip("#").upper())
        cell.alignment = Alignment(
            horizontal="right" if 1 < column <= wide else "left", vertical="bottom", wrap_text=True
        )


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


def _style_row(sheet: Worksheet, row: int, rad: Tabellrad, columns: int) -> None:
    for column in range(1, columns + 1):
        cell = sheet.cell(row, column)
        cell.border = Border(top=_RULE, bottom=_HAIR) if rad.stil in ("summa", "total") else Border(bottom=_HAIR)
        if rad.stil in ("summa", "total", "rubrik"):
            cell.font = _BOLD
        if rad.stil == "total":
            cell.fill = _TONE
    sheet.cell(row, 1).alignment = Alignment(horizontal="left", indent=rad.niva, wrap_text=True, vertical="top")


def _table_sheet(book: Workbook, tabell: Tabell, colour: str) -> str:
    """One sheet per table: the numbers, and to their right the id of each; returns the sheet's name."""
    sheet = book.create_sheet(_sheet_title(tabell.rubrik, book.sheetnames))
    width = 1 + len(tabell.kolumner)
    _put(sheet, 1, 1, tabell.rubrik).font = _TITLE
    _put(sheet, 2, 1, f"{tabell.enhet}. {tabell.teckenregel}").font = _QUIET
    ids = [f"Siffer-id: {kolumn.rubrik}" for kolumn in tabell.kolumner]
    names = [tabell.radrubrik, *(kolumn.rubrik for kolumn in tabell.kolumner), *ids]
    _head(sheet, 4, names, colour, wide=width)
    row = 4
    for rad in tabell.rader:
        row += 1
        _put(sheet, row, 1, f"{rad.namn} ({rad.not_text})" if rad.not_text else rad.namn)
        _style_row(sheet, row, rad, width)
        for column, tal in enumerate(rad.celler, 2):
            _number_cell(sheet, row, column, tal, tabell.enhet)
            _put(sheet, row, column + width - 1, tal.figure_id).font = _QUIET
    for text in tabell.noter:
        row += 1
        _put(sheet, row + 1, 1, text).font = _QUIET
    sheet.freeze_panes = "B5"
    _widths(sheet, [44, *([16] * len(tabell.kolumner)), *([46] * len(tabell.kolumner))])
    _page(sheet, "4:4")
    sheet.print_area = f"A1:{get_column_letter(width)}{row + 1}"
    return sheet.title


def _number_cell(sheet: Worksheet, row: int, column: int, tal: Tal, enhet: str) -> None:
    number = _number(tal, enhet)
    cell = _put(sheet, row, column, number[0] if number else tal.text)
    cell.alignment = Alignment(horizontal="right", vertical="top")
    if number:
        cell.number_format = number[1]


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


def _list_sheet(
    book: Workbook, title: str, names: Sequence[str], rows: Sequence[Sequence[str | Tal]], colour: str
) -> None:
    """A plain list: header row, one row per item, numbers with the unit that stands in the row's fourth column."""
    sheet = book.create_sheet(_sheet_title(title, book.sheetnames))
    _head(sheet, 1, names, colour, wide=0)
    for row, values in enumerate(rows, 2):
        unit = values[3] if len(values) > 3 and isinstance(values[3], str) else ""
        for column, value in enumerate(values, 1):
            if isinstance(value, Tal):
                _number_cell(sheet, row, column, value, unit)
            else:
                _put(sheet, row, column, value).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    _widths(sheet, [_LIST_WIDTHS.get(name, 14) for name in names])
    _page(sheet, "1:1")


def _read_me(book: Workbook, rapport: Rapport, lage: Lage, tables: Sequence[tuple[str, Tabell]]) -> None:
    """Whose figures, which period and state, and how to read them."""
    sheet = book.worksheets[0]
    sheet.title = "Läs mig"
    _put(sheet, 1, 1, rapport.titel).font = _TITLE
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
        _put(sheet, row, 1, name).font = _BOLD
        _put(sheet, row, 2, text).alignment = Alignment(wrap_text=True, vertical="top")
    _widths(sheet, [40, 90])
    _page(sheet, "1:1")


def _fixed_zip(raw: bytes, time: bytes) -> bytes:
    """The same workbook with fixed times, so that the bytes depend on the content only."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _CREATED.sub(rb"\g<1>" + time + rb"\g<2>", _MODIFIED.sub(rb"\g<1>" + time + rb"\g<2>", data))
            info = zipfile.ZipInfo(name, _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, data)
    return out.getvalue()


def render_xlsx(rapport: Rapport, lage: Lage, time: str) -> bytes:
    """The appendix of a report. ``time`` (UTC, ISO with Z) stands as the workbook's date.

    Raises:
        RenderingError: R101, a number has more decimals than a volume can be shown with.
    """
    book = Workbook()
    book.properties.title = rapport.titel
    book.properties.creator = rapport.kommun
    try:
        tabeller = [tabell for sektion in rapport.sektioner for tabell in sektion.tabeller]
        tables = [(_table_sheet(book, tabell, rapport.accentfarg), tabell) for tabell in tabeller]
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
        rapport.accentfarg,
    )  # fmt: skip
    returer = [retur for sektion in rapport.sektioner for retur in sektion.underlag]
    _list_sheet(
        book, "Underlag", ("Retur", "Fil", "Mottagen", "Version", "Status", "sha256"),
        [(retur.namn, retur.fil, retur.mottagen, retur.version, retur.status, retur.sha256) for retur in returer],
        rapport.accentfarg,
    )  # fmt: skip
    _corrections_sheet(book, rapport)
    out = io.BytesIO()
    book.save(out)
    return _fixed_zip(out.getvalue(), time.encode("ascii"))


def _corrections_sheet(book: Workbook, rapport: Rapport) -> None:
    """The declared corrections, on a sheet that is there only when there are some."""
    rows = [
        (rad.namn, rad.fran, rad.till, rad.enhet, rad.beslut, rad.till.figure_id)
        for sektion in rapport.sektioner
        for rad in sektion.rattelser
    ]
    if rows:
        names = ("Rad", "Lämnat", "Rättat", "Måttenhet", "Orsak", "Siffer-id")
        _list_sheet(book, "Rättelser", names, rows, rapport.accentfarg)
