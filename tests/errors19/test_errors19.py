"""Each of the nineteen errors, end to end: a real workbook into the inbox, through collect and check, out of the register."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.contract_files import all_codes
from adapters.store import ReturRecord, ReturStatus
from data_contracts.findings import Finding, Severity, stops
from flows.home import CHECKOUT, Hem
from flows.steps.check import check_returns
from flows.steps.collect import collect, stray_findings
from flows.workplace import open_workplace
from tests.closings import copy_home, figures_only, time_of
from tests.errors19.cases import Error, errors
from tests.errors19.example import (
    APRIL,
    MARS,
    OWN,
    RETUR,
    Change,
    Values,
    filled,
    make_felby,
    place,
    template,
    values_of,
)
from transforms.figures import from_frame
from transforms.period import Period
from transforms.views.context import tal

ERRORS = errors(lambda: values_of(4), lambda: values_of(3))
SOUND = "felfri"
TABLE = CHECKOUT / "docs" / "handbok" / "07-de-nitton-felen.md"


@dataclass(frozen=True)
class Seen:
    """A workbook as the register has it."""

    record: ReturRecord
    findings: tuple[Finding, ...]


@pytest.fixture(scope="module")
def felby(tmp_path_factory: pytest.TempPathFactory) -> Hem:
    """The kommun with February and March closed. Not to be changed."""
    return make_felby(tmp_path_factory.mktemp("felby"))


@pytest.fixture(scope="module")
def seen(felby: Hem, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    """April's workbooks of all errors, refused and accepted, taken in and judged at once, by name."""
    hem = copy_home(felby, tmp_path_factory.mktemp("april") / "hem")
    with open_workplace(hem) as workplace:
        blank = template(workplace, APRIL)

        def workbook(values: Values, changes: tuple[Change, ...], own_row: bool = True) -> bytes:
            content = filled(workplace, values_of(4) | values, APRIL, (OWN,) if own_row else (), blank)
            for change in changes:
                content = change(content)
            return content

        books = {SOUND: workbook({}, ())}
        for error in ERRORS:
            books[f"{error.id}-fel"] = workbook(error.values, error.changes, error.own_row)
            if error.accepted or error.accepted_changes:
                books[f"{error.id}-ratt"] = workbook(error.accepted, error.accepted_changes)
        for name, content in books.items():
            (Path(hem.inkorg) / f"{name}.xlsx").write_bytes(content)
        now = time_of(APRIL, 15)
        ids = collect(workplace, APRIL, now).seen
        check_returns(workplace, APRIL, now)
        records = {record.fil.removesuffix(".xlsx"): record for record in map(workplace.store.retur, ids)}
        return {name: Seen(records[name], workplace.store.findings_for(records[name].id)) for name in books}


def _place(error: Error) -> tuple[str, str]:
    """Sheet and cell that the finding must point at."""
    table, row, column = error.at
    if not row:
        return RETUR.table(table).sheet, column
    first = place(table, row, column)
    return RETUR.table(table).sheet, f"{first}:{place(table, error.to, column)}" if error.to else first


def test_the_sound_return_has_no_findings(seen: dict[str, Seen]) -> None:
    assert [str(finding) for finding in seen[SOUND].findings] == []


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.id)
def test_the_error_is_found_at_its_cell(seen: dict[str, Seen], error: Error) -> None:
    book = seen[f"{error.id}-fel"]
    hits = [finding for finding in book.findings if finding.code == error.code]
    assert hits, [str(finding) for finding in book.findings]
    if error.at[0]:
        assert _place(error) in {(finding.sheet, finding.cell) for finding in hits}, [str(f) for f in hits]
    assert all(finding.message and finding.advice and "{" not in finding.message for finding in hits)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.id)
def test_the_workbook_is_stopped_just_where_the_code_stops(seen: dict[str, Seen], error: Error) -> None:
    book = seen[f"{error.id}-fel"]
    severity = next(finding.severity for finding in book.findings if finding.code == error.code)
    assert stops(book.findings) is (severity is Severity.STOPPAR), [str(finding) for finding in book.findings]
    assert (book.record.status is ReturStatus.STOPPAD) is (severity is Severity.STOPPAR)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.id)
def test_the_near_miss_is_let_through(seen: dict[str, Seen], error: Error) -> None:
    book = seen.get(f"{error.id}-ratt", seen[SOUND])
    assert [
        str(finding) for finding in book.findings if finding.code == error.code or finding.severity is Severity.STOPPAR
    ] == []


