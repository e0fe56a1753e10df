"""A returned workbook is read by key, whatever has been moved, and what can't be read is refused with a code."""

import datetime as dt
import io
import pickle
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.formula import ArrayFormula

from adapters.contract_files import load_contract, load_felkoder
from adapters.workbook_fill import ErrorValue, Formula, set_cells
from adapters.workbook_reader import container, opening
from adapters.workbook_template import write_register
from data_contracts.findings import Severity
from tests.kommun_example import example_kommun
from tests.workbook_examples import BUDGET, FREE, VALUES, by_key, codes, edited, filled, read, repacked, template
from transforms.raw_retur import CellKind, RawCell
from transforms.template_rows import missing_sheets

DRIFT = "xl/worksheets/sheet2.xml"
PERSONAL_ROW = 13
PLAIN = b"vnd.openxmlformats-officedocument.spreadsheetml.sheet.main"


def as_read(cell):
    return (
        dt.date.fromisoformat(cell.text)
        if cell.kind is CellKind.DATUM
        else cell.text
        if cell.number is None
        else cell.number
    )


def entered(retur):
    """What was entered, by (table, key, column), and the free rows, as in ``VALUES`` and ``FREE``."""
    values = {}
    for name, key, column in {**VALUES, **BUDGET}:
        values[name, key, column] = as_read(by_key(retur.table(name))[key][column])
    free = []
    for row in FREE:
        for read_row in retur.table(row.table).rows:
            if not read_row.key and read_row.cells["kod"].text == row.values["kod"]:
                free.append({column: as_read(read_row.cells[column]) for column in ("enhet", *row.values)})
    return values, free


def expected():
    return {**VALUES, **BUDGET}, [{"enhet": row.enhet, **row.values} for row in FREE]


def test_round_trip_gives_every_value_by_its_key():
    retur = read(filled())
    assert retur.findings == ()
    assert entered(retur) == expected()


def test_start_is_read_as_fields():
    fields = {key: cells["varde"].text for key, cells in by_key(read(filled()).table("start")).items()}
    assert fields == {
        "kommun_kod": "exempelby", "kommun_namn": "Exempelby kommun", "forvaltning_kod": "TEK",
        "forvaltning_namn": "Tekniska förvaltningen", "period": "2026-04", "belopp_enhet": "tkr",
        "kontrakt_id": "rodatraden.manadsretur", "kontrakt_version": load_contract("manadsretur").version,
        "ifylld_av_roll": "Förvaltningsekonom", "ifylld_datum": "2026-05-07", "status": "klar",
    }  # fmt: skip


def test_sums_are_read_with_formula_and_stored_value():
    drift = by_key(read(filled()).table("drift"))
    assert drift["TEK|kostnader"]["prognos"].number == Decimal("-13250.5")
    assert drift["TEK|intakter"]["utfall"].number == Decimal("0.3")
    assert drift["TEK|resultat"]["prognos"].formula.startswith("=IF(COUNT(")
    assert drift["VA|fore_reglering"]["utfall"].kind is CellKind.TOM
    assert drift["VA|fore_reglering"]["utfall"].formula


def test_untouched_free_rows_headings_and_blank_rows_are_left_out():
    retur = read(template())
    assert [row.key for row in retur.table("kommentarer").rows] == [
        "TEK|drift|helhet", "TEK|investeringar|helhet", "VA|drift|helhet", "VA|investeringar|helhet",
    ]  # fmt: skip
    assert all(row.key for table in retur.tables for row in table.rows)


def test_every_declared_column_has_a_cell_with_its_coordinate():
    table = load_contract("manadsretur").table("drift")
    for row in read(filled()).table("drift").rows:
        assert list(row.cells) == [column.name for column in table.columns]
        assert {cell.coordinate for cell in row.cells.values()} == {f"{letter}{row.number}" for letter in "BCDEFGHIJK"}


