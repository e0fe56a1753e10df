"""Steps 1 and 2, collect and read: bytes are stored unchanged, registered, and read by key. Nothing is ever written over."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from adapters.inbox import InboxFile, list_inbox, read
from adapters.store import ReturRecord
from adapters.workbook_reader.child import read_workbook_safely
from data_contracts.contract import Contract
from data_contracts.findings import Finding, stops
from flows.workplace import Workplace
from transforms.conversion import (
    Converted,
    check_register_start,
    check_start,
    codes_without_zeros,
    convert,
    read_start,
    volume_decimals,
)
from transforms.interpretation import to_json
from transforms.period import Period
from transforms.raw_retur import RawCell, RawRetur
from transforms.template_rows import SVARAR_PA, missing_sheets

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Collected:
    """What one look into the inbox gave: ids of every workbook that lies there, and of those that are new."""

    seen: tuple[int, ...]
    new: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose workbook it is, by its cover sheet; None where the sheet does not tell. ``svarar_pa``: the sha256 that it answers."""

    contract: Contract
    forvaltning: str | None
    period: Period | None
    ar: int | None
    unit: str
    svarar_pa: str | None = None


def has_unseen(workplace: Workplace) -> bool:
    """Whether bytes that were never registered lie in the inbox. Nothing is read as a workbook, and nothing stored."""
    inbox, kommun = workplace.hem.inkorg, workplace.kommun.kod
    hashes = (hashlib.sha256(read(inbox, file.name)).hexdigest() for file in list_inbox(inbox))
    return any(workplace.store.find_retur(kommun, sha256) is None for sha256 in hashes)


def collect(workplace: Workplace, period: Period, now: dt.datetime) -> Collected:
    """Store and register every file of the inbox. The same bytes again are recognised; other bytes are a new version.

    A file that did not tell whose it is is read again each time: the förvaltning may have come into kommun.yaml since.

    Args:
        period: the month being closed, for files that do not tell their own.
    """
    seen: list[int] = []
    new: list[int] = []
    for file in list_inbox(workplace.hem.inkorg):
        content = read(workplace.hem.inkorg, file.name)
        record = workplace.store.find_retur(workplace.kommun.kod, hashlib.sha256(content).hexdigest())
        if record is None or not record.kedja_kand:
            workplace.objects.put(content)
            record = _register(workplace, file, content, period, now)
            if record.is_new:
                new.append(record.id)
        seen.append(record.id)
    return Collected(tuple(seen), tuple(new))


def _register(workplace: Workplace, file: InboxFile, content: bytes, period: Period, now: dt.datetime) -> ReturRecord:
    raw, identity = read_return(workplace, file.name, content)
    is_register = identity.contract is workplace.budgetregister
    record = workplace.store.register_retur(
        kommun=workplace.kommun.kod,
        forvaltning="" if is_register else identity.forvaltning,
        period="" if is_register else None if identity.period is None else str(identity.period),
        ar=identity.ar,
        kontrakt_id=identity.contract.id,
        fil=file.name,
        sha256=raw.sha256,
        storlek=len(content),
        mottagen=now,
        svarar_pa=identity.svarar_pa,
    )
    converted = interpret(workplace, raw, identity, period)
    _save_interpretation(workplace, record, converted)
    if not record.kedja_kand:
        workplace.store.stop_retur(record.id, converted.findings, tid=now)
    return record


def stray_findings(
    workplace: Workplace, seen: Iterable[int], period: Period, accepted: Container[str | None]
) -> tuple[tuple[ReturRecord, tuple[Finding, ...]], ...]:
    """Workbooks in the inbox that no chain of this period takes in, with their findings.

    Those whose sender or month can't be told; and those for another month, from a förvaltning that has none accepted for this one,
    unless a closing of their own month stands on them.
    """
    strays: list[tuple[ReturRecord, tuple[Finding, ...]]] = []
    for record in (workplace.store.retur(retur_id) for retur_id in seen):
        if not record.kedja_kand:
            strays.append((record, workplace.store.findings_for(record.id)))
        elif record.forvaltning and record.period != str(period) and record.forvaltning not in accepted:
            own = workplace.store.last_closing(workplace.kommun.kod, record.period or "")
            if own is None or record.id not in own.retur_ids:
                raw, identity = read_return(workplace, record.fil, workplace.objects.get(record.sha256))
                strays.append(
                    (record, check_start(raw, identity.contract, workplace.kommun, None, period, workplace.felkoder))
                )
    return tuple(strays)


def interpretation_of(workplace: Workplace, record: ReturRecord, period: Period) -> str:
    """Key in the object store of the return as read by this program; read again when the program or configuration has changed."""
    known = workplace.store.find_interpretation(record.id, workplace.program_key)
    if known is not None:
        return known
    content = workplace.objects.get(record.sha256)
    raw, identity = read_return(workplace, record.fil, content)
    return _save_interpretation(workplace, record, interpret(workplace, raw, identity, period))


def _save_interpretation(workplace: Workplace, record: ReturRecord, converted: Converted) -> str:
    key = workplace.objects.put(to_json(converted).encode())
    workplace.store.save_interpretation(record.id, workplace.program_key, key)
    return key


def read_return(workplace: Workplace, name: str, content: bytes) -> tuple[RawRetur, Identity]:
    """The workbook by the contract that its cover names."""
    raw = read_workbook_safely(content, name, workplace.manadsretur, workplace.felkoder)
    identity = _identify(workplace, read_start(raw))
    if identity.contract is not workplace.manadsretur:
        raw = read_workbook_safely(content, name, identity.contract, workplace.felkoder)
    return raw, identity


def _identify(workplace: Workplace, start: Mapping[str, RawCell]) -> Identity:
    def field(name: str) -> str:
        return start[name].text.strip() if name in start else ""

    contract = workplace.contract(field("kontrakt_id"))
    own = field("kommun_kod") == workplace.kommun.kod
    known = {forvaltning.kod: forvaltning for forvaltning in workplace.kommun.forvaltningar}
    forvaltning = known.get(field("forvaltning_kod")) if own else None
    try:
        period: Period | None = Period.parse(field("period"))
    except ValueError:
        period = None
    year = int(field("ar")) if own and contract is workplace.budgetregister and field("ar").isdecimal() else None
    unit = forvaltning.returenhet if forvaltning is not None else "tkr"
    answers = field(SVARAR_PA) if _SHA256.fullmatch(field(SVARAR_PA)) else None
    return Identity(contract, None if forvaltning is None else forvaltning.kod, period, year, unit, answers)


def interpret(workplace: Workplace, raw: RawRetur, identity: Identity, period: Period) -> Converted:
    """Frames and every finding of reading, cover and conversion."""
    awaited_year = identity.ar or (identity.period or period).year
    kommun, felkoder = workplace.kommun.for_year(awaited_year), workplace.felkoder
    found: tuple[Finding, ...] = raw.findings
    if identity.contract is workplace.budgetregister:
        awaited = Period(identity.ar, 12) if identity.ar is not None else period
        found += check_register_start(raw, identity.contract, kommun, awaited, felkoder)
    else:
        found += check_start(raw, identity.contract, kommun, None, identity.period or period, felkoder)
        if identity.forvaltning is not None and not stops(raw.findings):
            found += missing_sheets(raw, identity.contract, kommun, identity.forvaltning, felkoder["E120"])
    converted = convert(
        raw,
        identity.contract,
        felkoder,
        unit=identity.unit,
        decimals=volume_decimals(kommun),
        lost_zeros=codes_without_zeros(kommun),
    )
    return Converted(converted.frames, found + converted.findings)
