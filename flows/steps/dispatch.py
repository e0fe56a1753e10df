"""One planned mail taken, sent and confirmed. Whatever ends the program in between, it does not go out twice."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable

from adapters.mail import Brev, Connection, MailFel, MailOsakert
from adapters.store import Store, UtskickRecord, UtskickStatus

LEASE = dt.timedelta(minutes=10)
"""Longer than any mail takes to send: one taken before that has lost its process."""
INTERRUPTED = "E932 Programmet avbröts medan brevet skickades, så det kan ha gått ut."


def letter_key(record: UtskickRecord) -> str:
    """What names a planned mail, the same each time that it is written: its Message-ID is made of it."""
    return hashlib.sha256(f"{record.kommun}\n{record.slag}\n{record.mottagare}".encode()).hexdigest()[:32]


def doubt_lost(store: Store, kommun: str, now: dt.datetime) -> None:
    """What a process that is gone was sending may have gone out."""
    store.doubt_interrupted(kommun, taken_before=now - LEASE, fel=INTERRUPTED, tid=now)


def send_planned(
    store: Store, connection: Connection, utskick_id: int, letter: Brev, clock: Callable[[], dt.datetime]
) -> tuple[UtskickStatus, str, bool]:
    """Send one planned mail: its status after that, why it did not leave ('' when it did), and whether this call sent it."""
    if not store.take_dispatch(utskick_id, tid=clock()):
        return UtskickStatus.SANDS, "", False
    try:
        connection.send(letter)
    except MailFel as error:
        store.return_dispatch(utskick_id, str(error), tid=clock())
        return UtskickStatus.PLANERAD, str(error), True
    except MailOsakert as error:
        store.doubt_dispatch(utskick_id, str(error), tid=clock())
        return UtskickStatus.OSAKER, str(error), True
    store.confirm_dispatch(utskick_id, tid=clock())
    return UtskickStatus.SKICKAD, "", True
