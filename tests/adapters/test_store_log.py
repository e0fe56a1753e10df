"""The audit log in the store, on SQLite and PostgreSQL: chained, refusing change, whole when many write, and grown from the journal."""

import datetime as dt
import multiprocessing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

import adapters.store as store_package
import adapters.store.database
from adapters.log_head import LogghuvudFel, keep_head, kept_heads
from adapters.store import SYSTEM, Aktor, LagringsFel, Store
from adapters.store.database import write_event
from tests.small_disk import on_small_disk
from transforms.audit_chain import START, Huvud, first_break

T0 = dt.datetime(2026, 5, 8, 7, 0, tzinfo=dt.UTC)
ANNA = Aktor("anna", "Controller")


@pytest.fixture
def engine(database_url):
    made = sa.create_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def store(database_url):
    with Store(database_url, ANNA) as opened:
        opened.upgrade()
        yield opened


def test_each_event_says_who_and_follows_on_the_one_before(store):
    assert store.log_head() == Huvud(0, START)
    first = store.record_event(T0, "provat", {"namn": "å\x00", "lista": (1, 2)})
    second = store.record_event(T0, "provat", {})
    assert (first.nr, first.forra, first.anvandare, first.roll) == (1, START, "anna", "Controller")
    assert second.forra == first.hash
    assert store.journal() == (first, second)
    assert store.journal()[0].detaljer == {"namn": "å\x00", "lista": [1, 2]}
    assert first_break(store.journal()) is None
    assert store.log_head() == Huvud(2, second.hash)


def test_a_store_opened_by_nobody_in_particular_acts_as_the_system(database_url):
    with Store(database_url) as opened:
        opened.upgrade()
        assert opened.record_event(T0, "provat", {}).anvandare == SYSTEM.anvandare


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET vad = 'annat' WHERE id = 1",
        "DELETE FROM events WHERE id = 2",
        "DELETE FROM events",
        "INSERT INTO events (id, tid, vad, detaljer, anvandare, roll, forra, hash) VALUES (9, 't', 'v', '{}', '', '', '', 'h')",
        "INSERT INTO events (id, tid, vad, detaljer, anvandare, roll, forra, hash) VALUES (3, 't', 'v', '{}', '', '', 'fel', 'h')",
    ],
)
def test_the_database_refuses_to_change_the_log(store, engine, statement):
    store.record_event(T0, "ett", {})
    store.record_event(T0, "två", {})
    before = store.journal()
    with pytest.raises(sa.exc.DBAPIError, match="E925"), engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert store.journal() == before
    assert store.missing_log_guard() == ()


def test_sqlite_refuses_to_replace_a_line(sqlite_url):
    """REPLACE deletes without asking the delete triggers."""
    with Store(sqlite_url) as store:
        store.upgrade()
        store.record_event(T0, "ett", {})
        engine = sa.create_engine(sqlite_url)
        with pytest.raises(sa.exc.DBAPIError, match="E925"), engine.begin() as connection:
            connection.exec_driver_sql(
                "INSERT OR REPLACE INTO events (id, tid, vad, detaljer, anvandare, roll, forra, hash) "
                "VALUES (1, 't', 'v', '{}', '', '', '', 'h')"
            )
        engine.dispose()
        assert [link.vad for link in store.journal()] == ["ett"]


def test_postgresql_refuses_to_empty_the_log_and_tells_of_a_guard_switched_off(postgresql_url):
    with Store(postgresql_url) as store:
        store.upgrade()
        store.record_event(T0, "ett", {})
        engine = sa.create_engine(postgresql_url)
        with pytest.raises(sa.exc.DBAPIError, match="E925"), engine.begin() as connection:
            connection.exec_driver_sql("TRUNCATE events")
        with engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE events DISABLE TRIGGER events_no_change")
        engine.dispose()
        assert store.missing_log_guard() == ("events_no_change",)


def _write_many(job):
    url, name = job
    with Store(url, Aktor(name)) as store:
        for place in range(25):
            store.record_event(T0, "samtidigt", {"plats": place})


def test_processes_that_write_at_once_make_one_whole_chain(database_url):
    with Store(database_url) as store:
        store.upgrade()
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            pool.map(_write_many, [(database_url, "ett"), (database_url, "två")], chunksize=1)
        links = store.journal()
    assert first_break(links) is None
    for name in ("ett", "två"):
        assert [link.detaljer["plats"] for link in links if link.anvandare == name] == list(range(25))


def test_what_was_not_done_leaves_no_event(store):
    with pytest.raises(sa.exc.IntegrityError):
        store.start_closing("provby", "2026-04", started=T0, fingerprint="f", retur_ids=[99])
    store.record_event(T0, "efter", {})
    assert [(link.nr, link.vad) for link in store.journal()] == [(1, "efter")]


