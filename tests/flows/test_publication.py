"""What is published: only the public view, in every byte stream; and the spårsidor in a real browser."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote

import pikepdf
import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from adapters.publication import Publication
from adapters.rendering import RenderPool
from adapters.workbook_fill import set_cells
from flows.steps.approve import view_of
from flows.steps.publication import Publicerad, lay_out_internal, lay_out_public
from flows.workplace import open_workplace
from tests.closings import MARS, SUFFIXES, Closed, close, copy_home, time_of
from transforms.view_types import Lage

LINK = re.compile(r'<(?:a|link|script)\b[^>]*? (?:href|src)="([^"]*)"')
SENDER = "Anna Hemlig Avsändare"
MAIL = "anna.hemlig@exempel.invalid"
RAW = "000\u2009825,00"
"""How the sender typed a periodbudget of 825: with zeros and a thin space, which no page of ours writes."""
SMALL = "2026-03/OMS/volymer/placeringsdygn/utfall"
TOLD = "2026-03/OMS/volymer/placeringsdygn/avvikelse_period"


def secret_return(content: bytes) -> bytes:
    """A return with an address in a comment, a number typed in a way of its own, and a volume of few persons."""
    content = set_cells(content, "Kommentarer", {"E13": f"Fler barn är placerade än i budget. Fråga {MAIL} om vilka."})
    return set_cells(content, "Volymer", {"H10": Decimal(7), "G10": RAW})


@pytest.fixture(scope="module")
def closed(lingonby_mars: Closed, session_folder: Callable[[str], Path], rendering_pool: RenderPool) -> Closed:
    """Lingonby's March with one return that holds secrets; its reports made again."""
    hem = copy_home(lingonby_mars.hem, session_folder("hemligheter"))
    text = hem.kommun_yaml.read_text(encoding="utf-8")
    before = 'namn: "Placeringsdygn, barn och unga", matt_enhet: dygn'
    assert before in text
    hem.kommun_yaml.write_text(text.replace(before, f"{before}, personuppgift: true"), encoding="utf-8")
    inbox = Path(hem.inkorg)
    content = (inbox / "retur-omf-2026-03.xlsx").read_bytes()
    (inbox / f"{SENDER}.xlsx").write_bytes(secret_return(content))
    return close(hem, MARS, rendering_pool, time_of(MARS, 16))


def lay_out(closed: Closed, folder: Path) -> tuple[str, ...]:
    """The drafts of the closing laid out as what is settled is: the same views and files, with another word for the state."""
    with open_workplace(closed.hem) as workplace:
        reports = [
            Publicerad(
                view_of(workplace, report),
                Lage(report.tillstand, report.version, report.innehallshash),
                {
                    f"{report.rapport_id}{suffix}": key
                    for suffix, key in zip(
                        SUFFIXES,
                        (report.pdf_sha256, report.html_sha256, report.spar_sha256, report.xlsx_sha256),
                        strict=True,
                    )
                },
            )
            for report in closed.reports
        ]
        return lay_out_public(workplace, "2026-03", reports, Publication(str(folder)))


@pytest.fixture(scope="module")
def published(closed: Closed, session_folder: Callable[[str], Path]) -> Path:
    folder = session_folder("publicerat")
    lay_out(closed, folder)
    return folder / "2026-03"


@pytest.fixture(scope="module")
def internal(closed: Closed) -> Path:
    folder = closed.hem.internt("2026-03")
    with open_workplace(closed.hem) as workplace:
        lay_out_internal(workplace, closed.closing, folder)
    return folder


