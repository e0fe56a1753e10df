"""Mails about returns: planned once, taken by one process, and sent at most once."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from adapters.store.database import Database, LagringsFel, inserted_id, write_event
from adapters.store.records import UtskickRecord, UtskickStatus
from adapters.store.tables import utskick

_FIELDS = tuple(UtskickRecord.__dataclass_fields__)


class DispatchStore(Database):
    """The mails that the calendar asks for. Whether one goes out is decided here, not by the schedule."""

    def plan_dispatch(
        self, *, kommun: str, period: str, forvaltning: str, slag: str, mottagare: str, roll: str, tid: dt.datetime
    ) -> UtskickRecord:
        """The mail with that key: made and PLANERAD when it is not there, else as it stands."""
        key = {"kommun": kommun, "period": period, "forvaltning": forvaltning, "slag": slag, "mottagare": mottagare}
        with self._write() as connection:
            known = self._dispatches(connection, *(utskick.c[name] == value for name, value in key.items()))
            if known:
                return known[0]
            state = {"status": UtskickStatus.PLANERAD.value, "planerad": tid, "andrad": tid, "forsok": 0, "fel": ""}
            made = inserted_id(connection.execute(utskick.insert().values(**key, roll=roll, **state)))
            return self._dispatch(connection, made)

    def take_dispatch(self, utskick_id: int, *, tid: dt.datetime) -> bool:
        """Take a planned mail to send it now. False when another process has taken it, or it has been sent."""
        with self._write() as connection:
            if self._dispatch(connection, utskick_id).status is not UtskickStatus.PLANERAD:
                return False
            self._move(connection, utskick_id, UtskickStatus.SANDS, tid, forsok=utskick.c.forsok + 1, fel="")
            return True

    def confirm_dispatch(self, utskick_id: int, *, tid: dt.datetime) -> None:
        """The mail server has taken it."""
        with self._write() as connection:
            self._move(connection, utskick_id, UtskickStatus.SKICKAD, tid, fel="")

    def return_dispatch(self, utskick_id: int, fel: str, *, tid: dt.datetime) -> None:
        """It surely did not leave: planned again, for the next run. Raises LagringsFel E907 when it was not being sent."""
        with self._write() as connection:
            if self._dispatch(connection, utskick_id).status is not UtskickStatus.SANDS:
                raise LagringsFel(
                    f"E907 Utskick {utskick_id} håller inte på att sändas. Kör om: rodatraden paminn PERIOD"
                )
            self._move(connection, utskick_id, UtskickStatus.PLANERAD, tid, fel=fel)

    def doubt_dispatch(self, utskick_id: int, fel: str, *, tid: dt.datetime) -> None:
        """It may have left: OSAKER, and never sent again unless a person says so (``resend_doubtful``)."""
        with self._write() as connection:
            self._move(connection, utskick_id, UtskickStatus.OSAKER, tid, fel=fel)

    def doubt_interrupted(self, kommun: str, *, taken_before: dt.datetime, fel: str, tid: dt.datetime) -> int:
        """How many mails were taken before that time and are still SANDS: their process is gone, and they become OSAKER."""
        with self._write() as connection:
            lost = self._dispatches(
                connection,
                utskick.c.kommun == kommun,
                utskick.c.status == UtskickStatus.SANDS.value,
                utskick.c.andrad < taken_before,
            )
            for record in lost:
                self._move(connection, record.id, UtskickStatus.OSAKER, tid, fel=fel)
        return len(lost)

    def resend_doubtful(self, kommun: str, period: str, *, tid: dt.datetime) -> int:
        """A person wants the period's doubtful mails sent again: they are planned. How many they are."""
        with self._write() as connection:
            doubtful = self._dispatches(
                connection,
                utskick.c.kommun == kommun,
                utskick.c.period == period,
                utskick.c.status == UtskickStatus.OSAKER.value,
            )
            for record in doubtful:
                self._move(connection, record.id, UtskickStatus.PLANERAD, tid)
        return len(doubtful)

    def dispatches_for(self, kommun: str, period: str) -> tuple[UtskickRecord, ...]:
        """Every mail of the period, in the order they were planned."""
        with self._read() as connection:
            return self._dispatches(connection, utskick.c.kommun == kommun, utskick.c.period == period)

    def all_dispatches(self, kommun: str) -> tuple[UtskickRecord, ...]:
        """Every mail of every period, in the order they were planned."""
        with self._read() as connection:
            return self._dispatches(connection, utskick.c.kommun == kommun)

    def _move(
        self, connection: sa.Connection, utskick_id: int, status: UtskickStatus, tid: dt.datetime, **values: object
    ) -> None:
        self._dispatch(connection, utskick_id)
        change = utskick.update().where(utskick.c.id == utskick_id).values(status=status.value, andrad=tid, **values)
        connection.execute(change)
        write_event(connection, tid, f"utskick_{status.value}", {"utskick_id": utskick_id})

    def _dispatch(self, connection: sa.Connection, utskick_id: int) -> UtskickRecord:
        found = self._dispatches(connection, utskick.c.id == utskick_id)
        if not found:
            raise LagringsFel(f"E907 Det finns inget utskick med nummer {utskick_id}. Kontrollera numret.")
        return found[0]

    def _dispatches(self, connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> tuple[UtskickRecord, ...]:
        query = sa.select(*(utskick.c[name] for name in _FIELDS)).where(*conditions).order_by(utskick.c.id)
        rows = connection.execute(query).mappings().all()
        return tuple(UtskickRecord(**{**row, "status": UtskickStatus(row["status"])}) for row in rows)
