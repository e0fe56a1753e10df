"""Two blanketter of the handbook the whole way: a long csv as Sundsvall exports it, and a wide workbook as Alingsås prints it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from ruamel.yaml import YAML

from adapters.kommun_config import KonfigurationsFel, blankett_schema_text, load_blanketter, load_kommun
from adapters.rendering import style_hash
from adapters.store import ReturRecord, ReturStatus
from adapters.workbook_fill import fill_template, set_cells
from data_contracts.findings import Finding
from flows.home import CHECKOUT, Hem, open_home
from flows.steps.check import check_register, check_returns
from flows.steps.collect import collect
from flows.steps.example import filled_register
from flows.steps.receipt import answer_new
from flows.steps.report import build_reports
from flows.steps.trace import trace
from flows.workplace import open_workplace
from tests.closings import APRIL, facts_of, figures_only, new_home, time_of

NOW = time_of(APRIL, 10)
PAGE = (CHECKOUT / "docs" / "handbok" / "09-egna-blanketter.md").read_text(encoding="utf-8")
CSV, WIDE = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)

ROWS = ("intakter", "personal", "ovriga_kostnader", "avskrivningar", "nettokostnad", "skattemedel", "finansiella_intakter",
        "finansiella_kostnader", "resultat")  # fmt: skip
PROGNOS = {"23": ("100.0", "-812.4", "-200.1", "-10.0", "-922.5", "925.0", "0.0", "-1.5", "1.0"),
           "24": ("50.0", "-400.0", "-100.0", "-5.0", "-455.0", "450.0", "0.5", "0.0", "-4.5"),
           "13": ("150.0", "-1212.4", "-300.1", "-15.0", "-1377.5", "1375.0", "0.5", "-1.5", "-3.5")}  # fmt: skip

# Alingsås kommun, Bygg- och miljönämnden, fördjupad månadsuppföljning per april 2026, tkr; here with the costs unsigned.
PRINTED = (
    ("Verksamhetens intäkter", 18349, 17453, -896),
    ("Personalkostnader", 27251, 26380, 871),
    ("Lokalhyror", 0, 0, 0),
    ("Köp av tjänster", 7969, 7985, -16),
    ("Övriga kostnader", 970, 929, 41),
    ("Verksamhetens kostnader", 36190, 35294, 896),
    ("Verksamhetens nettokostnader", -17841, -17841, 0),
    ("Kommunbidrag", 17841, 17841, 0),
    ("Finansnetto", 0, 0, 0),
    ("Årets resultat", 0, 0, 0),
)


def export(change: Callable[[str], str] = lambda text: text) -> bytes:
    """A long csv: budget and prognos of each enhet and mått."""
    lines = ["Period,Enhet,Mått,Kolumn,Mätvärde"]
    for enhet, values in PROGNOS.items():
        for number, value in enumerate(values, start=1):
            for kolumn in ("K14", "K15", "K16", "K17", "K18"):
                lines.append(f"2026-04-30,{enhet},SK.EK.RR.00{number},{kolumn},{value}")
    return b"\xef\xbb\xbf" + "".join(f"{line}\r\n" for line in change("\n".join(lines)).split("\n")).encode()


def wide(change: Callable[[Workbook], object] = lambda workbook: None) -> bytes:
    """The printed table as a workbook, with rows above it and a comment beside it."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Driftprognos"
    for row in (["Alingsås kommun"], ["Bygg- och miljönämnden"], ["Prognos per april 2026, belopp i tkr"], []):
        sheet.append(row)
    sheet.append(["Kostnadsslag", "Budget 2026", "Prognos  helår 2026", "Avvikelse", "Kommentar"])
    for row in PRINTED:
        sheet.append([*row, "egen text"])
    change(workbook)
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def _sundsvall_like() -> dict[str, object]:
    kinds = ("intakt", "kostnad", "kostnad", "kostnad", "summa", "kommunbidrag", "intakt", "kostnad", "summa")
    parts = {"nettokostnad": ROWS[:4], "resultat": ("nettokostnad", *ROWS[5:8])}
    rows = [
        {"kod": kod, "namn": kod.replace("_", " ").capitalize(), "typ": typ, "delar": list(parts.get(kod, ()))}
        for kod, typ in zip(ROWS, kinds, strict=True)
    ]
    enheter = (("BUN", "Barn- och utbildningsnämnden"), ("SOC", "Socialnämnden"))
    return {
        "schema_version": 1, "kod": "norrby", "namn": "Norrby kommun", "kommunkod": "9998",
        "enheter": [{"kod": kod, "namn": namn, "finansiering": "skattefinansierad", "drift": "rr", "investeringar": "inv"}
                    for kod, namn in enheter],
        "namnder": [{"kod": kod, "namn": namn, "enheter": [kod], "rapportenhet": "mnkr"} for kod, namn in enheter],
        "forvaltningar": [{"kod": "EKO", "namn": "Ekonomikontoret", "enheter": ["BUN", "SOC"], "returenhet": "mnkr"}],
        "uppstallningar": [{"kod": "rr", "namn": "Resultaträkning", "resultatrad": "resultat", "rader": rows},
                           {"kod": "inv", "namn": "Investeringar", "resultatrad": "totalt",
                            "rader": [{"kod": "totalt", "namn": "Investeringar", "typ": "utgift"}]}],
        "kalender": {"retur_senast_arbetsdag": 8, "stangning_dag": 15},
    }  # fmt: skip


