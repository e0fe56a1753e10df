"""Every rule of a contract tried at once: a workbook that breaks no rule, and one for each rule that breaks it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.contract_engine import CheckRun, check
from data_contracts.contract import Contract, Rule, Table
from data_contracts.frames import frame_columns
from transforms.typed_rows import Frames

SOUND = "felfri"
Row = dict[str, Any]


def name_of(rule: Rule) -> str:
    """The rule's own workbook."""
    return f"{rule.table}-{rule.code}-{rule.column}"


def judged(
    contract: Contract, sound_row: Callable[[Table, str], Row], broken_rows: Callable[[Table, Rule, str], list[Row]]
) -> CheckRun:
    """What the engine says of the sound row of every table (``SOUND``) and of each rule's broken ones (``name_of``)."""
    tables = {}
    for table in contract.tables:
        rows = [sound_row(table, SOUND)]
        for rule in contract.rules_for(table.name):
            rows += broken_rows(table, rule, name_of(rule))
        tables[table.name] = rows
    return check(contract, Frames({table.name: frame_columns(table) for table in contract.tables}, tables))