def test_what_is_not_applicable_is_neither_missing_nor_zero(felby: Hem, tmp_path: Path) -> None:
    hem = copy_home(felby, tmp_path / "hem")
    with open_workplace(hem) as workplace:
        closing = workplace.store.last_closing(workplace.kommun.kod, str(MARS))
        assert closing is not None
        figures = {figure.figure_id: figure for figure in from_frame(workplace.store.load_figures(closing.id))}
    unused = figures["2026-03/VA/investeringar/inventarier/prognos"]
    assert (unused.varde, unused.is_not_applicable) == (None, True)
    total = figures["2026-03/VA/investeringar/totalt/prognos"]
    assert total.varde == figures["2026-03/VA/investeringar/fastigheter/prognos"].varde == 297_500_000
    again = figures["2026-03/VA/investeringar/inventarier/fg_prognos"]
    assert again.is_not_applicable
    shown = [
        figures[f"2026-03/VA/investeringar/inventarier/{serie}"]
        for serie in ("prognos", "fg_prognos", "avvikelse_helar", "budget")
    ]
    assert [tal(figure, "tkr").text for figure in shown] == [
        "ej tillämpligt",
        "ej tillämpligt",
        "ej tillämpligt",
        "uppgift saknas",
    ]


def test_last_months_bytes_sent_again_are_never_this_months_return(felby: Hem, tmp_path: Path) -> None:
    hem = copy_home(felby, tmp_path / "hem")
    inbox, now = Path(hem.inkorg), time_of(APRIL, 15)
    (inbox / "retur-april.xlsx").write_bytes((inbox / f"retur-{MARS}.xlsx").read_bytes())
    with open_workplace(hem) as workplace:
        before = {record.id for record in workplace.store.returns_for(workplace.kommun.kod, str(MARS))}
        taken = collect(workplace, APRIL, now)
        assert taken.new == ()
        assert before <= set(taken.seen)
        assert check_returns(workplace, APRIL, now).godkanda == ()


def test_a_return_for_another_month_is_told_with_both_months(felby: Hem, tmp_path: Path) -> None:
    hem = copy_home(felby, tmp_path / "hem")
    with open_workplace(hem) as workplace:
        (Path(hem.inkorg) / "retur-april.xlsx").write_bytes(filled(workplace, values_of(4), Period(2026, 5)))
        strays = stray_findings(workplace, collect(workplace, APRIL, time_of(APRIL, 15)).new, APRIL, set())
    ((_, findings),) = strays
    assert [(finding.code, finding.found) for finding in findings] == [("E143", "2026-05")]


def test_the_newest_valid_version_counts_and_a_later_wrong_one_does_not(felby: Hem, tmp_path: Path) -> None:
    hem = copy_home(felby, tmp_path / "hem")
    with open_workplace(hem) as workplace:
        sound = filled(workplace, values_of(4), APRIL)
        wrong = filled(workplace, values_of(4) | {("drift", "TEK|lokaler", "utfall_fg_ar"): "Ej tillämpligt"}, APRIL)
        for day, content in ((15, sound), (16, wrong)):
            (Path(hem.inkorg) / f"retur-{day}.xlsx").write_bytes(content)
            collect(workplace, APRIL, time_of(APRIL, day))
            counted = check_returns(workplace, APRIL, time_of(APRIL, day)).godkanda
            assert [workplace.store.retur(retur_id).fil for retur_id in counted] == ["retur-15.xlsx"]
    figures_only(hem, APRIL, time_of(APRIL, 17))


def _table() -> dict[int, str]:
    rows = re.findall(r"^\| (\d+) \| (.*) \|$", TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    return {int(number): row for number, row in rows}


TRIED_ALONE = {7: {"E143"}}
"""Codes whose workbook has a test of its own above."""


@pytest.mark.parametrize("number", range(1, 20))
def test_the_handbooks_row_names_the_codes_that_are_tried_here(number: int) -> None:
    tried = {error.code for error in ERRORS if error.nr == number} | TRIED_ALONE.get(number, set())
    assert set(re.findall(r"E\d{3}", _table()[number])) == tried


def test_the_handbook_has_nineteen_rows_of_codes_that_exist() -> None:
    table = _table()
    assert sorted(table) == list(range(1, 20))
    assert set(re.findall(r"E\d{3}", "".join(table.values()))) <= set(all_codes())
