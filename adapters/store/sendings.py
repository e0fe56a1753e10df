"""Sendings of settled reports: one row per (report content, recipient, channel), each sent at most once (``outbox``).

A row ends as levererad, nekad or osäker. Nothing is sent twice without a person's word.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

from adapters.store.database import Database, LagringsFel, write_event
from adapters.store.outbox import Outbox
from adapters.store.records import SandningRecord, SandningStatus
from adapters.store.tables import sandningar
from transforms.audit_chain import Huvud

_KEY = ("kommun", "rapport_id", "version", "innehallshash", "kanal", "mottagare")
_ENDED = (SandningStatus.LEVERERAD, SandningStatus.NEKAD, SandningStatus.OSAKER)


def sending_key(record: SandningRecord) -> str:
    """The key that a delivery with this content, recipient and channel has: what the log and its Message-ID name it by."""
    return _hashed({name: getattr(record, name) for name in _KEY})


def _hashed(key: Mapping[str, object]) -> str:
    return hashlib.sha256("\n".join(str(key[name]) for name in _KEY).encode()).hexdigest()[:32]


def _record(row: Mapping[str, Any]) -> SandningRecord:
    return SandningRecord(**{**row, "status": SandningStatus(row["status"])})


def _told(record: SandningRecord) -> dict[str, Any]:
    return {"nyckel": record.nyckel, "rapport_id": record.rapport_id, "version": record.version}


_OUTBOX = Outbox(sandningar, "sandning", "Sändning", "sand", _told, _record)


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
        values = {"period": period, "roll": roll, "nyckel": _hashed(key)}
        with self._write() as connection:
            record, is_new = _OUTBOX.plan(connection, key, values, tid)
            if is_new:
                told = {"sandning_id": record.id, **_told(record), "kanal": kanal, "roll": roll}
                write_event(connection, tid, "sandning_planerad", told)
            return record

    def take_sending(self, sandning_id: int, *, tid: dt.datetime) -> Huvud | None:
        """Take a planned delivery to make it now; the log's head then. None when another process has taken it, or it has ended."""
        with self._write() as connection:
            link = _OUTBOX.take(connection, sandning_id, tid)
            return None if link is None else Huvud(link.nr, link.hash)

    def end_sending(self, sandning_id: int, status: SandningStatus, fel: str = "", *, tid: dt.datetime) -> None:
        """It has ended: LEVERERAD, NEKAD (surely not taken, and never will be) or OSAKER (it may have left)."""
        if status not in _ENDED:
            raise ValueError(f"{status} is no end")
        with self._write() as connection:
            _OUTBOX.turn(connection, sandning_id, status, tid, fel=fel)

    def return_sending(self, sandning_id: int, fel: str, *, tid: dt.datetime) -> None:
        """It surely did not leave this time: planned again, for the next run. Raises LagringsFel E907 when it was not being sent."""
        with self._write() as connection:
            _OUTBOX.give_back(connection, sandning_id, fel, tid)

    def doubt_sendings(self, kommun: str, kanal: str, *, taken_before: dt.datetime, fel: str, tid: dt.datetime) -> int:
        """How many were taken before that time and are still SANDS: their process is gone, and they become OSAKER."""
        own = (sandningar.c.kommun == kommun, sandningar.c.kanal == kanal)
        with self._write() as connection:
            return _OUTBOX.doubt_lost(connection, *own, taken_before=taken_before, fel=fel, tid=tid)

    def cancel_sending(self, sandning_id: int, *, tid: dt.datetime) -> None:
        """A planned delivery is not to be made: the report has been recalled or has another content now."""
        with self._write() as connection:
            if _OUTBOX.one(connection, sandning_id).status is SandningStatus.PLANERAD:
                _OUTBOX.turn(connection, sandning_id, SandningStatus.INSTALLD, tid)

    def resend_sending(self, sandning_id: int, skal: str, *, tid: dt.datetime) -> None:
        """A person wants an ended delivery made again, for a reason: it is planned. Raises LagringsFel E907 when it has not ended."""
        with self._write() as connection:
            if _OUTBOX.one(connection, sandning_id).status not in (*_ENDED, SandningStatus.INSTALLD):
                raise LagringsFel(f"E907 Sändning {sandning_id} är inte avslutad, så den sänds inte om.")
            _OUTBOX.turn(connection, sandning_id, SandningStatus.PLANERAD, tid, skal=skal)

    def sendings_for(self, kommun: str, period: str) -> tuple[SandningRecord, ...]:
        """Every delivery of the period's reports, in the order they were planned."""
        with self._read() as connection:
            return _OUTBOX.rows(connection, sandningar.c.kommun == kommun, sandningar.c.period == period)

    def all_sendings(self, kommun: str) -> tuple[SandningRecord, ...]:
        """Every delivery of every period, in the order they were planned."""
        with self._read() as connection:
            return _OUTBOX.rows(connection, sandningar.c.kommun == kommun)
