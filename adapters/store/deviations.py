"""The avvikelseregister: what each closing saw, and what people have decided. A case follows from these; nothing is written over."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

import sqlalchemy as sa

from adapters.store.closings import MANAD, ClosingStore
from adapters.store.database import write_event
from adapters.store.records import Closing, ClosingStatus
from adapters.store.tables import arendebeslut, avvikelser, closings
from transforms.audit_chain import canonical
from transforms.deviation_register import Decision, Handling, Observation

_DECIDED = tuple(field.name for field in fields(Decision))


class DeviationStore(ClosingStore):
    """Observations by closing, decisions by case."""

    def save_observations(self, closing: Closing, seen: Sequence[Observation], *, tid: dt.datetime) -> None:
        """Keep what a closing under way saw, in place of any that it had, and log what differs from the period's last finished one."""
        before = self.last_closing(closing.kommun, closing.period)
        with self._write() as connection:
            earlier = () if before is None else self._observations(connection, before.id)
            connection.execute(avvikelser.delete().where(avvikelser.c.closing_id == closing.id))
            rows = [_row(closing.id, place, one) for place, one in enumerate(seen)]
            if rows:
                connection.execute(avvikelser.insert(), rows)
            details = {"closing_id": closing.id, "kommun": closing.kommun, "period": closing.period}
            details |= {"antal": len(rows), "hash": observations_hash(seen), **_changes(earlier, seen)}
            write_event(connection, tid, "avvikelser_sedda", details)

    def observations(self, closing_id: int) -> tuple[Observation, ...]:
        """What a closing saw, in the order of its rows."""
        with self._read() as connection:
            return self._observations(connection, closing_id)

    def observed_closings(self, kommun: str, year: int) -> tuple[Closing, ...]:
        """The newest finished closing of each month of a year, in order of month: the one begun last, as ``last_closing`` counts."""
        done = (
            closings.c.kommun == kommun,
            closings.c.slag == MANAD,
            closings.c.status == ClosingStatus.KLAR.value,
            closings.c.period.like(f"{year:04d}-%"),
        )
        query = sa.select(closings.c.period, closings.c.id).where(*done).order_by(closings.c.id)
        with self._read() as connection:
            newest = dict(connection.execute(query).tuples().all())
            return tuple(self._closing(connection, closing_id) for _, closing_id in sorted(newest.items()))

    def decide(self, kommun: str, decision: Decision, *, tid: dt.datetime) -> None:
        """Keep a decision on a case; every decision stays."""
        values = decided_details(decision)
        with self._write() as connection:
            connection.execute(arendebeslut.insert().values(kommun=kommun, tid=tid, **values))
            write_event(connection, tid, f"arende_{decision.slag.value}", {"kommun": kommun, **values})

    def decisions(self, kommun: str) -> tuple[Decision, ...]:
        """Every decision on every case, in the order that they were made."""
        query = sa.select(*(arendebeslut.c[name] for name in _DECIDED)).where(arendebeslut.c.kommun == kommun)
        with self._read() as connection:
            rows = connection.execute(query.order_by(arendebeslut.c.id)).mappings().all()
        return tuple(
            Decision(**{**row, "slag": Handling(row["slag"]), "datum": dt.date.fromisoformat(row["datum"])})
            for row in rows
        )

    def _observations(self, connection: sa.Connection, closing_id: int) -> tuple[Observation, ...]:
        query = sa.select(avvikelser.c.innehall).where(avvikelser.c.closing_id == closing_id)
        return tuple(_observation(row) for row in connection.execute(query.order_by(avvikelser.c.ordning)).scalars())


def decided_details(decision: Decision) -> dict[str, Any]:
    """A decision as its row and as the audit log tells it."""
    return {**asdict(decision), "slag": decision.slag.value, "datum": decision.datum.isoformat()}


def observations_hash(seen: Sequence[Observation]) -> str:
    """sha256 over the observations in their order: what the audit log says that a closing saw."""
    return hashlib.sha256("\n".join(canonical(_plain(one)) for one in seen).encode()).hexdigest()


def _changes(earlier: Sequence[Observation], seen: Sequence[Observation]) -> dict[str, Any]:
    """Ids of the cases over the limit that are new and gone, and the full year's avvikelse before and after of those that differ."""
    before = {one.arende_id: one.helar_ore for one in earlier if one.over}
    now = {one.arende_id: one.helar_ore for one in seen if one.over}
    changed = [[key, before[key], now[key]] for key in sorted(before.keys() & now.keys()) if before[key] != now[key]]
    return {"nya": sorted(now.keys() - before.keys()), "utgar": sorted(before.keys() - now.keys()), "andrade": changed}


def _row(closing_id: int, place: int, one: Observation) -> dict[str, Any]:
    return {"closing_id": closing_id, "arende_id": one.arende_id, "ordning": place, "innehall": _plain(one)}


def _plain(one: Observation) -> dict[str, Any]:
    return {**asdict(one), "klardatum": None if one.klardatum is None else one.klardatum.isoformat()}


def _observation(row: Mapping[str, Any]) -> Observation:
    due = row["klardatum"]
    return Observation(**{**row, "klardatum": None if due is None else dt.date.fromisoformat(due)})
