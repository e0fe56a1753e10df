"""The store as it was when a closing was started: rows that came later are left out, and the period's returns are yet to be judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.store.records import Closing, ClosingStatus, ReturStatus

Row = Mapping[str, Any]
Rows = dict[str, list[dict[str, Any]]]

_OF_CLOSING = ("closing_returns", "figures", "closing_reports", "avvikelser")
"""Tables whose rows belong to a closing."""
_BY_TIME = {
    "returer": "mottagen",
    "leveranser": "inkom",
    "huvudbocker": "mottagen",
    "acceptanser": "tid",
    "arendebeslut": "tid",
    "godtaganden": "tid",
    "kolada_hamtningar": "tid",
    "malplaner": "tid",
    "versionsval": "tid",
}
"""Tables whose rows came at a time of their own."""
_PARENTS = (
    ("closing_returns", "retur_id", "returer"),
    ("findings", "retur_id", "returer"),
    ("versionsval", "retur_id", "returer"),
    ("kolada_varden", "hamtning_id", "kolada_hamtningar"),
    ("reports", "closing_id", "closings"),
    ("closing_reports", "report_id", "reports"),
)
"""Tables whose rows follow those of another, which stands before them here."""


def as_of(rows: Mapping[str, Sequence[Row]], closing: Closing, started: str) -> Rows:
    """The rows that a closing stood on, as they lay in the database when it was started.

    Readings, contract runs, mail and the log are left out: the closing is to be made from the bytes of its returns.

    Args:
        rows: every row of every table, as stored (``DumpStore.dump``).
        started: the closing's start as the database writes it.
    """
    done = [row for row in rows["closings"] if row["id"] < closing.id and _was_done(row, started)]
    kept: Rows = {"closings": [dict(row) for row in done]}
    closings = _ids(kept["closings"])
    for table in _OF_CLOSING:
        kept[table] = [dict(row) for row in rows.get(table, ()) if row["closing_id"] in closings]
    for table, column in _BY_TIME.items():
        kept[table] = [dict(row) for row in rows.get(table, ()) if row[column] <= started]
    for table, column, parent in _PARENTS:
        known = _ids(kept[parent])
        kept[table] = [dict(row) for row in kept.get(table, rows.get(table, ())) if row[column] in known]
    kept["returer"] = _unjudged(kept["returer"], closing)
    kept["findings"] = [row for row in kept["findings"] if row["retur_id"] not in _judged_anew(kept["returer"])]
    known = _ids(kept["returer"])
    kept["leveranser"] = [row for row in kept["leveranser"] if row["retur_id"] in {None, *known}]
    return kept


def _was_done(row: Row, started: str) -> bool:
    return bool(
        row["status"] == ClosingStatus.KLAR.value and row["finished"] is not None and row["finished"] <= started
    )


def _unjudged(returns: list[dict[str, Any]], closing: Closing) -> list[dict[str, Any]]:
    """The returns; those of the period, and of the year's register, as they were when they had just come."""
    chains = {row["kedja"] for row in returns if row["id"] in closing.retur_ids or row["period"] == closing.period}
    year = int(closing.period[:4])
    received = {"status": ReturStatus.MOTTAGEN.value, "ersatt_av": None}
    known = _ids(returns)
    return [
        {**row, **received}
        if row["kedja"] in chains or (row["ar"] == year and row["forvaltning"] == "")
        else row
        if row["ersatt_av"] in known
        else {**row, "ersatt_av": None}
        for row in returns
    ]


def _judged_anew(returns: list[dict[str, Any]]) -> set[int]:
    return {row["id"] for row in returns if row["status"] == ReturStatus.MOTTAGEN.value}


def _ids(rows: list[dict[str, Any]]) -> set[Any]:
    return {row["id"] for row in rows}
