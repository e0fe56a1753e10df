"""Answers: each mail with a return gets its kvittens back, with the rättelsebok, at an address that kommun.yaml knows.

Once; and once more each time that the verdict on the return changes later (another budget, another version chosen).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from adapters.mail import Bilaga, Brev, MailFel, Mailserver, connect
from adapters.store import ANSWERED, LeveransRecord, ReturRecord, ReturStatus, Svar, UtskickRecord, UtskickStatus
from flows.steps.dispatch import doubt_lost, letter_key, send_planned
from flows.steps.receipt import EVENT, write_receipts
from flows.steps.versions import ACCEPTED, chosen_sentence
from flows.workplace import Workplace
from transforms.receipt import again_text, answer_subject, answer_without_file, verdict_of
from transforms.senders import known_address

ROLE = "Avsändare"
_STATUS = {
    UtskickStatus.SKICKAD: "skickat",
    UtskickStatus.PLANERAD: "väntar till nästa gång",
    UtskickStatus.SANDS: "skickas av en annan körning",
    UtskickStatus.OSAKER: "osäkert om det gick ut",
}


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of the answer to one arrival. ``fel``: why it did not leave, or may not have; '' when it did."""

    fil: str
    mottagare: str
    status: UtskickStatus
    fel: str


@dataclass(frozen=True, slots=True)
class _Due:
    """An answer that is to be sent: of which verdict, and what was told before; ``nr``: how many answers there have been."""

    leverans: LeveransRecord
    omdome: str
    nr: int = 0
    before: str = ""

    @property
    def slag(self) -> str:
        """What makes the answer one of a kind: the arrival, and for a later one its number and verdict."""
        again = f" {self.nr} {self.omdome}" if self.nr else ""
        return f"kvittens {self.leverans.id}{again}"


def answer_senders(workplace: Workplace, clock: Callable[[], dt.datetime]) -> tuple[Answered, ...]:
    """Send the kvittens of every arrival by mail that waits for one and has been judged, and again where the verdict has changed since.

    Each verdict is told once. One that was told by a program that did not note which is left as it is.

    Raises:
        MailFel: E930, E931, the mail server can't be used at all; the answers wait for the next run.
    """
    store, kommun = workplace.store, workplace.kommun.kod
    server = workplace.hem.epost
    if server is None:
        return ()
    waiting = [_Due(one, _verdict(workplace, one)) for one in store.unanswered(kommun) if _is_judged(workplace, one)]
    due = [*waiting, *_changed(workplace)]
    if not due:
        return ()
    doubt_lost(store, kommun, clock())
    planned = [(one, _plan(workplace, one, clock())) for one in due]
    outcome = [_settled(workplace, one, record, clock()) for one, record in planned if record is not None]
    ready = [(one, record) for one, record in planned if record and record.status is UtskickStatus.PLANERAD]
    if ready:
        outcome = [one for one in outcome if one.status is not UtskickStatus.PLANERAD]
        outcome.extend(_sent(workplace, server, ready, clock))
    return tuple(outcome)


def _is_judged(workplace: Workplace, leverans: LeveransRecord) -> bool:
    return leverans.retur_id is None or workplace.store.retur(leverans.retur_id).status is not ReturStatus.MOTTAGEN


def _verdict(workplace: Workplace, leverans: LeveransRecord) -> str:
    """The verdict on what came, as it stands now; '' for a mail without a file."""
    if leverans.retur_id is None:
        return ""
    record = workplace.store.retur(leverans.retur_id)
    counting = next((one for one in _chain(workplace, record) if one.status is ReturStatus.GODKAND), None)
    chosen = chosen_sentence(workplace, counting) if counting is not None else ""
    return verdict_of(workplace.store.findings_for(record.id), chosen, accepted=record.status in ACCEPTED)


def _chain(workplace: Workplace, record: ReturRecord) -> tuple[ReturRecord, ...]:
    if not (record.forvaltning and record.period):
        return ()
    return workplace.store.retur_chain(record.kommun, record.forvaltning, record.period)


def _changed(workplace: Workplace) -> Iterator[_Due]:
    """The answered arrivals whose verdict is another now: of each return's newest version and the one that counts, per address."""
    told: dict[int, list[str]] = {}
    for event in workplace.store.journal(ANSWERED):
        if event.detaljer["svar"] == Svar.KLART.value:
            told.setdefault(int(event.detaljer["leverans_id"]), []).append(str(event.detaljer.get("omdome", "")))
    latest = {
        (one.retur_id, one.avsandare.lower()): one for one in workplace.store.answered_by_mail(workplace.kommun.kod)
    }
    for leverans in latest.values():
        before = told.get(leverans.id, [""])
        if before[-1] and _is_judged(workplace, leverans) and _is_of_interest(workplace, leverans):
            verdict = _verdict(workplace, leverans)
            if verdict != before[-1]:
                yield _Due(leverans, verdict, len(before), before[-1])


