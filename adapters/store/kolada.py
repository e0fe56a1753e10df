"""The cache of Kolada: every value in every version that has been seen, so that a closing needs no network and can be made again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from adapters.store.database import Database, inserted_id, write_event
from adapters.store.tables import kolada_hamtningar, kolada_varden
from transforms.kolada import KoladaVarde, Observation

_KEY = ("nyckeltal", "omrade", "ar", "kon")


class KoladaStore(Database):
    """Values are added, never changed: a revised value is a new version."""

    def save_kolada(self, *, kommun: str, tid: dt.datetime, adress: str, nya: Sequence[tuple[Observation, str]]) -> int:
        """A fetch and the values that it changed, each with the sha256 of its page; its id. The versions count on by themselves."""
        with self._write() as connection:
            fetch = {"kommun": kommun, "tid": tid, "adress": adress, "antal": len(nya)}
            hamtning_id = inserted_id(connection.execute(kolada_hamtningar.insert().values(**fetch)))
            versions = self._kolada_versions(connection, kommun)
            rows = [
                {
                    "kommun": kommun,
                    **dict(zip(_KEY, one.key, strict=True)),
                    "version": versions.get(one.key, 0) + 1,
                    "varde": one.varde,
                    "status": one.status,
                    "sha256": sha256,
                    "hamtning_id": hamtning_id,
                }
                for one, sha256 in nya
            ]
            if rows:
                connection.execute(kolada_varden.insert(), rows)
            write_event(connection, tid, "kolada_hamtad", {"hamtning_id": hamtning_id, "antal": len(nya)})
            return hamtning_id

    def kolada_values(self, kommun: str) -> tuple[KoladaVarde, ...]:
        """The newest version of every value, with the value before it; sorted by key."""
        columns = [kolada_varden.c[name] for name in (*_KEY, "varde", "status", "version", "sha256")]
        query = (
            sa.select(*columns, kolada_hamtningar.c.tid)
            .join(kolada_hamtningar, kolada_hamtningar.c.id == kolada_varden.c.hamtning_id)
            .where(kolada_varden.c.kommun == kommun)
            .order_by(kolada_varden.c.version)
        )
        newest: dict[tuple[str, str, int, str], KoladaVarde] = {}
        with self._read() as connection:
            for nyckeltal, omrade, ar, kon, varde, status, version, sha256, tid in connection.execute(query):
                one = Observation(nyckeltal, omrade, ar, kon, varde, status)
                before = newest.get(one.key)
                earlier = before.observation.varde if before else None
                newest[one.key] = KoladaVarde(one, version, sha256, tid.date().isoformat(), earlier)
        return tuple(newest[key] for key in sorted(newest))

    def kolada_state(self, kommun: str) -> str:
        """What a closing stands on: changes with every new value and only then. '' when nothing has been fetched."""
        query = sa.select(sa.func.max(kolada_varden.c.id)).where(kolada_varden.c.kommun == kommun)
        with self._read() as connection:
            newest = connection.execute(query).scalar()
        return "" if newest is None else f"kolada {newest}"

    def last_kolada_fetch(self, kommun: str) -> dt.datetime | None:
        """When Kolada was last asked and answered; None when never."""
        query = sa.select(kolada_hamtningar.c.tid).where(kolada_hamtningar.c.kommun == kommun)
        with self._read() as connection:
            return connection.execute(query.order_by(kolada_hamtningar.c.id.desc()).limit(1)).scalar()

    def _kolada_versions(self, connection: sa.Connection, kommun: str) -> dict[tuple[str, str, int, str], int]:
        """The newest version of each value, by key."""
        keys = [kolada_varden.c[name] for name in _KEY]
        query = sa.select(*keys, sa.func.max(kolada_varden.c.version)).where(kolada_varden.c.kommun == kommun)
        return {(row[0], row[1], row[2], row[3]): row[4] for row in connection.execute(query.group_by(*keys))}
