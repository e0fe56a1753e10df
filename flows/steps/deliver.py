"""Step 7c, distribute: each settled report to its recipients by mail, to the publication folder and to the diarium, each once.

A delivery is planned in the store, taken, made and ended there. Whatever ends the program in between, none is made twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from adapters.mail import Connection, MailFel, MailOsakert, connect
from adapters.store import ReportRecord, SandningRecord, SandningStatus
from flows.steps.approve import about, reports_of, standing
from flows.steps.channels import Forsandelse, archive, foreseen, letter_of, parcel_of
from flows.steps.deadlines import local_time
from flows.steps.dispatch import INTERRUPTED, LEASE
from flows.steps.edition import make_edition
from flows.steps.publication import PUBLICERING, publish
from flows.workplace import Workplace
from transforms.approval import DISTRIBUERAD, Lagesbild, Tillstand
from transforms.audit_chain import Huvud, Lank

EPOST, DIARIUM = "epost", "diarium"
EMBARGO = "embargo_satt"


@dataclass(frozen=True, slots=True)
class Mottagen:
    """Who gets a report, by which channel. ``mottagare``: an address, or the folder's name."""

    kanal: str
    mottagare: str
    roll: str


@dataclass(frozen=True, slots=True)
class Utfall:
    """What became of one delivery. ``status`` None: nothing is planned, as in a dry run; ``innehall``: what would be sent then."""

    rapport_id: str
    version: int
    till: Mottagen
    status: SandningStatus | None
    is_new: bool
    fel: str = ""
    innehall: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Distribuerat:
    """One look at a period's settled reports.

    Attributes:
        sandningar: one per recipient and channel. vantar: sentences on what is not sent yet, and why.
    """

    sandningar: tuple[Utfall, ...]
    vantar: tuple[str, ...]

    @property
    def failed(self) -> tuple[Utfall, ...]:
        """Those that were refused, may not have come, or are to be tried again."""
        return tuple(one for one in self.sandningar if one.fel)


Planerad = tuple[Forsandelse, Mottagen, SandningRecord]
"""A report, who is to have it, and its row in the outbox."""


def distribute(
    workplace: Workplace, period: str, clock: Callable[[], dt.datetime], *, dry: bool, kod: str | None = None
) -> Distribuerat:
    """Send what is settled and not under embargo.

    Args:
        clock: tells the time; read again for each delivery.
        dry: only tell what would be sent; nothing is planned.
        kod: only that report ('' for the kommun's); None for all.

    Raises:
        MailFel: E930, E931, the server can't be used at all; no mail has been sent, and the next run tries again.
    """
    ready: list[Forsandelse] = []
    waiting: list[str] = []
    links = workplace.store.journal()
    for report in reports_of(workplace, period):
        if kod is None or report.kod == kod:
            bild = standing(workplace, report, links)
            why = _held_back(workplace, report, bild, links, clock())
            if why:
                waiting.append(f"{report.rapport_id}: {why}")
            else:
                ready.append(parcel_of(workplace, report, make_edition(workplace, report, clock(), bild), bild))
                waiting.extend(_nobody(workplace, report))
    if dry:
        return Distribuerat(tuple(_foreseen(workplace, ready, clock())), tuple(waiting))
    _clear(workplace, period, {parcel.report.rapport_id: parcel.report.version for parcel in ready}, clock)
    planned = [
        (parcel, till, _plan(workplace, parcel.report, till, clock()))
        for parcel in ready
        for till in recipients(workplace, parcel.report)
    ]
    outcome = tuple(_sent(workplace, planned, clock))
    for parcel in ready:
        _mark(workplace, parcel.report, clock())
    return Distribuerat(outcome, tuple(waiting))


def recipients(workplace: Workplace, report: ReportRecord) -> tuple[Mottagen, ...]:
    """Who the configuration says, and whoever has got an earlier version: they must hear of the new one."""
    kommun, hem = workplace.kommun, workplace.hem
    named = kommun.mottagare_av(report.kod)
    found = [Mottagen(EPOST, one.adress, one.roll) for one in named] if hem.epost is not None else []
    earlier = workplace.store.sendings_for(kommun.kod, report.period)
    got = (SandningStatus.LEVERERAD, SandningStatus.OSAKER)
    if hem.epost is not None:
        found += [
            Mottagen(EPOST, one.mottagare, one.roll)
            for one in earlier
            if (one.rapport_id, one.kanal) == (report.rapport_id, EPOST) and one.status in got
        ]
    if hem.publicering:
        found.append(Mottagen(PUBLICERING, "publiceringsmappen", "Allmänheten"))
    if hem.diarium:
        found.append(Mottagen(DIARIUM, "diariet", "Registrator"))
    return tuple({(one.kanal, one.mottagare): one for one in reversed(found)}.values())[::-1]


