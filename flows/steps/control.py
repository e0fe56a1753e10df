"""Checking workbooks without storing anything: the same reading, rules, receipts and rättelseböcker as when they come in for real."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from adapters.contract_files import all_codes
from adapters.objects import ObjectStore
from adapters.store import Store
from data_contracts.findings import Finding
from flows.steps.check import measure_of, of_senders
from flows.steps.collect import Identity, interpret, read_return
from flows.steps.judgement import judge
from flows.steps.receipt import correction_of, receipt_of, sender_name, stem_of
from flows.workplace import Workplace
from transforms.conversion import Converted
from transforms.period import Period
from transforms.raw_retur import RawRetur
from transforms.receipt import Kvittens, Received, as_json


@dataclass(frozen=True, slots=True)
class Controlled:
    """One workbook as checked. ``rattelsebok`` is None when none was asked for or called for, or nothing of the file could be read."""

    received: Received
    findings: tuple[Finding, ...]
    kvittens: Kvittens
    rattelsebok_namn: str
    rattelsebok: bytes | None

    def as_json(self) -> dict[str, Any]:
        """The receipt for other programs."""
        return as_json(self.received, self.findings, all_codes(), self.rattelsebok_namn)


@dataclass(frozen=True, slots=True)
class _Read:
    raw: RawRetur
    identity: Identity
    converted: Converted
    period: Period


@contextmanager
def unwritten(workplace: Workplace) -> Iterator[Workplace]:
    """The workplace with its register and earlier closings to look at, and nothing that can be written to."""
    with _UnwrittenStore(workplace.hem.databas) as store:
        yield replace(workplace, store=store, objects=_UnwrittenObjects(workplace.hem.objekt))


class _UnwrittenStore(Store):
    """The store to look at: what is read again on the way is not remembered."""

    def save_interpretation(self, retur_id: int, program_key: str, sha256: str) -> None:
        """Nothing."""

    def _write(self) -> Any:
        raise RuntimeError("a check must not write to the store")


class _UnwrittenObjects(ObjectStore):
    """The objects to look at: new ones are only kept in memory."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._kept: dict[str, bytes] = {}

    def put(self, content: bytes) -> str:
        """Keep the bytes in memory."""
        sha256 = hashlib.sha256(content).hexdigest()
        self._kept[sha256] = content
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes with that hash."""
        return self._kept[sha256] if sha256 in self._kept else super().get(sha256)


def control(
    workplace: Workplace,
    files: Sequence[tuple[str, bytes]],
    awaited: Period,
    *,
    with_corrections: bool,
    done: Callable[[str], None],
) -> tuple[Controlled, ...]:
    """Each file as it would be judged if it came in now, beside the home's register and earlier closings.

    Args:
        workplace: from ``unwritten``.
        files: names and bytes.
        awaited: the month for files that do not tell their own.
        with_corrections: make rättelseböcker where they are called for.
        done: told the name of each finished file, for the progress shown.
    """
    read = [_read(workplace, name, content, awaited) for name, content in files]
    found, accepted = _judged(workplace, read)
    controlled = []
    for one in read:
        sha256 = one.raw.sha256
        controlled.append(
            _controlled(workplace, one, found[sha256], accepted=sha256 in accepted, with_correction=with_corrections)
        )
        done(one.raw.file)
    return tuple(controlled)


def _read(workplace: Workplace, name: str, content: bytes, awaited: Period) -> _Read:
    raw, identity = read_return(workplace, name, content)
    period = Period(identity.ar, 12) if identity.ar is not None else identity.period or awaited
    return _Read(raw, identity, interpret(workplace, raw, identity, period), period)


def _judged(workplace: Workplace, read: Sequence[_Read]) -> tuple[dict[str, tuple[Finding, ...]], frozenset[str]]:
    """Findings by sha256, and those accepted; the rules run once per contract and period."""
    found = {one.raw.sha256: one.converted.findings for one in read}
    accepted: frozenset[str] = frozenset()
    known = [one for one in read if _is_known(one.identity)]
    for contract_id, period in sorted({(one.identity.contract.id, one.period) for one in known}):
        together = [one for one in known if (one.identity.contract.id, one.period) == (contract_id, period)]
        senders = {one.raw.sha256: one.identity.forvaltning or "" for one in together}
        measure = of_senders(workplace, measure_of(workplace, together[0].identity.contract, period), senders)
        judgement = judge({one.raw.sha256: one.converted for one in together}, measure)
        found |= judgement.findings
        accepted |= judgement.accepted
    return found, accepted


def _is_known(identity: Identity) -> bool:
    """True when the workbook tells whose it is, so that it would have a place in a chain of versions."""
    return bool(identity.forvaltning and identity.period) or identity.ar is not None


def _controlled(
    workplace: Workplace, one: _Read, findings: tuple[Finding, ...], *, accepted: bool, with_correction: bool
) -> Controlled:
    identity, raw = one.identity, one.raw
    month = identity.period if identity.ar is None else None
    book = None
    if with_correction and identity.forvaltning and identity.period:
        book = correction_of(workplace, raw, identity, findings, identity.forvaltning, identity.period)
    stem = stem_of(workplace, identity.forvaltning, month, raw.sha256, identity.ar)
    name = f"rattelsebok-{stem}-{raw.sha256[:8]}.xlsx" if book else ""
    received = Received(
        fil=raw.file,
        sha256=raw.sha256,
        avsandare=sender_name(workplace, identity.forvaltning, identity.ar),
        godkand=accepted,
        forvaltning=identity.forvaltning or "",
        period=month,
        svarar_pa=f"sha256 {identity.svarar_pa}" if identity.svarar_pa else "",
    )
    return Controlled(received, findings, receipt_of(workplace, received, findings, name), name, book)
