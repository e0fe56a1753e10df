"""What lies at the end of every way in, way by way: whole files and the attachments of mails, each with where and whom it came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from adapters.inbox import InboxFile, Waiting, arrivals, open_folder
from adapters.mailbox import MAX_MAIL, FetchedMail, new_mails
from adapters.store import LeveransRecord, ReturRecord, Svar
from data_contracts.vagar import BrevladaVag, MappVag, S3Vag, SftpVag, Vag
from flows.ways import folder_of, mailbox_of
from flows.workplace import Workplace
from transforms.arrival import is_ignored
from transforms.letter import Letter, read_letter
from transforms.senders import known_address

LETTER = ""
"""The mark of a mail itself; its attachments have numbers."""
UNNAMED = "okänd"
"""The sender of a mail that names none, or several: no address, so nobody's."""


@dataclass(frozen=True, slots=True)
class Known:
    """An arrival that has been taken in before, and lies there still."""

    leverans: LeveransRecord


@dataclass(frozen=True, slots=True)
class Fresh:
    """An arrival to take in, with what its row in the store will say."""

    fil: str
    content: bytes
    vag: str
    plats: str
    marke: str
    avsandare: str = ""
    amne: str = ""
    message_id: str = ""
    brev: str = ""
    svar: Svar = Svar.NEJ
    orsak: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """Something that is left alone this time, in a Swedish sentence without a full stop."""

    text: str


@dataclass(frozen=True, slots=True)
class LetterEnd:
    """All of a mail has been given: its own row can be written, so that it is not fetched again. ``text``: what to tell; ''."""

    vag: str
    plats: str
    svar: Svar
    orsak: str
    text: str = ""
    avsandare: str = ""
    amne: str = ""
    message_id: str = ""
    brev: str = ""


Arrival = Known | Fresh | Left | LetterEnd


def arrived(workplace: Workplace, vag: Vag) -> Iterator[Arrival]:
    """Everything at the end of one way in. Nothing is registered here; a mail is kept as it came.

    Raises:
        InkorgsFel, BrevladeFel, HemlighetsFel: E903, E911–E913.
    """
    if isinstance(vag, BrevladaVag):
        return _in_mailbox(workplace, vag)
    return _in_folder(workplace, vag)


def _in_folder(workplace: Workplace, vag: MappVag | SftpVag | S3Vag) -> Iterator[Arrival]:
    store, kommun = workplace.store, workplace.kommun.kod

    def known(file: InboxFile) -> LeveransRecord | None:
        return store.find_delivery(kommun, vag.namn, file.name, file.marke)

    with open_folder(folder_of(workplace.hem, vag)) as folder:
        for one in arrivals(folder, workplace.hem.lugn_sekunder, lambda file: known(file) is not None):
            if isinstance(one, Waiting):
                yield Left(f"{one.name} ({vag.namn}): {one.orsak}")
            elif one.content is not None:
                yield Fresh(one.file.name, one.content, vag.namn, one.file.name, one.file.marke)
            elif (leverans := known(one.file)) is not None:
                yield Known(leverans)


def _in_mailbox(workplace: Workplace, vag: BrevladaVag) -> Iterator[Arrival]:
    store, kommun = workplace.store, workplace.kommun.kod
    standing: list[LeveransRecord] = []

    def is_known(plats: str) -> bool:
        row = store.find_delivery(kommun, vag.namn, plats, LETTER)
        if row is not None:
            standing.extend(store.deliveries_at(kommun, vag.namn, plats))
        return row is not None

    for mail in new_mails(mailbox_of(workplace.hem, vag), is_known):
        yield from _letter(workplace, vag, mail)
    yield from (Known(leverans) for leverans in standing if leverans.retur_id is not None)


def _letter(workplace: Workplace, vag: BrevladaVag, mail: FetchedMail) -> Iterator[Arrival]:
    """The mail's attachments, and its end when the caller has taken them over."""
    if mail.raw is None:
        size = f"{mail.storlek / 1024**2:.0f}"
        told = workplace.felkoder["E163"].finding(storlek=size, grans=MAX_MAIL // 1024**2)
        yield LetterEnd(vag.namn, mail.plats, Svar.NEJ, str(told), f"{mail.plats} ({vag.namn}): {told}")
        return
    letter, brev = read_letter(mail.raw), workplace.objects.put(mail.raw)
    seen = workplace.store.has_come_before(workplace.kommun.kod, vag.namn, brev, mail.plats)
    svar, orsak = _answering(workplace, vag, letter, seen=seen)
    sender, head = letter.avsandare or UNNAMED, (letter.amne, letter.message_id, brev)
    for attached in letter.bilagor:
        if not is_ignored(attached.namn):
            number = str(attached.nummer)
            yield Fresh(
                attached.namn, attached.innehall, vag.namn, mail.plats, number, sender, *head, svar=svar, orsak=orsak
            )
    if any(not is_ignored(attached.namn) for attached in letter.bilagor):
        yield LetterEnd(vag.namn, mail.plats, Svar.NEJ, "bilagorna besvaras", "", sender, *head)
    else:
        text = f'brevet "{letter.amne}" från {sender} ({vag.namn}): ingen bifogad fil'
        yield LetterEnd(vag.namn, mail.plats, svar, orsak, text, sender, *head)


def _answering(workplace: Workplace, vag: BrevladaVag, letter: Letter, *, seen: bool) -> tuple[Svar, str]:
    """Whether a mail is answered, and why not. Nobody but an address of kommun.yaml ever gets an answer."""
    if not vag.svara:
        return Svar.NEJ, "brevlådan besvaras inte"
    if seen:
        return Svar.NEJ, "samma brev har kommit förut"
    if known_address(workplace.kommun, letter.avsandare) is None:
        return Svar.NEJ, "avsändaren är okänd"
    if letter.from_program:
        return Svar.NEJ, "brevet är skickat av ett program"
    return Svar.VANTAR, ""


def remember(workplace: Workplace, fresh: Fresh, record: ReturRecord, now: dt.datetime) -> None:
    """The arrival's row in the store."""
    workplace.store.record_delivery(
        kommun=workplace.kommun.kod,
        vag=fresh.vag,
        plats=fresh.plats,
        marke=fresh.marke,
        inkom=now,
        fil=fresh.fil,
        sha256=record.sha256,
        retur_id=record.id,
        avsandare=fresh.avsandare,
        amne=fresh.amne,
        message_id=fresh.message_id,
        brev=fresh.brev,
        svar=fresh.svar,
        orsak=fresh.orsak,
    )


def remember_letter(workplace: Workplace, end: LetterEnd, now: dt.datetime) -> None:
    """A mail's own row in the store, once its attachments have theirs."""
    workplace.store.record_delivery(
        kommun=workplace.kommun.kod,
        vag=end.vag,
        plats=end.plats,
        marke=LETTER,
        inkom=now,
        avsandare=end.avsandare,
        amne=end.amne,
        message_id=end.message_id,
        brev=end.brev,
        svar=end.svar,
        orsak=end.orsak,
    )
