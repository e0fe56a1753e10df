"""Staff, Kolada, intern kontroll and utförare in Lingonby's reports: what stands in them, what must not, and the way back to cells."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lxml import html

from flows.steps.trace import Tracer
from flows.workplace import Workplace, open_workplace
from tests.closings import Closed
from transforms.belopp import antal_text


@pytest.fixture(scope="module")
def workplace(lingonby_sen: Closed) -> Iterator[Workplace]:
    with open_workplace(lingonby_sen.hem) as opened:
        yield opened


def section(closed: Closed, kod: str, name: str) -> html.HtmlElement:
    return html.fromstring(closed.read(kod, ".html")).get_element_by_id(name)


def text_of(part: html.HtmlElement) -> str:
    return " ".join(part.text_content().split())


def rows_of(table: html.HtmlElement) -> list[list[str]]:
    return [[text_of(cell) for cell in row] for row in table.xpath(".//tbody/tr[th]")]


def test_sections_stand_where_there_is_data(lingonby_sen: Closed) -> None:
    found = {kod: set(html.fromstring(lingonby_sen.read(kod, ".html")).xpath("//section/@id")) for kod in ("KS", "SBN")}
    ours = {"personal", "kolada", "intern-kontroll", "anvandare", "utforare", "upphandlingar"}
    assert ours <= found["KS"]
    assert ours & found["SBN"] == {"personal", "kolada", "intern-kontroll", "upphandlingar"}


def test_a_small_group_is_nowhere_in_what_is_published(workplace: Workplace, lingonby_sen: Closed) -> None:
    """VA has 6 women among 19 employed: their hours stand nowhere, the hours of all 19 do."""
    frame = workplace.store.load_figures(lingonby_sen.closing.id)
    hours = frame[(frame["enhet"] == "VA") & (frame["matt"] == "personal") & (frame["serie"] == "sjuktid")]
    women, everyone = (antal_text(int(hours[hours["rad"] == rad]["varde"].iloc[0]), 2) for rad in ("kvinnor", "totalt"))
    trail = lingonby_sen.read("SBN", "-spar.html").decode()
    assert everyone in trail
    assert women not in trail
    table = section(lingonby_sen, "SBN", "personal").xpath(".//table")[0]
    rows = {row[0]: row[1] for row in rows_of(table)}
    assert (rows["Total sjukfrånvaro"], rows["Kvinnor"], rows["Män"]) == ("4,0", "visas inte", "visas inte")


@pytest.mark.parametrize(
    "figure_id",
    [
        "2026-04/NAMND.SBN/personal/totalt/sjukfranvaro",
        "2026-04/SBN/personal/totalt/andring_sjukfranvaro_lang",
        "2026-04/SBN/personal/totalt/frisknarvaro",
        "2026-04/OMS/risker/lakemedel/riskvarde",
    ],
)
def test_every_kind_of_figure_comes_to_unchanged_cells(workplace: Workplace, figure_id: str) -> None:
    links = Tracer(workplace).trace(figure_id)
    assert [link.figure_id for link in links if link.broken] == []
    assert any("oförändrade" in link.proof for link in links)


def test_the_highest_risk_is_first_in_table_and_picture_and_its_goal_is_named(lingonby_sen: Closed) -> None:
    control = section(lingonby_sen, "KS", "intern-kontroll")
    rows = rows_of(control.xpath(".//table")[0])
    assert [row[0].split()[0] for row in rows] == ["R1", "R2", "R3", "R4", "R5"]
    values = [int(row[3]) for row in rows]
    assert values == sorted(values, reverse=True)
    assert [int(row[1]) * int(row[2]) for row in rows] == values
    picture = control.xpath("string(.//svg/title)")
    assert f"Högst är R1 Fel vid hantering av läkemedel med riskvärdet {values[0]}" in picture
    assert "Den som har hemtjänst möter högst 12" in text_of(control)


def test_utforare_stand_side_by_side_and_the_procurements_are_listed(lingonby_sen: Closed) -> None:
    table = section(lingonby_sen, "KS", "utforare").xpath(".//table")[0]
    heads = [text_of(cell) for cell in table.xpath(".//thead//th")]
    assert [head.partition("(")[2].rstrip(")") for head in heads[1:]] == ["egen regi", "LOV", "entreprenad"]
    assert all(len(row) == len(heads) for row in rows_of(table))
    measured = next(row[0] for row in rows_of(table) if "Personer som brukaren möter" in row[0])
    assert "Målvärde ≤ 12,0. Lingonvård AB når målvärdet. Kommunens hemtjänst är nära målvärdet." in measured
    assert rows_of(section(lingonby_sen, "KS", "upphandlingar").xpath(".//table")[0])


def test_what_is_blank_on_the_newer_sheets_is_named(lingonby_sen: Closed) -> None:
    blank = text_of(section(lingonby_sen, "KS", "ej-rapporterat"))
    assert "Utförare: resultat saknas för Personer som brukaren möter på två veckor (Vård och omsorg)." in blank
    assert "60 dagar eller mer" not in blank, "the law asks for it of everyone together alone"
    assert "Brukare som är nöjda" not in blank, "somebody has said that the method is new"


def test_quartiles_have_words_of_their_own_also_per_gender_and_no_goal_colour(lingonby_sen: Closed) -> None:
    kolada = section(lingonby_sen, "KS", "kolada")
    rows = rows_of(kolada.xpath(".//table")[0])
    assert {row[-1] for row in rows} <= {
        "bästa fjärdedelen",
        "mellersta hälften",
        "sämsta fjärdedelen",
        "kan inte bedömas",
        "",
    }
    assert any("Kvinnor: " in row[0] and "Män: " in row[0] for row in rows)
    assert not kolada.xpath(".//*[contains(@class, 'malmarke') or contains(@class, 'lagetecken')]")
    assert "CC BY 4.0" in text_of(kolada)
