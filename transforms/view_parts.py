"""The parts of a view, at any depth: what checks, comparisons and the figures' passport look through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from transforms.view_types import Tal


def parts_of(value: object) -> Iterator[object]:
    """Every dataclass in a view or a part of one, itself first, in the order of the report."""
    if isinstance(value, tuple):
        for part in value:
            yield from parts_of(part)
    elif is_dataclass(value):
        yield value
        for field in fields(value):
            yield from parts_of(getattr(value, field.name))


def numbers_of(value: object) -> Iterator[Tal]:
    """Every number in a view or a part of one, in the order of the report."""
    return (part for part in parts_of(value) if isinstance(part, Tal))
