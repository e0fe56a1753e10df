"""Templates are born from contract and configuration, locked where they state something, and give the same bytes every time."""

import datetime as dt
import hashlib
import io
import os
import re
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from adapters.contract_files import load_contract
from adapters.kommun_config import load_kommun
from adapters.workbook_template import UnplacedPrefill, write_register, write_template
from tests.kommun_example import example_kommun
from tests.workbook_examples import APRIL, BUDGET, read, template
from transforms.template_rows import LIST_SHEET, expected_tables

ROOT = Path(__file__).resolve().parents[2]


def opened(content):
    return load_workbook(io.BytesIO(content))


def register():
    return write_register(load_contract("budgetregister"), example_kommun(), 2026, {})


def row_of(sheet, key):
    return next(cell.row for cell in sheet["A"] if cell.value == key)


def columns_of(sheet):
    return {cell.value: cell.column_letter for cell in sheet[6]}


def test_sheets_follow_the_contract_and_leave_out_what_the_enheter_lack():
    assert opened(template("TEK")).sheetnames == ["Start", "Drift", "Investeringar", "Kommentarer", LIST_SHEET]
    assert opened(template("BUF")).sheetnames == [
        "Start",
        "Drift",
        "Drift verksamhet",
        "Volymer",
        "Kommentarer",
        LIST_SHEET,
    ]
    assert opened(template()).active.title == "Start"


def test_every_uppstallning_row_stands_in_its_order_with_code_and_name():
    sheet, kommun = opened(template())["Drift"], example_kommun()
    stated = [
        (sheet.cell(row, 3).value, sheet.cell(row, 4).value)
        for row in range(7, sheet.max_row + 1)
        if (sheet.cell(row, 1).value or "#") != "#"
    ]
    uppstallningar = [kommun.uppstallning(kommun.enhet(kod).drift) for kod in ("TEK", "VA")]
    assert stated == [(rad.kod, rad.namn) for part in uppstallningar for rad in part.rader if rad.typ != "rubrik"]


def test_budget_is_prefilled_and_locked_and_the_senders_fields_are_open():
    sheet = opened(template())["Drift"]
    columns, row = columns_of(sheet), row_of(sheet, "TEK|personal")
    budget, prognos = sheet[f"{columns['budget']}{row}"], sheet[f"{columns['prognos']}{row}"]
    assert (budget.value, budget.protection.locked) == (-12500, True)
    assert (prognos.value, prognos.protection.locked) == (None, False)
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    assert not sheet.protection.insertRows
    assert not sheet.protection.formatColumns
    for name in ("enhet", "kod", "benamning", "fg_prognos"):
        assert sheet[f"{columns[name]}{row}"].protection.locked
    assert sheet[f"{columns['prognos']}{row_of(sheet, 'TEK|resultat')}"].protection.locked


def test_each_enhet_has_its_free_rows_wholly_unlocked():
    contract, book = load_contract("manadsretur"), opened(template())
    for name in ("drift", "investeringar"):
        sheet, table = book[contract.table(name).sheet], contract.table(name)
        free = [
            row for row in range(7, sheet.max_row + 1) if sheet.cell(row, 1).value is None and sheet.cell(row, 2).value
        ]
        assert [sheet.cell(row, 2).value for row in free] == ["TEK"] * table.free_rows + ["VA"] * table.free_rows
        assert not any(
            sheet.cell(row, column).protection.locked for row in free for column in range(2, 2 + len(table.columns))
        )


@pytest.mark.parametrize("place", [("drift", "TEK|resultat", "budget"), ("drift", "TEK|okand", "budget"), ("volymer", "TEK|x", "budget"),
                                   ("drift", "TEK|personal", "benamning")])  # fmt: skip
def test_a_value_without_place_is_refused(place):
    with pytest.raises(UnplacedPrefill, match="E138") as raised:
        write_template(load_contract("manadsretur"), example_kommun(), "TEK", APRIL, {**BUDGET, place: Decimal(1)})
    assert raised.value.place == place


def test_headers_state_the_unit():
    assert [cell.value for cell in opened(template())["Drift"][5]][5] == "Budget helår, tkr"
    assert [cell.value for cell in opened(template("BUF"))["Drift"][5]][9] == "Prognos helår, mnkr"
    assert [cell.value for cell in opened(template("BUF"))["Volymer"][5]][9] == "Prognos helår"
    assert "tusental kronor" in opened(template())["Drift"]["B3"].value


def test_keys_are_hidden_heads_are_frozen_and_repeated_in_print():
    for sheet in opened(template()).worksheets[1:-1]:
        assert sheet.row_dimensions[6].hidden
        assert sheet.column_dimensions["A"].hidden
        assert sheet.freeze_panes.endswith("7")
        assert sheet.print_title_rows == "$5:$5"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToWidth) == (
            "landscape",
            9,
            1,
        )
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


def validations(sheet, coordinate):
    return [rule for rule in sheet.data_validations.dataValidation if coordinate in rule.sqref]


def test_amounts_only_warn_so_that_a_paste_goes_through():
    sheet = opened(template())["Drift"]
    (rule,) = validations(sheet, f"{columns_of(sheet)['prognos']}{row_of(sheet, 'TEK|personal')}")
    assert (rule.type, rule.errorStyle) == ("decimal", "warning")


