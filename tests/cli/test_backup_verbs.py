"""Backup, restore and upgrade of a home with a closed month in it: the same bytes, rows and chain on an empty machine."""

import sqlite3
import zipfile
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from adapters.store import Store
from adapters.store.dump import _insert, _tables
from adapters.store.tables import HEAD
from flows.cli import main
from flows.home import open_home
from flows.steps.backup import MANIFEST, check_backup
from tests.closings import APRIL, figures_only, new_home, time_of
from tests.killing import killed

FIGURE = "2026-04/KS/drift/personal/prognos"


def run(*words, expect=0):
    assert main([str(word) for word in words]) == expect


def rows_of(url):
    with Store(url) as store:
        return store.dump()


def objects_of(hem):
    root = Path(hem.objekt)
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def backup(lingonby, tmp_path_factory):
    path = tmp_path_factory.mktemp("kopia") / "lingonby.rodatraden.zip"
    run("--kommun", lingonby.hem.path, "sakerhetskopiera", path)
    return path


def test_a_home_is_the_same_after_restore_on_an_empty_machine(lingonby, backup, tmp_path):
    home = tmp_path / "ny"
    run("aterstall", backup, home)
    restored = open_home(home)
    assert rows_of(restored.databas) == rows_of(lingonby.hem.databas)
    assert objects_of(restored) == objects_of(lingonby.hem)
    assert (home / "kommun.yaml").read_bytes() == lingonby.hem.kommun_yaml.read_bytes()
    run("--kommun", home, "spara", FIGURE)


def test_a_restored_home_closes_without_changing_anything(lingonby, backup, tmp_path):
    home = tmp_path / "ny"
    run("aterstall", backup, home)
    before = objects_of(open_home(home))
    again = figures_only(open_home(home), APRIL, time_of(APRIL, 15))
    assert again.fingerprint == lingonby.closing.fingerprint
    assert objects_of(open_home(home)) == before


def test_a_home_moves_from_sqlite_to_postgresql_and_back(lingonby, backup, tmp_path, postgresql_url, monkeypatch):
    monkeypatch.setenv("RODATRADEN_DATABAS", postgresql_url)
    run("aterstall", backup, tmp_path / "postgresql")
    assert rows_of(postgresql_url) == rows_of(lingonby.hem.databas)
    with Store(postgresql_url) as store:
        written = store.record_event(time_of(APRIL, 20), "prov", {})
        assert written.vad == "prov"
    moved = tmp_path / "flyttad.zip"
    run("--kommun", tmp_path / "postgresql", "sakerhetskopiera", moved)
    monkeypatch.delenv("RODATRADEN_DATABAS")
    run("aterstall", moved, tmp_path / "sqlite")
    revision, tables = rows_of(open_home(tmp_path / "sqlite").databas)
    before = rows_of(lingonby.hem.databas)[1]
    assert revision == HEAD
    assert len(tables.pop("events")) == len(before.pop("events")) + 1
    assert tables == before


def test_nothing_is_written_over(lingonby, backup, tmp_path, capsys):
    run("--kommun", lingonby.hem.path, "sakerhetskopiera", backup, expect=2)
    assert "E941" in capsys.readouterr().err
    (tmp_path / "min.txt").write_text("viktigt", encoding="utf-8")
    run("aterstall", backup, tmp_path, expect=2)
    assert "E941" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["min.txt"]


def changed(backup, path, change):
    """The same backup with ``change`` done to its parts (name → bytes, or None to leave it out)."""
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return path


@pytest.mark.parametrize(
    "change",
    [
        lambda name, content: content[:-1] + b"!" if name == "hem/kommun.yaml" else content,
        lambda name, content: content.replace(b"2026", b"2025", 1) if name == "databas/closings.jsonl" else content,
        lambda name, content: None if name == "databas/returer.jsonl" else content,
        lambda name, content: None if name == MANIFEST else content,
        lambda name, content: b"{}" if name == MANIFEST else content,
    ],
    ids=["fil-andrad", "rad-andrad", "del-borta", "forteckning-borta", "forteckning-tom"],
)
def test_a_backup_that_is_not_whole_is_refused_and_nothing_is_written(backup, tmp_path, change, capsys):
    broken = changed(backup, tmp_path / "trasig.zip", change)
    run("aterstall", broken, "--prova", expect=2)
    run("aterstall", broken, tmp_path / "ny", expect=2)
    assert capsys.readouterr().err.count("E940") == 2
    assert not (tmp_path / "ny").exists()


