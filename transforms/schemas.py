"""The frames that pass between transforms: columns, dtypes and keys, checked on entry and exit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd


class SchemaMismatch(ValueError):
    """E101: a frame between two steps lacks a column, has another dtype or breaks its key. A fault in the program, not in a return."""


@dataclass(frozen=True, slots=True)
class TableSchema:
    """Name, columns with dtypes, and key of one kind of frame."""

    name: str
    columns: Mapping[str, str]
    key: tuple[str, ...]

    def check(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame itself, when it has exactly these columns in this order, these dtypes and a unique key; else SchemaMismatch."""
        if list(frame.columns) != list(self.columns):
            raise SchemaMismatch(
                f"E101 {self.name}: kolumnerna är {list(frame.columns)}, ska vara {list(self.columns)}."
            )
        for column, dtype in self.columns.items():
            if str(frame[column].dtype) != dtype:
                raise SchemaMismatch(f"E101 {self.name}: {column} har typen {frame[column].dtype}, ska ha {dtype}.")
        doubles = frame[frame.duplicated(list(self.key), keep=False)]
        if len(doubles):
            raise SchemaMismatch(
                f"E101 {self.name}: nyckeln {self.key} förekommer flera gånger: {doubles.iloc[0][list(self.key)].tolist()}."
            )
        return frame

    def frame(self, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
        """A checked frame from rows (dicts); also from none at all."""
        data: dict[str, Any] = {}
        for column, dtype in self.columns.items():
            exact: Any = dtype
            data[column] = pd.array([row.get(column) for row in rows], dtype=exact)
        return self.check(pd.DataFrame(data))


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as dicts of Python's own values, None where one is missing.

    The whole frame at once: ``to_dict`` asks of every single value what it is, and column by column pandas makes a frame for each.

    Example:
        >>> rows_of(pd.DataFrame({"kod": pd.array(["a", None], dtype="string"), "varde": pd.array([1, None], dtype="Int64")}))
        [{'kod': 'a', 'varde': 1}, {'kod': None, 'varde': None}]
    """
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, map(_plain, row), strict=True)) for row in frame.to_numpy(dtype=object).tolist()]


def rows_in(frames: Mapping[str, pd.DataFrame], table: str) -> list[dict[str, Any]]:
    """The rows of a table among frames (``rows_of``); none where it is not there."""
    frame = frames.get(table)
    return [] if frame is None else rows_of(frame)


def _plain(value: Any) -> Any:
    """numpy's scalars as Python's own; None for what is missing."""
    plain = value.item() if hasattr(value, "item") else value
    return None if plain is pd.NA or plain != plain else plain


FIGURES = TableSchema(
    "figures",
    {
        "figure_id": "string",
        "period": "string",
        "enhet": "string",
        "matt": "string",
        "rad": "string",
        "serie": "string",
        "namn": "string",
        "grupp": "string",
        "vardear": "Int64",
        "varde": "Int64",
        "enhet_matt": "string",
        "decimaler": "Int64",
        "slag": "string",
        "formel": "string",
        "indata": "string",
        "retur_sha256": "string",
        "fil": "string",
        "blad": "string",
        "cell": "string",
        "ravarde": "string",
    },
    ("figure_id",),
)
"""One row per figure. ``varde``: öre for amounts, 10^−decimaler for volumes; NA = uppgift saknas. ``slag``: inlamnad, register,
beraknad, rattad or rattelse. ``namn``: the row's name; ``grupp``: on a sender's own row the sum row it belongs to, else ''.
``indata``: JSON list of [sign, figure_id] (sign 0: the divisor) in the formula's order; '' for entered figures. ``ravarde``: the
cell's raw content."""
