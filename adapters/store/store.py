"""``Store``: the whole store, as flows see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from adapters.store.database import LagringsFel, write_event
from adapters.store.deliveries import DeliveryStore
from adapters.store.dispatches import DispatchStore
from adapters.store.dump import DumpStore
from adapters.store.records import Event
from adapters.store.reports import ReportStore
from adapters.store.returns import ReturnStore
from adapters.store.tables import events

__all__ = ["LagringsFel", "Store"]


class Store(ReturnStore, ReportStore, DispatchStore, DeliveryStore, DumpStore):
    """Everything that is kept between runs. Each call is one transaction; every time is passed in; nothing read is ever a live row.

    Example::

        with Store("sqlite:///lager/rodatraden.db") as store:
            store.upgrade()
            retur = store.register_retur(kommun="provby", forvaltning="TF", period="2026-04", …)
    """

    def record_event(self, tid: dt.datetime, vad: str, detaljer: Mapping[str, Any]) -> Event:
        """Write a line in the journal. Receipts, judgements, closings and reports write theirs by themselves."""
        with self._write() as connection:
            return Event(write_event(connection, tid, vad, detaljer), tid, vad, dict(detaljer))

    def journal(self, vad: str | None = None) -> tuple[Event, ...]:
        """Every line of the journal, oldest first; only those of one kind where ``vad`` is given."""
        query = sa.select(events).order_by(events.c.id)
        if vad is not None:
            query = query.where(events.c.vad == vad)
        with self._read() as connection:
            return tuple(Event(**row) for row in connection.execute(query).mappings())
