"""The ledger as a table: the same frames as SIE gives, from xlsx and csv; and how such a file can be wrong, by code and place."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from openpyxl import Workbook

from adapters.contract_files import load_contract, load_felkoder
from data_contracts.findings import stops
from flows.steps.ledger_files import LedgerFile, proved_sum, read_ledger, shown_line
from tests.ledger_examples import frames, ledger
from transforms.ledger.frames import BALANCES, LEDGER
from transforms.schemas import rows_of

HEADINGS = ("Period", "Konto", "Slag", "Ansvar", "Verksamhet", "Projekt", "Motpart", "Belopp")
SOUND = (
    ("2026", "1940", "ib", "", "", "", "", "100"),
    ("2026-01", "3010", "", "1100", "", "", "", "-70,25"),
    ("2026-01", "1940", "period", "", "", "", "", "70,25"),
    ("2026-02", "5020", "", "1100", "", "", "", "30"),
    ("2026-02", "1940", "", "", "", "", "", "-30"),
    ("2026", "1940", "ub", "", "", "", "", "140,25"),
    ("2025", "1940", "ub", "", "", "", "", "100"),
)


def csv_of(rows: Sequence[Sequence[str]], headings: Sequence[str] = HEADINGS, lead: str = "") -> bytes:
    return (lead + "".join(";".join(row) + "\n" for row in (headings, *rows))).encode()


def xlsx_of(rows: Sequence[Sequence[object]], headings: Sequence[str] = HEADINGS) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.append(["Uttag ur ekonomisystemet"])
    sheet.append(list(headings))
    for row in rows:
        sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def read(content: bytes, name: str = "saldon.csv") -> LedgerFile:
    return read_ledger(content, name, {}, load_felkoder())


def found(content: bytes) -> set[tuple[str, str]]:
    return {(finding.code, finding.cell) for finding in read(content).findings}


def changed(number: int, **values: str) -> tuple[tuple[str, ...], ...]:
    """The sound rows with cells of one row changed, by heading."""
    row = dict(zip(HEADINGS, SOUND[number], strict=True)) | values
    return (*SOUND[:number], tuple(row[name] for name in HEADINGS), *SOUND[number + 1 :])


def without_origin(rows: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    return [{name: value for name, value in row.items() if name not in ("sha256", "fil", "rader")} for row in rows]


@pytest.fixture(scope="module")
def as_table() -> list[tuple[str, ...]]:
    """January of Lingonby's ledger as an ekonomisystem would give it out without SIE."""
    return [
        (row["period"], row["konto"], "", row["ansvar"], row["verksamhet"], row["projekt"], row["motpart"], kronor(row))
        for row in january()
    ]


def january() -> list[dict[str, object]]:
    return [row for row in rows_of(frames(ledger()).ledger) if row["period"] == "2026-01"]


def kronor(row: dict[str, object]) -> str:
    sign, ore = ("-" if int(str(row["ledger_ore"])) < 0 else ""), abs(int(str(row["ledger_ore"])))
    return f"{sign}{ore // 100},{ore % 100:02d}"


def test_a_table_gives_the_same_movements_as_the_sie_file_that_it_was_made_of(as_table):
    expected = without_origin(january())
    for content in (csv_of(as_table), xlsx_of([(*row[:7], float(row[7].replace(",", "."))) for row in as_table])):
        file = read(content)
        assert not stops(file.findings)
        assert (file.ar, file.till_period) == (2026, "2026-01")
        assert without_origin(rows_of(file.frames.ledger)) == expected


def test_a_sound_table_has_movements_and_balances_with_the_rows_they_stand_on():
    file = read(csv_of(SOUND))
    assert file.findings == ()
    LEDGER.check(file.frames.ledger)
    balances = rows_of(BALANCES.check(file.frames.balances))
    assert [(row["ar"], row["slag"], row["ledger_ore"], row["rader"]) for row in balances] == [
        (2026, "ib", 100_00, "2"),
        (2026, "ub", 140_25, "7"),
        (2025, "ub", 100_00, "8"),
    ]


def test_columns_are_known_by_their_headings_in_any_order_and_case_below_other_text():
    turned = [tuple(reversed(row)) for row in SOUND]
    content = csv_of(turned, [heading.upper() for heading in reversed(HEADINGS)], lead="Uttag 2026-03-05;;\n")
    assert read(content).findings == ()


def test_what_stands_in_a_row_is_proved_from_the_unchanged_bytes():
    content = csv_of(SOUND)
    assert proved_sum(content, "saldon.csv", [4, 6], "1940", load_felkoder()) == 40_25
    assert proved_sum(content, "saldon.csv", [4, 5], "1940", load_felkoder()) is None, "row 5 is another konto"
    assert shown_line(content, 3) == "2026-01;3010;;1100;;;;-70,25"


BROKEN = [
    pytest.param(csv_of(SOUND, (*HEADINGS[:7], "Summa")), {("E824", ""), }, id="no amount column"),
    pytest.param(csv_of(changed(1, Period="2026-13")), {("E825", "A3")}, id="no such month"),
    pytest.param(csv_of(changed(0, Period="2026-01")), {("E825", "A2")}, id="a month for an opening balance"),
    pytest.param(csv_of(changed(1, Period="2024-01")), {("E826", "A4"), ("E826", "A5"), ("E826", "A6")}, id="two years"),
    pytest.param(csv_of(changed(1, Konto="SUMMA")), {("E827", "B3")}, id="no konto"),
    pytest.param(csv_of(changed(1, Slag="budget")), {("E828", "C3")}, id="unknown kind"),
    pytest.param(csv_of((*SOUND, SOUND[1])), {("E829", "B9")}, id="twice"),
    pytest.param(csv_of(changed(1, Belopp="")), {("E834", "H3")}, id="no amount"),
    pytest.param(csv_of(changed(1, Belopp="9999999999999")), {("E320", "H3")}, id="too much"),
    pytest.param(csv_of(changed(1, Belopp="70 kr ungefär")), {("E834", "H3")}, id="no number"),
    pytest.param(csv_of(changed(1, Belopp="-70,26")), {("E835", "")}, id="debit is not credit"),
    pytest.param(csv_of(changed(5, Belopp="140,26")), {("E836", "rad 7")}, id="a balance that its months do not give"),
    pytest.param(csv_of(SOUND[:1]), {("E837", "")}, id="no months"),
    pytest.param(b"PK\x03\x04 no workbook at all", set(), id="broken zip"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), BROKEN)
def test_a_broken_table_is_stopped_with_its_code_at_its_cell(content, expected):
    file = read(content)
    assert stops(file.findings), [str(finding) for finding in file.findings]
    assert expected <= {(finding.code, finding.cell) for finding in file.findings}
    assert all("{" not in finding.message for finding in file.findings)
    if not any(finding.code in ("E835", "E836") for finding in file.findings):
        assert len(file.frames.ledger) == 0


def test_a_column_that_is_not_read_is_told_of_and_does_not_stop():
    content = csv_of([(*row, "x") for row in SOUND], (*HEADINGS, "Fritext"))
    file = read(content)
    assert {(finding.code, finding.cell) for finding in file.findings} == {("E831", "I1")}
    assert len(file.frames.ledger) == 4


def test_every_rule_of_the_contract_is_broken_by_one_of_these_and_kept_by_the_sound_table():
    broken = {code for param in BROKEN for code, _ in param.values[1]}
    assert {rule.code for rule in load_contract("periodsaldon").rules} <= broken
