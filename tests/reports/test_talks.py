"""The resultatdialog and the citizen's page of Lingonby: what they ask and say, finished files without a fault, public figures alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from lxml import html
from playwright.sync_api import Browser

from flows.cli import main
from flows.steps.talks import citizen_page, dialogues, write_view
from flows.workplace import open_workplace
from tests.closings import Closed
from transforms.view_types import Rapport


@pytest.fixture(scope="module")
def views(lingonby_sen: Closed) -> dict[str, Rapport]:
    with open_workplace(lingonby_sen.hem) as workplace:
        packs = dialogues(workplace, lingonby_sen.closing, [namnd.kod for namnd in workplace.kommun.namnder])
        return {**{view.kod: view for view in packs}, "medborgare": citizen_page(workplace, lingonby_sen.closing)}


@pytest.fixture(scope="module")
def files(views: dict[str, Rapport], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samtal")
    for name in ("KS", "medborgare"):
        write_view(views[name], folder)
    return folder


def questions(view: Rapport) -> list[str]:
    return [
        f"{part.rubrik}: {said.text}"
        for part in view.sektioner
        if part.id.startswith("fragor-")
        for said in part.punkter
    ]


def test_every_namnd_with_goals_has_a_pack_of_four_parts(views: dict[str, Rapport]) -> None:
    assert set(views) == {"KS", "BUN", "SBN", "medborgare"}
    for kod in ("KS", "BUN", "SBN"):
        parts = [
            part.id for part in views[kod].sektioner if part.id != "personal" and not part.id.startswith("fragor-")
        ]
        assert parts == ["resurser", "resultat", "effekter", "effektkedjor", "fragor"]
        assert questions(views[kod])


def test_the_questions_come_from_what_the_closing_shows(views: dict[str, Rapport]) -> None:
    asked = questions(views["KS"])
    named = "Den som har hemtjänst möter högst 12 olika medarbetare på två veckor 2026"
    said = f"{named}: Bedömningen säger ”bedöms uppfyllas”, regeln ”bedöms delvis uppfyllas”."
    assert any(text.startswith(said) for text in asked)
    assert f"{named}: För få behöriga under sommaren: risken hotar målet. Vad gör vi om den inträffar?" in asked
    assert any(text.startswith(f"{named}: Nytt schema i hela hemtjänsten: leveransen är inte klar.") for text in asked)
    assert any("alla utförare når inte lika långt" in text for text in asked)
    assert "Vad har vi lärt oss" in asked[-1]
    assert any(
        text.startswith("Beslut om bygglov tar högst 5 veckor 2026: Målet lyder på ett annat sätt")
        for text in questions(views["SBN"])
    )


def test_values_of_kolada_stand_with_their_attribution(views: dict[str, Rapport]) -> None:
    for kod, expected in (("BUN", True), ("KS", False)):
        said = " ".join(text.text for part in views[kod].sektioner for text in part.meningar)
        assert ("CC BY 4.0" in said) is expected


def test_the_citizens_page_is_plain_and_says_what_is_not_known(views: dict[str, Rapport]) -> None:
    page = views["medborgare"]
    text = " ".join(said.text for part in page.sektioner for said in (*part.meningar, *part.punkter))
    assert "Kommunen tror att det" in text
    assert "Brukare som är nöjda med hemtjänsten: mäts på ett nytt sätt i år" in text
    assert "mätningen kommer 15 juni 2026" in text
    for word in ("avvikelse", "måluppfyllelse", "nettokostnad", "periodbudget", "indikator"):
        assert word not in text.lower(), word


def test_only_the_public_view_is_shown(files: Path) -> None:
    neutral = re.compile(r"(?:retur-[a-z]+-2026-0\d|budgetregister-2026)(?:-v\d+)?\.xlsx")
    for path in files.glob("*-spar.html"):
        names = set(re.findall(r"[\w.-]+\.xlsx", path.read_text()))
        assert names
        assert all(neutral.fullmatch(name) for name in names)
        assert "innehåll '" not in path.read_text()


@pytest.mark.parametrize("width", [360, 1200])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    browser: Browser, files: Path, lingonby_sen: Closed, width: int
) -> None:
    reports = [lingonby_sen.path("", ".html"), lingonby_sen.path("KS", ".html")]
    page = browser.new_page(viewport={"width": width, "height": 900})
    for path in (*sorted(files.glob("*[!r].html")), *reports):
        page.goto(path.as_uri())
        assert Axe().run(page).response["violations"] == [], path.name
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path.name
    page.close()


def test_every_number_of_the_pages_leads_to_its_trail(files: Path) -> None:
    for path in files.glob("*[!r].html"):
        trails = set(html.parse(path.with_name(f"{path.stem}-spar.html")).xpath("//section[@class='siffra']/@id"))
        shown = set(html.parse(path).xpath("//a[@data-siffra]/@data-siffra"))
        assert shown
        assert shown <= trails


def test_the_verbs_say_what_is_not_there(lingonby_sen: Closed, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resultatdialog", "2026-04", "FINNS", "--kommun", str(lingonby_sen.hem.path)]) == 2
    assert "Nämnden FINNS finns inte" in capsys.readouterr().err
