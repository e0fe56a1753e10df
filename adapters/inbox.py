"""The inbox: a folder, in any file system that fsspec knows, where returned workbooks arrive. It is read, never written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from fsspec.core import url_to_fs


class InkorgsFel(RuntimeError):
    """The inbox is not there, or a file has gone (E903). The message is Swedish."""


@dataclass(frozen=True, slots=True)
class InboxFile:
    """One file. ``name``: relative to the inbox, with ``/``; ``size`` in bytes; ``modified`` in UTC."""

    name: str
    size: int
    modified: dt.datetime


def list_inbox(url: str) -> tuple[InboxFile, ...]:
    """Every file of the inbox and its subfolders, sorted by name.

    Left out are hidden files and folders (``.DS_Store``), lock files of Office and LibreOffice (``~$x.xlsx``, ``.~lock.x#``),
    unfinished transfers (``.tmp``, ``.part``, ``.filepart``, ``.crdownload``), links and ``Thumbs.db``, ``desktop.ini``. Anything
    else is listed, whatever it is, so that the reader can say what is wrong with it.

    Raises:
        InkorgsFel: E903, the inbox does not exist.
    """
    files, root = url_to_fs(url)
    if not files.isdir(root):
        raise InkorgsFel(f"E903 Inkorgen {url} finns inte. Skapa mappen, eller rätta adressen i inställningarna.")
    found = []
    for path, info in files.find(root, detail=True).items():
        name = str(path)[len(str(root)) :].lstrip("/")
        if info.get("islink") or _is_ignored(name):
            continue
        modified = files.modified(path).astimezone(dt.UTC)
        found.append(InboxFile(name=name, size=int(info["size"]), modified=modified))
    return tuple(sorted(found, key=lambda file: file.name))


def read(url: str, name: str) -> bytes:
    """The bytes of a listed file.

    Raises:
        InkorgsFel: E903, the file has gone, or the name leads out of the inbox.
    """
    files, root = url_to_fs(url)
    if ".." in name.split("/"):
        raise InkorgsFel(f"E903 Filen {name} ligger inte i inkorgen {url}. Ange ett namn ur inkorgens förteckning.")
    try:
        content: bytes = files.cat_file(f"{str(root).rstrip('/')}/{name}")
    except FileNotFoundError as error:
        raise InkorgsFel(
            f"E903 Filen {name} finns inte längre i inkorgen {url}. Lägg tillbaka den och hämta igen."
        ) from error
    return content


def _is_ignored(name: str) -> bool:
    """True for what programs leave beside the files that people send."""
    *_, last = parts = name.split("/")
    return (
        any(part.startswith(".") for part in parts)
        or last.startswith("~")
        or last.lower().endswith((".tmp", ".part", ".filepart", ".crdownload"))
        or last.lower() in ("thumbs.db", "desktop.ini")
    )
