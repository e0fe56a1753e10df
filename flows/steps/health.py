"""The summary after a scheduled run, by mail to the economy office: also when nothing happened, once for each run and recipient."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from adapters.mail import Brev, connect
from adapters.rendering.letter_page import render_letter
from adapters.store import ReturRecord, ReturStatus, SandningStatus, UtskickStatus
from data_contracts.findings import Severity
from flows.steps.approve import reports_of, standing
from flows.steps.board import legal_days
from flows.steps.deadlines import deadlines_of, local_time
from flows.steps.dispatch import letter_key, send_planned
from flows.workplace import Workplace, load_wording
from transforms.approval import Tillstand
from transforms.audit_chain import Lank
from transforms.health_summary import Lagesunderlag, write_health
from transforms.period import MANADER, Period

EVENT = "lagesbrev"
SLAG = "lagesbrev"
"""How the outbox names these mails, before the run's id."""
_NEXT = {
    Tillstand.UTKAST: ("utkast väntar på granskning", "granska-utkast"),
    Tillstand.GRANSKAD: ("granskade väntar på att fastställas", "faststall"),
    Tillstand.FASTSTALLD: ("fastställda väntar på att sändas", "sand"),
}
_SENT = {"mall": "Mall", "paminnelse": "Påminnelse", "forsenad": "Besked om försening", "eskalering": "Eskalering"}


@dataclass(frozen=True, slots=True)
class Korning:
    """One scheduled run: its id, what it is called, the month it was about, and why it was broken off ('' when it was not)."""

    id: str
    namn: str
    period: str
    fel: str = ""


def send_health(workplace: Workplace, run: Korning, clock: Callable[[], dt.datetime]) -> tuple[str, ...]:
    """Mail the summary to every address of ``ekonomikontor``. Lines on what became of it.

    Raises:
        MailFel: E930, E931, the server can't be used at all; the next run's summary tells of this run too.
    """
    kommun, server, now = workplace.kommun, workplace.hem.epost, clock()
    if server is None or not kommun.ekonomikontor:
        return ("Lägesbrevet skickas inte: epost i installningar.yaml eller ekonomikontor i kommun.yaml saknas.",)
    said = write_health(underlag_of(workplace, run, now), load_wording("leverans"))
    page = render_letter(said, kommun.profil.accentfarg)
    planned = [
        workplace.store.plan_dispatch(
            kommun=kommun.kod, period=run.period, forvaltning="", slag=f"{SLAG} {run.id}", mottagare=one.adress,
            roll=one.roll, tid=now,
        )
        for one in kommun.ekonomikontor
    ]  # fmt: skip
    lines = []
    waiting = [record for record in planned if record.status is UtskickStatus.PLANERAD]
    if waiting:
        with connect(server) as connection:
            for record in waiting:
                letter = Brev(record.mottagare, said.amne, said.text, letter_key(record), clock(), html=page)
                status, fel, _ = send_planned(workplace.store, connection, record.id, letter, clock)
                lines.append(f"Lägesbrev till {record.mottagare}: {f'{status.value}. {fel}'.strip()}")
                if status is UtskickStatus.SKICKAD:
                    workplace.store.record_event(clock(), EVENT, {"korning": run.namn, "id": run.id})
    return tuple(lines)


def underlag_of(workplace: Workplace, run: Korning, now: dt.datetime) -> Lagesunderlag:
    """What has happened since the last summary that went out, and what waits."""
    links = workplace.store.journal()
    told = max((link.nr for link in links if link.vad == EVENT), default=0)
    news = [link for link in links if link.nr > told]
    local = local_time(workplace.kommun.kalender, now)
    return Lagesunderlag(
        kommun=workplace.kommun.namn,
        marke=workplace.kommun.marke,
        korning=run.namn,
        tid=f"{local.day} {MANADER[local.month - 1]} {local.year} kl. {local:%H.%M}",
        fel=run.fel,
        kom=tuple(_came(workplace, news)),
        kom_inte=tuple(_missing(workplace, run.period)),
        sant=tuple(_sent(workplace, news)),
        manniska=(
            *_stopped(workplace, run.period),
            *_doubtful(workplace),
            *_waiting(workplace, links),
            *_days(workplace, run.period, now),
        ),
        logghuvud=str(workplace.store.log_head()),
    )


def _came(workplace: Workplace, news: Sequence[Lank]) -> Iterator[str]:
    for link in news:
        if link.vad == "retur_mottagen":
            record = workplace.store.retur(int(link.detaljer["retur_id"]))
            yield f"{record.fil} ({_whose(workplace, record)}, version {record.version}): {_judged(workplace, record)}"