def streams(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Every byte stream in a file: itself, parts of a workbook, decoded streams, strings, attachments and text of a PDF."""
    yield name, content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for part in archive.namelist():
                yield from streams(f"{name}!{part}", archive.read(part))
    elif content.startswith(b"%PDF"):
        document = pypdfium2.PdfDocument(content)
        yield f"{name}!text", "\n".join(page.get_textpage().get_text_bounded() for page in document).encode()
        document.close()
        with pikepdf.open(io.BytesIO(content)) as pdf:
            for number, obj in enumerate(pdf.objects):
                if isinstance(obj, pikepdf.Stream):
                    yield from streams(f"{name}!{number}", obj.read_bytes())
                else:
                    yield f"{name}!{number}", str(obj).encode()
    elif name.endswith((".html", ".xml", ".json", ".js")) or content.lstrip().startswith((b"<", b"{")):
        yield f"{name}!plain", html.unescape(content.decode("utf-8", "replace")).encode()


def places_of(secret: str, folder: Path) -> list[str]:
    """Where a secret stands in the files of a folder, in any encoding, with any white space."""
    wanted = ["".join(secret.split())]
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            for name, content in streams(str(path.relative_to(folder)), path.read_bytes()):
                texts = (content.decode(encoding, "ignore") for encoding in ("utf-8", "utf-16-be", "utf-16-le"))
                if any(each in "".join(text.split()) for text in texts for each in wanted):
                    found.append(name)
    return found


def test_the_return_with_the_secrets_counts(closed: Closed) -> None:
    with open_workplace(closed.hem) as workplace:
        files = {workplace.store.retur(retur_id).fil for retur_id in closed.closing.retur_ids}
    assert f"{SENDER}.xlsx" in files


@pytest.mark.parametrize("secret", [SENDER, MAIL, RAW])
def test_no_planted_secret_is_in_any_byte_stream_that_is_published(published: Path, secret: str) -> None:
    assert places_of(secret, published) == []


def test_the_search_finds_what_is_there_even_in_an_attachment_of_an_attachment(published: Path, internal: Path) -> None:
    found = places_of("avvikelse_period", published)
    assert any(name.startswith("manadsrapport-2026-03-ks.pdf!") and "xl/" in name for name in found)
    assert any("~placeringsdygn~periodbudget.html" in name for name in places_of(RAW, internal))


def test_a_small_group_and_what_would_tell_it_have_no_value_anywhere_public(published: Path, closed: Closed) -> None:
    figures = {row["id"]: row for row in json.loads((published / "siffror.json").read_text("utf-8"))["siffror"]}
    for name in (SMALL, TOLD):
        assert (figures[name]["varde"], figures[name]["text"]) == (None, "visas inte")
    with (published / "siffror.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file, delimiter=";")}
    assert {(rows[name]["varde"], rows[name]["text"]) for name in (SMALL, TOLD)} == {("", "visas inte")}
    assert rows.keys() == figures.keys()
    with open_workplace(closed.hem) as workplace:
        stored = workplace.store.find_figure("lingonby", SMALL)
    assert stored is not None
    assert stored.figure.varde == 7


def test_a_withheld_text_is_told_of_where_it_would_have_stood(published: Path) -> None:
    page = (published / "manadsrapport-2026-03-ks.html").read_text("utf-8")
    assert "Texten hålls inne: den kan innehålla personuppgifter." in page
    assert "Uppgifter om grupper med högst 10 personer visas inte" in page


def test_published_reports_are_the_stored_bytes_and_a_second_laying_out_changes_nothing(
    published: Path, closed: Closed
) -> None:
    before = {path: path.stat().st_mtime_ns for path in published.rglob("*") if path.is_file()}
    with open_workplace(closed.hem) as workplace:
        for report in closed.reports:
            stored = workplace.objects.get(report.pdf_sha256)
            assert (published / f"{report.rapport_id}.pdf").read_bytes() == stored
    (published / "spar" / "2025-01~X~drift~y~prognos.html").write_text("gammal")
    (published / "andras.txt").write_text("någon annans")
    names = lay_out(closed, published.parent)
    (published / "andras.txt").unlink()
    assert {path: path.stat().st_mtime_ns for path in published.rglob("*") if path.is_file()} == before
    assert {str(path.relative_to(published)) for path in before} == set(names)


def test_every_link_of_every_trail_page_leads_to_a_file(published: Path, internal: Path) -> None:
    for folder in (published, internal):
        files = {str(path.relative_to(folder)) for path in folder.rglob("*")}
        for path in (*folder.glob("*.html"), *folder.glob("v1/*.html"), *(folder / "spar").glob("*.html")):
            base = path.parent.relative_to(folder)
            for address in LINK.findall(path.read_text("utf-8")):
                target = unquote(address.partition("#")[0])
                place = target.removeprefix("../") if target.startswith("../") else str(base / target)
                assert not target or place in files, (path.name, address)


def tab_to(page: Page, selector: str, most: int = 400) -> None:
    """Press Tab until the focus stands on what the selector names."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def test_from_a_number_of_the_report_to_the_cell_in_two_steps_by_keyboard_alone(
    browser: Browser, internal: Path
) -> None:
    page = browser.new_page()
    page.goto((internal / "manadsrapport-2026-03-ks.html").as_uri())
    tab_to(page, 'td a.tal[data-siffra="2026-03/OMS/drift/kostnader/prognos"]')
    page.keyboard.press("Enter")
    page.wait_for_selector(".grenar")
    assert page.locator("h1").inner_text().startswith("Vård och omsorg, drift, Verksamhetens kostnader, prognos helår")
    tab_to(page, '.grenar .kalla a[href*="~personal~prognos"]')
    page.keyboard.press("Enter")
    page.wait_for_selector("#cell .cellen")
    cell = page.locator("#cell .cellen").inner_text()
    neighbours = page.locator("#cell .utsnitt").inner_text()
    assert page.locator(".adress").count() > 10
    assert cell.split()[0] in page.locator("#cell p.kalla").inner_text()
    assert "Personalkostnader" in neighbours
    page.close()


