"""One database behind one URL: connections, transactions and migrations. SQLite and PostgreSQL behave alike here."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa

from adapters.store import tables
from adapters.store.records import SYSTEM, Aktor
from transforms.audit_chain import START, Lank, canonical, link_hash

_WRITERS = 724203
"""Key of the lock that PostgreSQL's writers share; SQLite has one writer at a time by itself."""
_PATIENCE_S = 60
_DISK_FULL, _LOCKED = "53100", "55P03"
"""PostgreSQL's words for a full disk, and for a lock that was not given in time."""
_LEAST_FREE = 1_000_000
"""Bytes that must be free for an I/O error of SQLite to be another fault than a full disk."""


class LagringsFel(RuntimeError):
    """The store cannot do what was asked. The message is Swedish.

    E907: there is no such record, or it does not allow the change. E905: the database belongs to a newer program.
    E906: the database cannot be reached. E952: the disk is full. E953: the database is gone. E954: it has an older schema.
    """


class Database:
    """Connections and transactions of one database.

    Writers take turns, over threads and processes alike: a transaction that writes waits for its turn before it reads, so that what it
    read still holds when it writes.
    """

    def __init__(self, url: str, aktor: Aktor = SYSTEM) -> None:
        """``url``: ``sqlite:///path/to/file.db`` or ``postgresql+psycopg://user@host/name``. Nothing is opened yet.

        ``aktor``: who acts; stands in every event that is written.
        """
        self._url = sa.make_url(url)
        if self._url.drivername == "postgresql":
            self._url = self._url.set(drivername="postgresql+psycopg")
        if self._is_sqlite:
            self._engine = sa.create_engine(self._url, connect_args={"timeout": _PATIENCE_S})
            sa.event.listen(self._engine, "connect", _prepare_sqlite)
        else:
            patience = {"options": f"-c lock_timeout={int(_PATIENCE_S * 1000)}"}
            self._engine = sa.create_engine(self._url, pool_pre_ping=True, connect_args=patience)
        sa.event.listen(self._engine, "begin", self._take_turn)
        self._writer = self._engine.execution_options(writes=True, aktor=aktor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def upgrade(self) -> None:
        """Bring the database to this program's schema: from nothing, or from any earlier one. Does nothing when it is there already.

        Raises:
            LagringsFel: E905, the database belongs to a newer program; E906, it cannot be reached.
        """
        try:
            self.prepare()
            with self._read() as connection:
                if self._revision(connection) == tables.HEAD:
                    return
            with self._write() as connection:
                self._migrate(connection)
        except (sa.exc.OperationalError, sqlite3.OperationalError, OSError) as error:
            raise self._told(getattr(error, "orig", error)) from error

    def prepare_schema(self) -> None:
        """This program's schema in an empty database. One with data in an older schema is left as it is.

        Raises:
            LagringsFel: E954, the schema is older; E905 and E906 as ``upgrade``.
        """
        try:
            self.prepare()
            with self._read() as connection:
                revision = self._revision(connection)
        except (sa.exc.OperationalError, sqlite3.OperationalError, OSError) as error:
            raise self._told(getattr(error, "orig", error)) from error
        if revision is not None and revision < tables.HEAD:
            raise LagringsFel(
                f"E954 Databasen har schemat {revision}, och programmet behöver {tables.HEAD}. Inget är ändrat. "
                "Kör: rodatraden uppgradera. Det tar först en säkerhetskopia."
            )
        self.upgrade()

    def demand_there(self) -> None:
        """For a home that has had a database: an SQLite file that is gone is not made anew, empty.

        Raises:
            LagringsFel: E953, there is none.
        """
        if self._is_sqlite and self._url.database and not Path(self._url.database).is_file():
            raise LagringsFel(
                f"E953 Databasen {self._url.database} finns inte, men hemmet har haft en. Lägg tillbaka filen, eller läs tillbaka "
                "hemmet från säkerhetskopian: rodatraden aterstall KOPIA NY-MAPP"
            )

    def prepare(self) -> None:
        """Make the place of an SQLite file, in write-ahead mode; another database must be there already."""
        if self._is_sqlite and self._url.database:
            Path(self._url.database).absolute().parent.mkdir(parents=True, exist_ok=True)
            _use_wal(self._url.database)

    @property
    def _is_sqlite(self) -> bool:
        return self._url.get_backend_name() == "sqlite"

    def _revision(self, connection: sa.Connection) -> str | None:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()

    def _migrate(self, connection: sa.Connection, revision: str = "head") -> None:
        from alembic import command
        from alembic.config import Config
        from alembic.util import CommandError

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, revision)
        except CommandError as error:
            raise LagringsFel(
                f"E905 Databasen har schemaversion {self._revision(connection) or revision}, som det här programmet inte känner till. "
                f"Det känner till {tables.HEAD} och äldre. Installera den version av Röda tråden som databasen senast användes med."
            ) from error

    def _take_turn(self, connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        if self._is_sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
        elif writes:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS})")

    def _read(self) -> AbstractContextManager[sa.Connection]:
        return self._transaction(self._engine)

    def _write(self) -> AbstractContextManager[sa.Connection]:
        return self._transaction(self._writer)

    @contextmanager
    def _transaction(self, engine: sa.Engine) -> Iterator[sa.Connection]:
        """A transaction; what the database itself can't do is told in Swedish, and then nothing of it has been done."""
        try:
            with engine.begin() as connection:
                yield connection
        except sa.exc.OperationalError as error:
            raise self._told(error.orig) from error

    def _told(self, cause: BaseException | None) -> LagringsFel:
        """What the database or its disk can't do, in Swedish with what to do. SQLite calls a full disk an I/O error when it maps a file."""
        url = self._url.render_as_string(hide_password=True)
        code = int(getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF
        state = getattr(cause, "sqlstate", "")
        full = code == sqlite3.SQLITE_FULL or state == _DISK_FULL
        if full or (code == sqlite3.SQLITE_IOERR and _free_bytes(self._url.database) < _LEAST_FREE):
            return LagringsFel(
                f"E952 Disken är full, så databasen {url} får inte plats. Frigör utrymme och kör om; det som redan är sparat är helt."
            )
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) or state == _LOCKED:
            return LagringsFel(
                f"E906 Databasen {url} är låst av ett annat program. Inget av det som pågick är sparat. Kör om strax."
            )
        return LagringsFel(
            f"E906 Databasen {url} går inte att öppna ({str(cause).strip()}). "
            "Kontrollera adressen och att du har rätt att skriva där."
        )


