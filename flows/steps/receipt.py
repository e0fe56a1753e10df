"""Receipts: every workbook gets one, and a rättelsebok where something stops or must be explained. Written, or made without storing."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from adapters.contract_files import all_codes
from adapters.rendering.receipt import receipt_html, receipt_look, receipt_text
from adapters.store import ReturRecord, ReturStatus
from adapters.workbook_fill import fill_template
from adapters.workbook_template.correction import write_correction
from adapters.working_days import days_off
from data_contracts.findings import Finding
from flows.steps.check import check_register, check_returns
from flows.steps.collect import Identity, read_return
from flows.steps.look_back import previous_closing
from flows.steps.template import prefill_of
from flows.steps.versions import ACCEPTED, why_it_counts
from flows.workplace import Workplace
from transforms.audit_chain import Lank
from transforms.correction import Written, plan_correction
from transforms.deadlines import deadlines
from transforms.period import Period
from transforms.raw_retur import RawRetur
from transforms.receipt import Frist, Kvittens, Received, build_receipt, needs_correction

EVENT = "kvittens_skriven"
UNKNOWN = "okand"


@dataclass(frozen=True, slots=True)
class WrittenReceipt:
    """The receipt of one registered workbook, laid out in the home.

    Attributes:
        brev, webbsida: paths of the letter and the page; ``rattelsebok``: None where nothing needs mending.
        is_new: False when the same receipt was written before.
    """

    retur_id: int
    brev: Path
    webbsida: Path
    rattelsebok: Path | None
    is_new: bool


def answer_new(workplace: Workplace, new: Iterable[int], now: dt.datetime) -> tuple[WrittenReceipt, ...]:
    """Judge the periods of new workbooks and write the receipts of the new ones."""
    records = [workplace.store.retur(retur_id) for retur_id in new]
    for year in sorted({record.ar for record in records if record.ar is not None}):
        check_register(workplace, Period(year, 12), now)
    for period in sorted({record.period for record in records if record.forvaltning and record.period}):
        check_returns(workplace, Period.parse(period), now)
    return write_receipts(workplace, [record.id for record in records], now)


def answer_period(
    workplace: Workplace, period: Period, seen: Iterable[int], now: dt.datetime
) -> tuple[WrittenReceipt, ...]:
    """The receipts of all that a closing judged: the period's returns, the year's register, and what nobody knows whose it is."""
    store, kommun = workplace.store, workplace.kommun.kod
    ids = [
        record.id for record in (*store.returns_for(kommun, str(period)), *store.register_chain(kommun, period.year))
    ]
    ids += [record.id for record in map(store.retur, seen) if not record.kedja_kand]
    return write_receipts(workplace, ids, now)


def write_receipts(workplace: Workplace, retur_ids: Iterable[int], now: dt.datetime) -> tuple[WrittenReceipt, ...]:
    """Receipts of judged workbooks, in the home and in the object store, each with a line in the journal.

    A receipt that stands on the same judgement, program and budget as the last one is taken from the object store, and a file that is
    already right is left alone. A rättelsebok that no longer applies is taken away.
    """
    written: dict[int, Lank] = {int(event.detaljer["retur_id"]): event for event in workplace.store.journal(EVENT)}
    receipts = []
    for retur_id in dict.fromkeys(retur_ids):
        record = workplace.store.retur(retur_id)
        if record.status is ReturStatus.MOTTAGEN:
            continue
        findings = workplace.store.findings_for(retur_id)
        key = _key(workplace, record, findings)
        last = written.get(retur_id)
        is_new = last is None or last.detaljer["nyckel"] != key
        if is_new or last is None:
            files = {name: workplace.objects.put(part) for name, part in _files(workplace, record, findings).items()}
            details = {"retur_id": retur_id, "version": record.version, "nyckel": key, "filer": files}
            workplace.store.record_event(now, EVENT, details)
        else:
            files = dict(last.detaljer["filer"])
        receipts.append(_lay_out(workplace, record, files, is_new=is_new))
    return tuple(receipts)


def _key(workplace: Workplace, record: ReturRecord, findings: Sequence[Finding]) -> str:
    """Hash of all that a receipt stands on."""
    parts = [workplace.program_key, receipt_look(), repr(replace(record, ersatt_av=None)), repr(findings)]
    parts += [_way(workplace, record), why_it_counts(workplace, record)]
    if record.forvaltning and record.period:
        period = Period.parse(record.period)
        register = workplace.store.current_register(workplace.kommun.kod, period.year)
        closing = previous_closing(workplace, period)
        parts += [register.sha256 if register else "", closing.fingerprint if closing else ""]
    return hashlib.sha256("\n".join(parts).encode("utf-8", "backslashreplace")).hexdigest()


def _files(workplace: Workplace, record: ReturRecord, findings: Sequence[Finding]) -> dict[str, bytes]:
    """The files of a receipt by name."""
    book = _stored_correction(workplace, record, findings)
    stem = stem_of(workplace, record.forvaltning, _month(record), record.sha256, record.ar)
    name = f"rattelsebok-{stem}-v{record.version}.xlsx" if book else ""
    kvittens = receipt_of(workplace, _received(workplace, record), findings, name)
    base = f"kvittens-{stem}-v{record.version}"
    files = {f"{base}.txt": receipt_text(kvittens).encode(), f"{base}.html": receipt_html(kvittens)}
    return {**files, name: book} if book else files


def _stored_correction(workplace: Workplace, record: ReturRecord, findings: Sequence[Finding]) -> bytes | None:
    if not (record.forvaltning and record.period and needs_correction(findings)):
        return None
    raw, identity = read_return(workplace, record.fil, workplace.objects.get(record.sha256))
    return correction_of(workplace, raw, identity, findings, record.forvaltning, Period.parse(record.period))


def correction_of(
    workplace: Workplace,
    raw: RawRetur,
    identity: Identity,
    findings: Sequence[Finding],
    forvaltning_kod: str,
    period: Period,
) -> bytes | None:
    """The rättelsebok of a return, or None when nothing of it could be read or nothing needs mending."""
    if not raw.tables or not needs_correction(findings):
        return None
    kommun = workplace.kommun.for_year(period.year)
    written = Written(identity.unit, identity.turned) if raw.blankett else None
    plan = plan_correction(raw, findings, workplace.manadsretur, kommun, forvaltning_kod, written)
    prefill = dict(prefill_of(workplace, forvaltning_kod, period))
    book = write_correction(plan.contract, kommun, forvaltning_kod, period, prefill, plan, all_codes())
    return fill_template(book, plan.contract, kommun, {})


def receipt_of(workplace: Workplace, received: Received, findings: Sequence[Finding], rattelsebok: str) -> Kvittens:
    """The receipt as it is read, with the day until when the return can be mended."""
    return build_receipt(received, findings, workplace.kommun, all_codes(), _frist(workplace, received), rattelsebok)


def _frist(workplace: Workplace, received: Received) -> Frist:
    """The due day of the return's period, and whether it had passed when the return came (never, for one only checked)."""
    if received.period is None or not received.forvaltning:
        return Frist("")
    years = (received.period.year - 1, received.period.year + 2)
    due = deadlines(workplace.kommun.kalender, received.period, days_off(*years))
    return Frist(due.senast_text, received.mottagen is not None and due.is_due(received.mottagen.replace(tzinfo=None)))


