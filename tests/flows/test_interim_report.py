"""Lingonby's delårsrapport for August out of its made-up ledger: statements, nämnder, texts held against figures, gate, PDF."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from adapters.rendering import render_report
from adapters.sie import write_sie
from adapters.store import Closing
from adapters.workbook_template import write_books
from flows.home import CHECKOUT, Hem, Hemfel, make_home
from flows.steps.books import (
    accept,
    book_findings,
    books_context,
    build_books,
    check_books,
    compute_books,
    texts_against_figures,
)
from flows.steps.collect import collect
from flows.steps.ledger import collect_ledger
from flows.steps.report import EarlierFigures
from flows.steps.trace import trace
from flows.workplace import Workplace, open_workplace
from tests.ledger_examples import ledger
from tests.sie_examples import GENERATED
from tests.verapdf import broken_rules
from transforms.belopp import belopp_text
from transforms.book_types import Bok
from transforms.figures import KOMMUNEN
from transforms.period import Period
from transforms.view_types import Lage
from transforms.views.books.report import build_book

AUGUST, NOW = Period(2026, 8), dt.datetime(2026, 9, 20, 8, tzinfo=dt.UTC)
RESULT = (("intakter", 190_000_000), ("kostnader", -700_000_000), ("avskrivningar", -30_000_000),
          ("skatteintakter", 420_000_000), ("statsbidrag", 120_000_000), ("finansiella_intakter", 3_700_000),
          ("finansiella_kostnader", -3_800_000), ("extraordinara", 0))  # fmt: skip
TEXTS = {
    "handelser": "En ny förskola togs i bruk i mars.",
    "hushallning": "Målen bedöms bli uppnådda.",
    "personal": "Sjukfrånvaron följs upp varje månad.",
    "forvantad": "Resultatet väntas bli lägre nästa år.",
    "not-redovisningsprinciper": "Samma principer som i årsredovisningen har använts.",
}


@dataclass(frozen=True)
class Closed:
    workplace: Workplace
    closing: Closing


def workbook(workplace: Workplace) -> bytes:
    """What the ledger does not say: budget, prognos and last year's period."""
    rows = [
        {"enhet": KOMMUNEN, "kod": kod, "benamning": kod, "belopp_enhet": "kr", "budget": Decimal(kr),
         "prognos": Decimal(kr), "utfall_fg_ar": Decimal(kr) / 2}
        for kod, kr in RESULT
    ]  # fmt: skip
    return write_books(workplace.bokslut, workplace.kommun, AUGUST, {"resultatrakning": rows})


@pytest.fixture(scope="module")
def hem(tmp_path_factory: pytest.TempPathFactory) -> Hem:
    hem = make_home(tmp_path_factory.mktemp("delar") / "hem", CHECKOUT / "kommuner" / "lingonby")
    Path(hem.huvudbok).mkdir(exist_ok=True)
    (Path(hem.huvudbok) / "huvudbok.se").write_bytes(write_sie(ledger(AUGUST), GENERATED))
    texter = hem.texter(str(AUGUST))
    texter.mkdir(parents=True)
    for sektion, text in TEXTS.items():
        (texter / f"{sektion}.md").write_text(f"{text}\n", encoding="utf-8")
    return hem


@pytest.fixture(scope="module")
def closed(hem: Hem) -> Iterator[Closed]:
    with open_workplace(hem) as workplace:
        collect_ledger(workplace, NOW)
        (Path(hem.inkorg) / "bokslut.xlsx").write_bytes(workbook(workplace))
        collect(workplace, AUGUST, NOW)
        record = check_books(workplace, AUGUST, NOW)
        closing = compute_books(workplace, record, AUGUST, "delarsrapport", "prov", NOW)
        yield Closed(workplace, workplace.store.finish_closing(closing.id, finished=NOW, summary={}))


@pytest.fixture(scope="module")
def book(closed: Closed) -> Bok:
    context = books_context(closed.workplace, closed.closing, "delarsrapport")
    return build_book(context, EarlierFigures(closed.workplace))


