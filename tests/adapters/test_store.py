"""The store, on SQLite and on a real PostgreSQL: the same tests on both."""

import datetime as dt
import multiprocessing
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import adapters.store as store_package
from adapters.store import Closing, ClosingStatus, LagringsFel, NewReport, ReturStatus, Store
from adapters.store.tables import HEAD, metadata
from data_contracts.findings import Finding, Severity
from transforms.figures import Figure, to_frame
from transforms.schemas import FIGURES, SchemaMismatch

T0 = dt.datetime(2026, 5, 8, 7, 0, tzinfo=dt.UTC)
STOP = Finding(
    "E301", Severity.STOPPAR, "Beloppet saknas.", "Fyll i det.", "ten.xlsx", "Drift", "F17", "ca 120", "TF", "2026-04"
)
NOTE = Finding("E302", Severity.NOTERING, "Kommentar saknas.", "Skriv en.")


def later(minutes):
    return T0 + dt.timedelta(minutes=minutes)


@pytest.fixture
def store(database_url):
    with Store(database_url) as opened:
        opened.upgrade()
        yield opened


def register(
    store, sha256="a" * 64, *, forvaltning="TF", period="2026-04", ar=None, minutes=0, fil="ten.xlsx", svarar_pa=None
):
    return store.register_retur(
        kommun="provby", forvaltning=forvaltning, period=period, ar=ar, kontrakt_id="manadsretur", fil=fil, sha256=sha256,
        storlek=12345, mottagen=later(minutes), svarar_pa=svarar_pa,
    )  # fmt: skip


def close(store, period="2026-04", *, minutes=0, frame=None, kommun="provby", fingerprint="f", retur_ids=()):
    closing = store.start_closing(kommun, period, started=later(minutes), fingerprint=fingerprint, retur_ids=retur_ids)
    if frame is not None:
        store.save_figures(closing.id, frame)
    return store.finish_closing(closing.id, finished=later(minutes + 1), summary={"rapporter": 3})


def figure(rad, varde, period="2026-04"):
    return Figure(
        period=period, enhet="TEN", matt="drift", rad=rad, serie="prognos", namn=rad, varde=varde, slag="inlamnad",
        retur_sha256="a" * 64, fil="ten.xlsx", blad="Drift", cell="F17", ravarde="12,5",
    )  # fmt: skip


# --- schema -------------------------------------------------------------------------------------------------------------------


def test_upgrade_makes_every_table_and_a_second_upgrade_changes_nothing(database_url):
    engine = sa.create_engine(database_url)
    with Store(database_url) as store:
        store.upgrade()
        before = described(engine)
        retur = register(store)
        store.upgrade()
        assert store.retur(retur.id) == retur
    assert described(engine) == before
    assert set(before) == {*metadata.tables, "alembic_version"}
    engine.dispose()


def test_the_migrations_make_exactly_the_declared_tables(store, database_url):
    engine = sa.create_engine(database_url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata) == []
        checks = {
            check["name"] for name in metadata.tables for check in sa.inspect(connection).get_check_constraints(name)
        }
    assert checks == {
        "ck_returer_status",
        "ck_closings_status",
        "ck_utskick_status",
        "ck_leveranser_svar",
        "ck_huvudbocker_status",
        "ck_sandningar_status",
        "ck_arendebeslut_slag",
    }
    engine.dispose()


def test_head_is_the_newest_migration():
    scripts = ScriptDirectory(str(Path(store_package.__file__).parent / "migrations"))
    assert scripts.get_heads() == [HEAD]


def test_both_databases_get_the_same_schema(sqlite_url, postgresql_url):
    schemas = []
    for url in (sqlite_url, postgresql_url):
        with Store(url) as store:
            store.upgrade()
        engine = sa.create_engine(url)
        schemas.append(described(engine))
        engine.dispose()
    assert schemas[0] == schemas[1]


