"""One folder in some file system: its files listed and read, its faults in Swedish."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


class InkorgsFel(RuntimeError):
    """An inbox can't be read. The message is Swedish.

    E903: it is not there, or a file has gone. E911: its server does not answer. E912: its server is not the one we know, or refuses us.
    """


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder to open.

    Attributes:
        namn: the way's name; adress: what people are told (no secrets).
        connect: gives the file system and the folder's path in it, freshly connected.
        close: lets the connection go.
        arrives_whole: a file is there all at once or not at all, as in an object store.
        is_local: its files are read each time; elsewhere an unchanged file is known by name, size and time.
    """

    namn: str
    adress: str
    connect: Callable[[], tuple[Any, str]]
    close: Callable[[Any], None]
    arrives_whole: bool = False
    is_local: bool = True


@dataclass(frozen=True, slots=True)
class InboxFile:
    """One file. ``name``: relative to the inbox, with ``/``; ``size`` in bytes; ``modified`` in UTC; ``etag``: '' where there is none."""

    name: str
    size: int
    modified: dt.datetime
    etag: str = ""

    @property
    def marke(self) -> str:
        """What changes when the file does: size, time and etag."""
        return f"{self.size} {self.modified.isoformat()} {self.etag}".strip()


class OpenFolder:
    """A folder that is connected to. Made by ``open_folder``."""

    def __init__(self, folder: Folder, files: Any, root: str) -> None:
        self.folder = folder
        self._files, self._root = files, root.rstrip("/")

    def listed(self) -> dict[str, InboxFile]:
        """Every file of the folder and its subfolders by name, in order of name; links are left out.

        Raises:
            InkorgsFel: E903, the folder does not exist; E911, E912.
        """
        with _told(self.folder):
            self._files.invalidate_cache()
            if not self._files.isdir(self._root or "/"):
                raise InkorgsFel(
                    f"E903 Inkorgen {self.folder.adress} finns inte. Skapa mappen, eller rätta adressen i inställningarna."
                )
            found = self._files.find(self._root, detail=True)
            files = [self._file(str(path), info) for path, info in found.items() if not _is_link(info)]
        return {file.name: file for file in sorted(files, key=lambda file: file.name) if file.name}

    def look(self, name: str) -> InboxFile | None:
        """The file as it stands now, or None when it has gone."""
        with _told(self.folder):
            self._files.invalidate_cache()
            try:
                return self._file(self._path(name), self._files.info(self._path(name)))
            except FileNotFoundError:
                return None

    def read(self, name: str) -> bytes:
        """The bytes of a listed file.

        Raises:
            InkorgsFel: E903, the file has gone, or the name leads out of the inbox; E911, E912.
        """
        if ".." in name.split("/"):
            raise InkorgsFel(
                f"E903 Filen {name} ligger inte i inkorgen {self.folder.adress}. Ange ett namn ur inkorgens förteckning."
            )
        with _told(self.folder):
            try:
                content: bytes = self._files.cat_file(self._path(name))
            except FileNotFoundError as error:
                raise InkorgsFel(
                    f"E903 Filen {name} finns inte längre i inkorgen {self.folder.adress}. Lägg tillbaka den och hämta igen."
                ) from error
        return content

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _file(self, path: str, info: Mapping[str, Any]) -> InboxFile:
        name = path[len(self._root) :].lstrip("/")
        return InboxFile(name, int(info["size"]), self._modified(path, info), str(info.get("ETag", "")).strip('"'))

    def _modified(self, path: str, info: Mapping[str, Any]) -> dt.datetime:
        told = info.get("mtime", info.get("LastModified"))
        if isinstance(told, int | float):
            return dt.datetime.fromtimestamp(told, dt.UTC)
        modified: dt.datetime = self._files.modified(path) if told is None else told
        return modified.astimezone(dt.UTC)


@contextmanager
def open_folder(folder: Folder) -> Iterator[OpenFolder]:
    """Connect to a folder; the connection ends with the block.

    Raises:
        InkorgsFel: E911, E912.
    """
    with _told(folder):
        files, root = folder.connect()
    try:
        yield OpenFolder(folder, files, root)
    finally:
        folder.close(files)


@contextmanager
def _told(folder: Folder) -> Iterator[None]:
    """Whatever a file system says when the world fails, as one of our faults."""
    try:
        yield
    except InkorgsFel:
        raise
    except (OSError, EOFError) as error:
        cause = " ".join(str(error).split()) or type(error).__name__
        raise InkorgsFel(
            f"E911 Inkorgen {folder.adress} går inte att läsa ({cause[:300]}). Kontrollera att servern är igång och nås härifrån."
        ) from error


def _is_link(info: Mapping[str, Any]) -> bool:
    return bool(info.get("islink")) or info.get("type") == "link"
