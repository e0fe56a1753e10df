"""A workbook's tables as rows with typed columns. Each is made a frame when somebody asks for one, and not before.

Most of what is done with a return is done row by row, and is stored as rows: frames in between cost more than all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import pandas as pd

Row = dict[str, Any]


class Frames(Mapping[str, pd.DataFrame]):
    """The tables by name: as frames with ``[]``, as rows with ``rows``. Neither may be changed.

    Attributes:
        columns: by table, the columns in order with their dtypes.
    """

    __slots__ = ("_made", "_rows", "columns")

    def __init__(self, columns: Mapping[str, Mapping[str, str]], rows: Mapping[str, list[Row]]) -> None:
        """``rows``: plain Python values, None or nothing at all where one is missing. A table without an entry has no rows."""
        self.columns = columns
        self._rows = {name: rows.get(name, []) for name in columns}
        self._made: dict[str, pd.DataFrame] = {}

    @classmethod
    def stacked(cls, columns: Mapping[str, Mapping[str, str]], parts: Sequence[Frames]) -> Frames:
        """The tables of several, which have these columns, one below the other."""
        return cls(columns, {name: [row for part in parts for row in part.rows(name)] for name in columns})

    def __getitem__(self, table: str) -> pd.DataFrame:
        if table not in self._made:
            self._made[table] = self.frame(table, self.columns[table])
        return self._made[table]

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)

    def frame(self, table: str, columns: Iterable[str]) -> pd.DataFrame:
        """Some columns of a table as a frame, which is not kept."""
        return frame_of({name: self.columns[table][name] for name in columns}, self._rows[table])

    def rows(self, table: str) -> list[Row]:
        """The rows as they were given."""
        return self._rows[table]

    @property
    def total(self) -> int:
        """How many rows all tables have."""
        return sum(map(len, self._rows.values()))


def frame_of(columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows as a frame with exactly these columns and dtypes; also from none at all."""
    listed = list(rows)
    return pd.DataFrame(
        {name: pd.array([row.get(name) for row in listed], dtype=_exact(dtype)) for name, dtype in columns.items()}
    )


@cache
def _exact(dtype: str) -> Any:
    """pandas' own object of a dtype; by its name, pandas would go through all that it knows for every column."""
    return pd.api.types.pandas_dtype(dtype)


def exactly(columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Rows with exactly these columns, None where one is missing."""
    names = tuple(columns)
    return [{name: row.get(name) for name in names} for row in rows]
