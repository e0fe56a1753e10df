"""The rättelsebok: the sender's values by key in a new workbook, marks where findings now stand, links that hit, and nothing that runs."""

from __future__ import annotations

import datetime as dt
import io
import re
import subprocess
import zipfile
from decimal import Decimal
from functools import cache

import pytest
from openpyxl import load_workbook

from adapters.contract_files import all_codes, load_contract, load_felkoder
from adapters.workbook_fill import ErrorValue, Formula, fill_template, set_cells
from adapters.workbook_template.correction import COLOURS, RESTORED, write_correction
from data_contracts.findings import Finding, Severity
from tests.kommun_example import example_kommun
from tests.workbook_examples import APRIL, BUDGET, by_key, edited, filled, read
from transforms.conversion import convert
from transforms.correction import plan_correction
from transforms.template_rows import ATT_RATTA, SVARAR_PA

CONTRACT, KOMMUN = load_contract("manadsretur"), example_kommun()


def finding(sheet, cell, severity=Severity.STOPPAR, code="E201", found="ca 120"):
    return Finding(code, severity, f"Fel i {cell}.", "Rätta cellen.", "retur.xlsx", sheet, cell, found)


def book(content, findings):
    """The rättelsebok of a workbook, with its sums calculated."""
    plan = plan_correction(read(content), findings, CONTRACT, KOMMUN, "TEK")
    return fill_template(
        write_correction(plan.contract, KOMMUN, "TEK", APRIL, BUDGET, plan, all_codes()), plan.contract, KOMMUN, {}
    )


def opened(content):
    return load_workbook(io.BytesIO(content))


@cache
def cells():
    """Coordinates in the filled return, by (table, row key, column)."""
    return {
        (table.name, row.key, column): cell.coordinate
        for table in read(filled()).tables
        for row in table.rows
        for column, cell in row.cells.items()
    }


def sent_values(content):
    """What the sender has written, by table, row key (own rows: their code) and column: kind and text."""
    values = {}
    for table in read(content).tables:
        for row in table.rows:
            key = row.key or row.cells["kod"].text
            values |= {(table.name, key, column): (cell.kind, cell.text) for column, cell in row.cells.items()}
    return values


def test_a_sound_return_comes_out_with_every_value_where_it_was():
    before, after = sent_values(filled()), sent_values(book(filled(), [finding("Drift", "F9")]))
    assert {key: after[key] for key in before} == before
    assert set(after) - set(before) == {("start", SVARAR_PA, "falt"), ("start", SVARAR_PA, "varde")}


def test_it_names_the_return_that_it_answers_and_reads_without_findings():
    answer = read(book(filled(), [finding("Drift", "F9")]))
    assert by_key(answer.table("start"))[SVARAR_PA]["varde"].text == read(filled()).sha256
    assert answer.findings == ()


def test_the_same_input_gives_the_same_bytes():
    assert book(filled(), [finding("Drift", "F9")]) == book(filled(), [finding("Drift", "F9")])


@pytest.mark.parametrize("moved_by", [0, 3])
def test_a_finding_is_marked_where_its_row_is_in_the_new_workbook(moved_by):
    place = cells()["drift", "TEK|personal", "prognos"]
    spoiled = set_cells(filled(), "Drift", {place: "ca 120"})
    if moved_by:
        spoiled = edited(lambda workbook: workbook["Drift"].insert_rows(8, moved_by), spoiled)
    raw = read(spoiled)
    found = by_key(raw.table("drift"))["TEK|personal"]["prognos"].coordinate
    assert (found == place) == (not moved_by)
    workbook = opened(book(spoiled, [finding("Drift", found)]))
    cell = workbook["Drift"][place]
    assert cell.value == "ca 120"
    assert cell.fill.start_color.rgb.endswith(COLOURS[Severity.STOPPAR])
    assert all(part in cell.comment.text for part in ("Stoppar, E201", f"Fel i {found}.", "Gör så här: Rätta cellen."))
    marked = [other.coordinate for row in workbook["Drift"] for other in row if other.comment]
    assert marked == [place]


