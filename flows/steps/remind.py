"""Mails about returns: templates, reminders, late notices and escalation, each once, by the kommun's calendar.

A mail is planned in the store, taken, sent and confirmed. Whatever ends the program in between, it does not go out twice.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from adapters.mail import Bilaga, Brev, Connection, connect
from adapters.store import ReturStatus, UtskickRecord, UtskickStatus
from data_contracts.findings import Severity
from flows.steps.check import budgets_of
from flows.steps.deadlines import deadlines_of, local_time, red_days
from flows.steps.dispatch import doubt_lost, send_planned
from flows.steps.template import return_template
from flows.workplace import Workplace, load_wording
from transforms.deadlines import Deadlines
from transforms.notices import Notis, Slag, due_kinds, due_notices, without_recipient, write_notice
from transforms.period import Period


@dataclass(frozen=True, slots=True)
class Utfall:
    """What became of one mail that was due. ``status`` None: nothing is planned (a dry run, or no mail server)."""

    notis: Notis
    status: UtskickStatus | None
    is_new: bool
    fel: str = ""


@dataclass(frozen=True, slots=True)
class Reminded:
    """One look at the calendar for a period.

    Attributes:
        days: the period's days.
        kinds: what is due today; empty when nothing is.
        utfall: one per mail that is due.
        saknas: what keeps a mail from being sent, as sentences.
        has_server: False when no mail server is configured, so that nothing is sent.
    """

    days: Deadlines
    kinds: tuple[Slag, ...]
    utfall: tuple[Utfall, ...]
    saknas: tuple[str, ...]
    has_server: bool

    @property
    def failed(self) -> tuple[Utfall, ...]:
        """Those that did not leave, or may not have."""
        return tuple(one for one in self.utfall if one.fel)


@dataclass(frozen=True, slots=True)
class _Sender:
    """What it takes to write and send the mails of one period."""

    workplace: Workplace
    days: Deadlines
    stopped: Mapping[str, int]
    clock: Callable[[], dt.datetime]

    def letter(self, notis: Notis) -> Brev:
        """The whole mail, with its workbook."""
        kommun, period = self.workplace.kommun, self.days.period
        said = write_notice(
            load_wording("utskick"), notis.slag, kommun, kommun.forvaltning(notis.forvaltning), self.days, self.stopped
        )
        attached: tuple[Bilaga, ...] = ()
        if notis.slag is Slag.MALL:
            name = f"retur-{kommun.kod}-{notis.forvaltning.lower()}-{period}.xlsx"
            attached = (Bilaga(name, return_template(self.workplace, notis.forvaltning, period)),)
        key = "\n".join((kommun.kod, str(period), notis.forvaltning, notis.slag, notis.mottagare))
        name = hashlib.sha256(key.encode()).hexdigest()[:32]
        return Brev(notis.mottagare, said.amne, said.text, name, self.clock(), attached)

    def send(self, connection: Connection, notis: Notis, record: UtskickRecord) -> Utfall:
        """Take, send and confirm one planned mail."""
        store, letter = self.workplace.store, self.letter(notis)
        status, fel, sent = send_planned(store, connection, record.id, letter, self.clock)
        return Utfall(notis, status, is_new=sent, fel=fel)


def remind(workplace: Workplace, period: Period, clock: Callable[[], dt.datetime], *, dry: bool) -> Reminded:
    """Send what the calendar asks for now about one period. The returns must have been collected and judged first.

    Args:
        clock: tells the time; read again for each mail.
        dry: only tell what would be sent; nothing is planned.

    Raises:
        MailFel: E930, E931, the server can't be used at all; nothing has been sent, and the next run tries again.
    """
    kommun, now = workplace.kommun, clock()
    days = deadlines_of(kommun, period)
    off = red_days(period) | frozenset(kommun.kalender.lokala_lediga_dagar)
    kinds = due_kinds(days, local_time(kommun.kalender, now), off)
    missing = without_recipient(kommun, kinds)
    notices = due_notices(kommun, kinds, _accepted(workplace, period))
    if Slag.MALL in kinds and budgets_of(workplace, period) is None:
        notices = tuple(notis for notis in notices if notis.slag is not Slag.MALL)
        missing += (
            f"Mallarna väntar: inget budgetregister för {period.year} har kommit. rodatraden mall {period} --register",
        )
    server = workplace.hem.epost
    if dry or server is None:
        return Reminded(days, kinds, _foreseen(workplace, period, notices), missing, has_server=server is not None)
    doubt_lost(workplace.store, kommun.kod, now)
    planned = [(notis, _plan(workplace, period, notis, now)) for notis in notices]
    sender = _Sender(workplace, days, _stopped(workplace, period), clock)
    outcome = [_standing(notis, record) for notis, record in planned if record.status is not UtskickStatus.PLANERAD]
    waiting = [(notis, record) for notis, record in planned if record.status is UtskickStatus.PLANERAD]
    if waiting:
        with connect(server) as connection:
            outcome.extend(sender.send(connection, notis, record) for notis, record in waiting)
    return Reminded(days, kinds, tuple(outcome), missing, has_server=True)


def _plan(workplace: Workplace, period: Period, notis: Notis, now: dt.datetime) -> UtskickRecord:
    return workplace.store.plan_dispatch(
        kommun=workplace.kommun.kod,
        period=str(period),
        forvaltning=notis.forvaltning,
        slag=notis.slag.value,
        mottagare=notis.mottagare,
        roll=notis.roll,
        tid=now,
    )


def _standing(notis: Notis, record: UtskickRecord) -> Utfall:
    """A mail that this run leaves alone. One in doubt is told of each time, until a person has settled it."""
    fel = record.fel if record.status is UtskickStatus.OSAKER else ""
    return Utfall(notis, record.status, is_new=False, fel=fel)


def _foreseen(workplace: Workplace, period: Period, notices: tuple[Notis, ...]) -> tuple[Utfall, ...]:
    """What the mails' rows in the store say; None where there is none yet."""
    known = {
        (record.forvaltning, record.slag, record.mottagare): record
        for record in workplace.store.dispatches_for(workplace.kommun.kod, str(period))
    }
    rows = [(notis, known.get((notis.forvaltning, notis.slag.value, notis.mottagare))) for notis in notices]
    return tuple(
        Utfall(notis, None, is_new=False) if record is None else _standing(notis, record) for notis, record in rows
    )


def _accepted(workplace: Workplace, period: Period) -> frozenset[str]:
    current = workplace.store.current_returns(workplace.kommun.kod, str(period))
    return frozenset(record.forvaltning for record in current if record.forvaltning)


def _stopped(workplace: Workplace, period: Period) -> dict[str, int]:
    """The förvaltningar whose newest return is stopped, with its number of findings that stop it."""
    newest = {
        record.forvaltning: record
        for record in workplace.store.returns_for(workplace.kommun.kod, str(period))
        if record.forvaltning
    }
    return {
        forvaltning: sum(f.severity is Severity.STOPPAR for f in workplace.store.findings_for(record.id))
        for forvaltning, record in newest.items()
        if record.status is ReturStatus.STOPPAD
    }
