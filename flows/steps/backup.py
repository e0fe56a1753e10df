"""A whole home in one file, and back again on an empty machine: database, objects and the kommun's own files, each with its hash.

What is laid out anew from the store (drafts, receipts, the board, templates) is not in it; nor are Prefect's own files.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from adapters.objects import ObjectStore
from adapters.store import Store
from flows.home import Hem, open_home_at

FORMAT = 1
MANIFEST = "uppgifter.json"
_DATABASE, _OBJECTS, _HOME = "databas/", "objekt/", "hem/"
SUFFIX = ".rodatraden.zip"
_LAID_OUT = frozenset(
    {
        "lager",
        "utkast",
        "faststallda",
        "internt",
        "kvittenser",
        "tavla",
        "mallar",
        "granskning",
        "jamforelse",
        "logg",
        ".prefect",
    }
)


class BackupFel(RuntimeError):
    """The backup can't be made or restored. The message is Swedish.

    E940: the file is no whole backup, or a part of it has changed. E941: the place to restore to is not empty.
    """


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds. ``sha256``: of its list of contents, which names the hash of every part."""

    kommun: str
    skapad: str
    program: str
    schema: str
    rader: int
    objekt: int
    filer: int
    sha256: str


def make_backup(hem: Hem, kommun: str, target: Path, now: dt.datetime) -> Backup:
    """Write the home into one new file, and read it back to see that it is whole. Nothing in the home is changed.

    The rows are read as of one moment, and the objects after them: an object is never changed, so all that the rows name is there.

    Raises:
        BackupFel: E941 there is a file of that name already; E940 what was written can't be read back.
    """
    if target.exists():
        raise BackupFel(f"E941 {target} finns redan, och en säkerhetskopia skrivs aldrig över. Välj ett annat namn.")
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with unfinished.open("xb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                _write(archive, hem, kommun, now)
            file.flush()
            os.fsync(file.fileno())
        backup = check_backup(unfinished)
        os.rename(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)
    return backup


def _write(archive: zipfile.ZipFile, hem: Hem, kommun: str, now: dt.datetime) -> None:
    with Store(hem.databas) as store:
        store.prepare()
        schema, tables = store.dump()
    hashes: dict[str, str] = {}

    def add(name: str, content: bytes) -> None:
        hashes[name] = hashlib.sha256(content).hexdigest()
        archive.writestr(name, content)

    for name, rows in tables.items():
        add(f"{_DATABASE}{name}.jsonl", "".join(f"{json.dumps(row, ensure_ascii=True)}\n" for row in rows).encode())
    objects = ObjectStore(hem.objekt)
    for place in objects.files():
        add(f"{_OBJECTS}{place}", objects.read_file(place))
    for path in _own_files(hem):
        add(f"{_HOME}{path.relative_to(hem.path)}", path.read_bytes())
    manifest = {
        "format": FORMAT,
        "kommun": kommun,
        "skapad": now.isoformat(timespec="seconds"),
        "program": version("rodatraden"),
        "schema": schema,
        "rader": {name: len(rows) for name, rows in tables.items()},
        "delar": hashes,
    }
    archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True))


def _own_files(hem: Hem) -> Iterator[Path]:
    """The kommun's own files: configuration, plans, texts, and what lies in the inbox; no earlier backup."""
    store = Path(hem.objekt)
    for top in sorted(hem.path.iterdir()):
        if top.name not in _LAID_OUT:
            found = [top] if top.is_file() else sorted(path for path in top.rglob("*") if path.is_file())
            yield from (path for path in found if not path.name.endswith(SUFFIX) and not path.is_relative_to(store))


def check_backup(path: Path) -> Backup:
    """What the backup holds, when every part of it is there, unchanged, and nothing else is.

    Raises:
        BackupFel: E940, with the first part that fails.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = json.loads(archive.read(MANIFEST))
            _check_parts(path, archive, manifest)
            return _summary(manifest, archive.read(MANIFEST))
    except (OSError, zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        raise BackupFel(f"E940 {path} är ingen hel säkerhetskopia ({error}). Ta en annan kopia.") from error


def _check_parts(path: Path, archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    if manifest["format"] != FORMAT:
        raise BackupFel(f"E940 {path} har formatet {manifest['format']}, som det här programmet inte känner till.")
    listed, found = {*manifest["delar"], MANIFEST}, set(archive.namelist())
    for name in sorted(listed ^ found):
        raise BackupFel(
            f"E940 {path}: delen {name} {'saknas' if name in listed else 'hör inte dit'}. Ta en annan kopia."
        )
    for name, sha256 in manifest["delar"].items():
        if hashlib.sha256(archive.read(name)).hexdigest() != sha256:
            raise BackupFel(f"E940 {path}: delen {name} har ändrats. Ta en annan kopia.")


def _summary(manifest: dict[str, Any], content: bytes) -> Backup:
    parts = list(manifest["delar"])
    return Backup(
        kommun=manifest["kommun"],
        skapad=manifest["skapad"],
        program=manifest["program"],
        schema=manifest["schema"],
        rader=sum(manifest["rader"].values()),
        objekt=sum(name.startswith(_OBJECTS) for name in parts),
        filer=sum(name.startswith(_HOME) for name in parts),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def restore_backup(path: Path, folder: Path) -> tuple[Backup, Hem]:
    """The home as it was, in a new folder: first the kommun's files, then objects, then the rows, brought to this program's schema.

    The settings among the files decide where database and objects go, as in any home.

    Raises:
        BackupFel: E940 the backup is not whole (nothing has been written then); E941 the folder or the object store holds something.
        LagringsFel: E941 the database holds something; E905 the backup is of a newer program.
    """
    backup = check_backup(path)
    if folder.exists() and any(folder.iterdir()):
        raise BackupFel(f"E941 {folder} är inte tom, och det som finns där skrivs aldrig över. Välj en ny mapp.")
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        for name in (each for each in names if each.startswith(_HOME)):
            _write_new(folder, name.removeprefix(_HOME), archive.read(name))
        hem = open_home_at(str(folder))
        _make_inbox(hem)
        objects = ObjectStore(hem.objekt)
        if objects.files():
            raise BackupFel(f"E941 Objektlagret {hem.objekt} är inte tomt. Läs tillbaka till ett nytt lager.")
        for name in (each for each in names if each.startswith(_OBJECTS)):
            objects.write_file(name.removeprefix(_OBJECTS), archive.read(name))
        rows = {
            name.removeprefix(_DATABASE).removesuffix(".jsonl"): map(json.loads, archive.read(name).splitlines())
            for name in names
            if name.startswith(_DATABASE)
        }
        with Store(hem.databas) as store:
            store.restore(backup.schema, rows)
    return backup, hem


def _make_inbox(hem: Hem) -> None:
    """The inbox of the home itself, which may have been empty and so in no file; one elsewhere is left alone."""
    if Path(hem.inkorg).is_relative_to(hem.path):
        Path(hem.inkorg).mkdir(parents=True, exist_ok=True)


def _write_new(folder: Path, name: str, content: bytes) -> None:
    """A file under the folder; a name that points outside it is refused."""
    target = (folder / name).resolve()
    if not target.is_relative_to(folder.resolve()):
        raise BackupFel(f"E940 Säkerhetskopian har en fil vars namn pekar utanför mappen: {name}.")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
