"""Rendering: a finished view becomes HTML, trail page, PDF and xlsx appendix. The same input gives the same bytes.

Jinja2, openpyxl and WeasyPrint are imported when something is rendered, not before.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from adapters.rendering.errors import RenderingError
from adapters.rendering.pool import RenderPool
from transforms.view_types import Lage, Rapport

__all__ = ["RenderPool", "RenderedReport", "RenderingError", "render_archive_pdf", "render_report", "style_hash"]

_TEMPLATES = Path(__file__).resolve().parents[2] / "report_templates"
_ENGINES = ("jinja2", "openpyxl", "pydyf", "weasyprint")
_LETTERS = (
    "kvittens.*",
    "tavla.*",
    "utskick.*",
    "sparsida.*",
    "leverans.*",
    "publicering.*",
    "jamforelse.*",
    "granskning.*",
)
"""Templates of what no report holds: another receipt, board, mail, spårsida, comparison or package is not another report."""
_GENERATION = 1
"""Raised when this package comes to write other bytes for the same view."""


@dataclass(frozen=True, slots=True)
class RenderedReport:
    """The four files of a report."""

    html: bytes
    spar_html: bytes
    pdf: bytes
    xlsx: bytes

    def named(self, rapport_id: str) -> dict[str, bytes]:
        """The files by name, in the order of ``adapters.store.NewReport.filer``."""
        return {
            f"{rapport_id}.pdf": self.pdf,
            f"{rapport_id}.html": self.html,
            f"{rapport_id}-spar.html": self.spar_html,
            f"{rapport_id}.xlsx": self.xlsx,
        }


def style_hash() -> str:
    """sha256 over the reports' templates, styles, wording and fonts, and the versions of what turns them into files.

    A part of what is signed: another look is another report.
    """
    digest = hashlib.sha256(f"generation {_GENERATION}\n".encode())
    for package in _ENGINES:
        digest.update(f"{package} {version(package)}\n".encode())
    for path in sorted(path for path in _TEMPLATES.rglob("*") if path.is_file() and not _is_letter(path)):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(_TEMPLATES).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def _is_letter(path: Path) -> bool:
    return any(path.match(pattern) for pattern in _LETTERS)


def _utc(rapport: Rapport) -> str:
    """The time of the newest input as 2026-05-08T07:14:00Z."""
    try:
        time = dt.datetime.fromisoformat(rapport.underlag_tid)
    except ValueError as error:
        raise RenderingError("R101", rapport.id, f"underlag_tid {rapport.underlag_tid!r} är ingen tid.") from error
    if time.tzinfo is None:
        raise RenderingError("R101", rapport.id, f"underlag_tid {rapport.underlag_tid!r} saknar tidszon.")
    return time.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def render_report(rapport: Rapport, lage: Lage) -> RenderedReport:
    """All four files of one report. A second or two; use ``RenderPool`` for many.

    Raises:
        RenderingError: the view is wrong or an engine complained; nothing is handed out.
    """
    from adapters.rendering import appendix, html, pdf  # a second to import

    html.check(rapport)
    time = _utc(rapport)
    xlsx = appendix.render_xlsx(rapport, lage, time)
    paper = pdf.render_pdf(rapport, lage, html.render_html(rapport, lage, "tryck"), xlsx, time)
    check_numbers(paper, rapport, lage)
    return RenderedReport(
        html=html.render_html(rapport, lage, "webb"),
        spar_html=html.render_spar(rapport, lage),
        pdf=paper,
        xlsx=xlsx,
    )


def check_numbers(paper: bytes, rapport: Rapport, lage: Lage) -> None:
    """Read the finished PDF back and account for every number in it.

    Raises:
        RenderingError: R108, a number is no known figure, page number, text of the view or written text in its span.
    """
    from adapters.rendering import html, readback
    from transforms.passport import unaccounted

    try:
        pages, pieces = readback.read_back(paper)
    except readback.UnreadablePdf as error:
        raise RenderingError("R108", rapport.id, f"{error}.") from error
    lost = unaccounted(pieces, pages, rapport, lage, html.printable_text)
    if lost:
        what = f" (säger sig visa {lost[0].siffra})" if lost[0].siffra else ""
        raise RenderingError(
            "R108",
            rapport.id,
            f"”{lost[0].text.strip()}” på sidan {lost[0].sida}{what} går inte att härleda ({len(lost)} sådana).",
        )


def render_archive_pdf(rapport: Rapport, lage: Lage) -> bytes:
    """The report as PDF/A-2a for the archive: the same pages, with nothing attached (the xlsx is kept beside it).

    Raises:
        RenderingError: as ``render_report``.
    """
    from adapters.rendering import html, pdf

    html.check(rapport)
    page = html.render_html(rapport, lage, "tryck")
    return pdf.render_pdf(rapport, lage, page, None, _utc(rapport), variant=pdf.ARCHIVE_VARIANT)
