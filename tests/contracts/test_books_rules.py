"""Every rule of the bokslut's contract refuses a row that breaks it, at its own column, and lets a sound row pass."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.contract_engine import CheckRun
from adapters.contract_files import load_contract
from data_contracts.contract import Rule, RuleKind, Table
from data_contracts.frames import frame_columns
from tests.contracts.judged_rows import SOUND, judged, name_of

CONTRACT = load_contract("bokslut")
WORDS = {
    "enhet": "KOMMUNEN",
    "belopp_enhet": "tkr",
    "bedomning": "uppnatt",
    "villkor": "minst",
    "mal": "x",
    "slag": "verksamhet",
}


def sound_row(table: Table, retur: str, number: int = 7) -> dict[str, Any]:
    """A row that breaks no rule."""
    row: dict[str, Any] = {}
    for name, dtype in frame_columns(table).items():
        row[name] = 0 if dtype == "Int64" else WORDS.get(name, "x")
    row |= {name: "ja" for name in ("enhet_hor_till", "kod_kand", "mal_kant") if name in row}
    row |= {
        "retur": retur,
        "fil": "a.xlsx",
        "blad": table.sheet,
        "radnr": number,
        "forvaltning": "",
        "period": "2025-12",
    }
    row |= {f"{column.name}_cell": f"{chr(66 + place)}{number}" for place, column in enumerate(table.columns)}
    return row


def broken_rows(table: Table, rule: Rule, retur: str) -> list[dict[str, Any]]:
    """Rows of one workbook that break the rule and no other of its kind."""
    row = sound_row(table, retur)
    if rule.kind is RuleKind.UNIQUE:
        return [row, sound_row(table, retur, 8)]
    row[rule.column] = {RuleKind.REQUIRED: None, RuleKind.ALLOWED: "nej", RuleKind.RANGE: 10**17}[rule.kind]
    return [row]


@pytest.fixture(scope="module")
def run() -> CheckRun:
    return judged(CONTRACT, sound_row, broken_rows)


def test_a_sound_row_of_every_table_passes(run: CheckRun) -> None:
    assert run.findings_by_retur.get(SOUND, ()) == ()


@pytest.mark.parametrize("rule", CONTRACT.rules, ids=name_of)
def test_a_rule_refuses_what_breaks_it_at_its_cell(run: CheckRun, rule: Rule) -> None:
    table = CONTRACT.table(rule.table)
    columns = [column.name for column in table.columns]
    found = [f for f in run.findings_by_retur.get(name_of(rule), ()) if f.code == rule.code]
    assert found, "regeln hittade inget"
    assert {finding.sheet for finding in found} == {table.sheet}
    letter = chr(66 + columns.index(rule.place))
    assert {finding.cell for finding in found} <= {f"{letter}7", f"{letter}8"}
    assert all(finding.advice for finding in found)