def _free_bytes(path: str | None) -> int:
    """What is left of the disk that the file lies on; enough where its folder is gone, which is another fault."""
    folder = Path(path or ".").absolute().parent
    return shutil.disk_usage(folder).free if folder.is_dir() else _LEAST_FREE


def _prepare_sqlite(connection: Any, record: object) -> None:
    """Settings of each SQLite connection. Without an isolation level the driver leaves all transactions to us."""
    connection.isolation_level = None
    for setting in (f"busy_timeout = {_PATIENCE_S * 1000}", "foreign_keys = ON", "synchronous = FULL"):
        connection.execute(f"PRAGMA {setting}").close()


def _use_wal(path: str) -> None:
    """Write-ahead log, so that readers never wait for the writer. The file remembers it.

    SQLite does not wait its turn for this one change, so we do.
    """
    give_up = time.monotonic() + _PATIENCE_S
    while True:
        with closing(sqlite3.connect(path, timeout=_PATIENCE_S)) as connection:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                    raise
        time.sleep(0.02)


def inserted_id(result: sa.CursorResult[Any]) -> int:
    """The id that the database gave to an inserted row."""
    return int(result.inserted_primary_key[0])  # type: ignore[index]


def write_event(connection: sa.Connection, tid: dt.datetime, vad: str, detaljer: Mapping[str, Any]) -> Lank:
    """The next link of the audit log, in the transaction of what it tells about, by the one who opened the store.

    Writers take turns (``Database``), so that two never follow on the same link.
    """
    aktor: Aktor = connection.get_execution_options().get("aktor", SYSTEM)
    newest = sa.select(tables.events.c.id, tables.events.c.hash).order_by(tables.events.c.id.desc()).limit(1)
    nr, forra = connection.execute(newest).tuples().one_or_none() or (0, START)
    content: dict[str, Any] = {
        "tid": tid,
        "anvandare": aktor.anvandare,
        "roll": aktor.roll,
        "vad": vad,
        "detaljer": json.loads(canonical(detaljer)),
        "forra": forra,
    }
    link = Lank(nr=nr + 1, hash=link_hash(nr=nr + 1, **content), **content)
    connection.execute(tables.events.insert().values(id=link.nr, hash=link.hash, **content))
    return link
