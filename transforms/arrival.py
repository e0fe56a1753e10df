"""When a file in an inbox is whole: what programs leave behind, what is still being written, and what may be read.

An xlsx says itself where it ends. Any other file is whole when it has lain untouched for a while.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

UNFINISHED_S = 120
"""How long a file that seems cut off must have lain untouched before it is taken for broken rather than unfinished."""
STALE_LOCK_S = 24 * 3600
"""A lock file older than this was left by a program that is gone."""

_UNFINISHED = (".tmp", ".part", ".filepart", ".crdownload", ".partial", ".!ut")
_LITTER = ("thumbs.db", "desktop.ini")
_ZIP, _ZIP_END = b"PK\x03\x04", b"PK\x05\x06"
_END_SIZE, _MAX_COMMENT = 22, 65_535


@dataclass(frozen=True, slots=True)
class Lock:
    """A file that says that another is in use: its name, and why the other waits, in Swedish."""

    name: str
    orsak: str


def is_ignored(name: str) -> bool:
    """True for what programs leave beside the files that people send: hidden, locks, temporary names, unfinished transfers.

    Example:
        >>> is_ignored("2026-04/~$ten.xlsx"), is_ignored("ten.xlsx.part"), is_ignored("2026-04/ten.xlsx")
        (True, True, False)
    """
    *_, last = parts = name.split("/")
    return (
        any(part.startswith(".") for part in parts)
        or last.startswith("~")
        or last.lower().endswith(_UNFINISHED)
        or last.lower() in _LITTER
    )


def lock_on(name: str, there: Collection[str]) -> Lock | None:
    """The lock or unfinished transfer beside a file that says that it is not to be read yet; None when there is none.

    Example:
        >>> lock_on("a/ten.xlsx", ["a/~$ten.xlsx", "a/ten.xlsx"]).name
        'a/~$ten.xlsx'
    """
    folder, slash, last = name.rpartition("/")
    for other in (f"~${last}", f"~${last[2:]}", f".~lock.{last}#"):
        if f"{folder}{slash}{other}" in there:
            return Lock(f"{folder}{slash}{other}", f"filen är öppen i ett program ({other})")
    for suffix in _UNFINISHED:
        if f"{name}{suffix}" in there:
            return Lock(f"{name}{suffix}", f"filen håller på att föras över ({last}{suffix})")
    return None


def has_ended(content: bytes) -> bool:
    """True for a zip archive, which an xlsx is, whose end is there and says the same as its length: nothing of it is missing.

    Example:
        >>> has_ended(_ZIP_END + bytes(18)), has_ended(_ZIP + bytes(40)), has_ended(b"Period;Enhet")
        (True, False, False)
    """
    place = content.rfind(_ZIP_END, max(0, len(content) - _END_SIZE - _MAX_COMMENT))
    if place < 0 or place + _END_SIZE > len(content):
        return False
    comment = int.from_bytes(content[place + 20 : place + 22], "little")
    return place + _END_SIZE + comment == len(content)


def quiet_needed(content: bytes, lugn_s: int) -> int:
    """How many seconds a file must have lain untouched to be taken: 0 when it tells its own end; long when it seems cut off.

    Args:
        lugn_s: for files that have no end of their own, like csv.
    """
    if has_ended(content):
        return 0
    if not content or content.startswith((_ZIP, b"\x00")):
        return max(UNFINISHED_S, lugn_s)
    return lugn_s
