"""``Store``: the whole store, as flows see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from adapters.store.acceptances import AcceptanceStore
from adapters.store.database import LagringsFel, write_event
from adapters.store.deliveries import DeliveryStore
from adapters.store.deviations import DeviationStore
from adapters.store.dispatches import DispatchStore
from adapters.store.dump import DumpStore
from adapters.store.kolada import KoladaStore
from adapters.store.ledgers import LedgerStore
from adapters.store.log_guard import missing_guard
from adapters.store.plans import PlanStore
from adapters.store.reports import ReportStore
from adapters.store.returns import ReturnStore
from adapters.store.sendings import SendingStore
from adapters.store.tables import (
    arendebeslut,
    closings,
    events,
    huvudbocker,
    interpretations,
    kolada_varden,
    malplaner,
    reports,
    returer,
)
from transforms.audit_chain import START, Huvud, Lank

__all__ = ["LagringsFel", "Store"]

_CONTENT = tuple(name for name in Lank.__dataclass_fields__ if name != "nr")
_NAMING: tuple[tuple[sa.Table, tuple[str, ...], tuple[str, str | None]], ...] = (
    (returer, ("sha256",), ("returen", "fil")),
    (huvudbocker, ("sha256",), ("huvudboken", "fil")),
    (malplaner, ("sha256",), ("målplanen", None)),
    (kolada_varden, ("sha256",), ("Koladas svar om", "nyckeltal")),
    (interpretations, ("sha256",), ("läsning av retur", None)),
    (
        reports,
        ("view_json", "pdf_sha256", "html_sha256", "spar_sha256", "xlsx_sha256"),
        ("rapporten", "rapport_id"),
    ),
    (closings, ("miljo",), ("miljön för stängningen", "period")),
    (arendebeslut, ("underlag_sha256",), ("underlag till ärendet", "arende_id")),
)
"""Tables that point at objects: the columns, and what the object is called."""


class Store(
    ReturnStore,
    ReportStore,
    DispatchStore,
    DeliveryStore,
    KoladaStore,
    DumpStore,
    LedgerStore,
    AcceptanceStore,
    DeviationStore,
    SendingStore,
    PlanStore,
):
    """Everything that is kept between runs. Each call is one transaction; every time is passed in; nothing read is ever a live row.

    Example::

        with Store("sqlite:///lager/rodatraden.db") as store:
            store.upgrade()
            retur = store.register_retur(kommun="provby", forvaltning="TF", period="2026-04", …)
    """

    def record_event(self, tid: dt.datetime, vad: str, detaljer: Mapping[str, Any]) -> Lank:
        """Write a link of the audit log. Receipts, judgements, closings and reports write theirs by themselves."""
        with self._write() as connection:
            return write_event(connection, tid, vad, detaljer)

    def journal(self, vad: str | None = None) -> tuple[Lank, ...]:
        """Every link of the audit log, oldest first; only those of one kind where ``vad`` is given."""
        query = sa.select(*events.c).order_by(events.c.id)
        if vad is not None:
            query = query.where(events.c.vad == vad)
        with self._read() as connection:
            rows = connection.execute(query).mappings()
            return tuple(Lank(nr=row["id"], **{name: row[name] for name in _CONTENT}) for row in rows)

    def log_head(self) -> Huvud:
        """The newest link of the audit log: what is printed, and kept outside the store."""
        newest = sa.select(events.c.id, events.c.hash).order_by(events.c.id.desc()).limit(1)
        with self._read() as connection:
            found = connection.execute(newest).tuples().one_or_none()
        return Huvud(0, START) if found is None else Huvud(*found)

    def missing_log_guard(self) -> tuple[str, ...]:
        """Names of the triggers that should keep the log as it is and are not there; empty when all are."""
        with self._read() as connection:
            return missing_guard(connection)

    def objects_named(self) -> Mapping[str, str]:
        """sha256 of every object that the store points at, with what it is, in the order that they came."""
        named: dict[str, str] = {}
        with self._read() as connection:
            for table, columns, what in _NAMING:
                label = sa.literal("") if what[1] is None else table.c[what[1]]
                for column in columns:
                    query = sa.select(label, table.c[column]).where(table.c[column] != "").order_by(table.c[column])
                    for text, sha256 in connection.execute(query):
                        named.setdefault(sha256, f"{what[0]} {text}".strip())
        return named
