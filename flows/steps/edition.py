"""Step 7b: the settled report as files: the same content as the draft, with its state, signatures and the log's head on it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from zoneinfo import ZoneInfo

from adapters.publication import Publication
from adapters.rendering import render_archive_pdf, render_report
from adapters.store import ReportRecord
from adapters.tjansteskrivelse import write_tjansteskrivelse
from flows.steps.approve import standing, view_of
from flows.workplace import Workplace, load_wording
from transforms.approval import Lagesbild, OrdningsFel, Signatur, Tillstand
from transforms.audit_chain import Huvud, Lank
from transforms.tjansteskrivelse import build_tjansteskrivelse
from transforms.view_types import Lage

EVENT = "utgava_gjord"
LETTER_SUFFIX = ".docx"
"""The tjänsteskrivelse, for the nämnd's office."""
ARCHIVE_SUFFIX = "-arkiv.pdf"
"""The report as PDF/A-2a, for the diarium."""


@dataclass(frozen=True, slots=True)
class Utgava:
    """The files of a settled report. ``filer``: sha256 in the object store by file name. ``adress``: what its PDF's links begin with."""

    rapport_id: str
    titel: str
    period: str
    period_text: str
    version: int
    innehallshash: str
    tillstand: str
    logghuvud: str
    adress: str
    filhash: str
    filer: Mapping[str, str]


def make_edition(workplace: Workplace, report: ReportRecord, now: dt.datetime, bild: Lagesbild | None = None) -> Utgava:
    """The edition that the report's settlement gives; made once, and laid out in the home each time.

    Args:
        bild: where the report stands, when that has been read from the log already.

    Raises:
        OrdningsFel: E935, the report is not settled.
    """
    bild = standing(workplace, report) if bild is None else bild
    if bild.faststalld is None:
        raise OrdningsFel("E935 Rapporten är inte fastställd, så det finns inget att lägga fram eller sända.")
    lage = state_shown(workplace, report, bild)
    edition = _known(workplace, report, lage) or _make(workplace, report, lage, now)
    _lay_out(workplace, edition)
    return edition


def state_shown(workplace: Workplace, report: ReportRecord, bild: Lagesbild) -> Lage:
    """What the settled report says of its state: all that differs from the draft."""
    if bild.granskad is None or bild.faststalld is None:
        return Lage(bild.tillstand.value, report.version, report.innehallshash)
    is_corrected = bild.utsand_version is not None
    settled = next(link for link in workplace.store.journal(bild.faststalld.steg) if link.nr == bild.faststalld.nr)
    return Lage(
        (Tillstand.RATTAD if is_corrected else Tillstand.FASTSTALLD).value,
        report.version,
        report.innehallshash,
        signaturer=(_signed(workplace, "Granskad", bild.granskad), _signed(workplace, "Fastställd", bild.faststalld)),
        logghuvud=str(Huvud(settled.nr, settled.hash)),
        adress=version_address(workplace, report),
    )


def version_address(workplace: Workplace, report: ReportRecord) -> str:
    """Where this version of the report lies for others, whatever comes after it; '' where nothing is published on the web."""
    base = workplace.hem.publik_adress
    return f"{base}/{report.period}/v{report.version}" if base else ""


def _signed(workplace: Workplace, what: str, signatur: Signatur) -> str:
    local = signatur.tid.astimezone(ZoneInfo(workplace.kommun.kalender.tidszon))
    return f"{what} {local:%Y-%m-%d kl. %H.%M} av {signatur.roll} ({signatur.anvandare})"


def _known(workplace: Workplace, report: ReportRecord, lage: Lage) -> Utgava | None:
    for link in reversed(workplace.store.journal(EVENT)):
        edition = edition_told(link)
        same = (edition.rapport_id, edition.version, edition.logghuvud, edition.tillstand, edition.adress)
        is_same = same == (report.rapport_id, report.version, lage.logghuvud, lage.tillstand, lage.adress)
        if is_same and (f"{report.rapport_id}{ARCHIVE_SUFFIX}" in edition.filer) == bool(workplace.hem.diarium):
            return edition
    return None


def edition_told(link: Lank) -> Utgava:
    """The edition that an event tells of."""
    return Utgava(**{name: link.detaljer[name] for name in Utgava.__dataclass_fields__})


def _make(workplace: Workplace, report: ReportRecord, lage: Lage, now: dt.datetime) -> Utgava:
    view = view_of(workplace, report)
    files = render_report(view, lage)
    letter = build_tjansteskrivelse(view, lage, workplace.kommun, load_wording("leverans"))
    contents = {
        **files.named(view.id),
        f"tjansteskrivelse-{view.id}.docx": write_tjansteskrivelse(letter),
    }
    if workplace.hem.diarium:
        contents[f"{view.id}{ARCHIVE_SUFFIX}"] = render_archive_pdf(view, lage)
    filer = {name: workplace.objects.put(content) for name, content in contents.items()}
    filhash = hashlib.sha256("\n".join(filer.values()).encode()).hexdigest()
    edition = Utgava(
        rapport_id=report.rapport_id,
        titel=view.titel,
        period=report.period,
        period_text=view.period_text,
        version=report.version,
        innehallshash=report.innehallshash,
        tillstand=lage.tillstand,
        logghuvud=lage.logghuvud,
        adress=lage.adress,
        filhash=filhash,
        filer=filer,
    )
    workplace.store.record_event(now, EVENT, {**asdict(edition), "report_id": report.id})
    return edition


def _lay_out(workplace: Workplace, edition: Utgava) -> None:
    folder = Publication(str(workplace.hem.faststallda(edition.period)))
    for name, key in edition.filer.items():
        folder.lay(name, workplace.objects.get(key))
