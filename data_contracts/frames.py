"""The form of the frames that hold a contract's tables: columns and dtypes. Transforms build them, the contract engine checks them."""

from __future__ import annotations

from data_contracts.contract import COMPUTED_COLUMNS, CONTROL, ColumnKind, Table

DTYPES = {
    ColumnKind.KOD: "string",
    ColumnKind.TEXT: "string",
    ColumnKind.BELOPP: "Int64",
    ColumnKind.ANTAL: "Int64",
    ColumnKind.DATUM: "string",
}
"""The dtype of a column in the frames: amounts in öre, volumes in 10^−decimaler, dates as ISO text."""

ORIGIN_COLUMNS = {"retur": "string", "fil": "string", "blad": "string", "radnr": "Int64"}
"""In every frame: the return's sha256, file name, sheet and row number."""

SENDER_COLUMNS = {"forvaltning": "string", "period": "string"}
"""In every prepared frame: whose return and which period."""


def frame_columns(table: Table) -> dict[str, str]:
    """The columns, with dtypes, of a table's prepared frame.

    A sheet has for each contract column ``c`` also ``c_cell`` (coordinate) and ``c_ra`` (raw text), its hidden key (``nyckel``), the
    unit of its amounts, the decimals of its volumes, the columns whose number was written as text (``som_text``, which the sheet's own
    sums leave out), the formulas behind its numbers (``formler``, one per line: ``prognos=SUM(J9,J10)``; missing for
    a kommun's own blankett), and its computed columns.
    A control has one ``cell`` and ``ra`` per row.
    """
    kinds = {column.kind for column in table.columns}
    columns = dict(ORIGIN_COLUMNS)
    if table.layout == CONTROL:
        columns |= {"cell": "string", "ra": "string", "belopp_enhet": "string", "decimaler": "Int64"}
        columns |= {column.name: DTYPES[column.kind] for column in table.columns}
    else:
        columns["nyckel"] = "string"
        if ColumnKind.BELOPP in kinds:
            columns["belopp_enhet"] = "string"
        if ColumnKind.ANTAL in kinds:
            columns["decimaler"] = "Int64"
        if table.amount_columns:
            columns |= {"som_text": "string", "formler": "string"}
        for column in table.columns:
            columns |= {
                column.name: DTYPES[column.kind],
                f"{column.name}_cell": "string",
                f"{column.name}_ra": "string",
            }
        columns |= dict.fromkeys(COMPUTED_COLUMNS.get(table.name, ()), "string")
    return columns | SENDER_COLUMNS
