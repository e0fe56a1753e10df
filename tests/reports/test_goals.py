"""The goal thread in the reports of Lingonby: board, pages, states by shape and words, every number with its trail; none in Alingsås."""

from __future__ import annotations

import re

import pytest
from lxml import html

from flows.steps.book_goals import goal_chapter
from flows.steps.trace import trace
from flows.workplace import open_workplace
from tests.closings import Closed
from transforms.view_goals import Marke
from transforms.view_parts import parts_of


@pytest.fixture(scope="module")
def page(lingonby_sen: Closed) -> html.HtmlElement:
    return html.fromstring(lingonby_sen.read("KS", ".html"))


def text_of(part: html.HtmlElement) -> str:
    return " ".join(part.text_content().split())


def test_a_kommun_without_a_malplan_has_no_word_of_goals(alingsas: Closed) -> None:
    found = html.fromstring(alingsas.read("TEN", ".html"))
    assert not found.xpath("//section[@id='mal']")


def test_the_board_has_every_goal_of_the_namnd_with_its_indikatorer(page: html.HtmlElement) -> None:
    goals = [text_of(part) for part in page.xpath("//tr[@class='malrad']/th/a")]
    assert goals == [
        "Den som har hemtjänst möter högst 12 olika medarbetare på två veckor 2026.",
        "Biblioteken behåller minst 41 tusen lån per år.",
        "Sjukfrånvaron understiger 6 procent 2026.",
    ]
    assert len(page.xpath("//tr[@class='indikatorrad']")) == 4


def test_every_state_has_a_shape_and_words(page: html.HtmlElement) -> None:
    marks = page.xpath("//*[contains(concat(' ', @class, ' '), ' malmarke ')]")
    assert marks
    for mark in marks:
        assert mark.xpath(".//svg")
        assert mark.xpath("string(.//svg/title)") == text_of(mark.xpath(".//*[@class='ord']")[0]) != ""
    words = {text_of(mark.xpath(".//*[@class='ord']")[0]) for mark in marks}
    assert {"bedöms uppfyllas", "bedöms delvis uppfyllas", "mäts på ett nytt sätt"} <= words
    assert not any(word.startswith("är ") for word in words), "a month report gives no verdicts"


def test_a_fixed_assessment_and_the_rules_stand_side_by_side(page: html.HtmlElement) -> None:
    goal = text_of(page.get_element_by_id("mal-oms_kontinuitet"))
    assert "Blev det som vi ville?" in goal
    assert re.search(r"Fastställt av Förvaltningsekonom 2026-05-\d\d\. Enligt regeln: bedöms delvis uppfyllas\.", goal)
    assert "Bedömningen skiljer sig från regeln" in goal
    assert "79 (värde från 2025)" in goal, "an older value stands with its year"
    assert "Värdet är hämtat ur enkäten, hemtjanst_nojd." in goal
    assert "164 av 251 har svarat" in goal, "surveys stand on the goal's page"
    assert "Bemötande: 4 klagomål, 9 synpunkter, 3 förslag" in goal
    assert "Kommunens hemtjänst (egen regi) 15,0, är nära målvärdet; Lingonvård AB (LOV) 11,0, når målvärdet" in goal
    assert "Risker mot målet För få behöriga under sommaren: riskvärde 12, åtgärdas." in goal
    assert re.search(r"Till och med april 2026 har Vård och omsorg använt [\d ]+ av årets [\d ]+ tkr\.", goal)


def test_a_goal_says_what_it_belongs_to_and_its_chain_what_shows_the_effect(page: html.HtmlElement) -> None:
    goal = text_of(page.get_element_by_id("mal-ks_franvaro"))
    assert (
        "Nämndmål, personal. Ansvarig: kommunchef. Bidrar: Vård och omsorg, Barn och utbildning, Samhällsbyggnad."
        in goal
    )
    assert "Bidrar till: Kommunens medarbetare orkar, trivs och stannar → Lingonby är en kommun" in goal
    effect = page.xpath("//section[@id='mal-oms_kontinuitet']//ol[@class='kedja']/li")[2]
    assert text_of(effect) == (
        "Tidig effekt Brukarna känner igen dem som kommer. bedöms delvis uppfyllas bedöms delvis uppfyllas "
        "Medarbetare som en brukare möter på 14 dagar"
    )


