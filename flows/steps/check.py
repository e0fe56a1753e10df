"""Step 3, validate: the contract's rules over every return of the period; a return that must stop is stopped, the others go on."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from adapters.store import ReturRecord
from data_contracts.contract import Contract
from data_contracts.findings import Finding, stops
from flows.steps.collect import findings_on_sender, interpretation_of
from flows.steps.earlier import earlier_closings, earlier_of
from flows.steps.judgement import Measure
from flows.steps.judges import Job, judged_in_turn
from flows.workplace import Workplace
from transforms.conversion import Converted
from transforms.figures import Figure
from transforms.interpretation import from_json
from transforms.normalisation import figures_from_register
from transforms.period import Period
from transforms.period_budget import PERIODBUDGET, decided_months, period_budgets, periodisation_of

ROWS_TOGETHER = 3_500
"""Rows of returns that the rules judge at once: all of a common month's, and a bounded memory when there are hundreds of returns."""

_Batch = list[tuple[ReturRecord, Converted]]
_MOST, _MOST_ROWS = 40, 500
_kept: dict[tuple[str, str, str], Converted] = {}
"""Returns as read, by the hash of what was read and the contract."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome for the period: the returns that count, and those stopped."""

    godkanda: tuple[int, ...]
    stoppade: tuple[int, ...]
    register: int | None


def check_register(workplace: Workplace, period: Period, now: dt.datetime) -> ReturRecord | None:
    """Judge every version of the year's budget register; the newest accepted one, or None."""
    versions = workplace.store.register_chain(workplace.kommun.kod, period.year)
    _judge(workplace, workplace.budgetregister, versions, "register", period, now)
    return workplace.store.current_register(workplace.kommun.kod, period.year)


def judge_books(workplace: Workplace, period: Period, now: dt.datetime) -> None:
    """Judge every version of the period's workbook of the books that this program and configuration have not judged yet."""
    versions = workplace.store.books_chain(workplace.kommun.kod, str(period))
    _judge(workplace, workplace.bokslut, versions, "bokslut", period, now)


def check_returns(workplace: Workplace, period: Period, now: dt.datetime) -> Checked:
    """Judge every version of every return of the period that this program, configuration and register have not judged yet."""
    register = check_register(workplace, period, now)
    kommun = workplace.kommun.kod
    versions = [record for record in workplace.store.returns_for(kommun, str(period)) if record.forvaltning]
    standing_on = [register.sha256 if register else "", *(c.fingerprint for c in earlier_closings(workplace, period))]
    _judge(workplace, workplace.manadsretur, versions, "\n".join(standing_on), period, now)
    current = workplace.store.current_returns(kommun, str(period))
    stopped = [r for r in workplace.store.returns_for(kommun, str(period)) if r.status == "stoppad"]
    return Checked(
        tuple(record.id for record in current if record.forvaltning),
        tuple(record.id for record in stopped),
        register.id if register else None,
    )


def load(workplace: Workplace, record: ReturRecord, period: Period) -> Converted:
    """A registered return as frames and findings. Three steps of a closing ask for the same ones, so the latest are kept."""
    contract = workplace.contract(record.kontrakt_id)
    interpretation = interpretation_of(workplace, record, period)
    key = (interpretation, contract.id, contract.version)
    converted = _kept.pop(key, None)
    if converted is None:
        converted = from_json(workplace.objects.get(interpretation).decode(), contract)
    if _rows(converted) <= _MOST_ROWS:
        _kept[key] = converted
    for oldest in list(_kept)[:-_MOST]:
        del _kept[oldest]
    return converted


def _judge(
    workplace: Workplace,
    contract: Contract,
    versions: Sequence[ReturRecord],
    standing_on: str,
    period: Period,
    now: dt.datetime,
) -> None:
    on_sender = {record.id: findings_on_sender(workplace, record) for record in versions}
    standing_on += "".join(f"\n{record.sha256} {finding}" for record in versions for finding in on_sender[record.id])
    key = hashlib.sha256(f"{workplace.program_key}\n{standing_on}".encode()).hexdigest()
    known = workplace.store.judged_returns(key)
    waiting = [record for record in versions if record.id not in known]
    if not waiting:
        return
    batches = _batches(workplace, waiting, period)
    for batch, judged in judged_in_turn(_jobs(workplace, contract, batches, period), workplace.hem.processer):
        for record, _ in batch:
            found = (*on_sender[record.id], *judged.findings[record.sha256])
            named = tuple(_named(finding, record) for finding in found)
            if record.sha256 in judged.accepted and not stops(on_sender[record.id]):
                workplace.store.accept_retur(record.id, named, tid=now)
            else:
                workplace.store.stop_retur(record.id, named, tid=now)
        ids, evidence = [record.id for record, _ in batch], json.loads(judged.evidence)
        workplace.store.save_contract_run(
            retur_ids=ids, evidence=evidence, rules_run=judged.rules_run, tid=now, nyckel=key
        )


