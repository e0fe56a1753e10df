"""The ledger's way: files are stored unchanged, judged, placed by the kommun's tables, and held against the returns."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from adapters.contract_files import load_kommunbas
from adapters.inbox import is_there, open_folder, plain_folder
from adapters.store import Closing, LedgerRecord, ReturStatus
from data_contracts.findings import Finding
from flows.steps.figures import figures_of
from flows.steps.ledger_files import read_ledger
from flows.workplace import Workplace
from transforms.figures import FigureIndex
from transforms.ledger.balances import LedgerFrames
from transforms.ledger.budget_checks import budget_checks, placed_budget
from transforms.ledger.placement import Coverage, Placed, coverage, place, placement_findings
from transforms.ledger.reconciliation import (
    Avstamningsrad,
    Kontroll,
    balance_checks,
    judge,
    ledger_checks,
    return_checks,
    table_checks,
)
from transforms.period import Period

_MOST = 2
_kept: dict[tuple[str, str, str, str], Huvudbok] = {}
"""Ledgers as read and placed, by their bytes and name, the program with its configuration, and the period."""


@dataclass(frozen=True, slots=True)
class Huvudbok:
    """The ledger that a closing stands on, placed."""

    record: LedgerRecord
    frames: LedgerFrames
    placed: tuple[Placed, ...]
    budget: tuple[Placed, ...]
    coverage: Coverage
    findings: tuple[Finding, ...]


def ledger_files(workplace: Workplace) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file in the kommun's ledger folder; none when it keeps no ledger here. Hidden files are no ledger."""
    url = workplace.hem.huvudbok
    if not is_there(url):
        return
    with open_folder(plain_folder("huvudbok", url)) as folder:
        for name in folder.listed():
            if not name.rpartition("/")[2].startswith((".", "~")):
                yield name, folder.read(name)


def collect_ledger(workplace: Workplace, now: dt.datetime) -> int:
    """Store and judge every file of the ledger folder that this program has not judged; how many of them are new."""
    known = {record.sha256: record for record in workplace.store.ledgers(workplace.kommun.kod)}
    new = 0
    for name, content in ledger_files(workplace):
        sha256 = hashlib.sha256(content).hexdigest()
        if sha256 in known and known[sha256].program_key == workplace.program_key:
            continue
        workplace.objects.put(content)
        file = read_ledger(content, name, _dimensions(workplace), workplace.felkoder)
        workplace.store.save_ledger(
            kommun=workplace.kommun.kod,
            fil=name,
            sha256=sha256,
            mottagen=now,
            program_key=workplace.program_key,
            ar=file.ar,
            till_period=file.till_period,
            fynd=file.findings,
        )
        new += sha256 not in known
    return new


def has_unseen_ledger(workplace: Workplace) -> bool:
    """Whether the ledger folder holds bytes that were never registered."""
    known = {record.sha256 for record in workplace.store.ledgers(workplace.kommun.kod)}
    return any(hashlib.sha256(content).hexdigest() not in known for _, content in ledger_files(workplace))


def _dimensions(workplace: Workplace) -> dict[str, str]:
    plan = workplace.kommun.huvudbok
    return {} if plan is None else plan.dimensioner.model_dump()


def current_ledger(workplace: Workplace, period: Period) -> LedgerRecord | None:
    """The newest accepted file of the period's year that covers the period, or None."""
    if workplace.kommun.huvudbok is None:
        return None
    covering = [
        record
        for record in workplace.store.ledgers(workplace.kommun.kod)
        if record.status is ReturStatus.GODKAND
        and record.ar == period.year
        and (record.till_period or "") >= str(period)
    ]
    return covering[-1] if covering else None


def load_ledger(workplace: Workplace, period: Period) -> Huvudbok | None:
    """The ledger that counts for the period, read from its unchanged bytes and placed; None when there is none.

    Several steps of a closing ask for the same one, so the latest are kept.
    """
    record = current_ledger(workplace, period)
    if record is None:
        return None
    key = (record.sha256, record.fil, workplace.program_key, str(period))
    ledger = _kept.pop(key, None) or _read(workplace, record, period)
    _kept[key] = ledger
    for oldest in list(_kept)[:-_MOST]:
        del _kept[oldest]
    return replace(ledger, record=record)


def _read(workplace: Workplace, record: LedgerRecord, period: Period) -> Huvudbok:
    content = workplace.objects.get(record.sha256)
    frames = read_ledger(content, record.fil, _dimensions(workplace), workplace.felkoder).frames
    chart = load_kommunbas().chart(period.year)
    placed = place(frames.ledger, workplace.kommun, chart, period)
    return Huvudbok(
        record=record,
        frames=frames,
        placed=placed,
        budget=placed_budget(frames.budget, workplace.kommun, chart, period),
        coverage=coverage(placed, chart),
        findings=placement_findings(placed, chart, workplace.felkoder),
    )


def ledger_key(workplace: Workplace, period: Period) -> tuple[str, ...]:
    """What a closing stands on of the ledger: its file, and the differences that have been accepted."""
    record = current_ledger(workplace, period)
    if record is None:
        return ()
    accepted = workplace.store.acceptances(workplace.kommun.kod, str(period))
    return (record.sha256, *(f"{one.kontroll} {one.differens_ore}" for one in accepted))


def avstamningar(workplace: Workplace, closing: Closing) -> tuple[Avstamningsrad, ...]:
    """The avstämningsmatris of a closing; empty when the kommun has no ledger for its period."""
    period = Period.parse(closing.period)
    ledger = load_ledger(workplace, period)
    if ledger is None:
        return ()
    return judged(workplace, period, checks_of(workplace, period, ledger, figures_of(workplace, closing)))


def checks_of(workplace: Workplace, period: Period, ledger: Huvudbok, figures: FigureIndex) -> tuple[Kontroll, ...]:
    """All that is held against each other: returns and ledger, nämnder and kommun, and what ``within_ledger`` compares."""
    kommun = workplace.kommun
    return (
        *return_checks(figures, kommun, period),
        *table_checks(figures, kommun),
        *within_ledger(workplace, period, ledger, figures),
    )


def within_ledger(workplace: Workplace, period: Period, ledger: Huvudbok, figures: FigureIndex) -> tuple[Kontroll, ...]:
    """Internal posts, opening and closing balances, and the ledger's own budget against the register's."""
    kommun = workplace.kommun
    return (
        *ledger_checks(ledger.placed, kommun, period),
        *balance_checks(ledger.frames.balances, period),
        *budget_checks(ledger.budget, figures, kommun, period),
    )


def judged(workplace: Workplace, period: Period, checks: tuple[Kontroll, ...]) -> tuple[Avstamningsrad, ...]:
    """The checks with their outcome and who has accepted what."""
    return judge(checks, workplace.store.acceptances(workplace.kommun.kod, str(period)))