def test_the_journal_of_an_earlier_program_is_chained_in_its_order(database_url, engine):
    config = Config()
    config.set_main_option("script_location", str(Path(store_package.__file__).parent / "migrations"))
    if database_url.startswith("sqlite"):
        Path(sa.make_url(database_url).database).parent.mkdir(parents=True)
    lines = [(2, "retur_mottagen", '{"retur_id": 1}'), (5, "retur_godkand", '{"fel": [], "retur_id": 1}')]
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        for number, vad, detaljer in lines:
            connection.execute(
                sa.text("INSERT INTO events (id, tid, vad, detaljer) VALUES (:id, :tid, :vad, :detaljer)"),
                {"id": number, "tid": T0.isoformat(timespec="microseconds"), "vad": vad, "detaljer": detaljer},
            )
    with Store(database_url, ANNA) as store:
        store.upgrade()
        store.record_event(T0, "nytt", {})
        links = store.journal()
        assert store.missing_log_guard() == ()
    assert [(link.nr, link.vad, link.anvandare, link.tid) for link in links] == [
        (1, "retur_mottagen", "", T0),
        (2, "retur_godkand", "", T0),
        (3, "nytt", "anna", T0),
    ]
    assert links[1].detaljer == {"retur_id": 1, "fel": []}
    assert first_break(links) is None


def test_heads_are_kept_in_a_file_and_a_cut_off_last_line_is_left_out_and_makes_room_for_the_next(tmp_path):
    path = tmp_path / "annan disk" / "logghuvud.txt"
    assert kept_heads(path) == ()
    heads = (Huvud(3, "a" * 64), Huvud(9, "b" * 64))
    for head in heads:
        keep_head(path, head, T0)
    with path.open("a") as file:
        file.write("10:abc")
    assert kept_heads(path) == heads
    keep_head(path, Huvud(12, "c" * 64), T0)
    assert kept_heads(path) == (*heads, Huvud(12, "c" * 64))
    path.write_text("nonsens\n")
    with pytest.raises(LogghuvudFel, match="E928"):
        kept_heads(path)


def test_a_head_that_cannot_be_kept_is_told_of(tmp_path):
    (tmp_path / "fil").write_text("")
    with pytest.raises(LogghuvudFel, match="E928 Granskningsloggens huvud"):
        keep_head(tmp_path / "fil" / "logghuvud.txt", Huvud(1, "a" * 64), T0)


def keep_all(path, heads):
    for head in heads:
        keep_head(path, head, T0)


def test_a_head_that_does_not_fit_on_a_full_disk_leaves_the_earlier_ones_and_is_kept_when_there_is_room(tmp_path):
    def scenario(disk):
        path, before = disk.path / "logghuvud.txt", [Huvud(nr, "a" * 64) for nr in range(1, 49)]
        keep_all(path, before)
        disk.fill()
        with pytest.raises(LogghuvudFel, match=r"E928 .*\(No space left"):
            keep_all(path, [Huvud(nr, "b" * 64) for nr in range(49, 99)])
        kept = kept_heads(path)
        assert kept[:48] == tuple(before)
        disk.free()
        keep_head(path, Huvud(99, "c" * 64), T0)
        assert kept_heads(path) == (*kept, Huvud(99, "c" * 64))

    on_small_disk(tmp_path / "disk", 1, scenario)


# --- a database that can't be used just now -----------------------------------------------------------------------------------


def test_a_lock_that_is_not_given_back_in_time_is_told_of_and_the_next_call_goes_through(database_url, monkeypatch):
    monkeypatch.setattr(adapters.store.database, "_PATIENCE_S", 0.3)
    with Store(database_url) as other, Store(database_url) as store:
        other.upgrade()
        with other._write(), pytest.raises(LagringsFel, match=r"E906 .* låst av ett annat program"):
            store.record_event(T0, "under", {})
        store.record_event(T0, "efter", {})
        assert [link.vad for link in store.journal()] == ["efter"]


def _broken_off(store):
    """A writing transaction whose connection the server ends in the middle."""
    with store._write() as connection:
        own = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        with store._engine.connect() as other:
            other.exec_driver_sql(f"SELECT pg_terminate_backend({own})")
        write_event(connection, T0, "under", {})


def test_a_postgresql_that_breaks_the_connection_is_told_of_and_the_next_call_goes_through(postgresql_url):
    with Store(postgresql_url) as store:
        store.upgrade()
        with pytest.raises(LagringsFel, match="E906"):
            _broken_off(store)
        store.record_event(T0, "efter", {})
        links = store.journal()
    assert [link.vad for link in links] == ["efter"]
    assert first_break(links) is None