@pytest.fixture
def norrby(tmp_path: Path) -> Hem:
    """A home whose one return is the export for all enheter."""
    (tmp_path / "inkorg").mkdir()
    with (tmp_path / "kommun.yaml").open("w", encoding="utf-8") as file:
        YAML().dump(_sundsvall_like(), file)
    (tmp_path / "installningar.yaml").write_text("lugn_sekunder: 0\n")
    put_blankett(tmp_path, "uttag", CSV)
    return open_home(tmp_path)


@pytest.fixture(scope="module")
def bygg(tmp_path_factory: pytest.TempPathFactory) -> Hem:
    """Alingsås with its register and the blankett of Bygg- och miljönämnden. Each test sends a workbook of its own."""
    hem = new_home(tmp_path_factory.mktemp("blankett") / "hem", "alingsas")
    put_blankett(hem.path, "bmn", WIDE)
    with open_workplace(hem) as workplace:
        (Path(hem.inkorg) / "register.xlsx").write_bytes(filled_register(workplace, facts_of("alingsas", "2026-04")))
        collect(workplace, APRIL, NOW)
        check_register(workplace, APRIL, NOW)
    return hem


def put_blankett(home: Path, name: str, text: str) -> None:
    (home / "blanketter").mkdir(exist_ok=True)
    (home / "blanketter" / f"{name}.yaml").write_text(text, encoding="utf-8")


def sent(hem: Hem, name: str, content: bytes) -> tuple[ReturRecord, tuple[Finding, ...]]:
    """One file taken in and judged."""
    for path in Path(hem.inkorg).iterdir():
        path.unlink()
    (Path(hem.inkorg) / name).write_bytes(content)
    with open_workplace(hem) as workplace:
        (retur_id,) = collect(workplace, APRIL, NOW).seen
        check_returns(workplace, APRIL, NOW)
        return workplace.store.retur(retur_id), workplace.store.findings_for(retur_id)


def stopping(found: tuple[Finding, ...]) -> list[tuple[str, str, str, str]]:
    return sorted((one.code, one.sheet, one.cell, one.found) for one in found if one.severity == "stoppar")


