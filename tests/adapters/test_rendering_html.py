"""The HTML of a report and of its trails: whole, linked, escaped, accessible in a real browser."""

import dataclasses
import html.parser
import re
from itertools import pairwise
from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe
from jinja2 import Environment, nodes

from adapters.rendering import RenderingError
from adapters.rendering.html import FONT_SCHEME, TEMPLATES, check, contrast, render_html, render_spar
from adapters.rendering.pdf import TRAIL_BASE
from tests.sample_report import sample_report, sample_state
from transforms.view_types import Mening, Sektion, Tal

WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],  # of what passes just one element is told
}
VOID = {"meta", "col", "wbr", "br", "link", "img"}


class Page(html.parser.HTMLParser):
    """The start tags of a page in order, with attributes, and whether every tag was closed."""

    def __init__(self, source: bytes):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(source.decode("utf-8"))

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def all(self, *names):
        return [(tag, attrs) for tag, attrs in self.tags if tag in names]


@pytest.fixture(scope="module")
def web():
    return render_html(sample_report(), sample_state(), "webb")


@pytest.fixture(scope="module")
def spar():
    return render_spar(sample_report(), sample_state())


def test_every_tag_is_closed_and_every_id_is_single(web, spar):
    for source in (web, spar):
        page = Page(source)
        assert page.open == []
        ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
        assert len(ids) == len(set(ids))


def test_page_is_swedish_with_one_h1_and_no_skipped_level(web, spar):
    for source in (web, spar):
        page = Page(source)
        assert page.tags[0] == ("html", {"lang": "sv"})
        levels = [int(tag[1]) for tag, _ in page.all("h1", "h2", "h3", "h4")]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_every_header_cell_has_scope_and_every_table_caption_and_columns(web):
    page = Page(web)
    assert {attrs.get("scope") for _, attrs in page.all("th")} == {"col", "row"}
    tables = page.all("table")
    assert len(page.all("caption")) == len(tables) == len(page.all("colgroup"))


def test_every_number_of_the_report_is_a_link_to_its_trail(web, spar):
    report = sample_report()
    targets = {attrs["id"] for _, attrs in Page(spar).tags if "id" in attrs}
    links = [attrs["href"] for _, attrs in Page(web).all("a") if "tal" in (attrs.get("class") or "").split()]
    ids = [unquote(link.split("#", 1)[1]) for link in links]
    assert set(ids) <= targets
    assert {link.split("#", 1)[0] for link in links} == {f"{report.id}-spar.html"}
    cells = [tal for s in report.sektioner for t in s.tabeller for rad in t.rader for tal in rad.celler]
    assert {tal.figure_id for tal in cells} <= set(ids)
    assert len(ids) >= len(cells)


def test_a_figure_id_with_percent_and_year_is_found_by_the_browser(browser, tmp_path):
    report = sample_report()
    odd = dataclasses.replace(report.spar[0], figure_id="2026-04/SBN/drift/eget%20projekt%C3%A5/bokslut@2025")
    sentence = Mening(("Bokslut ", Tal("12", odd.figure_id, ore=12_00_000), "."))
    report = dataclasses.replace(
        report, spar=(odd, *report.spar), sektioner=(Sektion("prov", "Prov", meningar=(sentence,)), *report.sektioner)
    )
    check(report)
    (tmp_path / f"{report.id}.html").write_bytes(render_html(report, sample_state(), "webb"))
    (tmp_path / f"{report.id}-spar.html").write_bytes(render_spar(report, sample_state()))
    page = browser.new_page()
    page.goto(f"file://{tmp_path}/{report.id}.html")
    page.click("#prov a.tal")
    assert page.locator(":target").get_attribute("id") == odd.figure_id
    page.close()


def test_nothing_is_fetched_from_anywhere_else(web, spar):
    for source in (web, spar):
        text = source.decode("utf-8")
        addresses = [
            value
            for _, attrs in Page(source).tags
            for name, value in attrs.items()
            if name in ("href", "src", "srcset")
        ]
        assert addresses
        assert all(
            re.fullmatch(r"#.+|manadsrapport-2026-04-sbn(-spar)?\.(html|pdf|xlsx)(#.+)?", address)
            for address in addresses
        )
        assert {address[:5] for address in re.findall(r"url\(['\"]?([^)]*)", text)} <= {"data:", "#diag"}
        assert "<script" not in text
        assert set(re.findall(r"https?://[^\"' <]+", text)) <= {"http://www.w3.org/2000/svg"}


def test_comments_from_returns_are_text_never_markup(web):
    text = web.decode("utf-8")
    assert "&lt;b&gt;Ovanligt&lt;/b&gt; många snöfall i januari &amp; februari [U+1F600]." in text
    assert "<b>" not in text


def test_mark_and_state_stand_at_top_and_bottom(web, spar):
    for source in (web, spar):
        text = source.decode("utf-8")
        head, foot = text.split("<main", 1)[0], text.split("</main>", 1)[1]
        assert "Påhittad kommun, siffrorna är exempel" in head.split("<body", 1)[1]
        assert "Påhittad kommun, siffrorna är exempel" in foot
        assert "UTKAST · version 1 · innehåll a1b2c3d4e5f6" in foot


def test_missing_is_set_apart_and_explained_where_the_explanation_is_missing(web):
    text = web.decode("utf-8")
    assert len(re.findall(r'class="tal saknas"[^>]*>uppgift saknas<', text)) > 10
    assert text.count("Förklaring saknas.</strong>") == 1


