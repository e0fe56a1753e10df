"""Steps 1 and 2, collect and read: bytes are stored unchanged, registered, and read by key. Nothing is ever written over."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import deque
from collections.abc import Container, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from adapters.csv_reader import looks_like_csv, read_csv
from adapters.inbox import InkorgsFel
from adapters.mailbox import BrevladeFel
from adapters.store import ReturRecord, ReturStatus
from adapters.workbook_reader.child import read_book_safely, read_workbook_safely
from data_contracts.contract import Contract
from data_contracts.findings import Finding, stops
from data_contracts.vagar import BrevladaVag, Vag
from flows.steps.arrive import Arrival, Fresh, Known, Left, LetterEnd, arrived, remember, remember_letter
from flows.steps.ledger import collect_ledger, has_unseen_ledger
from flows.ways import HemlighetsFel
from flows.workplace import Workplace
from transforms.blankett_reading import BlankettRetur, read_blankett
from transforms.blankett_signs import Turned, turn_signs
from transforms.conversion import (
    Converted,
    check_books_start,
    check_register_start,
    check_start,
    codes_without_zeros,
    convert,
    read_start,
    volume_decimals,
)
from transforms.interpretation import from_json, to_json
from transforms.period import Period
from transforms.raw_retur import RawCell, RawRetur
from transforms.senders import sender_findings
from transforms.template_rows import SVARAR_PA, missing_sheets

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Collected:
    """What one look at every way in gave: ids of every workbook that lies there, of those to be judged, and what was left alone."""

    seen: tuple[int, ...]
    new: tuple[int, ...]
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose workbook it is, by its cover sheet; None where the sheet does not tell. ``svarar_pa``: the sha256 that it answers.

    ``own``: it names this kommun.
    """

    contract: Contract
    forvaltning: str | None
    period: Period | None
    ar: int | None
    unit: str
    svarar_pa: str | None = None
    own: bool = False
    turned: Turned = frozenset()


_Reading = tuple[RawRetur, Identity]


def has_unseen(workplace: Workplace) -> bool:
    """Whether something that was never taken in lies at the end of any way. Nothing is read as a workbook."""
    kommun = workplace.kommun.kod
    if has_unseen_ledger(workplace):
        return True
    return any(
        isinstance(one, Fresh) and workplace.store.find_retur(kommun, hashlib.sha256(one.content).hexdigest()) is None
        for vag in workplace.hem.alla_vagar
        for one in arrived(workplace, vag)
    )


def collect(workplace: Workplace, period: Period, now: dt.datetime) -> Collected:
    """Store and register everything that has arrived by any way. The same bytes again are recognised; other bytes are a new version.

    A file that did not tell whose it is is read again each time: the förvaltning may have come into kommun.yaml since.

    Args:
        period: the month being closed, for files that do not tell their own.

    Raises:
        InkorgsFel, BrevladeFel, HemlighetsFel: E903, E911–E913, a way can't be read; all that the others have is taken in by then.
    """
    collected, fault = collect_reachable(workplace, period, now)
    if fault is not None:
        raise fault
    return collected


def collect_reachable(
    workplace: Workplace, period: Period, now: dt.datetime
) -> tuple[Collected, InkorgsFel | BrevladeFel | HemlighetsFel | None]:
    """As ``collect``, with what the ways that can be read have, and the fault of the first that can't."""
    seen: list[int] = []
    new: list[int] = []
    left: list[str] = []
    fault: InkorgsFel | BrevladeFel | HemlighetsFel | None = None
    for vag in workplace.hem.alla_vagar:
        try:
            for one, reading in _read_ahead(workplace, vag):
                if isinstance(one, LetterEnd):
                    remember_letter(workplace, one, now)
                if isinstance(one, LetterEnd | Left):
                    left.extend([one.text] if one.text else [])
                    continue
                record = _taken_in(workplace, one, reading, period, now)
                seen.append(record.id)
                if record.is_new or record.status is ReturStatus.MOTTAGEN:
                    new.append(record.id)
        except (InkorgsFel, BrevladeFel, HemlighetsFel) as error:
            fault = fault or error
    collect_ledger(workplace, now)
    return Collected(tuple(seen), tuple(dict.fromkeys(new)), tuple(left)), fault


def _read_ahead(workplace: Workplace, vag: Vag) -> Iterator[tuple[Arrival, Future[_Reading] | None]]:
    """What lies at the end of a way, in order. New files are read by several processes ahead of whoever asks.

    Not in a mailbox, where what is taken in of one mail decides how the next is answered.
    """
    processes = workplace.hem.processer
    most = 0 if isinstance(vag, BrevladaVag) else 2 * processes
    ahead: deque[tuple[Arrival, Future[_Reading] | None]] = deque()
    fault: InkorgsFel | BrevladeFel | HemlighetsFel | None = None
    with ThreadPoolExecutor(processes) as threads:
        try:
            for one in arrived(workplace, vag):
                reading = None
                if isinstance(one, Fresh) and not _is_read(workplace, one.content):
                    reading = threads.submit(read_return, workplace, one.fil, one.content)
                ahead.append((one, reading))
                while len(ahead) > most:
                    yield ahead.popleft()
        except (InkorgsFel, BrevladeFel, HemlighetsFel) as error:
            fault = error
        yield from ahead
    if fault is not None:
        raise fault