def links(workbook):
    """Rows of Att rätta as (code, sheet, text of the link, where it goes)."""
    rows = []
    for row in workbook[ATT_RATTA].iter_rows(min_row=10):
        if row[2].value:
            link = row[4].hyperlink
            rows.append((row[2].value, row[3].value, row[4].value, link.location if link else None))
    return rows


def test_every_finding_is_listed_gravest_first_with_a_link_that_hits():
    utfall, prognos = (cells()["drift", "TEK|taxor", column] for column in ("utfall", "prognos"))
    area = f"{prognos}:{cells()['drift', 'TEK|ovriga_intakter', 'prognos']}"
    status = cells()["start", "status", "varde"]
    workbook = opened(
        book(
            filled(),
            [
                finding("Start", status, Severity.NOTERING, "E505"),
                finding("Drift", area, Severity.FORKLARAS, "E341"),
                finding("Drift", utfall),
                finding("Investeringar", "", Severity.NOTERING, "E128"),
                finding("Mitt blad", "A1", Severity.NOTERING, "E133"),
                finding("", "", Severity.STOPPAR, "E117"),
            ],
        )
    )
    where = next(cell for row in workbook["Start"] for cell in row if cell.comment).coordinate
    assert links(workbook) == [
        ("E201", "Drift", utfall, f"'Drift'!{utfall}"),
        ("E117", "Hela filen", None, None),
        ("E341", "Drift", area, f"'Drift'!{area}"),
        ("E505", "Start", where, f"'Start'!{where}"),
        ("E128", "Investeringar", "Bladet", "'Investeringar'!B1"),
        ("E133", "Mitt blad", None, None),
    ]
    assert workbook["Start"][where].value == "klar"
    assert workbook.sheetnames[0] == ATT_RATTA
    assert workbook.active.title == ATT_RATTA


def test_findings_that_say_the_same_stand_under_one_row_with_a_link_to_every_cell():
    places = [cells()["drift", f"TEK|{row}", "prognos"] for row in ("taxor", "personal", "ovriga_intakter")]
    workbook = opened(
        book(filled(), [*(finding("Drift", place) for place in places), finding("Drift", places[0], code="E214")])
    )
    sheet = workbook[ATT_RATTA]
    head, *below = [row for row in sheet.iter_rows(min_row=10) if row[2].value == "E201"]
    assert (head[4].value, head[4].hyperlink, head[7].value) == ("3 st", None, "Rätta cellen.")
    assert head[6].value == "Text i talcell"
    assert [row[4].hyperlink.location for row in below] == [f"'Drift'!{place}" for place in places]
    assert [(row[6].value, row[8].value) for row in below] == [(f"Fel i {place}.", place) for place in places]
    assert [sheet.row_dimensions[row[0].row].outlineLevel for row in (head, *below)] == [0, 1, 1, 1]
    assert [row[4].hyperlink.location for row in sheet.iter_rows(min_row=10) if row[2].value == "E214"] == [
        f"'Drift'!{places[0]}"
    ]


def test_two_findings_in_one_cell_share_a_comment_and_the_gravest_colours_it():
    place = cells()["drift", "TEK|personal", "prognos"]
    findings = [finding("Drift", place, Severity.NOTERING, "E340"), finding("Drift", place)]
    cell = opened(book(filled(), findings))["Drift"][place]
    assert cell.comment.text.index("E201") < cell.comment.text.index("E340")
    assert cell.fill.start_color.rgb.endswith(COLOURS[Severity.STOPPAR])


