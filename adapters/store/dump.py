"""The whole database as plain rows, and back: how a backup is taken and restored, from either kind of database to either."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from adapters.store.database import Database, LagringsFel

_OWN = frozenset({"alembic_version"})
_AT_ONCE = 500

Row = dict[str, Any]


class DumpStore(Database):
    """Reading every row as it lies in the database, and writing them into an empty one."""

    def dump(self) -> tuple[str, dict[str, list[Row]]]:
        """The schema's revision ('' when there is none), and every row of every table as stored, all as of one moment."""
        with self._read() as connection:
            revision = self._revision(connection)
            return revision or "", {table.name: _rows(connection, table) for table in _tables(connection)}

    def schema_revision(self) -> str | None:
        """The database's revision; None when it holds no schema."""
        with self._read() as connection:
            return self._revision(connection)

    def restore(self, revision: str, rows: Mapping[str, Iterable[Row]]) -> None:
        """Fill an empty database: the schema of that revision, all rows, then every later migration.

        Raises:
            LagringsFel: E941, the database has a schema already. E905, the revision is of a newer program. E940, a table is unknown.
        """
        self.prepare()
        with self._write() as connection:
            if self._revision(connection) is not None:
                raise LagringsFel(
                    "E941 Databasen är inte tom, och det som finns där skrivs aldrig över. Läs tillbaka till en ny databas."
                )
            self._migrate(connection, revision or "head")
            tables = _tables(connection)
            unknown = sorted(set(rows) - {table.name for table in tables})
            if unknown:
                raise LagringsFel(
                    f"E940 Säkerhetskopian har tabeller som schemat {revision} saknar: {', '.join(unknown)}."
                )
            for table in tables:
                _insert(connection, table, rows.get(table.name, ()))
            self._migrate(connection)


def _tables(connection: sa.Connection) -> Sequence[sa.Table]:
    """Every table that is there, parents before children."""
    found = sa.MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name not in _OWN]


def _rows(connection: sa.Connection, table: sa.Table) -> list[Row]:
    order = list(table.primary_key.columns) or list(table.columns)
    return [dict(row) for row in connection.execute(sa.select(table).order_by(*order)).mappings()]


def _insert(connection: sa.Connection, table: sa.Table, rows: Iterable[Row]) -> None:
    """All rows; what points to another row of the same table is filled in when all are there."""
    key = list(table.primary_key.columns)
    inward = [each.parent.name for each in table.foreign_keys if each.column.table is table]
    pointing: list[Row] = []
    for part in _parts(rows):
        pointing += [row for row in part if any(row[name] is not None for name in inward)]
        connection.execute(table.insert(), [{**row, **dict.fromkeys(inward)} for row in part])
    for row in pointing:
        here = sa.and_(*(column == row[column.name] for column in key))
        connection.execute(table.update().where(here).values({name: row[name] for name in inward}))
    if connection.dialect.name == "postgresql" and len(key) == 1 and isinstance(key[0].type, sa.Integer):
        largest = sa.select(sa.func.max(key[0])).scalar_subquery()
        sequence = sa.func.pg_get_serial_sequence(table.name, key[0].name)
        connection.execute(
            sa.select(sa.func.setval(sequence, largest)).where(largest.is_not(None), sequence.is_not(None))
        )


def _parts(rows: Iterable[Row]) -> Iterator[list[Row]]:
    part: list[Row] = []
    for row in rows:
        part.append(row)
        if len(part) == _AT_ONCE:
            yield part
            part = []
    if part:
        yield part