def _is_read(workplace: Workplace, content: bytes) -> bool:
    record = workplace.store.find_retur(workplace.kommun.kod, hashlib.sha256(content).hexdigest())
    return record is not None and record.kedja_kand


def _taken_in(
    workplace: Workplace, one: Fresh | Known, reading: Future[_Reading] | None, period: Period, now: dt.datetime
) -> ReturRecord:
    """The version that an arrival is. ``reading``: of what it holds, when that has been begun."""
    store, kommun = workplace.store, workplace.kommun.kod
    if isinstance(one, Known):
        name, sha256 = one.leverans.fil, one.leverans.sha256
    else:
        name, sha256 = one.fil, hashlib.sha256(one.content).hexdigest()
    record = store.find_retur(kommun, sha256)
    if record is None or not record.kedja_kand:
        content = one.content if isinstance(one, Fresh) else workplace.objects.get(sha256)
        workplace.objects.put(content)
        read = read_return(workplace, name, content) if reading is None else reading.result()
        record = _register(workplace, name, len(content), read, period, now)
    if isinstance(one, Fresh):
        remember(workplace, one, record, now)
    if not record.kedja_kand:
        _stop_unknown(workplace, record, period, now)
    return record


def _register(
    workplace: Workplace, name: str, storlek: int, read: _Reading, period: Period, now: dt.datetime
) -> ReturRecord:
    raw, identity = read
    is_register = identity.contract is workplace.budgetregister
    is_books = identity.contract is workplace.bokslut and identity.own
    record = workplace.store.register_retur(
        kommun=workplace.kommun.kod,
        forvaltning="" if is_register or is_books else identity.forvaltning,
        period="" if is_register else None if identity.period is None else str(identity.period),
        ar=identity.ar,
        kontrakt_id=identity.contract.id,
        fil=name,
        sha256=raw.sha256,
        storlek=storlek,
        mottagen=now,
        svarar_pa=identity.svarar_pa,
    )
    _save_interpretation(workplace, record, interpret(workplace, raw, identity, period))
    return record


def _stop_unknown(workplace: Workplace, record: ReturRecord, period: Period, now: dt.datetime) -> None:
    """Nothing counts that does not tell whose it is."""
    converted = from_json(
        workplace.objects.get(interpretation_of(workplace, record, period)).decode(),
        workplace.contract(record.kontrakt_id),
    )
    workplace.store.stop_retur(record.id, converted.findings + findings_on_sender(workplace, record), tid=now)


def findings_on_sender(workplace: Workplace, record: ReturRecord) -> tuple[Finding, ...]:
    """Whether those who sent a version may send it (E160, E161)."""
    addresses = [leverans.avsandare for leverans in workplace.store.deliveries_of(record.id)]
    whose = record.forvaltning if record.kedja_kand else None
    return sender_findings(addresses, whose, workplace.kommun, workplace.felkoder, file=record.fil)


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
    """The workbook by the contract that its cover names; a file without that cover by the kommun's own blanketter, where it has some."""
    raw = read_workbook_safely(content, name, workplace.manadsretur, workplace.felkoder)
    start = read_start(raw)
    own = None if start else _by_blankett(workplace, name, content)
    if own is not None:
        return own.raw, Identity(workplace.manadsretur, own.forvaltning, own.period, None, own.unit, turned=own.turned)
    identity = _identify(workplace, start)
    if identity.contract is not workplace.manadsretur:
        raw = read_workbook_safely(content, name, identity.contract, workplace.felkoder)
    return raw, identity


def _by_blankett(workplace: Workplace, name: str, content: bytes) -> BlankettRetur | None:
    """The file as one of the kommun's own blanketter; None when it has none of the file's kind."""
    kind = "csv" if looks_like_csv(content) else "xlsx"
    fitting = [blankett for blankett in workplace.blanketter if blankett.filslag == kind]
    if not fitting:
        return None
    read = read_csv if kind == "csv" else read_book_safely
    book = read(content, name, workplace.felkoder)
    return read_blankett(book, fitting, workplace.kommun, workplace.manadsretur, workplace.felkoder)


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
    return Identity(contract, None if forvaltning is None else forvaltning.kod, period, year, unit, answers, own)


def interpret(workplace: Workplace, raw: RawRetur, identity: Identity, period: Period) -> Converted:
    """Frames and every finding of reading, cover and conversion."""
    awaited_year = identity.ar or (identity.period or period).year
    kommun, felkoder = workplace.kommun.for_year(awaited_year), workplace.felkoder
    found: tuple[Finding, ...] = raw.findings
    if identity.contract is workplace.budgetregister:
        awaited = Period(identity.ar, 12) if identity.ar is not None else period
        found += check_register_start(raw, identity.contract, kommun, awaited, felkoder)
    elif identity.contract is workplace.bokslut:
        found += check_books_start(raw, identity.contract, kommun, identity.period or period, felkoder)
    else:
        found += check_start(raw, identity.contract, kommun, None, identity.period or period, felkoder)
        if identity.forvaltning is not None and not raw.blankett and not stops(raw.findings):
            found += missing_sheets(raw, identity.contract, kommun, identity.forvaltning, felkoder["E120"])
    converted = convert(
        raw,
        identity.contract,
        felkoder,
        unit=identity.unit,
        decimals=volume_decimals(kommun),
        lost_zeros=codes_without_zeros(kommun),
    )
    turned = turn_signs(converted, identity.turned)
    return Converted(turned.frames, found + converted.findings)