def test_sums_and_budget_are_restored_and_it_is_said():
    total, budget = cells()["drift", "TEK|kostnader", "prognos"], cells()["drift", "TEK|personal", "budget"]
    spoiled = set_cells(filled(), "Drift", {total: Decimal(7), budget: Decimal(1)})
    content = book(spoiled, [finding("Drift", total, code="E330"), finding("Drift", budget, code="E350")])
    workbook = opened(content)
    assert str(workbook["Drift"][total].value).startswith("=IF(COUNT(")
    assert workbook["Drift"][budget].value == -12500
    assert by_key(read(content).table("drift"))["TEK|kostnader"]["prognos"].number == Decimal("-13250.5")
    assert all(RESTORED in workbook["Drift"][place].comment.text for place in (total, budget))
    assert workbook[ATT_RATTA]["B4"].value.startswith("1. Det som stoppade är återställt")
    assert [row[7].value.endswith(RESTORED) for row in workbook[ATT_RATTA].iter_rows(min_row=10, max_row=11)] == [
        True,
        True,
    ]


def test_more_own_rows_than_the_template_has_all_come_along():
    def insert(workbook):
        sheet = workbook["Drift"]
        heading = next(
            cell.row for row in sheet.iter_rows(min_col=1, max_col=1) for cell in row if cell.value == "VA|intakter"
        )
        sheet.insert_rows(heading - 1, 6)
        for number in range(6):
            for column, value in ((2, "TEK"), (3, f"egen{number}"), (4, "Egen"), (5, "kostnader"), (10, -number)):
                sheet.cell(heading - 1 + number, column, value)

    content = edited(insert)
    own = [row for row in read(content).table("drift").rows if not row.key]
    assert len(own) == 8
    answer = read(book(content, [finding("Drift", own[-1].cells["prognos"].coordinate)]))
    copied = [row for row in answer.table("drift").rows if not row.key]
    shown = [[(name, cell.text) for name, cell in row.cells.items()] for row in own]
    assert [[(name, cell.text) for name, cell in row.cells.items()] for row in copied] == shown
    assert answer.findings == ()


def test_a_copied_row_is_kept_as_an_own_row_so_that_nothing_is_lost():
    def double(workbook):
        sheet = workbook["Drift"]
        row = next(cell.row for row in sheet.iter_rows(max_col=1) for cell in row if cell.value == "TEK|personal")
        last = sheet.max_row + 1
        for column in range(1, 12):
            sheet.cell(last, column, sheet.cell(row, column).value)

    answer = read(book(edited(double), []))
    prognoser = [
        row.cells["prognos"].number for row in answer.table("drift").rows if row.cells["kod"].text == "personal"
    ]
    assert prognoser == [Decimal("-13000.5")] * 2
    assert answer.findings == ()


@pytest.mark.parametrize(
    ("content", "copied", "code"),
    [
        ("ca 120", "ca 120", "E201"),
        ("12 500 kr", "12 500 kr", "E214"),
        (ErrorValue("#REF!"), "#REF!", "E201"),
        (Formula("A1*2"), "=A1*2", "E201"),
        (Formula("1+1", Decimal(2)), 2, None),
        (True, True, "E205"),
        ("=cmd|'/c calc'!A1", "=cmd|'/c calc'!A1", "E201"),
        ("-", "-", "E207"),
        (Decimal("0.1"), 0.1, None),
    ],
)
def test_what_could_not_be_read_is_copied_as_it_stood_and_is_still_refused(content, copied, code):
    place = cells()["drift", "TEK|personal", "prognos"]
    answer = book(set_cells(filled(), "Drift", {place: content}), [])
    cell = opened(answer)["Drift"][place]
    assert cell.value == copied
    assert cell.data_type != "f"
    found = convert(read(answer), CONTRACT, load_felkoder(), unit="tkr").findings
    assert [one.code for one in found if one.cell == place] == ([code] if code else [])


def test_a_date_in_a_number_cell_stays_a_date():
    place = cells()["drift", "TEK|personal", "prognos"]

    def date(workbook):
        workbook["Drift"][place].number_format = "yyyy-mm-dd"
        workbook["Drift"][place].value = dt.date(2026, 4, 30)

    answer = book(edited(date), [])
    assert opened(answer)["Drift"][place].is_date
    assert by_key(read(answer).table("drift"))["TEK|personal"]["prognos"].text == "2026-04-30"