@pytest.mark.parametrize(
    "move",
    [
        lambda sheet: sheet.insert_rows(1, 3),
        lambda sheet: sheet.insert_rows(PERSONAL_ROW, 2),
        lambda sheet: sheet.insert_cols(1, 2),
        lambda sheet: sheet.insert_cols(7),
        lambda sheet: sheet.move_range("A13:K13", rows=40),
        lambda sheet: (
            sheet.move_range("J5:J40", cols=10),
            sheet.move_range("F5:F40", cols=4),
            sheet.move_range("T5:T40", cols=-14),
        ),
    ],
    ids=["rader överst", "rader mitt i", "kolumner först", "kolumn mitt i", "flyttad rad", "bytta kolumner"],
)
def test_inserted_and_moved_rows_and_columns_change_nothing(move):
    retur = read(edited(lambda workbook: move(workbook["Drift"])))
    assert not [finding for finding in retur.findings if finding.severity is Severity.STOPPAR]
    assert entered(retur) == expected()


def test_an_inserted_row_with_content_is_kept_without_key():
    content = edited(lambda workbook: (workbook["Drift"].insert_rows(14), workbook["Drift"].cell(14, 10, 77)))
    assert [
        (row.number, row.key) for row in read(content).table("drift").rows if row.cells["prognos"].number == 77
    ] == [(14, "")]


@pytest.mark.parametrize(
    ("content", "kind", "text", "number"),
    [
        ("ca 120", CellKind.TEXT, "ca 120", None),
        ("1\u00a0234,5", CellKind.TEXT, "1\u00a0234,5", None),
        (Decimal("1234567.89"), CellKind.TAL, "1234567.89", Decimal("1234567.89")),
        (Decimal(-12), CellKind.TAL, "-12", Decimal(-12)),
        (Decimal("0.30000000000000004"), CellKind.TAL, "0.30000000000000004", Decimal("0.3")),
        (True, CellKind.SANT, "SANT", None),
        (ErrorValue("#REF!"), CellKind.FEL, "#REF!", None),
        ("#SAKNAS!", CellKind.TEXT, "#SAKNAS!", None),
        (Formula("1+1"), CellKind.FORMEL_UTAN_VARDE, "", None),
        (Formula("1+1", Decimal(2)), CellKind.TAL, "2", Decimal(2)),
        (Formula('""', ""), CellKind.TOM, "", None),
        (Formula('"a"', "a"), CellKind.TEXT, "a", None),
        (None, CellKind.TOM, "", None),
    ],
)
def test_each_kind_of_content_is_told_apart(content, kind, text, number):
    cell = by_key(read(set_cells(filled(), "Drift", {"J13": content})).table("drift"))["TEK|personal"]["prognos"]
    assert (cell.coordinate, cell.kind, cell.text, cell.number) == ("J13", kind, text, number)
    assert cell.formula == (f"={content.text}" if isinstance(content, Formula) else "")


def test_a_number_formatted_as_a_date_is_a_date():
    def change(workbook):
        workbook["Drift"]["J13"].number_format = "yyyy-mm-dd"
        workbook["Drift"]["J13"].value = 46142

    assert by_key(read(edited(change)).table("drift"))["TEK|personal"]["prognos"].text == "2026-04-30"


def test_a_budget_register_is_read_back():
    rows = {
        "beslutad_budget": [
            {"enhet": "TEK", "avser": "drift", "kod": "personal", "benamning": "=Personal", "belopp": Decimal("-12500.5"),
             "belopp_enhet": "tkr", "organ": "KF", "paragraf": "§ 112", "beslutsdatum": dt.date(2025, 11, 24),
             "periodisering": "manuell"},
        ]
    }  # fmt: skip
    retur = read(
        write_register(load_contract("budgetregister"), example_kommun(), 2026, rows), contract="budgetregister"
    )
    assert retur.findings == ()
    (row,) = retur.table("beslutad_budget").rows
    assert {name: as_read(cell) for name, cell in row.cells.items()} == rows["beslutad_budget"][0]
    assert retur.table("anslagsforandringar").rows == retur.table("bokslut").rows == ()