def _is_of_interest(workplace: Workplace, leverans: LeveransRecord) -> bool:
    """False for an older version that no longer counts: what is said of it helps nobody."""
    record = workplace.store.retur(leverans.retur_id or 0)
    chain = _chain(workplace, record)
    return not chain or record.id == chain[-1].id or record.status is ReturStatus.GODKAND


def _plan(workplace: Workplace, due: _Due, now: dt.datetime) -> UtskickRecord | None:
    """The planned mail, or None when kommun.yaml no longer knows the address."""
    leverans = due.leverans
    address = known_address(workplace.kommun, leverans.avsandare)
    if address is None:
        workplace.store.settle_answer(leverans.id, Svar.NEJ, "avsändaren är okänd", tid=now)
        return None
    record = None if leverans.retur_id is None else workplace.store.retur(leverans.retur_id)
    return workplace.store.plan_dispatch(
        kommun=workplace.kommun.kod,
        period=(record.period if record else "") or "",
        forvaltning=(record.forvaltning if record else "") or "",
        slag=due.slag,
        mottagare=address,
        roll=ROLE,
        tid=now,
    )


def _settled(workplace: Workplace, due: _Due, record: UtskickRecord, now: dt.datetime) -> Answered:
    """A mail as it stands; one that a run sent just before it ended is settled now."""
    if record.status is UtskickStatus.SKICKAD:
        workplace.store.settle_answer(due.leverans.id, Svar.KLART, "", tid=now, omdome=due.omdome)
    return Answered(due.leverans.fil or due.leverans.amne, record.mottagare, record.status, record.fel)


def _sent(
    workplace: Workplace,
    server: Mailserver,
    ready: list[tuple[_Due, UtskickRecord]],
    clock: Callable[[], dt.datetime],
) -> list[Answered]:
    write_receipts(workplace, [one.leverans.retur_id for one, _ in ready if one.leverans.retur_id is not None], clock())
    receipts = {int(event.detaljer["retur_id"]): event.detaljer["filer"] for event in workplace.store.journal(EVENT)}
    outcome = []
    with connect(server) as connection:
        for due, record in ready:
            leverans = due.leverans
            files = receipts.get(leverans.retur_id or 0, {})
            letter = _letter(workplace, due, record, files, clock())
            status, fel, _ = send_planned(workplace.store, connection, record.id, letter, clock)
            if status is UtskickStatus.SKICKAD:
                workplace.store.settle_answer(leverans.id, Svar.KLART, "", tid=clock(), omdome=due.omdome)
            outcome.append(Answered(leverans.fil or leverans.amne, record.mottagare, status, fel))
    return outcome


def _letter(workplace: Workplace, due: _Due, record: UtskickRecord, files: Mapping[str, str], now: dt.datetime) -> Brev:
    """The whole answer. The kvittens is its text; the rättelsebok, where there is one, is attached."""
    leverans = due.leverans
    texts = [workplace.objects.get(key).decode() for name, key in files.items() if name.endswith(".txt")]
    books = [Bilaga(name, workplace.objects.get(key)) for name, key in files.items() if name.endswith(".xlsx")]
    if leverans.retur_id is None:
        subject, text = answer_without_file(workplace.felkoder["E162"], leverans.amne, workplace.kommun)
    else:
        accepted = workplace.store.retur(leverans.retur_id).status in ACCEPTED
        subject, text = answer_subject(texts[0], accepted=accepted, before=due.before), texts[0]
        if due.before:
            text = again_text(text, due.before, accepted=accepted)
    return Brev(record.mottagare, subject, text, letter_key(record), now, tuple(books), svar_pa=leverans.message_id)


def answer_lines(workplace: Workplace, clock: Callable[[], dt.datetime]) -> tuple[str, ...]:
    """``answer_senders``, told in lines. A mail server that is out of reach is told of too: the answers wait for the next run."""
    try:
        answered = answer_senders(workplace, clock)
    except MailFel as error:
        return (f"Svaren väntar till nästa gång. {error}",)
    return tuple(
        f"Svar till {one.mottagare} om {one.fil}: {f'{_STATUS[one.status]}. {one.fel}'.strip()}" for one in answered
    )
