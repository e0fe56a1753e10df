"""Before the rules of the bokslut run: which rows are known, beside each row. Nothing is judged here."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from data_contracts.bokslutsinstallning import Bokslutsinstallning
from data_contracts.contract import COMPUTED_COLUMNS, Contract
from data_contracts.frames import frame_columns
from data_contracts.uppstallningsform import Form
from transforms.control_sheets import yes_no
from transforms.conversion import frame_of
from transforms.figures import KOMMUNEN
from transforms.period import Period

Row = dict[str, object]


def prepare_books(
    frames: Mapping[str, pd.DataFrame],
    contract: Contract,
    settings: Bokslutsinstallning,
    forms: Mapping[str, Form],
    period: Period,
) -> dict[str, pd.DataFrame]:
    """The frames that the rules of the bokslut run on: each with what its rows are compared with.

    Args:
        frames: per sheet, the rows of all versions judged (``conversion.stack``).
        forms: the kommun's forms by table.
    """
    enheter = {KOMMUNEN, *(company.kod for company in settings.foretag)}
    goals = {(row["retur"], row["kod"]) for row in _rows(frames["bokslutsmal"])}
    prepared: dict[str, pd.DataFrame] = {}
    for table in contract.tables:
        known = {rad.kod for rad in forms[table.name].rader} if table.name in forms else set[str]()
        rows = [
            {**row, "forvaltning": "", "period": str(period), **_columns(table.name, row, enheter, known, goals)}
            for row in _rows(frames[table.name])
        ]
        prepared[table.name] = frame_of(frame_columns(table), rows)
    return prepared


def _columns(table: str, row: Row, enheter: set[str], known: set[str], goals: set[tuple[object, object]]) -> Row:
    computed = COMPUTED_COLUMNS.get(table, ())
    columns: Row = {}
    if "enhet_hor_till" in computed:
        columns["enhet_hor_till"] = yes_no(row["enhet"] in enheter)
    if "kod_kand" in computed:
        columns["kod_kand"] = yes_no(row["kod"] in known)
    if "mal_kant" in computed:
        columns["mal_kant"] = yes_no((row["retur"], row["mal"]) in goals)
    return columns


def _rows(frame: pd.DataFrame) -> list[Row]:
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]