def test_the_long_csv_goes_the_whole_way(norrby: Hem) -> None:
    record, found = sent(norrby, "uttag 2026-05-12.csv", export())
    assert (record.status, record.forvaltning, record.period) == (ReturStatus.GODKAND, "EKO", "2026-04"), stopping(
        found
    )
    closing = figures_only(norrby, APRIL, NOW)
    with open_workplace(norrby) as workplace:
        figures = {one.figure_id: one for one in trace(workplace, "2026-04/BUN/drift/personal/prognos")}
        link = figures["2026-04/BUN/drift/personal/prognos"]
        assert "rad 11, kolumn E" in link.source
        assert "innehåll '-812.4'" in link.source
        assert (link.proof.startswith("De lagrade byten är oförändrade"), link.broken) == (True, False)
        (result, *_) = trace(workplace, "2026-04/KOMMUNEN/drift/resultat/prognos")
        assert not result.broken
        stored = workplace.store.find_figure("norrby", "2026-04/BUN/drift/personal/prognos")
        assert stored is not None
        assert stored.figure.varde == -81_240_000_000
        built = build_reports(workplace, closing, style_hash())
        view = next(workplace.objects.get(one.view_key).decode() for one in built if one.view.kod == "BUN")
    assert "\u2212812,4" in view


