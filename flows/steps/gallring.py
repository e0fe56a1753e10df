"""Gallring by the kommun's plan: the bytes of old returns are replaced by tombstones, each with its decision in the audit log."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from adapters.store import ReturRecord
from data_contracts.kommun import Gallringsregel
from flows.steps.receipt import EVENT as RECEIPT
from flows.workplace import Workplace
from transforms.audit_chain import canonical

EVENT = "gallrad"
_DECISION = re.compile(r"\S.*§\s*\d+.*")


class GallringsFel(RuntimeError):
    """E926: nothing may be removed as asked. The message is Swedish."""


@dataclass(frozen=True, slots=True)
class Gallras:
    """One object to be replaced. ``vad`` tells what it is, without any content of it."""

    sha256: str
    vad: str
    regel: Gallringsregel


def due_for_removal(workplace: Workplace, now: dt.datetime) -> tuple[Gallras, ...]:
    """The objects whose time is out by the kommun's plan: returns, what was read of them, and their receipts.

    Years count whole from the end of the return's year. An object that something newer also needs is kept.
    """
    found: dict[str, Gallras] = {}
    needed: set[str] = set()
    receipts = _receipts(workplace)
    for record in workplace.store.all_returns(workplace.kommun.kod):
        rule = _rule(workplace, record, now)
        for sha256, what in _objects_of(workplace, record, receipts):
            if rule is None:
                needed.add(sha256)
            else:
                found.setdefault(sha256, Gallras(sha256, what, rule))
    return tuple(one for one in found.values() if one.sha256 not in needed and workplace.objects.exists(one.sha256))


def remove(workplace: Workplace, items: tuple[Gallras, ...], beslut: str, now: dt.datetime) -> None:
    """Write each removal in the log, then replace the bytes. Ended in between, the next run does what is left.

    Args:
        beslut: the decision with its paragraph, ``KS 2034-02-01 § 12``.

    Raises:
        GallringsFel: E926, the decision has no paragraph.
    """
    if not _DECISION.fullmatch(beslut):
        raise GallringsFel(
            f'E926 "{beslut}" är inget beslut om gallring. Skriv organ, datum och paragraf: "KS 2034-02-01 § 12".'
        )
    logged = {str(link.detaljer["sha256"]): dict(link.detaljer) for link in workplace.store.journal(EVENT)}
    copies: dict[str, set[str]] = {}
    for files in _receipts(workplace).values():
        for sha256, name in files.items():
            copies.setdefault(sha256, set()).add(name)
    for item in items:
        details = logged.get(item.sha256)
        if details is None:
            details = {"sha256": item.sha256, "vad": item.vad, "beslut": beslut, "referens": item.regel.referens}
            workplace.store.record_event(now, EVENT, details)
        workplace.objects.bury(item.sha256, canonical(details).encode())
        for name in copies.get(item.sha256, ()):
            for path in (workplace.hem.path / "kvittenser").glob(f"*/{name}"):
                path.unlink()


def _rule(workplace: Workplace, record: ReturRecord, now: dt.datetime) -> Gallringsregel | None:
    year = record.ar if record.ar is not None else int(record.period[:4]) if record.period else record.mottagen.year
    rules = [rule for rule in workplace.kommun.gallring if now.year > year + rule.ar]
    return rules[0] if rules else None


def _receipts(workplace: Workplace) -> dict[int, dict[str, str]]:
    """Every file of every receipt, by return: name by sha256."""
    files: dict[int, dict[str, str]] = {}
    for link in workplace.store.journal(RECEIPT):
        named = {str(sha256): str(name) for name, sha256 in dict(link.detaljer["filer"]).items()}
        files.setdefault(int(link.detaljer["retur_id"]), {}).update(named)
    return files


def _objects_of(
    workplace: Workplace, record: ReturRecord, receipts: dict[int, dict[str, str]]
) -> Iterator[tuple[str, str]]:
    whose = f"{record.forvaltning or 'register'} {record.period or record.ar or ''} version {record.version}"
    yield record.sha256, f"retur {whose}"
    for sha256 in workplace.store.interpretations_of(record.id):
        yield sha256, f"läsning av retur {whose}"
    for sha256 in receipts.get(record.id, {}):
        yield sha256, f"kvittens på retur {whose}"
