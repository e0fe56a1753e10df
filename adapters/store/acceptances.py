"""What people have accepted in closings of the books, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from adapters.store.database import Database, write_event
from adapters.store.tables import UtcTime, acceptanser, godtaganden, returer, versionsval
from transforms.approval import DIFFERENS, GODTAGET, VERSION_VALD
from transforms.statements.acceptance import Godtagande

__all__ = ["AcceptanceStore"]


class AcceptanceStore(Database):
    """Acceptances: one per thing accepted, the newest counts; every one is in the journal."""

    def accept(self, kommun: str, period: str, godtagande: Godtagande) -> Godtagande:
        """Keep an acceptance, in place of an earlier one of the same thing."""
        key = {"kommun": kommun, "period": period, "vad": godtagande.id}
        values = {"skal": godtagande.skal, "roll": godtagande.roll, "tid": godtagande.tid}
        with self._write() as connection:
            same = [godtaganden.c[name] == value for name, value in key.items()]
            connection.execute(godtaganden.delete().where(*same))
            connection.execute(godtaganden.insert().values(**key, **values))
            moment = UtcTime().process_result_value(godtagande.tid, connection.dialect)
            if moment is not None:
                write_event(connection, moment, GODTAGET, {**key, "skal": godtagande.skal, "roll": godtagande.roll})
        return godtagande

    def accepted(self, kommun: str, period: str) -> tuple[Godtagande, ...]:
        """What is accepted in the period's books, by what it is."""
        query = sa.select(godtaganden).where(godtaganden.c.kommun == kommun, godtaganden.c.period == period)
        with self._read() as connection:
            rows = connection.execute(query.order_by(godtaganden.c.vad)).mappings().all()
        return tuple(Godtagande(row["vad"], row["skal"], row["roll"], row["tid"]) for row in rows)

    def acceptance_rows(self, kommun: str) -> Mapping[str, tuple[Mapping[str, Any], ...]]:
        """Everything that someone has let stand, by the event that tells of it: each row with what the event says, and ``tid``."""
        gaps = sa.select(godtaganden).where(godtaganden.c.kommun == kommun).order_by(*godtaganden.primary_key.columns)
        differences = sa.select(*_without(acceptanser, "id")).where(acceptanser.c.kommun == kommun)
        own = versionsval.join(returer, returer.c.id == versionsval.c.retur_id)
        choices = sa.select(*_without(versionsval, "kommun", "kedja", "id"), versionsval.c.id.label("val_id"))
        queries = {
            GODTAGET: gaps,
            DIFFERENS: differences.order_by(acceptanser.c.id),
            VERSION_VALD: choices.select_from(own).where(returer.c.kommun == kommun).order_by(versionsval.c.id),
        }
        with self._read() as connection:
            found = {vad: connection.execute(query).mappings().all() for vad, query in queries.items()}
            moment = UtcTime().process_result_value
            told = [{**row, "tid": moment(row["tid"], connection.dialect)} for row in found[GODTAGET]]
        return {**{vad: tuple(dict(row) for row in rows) for vad, rows in found.items()}, GODTAGET: tuple(told)}


def _without(table: sa.Table, *names: str) -> tuple[sa.Column[Any], ...]:
    return tuple(column for column in table.c if column.name not in names)
