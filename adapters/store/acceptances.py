"""What people have accepted in closings of the books, each with its reason."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.store.database import Database, write_event
from adapters.store.tables import UtcTime, godtaganden
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
                write_event(connection, moment, "godtaget", {**key, "skal": godtagande.skal, "roll": godtagande.roll})
        return godtagande

    def accepted(self, kommun: str, period: str) -> tuple[Godtagande, ...]:
        """What is accepted in the period's books, by what it is."""
        query = sa.select(godtaganden).where(godtaganden.c.kommun == kommun, godtaganden.c.period == period)
        with self._read() as connection:
            rows = connection.execute(query.order_by(godtaganden.c.vad)).mappings().all()
        return tuple(Godtagande(row["vad"], row["skal"], row["roll"], row["tid"]) for row in rows)