def test_the_wide_workbook_goes_the_whole_way_with_its_costs_turned(bygg: Hem) -> None:
    record, found = sent(bygg, "bmn.xlsx", wide())
    assert (record.status, record.forvaltning, record.period) == (ReturStatus.GODKAND, "BMF", "2026-04"), stopping(
        found
    )
    assert ("E176", "Investeringar") in {(one.code, one.sheet) for one in found}
    closing = figures_only(bygg, APRIL, NOW)
    with open_workplace(bygg) as workplace:
        figures = {one: workplace.store.find_figure("alingsas", f"2026-04/BMN/drift/{one}/prognos") for one in
                   ("intakter", "personal", "kostnader", "nettokostnader", "arets_resultat")}  # fmt: skip
        values = {name: one.figure.varde // 100_000 for name, one in figures.items() if one is not None}
        assert values == {
            "intakter": 17453,
            "personal": -26380,
            "kostnader": -35294,
            "nettokostnader": -17841,
            "arets_resultat": 0,
        }
        (link,) = trace(workplace, "2026-04/BMN/drift/personal/prognos")
        assert 'blad "Driftprognos", cell C7' in link.source
        assert "innehåll '26380'" in link.source
        assert not link.broken
        built = build_reports(workplace, closing, style_hash())
        view = next(workplace.objects.get(one.view_key).decode() for one in built if one.view.kod == "BMN")
    assert "\u221226\\u00a0380" in view or "\u221226\u00a0380" in view


WIDE_FAULTS = {
    "blad": (lambda book: setattr(book["Driftprognos"], "title", "Blad1"), {"E165", "E166"}),
    "rubrik": (lambda book: book["Driftprognos"].__setitem__("C5", "Prognos"), {"E165", "E167"}),
    "rad": (lambda book: book["Driftprognos"].__setitem__("A7", "Personal"), {"E169", "E170"}),
    "rad-tva-ganger": (lambda book: book["Driftprognos"].append(["Lokalhyror", 1, 1, 0]), {"E171"}),
    "rubrik-tva-ganger": (lambda book: book["Driftprognos"].__setitem__("F5", "Avvikelse"), {"E171"}),
    "namnd": (lambda book: book["Driftprognos"].__setitem__("A2", "Byggnämnden"), {"E172"}),
    "period": (lambda book: book["Driftprognos"].__setitem__("A3", "Prognos, tkr"), {"E172"}),
    "avvikelse": (lambda book: book["Driftprognos"].__setitem__("D7", -871), {"E173"}),
    "ar": (lambda book: book["Driftprognos"].__setitem__("B5", "Budget 2025"), {"E175"}),
    "text": (lambda book: book["Driftprognos"].__setitem__("C7", "ca 26 000"), {"E201"}),
    "summa": (lambda book: book["Driftprognos"].__setitem__("C11", 99999), {"E173", "E330"}),
}  # fmt: skip


@pytest.mark.parametrize("fault", WIDE_FAULTS)
def test_a_wide_workbook_that_is_not_the_blankett_is_stopped(bygg: Hem, fault: str) -> None:
    change, codes = WIDE_FAULTS[fault]
    record, found = sent(bygg, f"{fault}.xlsx", wide(change))
    assert record.status is ReturStatus.STOPPAD
    assert codes <= {code for code, *_ in stopping(found)}
    assert {code for code in codes if code[1] == "1"} == {
        code for code, *_ in stopping(found) if "E165" <= code <= "E176"
    }


def test_a_finding_points_at_the_cell_of_the_kommuns_own_sheet(bygg: Hem) -> None:
    _, found = sent(bygg, "text.xlsx", wide(WIDE_FAULTS["text"][0]))
    assert ("E201", "Driftprognos", "C7", "ca 26 000") in stopping(found)


CSV_FAULTS = {
    "kolumn": (lambda text: text.replace("Mätvärde", "Värde"), "E167"),
    "okand-kod": (lambda text: text.replace("SK.EK.RR.002,K18", "SK.EK.RR.099,K18"), "E170"),
    "okand-enhet": (lambda text: text.replace("2026-04-30,24", "2026-04-30,25"), "E170"),
    "rad-borta": (lambda text: "\n".join(line for line in text.split("\n") if "RR.007" not in line), "E169"),
    "dubblett": (lambda text: f"{text}\n2026-04-30,23,SK.EK.RR.002,K18,-1.0", "E171"),
    "tva-perioder": (lambda text: f"{text}\n2026-03-31,23,SK.EK.RR.002,K18,-1.0", "E174"),
    "period": (lambda text: text.replace("2026-04-30", "T1"), "E172"),
    "text": (lambda text: text.replace("-812.4", "ca 812"), "E201"),
    "citattecken": (lambda text: text.replace("K18,-812.4", 'K18,"-812.4'), "E113"),
}  # fmt: skip


@pytest.mark.parametrize("fault", CSV_FAULTS)
def test_a_csv_that_is_not_the_export_is_stopped(norrby: Hem, fault: str) -> None:
    change, code = CSV_FAULTS[fault]
    record, found = sent(norrby, "uttag.csv", export(change))
    assert record.status is ReturStatus.STOPPAD
    assert code in {one.code for one in found}
    assert all("{" not in f"{one.message}{one.advice}" for one in found)


def test_a_finding_in_a_csv_says_line_and_column_in_the_kvittens(norrby: Hem) -> None:
    record, _ = sent(norrby, "uttag.csv", export(CSV_FAULTS["text"][0]))
    with open_workplace(norrby) as workplace:
        (receipt,) = answer_new(workplace, [record.id], NOW)
        assert "\n  rad 11, kolumn E ca 812" in receipt.brev.read_text(encoding="utf-8")


def rattelsebok_of(hem: Hem, record: ReturRecord) -> tuple[bytes, Workbook]:
    """The rättelsebok that answers a return, and the same opened."""
    with open_workplace(hem) as workplace:
        (receipt,) = answer_new(workplace, [record.id], NOW)
    assert receipt.rattelsebok is not None
    content = receipt.rattelsebok.read_bytes()
    return content, load_workbook(io.BytesIO(content))


def by_key(sheet: Worksheet, column: str) -> dict[str, tuple[str, object]]:
    """Place and value of a column's cells by row key; an own row by its name."""
    at = next(cell.column for cell in sheet[6] if cell.value == column)
    called = next(cell.column for cell in sheet[6] if cell.value == "benamning")
    rows = [row for row in sheet.iter_rows(min_row=7) if row[0].value or row[called - 1].value]
    return {str(row[0].value or row[called - 1].value): (row[at - 1].coordinate, row[at - 1].value) for row in rows}


def links(workbook: Workbook) -> dict[str, list[str]]:
    """Where the links of Att rätta go, by code."""
    found: dict[str, list[str]] = {}
    for row in workbook["Att rätta"].iter_rows(min_row=10):
        if row[4].hyperlink:
            found.setdefault(str(row[2].value), []).append(row[4].hyperlink.location)
    return found


def test_a_wide_blanketts_rattelsebok_is_the_template_with_its_values_and_mended_it_is_accepted_and_linked(
    bygg: Hem,
) -> None:
    def spoil(book: Workbook) -> None:
        WIDE_FAULTS["text"][0](book)
        book["Driftprognos"].append(["Konsulter", 10, "1 234,5", 0])

    record, found = sent(bygg, "konsulter.xlsx", wide(spoil))
    assert {code for code, *_ in stopping(found)} == {"E201", "E170"}
    content, workbook = rattelsebok_of(bygg, record)
    prognos = by_key(workbook["Drift"], "prognos")
    assert {key: value for key, (_, value) in prognos.items() if "|" in key and not str(value).startswith("=")} == {
        "BMN|intakter": 17453, "BMN|personal": "ca 26 000", "BMN|lokalhyror": 0, "BMN|kop_tjanster": -7985,
        "BMN|ovriga_kostnader": -929, "BMN|kommunbidrag": 17841, "BMN|finansnetto": 0,
    }  # fmt: skip
    assert prognos["Konsulter"][1] == 1234.5
    place, own = prognos["BMN|personal"][0], by_key(workbook["Drift"], "benamning")["Konsulter"][0]
    assert links(workbook)["E201"] == [f"'Drift'!{place}"]
    assert links(workbook)["E170"] == [f"'Drift'!{own}"]
    assert "Driftprognos per nämnd, version 2026" in str(workbook["Att rätta"]["B5"].value)
    row = own[1:]
    mended = set_cells(
        content, "Drift", {place: Decimal(-26380), own: None, f"B{row}": None, prognos["Konsulter"][0]: None}
    )
    with open_workplace(bygg) as workplace:
        mended = fill_template(mended, workplace.manadsretur, workplace.kommun, {})
    again, found = sent(bygg, "rattad.xlsx", mended)
    assert (again.status, again.svarar_pa) == (ReturStatus.GODKAND, record.sha256), stopping(found)
    figures_only(bygg, APRIL, NOW)
    with open_workplace(bygg) as workplace:
        stored = workplace.store.find_figure("alingsas", "2026-04/BMN/drift/personal/prognos")
        assert stored is not None
        assert stored.figure.varde == -2_638_000_000
        assert record.id in {one.id for one in workplace.store.answered(again.id)}


def test_a_csvs_rattelsebok_has_its_amounts_in_the_templates_unit_and_every_stray_row(norrby: Hem) -> None:
    text = norrby.kommun_yaml.read_text(encoding="utf-8")
    assert "returenhet: mnkr" in text
    norrby.kommun_yaml.write_text(text.replace("returenhet: mnkr", "returenhet: tkr"), encoding="utf-8")
    change = CSV_FAULTS["okand-kod"][0]
    record, _ = sent(norrby, "uttag.csv", export(lambda text: change(text).replace("-200.1", "ca 200")))
    _, workbook = rattelsebok_of(norrby, record)
    prognos = by_key(workbook["Drift"], "prognos")
    assert prognos["BUN|intakter"][1] == 100_000
    assert prognos["BUN|ovriga_kostnader"][1] == "ca 200"
    assert prognos["BUN|personal"][1] is None
    named = {row[3].row: row[3].value for row in workbook["Drift"].iter_rows() if row[3].value == "SK.EK.RR.099"}
    assert {workbook["Drift"][f"{prognos['BUN|personal'][0][0]}{row}"].value for row in named} == {-812_400, -400_000}
    assert prognos["SOC|finansiella_intakter"][1] == 500
    sheet = workbook["Att rätta"]
    theirs = {str(row[8].value): row[4].value for row in sheet.iter_rows(min_row=10) if row[2].value == "E201"}
    assert theirs["rad 16, kolumn E"] == f"Drift {prognos['BUN|ovriga_kostnader'][0]}"


def test_a_kommun_without_investeringar_gets_reports_without_them(norrby: Hem) -> None:
    text = norrby.kommun_yaml.read_text(encoding="utf-8")
    norrby.kommun_yaml.write_text(text.replace("investeringar: inv", "investeringar:"), encoding="utf-8")
    record, found = sent(norrby, "uttag.csv", export())
    assert record.status is ReturStatus.GODKAND, stopping(found)
    closing = figures_only(norrby, APRIL, NOW)
    with open_workplace(norrby) as workplace:
        reports = {one.view.kod: one.view for one in build_reports(workplace, closing, style_hash())}
    assert set(reports) == {"", "BUN", "SOC"}
    for report in reports.values():
        assert not [section.id for section in report.sektioner if "investering" in section.id]
        assert not [card.namn for card in report.nyckeltal if "nvestering" in card.namn]


def test_a_blankett_has_no_formulas_to_keep(norrby: Hem) -> None:
    _, found = sent(norrby, "uttag.csv", export())
    assert "E333" not in {one.code for one in found}


def test_a_file_that_fits_two_blanketter_is_stopped(norrby: Hem) -> None:
    put_blankett(norrby.path, "samma", CSV.replace("namn: Uttag", "namn: Annat uttag"))
    _, found = sent(norrby, "uttag.csv", export())
    assert [one.code for one in found] == ["E168"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("enhet: BMN", "enhet: BMX", "rad 16, versioner[1].blad[1].enhet: Enheten BMX finns inte i kommun.yaml"),
        ("Personalkostnader: personal", "Personalkostnader: lon", "Raden lon finns inte i enhetens drift"),
        ("miljönämnden: BMF}", "miljönämnden: BMX}", "Förvaltningen BMX finns inte i kommun.yaml"),
        ("enhet: tkr", "enhet: ton", "rad 4, enhet: \"ton\" är inte tillåtet"),
        ("period: {cell: Driftprognos!A3}", "period: {cell: A3}", "En cell skrivs med blad, utropstecken och cell"),
        ("period: {cell: Driftprognos!A3}", "period: {fast: a, kolumn: b}", "Ange ett av fast, cell, kolumn och filnamn"),
        ("period: {cell: Driftprognos!A3}", "period: {filnamn: april}", "Filnamn ska ha exakt en grupp"),
        ('budget: "Budget {ar}", ', "", "tabellen drift ska ha serien budget"),
        ("form: bred", "form: bredd", "bredd är inget slag som finns"),
        ("radkolumn: A", "radkolumn: A1", "En kolumn skrivs med sin bokstav"),
        ("tecken: kostnader_utan_tecken", "tecknen: x", "Fältet är okänt"),
    ],
)  # fmt: skip
def test_a_blankett_that_is_wrong_is_told_with_file_line_and_field(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    path = CHECKOUT / "kommuner" / "alingsas" / "kommun.yaml"
    assert old in WIDE
    put_blankett(tmp_path, "bmn", WIDE.replace(old, new))
    with pytest.raises(KonfigurationsFel) as error:
        load_blanketter(tmp_path / "kommun.yaml", load_kommun(path))
    assert told in str(error.value)
    assert "E010 bmn.yaml" in str(error.value)


def test_the_schema_for_editors_is_up_to_date() -> None:
    committed = (CHECKOUT / "kommuner" / "blankett.schema.json").read_text(encoding="utf-8")
    assert committed == blankett_schema_text(), "skriv om den med adapters.kommun_config.blankett_schema_text()"
