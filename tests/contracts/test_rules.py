"""Every rule of every contract refuses what it should and lets pass what it should, at the right cell."""

from __future__ import annotations

import json

import pytest

from adapters.contract_engine import CheckRun, check
from adapters.contract_files import load_contract, load_felkoder
from data_contracts.contract import Contract
from tests.contracts.retur_example import (
    BUDGETS,
    FORVALTNING,
    PERIOD,
    Book,
    earlier_months,
    provby,
    sound_register,
    sound_retur,
)
from tests.contracts.rule_cases import REGISTER, RETUR, Case, Change
from transforms.conversion import convert, stack, volume_decimals
from transforms.preparation import prepare, prepare_register
from transforms.typed_rows import Frames, Row

SOUND = "felfri"
CONTRACTS = {"manadsretur": RETUR, "budgetregister": REGISTER}
PAIRS = [pytest.param(name, case, id=f"{name}-{case.id}") for name, cases in CONTRACTS.items() for case in cases]


def _books(name: str) -> dict[str, Book]:
    sound = sound_retur() if name == "manadsretur" else sound_register()
    books = {SOUND: sound}
    for case in CONTRACTS[name]:
        for verdict, change in (("refused", case.refused), ("accepted", case.accepted)):
            books[f"{case.id}-{verdict}"] = book = sound.copy()
            if change is not None:
                change(book)
    return books


def _run(name: str, books: dict[str, Book]) -> CheckRun:
    """All cases in one check: each is a return of its own, beside the earlier months that its case has."""
    contract = load_contract(name)
    by_earlier: dict[tuple[Change, ...], dict[str, Book]] = {(): {SOUND: books[SOUND]}}
    for case in CONTRACTS[name]:
        group = by_earlier.setdefault(case.earlier, {})
        group |= {key: books[key] for key in (f"{case.id}-refused", f"{case.id}-accepted")}
    prepared = [_prepared(name, contract, group, earlier) for earlier, group in by_earlier.items()]
    return check(contract, Frames.stacked(prepared[0].columns, prepared))


def _prepared(name: str, contract: Contract, books: dict[str, Book], earlier: tuple[Change, ...]) -> Frames:
    kommun = provby()
    converted = [
        convert(book.raw(case), contract, load_felkoder(), unit="tkr", decimals=volume_decimals(kommun))
        for case, book in books.items()
    ]
    frames = stack(converted, contract)
    for case in CONTRACTS[name]:
        if case.blank and f"{case.id}-refused" in books:
            _blank(frames.rows(case.table), f"{case.id}-refused", case)
    if name == "budgetregister":
        return prepare_register(frames, contract, kommun, PERIOD)
    months = [sound_retur() for _ in earlier]
    for month, change in zip(months, earlier, strict=True):
        change(month)
    return prepare(
        frames, contract, kommun, dict.fromkeys(books, FORVALTNING), BUDGETS, PERIOD, earlier_months(*months), BUDGETS
    )


def _blank(rows: list[Row], retur: str, case: Case) -> None:
    for row in rows:
        if row["retur"] == retur and row[f"{case.blank}_cell"] is not None and row["nyckel"] in (case.row[1], ""):
            row[case.blank] = None


@pytest.fixture(scope="module")
def runs():
    """Books and check of both contracts; each is run once."""
    return {name: (books := _books(name), _run(name, books)) for name in CONTRACTS}


def _cell(book: Book, case: Case) -> str:
    table, row, column = case.row
    if not row:
        return ""
    first = book.place(table, row, column)
    return f"{first}:{book.place(table, case.span, column)}" if case.span else first


@pytest.mark.parametrize(("name", "case"), PAIRS)
def test_rule_when_broken_then_found_at_its_cell(runs, name, case):
    books, run = runs[name]
    retur = f"{case.id}-refused"
    place = (case.code, load_contract(name).table(case.row[0]).sheet, _cell(books[retur], case))
    found = run.findings_by_retur[retur]
    hits = [finding.message for finding in found if (finding.code, finding.sheet, finding.cell) == place]
    assert hits, (place, [str(finding) for finding in found])
    assert all("{" not in message and "None" not in message for message in hits)


@pytest.mark.parametrize(("name", "case"), PAIRS)
def test_rule_when_kept_then_silent(runs, name, case):
    _, run = runs[name]
    retur = f"{case.id}-accepted"
    assert not [str(f) for f in run.findings_by_retur[retur] if f.code == case.code]
    assert run.rules_run[case.code] > 0


@pytest.mark.parametrize("name", CONTRACTS)
def test_sound_workbook_has_no_findings(runs, name):
    _, run = runs[name]
    assert [str(finding) for finding in run.findings_by_retur[SOUND]] == []
    assert run.empty_tables == ()


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_rule_has_exactly_one_pair(name):
    rules = sorted((rule.table, rule.code, rule.column) for rule in load_contract(name).rules)
    assert sorted((case.table, case.code, case.column) for case in CONTRACTS[name]) == rules


@pytest.mark.parametrize("name", CONTRACTS)
def test_findings_carry_sender_file_and_severity_of_the_contract(runs, name):
    _, run = runs[name]
    severities = {rule.code: rule.severity for rule in load_contract(name).rules}
    for retur, findings in run.findings_by_retur.items():
        for finding in findings:
            assert finding.file == f"{retur}.xlsx"
            assert finding.severity is severities[finding.code]
            assert finding.period == "2026-04"
            assert finding.forvaltning == (FORVALTNING if name == "manadsretur" else "")


@pytest.mark.parametrize("name", CONTRACTS)
def test_evidence_lists_every_rule_with_rows_examined_and_no_amounts(runs, name):
    _, run = runs[name]
    evidence = json.loads(run.evidence)
    rules = [rule for table in evidence["tabeller"] for rule in table["regler"]]
    assert len(rules) == len(load_contract(name).rules)
    assert sum(rule["granskade"] for rule in rules) == sum(run.rules_run.values())
    assert run.evidence == json.dumps(evidence, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