def _nobody(workplace: Workplace, report: ReportRecord) -> Iterator[str]:
    """Why nobody gets a mail about the report, where nobody does."""
    if not workplace.kommun.mottagare_av(report.kod):
        yield f"{report.rapport_id}: har inga mottagare i kommun.yaml och går inte till någon med e-post"
    elif workplace.hem.epost is None:
        yield f"{report.rapport_id}: går inte till någon med e-post, för installningar.yaml har ingen epost"


def set_embargo(workplace: Workplace, report: ReportRecord, until: dt.datetime, now: dt.datetime) -> None:
    """The report is not sent before that time; the newest embargo counts."""
    details = {"rapport_id": report.rapport_id, "till": until.astimezone(dt.UTC).isoformat(timespec="seconds")}
    workplace.store.record_event(now, EMBARGO, details)


def _held_back(
    workplace: Workplace, report: ReportRecord, bild: Lagesbild, links: Sequence[Lank], now: dt.datetime
) -> str:
    """Why the report is not sent now; '' when it is."""
    if bild.faststalld is None:
        return f"är {bild.tillstand} och sänds inte förrän den är fastställd"
    embargoes = [link for link in links if link.vad == EMBARGO and link.detaljer["rapport_id"] == report.rapport_id]
    if embargoes and now < (until := dt.datetime.fromisoformat(str(embargoes[-1].detaljer["till"]))):
        return f"har embargo till {local_time(workplace.kommun.kalender, until):%Y-%m-%d kl. %H.%M}"
    return ""


def _clear(workplace: Workplace, period: str, current: dict[str, int], clock: Callable[[], dt.datetime]) -> None:
    """Settle what earlier runs left: mails whose process is gone are in doubt, files are laid again, old versions are not sent."""
    store, kommun, now = workplace.store, workplace.kommun.kod, clock()
    store.doubt_sendings(kommun, EPOST, taken_before=now - LEASE, fel=INTERRUPTED, tid=now)
    for record in store.sendings_for(kommun, period):
        if record.kanal != EPOST and record.status is SandningStatus.SANDS and record.andrad < now - LEASE:
            store.return_sending(record.id, "avbruten; läggs på nytt", tid=now)
        if record.status is SandningStatus.PLANERAD and current.get(record.rapport_id) != record.version:
            store.cancel_sending(record.id, tid=now)


def _plan(workplace: Workplace, report: ReportRecord, till: Mottagen, now: dt.datetime) -> SandningRecord:
    return workplace.store.plan_sending(
        kommun=workplace.kommun.kod,
        period=report.period,
        rapport_id=report.rapport_id,
        version=report.version,
        innehallshash=report.innehallshash,
        kanal=till.kanal,
        mottagare=till.mottagare,
        roll=till.roll,
        tid=now,
    )


def _sent(workplace: Workplace, planned: list[Planerad], clock: Callable[[], dt.datetime]) -> Iterator[Utfall]:
    """Files first, so that what a mail links to is there; then the mails over one connection."""
    waiting = [item for item in planned if item[2].status is SandningStatus.PLANERAD]
    yield from (_told(till, record) for _, till, record in planned if record.status is not SandningStatus.PLANERAD)
    yield from _publish(workplace, [item for item in waiting if item[1].kanal == PUBLICERING], clock)
    for parcel, till, record in waiting:
        if till.kanal == DIARIUM:
            yield _archive(workplace, parcel, till, record, clock)
    mails = [item for item in waiting if item[1].kanal == EPOST]
    if mails and workplace.hem.epost is not None:
        with connect(workplace.hem.epost) as connection:
            for parcel, till, record in mails:
                yield _mail(workplace, connection, parcel, till, record, clock)


def _publish(workplace: Workplace, waiting: list[Planerad], clock: Callable[[], dt.datetime]) -> Iterator[Utfall]:
    """All reports that wait for the publication folder in one laying out, since they share their spårsidor."""
    taken = []
    for parcel, till, record in waiting:
        if workplace.store.take_sending(record.id, tid=clock()) is None:
            yield Utfall(record.rapport_id, record.version, till, SandningStatus.SANDS, is_new=False)
        else:
            taken.append((parcel, till, record))
    if not taken:
        return
    try:
        publish(workplace, taken[0][0].report.period, [parcel.edition for parcel, _, _ in taken])
    except RuntimeError as error:
        yield from (_returned(workplace, till, record, str(error), clock) for _, till, record in taken)
        return
    yield from (_ended(workplace, till, record, SandningStatus.LEVERERAD, "", clock) for _, till, record in taken)


