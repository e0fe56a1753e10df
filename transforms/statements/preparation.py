"""Before the rules of the bokslut run: which rows are known, beside each row. Nothing is judged here."""

from __future__ import annotations

from collections.abc import Mapping

from data_contracts.bokslutsinstallning import Bokslutsinstallning
from data_contracts.contract import COMPUTED_COLUMNS, Contract
from data_contracts.frames import frame_columns
from data_contracts.uppstallningsform import Form
from transforms.control_sheets import yes_no
from transforms.figures import KOMMUNEN
from transforms.period import Period
from transforms.statements.consolidation import COMPANY_ROWS, KONCERNEN
from transforms.typed_rows import Frames, Row


def prepare_books(
    frames: Frames,
    contract: Contract,
    settings: Bokslutsinstallning,
    forms: Mapping[str, Form],
    period: Period,
) -> Frames:
    """The frames that the rules of the bokslut run on: each with what its rows are compared with.

    Args:
        frames: per sheet, the rows of all versions judged (``conversion.stack``).
        forms: the kommun's forms by table.
    """
    companies = {company.kod for company in settings.foretag}
    enheter = {KOMMUNEN, *companies, *({KONCERNEN} if companies else ())}
    goals = {(row["retur"], row["kod"]) for row in frames.rows("bokslutsmal")}
    prepared: dict[str, list[Row]] = {}
    for table in contract.tables:
        known = {rad.kod for rad in forms[table.name].rader} if table.name in forms else set[str]()
        prepared[table.name] = [
            {**row, "forvaltning": "", "period": str(period), **_columns(table.name, row, enheter, known, goals)}
            for row in frames.rows(table.name)
        ]
    return Frames({table.name: frame_columns(table) for table in contract.tables}, prepared)


def _columns(table: str, row: Row, enheter: set[str], known: set[str], goals: set[tuple[object, object]]) -> Row:
    computed = COMPUTED_COLUMNS.get(table, ())
    columns: Row = {}
    if "enhet_hor_till" in computed:
        columns["enhet_hor_till"] = yes_no(row["enhet"] in enheter)
    if "kod_kand" in computed:
        of_company = row["enhet"] != KOMMUNEN and row["kod"] in COMPANY_ROWS.get(table, ())
        columns["kod_kand"] = yes_no(row["kod"] in known or of_company)
    if "mal_kant" in computed:
        columns["mal_kant"] = yes_no((row["retur"], row["mal"]) in goals)
    return columns
