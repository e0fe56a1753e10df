"""What is sent of a settled report: the mail with its page, and the package for the diarium."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass

from adapters.mail import Bilaga, Brev
from adapters.rendering.letter_page import render_letter
from adapters.store import ReportRecord, SandningStatus
from adapters.zip_package import packed
from flows.steps.approve import differences_between, version_of, view_of
from flows.steps.edition import ARCHIVE_SUFFIX, Utgava, state_shown
from flows.ways import publication_at
from flows.workplace import Workplace, load_wording
from transforms.approval import BEDOMNING, BESLUT, Lagesbild
from transforms.audit_chain import Huvud, canonical
from transforms.delivery_letter import write_delivery
from transforms.report_diff import Skillnad, difference_lines
from transforms.view_types import Lage, Rapport

PDF = "application/pdf"
_MB = 1_000_000
_SHOWN = 5
"""Differences of a kind that a dry run shows."""


@dataclass(frozen=True, slots=True)
class Forsandelse:
    """One settled report, ready to be sent."""

    report: ReportRecord
    edition: Utgava
    view: Rapport
    lage: Lage


def parcel_of(workplace: Workplace, report: ReportRecord, edition: Utgava, bild: Lagesbild) -> Forsandelse:
    """The report with what it shows, and what its edition says of its state."""
    lage = state_shown(workplace, report, bild)
    return Forsandelse(report, edition, view_of(workplace, report), lage)


def letter_of(
    workplace: Workplace, parcel: Forsandelse, mottagare: str, nyckel: str, head: Huvud, tid: dt.datetime
) -> Brev:
    """The mail to one recipient: a summary as text and page, the PDF when it is not too large, and what has changed since theirs.

    Args:
        head: the audit log's head when the mail was taken to be sent.
    """
    name = f"{parcel.report.rapport_id}.pdf"
    pdf = workplace.objects.get(parcel.edition.filer[name])
    address = address_of(workplace, parcel)
    is_attached = len(pdf) <= workplace.hem.bilaga_max_mb * _MB or not address
    said = write_delivery(
        parcel.view,
        parcel.lage,
        load_wording("leverans"),
        adress=address,
        bifogad=is_attached,
        logghuvud=str(head),
        skillnad=correction_for(workplace, parcel, mottagare),
    )
    attached = (Bilaga(name, pdf, PDF),) if is_attached else ()
    page = render_letter(said, workplace.kommun.profil.accentfarg)
    return Brev(mottagare, said.amne, said.text, nyckel, tid, attached, html=page)


def foreseen(workplace: Workplace, parcel: Forsandelse, mottagare: str, now: dt.datetime) -> tuple[str, ...]:
    """What the mail to one recipient would be, a line each: subject, what is attached or linked, and what has changed since theirs."""
    letter = letter_of(workplace, parcel, mottagare, "0" * 32, workplace.store.log_head(), now)
    lines = [f"Ämne: {letter.amne}"]
    lines += [f"Bifogas: {one.namn}, {max(1, round(len(one.innehall) / 1000))} kB" for one in letter.bilagor]
    address = address_of(workplace, parcel)
    lines += [f"Länk: {address}"] if address else []
    changed = correction_for(workplace, parcel, mottagare)
    return (*lines, *(() if changed is None else difference_lines(changed, _SHOWN)))


def correction_for(workplace: Workplace, parcel: Forsandelse, mottagare: str) -> Skillnad | None:
    """What differs from the newest version that this recipient has got; None when it has got none."""
    got = [
        one.version
        for one in workplace.store.sendings_for(workplace.kommun.kod, parcel.report.period)
        if one.rapport_id == parcel.report.rapport_id
        and one.mottagare == mottagare
        and one.version < parcel.report.version
        and one.status in (SandningStatus.LEVERERAD, SandningStatus.OSAKER)
    ]
    earlier = version_of(workplace, parcel.report, max(got)) if got else None
    return None if earlier is None else differences_between(workplace, earlier, parcel.report)


def address_of(workplace: Workplace, parcel: Forsandelse) -> str:
    """Where the report's page is read by others, the same for every version; '' where nothing is published on the web."""
    base, report = workplace.hem.publik_adress, parcel.report
    return f"{base}/{report.period}/{report.rapport_id}.html" if base else ""


def archive(workplace: Workplace, parcel: Forsandelse) -> None:
    """The diarieföringspaket as one ZIP: PDF/A-2a, xlsx and tjänsteskrivelse beside it, metadata and checksums.

    Raises:
        PublicationFel: E950.
    """
    report = parcel.report
    name = f"{report.period}/{report.rapport_id}-v{report.version}.zip"
    publication_at(workplace.hem, workplace.hem.diarium or "").lay(name, archive_package(workplace, parcel))


def archive_package(workplace: Workplace, parcel: Forsandelse) -> bytes:
    """The package's bytes: the same for the same report and decisions."""
    report, filer = parcel.report, parcel.edition.filer
    archived = f"{report.rapport_id}{ARCHIVE_SUFFIX}"
    contents = {f"{report.rapport_id}.pdf": workplace.objects.get(filer[archived])}
    for name, key in filer.items():
        if name.endswith((".xlsx", ".docx")):
            contents[name] = workplace.objects.get(key)
    contents["metadata.json"] = _metadata(workplace, parcel, parcel.lage.signaturer)
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(contents.items()))
    contents["sha256sums.txt"] = sums.encode()
    return packed(contents)


def _metadata(workplace: Workplace, parcel: Forsandelse, signatures: tuple[str, ...]) -> bytes:
    """What the registrator needs, and what ties the package to the audit log. Names of files, roles; no raw content."""
    report, view = parcel.report, parcel.view
    decisions = [
        {
            "slag": link.vad,
            **{name: str(link.detaljer[name]) for name in sorted({"organ", "datum", "paragraf"} & set(link.detaljer))},
        }
        for link in workplace.store.journal()
        if link.vad in (BESLUT, BEDOMNING) and link.detaljer.get("innehallshash") == report.innehallshash
    ]
    data = {
        "arende": view.titel,
        "handlingstyp": view.slag,
        "kommun": workplace.kommun.namn,
        "kommunkod": workplace.kommun.kommunkod,
        "namnd": view.namn,
        "period": report.period,
        "version": report.version,
        "tillstand": parcel.edition.tillstand,
        "innehallshash": report.innehallshash,
        "filhash": parcel.edition.filhash,
        "logghuvud": parcel.edition.logghuvud,
        "signaturer": list(signatures),
        "beslut": decisions,
        "sprak": "sv",
    }
    return (json.dumps(json.loads(canonical(data)), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