def test_dropdowns_offer_each_enhets_own_sums():
    book = opened(template())
    sheet = book["Drift"]
    offered = {}
    for row in range(7, sheet.max_row + 1):
        for rule in validations(sheet, f"{columns_of(sheet)['grupp']}{row}"):
            (letter, first, last) = re.fullmatch(
                rf"'{LIST_SHEET}'!\$([A-Z]+)\$(\d+):\$[A-Z]+\$(\d+)", rule.formula1
            ).groups()
            offered[sheet.cell(row, 2).value] = [
                book[LIST_SHEET][f"{letter}{n}"].value for n in range(int(first), int(last) + 1)
            ]
    assert offered == {"TEK": ["intakter", "kostnader", "resultat"], "VA": ["fore_reglering", "resultat"]}
    assert book[LIST_SHEET].sheet_state == "hidden"


def test_status_and_avser_are_chosen_from_the_contracts_words():
    book = opened(template())
    status = row_of(book["Start"], "status")
    assert [rule.formula1 for rule in validations(book["Start"], f"C{status}")] == ['"utkast,klar"']
    comments = book["Kommentarer"]
    last = comments.max_row - 1
    assert [rule.formula1 for rule in validations(comments, f"C{last}")] == ['"drift,investeringar,volymer"']


def test_text_that_looks_like_a_formula_stays_text():
    kommun = example_kommun().model_copy(update={"namn": '=HYPERLINK("http://exempel.invalid";"Klicka")'})
    book = opened(write_template(load_contract("manadsretur"), kommun, "TEK", APRIL, {}))
    cell = book["Start"][f"C{row_of(book['Start'], 'kommun_namn')}"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", kommun.namn, True)
    for start in ("=1+1", "+46", "-1", "@x"):
        content = write_register(
            load_contract("budgetregister"), example_kommun(), 2026, {"bokslut": [{"kalla": start, "benamning": start}]}
        )
        cell = opened(content)["Bokslut"]["E7"]
        assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", start, True)
    assert b"<f>" not in b"".join(
        zipfile.ZipFile(io.BytesIO(content)).read(f"xl/worksheets/sheet{n}.xml") for n in range(1, 5)
    )


def test_the_same_input_gives_the_same_bytes_in_any_process():
    program = (
        "import hashlib; from tests.workbook_examples import template, filled;"
        "print(*(hashlib.sha256(x).hexdigest() for x in (template(), template('BUF'), filled())))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed, "TZ": zone},
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }  # fmt: skip
    assert len(found) == 1
    assert found.pop().split()[0] == hashlib.sha256(template()).hexdigest()


def test_no_clock_stands_in_the_file():
    archive = zipfile.ZipFile(io.BytesIO(template()))
    assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    core = archive.read("docProps/core.xml").decode()
    assert re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core) == ["2026-04-30T00:00:00Z"] * 2
    assert "Röda tråden" in core


def test_the_register_has_empty_rows_and_rows_of_its_own():
    given = {"enhet": "TEK", "avser": "drift", "kod": "personal", "belopp": Decimal(-1), "belopp_enhet": "mnkr",
             "beslutsdatum": dt.date(2025, 11, 24)}  # fmt: skip
    contract = load_contract("budgetregister")
    book = opened(write_register(contract, example_kommun(), 2026, {"beslutad_budget": [given]}))
    sheet = book["Beslutad budget"]
    assert [cell.value for cell in sheet[7]][1:7] == ["TEK", "drift", "personal", None, -1, "mnkr"]
    assert sheet.max_row == 7 + contract.table("beslutad_budget").free_rows
    assert not sheet.protection.sheet


def test_the_register_refuses_what_the_contract_does_not_have():
    contract = load_contract("budgetregister")
    for rows in ({"okand": [{"enhet": "TEK"}]}, {"bokslut": [{"okand": "TEK"}]}):
        with pytest.raises(KeyError, match="okand"):
            write_register(contract, example_kommun(), 2026, rows)


@pytest.mark.parametrize(
    "kommun_yaml", sorted((ROOT / "kommuner").glob("*/kommun.yaml")), ids=lambda path: path.parent.name
)
def test_every_forvaltning_of_every_kommun_gets_a_template_that_reads_back_clean(kommun_yaml):
    kommun, contract = load_kommun(kommun_yaml), load_contract("manadsretur")
    for forvaltning in kommun.forvaltningar:
        retur = read(write_template(contract, kommun, forvaltning.kod, APRIL, {}))
        assert retur.findings == ()
        assert tuple(table.name for table in retur.tables) == expected_tables(contract, kommun, forvaltning.kod)


def test_an_empty_register_reads_back_clean():
    retur = read(register(), contract="budgetregister")
    assert retur.findings == ()
    assert [len(table.rows) for table in retur.tables] == [5, 0, 0, 0, 0]


def test_columns_are_wide_enough_for_kronor_and_for_long_codes():
    kommun = example_kommun()
    kronor = kommun.forvaltningar[0].model_copy(update={"returenhet": "kr"})
    kommun = kommun.model_copy(update={"forvaltningar": (kronor, *kommun.forvaltningar[1:])})
    sheet = opened(write_template(load_contract("manadsretur"), kommun, "TEK", APRIL, {}))["Drift"]
    assert sheet.column_dimensions[columns_of(sheet)["prognos"]].width >= len("−100 000 000 000,00")
    investeringar = opened(template())["Investeringar"]
    for row in investeringar.iter_rows(min_row=7, max_col=3):
        assert investeringar.column_dimensions["C"].width > len(row[2].value or "")