def test_every_number_of_the_goals_leads_to_its_trail(page: html.HtmlElement, lingonby_sen: Closed) -> None:
    trails = html.fromstring(lingonby_sen.read("KS", "-spar.html"))
    links = page.xpath("//section[starts-with(@id, 'mal')]//a[contains(@class, 'tal')]/@href")
    assert links
    known = set(trails.xpath("//section[@class='siffra']/@id"))
    from urllib.parse import unquote

    assert {unquote(link.partition("#")[2]) for link in links} <= known
    cell = text_of(trails.xpath("//section[@id='2026-04/OMS/indikatorer/personal_hemtjanst/utfall']")[0])
    assert "blad Mål, cell G8" in cell


def test_a_fetched_value_is_followed_down_to_its_source(lingonby_sen: Closed) -> None:
    with open_workplace(lingonby_sen.hem) as workplace:
        survey = trace(workplace, "2026-04/OMS/indikatorer/nojda_hemtjanst/utfall@2025")
        kolada = trace(workplace, "2026-04/BUN/indikatorer/behorighet/utfall@2025")
    assert [link.figure_id for link in survey][1:] == ["2026-04/OMS/enkater/hemtjanst_nojd/utfall@2025"]
    assert [link.figure_id for link in kolada][1:] == ["2026-04/KOMMUNEN/kolada/N99001/varde@2025"]
    assert survey[-1].proof == "De lagrade byten är oförändrade och cellen innehåller detsamma."
    assert kolada[-1].proof == "Koladas lagrade svar är oförändrat."
    assert not any(link.broken for link in (*survey, *kolada))


def test_the_tree_of_the_kommun_reaches_from_the_vision_to_every_goal(lingonby_sen: Closed) -> None:
    tree = html.fromstring(lingonby_sen.read("", ".html")).get_element_by_id("mal-trad")
    nodes = tree.xpath(".//div[contains(@class, 'nod')]")
    assert len(nodes) == 12
    assert text_of(nodes[0]).startswith("Vision")
    changed = text_of(html.fromstring(lingonby_sen.read("", ".html")).get_element_by_id("mal-andringar"))
    assert "Veckor till beslut om bygglov, målvärdena: var 2025: 6; 2026: 5,5, är 2025: 6; 2026: 5." in changed
    assert (
        "version 2"
        in text_of(html.fromstring(lingonby_sen.read("", ".html")).get_element_by_id("mal-andringar")).lower()
    )


def test_a_namnd_sees_its_own_branches_of_the_tree(page: html.HtmlElement) -> None:
    nodes = [text_of(node) for node in page.get_element_by_id("mal-trad").xpath(".//div[contains(@class, 'nod')]")]
    assert len(nodes) == 7
    assert nodes[0].startswith("Vision")
    assert not any("Skolnärvaron" in node for node in nodes), "another nämnd's goal"


def test_curves_say_their_message_in_words(page: html.HtmlElement) -> None:
    curves = page.xpath("//svg[@class='kurva']/@aria-label")
    assert curves
    assert all("Målvärde" in said for said in curves)


@pytest.mark.parametrize(
    ("rapport", "said", "never"), [("delarsrapport", "bedöms ", "är uppfyllt"), ("arsredovisning", "är ", "bedöms ")]
)
def test_the_delarsrapport_forecasts_and_the_arsredovisning_judges(
    lingonby_sen: Closed, rapport: str, said: str, never: str
) -> None:
    with open_workplace(lingonby_sen.hem) as workplace:
        chapter = goal_chapter(workplace, lingonby_sen.closing, rapport)
    assert chapter is not None
    assert [section.id for section in chapter.sektioner][:2] == ["mal", "mal-trad"]
    words = {part.text for part in parts_of(chapter.sektioner) if isinstance(part, Marke)}
    assert any(word.startswith(said) for word in words)
    assert not any(word.startswith(never) for word in words)
    assert chapter.antal == 4
    assert chapter.uppfyllda == sum(
        row.marke.form == "ring_fylld"
        for section in chapter.sektioner
        for part in section.mal
        if part.tavla
        for row in part.tavla.rader
    )
