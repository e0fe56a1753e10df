"""Filling stores what a person would enter and what Excel would calculate; LibreOffice opens it and calculates the same."""

import io
import re
import subprocess
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from adapters.contract_files import load_contract
from adapters.workbook_fill import FillError, fill_template, set_cells
from tests.kommun_example import example_kommun
from tests.workbook_examples import FREE, VALUES, by_key, filled, read, repacked, template
from transforms.raw_retur import CellKind
from transforms.template_rows import FreeRow

STORED = re.compile(rb"(<c [^>]*?)( t=\"str\")?(>)(<f>[^<]*</f>)(<v>[^<]*</v>|<v ?/>)")


def fill(values=VALUES, free=FREE, content=None):
    return fill_template(
        template() if content is None else content, load_contract("manadsretur"), example_kommun(), values, free
    )


def sums(content):
    """Every calculated cell: (sheet, key, column) → number, None while blank."""
    return {
        (table.name, row.key, name): cell.number
        for table in read(content).tables
        for row in table.rows
        for name, cell in row.cells.items()
        if cell.formula
    }


def test_sums_count_what_is_entered_and_show_nothing_when_nothing_is():
    found = sums(filled())
    assert found["drift", "TEK|intakter", "prognos"] == Decimal("1250.5")
    assert found["drift", "TEK|kostnader", "prognos"] == Decimal("-13250.5")
    assert found["drift", "TEK|resultat", "prognos"] == Decimal(3000)
    assert found["drift", "TEK|resultat", "budget"] == Decimal("3734.5")
    assert found["drift", "VA|resultat", "prognos"] == 0
    assert found["drift", "VA|resultat", "utfall"] is None
    assert found["investeringar", "VA|totalt", "prognos"] == Decimal("7500.25")
    assert found["investeringar", "TEK|totalt", "prognos"] is None


def test_no_formula_is_left_without_value():
    without = [
        cell
        for table in read(template()).tables
        for row in table.rows
        for cell in row.cells.values()
        if cell.kind is CellKind.FORMEL_UTAN_VARDE
    ]
    assert len(without) == 42
    calculated = fill({}, ())
    assert not [
        cell
        for table in read(calculated).tables
        for row in table.rows
        for cell in row.cells.values()
        if cell.kind is CellKind.FORMEL_UTAN_VARDE
    ]
    assert sums(calculated)["drift", "TEK|resultat", "budget"] == Decimal("3734.5")


def test_the_same_filling_gives_the_same_bytes():
    assert fill() == filled()


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (("drift", "TEK|personal", "budget"), "låst"),
        (("drift", "TEK|resultat", "prognos"), "låst"),
        (("start", "period", "varde"), "låst"),
        (("drift", "TEK|okand", "prognos"), "ingen rad"),
        (("drift", "TEK|personal", "okand"), "ingen rad"),
        (("volymer", "TEK|x", "prognos"), "inget blad"),
    ],
)
def test_only_the_senders_own_fields_are_filled(place, told):
    with pytest.raises(FillError, match=told):
        fill({place: Decimal(1)})


def test_free_rows_run_out():
    free = [FreeRow("drift", "TEK", {"kod": f"egen{n}", "prognos": Decimal(n)}) for n in range(3)]
    assert sum(not row.key for row in read(fill(free=free)).table("drift").rows) == 3
    with pytest.raises(FillError, match="ingen fri rad kvar för TEK"):
        fill(free=[*free, FreeRow("drift", "TEK", {"kod": "egen3"})])
    with pytest.raises(FillError, match="ingen kolumn"):
        fill(free=[FreeRow("drift", "TEK", {"okand": "x"})])
    with pytest.raises(FillError, match="inget blad"):
        fill(free=[FreeRow("volymer", "TEK", {"kod": "x"})])


def test_a_free_row_counts_only_in_its_own_group_and_block():
    free = [FreeRow("drift", "VA", {"kod": "egen", "grupp": "resultat", "prognos": Decimal(7)})]
    found = sums(fill(free=free))
    assert found["drift", "VA|resultat", "prognos"] == 7
    assert found["drift", "VA|fore_reglering", "prognos"] is None
    assert found["drift", "TEK|resultat", "prognos"] == Decimal("3199.5")


def test_a_code_of_digits_is_matched_as_text():
    """0410 and 410 are two codes; Excel's SUMIF would take them for one."""
    assert "SUMIF(" not in by_key(read(filled()).table("drift"))["TEK|resultat"]["prognos"].formula


def test_new_cells_are_put_in_their_place():
    content = set_cells(filled(), "Drift", {"M99": "ny", "B99": "före", "A2": "x"})
    sheet = load_workbook(io.BytesIO(content))["Drift"]
    assert (sheet["M99"].value, sheet["B99"].value, sheet["A2"].value) == ("ny", "före", "x")
    with pytest.raises(ValueError, match="är ingen cell"):
        set_cells(filled(), "Drift", {"rad 9": "x"})


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory):
    """TEK's return without stored sums, opened, calculated and saved by LibreOffice; what it said; and the pages as PDF."""
    folder = tmp_path_factory.mktemp("libreoffice")

    def forget(xml):
        return STORED.sub(rb"\1\3\4", xml)

    bare = repacked(change=[(f"xl/worksheets/sheet{number}.xml", forget) for number in (2, 3)])
    (folder / "retur.xlsx").write_bytes(bare)
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profil", "--convert-to"]
    said = ""
    for kind in ("xlsx:Calc MS Excel 2007 XML", "pdf"):
        run = subprocess.run(
            [*command, kind, "--outdir", folder / "ut", folder / "retur.xlsx"],
            capture_output=True,
            text=True,
            timeout=180,
            check=True,
        )
        said += run.stderr
    return bare, (folder / "ut" / "retur.xlsx").read_bytes(), said, (folder / "ut" / "retur.pdf").read_bytes()


def test_libreoffice_opens_it_without_complaint(recalculated):
    _, _, said, pdf = recalculated
    assert "rror" not in said
    assert pdf.startswith(b"%PDF")


def test_libreoffice_calculates_the_sums_that_we_stored(recalculated):
    bare, saved, _, _ = recalculated
    ours = sums(filled())
    assert set(sums(bare).values()) == {None}
    assert sums(saved) == ours
    assert len({value for value in ours.values() if value is not None}) > 5


def test_a_return_saved_by_libreoffice_is_read_like_the_original(recalculated):
    _, saved, _, _ = recalculated
    before, after = read(filled()), read(saved)
    assert after.findings == ()
    for table in before.tables:
        content = {key: [(cell.kind, cell.number, cell.text if cell.number is None else "") for cell in cells.values()]
                   for key, cells in by_key(table).items()}  # fmt: skip
        assert content == {
            key: [(cell.kind, cell.number, cell.text if cell.number is None else "") for cell in cells.values()]
            for key, cells in by_key(after.table(table.name)).items()
        }