# Each code: a workbook that gets it, and one beside it that does not.


def hidden_sheet(workbook):
    workbook.create_sheet("Underlag").sheet_state = "hidden"


def empty_sheet(workbook):
    workbook.create_sheet("Blad1")


def own_sheet(workbook):
    workbook.create_sheet("Blad1")["A1"] = 1


def linked(workbook):
    workbook["Kommentarer"]["E8"].hyperlink = "https://exempel.invalid/"


def hide_rows(workbook):
    for row in (13, 14):
        workbook["Drift"].row_dimensions[row].hidden = True


def hide_column(workbook):
    workbook["Drift"].column_dimensions["G"].hidden = True


def hide_empty_row(workbook):
    workbook["Drift"].row_dimensions[60].hidden = True


def stored_cells():
    archive = zipfile.ZipFile(io.BytesIO(filled()))
    return sum(archive.read(f"xl/worksheets/sheet{number}.xml").count(b"<c ") for number in range(1, 6))


def with_cell(coordinate, value, sheet="Drift"):
    return lambda: set_cells(filled(), sheet, {coordinate: value})


def with_change(change):
    return lambda: edited(change)


def with_xml(function, name=DRIFT):
    return lambda: repacked(change=[(name, function)])


def odt():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    return packed.getvalue()


def encrypted():
    content = bytearray(filled())
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    return bytes(content)


def doctype(xml):
    return xml.replace(b"?>", b"?><!DOCTYPE x [<!ENTITY a 'b'>]>", 1)


