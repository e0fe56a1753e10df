"""Every finished file of both kommuner: the standards by the real judge, the appendix inside, nothing torn apart over pages."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

import openpyxl
import pikepdf
import pytest
from openpyxl.utils import get_column_letter

from flows.workplace import open_workplace
from tests.closings import Closed
from tests.pdf_reading import blocks, page_texts, plain, tables
from tests.verapdf import broken_rules
from transforms.belopp import MINUS
from transforms.figures import Figure, from_frame

STANDARDS = {"ua1": "PDF/UA-1", "3a": "PDF/A-3A"}


@pytest.fixture(scope="module", params=["alingsas", "lingonby"])
def closed(request: pytest.FixtureRequest) -> Closed:
    found: Closed = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("standard", STANDARDS)
def test_every_pdf_passes_the_standard(closed: Closed, standard: str) -> None:
    assert {
        report.rapport_id: broken_rules(closed.path(report.kod, ".pdf"), standard) for report in closed.reports
    } == {report.rapport_id: {} for report in closed.reports}


def test_the_appendix_inside_the_pdf_is_the_one_beside_it(closed: Closed) -> None:
    for report in closed.reports:
        xlsx = closed.read(report.kod, ".xlsx")
        with pikepdf.open(closed.path(report.kod, ".pdf")) as pdf:
            assert set(pdf.attachments) == {f"{report.rapport_id}.xlsx", f"{report.rapport_id}-spar.json"}
            assert pdf.attachments[f"{report.rapport_id}.xlsx"].get_file().read_bytes() == xlsx


def test_laid_out_files_are_the_stored_ones(closed: Closed) -> None:
    for report in closed.reports:
        keys = (report.pdf_sha256, report.html_sha256, report.spar_sha256, report.xlsx_sha256)
        found = [
            hashlib.sha256(closed.read(report.kod, s)).hexdigest() for s in (".pdf", ".html", "-spar.html", ".xlsx")
        ]
        assert found == list(keys)
        assert hashlib.sha256("\n".join(keys).encode()).hexdigest() == report.filhash


def test_every_page_has_its_head_and_foot(closed: Closed) -> None:
    with open_workplace(closed.hem) as workplace:
        kommun = workplace.kommun
    for report in closed.reports:
        pages = page_texts(closed.read(report.kod, ".pdf"))
        for number, text in enumerate(pages, 1):
            for part in (
                kommun.namn,
                "Månadsrapport april 2026",
                kommun.marke,
                f"UTKAST · version 1 · innehåll {report.innehallshash[:12]}",
                f"sida {number} ({len(pages)})",
            ):
                assert part in text, (report.rapport_id, number)


def test_no_heading_and_no_caption_is_the_last_thing_on_its_page(closed: Closed) -> None:
    for report in closed.reports:
        found = blocks(closed.read(report.kod, ".pdf"))
        assert len([block for block in found if block.kind == "TR"]) > 5
        assert len([block for block in found if block.kind == "Caption"]) > 1
        for block, following in zip(found, [*found[1:], None], strict=True):
            if block.kind in ("H1", "H2", "H3", "H4", "Caption"):
                assert following is not None, block
                assert following.page == block.page, (report.rapport_id, block)


def test_headings_skip_no_level_and_there_is_one_title(closed: Closed) -> None:
    for report in closed.reports:
        levels = [
            int(block.kind[1])
            for block in blocks(closed.read(report.kod, ".pdf"))
            if re.fullmatch("H[1-6]", block.kind)
        ]
        assert levels.count(1) == 1
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def sheets(closed: Closed, kod: str) -> Iterator[tuple[str, Any]]:
    """The table sheets of an appendix by caption."""
    book = openpyxl.load_workbook(io.BytesIO(closed.read(kod, ".xlsx")))
    for sheet in book.worksheets:
        if str(sheet.cell(4, 1).value or "") and sheet.freeze_panes == "B5":
            yield str(sheet.cell(1, 1).value), sheet


def test_the_appendix_holds_the_tables_of_the_pdf_cell_by_cell(closed: Closed) -> None:
    compared = 0
    for report in closed.reports:
        printed = {table.caption: table for table in tables(closed.read(report.kod, ".pdf"))}
        for caption, sheet in sheets(closed, report.kod):
            (table,) = [table for text, table in printed.items() if text.startswith(f"{caption} ")]
            width = len(table.head)
            heads = [plain(sheet.cell(4, column).value) for column in range(1, width + 1)]
            assert heads == [_unbroken(text) for text in table.head]
            for row, (label, cells) in enumerate(table.rows, 5):
                assert _bare(str(sheet.cell(row, 1).value)) == _bare(label)
                for column, text in enumerate(cells, 2):
                    assert as_shown(sheet.cell(row, column)) == text.replace("\u2013 ", "\u2013"), (
                        report.rapport_id,
                        caption,
                        label,
                    )
                    compared += text != ""
            assert sheet.print_area.replace("$", "").split("!")[-1].startswith(f"A1:{get_column_letter(width)}")
    assert compared > 500


def _unbroken(text: str) -> str:
    """A head of the PDF without the hyphen that broke its line."""
    return re.sub(r"[\u2010\x02\u00ad] ?", "", text)


def _bare(label: str) -> str:
    """A row's name and note alike: the note stands in brackets (xlsx) or on lines of its own (PDF), broken after a hyphen too."""
    return re.sub(r"[-\u2010\x02\u00ad] ?", " ", re.sub(r"[()]", "", plain(label)))


