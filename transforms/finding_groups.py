"""Findings that say the same of one sheet, gathered: thirty cells with the same fault are one thing to read, with thirty places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from data_contracts.findings import Finding

Item = TypeVar("Item")


def gathered(
    items: Sequence[Item], finding_of: Callable[[Item], Finding], *more: Callable[[Item], object]
) -> tuple[tuple[Item, ...], ...]:
    """The items by severity, code, sheet and advice of their finding, in order of the first of each. None is left out.

    Args:
        more: what else must be the same.
    """
    groups: dict[tuple[object, ...], list[Item]] = {}
    for item in items:
        one = finding_of(item)
        key = (one.severity, one.code, one.sheet, one.advice, *(part(item) for part in more))
        groups.setdefault(key, []).append(item)
    return tuple(tuple(group) for group in groups.values())


def shared(texts: Sequence[str]) -> str:
    """The text when all are the same, else ''."""
    return texts[0] if len(set(texts)) == 1 else ""