def test_charts_carry_title_description_and_all_their_labels(web):
    report = sample_report()
    text = web.decode("utf-8")
    for diagram in (d for s in report.sektioner for d in s.diagram):
        assert text.count(f'<title id="{diagram.id}-bred-titel">{diagram.alternativtext}</title>') == 1
        for label in diagram.bred.texter:
            assert f">{label.text}</text>" in text


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("kind", ["rapport", "spar"])
def test_axe_finds_nothing_in_a_real_browser_and_nothing_sticks_out(browser, tmp_path, web, spar, width, kind):
    path = tmp_path / "sida.html"
    path.write_bytes(web if kind == "rapport" else spar)
    page = browser.new_page(viewport={"width": width, "height": 900})
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"file://{path}#innehall")
    found = Axe().run(page, options=WCAG).response
    assert [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found["violations"]] == []
    assert len(found["passes"]) > 10
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.fonts.check('16px \"Rodatraden Sans\"') && document.fonts.size") == 3
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
    page.close()


def test_templates_hold_no_arithmetic():
    environment = Environment(autoescape=True)
    paths = sorted(TEMPLATES.rglob("*.jinja"))
    assert len(paths) >= 8
    for path in paths:
        tree = environment.parse(path.read_text(encoding="utf-8"))
        arithmetic = [node for node in tree.find_all(nodes.BinExpr) if not isinstance(node, nodes.And | nodes.Or)]
        assert arithmetic == [], path.name
        assert {node.name for node in tree.find_all(nodes.Filter)}.isdisjoint(
            {"sum", "round", "int", "float", "abs", "safe"}
        ), path.name
        assert list(tree.find_all(nodes.Neg)) == [], path.name


def colours() -> dict[str, str]:
    style = (TEMPLATES / "rapport.css").read_text(encoding="utf-8")
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", style))


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("text", "papper"), ("dampad", "papper"), ("plus", "papper"), ("minus", "papper"), ("varning", "papper"),
        ("text", "ton"), ("dampad", "ton"), ("varning", "varning-ton"), ("text", "varning-ton"), ("stark-linje", "papper"),
    ],
)  # fmt: skip
def test_text_colours_have_contrast(text, ground):
    known = colours()
    assert contrast(known[text], known[ground]) >= 4.5


LIGHT = {"tidigare", "ljus", "niva-0", "niva-1"}
"""Fills that IBCS wants light (föregående år) and the lowest risks: dark text stands on them or beside them, never they as text."""


def test_chart_colours_have_contrast():
    source = (TEMPLATES / "makron" / "diagram.jinja").read_text(encoding="utf-8")
    named = dict(re.findall(r"'([a-z0-9-]+)': '(#[0-9a-f]{6})'", source))
    on_white = {name: colour for name, colour in named.items() if name not in LIGHT and colour != "#ffffff"}
    assert set(named) >= LIGHT
    assert len(on_white) >= 4
    assert [name for name, colour in on_white.items() if contrast(colour, "#ffffff") < 4.5] == []
    assert [name for name in LIGHT if contrast(named["text"], named[name]) < 4.5] == []


def test_contrast_agrees_with_the_published_extremes():
    assert round(contrast("#000000", "#ffffff"), 2) == 21.0
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48
    assert contrast("#123456", "#123456") == 1.0


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"accentfarg": "#ffd700"}, "R102", "kontrast"),
        ({"accentfarg": "red;}"}, "R102", "accentfärgen"),
        ({"spar": ()}, "R101", "inget spår"),
        ({"sektioner": (Sektion("a", "A", niva=4),)}, "R101", "rubriknivå 4"),
    ],
)
def test_a_view_that_would_break_the_page_is_refused(change, code, words):
    with pytest.raises(RenderingError, match=words) as caught:
        check(dataclasses.replace(sample_report(), **change))
    assert caught.value.code == code
    assert caught.value.report == "manadsrapport-2026-04-sbn"


def test_a_row_with_too_few_cells_is_refused():
    report = sample_report()
    sektion = report.sektioner[1]
    table = sektion.tabeller[0]
    short = dataclasses.replace(table.rader[1], celler=table.rader[1].celler[:2])
    broken = dataclasses.replace(sektion, tabeller=(dataclasses.replace(table, rader=(short,)),))
    with pytest.raises(RenderingError, match="fel antal celler"):
        check(dataclasses.replace(report, sektioner=(broken,)))


def test_an_unknown_state_is_refused():
    with pytest.raises(RenderingError, match="går inte att fylla"):
        render_html(sample_report(), sample_state("påhittad"), "webb")


@pytest.mark.parametrize("tillstand", ["utkast", "granskad", "fastställd", "distribuerad", "rättad"])
def test_each_state_stands_in_words(tillstand):
    assert f">{tillstand.upper()}</span>" in render_html(sample_report(), sample_state(tillstand, 3), "webb").decode(
        "utf-8"
    )


def test_paper_links_the_numbers_of_tables_alone_and_asks_for_the_bundled_fonts_only():
    source = render_html(sample_report(), sample_state(), "tryck")
    links = Page(source).all("a")
    assert links
    assert {attributes["href"].partition("#")[0] for _, attributes in links} == {
        f"{TRAIL_BASE}{sample_report().id}-spar.html"
    }
    assert set(re.findall(r"url\((?!#)([^)]*)\)", source.decode("utf-8"))) == {
        f"{FONT_SCHEME}{name}.ttf" for name in ("regular", "semibold", "bold")
    }
