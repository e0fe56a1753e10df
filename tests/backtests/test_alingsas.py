"""What Alingsås printed for April 2026 comes out of our finished PDFs, read back from their tags: to the digit, or listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from flows.workplace import open_workplace
from tests.closings import Closed
from tests.kommuner.printed import BACKTESTS, read_yaml
from tests.pdf_reading import PdfTable, page_texts, tables
from transforms.belopp import MINUS
from transforms.figure_id import parse_figure_id

COLUMNS = {
    "budget": "Budget helår",
    "prognos": "Prognos helår",
    "avvikelse_helar": "Avvikelse prognos mot budget",
    "bokslut": "Bokslut 2025",
}
MATT = {"drift": "Drift", "investeringar": "Investeringar"}
CAUSES = {"opublicerade decimaler", "summa av avrundade delar", "miss i originalet", "saknar underlag"}


class Compared(NamedTuple):
    """One printed cell and ours, as texts with hyphen and plain space. ``ours``: '' when our report has no such cell."""

    tabell: str
    enhet: str
    rad: str
    serie: str
    printed: str
    ours: str
    is_entered: bool


@pytest.fixture(scope="module")
def printed() -> Any:
    return read_yaml(BACKTESTS / "alingsas_2026_april.yaml")


@pytest.fixture(scope="module")
def finished(alingsas: Closed) -> dict[str, list[PdfTable]]:
    """The tables of the PDFs that the backtest reads, by nämnd; KOMMUNEN for the whole."""
    return {
        kod: tables(alingsas.read(kod.replace("KOMMUNEN", ""), ".pdf")) for kod in ("TEN", "VON", "BMN", "KOMMUNEN")
    }


@pytest.fixture(scope="module")
def names(alingsas: Closed) -> dict[str, str]:
    """The name of each enhet, and of the kommun in the captions of its own tables."""
    with open_workplace(alingsas.hem) as workplace:
        return {enhet.kod: enhet.namn for enhet in workplace.kommun.enheter} | {"KOMMUNEN": workplace.kommun.namn}


@pytest.fixture(scope="module")
def compared(printed: Any, finished: dict[str, list[PdfTable]], names: dict[str, str]) -> list[Compared]:
    """Every printed cell of tables and running text."""
    cells = [cell for table in printed["tabeller"] for cell in _of_table(table, finished, names)]
    rows = {
        cell["enhet"]: cell["namn"]
        for table in printed["tabeller"]
        if table["rapport"] == "KOMMUNEN"
        for cell in table["celler"]
    }
    captioned = names["KOMMUNEN"]
    return cells + [_of_text(item, finished["KOMMUNEN"], captioned, rows) for item in printed["text"]]


def _of_table(table: Any, finished: dict[str, list[PdfTable]], names: dict[str, str]) -> Iterator[Compared]:
    """Rows are found by name; the second row of a name in the source is the second of that name in ours."""
    rapport = table["rapport"]
    namn = names[rapport if rapport == "KOMMUNEN" else table["celler"][0]["enhet"]]
    ours = _table(finished[rapport], table["matt"], namn, table["belopp_enhet"]).cells()
    seen: Counter[str] = Counter()
    numbers: dict[tuple[str, str], int] = {}
    for cell in table["celler"]:
        row = (cell["enhet"], cell["rad"])
        if row not in numbers:
            numbers[row] = seen[cell["namn"]]
            seen[cell["namn"]] += 1
        found = [text for text in ours.get((cell["namn"], COLUMNS[cell["serie"]]), []) if text]
        text = found[numbers[row]] if numbers[row] < len(found) else ""
        yield Compared(table["id"], *row, cell["serie"], cell["tryckt"], _plain(text), not cell["beraknad"])


def _of_text(item: Any, finished: list[PdfTable], captioned: str, rows: dict[str, str]) -> Compared:
    """A number of the running text; the kommun's own table holds the same figure in mnkr."""
    key = parse_figure_id(item["siffra"])
    table = _table(finished, key.matt, captioned, item["belopp_enhet"])
    (text,) = table.cells()[rows[key.enhet], COLUMNS[key.serie]]
    ours = _plain(text)
    if item["vand"]:
        ours = ours[1:] if ours.startswith("-") else f"-{ours}"
    return Compared("text", key.enhet, item["id"], key.serie, item["tryckt"], ours, is_entered=False)


def _table(finished: list[PdfTable], matt: str, namn: str, unit: str) -> PdfTable:
    (table,) = [table for table in finished if table.caption.startswith(f"{MATT[matt]}, {namn}, helåret 2026 {unit}.")]
    return table


def _plain(text: str) -> str:
    """Theirs has a hyphen for minus and no plus."""
    return text.replace(MINUS, "-").removeprefix("+")


def test_every_printed_cell_is_compared(compared: list[Compared], printed: Any) -> None:
    assert len(compared) == sum(len(table["celler"]) for table in printed["tabeller"]) + len(printed["text"])
    assert len({cell[:4] for cell in compared}) == len(compared)
    assert len([cell for cell in compared if cell.is_entered]) == 227


def test_every_entered_figure_comes_out_to_the_printed_digit(compared: list[Compared]) -> None:
    assert [cell for cell in compared if cell.is_entered and cell.ours != cell.printed] == []


def test_computed_figures_come_out_too_but_for_a_list_that_is_exactly_true(compared: list[Compared]) -> None:
    listed = [
        (*(item[name] for name in ("tabell", "enhet", "rad", "serie", "tryckt", "vart")),)
        for item in read_yaml(BACKTESTS / "avvikande_tal.yaml")["avvikande"]
    ]
    assert [tuple(cell[:6]) for cell in compared if cell.ours != cell.printed] == listed


def test_every_listed_difference_has_a_cause_and_is_of_one_unit(printed: Any) -> None:
    for item in read_yaml(BACKTESTS / "avvikande_tal.yaml")["avvikande"]:
        assert item["orsak"] in CAUSES
        if item["orsak"] == "saknar underlag":
            assert item["vart"] == ""
        else:
            ours, theirs = (int(item[name].replace(" ", "").replace(",", "")) for name in ("vart", "tryckt"))
            assert abs(ours - theirs) == 1


def test_rows_of_our_tables_are_the_printed_ones_in_their_order(
    printed: Any, finished: dict[str, list[PdfTable]], names: dict[str, str]
) -> None:
    for table in printed["tabeller"]:
        theirs = list({(cell["enhet"], cell["rad"]): cell["namn"] for cell in table["celler"]}.values())
        namn = names[table["rapport"] if table["rapport"] == "KOMMUNEN" else table["celler"][0]["enhet"]]
        ours = _table(finished[table["rapport"]], table["matt"], namn, table["belopp_enhet"])
        with_numbers = [label for label, cells in ours.rows if any(cells)]
        if table["id"] == "von_drift":
            theirs.remove("Finansnetto")
        assert with_numbers == theirs, table["id"]


def test_the_mark_stands_on_every_page(alingsas: Closed) -> None:
    with open_workplace(alingsas.hem) as workplace:
        marke = workplace.kommun.marke
    assert marke == "Återskapad ur publicerade uppgifter, inte kommunens handling"
    for report in alingsas.reports:
        pages = page_texts(alingsas.read(report.kod, ".pdf"))
        assert pages
        assert all(marke in text for text in pages), report.rapport_id
        assert marke in alingsas.read(report.kod, ".html").decode()