def _whose(workplace: Workplace, record: ReturRecord) -> str:
    if record.forvaltning:
        name = workplace.kommun.forvaltning(record.forvaltning).namn
        return f"{name}, {Period.parse(record.period).text}" if record.period else name
    return "budgetregistret" if record.ar is not None else "hör inte till någon förvaltning"


def _judged(workplace: Workplace, record: ReturRecord) -> str:
    if record.status is ReturStatus.STOPPAD:
        stopping = sum(one.severity is Severity.STOPPAR for one in workplace.store.findings_for(record.id))
        return f"stoppad, {stopping} fel"
    return {ReturStatus.GODKAND: "godkänd", ReturStatus.ERSATT: "ersatt av en senare"}.get(
        record.status, "inte kontrollerad än"
    )


def _missing(workplace: Workplace, period: str) -> Iterator[str]:
    days = deadlines_of(workplace.kommun, Period.parse(period))
    current = workplace.store.current_returns(workplace.kommun.kod, period)
    accepted = {record.forvaltning for record in current}
    for forvaltning in workplace.kommun.forvaltningar:
        if forvaltning.kod not in accepted:
            yield f"Retur från {forvaltning.namn}, {days.period.text}. Senast {days.senast_text}."
    if workplace.store.current_register(workplace.kommun.kod, days.period.year) is None:
        yield f"Budgetregistret för {days.period.year}."


def _sent(workplace: Workplace, news: Sequence[Lank]) -> Iterator[str]:
    mails = {one.id: one for one in workplace.store.all_dispatches(workplace.kommun.kod)}
    sendings = {one.id: one for one in workplace.store.all_sendings(workplace.kommun.kod)}
    for link in news:
        if link.vad == "utskick_skickad" and not mails[int(link.detaljer["utskick_id"])].slag.startswith(SLAG):
            mail = mails[int(link.detaljer["utskick_id"])]
            about = f", {workplace.kommun.forvaltning(mail.forvaltning).namn}" if mail.forvaltning else ""
            yield f"{_SENT.get(mail.slag, 'Kvittens')}{about}, till {mail.roll} ({mail.mottagare})"
        elif link.vad == "sandning_levererad":
            one = sendings[int(link.detaljer["sandning_id"])]
            yield f"{one.rapport_id}, version {one.version}, till {one.roll} ({one.mottagare})"


def _stopped(workplace: Workplace, period: str) -> Iterator[str]:
    newest = {one.forvaltning: one for one in workplace.store.returns_for(workplace.kommun.kod, period)}
    for record in newest.values():
        if record.status is ReturStatus.STOPPAD:
            yield f"{record.fil} ({_whose(workplace, record)}) är {_judged(workplace, record)}. Den räknas inte förrän den är rättad."


def _doubtful(workplace: Workplace) -> Iterator[str]:
    for mail in workplace.store.all_dispatches(workplace.kommun.kod):
        if mail.status is UtskickStatus.OSAKER and not mail.slag.startswith(SLAG):
            yield f"Osäkert om {_SENT.get(mail.slag, 'kvittensen').lower()} till {mail.mottagare} kom fram. Fråga mottagaren."
    for one in workplace.store.all_sendings(workplace.kommun.kod):
        if one.status in (SandningStatus.OSAKER, SandningStatus.NEKAD):
            what = "nekade" if one.status is SandningStatus.NEKAD else "har kanske inte fått"
            kod = one.rapport_id.rpartition("-")[2]
            yield (
                f"{one.mottagare} {what} {one.rapport_id}, version {one.version}. "
                f"Ska den sändas om: rodatraden sand-om {one.period} {kod} --till {one.mottagare} --skal …"
            )


def _waiting(workplace: Workplace, links: tuple[Lank, ...]) -> Iterator[str]:
    """Reports that wait for a person, of the two newest months that are closed."""
    closed = {closing.period for closing in workplace.store.finished_closings(workplace.kommun.kod)}
    for period in sorted(closed)[-2:]:
        states = [standing(workplace, report, links) for report in reports_of(workplace, period)]
        counts = Counter(one.tillstand for one in states)
        for state, (text, verb) in _NEXT.items():
            if counts[state]:
                yield f"{Period.parse(period).text.capitalize()}: {counts[state]} {text}. rodatraden {verb} {period}"
        voided = sum(one.bruten is not None for one in states)
        if voided:
            yield f"{Period.parse(period).text.capitalize()}: {voided} har ändrats sedan de signerades. rodatraden granska-utkast {period}"


def _days(workplace: Workplace, period: str, now: dt.datetime) -> Iterator[str]:
    """The law's days that are near or have passed."""
    for frist in legal_days(workplace, Period.parse(period), now):
        if frist.lage in ("nara", "passerad"):
            yield f"{frist.text} senast {frist.datum_text}: {frist.kvar_text}. {frist.referens}"