def test_a_percentage_never_becomes_a_number_of_another_size():
    place = cells()["drift", "TEK|personal", "prognos"]

    def percent(workbook):
        workbook["Drift"][place].value, workbook["Drift"][place].number_format = 0.045, "0.0%"

    answer = book(edited(percent), [])
    assert opened(answer)["Drift"][place].value == "4,5 %"
    found = convert(read(answer), CONTRACT, load_felkoder(), unit="tkr").findings
    assert [one.code for one in found if one.cell == place] == ["E214"]


def test_a_code_typed_as_a_number_keeps_the_zeros_that_its_format_shows():
    def number(workbook):
        sheet = workbook["Drift"]
        cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "0410")
        cell.value, cell.number_format = 410, "0000"

    codes = [row.cells["kod"].text for row in read(book(edited(number), [])).table("drift").rows if not row.key]
    assert codes == ["skador", "0410"]


def test_no_cell_outside_the_sums_is_a_formula_and_nothing_reaches_outside():
    evil = '=HYPERLINK("http://x")'
    place = cells()["kommentarer", "TEK|drift|helhet", "orsak"]
    content = book(set_cells(filled(), "Kommentarer", {place: evil}), [finding("Kommentarer", place, found=evil)])
    workbook = opened(content)
    formulas = {
        (sheet.title, sheet.cell(cell.row, 1).value)
        for sheet in workbook
        for row in sheet
        for cell in row
        if cell.data_type == "f"
    }
    rows = {row.split("|")[1] for _, row in formulas}
    assert rows == {"intakter", "kostnader", "resultat", "fore_reglering", "totalt"}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        relations = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".rels"))
        assert b"External" not in relations
    for name, coordinate in (("Kommentarer", place), (ATT_RATTA, "F10")):
        assert workbook[name][coordinate].value == evil
        assert workbook[name][coordinate].quotePrefix


def test_characters_that_no_workbook_holds_are_replaced():
    odd = Finding("E201", Severity.STOPPAR, "Fel \x07.", "Rätta \x00.", "re\x01tur.xlsx", "Drift", "F9", "a\x0bb")
    workbook = opened(book(filled(), [odd]))
    assert workbook[ATT_RATTA]["F10"].value == "a\ufffdb"
    assert "Fel \ufffd." in workbook["Drift"]["F9"].comment.text


def test_a_sheet_that_is_not_there_leaves_its_rows_blank():
    def remove(workbook):
        del workbook["Investeringar"]

    answer = read(book(edited(remove), [finding("Investeringar", "", code="E120")]))
    assert by_key(answer.table("investeringar"))["VA|fastigheter"]["prognos"].text == ""
    assert by_key(answer.table("drift"))["TEK|taxor"]["prognos"].number == 1200


def test_libreoffice_opens_it_and_keeps_marks_links_and_sums(tmp_path):
    place = cells()["drift", "TEK|personal", "prognos"]
    answer = book(set_cells(filled(), "Drift", {place: "ca 120"}), [finding("Drift", place)])
    (tmp_path / "bok.xlsx").write_bytes(answer)
    run = subprocess.run(
        [
            "soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profil", "--convert-to",
            "xlsx:Calc MS Excel 2007 XML", "--outdir", tmp_path / "ut", tmp_path / "bok.xlsx",
        ],
        capture_output=True, text=True, timeout=180, check=True,
    )  # fmt: skip
    assert "rror" not in run.stderr
    saved = (tmp_path / "ut" / "bok.xlsx").read_bytes()
    workbook = opened(saved)
    assert "E201" in workbook["Drift"][place].comment.text
    (link,) = [row[4].hyperlink for row in workbook[ATT_RATTA].iter_rows(min_row=10, max_row=10)]
    assert re.sub(r"[#'$]", "", link.location).replace(".", "!") == f"Drift!{place}"
    ours, theirs = by_key(read(answer).table("drift")), by_key(read(saved).table("drift"))
    assert {key: row["prognos"].number for key, row in theirs.items()} == {
        key: row["prognos"].number for key, row in ours.items()
    }
    assert read(saved).findings == ()
