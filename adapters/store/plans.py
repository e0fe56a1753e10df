"""Decided målplaner as they were decided: every version, kept once and never changed."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.store.database import Database, write_event
from adapters.store.records import PlanRecord
from adapters.store.tables import malplaner


class PlanStore(Database):
    """Versions are added; the database refuses a second content of the same version."""

    def save_plan(self, *, kommun: str, plan: PlanRecord) -> None:
        """Keep a version of a year's plan; ``plan.sha256`` is its content in the object store."""
        values = {name: getattr(plan, name) for name in PlanRecord.__dataclass_fields__}
        with self._write() as connection:
            connection.execute(malplaner.insert().values(kommun=kommun, **values))
            told = {"ar": plan.ar, "version": plan.version, "las": plan.las}
            write_event(connection, plan.tid, "malplan_last", told)

    def plans(self, kommun: str, ar: int) -> tuple[PlanRecord, ...]:
        """The kept versions of a year's plan, first version first."""
        query = sa.select(*[malplaner.c[name] for name in PlanRecord.__dataclass_fields__])
        query = query.where(malplaner.c.kommun == kommun, malplaner.c.ar == ar).order_by(malplaner.c.version)
        with self._read() as connection:
            return tuple(PlanRecord(*row) for row in connection.execute(query))
