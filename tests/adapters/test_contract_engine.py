"""The engine gives clean answers or an error, never a silent pass."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from adapters.contract_engine import ContractEngineError, check
from adapters.contract_files import load_contract, load_felkoder
from data_contracts.contract import RuleKind
from tests.contracts.retur_example import BUDGETS, FORVALTNING, PERIOD, provby, sound_retur
from tests.framed import framed
from transforms.conversion import convert, stack, volume_decimals
from transforms.preparation import prepare


def _prepared(*books, budgets=BUDGETS):
    contract, kommun = load_contract("manadsretur"), provby()
    returns = [
        convert(book.raw(f"retur{number}"), contract, load_felkoder(), unit="tkr", decimals=volume_decimals(kommun))
        for number, book in enumerate(books)
    ]
    senders = {f"retur{number}": FORVALTNING for number in range(len(books))}
    return prepare(stack(returns, contract), contract, kommun, senders, budgets, PERIOD)


def _with(frames, **changed):
    """The frames, some of them made others."""
    return framed({**frames, **changed})


@pytest.fixture
def frames():
    """Prepared frames of one sound return."""
    return _prepared(sound_retur())


def _one_rule(code, table, **changes):
    """The månadsretur with one rule of a table changed."""
    contract = load_contract("manadsretur")
    rules = tuple(
        replace(rule, **changes) if (rule.code, rule.table) == (code, table) else rule for rule in contract.rules
    )
    return replace(contract, rules=rules)


def test_check_when_a_frame_is_missing_then_e102(frames):
    without = framed({name: frame for name, frame in frames.items() if name != "volymer"})
    with pytest.raises(ContractEngineError, match=r"^E102 kontrollen fick ingen tabell 'volymer'"):
        check(load_contract("manadsretur"), without)


def test_check_when_a_column_is_missing_then_e102(frames):
    frames = _with(frames, drift=frames["drift"].drop(columns="prognos"))
    with pytest.raises(ContractEngineError, match="tabell drift: kolumnen prognos har typen ingen, ska ha Int64"):
        check(load_contract("manadsretur"), frames)


def test_check_when_a_column_has_another_type_then_e102(frames):
    frames = _with(frames, drift=frames["drift"].astype({"prognos": "float64"}))
    with pytest.raises(ContractEngineError, match="kolumnen prognos har typen float64"):
        check(load_contract("manadsretur"), frames)


def test_check_when_a_column_is_unknown_then_e102(frames):
    frames = _with(frames, drift=frames["drift"].assign(extra=1))
    with pytest.raises(ContractEngineError, match="'extra'"):
        check(load_contract("manadsretur"), frames)


def test_check_when_a_table_with_rows_has_no_rules_then_e102(frames):
    contract = load_contract("manadsretur")
    without = replace(contract, rules=tuple(rule for rule in contract.rules if rule.table != "volymer"))
    with pytest.raises(ContractEngineError, match="volymer har rader men inga regler"):
        check(without, frames)


def test_check_when_the_engine_raises_then_e102_and_not_a_pass(frames):
    broken = _one_rule("E402", "kommentarer", params={"regex": "("})
    with pytest.raises(ContractEngineError, match="tabell kommentarer, regel E402: kontrollen gav inget svar"):
        check(broken, frames)


def test_check_when_a_rule_judges_text_as_a_number_then_e102(frames):
    broken = _one_rule("E320", "belopp", column="kod", kind=RuleKind.RANGE, params={"min": 0})
    with pytest.raises(ContractEngineError, match="E320"):
        check(broken, frames)


def test_check_when_a_table_has_no_rows_then_it_is_told_and_its_rules_looked_at_nothing():
    run = check(load_contract("manadsretur"), _prepared(sound_retur(), budgets=None))
    assert run.empty_tables == ("upphandlingar", "budgetrader")
    assert run.rules_run["E350"] == 0
    told = next(table for table in json.loads(run.evidence)["tabeller"] if table["tabell"] == "budgetrader")
    assert told == {"tabell": "budgetrader", "rader": 0, "regler": [], "utfall": "inga rader"}


def test_check_when_there_are_no_returns_then_nothing_ran():
    contract = load_contract("manadsretur")
    run = check(contract, _prepared())
    assert run.findings_by_retur == {}
    assert set(run.rules_run.values()) == {0}
    assert run.empty_tables == tuple(table.name for table in (*contract.tables, *contract.controls))


def test_check_counts_the_rows_each_rule_looked_at(frames):
    run = check(load_contract("manadsretur"), frames)
    assert run.rules_run["E371"] == 2 * 6
    assert run.rules_run["E350"] == 7
    assert run.rules_run["E340"] == 4 + 3 + 2 + 2


def test_check_when_two_returns_break_the_same_rule_then_each_gets_its_own_finding():
    first, second = sound_retur(), sound_retur()
    first.set("volymer", "X|barn", utfall=-1)
    second.set("volymer", "X|timmar", utfall=-2)
    run = check(load_contract("manadsretur"), _prepared(first, second, sound_retur()))
    cells = {
        retur: [(f.code, f.file, f.cell, f.found) for f in found] for retur, found in run.findings_by_retur.items()
    }
    assert cells == {
        "retur0": [("E371", "retur0.xlsx", "H7", "-1")],
        "retur1": [("E371", "retur1.xlsx", "H8", "-2")],
        "retur2": [],
    }


def test_check_finds_all_at_once_in_order_of_sheet_and_row():
    book = sound_retur().set("drift", "X|lokaler", utfall=500).set("drift", "X|intakter", prognos=None)
    book.set("investeringar", "X|it", budget=301).set("start", "status", varde="utkast")
    found = check(load_contract("manadsretur"), _prepared(book)).findings_by_retur["retur0"]
    assert [(f.code, f.sheet, f.cell) for f in found] == [
        ("E340", "Drift", "J7"),
        ("E341", "Drift", "J7:J12"),
        ("E321", "Drift", "H9"),
        ("E330", "Drift", "H10"),
        ("E330", "Drift", "H11"),
        ("E330", "Drift", "J11"),
        ("E330", "Drift", "H13"),
        ("E330", "Drift", "J13"),
        ("E332", "Drift verksamhet", "G7:G8"),
        ("E350", "Investeringar", "F9"),
        ("E505", "Start", "C17"),
    ]


def test_check_twice_gives_the_same_evidence(frames):
    contract = load_contract("manadsretur")
    assert check(contract, frames).evidence == check(contract, frames).evidence


def test_check_leaves_the_rows_as_they_were(frames):
    before = {name: [dict(row) for row in frames.rows(name)] for name in frames}
    check(load_contract("manadsretur"), frames)
    assert {name: frames.rows(name) for name in frames} == before


def test_importing_the_engine_does_not_import_great_expectations():
    probe = "import sys, adapters.contract_engine; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", probe], check=False, timeout=120).returncode == 0
