"""Answers: each mail with a return gets its kvittens back, with the rättelsebok, once, at an address that kommun.yaml knows."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from adapters.mail import Bilaga, Brev, MailFel, Mailserver, connect
from adapters.store import LeveransRecord, ReturStatus, Svar, UtskickRecord, UtskickStatus
from flows.steps.dispatch import doubt_lost, send_planned
from flows.steps.receipt import EVENT, write_receipts
from flows.workplace import Workplace
from transforms.receipt import answer_subject, answer_without_file
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


def answer_senders(workplace: Workplace, clock: Callable[[], dt.datetime]) -> tuple[Answered, ...]:
    """Send the kvittens of every arrival by mail that waits for one and has been judged. Those answered before are not touched.

    Raises:
        MailFel: E930, E931, the mail server can't be used at all; the answers wait for the next run.
    """
    store, kommun = workplace.store, workplace.kommun
    waiting = [leverans for leverans in store.unanswered(kommun.kod) if _is_judged(workplace, leverans)]
    server = workplace.hem.epost
    if not waiting or server is None:
        return ()
    doubt_lost(store, kommun.kod, clock())
    planned = [(leverans, _plan(workplace, leverans, clock())) for leverans in waiting]
    outcome = [_settled(workplace, leverans, record, clock()) for leverans, record in planned if record is not None]
    ready = [(one, record) for one, record in planned if record and record.status is UtskickStatus.PLANERAD]
    if ready:
        outcome = [one for one in outcome if one.status is not UtskickStatus.PLANERAD]
        outcome.extend(_sent(workplace, server, ready, clock))
    return tuple(outcome)


def _is_judged(workplace: Workplace, leverans: LeveransRecord) -> bool:
    return leverans.retur_id is None or workplace.store.retur(leverans.retur_id).status is not ReturStatus.MOTTAGEN


def _plan(workplace: Workplace, leverans: LeveransRecord, now: dt.datetime) -> UtskickRecord | None:
    """The planned mail, or None when kommun.yaml no longer knows the address."""
    address = known_address(workplace.kommun, leverans.avsandare)
    if address is None:
        workplace.store.settle_answer(leverans.id, Svar.NEJ, "avsändaren är okänd", tid=now)
        return None
    record = None if leverans.retur_id is None else workplace.store.retur(leverans.retur_id)
    return workplace.store.plan_dispatch(
        kommun=workplace.kommun.kod,
        period=(record.period if record else "") or "",
        forvaltning=(record.forvaltning if record else "") or "",
        slag=f"kvittens {leverans.id}",
        mottagare=address,
        roll=ROLE,
        tid=now,
    )


def _settled(workplace: Workplace, leverans: LeveransRecord, record: UtskickRecord, now: dt.datetime) -> Answered:
    """A mail as it stands; one that a run sent just before it ended is settled now."""
    if record.status is UtskickStatus.SKICKAD:
        workplace.store.settle_answer(leverans.id, Svar.KLART, "", tid=now)
    return Answered(leverans.fil or leverans.amne, record.mottagare, record.status, record.fel)


def _sent(
    workplace: Workplace,
    server: Mailserver,
    ready: list[tuple[LeveransRecord, UtskickRecord]],
    clock: Callable[[], dt.datetime],
) -> list[Answered]:
    write_receipts(workplace, [one.retur_id for one, _ in ready if one.retur_id is not None], clock())
    receipts = {int(event.detaljer["retur_id"]): event.detaljer["filer"] for event in workplace.store.journal(EVENT)}
    outcome = []
    with connect(server) as connection:
        for leverans, record in ready:
            files = receipts.get(leverans.retur_id or 0, {})
            letter = _letter(workplace, leverans, record, files, clock())
            status, fel, _ = send_planned(workplace.store, connection, record.id, letter, clock)
            if status is UtskickStatus.SKICKAD:
                workplace.store.settle_answer(leverans.id, Svar.KLART, "", tid=clock())
            outcome.append(Answered(leverans.fil or leverans.amne, record.mottagare, status, fel))
    return outcome


def _letter(
    workplace: Workplace, leverans: LeveransRecord, record: UtskickRecord, files: Mapping[str, str], now: dt.datetime
) -> Brev:
    """The whole answer. The kvittens is its text; the rättelsebok, where there is one, is attached."""
    texts = [workplace.objects.get(key).decode() for name, key in files.items() if name.endswith(".txt")]
    books = [Bilaga(name, workplace.objects.get(key)) for name, key in files.items() if name.endswith(".xlsx")]
    name = hashlib.sha256(f"{workplace.kommun.kod}\n{record.slag}\n{record.mottagare}".encode()).hexdigest()[:32]
    if leverans.retur_id is None:
        subject, text = answer_without_file(workplace.felkoder["E162"], leverans.amne, workplace.kommun)
    else:
        retur = workplace.store.retur(leverans.retur_id)
        accepted = retur.status in (ReturStatus.GODKAND, ReturStatus.ERSATT)
        subject, text = answer_subject(texts[0], accepted=accepted), texts[0]
    return Brev(record.mottagare, subject, text, name, now, tuple(books), leverans.message_id)


def answer_lines(workplace: Workplace, clock: Callable[[], dt.datetime]) -> tuple[str, ...]:
    """``answer_senders``, told in lines. A mail server that is out of reach is told of too: the answers wait for the next run."""
    try:
        answered = answer_senders(workplace, clock)
    except MailFel as error:
        return (f"Svaren väntar till nästa gång. {error}",)
    return tuple(
        f"Svar till {one.mottagare} om {one.fil}: {f'{_STATUS[one.status]}. {one.fel}'.strip()}" for one in answered
    )