def _archive(
    workplace: Workplace, parcel: Forsandelse, till: Mottagen, record: SandningRecord, clock: Callable[[], dt.datetime]
) -> Utfall:
    if workplace.store.take_sending(record.id, tid=clock()) is None:
        return Utfall(record.rapport_id, record.version, till, SandningStatus.SANDS, is_new=False)
    try:
        archive(workplace, parcel)
    except RuntimeError as error:
        return _returned(workplace, till, record, str(error), clock)
    return _ended(workplace, till, record, SandningStatus.LEVERERAD, "", clock)


def _mail(
    workplace: Workplace,
    connection: Connection,
    parcel: Forsandelse,
    till: Mottagen,
    record: SandningRecord,
    clock: Callable[[], dt.datetime],
) -> Utfall:
    head: Huvud | None = workplace.store.take_sending(record.id, tid=clock())
    if head is None:
        return Utfall(record.rapport_id, record.version, till, SandningStatus.SANDS, is_new=False)
    try:
        connection.send(letter_of(workplace, parcel, till.mottagare, record.nyckel, head, clock()))
    except MailOsakert as error:
        return _ended(workplace, till, record, SandningStatus.OSAKER, str(error), clock)
    except MailFel as error:
        if error.permanent:
            return _ended(workplace, till, record, SandningStatus.NEKAD, str(error), clock)
        return _returned(workplace, till, record, str(error), clock)
    return _ended(workplace, till, record, SandningStatus.LEVERERAD, "", clock)


def _returned(
    workplace: Workplace, till: Mottagen, record: SandningRecord, fel: str, clock: Callable[[], dt.datetime]
) -> Utfall:
    """It surely did not go; the next run tries again."""
    workplace.store.return_sending(record.id, fel, tid=clock())
    return Utfall(record.rapport_id, record.version, till, SandningStatus.PLANERAD, is_new=True, fel=fel)


def _ended(
    workplace: Workplace,
    till: Mottagen,
    record: SandningRecord,
    status: SandningStatus,
    fel: str,
    clock: Callable[[], dt.datetime],
) -> Utfall:
    workplace.store.end_sending(record.id, status, fel, tid=clock())
    return Utfall(record.rapport_id, record.version, till, status, is_new=True, fel=fel)


def _told(till: Mottagen, record: SandningRecord) -> Utfall:
    """A delivery that this run leaves alone. One refused or in doubt is told of each time, until a person has settled it."""
    fel = record.fel if record.status in (SandningStatus.OSAKER, SandningStatus.NEKAD) else ""
    return Utfall(record.rapport_id, record.version, till, record.status, is_new=False, fel=fel)


def _own(workplace: Workplace, report: ReportRecord) -> Iterator[SandningRecord]:
    """The deliveries of exactly this content."""
    for one in workplace.store.sendings_for(workplace.kommun.kod, report.period):
        if (one.rapport_id, one.version, one.innehallshash) == (
            report.rapport_id,
            report.version,
            report.innehallshash,
        ):
            yield one


def _foreseen(workplace: Workplace, ready: list[Forsandelse], now: dt.datetime) -> Iterator[Utfall]:
    for parcel in ready:
        report = parcel.report
        known = {(one.kanal, one.mottagare): one for one in _own(workplace, report)}
        for till in recipients(workplace, report):
            record = known.get((till.kanal, till.mottagare))
            if record is None:
                told = foreseen(workplace, parcel, till.mottagare, now) if till.kanal == EPOST else ()
                yield Utfall(report.rapport_id, report.version, till, None, is_new=False, innehall=told)
            else:
                yield _told(till, record)


def _mark(workplace: Workplace, report: ReportRecord, now: dt.datetime) -> None:
    """The report is sent out when every delivery of it has ended and one has come; said once in the log."""
    if standing(workplace, report).tillstand is not Tillstand.FASTSTALLD:
        return
    own = [one.status for one in _own(workplace, report)]
    ended = (SandningStatus.LEVERERAD, SandningStatus.NEKAD, SandningStatus.OSAKER)
    if SandningStatus.LEVERERAD in own and all(status in ended for status in own):
        workplace.store.record_event(now, DISTRIBUERAD, about(report))