def merged_everywhere(xml):
    return xml.replace(b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>', 1)


def linked_everywhere(xml):
    return xml.replace(
        b"<pageMargins", b'<hyperlinks><hyperlink ref="A1:XFD1048576" location="A1"/></hyperlinks><pageMargins', 1
    )


def far_cell(xml):
    return xml.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>', 1)


def copied_row(workbook):
    for cell in workbook["Drift"][13]:
        workbook["Drift"].cell(50, cell.column, cell.value)


def copied_column(workbook):
    workbook["Drift"]["L6"] = "prognos"


def many_rows(xml):
    return xml.replace(b"</sheetData>", b"<row/>" * 100_001 + b"</sheetData>", 1)


def wide_row(cells):
    return lambda xml: xml.replace(b"</sheetData>", b"<row>" + b"<c/>" * cells + b"</row></sheetData>", 1)


def texts(number):
    return lambda: repacked(add=[("xl/sharedStrings.xml", b"<sst>" + b"<si/>" * number + b"</sst>")])


def long_texts(letters):
    """Ten shared texts, each in a hundred cells: what one copy holds is nothing, what the cells hold is a hundred times that."""
    strings = b"".join(b"<si><t>" + b"a" * (letters // 1000) + b"</t></si>" for _ in range(10))
    types = b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
    cells = b"".join(b'<row><c t="s"><v>%d</v></c></row>' % (number % 10) for number in range(1000))
    return lambda: repacked(
        change=[
            (DRIFT, lambda xml: xml.replace(b"</sheetData>", cells + b"</sheetData>", 1)),
            (
                "[Content_Types].xml",
                lambda xml: xml.replace(b"</Types>", b'<Override PartName="/xl/strings.xml" ' + types),
            ),
        ],
        add=[
            (
                "xl/strings.xml",
                b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + strings + b"</sst>",
            )
        ],
    )


def many_sheets(number):
    def change(workbook):
        while len(workbook.sheetnames) < number:
            workbook.create_sheet()

    return change


def declared(kind):
    """A part under an innocent name, with its type told."""
    override = b'<Override PartName="/xl/a.xml" ContentType="application/vnd.' + kind + b'"/></Types>'
    return with_xml(lambda xml: xml.replace(b"</Types>", override), "[Content_Types].xml")


def related(kind, mode=b"External"):
    relation = (
        b'<Relationship Id="rX" Type="http://exempel/'
        + kind
        + b'" Target="https://exempel.invalid/" TargetMode="'
        + mode
    )
    return lambda: repacked(
        add=[("xl/drawings/_rels/a.xml.rels", b"<Relationships>" + relation + b'"/></Relationships>')]
    )


def twice(xml):
    return xml.replace(b"</sheetData>", b'<row><c r="J13"><v>1</v></c></row></sheetData>', 1)


def missing_text(xml):
    return xml.replace(b"</sheetData>", b'<row><c r="J60" t="s"><v>-1</v></c></row></sheetData>', 1)


REFUSED = [
    ("E110", lambda: b"enhet;kod;belopp\nTEK;personal;1\n"),
    ("E110", lambda: b"<html><table></table></html>"),
    ("E110", lambda: b"%PDF-1.7"),
    ("E110", lambda: b"\x00\x01\x02\x03"),
    ("E110", odt),
    ("E110", with_xml(lambda xml: xml.replace(b"spreadsheetml.sheet.main+xml", b"spreadsheetml.annat+xml"), "[Content_Types].xml")),
    ("E110", with_xml(lambda xml: xml.replace(b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                                              b"http://purl.oclc.org/ooxml/spreadsheetml/main"), "xl/workbook.xml")),
    ("E111", lambda: b""),
    ("E112", lambda: bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600)),
    ("E112", encrypted),
    ("E113", lambda: filled()[:-200]),
    ("E113", lambda: filled()[: len(filled()) // 2]),
    ("E113", with_xml(lambda xml: xml[:-40])),
    ("E120", lambda: repacked(drop=[DRIFT])),
    ("E113", lambda: repacked(add=[("XL/workbook.xml", b"<a/>")])),
    ("E113", with_xml(lambda xml: xml.replace(b'r="J13"', b'r="hej"'))),
    ("E114", lambda: repacked(add=[("xl/vbaProject.bin", b"x")])),
    ("E114", lambda: repacked(add=[("xl/embeddings/oleObject1.bin", b"x")])),
    ("E114", with_xml(lambda xml: xml.replace(PLAIN, b"vnd.ms-excel.sheet.macroEnabled.main"),
                      "[Content_Types].xml")),
    ("E115", lambda: repacked(add=[("xl/externalLinks/externalLink1.xml", b"<a/>")])),
    ("E115", lambda: repacked(add=[("xl/connections.xml", b"<a/>")])),
    ("E113", with_xml(twice)),
    ("E113", with_xml(lambda xml: xml.replace(b"</sheetData>", b'<row r="60"><c r="A60"><v>1</v></c><c r="A60"/></row></sheetData>', 1))),
    ("E113", with_xml(missing_text)),
    ("E114", declared(b"ms-office.vbaProject")),
    ("E114", declared(b"openxmlformats-officedocument.oleObject")),
    ("E114", declared(b"ms-excel.m&#x61;crosheet+xml")),
    ("E115", declared(b"openxmlformats-officedocument.spreadsheetml.connections+xml")),
    ("E115", declared(b"openxmlformats-officedocument.spreadsheetml.externalLink+xml")),
    ("E115", related(b"externalLinkPath")),
    ("E115", related(b"image")),
    ("E116", with_xml(doctype)),
    ("E116", lambda: repacked(add=[("xl/media/bild.png", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>")])),
    ("E118", lambda: repacked(add=[(f"xl/media/{number}.txt", b"") for number in range(200)])),
    ("E118", lambda: repacked(add=[("xl/media/stor.txt", bytes(8 * 1024 * 1024))])),
    ("E119", with_xml(merged_everywhere)),
    ("E119", with_xml(linked_everywhere)),
    ("E120", with_change(lambda workbook: setattr(workbook["Drift"], "title", "Drift 2"))),
    ("E120", with_change(lambda workbook: workbook.remove(workbook["Kommentarer"]))),
    ("E121", with_change(lambda workbook: workbook["Drift"].delete_rows(6))),
    ("E122", with_cell("E6", "summeras_i")),
    ("E122", with_cell("L6", "anteckning")),
    ("E123", with_change(copied_column)),
    ("E124", with_change(lambda workbook: workbook["Drift"].delete_cols(7))),
    ("E125", texts(100_001)),
    ("E125", long_texts(5_000_000)),
    ("E126", with_change(lambda workbook: workbook["Drift"].merge_cells("I13:J14"))),
    ("E127", with_change(hidden_sheet)),
    ("E128", with_change(hide_rows)),
    ("E128", with_change(hide_column)),
    ("E129", with_change(copied_row)),
    ("E130", with_cell("C13", "lokaler")),
    ("E131", with_cell("J7", Decimal(5))),
    ("E131", with_cell("E7", "intakter")),
    ("E132", with_cell("M13", "glöm inte")),
    ("E132", with_cell("C40", "glöm inte", "Start")),
    ("E133", with_change(own_sheet)),
    *(("E135", lambda name=name: repacked(add=[(name, b"x")]))
      for name in ("../hej.txt", "xl/../../hej.txt", "/etc/hej", "c:/hej", "xl/..\\hej", "xl/a\nb")),
    ("E136", with_change(many_sheets(51))),
    ("E137", with_xml(many_rows)),
    ("E137", with_xml(wide_row(1001))),
]  # fmt: skip

ACCEPTED = [
    ("E110", filled),
    ("E113", lambda: repacked(add=[("docProps/custom.xml", b"<a/>")])),
    ("E113", lambda: repacked(add=[("xl/drawings/vmlDrawing1.vml", b"<a><br></a>")])),
    ("E114", lambda: repacked(add=[("xl/media/bild.png", b"\x89PNG")])),
    ("E115", with_change(linked)),
    ("E115", related(b"hyperlink")),
    ("E115", related(b"image", b"Internal")),
    ("E116", with_xml(lambda xml: xml.replace(b"?>", b"?><!-- <!DOCTYPE x> -->", 1))),
    ("E118", lambda: repacked(add=[(f"xl/media/{number}.txt", b"") for number in range(150)])),
    ("E119", with_xml(far_cell)),
    ("E120", with_change(lambda workbook: workbook.remove(workbook["Investeringar"]))),
    ("E121", with_change(lambda workbook: workbook["Drift"].insert_rows(2))),
    ("E122", with_change(lambda workbook: workbook["Drift"].insert_cols(5))),
    ("E123", with_cell("L5", "prognos")),
    ("E124", with_change(lambda workbook: workbook["Drift"].insert_cols(7))),
    ("E125", texts(100_000)),
    ("E125", long_texts(4_900_000)),
    ("E126", with_change(lambda workbook: workbook["Drift"].merge_cells("B1:D1"))),
    ("E127", filled),
    ("E128", with_change(hide_empty_row)),
    ("E129", with_cell("C21", "personal")),
    ("E130", with_cell("C20", "lokaler")),
    ("E131", with_cell("B7", "Ny rubrik")),
    ("E132", with_cell("M13", "  ")),
    ("E132", with_cell("M2", "anteckning bredvid rubriken")),
    ("E133", with_change(empty_sheet)),
    ("E133", with_change(lambda workbook: setattr(workbook.create_sheet("Blad1")["A1"], "number_format", "0"))),
    ("E135", lambda: repacked(add=[("xl/media/bild..1.png", b"x")])),
    ("E136", with_change(many_sheets(50))),
    ("E137", with_xml(wide_row(1000))),
]


@pytest.mark.parametrize(("code", "make"), REFUSED)
def test_a_spoilt_workbook_gets_its_code_and_no_other_that_stops(code, make):
    findings = read(make()).findings
    assert [finding for finding in findings if finding.code == code]
    strangers = {finding.code for finding in findings if finding.severity is Severity.STOPPAR} - {code}
    assert strangers == ({"E124"} if code == "E122" and len(findings) > 1 else set())
    assert all(finding.file == "retur.xlsx" and finding.message and finding.advice for finding in findings)


@pytest.mark.parametrize(("code", "make"), ACCEPTED)
def test_its_neighbour_does_not(code, make):
    retur = read(make())
    assert code not in {finding.code for finding in retur.findings}
    assert retur.table("drift") is not None


@pytest.mark.parametrize(
    ("limit", "value", "code"),
    [
        ("MAX_FILE", lambda: len(filled()), "E117"),
        ("MAX_EXPANDED", lambda: sum(e.file_size for e in zipfile.ZipFile(io.BytesIO(filled())).infolist()), "E118"),
        ("MAX_PARTS", lambda: len(zipfile.ZipFile(io.BytesIO(filled())).infolist()), "E118"),
        ("MAX_CELLS", stored_cells, "E119"),
    ],
)  # fmt: skip
def test_each_limit_lets_through_what_is_just_at_it_and_nothing_over(monkeypatch, limit, value, code):
    monkeypatch.setattr(container, limit, value())
    assert codes(filled()) == []
    monkeypatch.setattr(container, limit, value() - 1)
    assert codes(filled()) == [code]


def test_the_limits_are_the_agreed_ones():
    assert (container.MAX_FILE, container.MAX_EXPANDED) == (10 * 2**20, 50 * 2**20)
    assert (container.MAX_PARTS, container.MAX_CELLS) == (200, 300_000)
    assert (container.MAX_SHEETS, container.MAX_ROWS, container.MAX_COLUMNS) == (50, 100_000, 1_000)
    assert (container.MAX_STRINGS, opening.MAX_TEXT) == (100_000, 5_000_000)


def test_every_structural_code_is_tried():
    tried = {code for code, _ in REFUSED} | {"E117", "E134"}
    assert tried == {code for code in load_felkoder() if "E110" <= code <= "E137"}


def two_loadings(content):
    """Every cell by sheet, as openpyxl's two full loadings of the workbook give it: stored value, formula and number format."""
    values, formulas = (load_workbook(io.BytesIO(content), data_only=only, keep_links=False) for only in (True, False))
    cells = {}
    for sheet in formulas.worksheets:
        for place, cell in sheet._cells.items():
            stored, formula = values[sheet.title]._cells[place], ""
            if cell.data_type == "f":
                formula = getattr(cell.value, "text", cell.value) or "="
            if stored.value not in (None, "") or formula:
                cells[sheet.title, cell.coordinate] = (stored.value, stored.data_type, formula, cell.number_format)
    return cells


def one_opening(content):
    """The same by our one opening: the parser's own answers are asked for again beside the raw cells made of them."""
    book, cells = opening.OpenedWorkbook(content), {}
    for sheet in book.hidden:
        parser = book._parser(sheet)
        parsed = {(cell["row"], cell["column"]): cell for _, row in parser.parse() for cell in row}
        for place, cell in book.read(sheet).cells.items():
            stored = parser.stored.get(place, parsed[place])
            cells[sheet, cell.coordinate] = (stored["value"], stored["data_type"], cell.formula, cell.number_format)
    return cells


def formulas_of_every_kind(workbook):
    sheet = workbook["Drift"]
    sheet["J60"], sheet["J61"] = ArrayFormula("J60:J61", "=SUM(J8:J9*1)"), "=NOW()"
    sheet["J61"].number_format, sheet["J62"].number_format = "yyyy-mm-dd hh:mm", "0.0%"
    sheet["J62"], sheet["J63"], sheet["J64"] = 0.125, dt.timedelta(hours=30), dt.datetime(2026, 4, 30, 12, 30)  # noqa: DTZ001 - Excel knows no zones
    workbook.epoch = CALENDAR_MAC_1904


SHARED_FORMULA = (
    b'<row r="60"><c r="J60"><f t="shared" ref="J60:J61" si="0">J8+1</f><v>7</v></c></row>'
    b'<row r="61"><c r="J61" t="str"><f t="shared" si="0"/><v>x</v></c><c><f>1</f><v>2</v></c><c t="b"><f>A1</f><v>1</v></c></row>'
    b'<row><c t="e"><f>1/0</f><v>#DIV/0!</v></c><c t="d"><v>2026-04-30T00:00:00</v></c><c/></row></sheetData>'
)


@pytest.mark.parametrize(
    "make",
    [
        *(make for code, make in ACCEPTED if code != "E125"),
        *(make for code, make in REFUSED if code in ("E122", "E128", "E129", "E130", "E131", "E132", "E133")),
        lambda: template("BUF"),
        with_change(formulas_of_every_kind),
        with_xml(lambda xml: xml.replace(b"</sheetData>", SHARED_FORMULA)),
        with_xml(lambda xml: xml.decode().replace("UTF-8", "UTF-16").encode("utf-16")),
    ],
)
def test_one_opening_says_the_same_of_every_cell_as_two_loadings(make):
    content = make()
    assert one_opening(content) == two_loadings(content)
    assert len(two_loadings(content)) > 200


def test_what_a_link_points_at_is_not_taken_for_the_cells_content():
    link = b'<hyperlinks><hyperlink ref="K13" location="Drift!A1"/></hyperlinks><pageMargins'
    content = repacked(change=[(DRIFT, lambda xml: xml.replace(b"<pageMargins", link, 1))])
    assert load_workbook(io.BytesIO(content))["Drift"]["K13"].value == "Drift!A1"
    assert by_key(read(content).table("drift"))["TEK|personal"]["fg_prognos"].kind is CellKind.TOM


def test_a_file_is_judged_by_its_bytes_not_its_name():
    assert codes(filled(), "retur.csv") == codes(filled(), "retur.xls") == []


def test_a_finding_names_place_and_content():
    (finding,) = read(set_cells(filled(), "Drift", {"C13": "lokaler"})).findings
    assert (finding.sheet, finding.cell, finding.found) == ("Drift", "C13", "TEK|lokaler")
    assert str(finding).startswith(
        'E130 fil retur.xlsx, blad "Drift", cell C13: Raden har den dolda nyckeln "TEK|personal"'
    )


def test_hidden_rows_are_told_together():
    (finding,) = read(edited(hide_rows)).findings
    assert "rader som mallen inte har: 13\u201314." in finding.message


def test_a_sheet_that_the_forvaltning_should_have_is_missed_once():
    contract, kommun, felkod = load_contract("manadsretur"), example_kommun(), load_felkoder()["E120"]
    without = read(edited(lambda workbook: workbook.remove(workbook["Investeringar"])))
    assert [finding.sheet for finding in missing_sheets(without, contract, kommun, "TEK", felkod)] == ["Investeringar"]
    told = read(edited(lambda workbook: workbook.remove(workbook["Drift"])))
    assert missing_sheets(told, contract, kommun, "TEK", felkod) == ()
    assert missing_sheets(read(template("BUF")), contract, kommun, "BUF", felkod) == ()


@settings(max_examples=40)
@given(st.integers(0, 10**9), st.binary(min_size=1, max_size=8))
def test_no_damaged_file_makes_the_reading_raise(place, damage):
    content = bytearray(filled())
    start = place % len(content)
    content[start : start + len(damage)] = damage
    read(bytes(content))


@settings(max_examples=40)
@given(
    st.integers(0, 10**9),
    st.binary(min_size=1, max_size=8),
    st.sampled_from([DRIFT, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"]),
)
def test_no_damaged_part_makes_the_reading_raise(place, damage, part):
    def spoil(xml):
        start = place % len(xml)
        return xml[:start] + damage + xml[start + len(damage) :]

    read(repacked(change=[(part, spoil)]))


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reading_raise(content):
    assert [finding.severity for finding in read(content).findings] == [Severity.STOPPAR]


def test_a_cell_comes_unchanged_from_the_reading_process():
    cell = RawCell("F17", CellKind.TAL, "-1.5", Decimal("-1.5"), "=SUM(F1:F2)", "0.0")
    assert pickle.loads(pickle.dumps(cell, pickle.HIGHEST_PROTOCOL)) == cell
