"""The audit log's chain: each event carries the hash of the one before it, so that no line can be changed, removed or put in unseen.

The hash of a link is sha256 over the canonical JSON of all that it says, the hash of the link before it among that. The newest link's
number and hash, the head, stand for the whole log.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

START = "0" * 64
"""What stands before the first link."""
_HEAD = re.compile(r"(\d{1,12}):([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Lank:
    """One event of the log.

    Attributes:
        nr: 1, 2, 3 … without gaps.
        anvandare: the operating system's account that acted; '' for events older than the chain.
        roll: the account's role then; '' when it had none.
        forra: the hash of link ``nr`` − 1; ``START`` for the first.
    """

    nr: int
    tid: dt.datetime
    anvandare: str
    roll: str
    vad: str
    detaljer: Mapping[str, Any]
    forra: str
    hash: str


@dataclass(frozen=True, slots=True)
class Huvud:
    """The head of a log: its newest link. ``nr`` 0 and ``START`` for an empty one."""

    nr: int
    hash: str

    def __str__(self) -> str:
        return f"{self.nr}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Kedjefel:
    """The first link that does not hold, and why, in Swedish."""

    nr: int
    text: str


def parse_head(text: str) -> Huvud:
    """The head as it is printed, ``nr:hash``.

    Raises:
        ValueError: the text is none (Swedish).
    Example:
        >>> parse_head("17:" + "ab" * 32).nr
        17
    """
    match = _HEAD.fullmatch(text.strip())
    if match is None:
        raise ValueError(
            f'"{text}" är inget logghuvud. Det skrivs som nummer:hash, med 64 tecken 0–9 och a–f efter kolonet'
        )
    return Huvud(int(match[1]), match[2])


def plain(value: Any) -> Any:
    """A model, a dataclass or parts of them as plain JSON: numbers and truths as they are, everything else as text."""
    if hasattr(value, "__dataclass_fields__"):
        return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if hasattr(value, "model_dump"):
        return plain(value.model_dump())
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(part) for part in value]
    return value if value is None or isinstance(value, bool | int) else str(value)


def canonical(value: Any) -> str:
    """Plain JSON with sorted keys and no white space; the same value always gives the same text.

    Raises:
        TypeError: the value holds a float, whose text is not the same everywhere, or anything else that has no place in JSON.
    Example:
        >>> canonical({"b": [1, None], "a": "å"})
        '{"a":"\\\\u00e5","b":[1,null]}'
    """
    _refuse_floats(value)
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _refuse_floats(value: Any) -> None:
    if value is None or isinstance(value, str | int):
        return
    if isinstance(value, float):
        raise TypeError(f"the log holds no floats: {value!r}")
    if isinstance(value, Mapping):
        for part in value.values():
            _refuse_floats(part)
    elif isinstance(value, list | tuple):
        for part in value:
            _refuse_floats(part)


def link_hash(
    *,
    nr: int,
    tid: dt.datetime,
    anvandare: str,
    roll: str,
    vad: str,
    detaljer: Mapping[str, Any],
    forra: str,
) -> str:
    """The hash that the link with this content has. ``tid`` is an aware time; it counts as UTC with microseconds."""
    content = {
        "nr": nr,
        "tid": tid.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "anvandare": anvandare,
        "roll": roll,
        "vad": vad,
        "detaljer": dict(detaljer),
        "forra": forra,
    }
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def first_break(links: Iterable[Lank]) -> Kedjefel | None:
    """The first link that is missing, has been changed or does not follow on the one before it; None when the chain is whole."""
    before = Huvud(0, START)
    for link in links:
        if link.nr != before.nr + 1:
            return Kedjefel(before.nr + 1, f"händelse {before.nr + 1} saknas; efter {before.nr} kommer {link.nr}")
        if link.forra != before.hash:
            return Kedjefel(link.nr, f"händelse {link.nr} ({link.vad}) hänger inte ihop med den före")
        if link.hash != _recomputed(link):
            return Kedjefel(link.nr, f"händelse {link.nr} ({link.vad}) har ändrats sedan den skrevs")
        before = Huvud(link.nr, link.hash)
    return None


def _recomputed(link: Lank) -> str:
    return link_hash(
        nr=link.nr,
        tid=link.tid,
        anvandare=link.anvandare,
        roll=link.roll,
        vad=link.vad,
        detaljer=link.detaljer,
        forra=link.forra,
    )


def head_mismatch(links: Mapping[int, str], kept: Huvud) -> Kedjefel | None:
    """What is wrong with the log beside a head that was kept elsewhere: None when the log still has that link with that hash.

    Args:
        links: hash by number, of the whole log.
    """
    found = links.get(kept.nr, START if kept.nr == 0 else "")
    if found == kept.hash:
        return None
    if not found:
        return Kedjefel(kept.nr, f"loggen slutar vid {max(links, default=0)}, men huvudet {kept} har funnits")
    return Kedjefel(
        kept.nr, f"händelse {kept.nr} har hashen {found}, men huvudet {kept} har funnits: loggen är omskriven"
    )


def backward_steps(links: Iterable[Lank]) -> tuple[int, ...]:
    """Numbers of the links whose time is before that of the link they follow: the clock was set back. The order is told by ``nr``."""
    numbers: list[int] = []
    before: dt.datetime | None = None
    for link in links:
        if before is not None and link.tid < before:
            numbers.append(link.nr)
        before = link.tid
    return tuple(numbers)
