"""How anything leaves at most once: planned under a key, taken by one process, and then ended, given back or in doubt.

Both outboxes, of mails about returns and of settled reports, go by these rules; they differ in their key and in how a delivery ends.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import sqlalchemy as sa

from adapters.store.database import LagringsFel, inserted_id, write_event
from transforms.audit_chain import Lank

PLANERAD, SANDS, OSAKER = "planerad", "sands", "osaker"
"""The states that every outbox has. From SANDS nothing goes back to PLANERAD unless it surely did not leave."""


class Planned(Protocol):
    """What the rules need to know of a row."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def status(self) -> str:
        """Where it stands."""


Record = TypeVar("Record", bound=Planned)


@dataclass(frozen=True, slots=True)
class Outbox(Generic[Record]):
    """One outbox. Each method is a part of the caller's transaction, which has waited for its turn to write.

    Attributes:
        what: what its events begin with, and its rows are called in them: ``sandning_planerad``, ``sandning_id``.
        namn: what a row is called in a sentence. kor_om: the verb that makes a planned one anew.
        told: what each event says of a row beside its number.
        read: a row of the table as a record.
    """

    table: sa.Table
    what: str
    namn: str
    kor_om: str
    told: Callable[[Record], Mapping[str, Any]]
    read: Callable[[Mapping[str, Any]], Record]

    def rows(self, connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> tuple[Record, ...]:
        """The rows in the order they were planned."""
        query = sa.select(self.table).where(*conditions).order_by(self.table.c.id)
        return tuple(self.read({**row}) for row in connection.execute(query).mappings())

    def one(self, connection: sa.Connection, row_id: int) -> Record:
        """The row with that number. Raises LagringsFel E907 when there is none."""
        found = self.rows(connection, self.table.c.id == row_id)
        if not found:
            raise LagringsFel(f"E907 {self.namn} {row_id} finns inte. Kontrollera numret.")
        return found[0]

    def plan(
        self, connection: sa.Connection, key: Mapping[str, Any], values: Mapping[str, Any], tid: dt.datetime
    ) -> tuple[Record, bool]:
        """The row with that key, and whether it was made now: PLANERAD when it was not there, else as it stands."""
        known = self.rows(connection, *(self.table.c[name] == value for name, value in key.items()))
        if known:
            return known[0], False
        state = {"status": PLANERAD, "planerad": tid, "andrad": tid, "forsok": 0, "fel": ""}
        made = inserted_id(connection.execute(self.table.insert().values(**key, **values, **state)))
        return self.one(connection, made), True

    def take(self, connection: sa.Connection, row_id: int, tid: dt.datetime) -> Lank | None:
        """Take a planned one to send it now. None when another process has taken it, or it has ended."""
        if self.one(connection, row_id).status != PLANERAD:
            return None
        return self.turn(connection, row_id, SANDS, tid, forsok=self.table.c.forsok + 1, fel="")

    def give_back(self, connection: sa.Connection, row_id: int, fel: str, tid: dt.datetime) -> None:
        """It surely did not leave: planned again, for the next run. Raises LagringsFel E907 when it was not being sent."""
        if self.one(connection, row_id).status != SANDS:
            raise LagringsFel(
                f"E907 {self.namn} {row_id} håller inte på att sändas. Kör om: rodatraden {self.kor_om} PERIOD"
            )
        self.turn(connection, row_id, PLANERAD, tid, fel=fel)

    def doubt_lost(
        self,
        connection: sa.Connection,
        *conditions: sa.ColumnElement[bool],
        taken_before: dt.datetime,
        fel: str,
        tid: dt.datetime,
    ) -> int:
        """How many were taken before that time and are still SANDS: their process is gone, and they may have left."""
        taken = (self.table.c.status == SANDS, self.table.c.andrad < taken_before)
        lost = self.rows(connection, *conditions, *taken)
        for record in lost:
            self.turn(connection, record.id, OSAKER, tid, fel=fel)
        return len(lost)

    def turn(
        self,
        connection: sa.Connection,
        row_id: int,
        status: str,
        tid: dt.datetime,
        *,
        skal: str = "",
        **values: object,
    ) -> Lank:
        """Give a row another state, and tell of it in the log, with the reason where there is one."""
        record = self.one(connection, row_id)
        change = self.table.update().where(self.table.c.id == row_id)
        connection.execute(change.values(status=str(status), andrad=tid, **values))
        told = {f"{self.what}_id": row_id, **self.told(record), **({"skal": skal} if skal else {})}
        return write_event(connection, tid, f"{self.what}_{status}", told)
