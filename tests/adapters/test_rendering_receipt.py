"""Receipts as letter and page: whole, escaped, the same bytes, readable on a phone, without a fault in a real browser."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from jinja2 import Environment, nodes

from adapters.rendering.html import TEMPLATES
from adapters.rendering.receipt import receipt_html, receipt_text
from data_contracts.findings import Finding, Severity
from tests.adapters.test_rendering_html import WCAG, Page
from tests.kommun_example import example_kommun
from transforms.period import Period
from transforms.receipt import MAX_IN_LETTER, Frist, Received, build_receipt

TITLES = {"E201": "Text i talcell", "E341": "Orörd prognos", "E505": "Returen är ett utkast"}
STOP = Finding(
    "E201", Severity.STOPPAR, 'Cellen innehåller "<b>".', "Skriv bara talet.", "r.xlsx", "Drift", "F9", "<b>ca & 120"
)
EXPLAIN = Finding("E341", Severity.FORKLARAS, "Prognosen är orörd.", "Förklara den.", "r.xlsx", "Drift", "J8:J12")
NOTE = Finding(
    "E505", Severity.NOTERING, "Returen är ett utkast.", "Märk den som klar.", "r.xlsx", "Start", "C17", "utkast"
)


def receipt(*findings, accepted=True, book="rattelsebok.xlsx"):
    received = Received(
        fil="r.xlsx", sha256="ab" * 32, avsandare="Tekniska förvaltningen", godkand=accepted, forvaltning="TEK",
        period=Period(2026, 4), version=2, mottagen=dt.datetime(2026, 5, 11, 9, 12, tzinfo=ZoneInfo("Europe/Stockholm")),
        svarar_pa=f"version 1, sha256 {'cd' * 32}",
    )  # fmt: skip
    return build_receipt(received, findings, example_kommun(), TITLES, Frist("2026-05-12 kl. 12.00"), book)


STOPPED = receipt(STOP, EXPLAIN, NOTE, accepted=False)


def test_the_letter_says_all_in_lines_that_fit():
    text = receipt_text(STOPPED)
    assert max(map(len, text.splitlines())) <= 100  # a sha256 with its label
    for part in (
        "Kvittens: Tekniska förvaltningen, april 2026", "STOPPAD", "2026-05-11 kl. 09.12", "ab" * 32, "STOPPAR (1)",
        "SKA FÖRKLARAS (1)", "NOTERINGAR (1)", "E201 Text i talcell", 'Blad "Drift", cell F9', "<b>ca & 120",
        "senast 2026-05-12 kl. 12.00.",
    ):  # fmt: skip
        assert part in text
    assert "\n\n\n" not in text
    assert text.endswith("\n")


def test_a_letter_with_very_many_findings_says_how_many_it_leaves_out():
    long = receipt(*[STOP] * (MAX_IN_LETTER + 12), NOTE, accepted=False)
    text = receipt_text(long)
    assert (text.count("E201 Text i talcell"), text.count("\n  F9  ")) == (1, MAX_IN_LETTER)
    assert "… och 12 till." in text
    assert "E505 Returen är ett utkast" in text
    assert len(Page(receipt_html(long)).all("th")) == 2 + MAX_IN_LETTER + 12


def test_findings_that_say_the_same_of_one_sheet_stand_once_with_every_cell():
    alike = [
        replace(STOP, cell=f"F{row}", found=f"ca {row}", message=f"Cellen F{row} har text.") for row in (9, 10, 12)
    ]
    other = [replace(STOP, sheet="Volymer", cell=cell, found="") for cell in ("G8", "G9")]
    grouped = receipt(*alike, *other, accepted=False)
    text = receipt_text(grouped)
    assert text.count("E201 Text i talcell") == 2
    assert 'Blad "Drift", 3 ställen' in text
    assert all(f"  F{row}" in text and f"Cellen F{row} har text. Där står: ca {row}" in text for row in (9, 10, 12))
    assert text.count('Cellen innehåller "<b>".') == 1
    assert max(map(len, text.splitlines())) <= 100
    page = Page(receipt_html(grouped))
    assert len(page.all("table")) == 2
    assert all(f">{part}<" in receipt_html(grouped).decode() for part in ("F12", "ca 12", "Cellen F12 har text.", "G9"))


def test_the_page_is_whole_self_contained_and_escaped():
    page = Page(receipt_html(STOPPED))
    assert page.open == []
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert page.all("b", "script", "link", "img") == []
    assert b"<b>ca" not in receipt_html(STOPPED)
    assert all(attrs["href"].startswith("#") for _, attrs in page.all("a"))


def test_the_same_receipt_gives_the_same_bytes():
    assert receipt_html(STOPPED) == receipt_html(receipt(STOP, EXPLAIN, NOTE, accepted=False))


def test_templates_place_and_branch_only():
    for path in TEMPLATES.glob("kvittens.*.jinja"):
        parsed = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
        assert list(parsed.find_all(nodes.BinExpr)) == []


@pytest.mark.parametrize(
    "kvittens",
    [
        receipt(STOP, replace(STOP, cell="F10"), EXPLAIN, NOTE, accepted=False),
        receipt(EXPLAIN),
        receipt(NOTE, book=""),
        receipt(book=""),
    ],
    ids=["stoppad", "forklaras", "notering", "ren"],
)
def test_no_fault_in_chromium_and_no_sideways_scroll_on_a_phone(kvittens, browser, tmp_path):
    path = tmp_path / "kvittens.html"
    path.write_bytes(receipt_html(kvittens))
    for width in (1280, 390):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(path.as_uri())
        assert Axe().run(page, options=WCAG).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.close()