def _jobs(
    workplace: Workplace, contract: Contract, batches: Iterable[_Batch], period: Period
) -> Iterator[tuple[_Batch, Job]]:
    common = measure_of(workplace, contract, period)
    for batch in batches:
        read = {record.sha256: converted for record, converted in batch}
        senders = {record.sha256: record.forvaltning or "" for record, _ in batch}
        yield batch, (read, of_senders(workplace, common, senders))


def _batches(workplace: Workplace, waiting: Iterable[ReturRecord], period: Period) -> Iterator[_Batch]:
    """The returns as read, in batches whose rows the rules judge together. No rule compares one return with another."""
    batch: _Batch = []
    for record in waiting:
        batch.append((record, load(workplace, record, period)))
        if sum(_rows(converted) for _, converted in batch) >= ROWS_TOGETHER:
            yield batch
            batch = []
    if batch:
        yield batch


def _rows(converted: Converted) -> int:
    return converted.frames.total


def measure_of(workplace: Workplace, contract: Contract, period: Period) -> Measure:
    """What all workbooks of a contract are held against, whoever sends them."""
    common = Measure(contract, workplace.kommun, period)
    if contract is not workplace.manadsretur:
        return common
    return replace(common, budgets=budgets_of(workplace, period), periodbudgets=periodbudgets_of(workplace, period))


def of_senders(workplace: Workplace, common: Measure, senders: Mapping[str, str]) -> Measure:
    """What some workbooks are held against, with what their senders have returned before. ``senders``: whose each is, by sha256."""
    if common.contract is not workplace.manadsretur:
        return replace(common, senders=senders)
    earlier = earlier_of(workplace, earlier_closings(workplace, common.period), set(senders.values()))
    return replace(common, senders=senders, earlier=earlier)


def budgets_of(workplace: Workplace, period: Period) -> dict[tuple[str, str, str], int | None] | None:
    """Aktuell budget in öre by (enhet, avser, kod), or None when no accepted register covers the year."""
    register = workplace.store.current_register(workplace.kommun.kod, period.year)
    if register is None:
        return None
    figures = figures_from_register(load(workplace, register, period).frames, workplace.kommun, period)
    return {(figure.enhet, figure.matt, figure.rad): figure.varde for figure in figures if figure.serie == "budget"}


def periodised(workplace: Workplace, period: Period) -> tuple[Figure, ...]:
    """The register's budget spread over the months; nothing when the kommun takes it from the returns, or there is no register."""
    kommun = workplace.kommun
    register = workplace.store.current_register(kommun.kod, period.year)
    if kommun.periodisering.periodbudget != "register" or register is None:
        return ()
    frames = load(workplace, register, period).frames
    budgets = figures_from_register(frames, kommun, period)
    return period_budgets(budgets, periodisation_of(frames, kommun, period), decided_months(frames), kommun, period)


def periodbudgets_of(workplace: Workplace, period: Period) -> dict[tuple[str, str, str], int | None] | None:
    """The period's budget in öre by (enhet, avser, kod); None when the kommun takes it from the returns, or there is no register."""
    own = [f for f in periodised(workplace, period) if f.serie == PERIODBUDGET and f.matt in ("drift", "investeringar")]
    return {(figure.enhet, figure.matt, figure.rad): figure.varde for figure in own} or None


def _named(finding: Finding, record: ReturRecord) -> Finding:
    """The finding with its file, förvaltning and period, for the register and the receipt."""
    return replace(
        finding,
        file=finding.file or record.fil,
        forvaltning=finding.forvaltning or record.forvaltning or "",
        period=finding.period or record.period or "",
    )
