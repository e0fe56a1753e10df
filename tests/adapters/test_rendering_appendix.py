"""The xlsx appendix: the figures of the tables as exact numbers, safe strings, the same bytes."""

import dataclasses
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from adapters.rendering import render_report
from adapters.rendering.appendix import render_xlsx
from tests.sample_report import figure_id, sample_report, sample_state
from transforms.belopp import ORE_PER_UNIT, belopp_text
from transforms.view_types import Kolumn, Sektion, Tabell, Tabellrad, Tal, Underlag

TIME = "2026-05-08T06:05:11Z"


def workbook(report=None, lage=None):
    raw = render_xlsx(report or sample_report(), lage or sample_state(), TIME)
    return openpyxl.load_workbook(io.BytesIO(raw))


def with_table(tabell: Tabell):
    return dataclasses.replace(sample_report(), sektioner=(Sektion("a", "A", tabeller=(tabell,)),))


def table(enhet: str, *cells: Tal, rubrik: str = "Tabell", namn: str = "Rad") -> Tabell:
    columns = tuple(Kolumn(f"k{number}", f"Kolumn {number}") for number in range(len(cells)))
    return Tabell("t", rubrik, enhet, "Tecken.", "Rad", columns, (Tabellrad(namn, cells),))


def test_every_number_stands_exact_with_its_id():
    book, report = workbook(), sample_report()
    tables = [tabell for sektion in report.sektioner for tabell in sektion.tabeller]
    checked = 0
    for sheet, tabell in zip(book.worksheets[1 : 1 + len(tables)], tables, strict=True):
        width = len(tabell.kolumner)
        for line, rad in enumerate(tabell.rader, 5):
            for column, tal in enumerate(rad.celler, 2):
                value = sheet.cell(line, column).value
                assert sheet.cell(line, column + width).value == tal.figure_id
                if tal.saknas:
                    assert value == "uppgift saknas"
                elif tabell.enhet == "tkr":
                    assert round(Decimal(repr(value)) * ORE_PER_UNIT["tkr"]) == tal.ore
                    assert belopp_text(tal.ore, "tkr") == tal.text.lstrip("+")
                else:
                    assert round(Decimal(repr(value)) * 10**tal.decimaler) == tal.ore
                checked += 1
    assert checked > 150


@pytest.mark.parametrize(
    ("enhet", "tal", "value", "form"),
    [
        ("tkr", Tal("−1", ore=-149_999), -1.49999, "#,##0"),
        ("mnkr", Tal("+0,1", ore=10_000_001), 0.10000001, "+#,##0.0"),
        ("kr", Tal("12,05", ore=1205), 12.05, "#,##0.00"),
        ("tkr", Tal("5", ore=-500_000), 5, "#,##0"),
        ("tkr", Tal("−5", ore=500_000), -5, "#,##0"),
        ("tkr", Tal("0", ore=-300), -0.003, "#,##0"),
        ("tkr", Tal("2,2\u00a0%", ore=215), 0.0215, "0.0%"),
        ("barn", Tal("6,5", ore=65, decimaler=1), 6.5, "#,##0.0"),
        ("barn", Tal("120", ore=120, decimaler=0), 120, "#,##0"),
    ],
)
def test_a_number_is_exact_and_has_the_printed_sign(enhet, tal, value, form):
    cell = workbook(with_table(table(enhet, tal))).worksheets[1]["B5"]
    assert cell.value == value
    assert cell.number_format == form
    assert cell.data_type == "n"


def test_not_applicable_is_empty_and_words_stay_words():
    sheet = workbook(with_table(table("tkr", Tal(""), Tal("uppgift saknas", "x", saknas=True), Tal("–")))).worksheets[1]
    assert [cell.value for cell in sheet[5][1:4]] == [None, "uppgift saknas", "–"]


@pytest.mark.parametrize("text", ["=1+1", "+46 70", "-cmd", "@SUM(A1)", "\t=1", '=HYPERLINK("x")', "'=1"])
def test_no_string_becomes_a_formula(text):
    report = with_table(table("tkr", Tal("1", text, ore=100_000), rubrik=text, namn=text))
    underlag = Underlag(text, text, text, text, text, text)
    report = dataclasses.replace(
        report, titel=text, marke=text, sektioner=(*report.sektioner, Sektion("u", "U", underlag=(underlag,)))
    )
    raw = render_xlsx(report, sample_state(), TIME)
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert not any(
            b"<f>" in archive.read(name) or b"<f " in archive.read(name)
            for name in archive.namelist()
            if "/sheet" in name
        )
    found = 0
    for sheet in openpyxl.load_workbook(io.BytesIO(raw)).worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value == text):
            assert cell.data_type == "s"
            assert cell.quotePrefix == text.startswith(("=", "+", "-", "@", "\t"))
            found += 1
    assert found >= 6


def test_control_characters_do_not_stop_the_report():
    sheet = workbook(with_table(table("tkr", Tal("1", ore=100_000), namn="a\x00b\x0bc"))).worksheets[1]
    assert sheet["A5"].value == "a\ufffdb\ufffdc"


def test_sheet_names_are_short_legal_and_unique():
    one = table("tkr", Tal("1", ore=100_000), rubrik="Drift: Nämnden [A/B] för ett mycket långt namn som inte ryms")
    other = dataclasses.replace(one, id="t2", rubrik=one.rubrik.upper())
    reserved = dataclasses.replace(one, id="t3", rubrik="Läs mig")
    book = workbook(
        dataclasses.replace(sample_report(), sektioner=(Sektion("a", "A", tabeller=(one, other, reserved)),))
    )
    names = book.sheetnames
    assert len({name.lower() for name in names}) == len(names) == 6
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


def test_read_me_says_whose_figures_in_which_state():
    sheet = workbook(lage=sample_state("fastställd", 3))["Läs mig"]
    facts = {row[0].value: row[1].value for row in sheet.iter_rows(min_row=3)}
    assert facts["Observera"] == "Påhittad kommun, siffrorna är exempel"
    assert facts["Kommun"] == "Lingonby kommun"
    assert facts["Tillstånd"] == "FASTSTÄLLD"
    assert facts["Version"] == "3"
    assert facts["Innehållshash"] == "a1b2c3d4e5f60718" * 4
    assert facts["Blad Volymer"].startswith("antal enligt raden. Avvikelse = prognos − budget")


def test_avvikelser_and_underlag_have_their_sheets():
    book = workbook()
    rows = list(book["Avvikelser"].iter_rows(values_only=True))
    assert rows[1][:4] == ("Samhällsbyggnadsnämnden", "Köp av tjänster", "Drift", "tkr")
    assert rows[1][10] == figure_id("drift", "kop", "avvikelse_helar")
    assert rows[4][8] == "Förklaring saknas"
    assert [row[1] for row in book["Underlag"].iter_rows(values_only=True)][1:] == [
        "manadsretur_2026-04_SBF.xlsx",
        "manadsretur_2026-04_SK.xlsx",
    ]


def test_sheets_have_frozen_heads_and_print_on_one_page_width():
    for sheet in workbook().worksheets[1:]:
        assert sheet.freeze_panes in ("B5", "A2")
        assert sheet.page_setup.fitToWidth == 1
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_bytes_carry_no_clock():
    raw = render_xlsx(sample_report(), sample_state(), TIME)
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.read("docProps/core.xml").count(TIME.encode()) == 2
    assert (
        raw == render_xlsx(sample_report(), sample_state(), TIME) == render_report(sample_report(), sample_state()).xlsx
    )
