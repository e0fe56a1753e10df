"""What a förvaltning returned for earlier months of the year: what this month's return is compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EarlierReturn:
    """One return that an earlier closing stands on.

    Attributes:
        rows: per table of the contract, the rows by key (enhet and kod; for comments enhet, avser and kod). Columns as
            ``conversion.converted_columns``; None where a value is missing.
    """

    rows: Mapping[str, Mapping[tuple[str, ...], Row]]

    def row(self, tabell: str, *key: str) -> Row | None:
        """The row with that key, or None when the return had none."""
        return self.rows.get(tabell, {}).get(key)


@dataclass(frozen=True, slots=True)
class Earlier:
    """Earlier months of the same year.

    Attributes:
        returns: per förvaltning, its returns in the latest closings, newest first.
        prognoser: prognos of the latest closing by (enhet, tabell, kod), öre or 10^−decimaler: what fg_prognos is prefilled from.
    """

    returns: Mapping[str, Sequence[EarlierReturn]] = field(default_factory=dict)
    prognoser: Mapping[tuple[str, str, str], int] = field(default_factory=dict)

    def latest(self, forvaltning: str) -> EarlierReturn | None:
        """The förvaltning's latest earlier return, or None when this is its first of the year."""
        return next(iter(self.returns.get(forvaltning, ())), None)


NO_EARLIER = Earlier()
"""The first month of a year, or a kommun that has just begun."""


def earlier_return(rows: Mapping[str, Sequence[Row]], keys: Mapping[str, Sequence[str]]) -> EarlierReturn:
    """Rows of an earlier return (``interpretation.rows_from_json``) by key.

    Args:
        keys: per table, its key columns. Of rows with the same key the first counts.
    """
    by_key: dict[str, dict[tuple[str, ...], Row]] = {}
    for tabell, columns in keys.items():
        found: dict[tuple[str, ...], Row] = {}
        for row in rows.get(tabell, ()):
            found.setdefault(tuple(str(row.get(column)) for column in columns), row)
        by_key[tabell] = found
    return EarlierReturn(by_key)