def test_a_public_number_reaches_its_cells_address_in_two_steps_and_no_content(
    browser: Browser, published: Path
) -> None:
    page = browser.new_page()
    page.goto((published / "manadsrapport-2026-03-ks.html").as_uri())
    page.locator('td a.tal[data-siffra="2026-03/OMS/drift/kostnader/prognos"]').first.click()
    page.locator(".siffra:target .hela a").click()
    leaves = page.locator(".grenar .kalla")
    leaves.first.wait_for()
    assert leaves.count() >= 4
    assert "Drift!" in leaves.first.inner_text()
    assert page.locator(".utsnitt").count() == 0
    page.close()


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        (SMALL, "Vård och omsorg, volymer, Placeringsdygn, barn och unga, utfall perioden"),
        ("kommunstyrelsen placeringsdygn prognos", "Vård och omsorg, volymer, Placeringsdygn, barn och unga"),
    ],
)
def test_search_finds_a_figure_by_id_nämnd_and_text_without_a_server(
    browser: Browser, published: Path, asked: str, first: str
) -> None:
    page = browser.new_page()
    page.goto((published / "spar" / "index.html").as_uri())
    tab_to(page, "#sok")
    page.keyboard.type(asked)
    assert "träff" in page.locator("#antal").inner_text()
    tab_to(page, "#traffar a")
    assert page.evaluate("document.activeElement.textContent").startswith(first)
    page.keyboard.press("Enter")
    page.wait_for_selector("h1")
    assert page.locator("h1").inner_text().startswith(first)
    page.close()


@pytest.mark.parametrize("width", [360, 1200])
def test_axe_finds_nothing_on_the_trail_pages(browser: Browser, internal: Path, width: int) -> None:
    folder = internal / "spar"
    pages = [
        internal / "manadsrapport-2026-03-ks-spar.html",
        folder / "index.html",
        folder / "2026-03~OMS~drift~kostnader~prognos.html",
        folder / "2026-03~OMS~drift~personal~prognos.html",
        next(folder.glob("retur-*.html")),
    ]
    page = browser.new_page(viewport={"width": width, "height": 900})
    for path in pages:
        page.goto(path.as_uri())
        assert Axe().run(page).response["violations"] == [], path.name
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path.name
    page.close()
