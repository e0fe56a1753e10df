"""Sendings of settled reports: one row per (report content, recipient, channel), each sent at most once.

A row is planned, taken by one process, and ends as levererad, nekad or osäker. Nothing is sent twice without a person's word.
"""

from __future__ import annotations

import datetime as dt
import hashlib

import sqlalchemy as sa

from adapters.store.database import Database, LagringsFel, inserted_id, write_event
from adapters.store.records import SandningRecord, SandningStatus
from adapters.store.tables import sandningar
from transforms.audit_chain import Huvud

_FIELDS = tuple(SandningRecord.__dataclass_fields__)
_ENDED = (SandningStatus.LEVERERAD, SandningStatus.NEKAD, SandningStatus.OSAKER)


class SendingStore(Database):
    """The outbox of reports. Whether one goes out is decided here."""

    def plan_sending(
        self,
        *,
        kommun: str,
        period: str,
        rapport_id: str,
        version: int,
        innehallshash: str,
        kanal: str,
        mottagare: str,
        roll: str,
        tid: dt.datetime,
    ) -> SandningRecord:
        """The delivery with that key: made and PLANERAD when it is not there, else as it stands. Its Message-ID is the key's own."""
        key = {
            "kommun": kommun, "rapport_id": rapport_id, "version": version, "innehallshash": innehallshash, "kanal": kanal,
            "mottagare": mottagare,
        }  # fmt: skip
        with self._write() as connection:
            known = self._sendings(connection, *(sandningar.c[name] == value for name, value in key.items()))
            if known:
                return known[0]
            nyckel = hashlib.sha256("\n".join(str(value) for value in key.values()).encode()).hexdigest()[:32]
            state = {"status": SandningStatus.PLANERAD.value, "planerad": tid, "andrad": tid, "forsok": 0, "fel": ""}
            row = {**key, **state, "period": period, "roll": roll, "nyckel": nyckel}
            made = inserted_id(connection.execute(sandningar.insert().values(**row)))
            details = {"sandning_id": made, "rapport_id": rapport_id, "version": version, "kanal": kanal, "roll": roll}
            write_event(connection, tid, "sandning_planerad", {**details, "nyckel": nyckel})
            return self._sending(connection, made)

    def take_sending(self, sandning_id: int, *, tid: dt.datetime) -> Huvud | None:
        """Take a planned delivery to make it now; the log's head then. None when another process has taken it, or it has ended."""
        with self._write() as connection:
            if self._sending(connection, sandning_id).status is not SandningStatus.PLANERAD:
                return None
            return self._turn(
                connection, sandning_id, SandningStatus.SANDS, tid, forsok=sandningar.c.forsok + 1, fel=""
            )

    def end_sending(self, sandning_id: int, status: SandningStatus, fel: str = "", *, tid: dt.datetime) -> None:
        """It has ended: LEVERERAD, NEKAD (surely not taken, and never will be) or OSAKER (it may have left)."""
        if status not in _ENDED:
            raise ValueError(f"{status} is no end")
        with self._write() as connection:
            self._turn(connection, sandning_id, status, tid, fel=fel)

    def return_sending(self, sandning_id: int, fel: str, *, tid: dt.datetime) -> None:
        """It surely did not leave this time: planned again, for the next run. Raises LagringsFel E907 when it was not being sent."""
        with self._write() as connection:
            if self._sending(connection, sandning_id).status is not SandningStatus.SANDS:
                raise LagringsFel(
                    f"E907 Sändning {sandning_id} håller inte på att sändas. Kör om: rodatraden sand PERIOD"
                )
            self._turn(connection, sandning_id, SandningStatus.PLANERAD, tid, fel=fel)

    def doubt_sendings(self, kommun: str, kanal: str, *, taken_before: dt.datetime, fel: str, tid: dt.datetime) -> int:
        """How many were taken before that time and are still SANDS: their process is gone, and they become OSAKER."""
        with self._write() as connection:
            lost = self._sendings(
                connection,
                sandningar.c.kommun == kommun,
                sandningar.c.kanal == kanal,
                sandningar.c.status == SandningStatus.SANDS.value,
                sandningar.c.andrad < taken_before,
            )
            for record in lost:
                self._turn(connection, record.id, SandningStatus.OSAKER, tid, fel=fel)
        return len(lost)

    def cancel_sending(self, sandning_id: int, *, tid: dt.datetime) -> None:
        """A planned delivery is not to be made: the report has been recalled or has another content now."""
        with self._write() as connection:
            if self._sending(connection, sandning_id).status is SandningStatus.PLANERAD:
                self._turn(connection, sandning_id, SandningStatus.INSTALLD, tid)

    def resend_sending(self, sandning_id: int, skal: str, *, tid: dt.datetime) -> None:
        """A person wants an ended delivery made again, for a reason: it is planned. Raises LagringsFel E907 when it has not ended."""
        with self._write() as connection:
            if self._sending(connection, sandning_id).status not in (*_ENDED, SandningStatus.INSTALLD):
                raise LagringsFel(f"E907 Sändning {sandning_id} är inte avslutad, så den sänds inte om.")
            self._turn(connection, sandning_id, SandningStatus.PLANERAD, tid, skal=skal)

    def sendings_for(self, kommun: str, period: str) -> tuple[SandningRecord, ...]:
        """Every delivery of the period's reports, in the order they were planned."""
        with self._read() as connection:
            return self._sendings(connection, sandningar.c.kommun == kommun, sandningar.c.period == period)

    def all_sendings(self, kommun: str) -> tuple[SandningRecord, ...]:
        """Every delivery of every period, in the order they were planned."""
        with self._read() as connection:
            return self._sendings(connection, sandningar.c.kommun == kommun)

    def _turn(
        self,
        connection: sa.Connection,
        sandning_id: int,
        status: SandningStatus,
        tid: dt.datetime,
        *,
        skal: str = "",
        **values: object,
    ) -> Huvud:
        record = self._sending(connection, sandning_id)
        change = sandningar.update().where(sandningar.c.id == sandning_id)
        connection.execute(change.values(status=status.value, andrad=tid, **values))
        details = {"sandning_id": sandning_id, "nyckel": record.nyckel, "rapport_id": record.rapport_id}
        details |= {"version": record.version, **({"skal": skal} if skal else {})}
        link = write_event(connection, tid, f"sandning_{status.value}", details)
        return Huvud(link.nr, link.hash)

    def _sending(self, connection: sa.Connection, sandning_id: int) -> SandningRecord:
        found = self._sendings(connection, sandningar.c.id == sandning_id)
        if not found:
            raise LagringsFel(f"E907 Det finns ingen sändning med nummer {sandning_id}. Kontrollera numret.")
        return found[0]

    def _sendings(self, connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> tuple[SandningRecord, ...]:
        query = sa.select(*(sandningar.c[name] for name in _FIELDS)).where(*conditions).order_by(sandningar.c.id)
        rows = connection.execute(query).mappings().all()
        return tuple(SandningRecord(**{**row, "status": SandningStatus(row["status"])}) for row in rows)
