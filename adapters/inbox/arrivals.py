"""What has arrived in a folder: whole files with their bytes, and those that must wait, with why."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from adapters.inbox.folder import InboxFile, OpenFolder
from transforms.arrival import STALE_LOCK_S, is_ignored, lock_on, quiet_needed

MAX_READ = 100 * 1024 * 1024
"""Bytes of a file that is read at all; the reader refuses a return long before that."""
_LOOK_S = 0.5


@dataclass(frozen=True, slots=True)
class Arrived:
    """A whole file. ``content`` is None for one that ``is_known`` knew, which was not read again."""

    file: InboxFile
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that is left alone this time, and why, in Swedish."""

    name: str
    orsak: str


def arrivals(folder: OpenFolder, lugn_s: int, is_known: Callable[[InboxFile], bool]) -> Iterator[Arrived | Waiting]:
    """Every file that people have sent, in order of name; what must lie untouched for a while longer comes last.

    A file is whole when it says so itself (xlsx), came all at once, or has lain untouched long enough; then its size and time must be
    the same after the reading as before it. The wait is as long as the shortest quiet asked for, and only while such a file is new.

    Args:
        lugn_s: seconds that a file without an end of its own must have lain untouched.
        is_known: whether an unchanged file elsewhere than on this machine has been taken in before.
    """
    listed = folder.listed()
    unsettled: list[InboxFile] = []
    for file in listed.values():
        if is_ignored(file.name):
            continue
        waiting = _held(file, listed)
        if waiting is not None:
            yield waiting
        elif not folder.folder.is_local and is_known(file):
            yield Arrived(file, None)
        elif (content := _whole(folder, file, lugn_s)) is not None:
            yield Arrived(file, content)
        else:
            unsettled.append(file)
    if unsettled:
        yield from _after_a_while(folder, unsettled, lugn_s)


def _held(file: InboxFile, listed: dict[str, InboxFile]) -> Waiting | None:
    if file.size > MAX_READ:
        return Waiting(file.name, f"filen är {file.size // 1024**2} MB och läses inte")
    lock = lock_on(file.name, listed)
    if lock is None or time.time() - listed[lock.name].modified.timestamp() > STALE_LOCK_S:
        return None
    return Waiting(file.name, lock.orsak)


def _whole(folder: OpenFolder, file: InboxFile, lugn_s: int) -> bytes | None:
    """The bytes, or None when the file changed while it was read or has not lain untouched long enough."""
    content = folder.read(file.name)
    needed = 0 if folder.folder.arrives_whole else quiet_needed(content, lugn_s)
    is_same = folder.look(file.name) == file and len(content) == file.size
    is_quiet = needed == 0 or time.time() - file.modified.timestamp() >= needed
    return content if is_same and is_quiet else None


def _after_a_while(folder: OpenFolder, unsettled: list[InboxFile], lugn_s: int) -> Iterator[Arrived | Waiting]:
    """Those that stay the same for ``lugn_s`` seconds from now, by this machine's clock alone; a server's may be wrong."""
    give_up = time.monotonic() + lugn_s
    still = list(unsettled)
    while still and time.monotonic() < give_up:
        time.sleep(_LOOK_S)
        still = [file for file in still if folder.look(file.name) == file]
    for file in unsettled:
        content = folder.read(file.name) if file in still else b""
        if file in still and folder.look(file.name) == file and quiet_needed(content, lugn_s) <= lugn_s:
            yield Arrived(file, content)
        else:
            yield Waiting(file.name, "filen håller på att skrivas, eller är avkapad")
