"""Mails about returns: planned once, taken by one process, and sent at most once (``outbox``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from adapters.store.database import Database
from adapters.store.outbox import Outbox
from adapters.store.records import UtskickRecord, UtskickStatus
from adapters.store.tables import utskick


def _record(row: Mapping[str, Any]) -> UtskickRecord:
    return UtskickRecord(**{**row, "status": UtskickStatus(row["status"])})


_OUTBOX = Outbox(utskick, "utskick", "Utskick", "paminn", lambda record: {}, _record)


class DispatchStore(Database):
    """The mails that the calendar asks for. Whether one goes out is decided here, not by the schedule."""

    def plan_dispatch(
        self, *, kommun: str, period: str, forvaltning: str, slag: str, mottagare: str, roll: str, tid: dt.datetime
    ) -> UtskickRecord:
        """The mail with that key: made and PLANERAD when it is not there, else as it stands."""
        key = {"kommun": kommun, "period": period, "forvaltning": forvaltning, "slag": slag, "mottagare": mottagare}
        with self._write() as connection:
            return _OUTBOX.plan(connection, key, {"roll": roll}, tid)[0]

    def take_dispatch(self, utskick_id: int, *, tid: dt.datetime) -> bool:
        """Take a planned mail to send it now. False when another process has taken it, or it has been sent."""
        with self._write() as connection:
            return _OUTBOX.take(connection, utskick_id, tid) is not None

    def confirm_dispatch(self, utskick_id: int, *, tid: dt.datetime) -> None:
        """The mail server has taken it."""
        with self._write() as connection:
            _OUTBOX.turn(connection, utskick_id, UtskickStatus.SKICKAD, tid, fel="")

    def return_dispatch(self, utskick_id: int, fel: str, *, tid: dt.datetime) -> None:
        """It surely did not leave: planned again, for the next run. Raises LagringsFel E907 when it was not being sent."""
        with self._write() as connection:
            _OUTBOX.give_back(connection, utskick_id, fel, tid)

    def doubt_dispatch(self, utskick_id: int, fel: str, *, tid: dt.datetime) -> None:
        """It may have left: OSAKER, and never sent again unless a person says so (``resend_doubtful``)."""
        with self._write() as connection:
            _OUTBOX.turn(connection, utskick_id, UtskickStatus.OSAKER, tid, fel=fel)

    def doubt_interrupted(self, kommun: str, *, taken_before: dt.datetime, fel: str, tid: dt.datetime) -> int:
        """How many mails were taken before that time and are still SANDS: their process is gone, and they become OSAKER."""
        with self._write() as connection:
            own = utskick.c.kommun == kommun
            return _OUTBOX.doubt_lost(connection, own, taken_before=taken_before, fel=fel, tid=tid)

    def resend_doubtful(self, kommun: str, period: str, *, tid: dt.datetime) -> int:
        """A person wants the period's doubtful mails sent again: they are planned. How many they are."""
        doubtful = utskick.c.status == UtskickStatus.OSAKER.value
        with self._write() as connection:
            found = _OUTBOX.rows(connection, utskick.c.kommun == kommun, utskick.c.period == period, doubtful)
            for record in found:
                _OUTBOX.turn(connection, record.id, UtskickStatus.PLANERAD, tid)
        return len(found)

    def dispatches_for(self, kommun: str, period: str) -> tuple[UtskickRecord, ...]:
        """Every mail of the period, in the order they were planned."""
        with self._read() as connection:
            return _OUTBOX.rows(connection, utskick.c.kommun == kommun, utskick.c.period == period)

    def all_dispatches(self, kommun: str) -> tuple[UtskickRecord, ...]:
        """Every mail of every period, in the order they were planned."""
        with self._read() as connection:
            return _OUTBOX.rows(connection, utskick.c.kommun == kommun)
