"""What is published of a closing, laid out in a folder: built from the stored public views alone; and the internal reading of the trails.

Who may publish, and when, is not decided here: whoever calls ``lay_out_public`` has the approval.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from pydantic import TypeAdapter

from adapters.rendering.html import render_spar
from adapters.rendering.trail_pages import render_trail_pages
from adapters.store import Closing, ReportRecord
from adapters.workbook_reader import StoredWorkbook
from flows.workplace import Workplace
from transforms.open_data import figures_csv, figures_json
from transforms.view_types import Lage, Rapport, Spar
from transforms.views.trail_pages import Fyndrad, Inre, Sparbok, Utsnitt, build_book, page_name

TRAILS = "spar"
"""The folder of the spårsidor, beside the reports."""
_WORKBOOK = b"PK\x03\x04"
"""How a workbook begins; other sources of figures do not."""


def lay_out_public(workplace: Workplace, closing: Closing, folder: Path) -> tuple[str, ...]:
    """The public files of a closing in ``folder``: reports, appendices, trails, spårsidor and open data. The names, in order.

    A file that is already right is left alone; a spårsida of a figure that is no more is removed.
    """
    reports = _reports(workplace, closing)
    return _lay_out(folder, public_files(workplace, closing, reports))


def public_files(
    workplace: Workplace, closing: Closing, reports: list[tuple[ReportRecord, Rapport]]
) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every public file. PDF, page and appendix are the stored ones, byte for byte."""
    for record, view in reports:
        for suffix, key in ((".pdf", record.pdf_sha256), (".html", record.html_sha256), (".xlsx", record.xlsx_sha256)):
            yield f"{record.rapport_id}{suffix}", workplace.objects.get(key)
        yield f"{record.rapport_id}-spar.html", render_spar(view, _lage(record), folder=f"{TRAILS}/")
    book = build_book(view for _, view in reports)
    trails = tuple(book.spar.values())
    yield "siffror.json", figures_json(trails, book.kommun, closing.period).encode("utf-8")
    yield "siffror.csv", figures_csv(trails).encode("utf-8")
    for name, content in render_trail_pages(book):
        yield f"{TRAILS}/{name}", content


def lay_out_internal(workplace: Workplace, closing: Closing, folder: Path) -> tuple[str, ...]:
    """The internal reading in ``folder``: each report's page, whose numbers lead straight to spårsidor that show the cells.

    Raises:
        ObjektFel: E901, E902, the bytes of a return are not there or have been changed.
    """
    reports = _reports(workplace, closing)
    return _lay_out(folder, internal_files(workplace, closing, reports))


def internal_files(
    workplace: Workplace, closing: Closing, reports: list[tuple[ReportRecord, Rapport]]
) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every file of the internal reading, for the economy office and the package of revisorerna."""
    book = build_book((view for _, view in reports), _inner(workplace, closing, reports))
    for record, view in reports:
        page = workplace.objects.get(record.html_sha256).decode("utf-8")
        yield f"{record.rapport_id}.html", _straight(page, view, book).encode("utf-8")
        yield f"{record.rapport_id}-spar.html", render_spar(view, _lage(record), folder=f"{TRAILS}/")
        for suffix, key in ((".pdf", record.pdf_sha256), (".xlsx", record.xlsx_sha256)):
            yield f"{record.rapport_id}{suffix}", workplace.objects.get(key)
    for name, content in render_trail_pages(book):
        yield f"{TRAILS}/{name}", content


def _straight(page: str, view: Rapport, book: Sparbok) -> str:
    """The report's page with each number's link to its own spårsida instead of its place on the report's trail page."""

    def own_page(match: re.Match[str]) -> str:
        figure_id = unquote(match[1])
        return f'href="{TRAILS}/{page_name(figure_id)}"' if figure_id in book.spar else match[0]

    return re.sub(rf'href="{re.escape(view.id)}-spar\.html#([^"]*)"', own_page, page)


def _reports(workplace: Workplace, closing: Closing) -> list[tuple[ReportRecord, Rapport]]:
    """The closing's reports with their stored views, in the order of the kommun's nämnder, the kommun's own last."""
    order = {namnd.kod: place for place, namnd in enumerate(workplace.kommun.namnder)}
    records = sorted(workplace.store.reports_of(closing.id), key=lambda record: order.get(record.kod, len(order)))
    adapter = TypeAdapter(Rapport)
    return [(record, adapter.validate_json(workplace.objects.get(record.view_json))) for record in records]


def _lage(record: ReportRecord) -> Lage:
    return Lage(record.tillstand, record.version, record.innehallshash)


def _inner(workplace: Workplace, closing: Closing, reports: Iterable[tuple[ReportRecord, Rapport]]) -> Inre:
    """The cells of every entered figure among their neighbours, and all findings of the returns."""
    findings = {
        record.sha256: tuple(
            Fyndrad(
                found.code, found.severity.value, found.message, f"{found.sheet}!{found.cell}" if found.cell else ""
            )
            for found in workplace.store.findings_for(record.id)
        )
        for record in map(workplace.store.retur, closing.retur_ids)
    }
    entered = {spar.figure_id: spar for _, view in reports for spar in view.spar if spar.plats}
    return Inre(_cells(workplace, entered), findings)


def _cells(workplace: Workplace, entered: Mapping[str, Spar]) -> dict[str, Utsnitt]:
    """The surroundings of every figure that stands in a cell of a workbook; other sources (csv, ledger, Kolada) have none."""
    books: dict[str, StoredWorkbook | None] = {}
    cells: dict[str, Utsnitt] = {}
    for figure_id, spar in entered.items():
        if spar.retur not in books:
            content = workplace.objects.get(spar.retur)
            books[spar.retur] = StoredWorkbook(content) if content.startswith(_WORKBOOK) else None
        book = books[spar.retur]
        if book is not None:
            sheet, _, cell = spar.plats.rpartition("!")
            cells[figure_id] = book.surroundings(sheet, cell)
    return cells


def _lay_out(folder: Path, files: Iterable[tuple[str, bytes]]) -> tuple[str, ...]:
    """Write the files and leave those that are right. A spårsida that is not of them is removed; other files are others' own."""
    (folder / TRAILS).mkdir(parents=True, exist_ok=True)
    names: list[str] = []
    for name, content in files:
        path = folder / name
        if not path.is_file() or path.read_bytes() != content:
            fresh = path.with_name(f".{path.name}.{os.getpid()}.tmp")
            fresh.write_bytes(content)
            fresh.replace(path)
        names.append(name)
    kept = {folder / name for name in names}
    for path in (folder / TRAILS).iterdir():
        if path not in kept:
            path.unlink()
    return tuple(names)