def stem_of(
    workplace: Workplace, forvaltning: str | None, period: Period | None, sha256: str, ar: int | None = None
) -> str:
    """What the file names of a receipt say: kommun, förvaltning and period; the register's year; or what is known of unknown bytes."""
    kommun = workplace.kommun.kod
    if ar is not None:
        return f"{kommun}-budgetregister-{ar}"
    if forvaltning and period:
        return f"{kommun}-{forvaltning.lower()}-{period}"
    return f"{kommun}-{UNKNOWN}-{sha256[:12]}"


def sender_name(workplace: Workplace, forvaltning: str | None, ar: int | None) -> str:
    """Who sent a workbook, in words."""
    if ar is not None:
        return f"Budgetregister {ar}"
    return workplace.kommun.forvaltning(forvaltning).namn if forvaltning else "Okänd avsändare"


def _received(workplace: Workplace, record: ReturRecord) -> Received:
    answered = workplace.store.answered(record.id)
    return Received(
        fil=record.fil,
        sha256=record.sha256,
        avsandare=sender_name(workplace, _known(workplace, record.forvaltning), record.ar),
        godkand=record.status in ACCEPTED,
        forvaltning=record.forvaltning or "",
        period=_month(record),
        version=record.version,
        mottagen=record.mottagen.astimezone(ZoneInfo(workplace.kommun.kalender.tidszon)),
        svarar_pa=f"version {answered[-1].version}, sha256 {answered[-1].sha256}" if answered else "",
        vag=_way(workplace, record),
        val=why_it_counts(workplace, record),
    )


def _way(workplace: Workplace, record: ReturRecord) -> str:
    """How a version first came: the way's name, and who mailed it."""
    arrivals = workplace.store.deliveries_of(record.id)
    if not arrivals:
        return ""
    first = arrivals[0]
    return f"{first.vag}, brev från {first.avsandare}" if first.by_mail else first.vag


def _known(workplace: Workplace, forvaltning: str | None) -> str | None:
    """The code, if the kommun still has that förvaltning."""
    return forvaltning if forvaltning in {own.kod for own in workplace.kommun.forvaltningar} else None


def _month(record: ReturRecord) -> Period | None:
    return Period.parse(record.period) if record.period else None


def _lay_out(workplace: Workplace, record: ReturRecord, files: Mapping[str, str], *, is_new: bool) -> WrittenReceipt:
    """The files of a receipt in the home; a rättelsebok of the same version that it no longer has is removed."""
    folder = workplace.hem.kvittenser(record.period or (str(record.ar) if record.ar is not None else UNKNOWN))
    folder.mkdir(parents=True, exist_ok=True)
    paths: dict[str, Path] = {}
    for name, key in files.items():
        path = folder / name
        content = workplace.objects.get(key)
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)
        paths[path.suffix] = path
    book = paths.get(".xlsx")
    if book is None:
        stem = paths[".txt"].stem.replace("kvittens-", "rattelsebok-", 1)
        (folder / f"{stem}.xlsx").unlink(missing_ok=True)
    return WrittenReceipt(record.id, paths[".txt"], paths[".html"], book, is_new)
