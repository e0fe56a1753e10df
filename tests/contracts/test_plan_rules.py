"""Every rule of the målplan's contract refuses a row that breaks it, at its own column, and lets a sound row pass."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.contract_engine import CheckRun
from adapters.contract_files import load_contract
from data_contracts.contract import Rule, RuleKind, Table
from data_contracts.frames import frame_columns
from tests.contracts.judged_rows import SOUND, judged, name_of

CONTRACT = load_contract("malplan")


def sound_row(table: Table, retur: str, number: int = 7) -> dict[str, Any]:
    """A row that breaks no rule: the first word of every list, one of everything else."""
    row: dict[str, Any] = {name: 1 if dtype == "Int64" else "x" for name, dtype in frame_columns(table).items()}
    row |= {column.name: column.values[0] for column in table.columns if column.values}
    row |= {"retur": retur, "fil": "a.xlsx", "blad": table.sheet, "radnr": number}
    return row | {f"{column.name}_cell": f"{column.name}{number}" for column in table.columns}


def broken_rows(table: Table, rule: Rule, retur: str) -> list[dict[str, Any]]:
    """Rows of one workbook that break the rule and no other of its kind."""
    row = sound_row(table, retur)
    if rule.kind is RuleKind.UNIQUE:
        return [row, sound_row(table, retur, 8)]
    return [{**row, rule.column: {RuleKind.REQUIRED: None, RuleKind.ALLOWED: "finns inte"}[rule.kind]}]


@pytest.fixture(scope="module")
def run() -> CheckRun:
    return judged(CONTRACT, sound_row, broken_rows)


def test_a_sound_row_of_every_table_passes(run: CheckRun) -> None:
    assert run.findings_by_retur.get(SOUND, ()) == ()


@pytest.mark.parametrize("rule", CONTRACT.rules, ids=name_of)
def test_a_rule_refuses_what_breaks_it_at_its_cell(run: CheckRun, rule: Rule) -> None:
    found = [f for f in run.findings_by_retur.get(name_of(rule), ()) if f.code == rule.code]
    assert {finding.sheet for finding in found} == {CONTRACT.table(rule.table).sheet}
    assert {finding.cell for finding in found} <= {f"{rule.place}7", f"{rule.place}8"}
    assert all(finding.message and finding.advice for finding in found)