def test_the_statements_stand_in_the_report_with_the_ledgers_amounts(closed: Closed, book: Bok) -> None:
    figures = books_context(closed.workplace, closed.closing, "delarsrapport").books.figures
    tables = {table.id: table for section in book.sektioner for table in section.tabeller}
    for form, rad in (("resultatrakning", "kostnader"), ("balansrakning", "likvida_medel")):
        figure = figures.get(KOMMUNEN, form, rad, "utfall")
        shown = {cell.figure_id: cell.text for row in tables[f"{form}-tabell"].rader for cell in row.celler}
        assert shown[figure.figure_id] == belopp_text(figure.varde, "tkr")
    drift = [row.namn for row in tables["driftredovisning-tabell"].rader]
    assert drift[:4] == ["Kommunstyrelsen", "Intäkter", "Kostnader", "Nettokostnad"]


def test_an_amount_is_followed_to_lines_of_the_ledgers_file(closed: Closed) -> None:
    links = trace(closed.workplace, "2026-08/KOMMUNEN/resultatrakning/intakter/utfall")
    assert not any(link.broken for link in links)
    assert any("#TRANS" in line for link in links for line in link.source)


def test_the_matrix_holds_statements_internal_posts_and_opening_balances(book: Bok) -> None:
    posts = {post.id: post for section in book.sektioner for post in section.avstamning}
    assert {"resultat_br/utfall", "likvida_ub/utfall", "interna.MAL.BUN", "huvudbok.utanfor_tabellerna"} <= set(posts)
    assert posts["resultat_br/utfall"].lage == "stammer"
    assert posts["balans/utfall"].lage == "skiljer", "kommunbidrag of the made-up ledger does not go out"


def test_a_difference_is_accepted_for_its_amount_and_findings_by_code(closed: Closed) -> None:
    def codes() -> set[str]:
        context = books_context(closed.workplace, closed.closing, "delarsrapport")
        return {finding.code for finding in book_findings(closed.workplace, context)}

    assert {"E851", "E848"} <= codes()
    accept(closed.workplace, AUGUST, "fynd:E848", "Avrundning i exemplet", "Ekonomichef", NOW)
    accept(closed.workplace, AUGUST, "avstamning:balans/utfall", "Avrundning i exemplet", "Ekonomichef", NOW)
    assert "E848" not in codes()
    kept = closed.workplace.store.acceptances("lingonby", str(AUGUST))
    assert [(one.kontroll, one.roll) for one in kept] == [("balans/utfall", "Ekonomichef")]
    with pytest.raises(Hemfel, match="ingen skillnad att godta"):
        accept(closed.workplace, AUGUST, "avstamning:resultat_br/utfall", "x", "Ekonomichef", NOW)


def test_a_text_that_contradicts_a_figure_is_found_before_approval_until_it_is_mended_or_accepted(
    closed: Closed,
) -> None:
    path = closed.workplace.hem.texter(str(AUGUST)) / "hushallning.md"
    figure = books_context(closed.workplace, closed.closing, "delarsrapport").books.figures.get(
        KOMMUNEN, "resultatrakning", "avskrivningar", "utfall"
    )
    right = belopp_text(abs(figure.varde), "tkr")

    def said(amount: str) -> list[str]:
        path.write_text(f"Avskrivningarna uppgick till {amount} tkr.\n", encoding="utf-8")
        context = books_context(closed.workplace, closed.closing, "delarsrapport")
        return [finding.code for finding in texts_against_figures(closed.workplace, context)[0]]

    try:
        assert said(right) == []
        assert said("123\u00a0456") == ["E880"]
        _, summary = build_books(closed.workplace, closed.closing, "delarsrapport", "stil")
        assert summary.is_open
        assert any("E880" in line for line in summary.findings)
        accept(closed.workplace, AUGUST, "text:hushallning", "Beloppet är helårets", "Ekonomichef", NOW)
        assert said("123\u00a0456") == []
    finally:
        path.write_text(f"{TEXTS['hushallning']}\n", encoding="utf-8")


def test_the_finished_delarsrapport_is_accessible_and_archivable_and_every_number_is_accounted_for(
    book: Bok, tmp_path: Path
) -> None:
    """``render_report`` reads the PDF back and refuses a number that nothing accounts for (R108)."""
    files = render_report(book, Lage("utkast", 1, "0123456789ab" * 5 + "0123"))
    pdf = tmp_path / "delarsrapport.pdf"
    pdf.write_bytes(files.pdf)
    assert broken_rules(pdf, "3a") == {}
    assert broken_rules(pdf, "ua1") == {}