def described(engine):
    """Tables with columns (type, null), primary and foreign keys, unique constraints, indexes and checks, by name."""
    inspector = sa.inspect(engine)
    uniques = {
        name: {unique["name"] for unique in inspector.get_unique_constraints(name)}
        for name in inspector.get_table_names()
    }
    return {
        name: {
            "columns": [
                (
                    column["name"],
                    column["type"].as_generic().__class__.__name__.replace("String", "Text"),
                    column["nullable"],
                )
                for column in inspector.get_columns(name)
            ],
            "primary": inspector.get_pk_constraint(name)["constrained_columns"],
            "foreign": sorted(
                (key["name"], key["constrained_columns"], key["referred_table"], key["referred_columns"])
                for key in inspector.get_foreign_keys(name)
            ),
            "unique": uniques[name],
            "indexes": sorted(
                (index["name"], index["column_names"])
                for index in inspector.get_indexes(name)
                if index["name"] not in uniques[name]
            ),
            "checks": sorted(check["name"] for check in inspector.get_check_constraints(name)),
        }
        for name in inspector.get_table_names()
    }


def test_a_database_of_a_newer_program_is_refused(store, database_url):
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(LagringsFel, match="E905 Databasen har schemaversion 9999"):
        store.upgrade()
    engine.dispose()


@pytest.mark.parametrize("url", ["sqlite:////proc/finns/inte.db", "postgresql://rt:hemligt@localhost:1/finnsinte"])
def test_a_database_out_of_reach_is_told_in_swedish_without_the_password(url):
    with Store(url) as store, pytest.raises(LagringsFel, match=r"E906 Databasen .* går inte att öppna") as caught:
        store.upgrade()
    assert "hemligt" not in str(caught.value)


def test_processes_that_upgrade_and_write_at_once_all_succeed(database_url):
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(4)
    with context.Pool(4, initializer=_share, initargs=(start,)) as pool:
        assert (
            pool.map(_upgrade_and_register, [(database_url, number) for number in range(4)], chunksize=1)
            == [[True] * 5] * 4
        )
    with Store(database_url) as store:
        assert [retur.version for retur in store.retur_chain("provby", "TF", "2026-04")] == list(range(1, 21))


_SHARED = {}


def _share(start):
    _SHARED["start"] = start


def _upgrade_and_register(job):
    url, number = job
    _SHARED["start"].wait(60)
    with Store(url) as store:
        store.upgrade()
        return [register(store, f"{number}-{place}").is_new for place in range(5)]


def test_upgrade_waits_for_another_writer_of_a_new_sqlite_file(sqlite_url):
    """SQLite refuses at once, whatever its timeout, to change to a write-ahead log while another writes: we wait ourselves."""
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.5, other.execute, ("ROLLBACK",))
        release.start()
        with Store(sqlite_url) as store:
            store.upgrade()
            assert register(store).is_new
        release.join()


def test_sqlite_runs_in_wal_with_foreign_keys(sqlite_url):
    with Store(sqlite_url) as store:
        store.upgrade()
        with store._read() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


# --- returns ------------------------------------------------------------------------------------------------------------------


def test_a_new_retur_is_registered_and_comes_back_as_it_was(store):
    retur = register(store)
    assert (retur.version, retur.status, retur.is_new, retur.mottagen) == (1, ReturStatus.MOTTAGEN, True, T0)
    assert store.retur(retur.id) == retur
    assert store.find_retur("provby", "a" * 64) == retur
    assert store.find_retur("annan", "a" * 64) is None
    with pytest.raises(FrozenInstanceError):
        retur.version = 2


def test_the_same_file_twice_is_one_retur(store):
    first = register(store)
    again = register(store, minutes=5, fil="ten (1).xlsx")
    assert again == first
    assert not again.is_new
    assert len(store.journal()) == 1