def as_shown(cell: Any) -> str:
    """What a spreadsheet program shows: the exact value rounded half away from zero by the cell's format."""
    if not isinstance(cell.value, int | float):
        return "" if cell.value is None else str(cell.value)
    form = cell.number_format
    decimals = len(form.partition(".")[2])
    value = Decimal(repr(cell.value))
    rounded = (abs(value) + Decimal(5).scaleb(-decimals - 1)).quantize(
        Decimal(1).scaleb(-decimals), rounding="ROUND_DOWN"
    )
    sign = "" if not rounded else MINUS if value < 0 else "+" if form.startswith("+") else ""
    return sign + f"{rounded:,}".replace(",", " ").replace(".", ",")


def test_every_number_of_the_appendix_has_an_id_that_holds_exactly_that_number(closed: Closed) -> None:
    with open_workplace(closed.hem) as workplace:
        frame = workplace.store.load_figures(closed.closing.id)
        turned = {enhet.kod for enhet in workplace.kommun.enheter if enhet.investering_visas == "utgift_negativ"}
    figures = {figure.figure_id: figure for figure in from_frame(frame)}
    checked = 0
    for report in closed.reports:
        for _, sheet in sheets(closed, report.kod):
            unit = str(sheet.cell(2, 1).value).partition(".")[0]
            width = next(c for c in range(2, 30) if str(sheet.cell(4, c).value).startswith("Siffer-id: ")) - 1
            for row in range(5, sheet.max_row + 1):
                for column in range(2, width + 1):
                    value, name = sheet.cell(row, column).value, sheet.cell(row, column + width - 1).value
                    if value in (None, "") or (isinstance(value, str) and not name):
                        assert not name
                        continue
                    if value == "visas inte":
                        assert figures[name].matt == "personal"
                        continue
                    figure = figures[name]
                    exact = _exact(figure, unit, turned if report.kod else set())
                    shown = _value(value)
                    if figure.matt == "arsarbetare" and shown is not None and exact is not None:
                        assert abs(shown - exact) <= Decimal("0.05"), (
                            report.rapport_id,
                            name,
                        )  # shown with one decimal
                    else:
                        assert shown == exact, (report.rapport_id, name)
                    checked += 1
    assert checked > 500


def _value(value: Any) -> Decimal | None:
    return None if value == "uppgift saknas" else Decimal(repr(value))


def _exact(figure: Figure, unit: str, turned: set[str]) -> Decimal | None:
    """The figure in the table's unit, with the sign that the table shows."""
    if figure.varde is None:
        return None
    is_turned = (
        figure.matt == "investeringar" and figure.enhet in turned and not figure.serie.startswith(("avvik", "andring"))
    )
    value = Decimal(-figure.varde if is_turned else figure.varde)
    if figure.enhet_matt != "ore":
        return value.scaleb(-figure.decimaler)
    return value.scaleb({"kr": -2, "tkr": -5, "mnkr": -8}[unit])
