"""What is published of a period, laid out in a folder: built from the stored public views alone; and the internal reading of the trails.

Only settled reports are published; which, and when, is not decided here: whoever calls ``lay_out_public`` has the approval.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from adapters.publication import Publication
from adapters.rendering.html import render_spar
from adapters.rendering.index_page import render_index
from adapters.rendering.trail_pages import render_trail_pages
from adapters.store import Closing, ReportRecord, SandningStatus
from adapters.workbook_reader import StoredWorkbook
from flows.steps.approve import view_of
from flows.steps.edition import ARCHIVE_SUFFIX, LETTER_SUFFIX, Utgava, edition_told
from flows.steps.edition import EVENT as EDITION_MADE
from flows.ways import publication_at
from flows.workplace import Workplace
from transforms.open_data import figures_csv, figures_json
from transforms.publication_index import Indexpost, index_json
from transforms.view_types import Lage, Rapport, Spar
from transforms.views.trail_pages import Fyndrad, Inre, Sparbok, Utsnitt, build_book, page_name

PUBLICERING = "publicering"
"""The channel, as the outbox names it."""
TRAILS = "spar"
"""The folder of the spårsidor, beside the reports."""
INDEX_PAGE, INDEX_DATA = "index.html", "index.json"
_WORKBOOK = b"PK\x03\x04"
"""How a workbook begins; other sources of figures do not."""


@dataclass(frozen=True, slots=True)
class Publicerad:
    """One report that is published: what it shows, what its pages say of its state, and the sha256 of its files by name."""

    view: Rapport
    lage: Lage
    filer: Mapping[str, str]


def lay_out_public(
    workplace: Workplace, period: str, reports: Sequence[Publicerad], folder: Publication
) -> tuple[str, ...]:
    """The public files of a period under ``PERIOD/``: reports, appendices, trails, spårsidor and open data. The names, in order.

    A report has the same address in every version, and each version one of its own, ``PERIOD/v2/…``, that stays as it is. A file that
    is already right is left alone; a spårsida of a figure that is no more is removed, and nothing else is.

    Raises:
        PublicationFel: E950.
    """
    names = []
    for name, content in public_files(workplace, period, reports):
        folder.lay(f"{period}/{name}", content)
        names.append(name)
    for name in folder.names(f"{period}/{TRAILS}"):
        if f"{TRAILS}/{name}" not in names:
            folder.remove(f"{period}/{TRAILS}/{name}")
    return tuple(names)


def public_files(workplace: Workplace, period: str, reports: Sequence[Publicerad]) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every public file. PDF, page and appendix are the stored ones, byte for byte."""
    for report in reports:
        for name, key in report.filer.items():
            content = workplace.objects.get(key)
            yield f"v{report.lage.version}/{name}", content
            if not name.endswith("-spar.html"):
                yield name, content
        yield f"{report.view.id}-spar.html", render_spar(report.view, report.lage, folder=f"{TRAILS}/")
    book = build_book(report.view for report in reports)
    trails = tuple(book.spar.values())
    yield "siffror.json", figures_json(trails, book.kommun, period).encode("utf-8")
    yield "siffror.csv", figures_csv(trails).encode("utf-8")
    for name, content in render_trail_pages(book):
        yield f"{TRAILS}/{name}", content


def publish(workplace: Workplace, period: str, editions: Sequence[Utgava]) -> None:
    """Lay out the editions of a period, with those of it that lie there already, and the index of everything that is published.

    Raises:
        PublicationFel: E950.
    """
    folder = publication_at(workplace.hem, workplace.hem.publicering or "")
    records = {(one.rapport_id, one.version): one for one in workplace.store.all_reports(workplace.kommun.kod)}
    newest = {**_published(workplace), **{edition.rapport_id: edition for edition in editions}}
    kommun = workplace.kommun

    def own_first(edition: Utgava) -> tuple[bool, int]:
        place = kommun.plats(records[edition.rapport_id, edition.version].kod)
        return place < len(kommun.namnder), place

    everything = sorted(newest.values(), key=own_first)
    reports = [
        Publicerad(
            view_of(workplace, records[edition.rapport_id, edition.version]),
            Lage(edition.tillstand, edition.version, edition.innehallshash),
            {name: key for name, key in edition.filer.items() if not name.endswith((LETTER_SUFFIX, ARCHIVE_SUFFIX))},
        )
        for edition in everything
        if edition.period == period
    ]
    lay_out_public(workplace, period, reports, folder)
    fields = Indexpost.__dataclass_fields__
    poster = [Indexpost(**{name: getattr(edition, name) for name in fields}) for edition in everything]
    lay_out_index(workplace, poster, folder)


def _published(workplace: Workplace) -> dict[str, Utgava]:
    """The newest published edition of every report, by its id."""
    versions = {
        (one.rapport_id, one.version)
        for one in workplace.store.all_sendings(workplace.kommun.kod)
        if one.kanal == PUBLICERING and one.status is SandningStatus.LEVERERAD
    }
    told = map(edition_told, workplace.store.journal(EDITION_MADE))
    made = sorted((each for each in told if (each.rapport_id, each.version) in versions), key=lambda each: each.version)
    return {edition.rapport_id: edition for edition in made}


def lay_out_index(workplace: Workplace, poster: Sequence[Indexpost], folder: Publication) -> None:
    """The folder's own page and its list for machines: every published report, newest period first.

    Raises:
        PublicationFel: E950.
    """
    kommun = workplace.kommun
    folder.lay(INDEX_DATA, index_json(poster).encode("utf-8"))
    folder.lay(INDEX_PAGE, render_index(kommun.namn, kommun.marke, kommun.profil.accentfarg, tuple(poster)))


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
    records = sorted(workplace.store.reports_of(closing.id), key=lambda record: workplace.kommun.plats(record.kod))
    return [(record, view_of(workplace, record)) for record in records]


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