def test_times_are_kept_in_utc_whatever_zone_they_came_in(store):
    summer = dt.datetime(2026, 5, 8, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    retur = store.register_retur(
        kommun="provby",
        forvaltning="TF",
        period="2026-04",
        kontrakt_id="x",
        fil="a",
        sha256="a" * 64,
        storlek=1,
        mottagen=summer,
    )
    assert retur.mottagen == T0
    assert retur.mottagen.tzinfo is dt.UTC
    with pytest.raises(sa.exc.StatementError, match="has no zone"):
        store.record_event(dt.datetime(2026, 5, 8), "x", {})  # noqa: DTZ001


def test_the_newest_accepted_version_counts_and_has_replaced_the_older(store):
    first, second, third = (register(store, name * 64, minutes=place) for place, name in enumerate("abc"))
    assert [retur.version for retur in (first, second, third)] == [1, 2, 3]
    store.accept_retur(first.id, tid=later(10))
    assert [retur.sha256[0] for retur in store.current_returns("provby", "2026-04")] == ["a"]
    store.accept_retur(second.id, tid=later(11))
    store.stop_retur(third.id, (STOP,), tid=later(12))
    chain = store.retur_chain("provby", "TF", "2026-04")
    assert [(retur.status, retur.ersatt_av) for retur in chain] == [
        (ReturStatus.ERSATT, second.id),
        (ReturStatus.GODKAND, None),
        (ReturStatus.STOPPAD, None),
    ]
    assert [retur.sha256[0] for retur in store.current_returns("provby", "2026-04")] == ["b"]
    assert [retur.version for retur in store.returns_for("provby", "2026-04")] == [1, 2, 3]


def test_an_older_version_accepted_late_does_not_take_over(store):
    first, second = register(store, "a" * 64), register(store, "b" * 64)
    store.accept_retur(second.id, tid=later(1))
    assert store.accept_retur(first.id, tid=later(2)).status is ReturStatus.ERSATT
    assert [retur.id for retur in store.current_returns("provby", "2026-04")] == [second.id]


def test_when_the_version_that_counts_is_stopped_the_one_before_counts_again(store):
    first, second = register(store, "a" * 64), register(store, "b" * 64)
    store.accept_retur(first.id, tid=later(1))
    store.accept_retur(second.id, tid=later(2))
    store.stop_retur(second.id, (STOP,), tid=later(3))
    assert store.current_returns("provby", "2026-04") == (replace(first, status=ReturStatus.GODKAND),)


def test_a_stopped_retur_can_be_accepted_when_the_rules_have_changed(store):
    retur = register(store)
    store.stop_retur(retur.id, (STOP, NOTE), tid=later(1))
    assert store.findings_for(retur.id) == (STOP, NOTE)
    assert store.accept_retur(retur.id, (NOTE,), tid=later(2)).status is ReturStatus.GODKAND
    assert store.findings_for(retur.id) == (NOTE,)


def test_judging_alike_again_changes_nothing(store):
    first, second = register(store, "a" * 64), register(store, "b" * 64)
    for _ in range(2):
        store.accept_retur(first.id, (NOTE,), tid=later(1))
        store.accept_retur(second.id, (NOTE,), tid=later(1))
    assert store.retur(first.id).status is ReturStatus.ERSATT
    assert [event.vad for event in store.journal()] == ["retur_mottagen"] * 2 + ["retur_godkand"] * 2


def test_a_judgement_with_other_codes_is_told_of_and_the_same_again_is_not(store):
    retur = register(store)
    for minutes, found in enumerate([(NOTE,), (NOTE,), (NOTE, replace(NOTE, code="E303")), ()]):
        store.accept_retur(retur.id, found, tid=later(minutes))
    told = store.journal("retur_godkand")
    assert [(event.tid, event.detaljer["fel"]) for event in told] == [
        (later(0), ["E302"]),
        (later(2), ["E302", "E303"]),
        (later(3), []),
    ]


def test_periods_forvaltningar_and_kommuner_have_chains_of_their_own(store):
    returns = [register(store), register(store, period="2026-05"), register(store, forvaltning="VF")]
    assert [retur.version for retur in returns] == [1, 1, 1]
    for retur in returns:
        store.accept_retur(retur.id, tid=later(1))
    assert [retur.forvaltning for retur in store.current_returns("provby", "2026-04")] == ["TF", "VF"]
    assert store.current_returns("annan", "2026-04") == ()


def test_a_workbook_that_does_not_tell_whose_it_is_is_kept_by_itself(store):
    unknown = [register(store, name * 64, forvaltning=None, period=None) for name in "ab"]
    assert [(retur.version, retur.forvaltning, retur.period, retur.is_new) for retur in unknown] == [
        (1, None, None, True)
    ] * 2
    assert not register(store, "a" * 64, forvaltning=None, period=None).is_new
    assert store.stop_retur(unknown[0].id, (STOP,), tid=later(1)).status is ReturStatus.STOPPAD


def test_the_budget_register_has_a_chain_per_year(store):
    first = register(store, "a" * 64, forvaltning="", period="", ar=2026)
    second = register(store, "b" * 64, forvaltning="", period="", ar=2026)
    other = register(store, "c" * 64, forvaltning="", period="", ar=2027)
    assert [retur.version for retur in (first, second, other)] == [1, 2, 1]
    assert store.current_register("provby", 2026) is None
    store.accept_retur(first.id, tid=later(1))
    store.accept_retur(second.id, tid=later(2))
    current = store.current_register("provby", 2026)
    assert current is not None
    assert current.id == second.id
    assert [retur.status for retur in store.register_chain("provby", 2026)] == [ReturStatus.ERSATT, ReturStatus.GODKAND]
    assert store.current_returns("provby", "") == ()
    assert store.current_returns("provby", "2026-04") == ()


def test_an_unknown_retur_is_an_error(store):
    for call in (
        lambda: store.retur(7),
        lambda: store.accept_retur(7, tid=T0),
        lambda: store.stop_retur(7, (STOP,), tid=T0),
    ):
        with pytest.raises(LagringsFel, match="E907 Det finns ingen retur med nummer 7"):
            call()


def test_text_that_a_database_refuses_is_kept_visibly(store):
    retur = register(store, fil="v\udce5rd\x00.xlsx")
    store.stop_retur(retur.id, (replace(STOP, found="a\x00b \ud800 åäö − \u00a0 🙂"),), tid=T0)
    assert store.retur(retur.id).fil == "v\\udce5rd\\x00.xlsx"
    assert store.findings_for(retur.id)[0].found == "a\\x00b \\ud800 åäö − \u00a0 🙂"
    assert store.journal()[0].detaljer["fil"] == "v\udce5rd\x00.xlsx"


def test_contract_runs_are_kept_with_the_returns_they_judged(store):
    first, second = register(store, "a" * 64), register(store, "b" * 64, forvaltning="VF")
    evidence = {"motor": "gx", "resultat": [{"kod": "E301", "ok": False, "värden": [1, None, "å"]}]}
    run = store.save_contract_run(retur_ids=[second.id, first.id], evidence=evidence, rules_run=12, tid=T0)
    store.save_contract_run(retur_ids=[first.id], evidence={}, rules_run=0, tid=later(1))
    found = store.contract_runs_for(first.id)
    assert [(item.retur_ids, item.rules_run) for item in found] == [((first.id, second.id), 12), ((first.id,), 0)]
    assert (found[0].id, found[0].evidence, found[0].tid) == (run, evidence, T0)
    assert [item.id for item in store.contract_runs_for(second.id)] == [run]


def test_a_retur_counts_as_judged_under_the_key_of_its_latest_judgement_only(store):
    first, second = register(store, "a" * 64), register(store, "b" * 64, forvaltning="VF")
    assert store.judged_returns("k1") == frozenset()
    store.save_contract_run(retur_ids=[first.id, second.id], evidence={}, rules_run=9, tid=T0, nyckel="k1")
    assert store.judged_returns("k1") == {first.id, second.id}
    store.save_contract_run(retur_ids=[second.id], evidence={}, rules_run=9, tid=later(1), nyckel="k2")
    assert (store.judged_returns("k1"), store.judged_returns("k2")) == ({first.id}, {second.id})
    store.save_contract_run(retur_ids=[second.id], evidence={}, rules_run=9, tid=later(2), nyckel="k1")
    assert (store.judged_returns("k1"), store.judged_returns("k2")) == ({first.id, second.id}, frozenset())
    assert [run.nyckel for run in store.contract_runs_for(second.id)] == ["k1", "k2", "k1"]


def test_a_retur_lies_as_read_once_per_program(store):
    retur = register(store)
    assert store.find_interpretation(retur.id, "p1") is None
    store.save_interpretation(retur.id, "p1", "1" * 64)
    store.save_interpretation(retur.id, "p2", "2" * 64)
    store.save_interpretation(retur.id, "p1", "3" * 64)
    assert (store.find_interpretation(retur.id, "p1"), store.find_interpretation(retur.id, "p2")) == (
        "3" * 64,
        "2" * 64,
    )
    with pytest.raises(sa.exc.IntegrityError):
        store.save_interpretation(99, "p1", "1" * 64)


@pytest.mark.parametrize(
    ("forvaltning", "period", "ar", "known"),
    [("TF", "2026-04", None, True), ("", "", 2026, True), ("", "", None, False), (None, None, None, False),
     ("TF", None, None, False), (None, "2026-04", None, False), (None, None, 2026, False)],
)  # fmt: skip
def test_a_chain_is_known_when_the_workbook_told_whose_it_is(sqlite_url, forvaltning, period, ar, known):
    with Store(sqlite_url) as store:
        store.upgrade()
        first = register(store, "a" * 64, forvaltning=forvaltning, period=period, ar=ar)
        second = register(store, "b" * 64, forvaltning=forvaltning, period=period, ar=ar)
    assert first.kedja_kand is known
    assert second.version == (2 if known else 1)


def test_threads_registering_at_once_get_versions_without_gap_or_double(store):
    with ThreadPoolExecutor(8) as pool:
        returns = list(pool.map(lambda number: register(store, f"{number % 12:064d}"), range(36)))
    assert sorted(retur.version for retur in returns if retur.is_new) == list(range(1, 13))
    assert len(store.retur_chain("provby", "TF", "2026-04")) == 12


# --- closings and figures -----------------------------------------------------------------------------------------------------


def test_a_closing_starts_finishes_and_comes_back(store):
    retur = register(store)
    started = store.start_closing("provby", "2026-04", started=T0, fingerprint="f1", retur_ids=[retur.id])
    assert started == Closing(started.id, "provby", "2026-04", T0, None, "f1", ClosingStatus.PAGAR, None, (retur.id,))
    assert store.last_closing("provby", "2026-04") is None
    done = store.finish_closing(started.id, finished=later(3), summary={"saknas": ["VF"], "antal": 2})
    assert done == replace(
        started, finished=later(3), status=ClosingStatus.KLAR, summary={"saknas": ["VF"], "antal": 2}
    )
    assert store.last_closing("provby", "2026-04") == done
    assert store.closing(started.id) == done


def test_finishing_twice_changes_nothing_and_a_failed_closing_does_not_count(store):
    done = close(store)
    assert store.finish_closing(done.id, finished=later(60), summary={}) == done
    failed = store.start_closing("provby", "2026-04", started=later(5), fingerprint="g", retur_ids=())
    store.fail_closing(failed.id, finished=later(6), summary={"fel": "E999"})
    assert store.last_closing("provby", "2026-04") == done
    with pytest.raises(LagringsFel, match=r"E907 Stängning .* är redan avslutad"):
        store.finish_closing(failed.id, finished=later(7), summary={})


def test_the_previous_closing_is_the_newest_of_the_latest_earlier_period(store):
    close(store, "2025-12")
    close(store, "2026-02", minutes=10)
    newest = close(store, "2026-02", minutes=20)
    close(store, "2026-01", minutes=30)
    close(store, "2026-04", minutes=40)
    close(store, "2026-03", minutes=50, kommun="annan")
    store.start_closing("provby", "2026-03", started=later(60), fingerprint="", retur_ids=())
    assert store.previous_closing("provby", "2026-04") == newest
    assert store.previous_closing("provby", "2025-12") is None


def test_figures_come_back_exactly_with_missing_values_and_odd_ore(store):
    frame = to_frame([figure("a", 2**53 + 1), figure("b", None), figure("c", -(10**15) - 1), figure("d", 0)])
    closing = close(store, frame=frame)
    loaded = store.load_figures(closing.id)
    pd.testing.assert_frame_equal(loaded, frame, check_dtype=True)
    assert loaded["varde"].to_list()[0] == 9007199254740993
    assert loaded["varde"].isna().to_list() == [False, True, False, False]


def test_figures_keep_their_order_empty_text_and_missing_text(store):
    names = {"z": "", "a": None, "m": "å"}
    rows = [{"figure_id": f"2026-04/TEN/drift/{rad}/prognos", "rad": rad, "namn": namn} for rad, namn in names.items()]
    frame = FIGURES.frame(rows)
    closing = close(store, frame=frame)
    pd.testing.assert_frame_equal(store.load_figures(closing.id), frame)


def test_no_figures_and_only_missing_figures_keep_their_dtypes(store):
    empty = close(store, frame=FIGURES.frame([]))
    pd.testing.assert_frame_equal(store.load_figures(empty.id), FIGURES.frame([]))
    missing = to_frame([figure("a", None)])
    closing = close(store, frame=missing)
    pd.testing.assert_frame_equal(store.load_figures(closing.id), missing)


def test_figures_can_be_saved_again_until_the_closing_is_finished(store):
    closing = store.start_closing("provby", "2026-04", started=T0, fingerprint="f", retur_ids=())
    store.save_figures(closing.id, to_frame([figure("a", 1), figure("b", 2)]))
    store.save_figures(closing.id, to_frame([figure("a", 3)]))
    assert store.load_figures(closing.id)["varde"].to_list() == [3]
    store.finish_closing(closing.id, finished=later(1), summary={})
    with pytest.raises(LagringsFel, match=r"E907 Stängning .* siffror ändras inte"):
        store.save_figures(closing.id, to_frame([figure("a", 4)]))
    assert store.load_figures(closing.id)["varde"].to_list() == [3]


def test_a_frame_of_another_form_is_refused(store):
    closing = store.start_closing("provby", "2026-04", started=T0, fingerprint="f", retur_ids=())
    with pytest.raises(SchemaMismatch, match="E101"):
        store.save_figures(closing.id, to_frame([figure("a", 1)]).astype({"varde": "float64"}))


def test_find_figure_reads_the_newest_finished_closing_of_the_figures_period(store):
    close(store, frame=to_frame([figure("a", 1)]))
    newest = close(store, minutes=10, frame=to_frame([figure("a", 2)]))
    close(store, "2026-05", minutes=20, frame=to_frame([figure("a", 3, "2026-05")]))
    running = store.start_closing("provby", "2026-04", started=later(30), fingerprint="g", retur_ids=())
    store.save_figures(running.id, to_frame([figure("a", 4)]))
    found = store.find_figure("provby", "2026-04/TEN/drift/a/prognos")
    assert found is not None
    assert (found.closing, found.figure) == (newest, figure("a", 2))
    assert store.find_figure("provby", "2026-04/TEN/drift/b/prognos") is None
    assert store.find_figure("provby", "2026-06/TEN/drift/a/prognos") is None
    with pytest.raises(ValueError, match="inget siffer-id"):
        store.find_figure("provby", "nonsens")


def test_an_unknown_closing_is_an_error(store):
    with pytest.raises(LagringsFel, match="E907 Det finns ingen stängning med nummer 7"):
        store.save_figures(7, FIGURES.frame([]))


def test_a_closing_cannot_stand_on_a_retur_that_does_not_exist(store):
    with pytest.raises(sa.exc.IntegrityError):
        store.start_closing("provby", "2026-04", started=T0, fingerprint="f", retur_ids=[99])
    assert store.journal() == ()


# --- reports and journal ------------------------------------------------------------------------------------------------------


def new_report(innehallshash, version=1, kod="TN"):
    return NewReport(
        kommun="provby", period="2026-04", kod=kod, rapport_id=f"manadsrapport-2026-04-{kod}", version=version,
        innehallshash=innehallshash, view_json='{"b": 1, "a": "å"}', pdf_sha256="1" * 64, html_sha256="2" * 64, spar_sha256="3" * 64,
        xlsx_sha256="4" * 64, filhash="5" * 64,
    )  # fmt: skip


def test_a_report_gets_a_new_version_only_when_its_content_changes(store):
    closings = [close(store, minutes=place) for place in range(4)]
    assert store.next_report_version("provby", "2026-04", "TN", "h1") == 1
    first = store.save_report(closings[0].id, new_report("h1"), tid=T0)
    assert (first.version, first.is_new, first.tillstand, first.view_json) == (1, True, "utkast", '{"b": 1, "a": "å"}')
    assert store.find_report_by_hash("provby", "2026-04", "TN", "h1") == first
    assert store.next_report_version("provby", "2026-04", "TN", "h1") == 1

    again = store.save_report(closings[1].id, new_report("h1"), tid=later(1))
    assert (again, again.is_new) == (first, False)

    assert store.next_report_version("provby", "2026-04", "TN", "h2") == 2
    second = store.save_report(closings[2].id, new_report("h2", 2), tid=later(2))
    assert second.version == 2
    assert store.find_report_by_hash("provby", "2026-04", "TN", "h1") is None
    assert store.next_report_version("provby", "2026-04", "TN", "h1") == 3

    back = store.save_report(closings[3].id, new_report("h1", 3), tid=later(3))
    assert (back.version, back.is_new) == (3, True)
    assert [event.vad for event in store.journal()].count("rapport_sparad") == 3


def test_a_report_printed_with_a_version_already_taken_is_refused(store):
    closing = close(store)
    store.save_report(closing.id, new_report("h1"), tid=T0)
    with pytest.raises(LagringsFel, match=r"E907 Rapporten .* nästa version är 2"):
        store.save_report(closing.id, new_report("h2", 1), tid=T0)


def test_the_reports_of_a_period_are_those_of_its_newest_finished_closing(store):
    first = close(store)
    saved = [store.save_report(first.id, new_report(f"h{kod}", kod=kod), tid=T0) for kod in ("VN", "TN", "")]
    second = store.start_closing("provby", "2026-04", started=later(5), fingerprint="g", retur_ids=())
    store.keep_report(second.id, saved[2].id)
    store.keep_report(second.id, saved[2].id)
    changed = store.save_report(second.id, new_report("ny", 2, kod="TN"), tid=later(6))
    assert [report.kod for report in store.reports_for("provby", "2026-04")] == ["", "TN", "VN"]
    store.finish_closing(second.id, finished=later(7), summary={})
    assert store.reports_for("provby", "2026-04") == (saved[2], changed) == store.reports_of(second.id)
    assert store.reports_for("provby", "2026-03") == ()


def test_the_journal_tells_what_happened_in_order(store):
    event = store.record_event(T0, "rapport_framstalld", {"sidor": 12, "kod": "TN"})
    retur = register(store, minutes=1)
    store.stop_retur(retur.id, (STOP, STOP), tid=later(2))
    close(store, minutes=3)
    journal = store.journal()
    assert journal[0] == event
    assert [(item.vad, item.tid) for item in journal[1:]] == [
        ("retur_mottagen", later(1)),
        ("retur_stoppad", later(2)),
        ("stangning_paborjad", later(3)),
        ("stangning_klar", later(4)),
    ]
    assert journal[2].detaljer == {"retur_id": retur.id, "fel": ["E301"]}


# --- answers ------------------------------------------------------------------------------------------------------------------


def test_upgrade_from_the_first_schema_keeps_what_is_there_and_adds_the_answers(database_url):
    engine = sa.create_engine(database_url)
    config = Config()
    config.set_main_option("script_location", str(Path(store_package.__file__).parent / "migrations"))
    row = {
        "kommun": "provby", "kedja": "retur/2026-04/TF", "forvaltning": "TF", "period": "2026-04", "kontrakt_id": "manadsretur",
        "version": 1, "fil": "ten.xlsx", "sha256": "a" * 64, "storlek": 5, "mottagen": T0.isoformat(timespec="microseconds"),
        "status": "godkand",
    }  # fmt: skip
    path = Path(sa.make_url(database_url).database or "")
    if database_url.startswith("sqlite"):
        path.parent.mkdir(parents=True)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(
            sa.text(f"INSERT INTO returer ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})"), row
        )
        assert "svarar_pa" not in {column["name"] for column in sa.inspect(connection).get_columns("returer")}
    engine.dispose()
    with Store(database_url) as store:
        store.upgrade()
        (kept,) = store.retur_chain("provby", "TF", "2026-04")
        assert (kept.sha256, kept.status, kept.mottagen, kept.svarar_pa) == ("a" * 64, ReturStatus.GODKAND, T0, None)
        answer = register(store, "b" * 64, svarar_pa="a" * 64)
        assert (answer.version, store.answered(answer.id)) == (2, (kept,))


def test_a_line_of_answers_is_followed_to_its_beginning(store):
    first = register(store, "a" * 64)
    second = register(store, "b" * 64, svarar_pa="a" * 64, minutes=1)
    third = register(store, "c" * 64, svarar_pa="b" * 64, minutes=2)
    assert store.retur(second.id).svarar_pa == "a" * 64
    assert store.answered(third.id) == (first, second)
    assert store.answered(first.id) == ()


def test_an_answer_to_nobody_known_or_to_another_chain_links_nothing(store):
    register(store, "a" * 64, forvaltning="OMF")
    foreign = register(store, "b" * 64, svarar_pa="a" * 64)
    lost = register(store, "c" * 64, svarar_pa="d" * 64)
    itself = register(store, "e" * 64, svarar_pa="e" * 64)
    assert [store.answered(retur.id) for retur in (foreign, lost, itself)] == [(), (), ()]