def test_a_truncated_backup_is_refused(backup, tmp_path, capsys):
    (tmp_path / "halv.zip").write_bytes(backup.read_bytes()[:5000])
    run("aterstall", tmp_path / "halv.zip", "--prova", expect=2)
    assert "E940" in capsys.readouterr().err


def test_a_backup_can_be_tried_without_restoring(backup, capsys):
    run("aterstall", backup, "--prova")
    assert "Kopian är hel: lingonby" in capsys.readouterr().out
    assert check_backup(backup).schema == HEAD


def as_of_the_previous_schema(url):
    """The database as the program before this one would have it: its schema, and the same data as far as it had a place for it."""
    revision = f"{int(HEAD) - 1:04d}"
    _, tables = rows_of(url)
    for path in Path(make_url(url).database).parent.glob("rodatraden.db*"):
        path.unlink()
    with Store(url) as store:
        store.prepare()
        with store._write() as connection:
            store._migrate(connection, revision)
            for table in _tables(connection):
                known = {column.name for column in table.columns}
                rows = [
                    {name: value for name, value in row.items() if name in known} for row in tables.get(table.name, ())
                ]
                _insert(connection, table, rows)
    return revision, rows_of(url)[1]


@pytest.mark.parametrize("words", [("lage", "2026-04"), ("stang", "2026-04"), ("verifiera",), ("schemalagg",)])
def test_no_other_verb_moves_a_database_of_the_previous_schema(lingonby, a_copy, capsys, words):
    hem = a_copy(lingonby).hem
    revision, before = as_of_the_previous_schema(hem.databas)
    assert main(["--kommun", str(hem.path), *words]) == 2
    told = capsys.readouterr().err
    assert f"E954 Databasen har schemat {revision}" in told
    assert "rodatraden uppgradera" in told
    with Store(hem.databas) as store:
        assert store.dump() == (revision, before)


def test_an_upgrade_takes_a_backup_and_keeps_the_data(lingonby, a_copy, capsys):
    hem = a_copy(lingonby).hem
    revision, before = as_of_the_previous_schema(hem.databas)
    assert before["figures"]
    run("--kommun", hem.path, "uppgradera")
    assert f"från schemat {revision} till {HEAD}" in capsys.readouterr().out
    (copy,) = hem.path.glob("*.rodatraden.zip")
    assert check_backup(copy).schema == revision
    after = rows_of(hem.databas)[1]
    for name, rows in before.items():
        assert [{key: row[key] for key in old} for row, old in zip(after[name], rows, strict=True)] == rows
    run("--kommun", hem.path, "uppgradera")
    assert "Inget behöver göras" in capsys.readouterr().out


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_upgrade_that_is_killed_leaves_all_or_nothing_and_the_next_one_goes_through(lingonby, a_copy, when):
    """``after``: every migration has been made, and nothing of it been committed."""
    hem = a_copy(lingonby).hem
    revision, before = as_of_the_previous_schema(hem.databas)
    assert killed(Store, "_migrate", when, 1, lambda: main(["--kommun", str(hem.path), "uppgradera"]))
    assert rows_of(hem.databas) == (revision, before)
    run("--kommun", hem.path, "uppgradera", "--kopia", hem.path / "andra.rodatraden.zip")
    schema, after = rows_of(hem.databas)
    assert schema == HEAD
    assert {name: len(rows) for name, rows in after.items()} == {name: len(before.get(name, ())) for name in after}


def test_a_home_without_a_database_is_backed_up_too(tmp_path):
    hem = new_home(tmp_path / "tomt", "lingonby")
    run("--kommun", hem.path, "sakerhetskopiera", tmp_path / "tom.zip")
    run("aterstall", tmp_path / "tom.zip", tmp_path / "ny")
    assert Path(open_home(tmp_path / "ny").inkorg).is_dir()
    with sqlite3.connect(tmp_path / "ny" / "lager" / "rodatraden.db") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)
