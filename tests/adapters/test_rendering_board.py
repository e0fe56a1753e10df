"""Stängningstavlan as a page: self-contained, escaped, readable on a phone and by a screen reader, in a real browser."""

from __future__ import annotations

import dataclasses
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from adapters.rendering.board import Manadslank, render_board
from tests.adapters.test_rendering_html import WCAG, Page
from tests.board_example import closed_without, complete, during, kommun, late

MONTHS = (Manadslank("2026-03.html", "mars 2026"), Manadslank("2026-02.html", "februari 2026"))
STATES = {"during": during, "late": late, "closed_without": closed_without, "complete": complete}


@pytest.fixture(params=STATES)
def source(request):
    return render_board(STATES[request.param](), MONTHS)


def test_the_page_is_well_formed_swedish_with_one_h1_and_nothing_from_elsewhere(source):
    page = Page(source)
    assert page.open == []
    assert page.tags[0] == ("html", {"lang": "sv"})
    assert len(page.all("h1")) == 1
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    addresses = {attrs[name] for _, attrs in page.tags for name in ("href", "src") if name in attrs}
    assert addresses == {"#innehall", "2026-03.html", "2026-02.html"}
    assert not page.all("script", "link", "iframe", "img")
    assert all(part.startswith(b"url(data:font/woff2") for part in re.findall(rb"url\([^)]{0,40}", source))


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_and_no_page_is_wider_than_its_screen(browser, tmp_path, source, width):
    path = tmp_path / "tavla.html"
    path.write_bytes(source)
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(path.as_uri())
    result = Axe().run(page, options=WCAG)
    assert result.response["violations"] == []
    assert result.response["passes"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    rows = page.get_by_role("row").count()
    assert (rows, page.get_by_role("rowheader").count()) == (
        len(kommun().forvaltningar) + 1,
        len(kommun().forvaltningar),
    )
    page.close()


def test_each_state_has_a_word_and_a_shape_of_its_own_in_the_table_and_the_bar():
    shapes, words = {}, {}
    for tavla in (during(), late(), closed_without()):
        text = render_board(tavla, ()).decode()
        for row, cell in zip(
            tavla.rader, re.findall(r'<td role="cell" class="lage [^>]+>(.*?)</td>', text, re.DOTALL), strict=True
        ):
            shapes[row.lage] = re.search(r"<svg.*?</svg>", cell, re.DOTALL)[0]
            words[row.lage] = re.search(r"<strong>(.*?)</strong>", cell)[1]
        bar = re.search(r'<div class="stapel".*?</div>', text, re.DOTALL)[0]
        assert re.findall(r"<svg.*?</svg>", bar, re.DOTALL) == [shapes[part] for part in tavla.delar]
    assert len(shapes) == len(set(shapes.values())) == len(set(words.values())) == 6


def test_text_of_the_kommun_is_escaped_and_the_same_board_gives_the_same_bytes():
    hostile = dataclasses.replace(during(), kommun="<script>alert(1)</script>")
    source = render_board(hostile, MONTHS)
    assert b"<script>" not in source
    assert b"&lt;script&gt;" in source
    assert render_board(hostile, MONTHS) == source


def test_a_very_long_word_does_not_widen_the_page(browser, tmp_path):
    tavla = late()
    rows = tuple(dataclasses.replace(row, namn="Samhällsbyggnadsförvaltningsexpedition" * 3) for row in tavla.rader)
    path = tmp_path / "tavla.html"
    path.write_bytes(render_board(dataclasses.replace(tavla, rader=rows), ()))
    for width in (1280, 390, 320):
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.close()
