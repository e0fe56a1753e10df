"""What the other ways are told of a return: its sheets, where their rows begin, and each column's kind and limits, from the contract."""

from __future__ import annotations

import io
from typing import Any

from openpyxl import load_workbook

from adapters.contract_files import load_contract
from data_contracts.contract import ColumnKind, RuleKind

_KINDS = {ColumnKind.BELOPP: "number", ColumnKind.ANTAL: "number"}


def plan_of(workbook: bytes) -> list[dict[str, Any]]:
    """Per sheet: name, the row of the keys, and the columns with letter, kind, whether required, and pattern or list of values."""
    contract = load_contract("manadsretur")
    book = load_workbook(io.BytesIO(workbook), read_only=True, data_only=True)
    sheets: list[dict[str, Any]] = []
    for table in contract.tables:
        if table.sheet not in book.sheetnames or table.name == "start":
            continue
        key_row = next(
            number for number, row in enumerate(book[table.sheet].iter_rows(values_only=True), 1) if row[0] == "_nyckel"
        )
        names = [str(name) for name in next(book[table.sheet].iter_rows(key_row, key_row, values_only=True)) if name]
        kinds = {column.name: _KINDS.get(column.kind, "string") for column in table.columns}
        required = {
            rule.column for rule in contract.rules_for(table.name) if rule.kind is RuleKind.REQUIRED and not rule.when
        }
        sheets.append(
            {
                "name": table.name,
                "sheet": table.sheet,
                "key_row": key_row,
                "columns": [
                    {"name": name, "kind": kinds.get(name, "string"), "required": name in required} for name in names
                ],
                "key": list(table.key),
            }
        )
    return sheets
