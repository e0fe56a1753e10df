"""The books of Tolkförmedling Väst from workbook to årsredovisning: figures to the printed digit, the gate, the trail, the PDF."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from adapters.book_facts import BookFactsError, load_book_facts
from adapters.contract_files import load_contract
from adapters.rendering import render_report
from adapters.store import Closing, ReturRecord
from flows.home import CHECKOUT, Hem, Hemfel, make_home
from flows.steps.books import (
    accept,
    books_context,
    build_books,
    check_books,
    compute_books,
    written_texts,
)
from flows.steps.collect import collect
from flows.steps.example import filled_books
from flows.steps.ledger_books import settings_of
from flows.steps.report import EarlierFigures
from flows.steps.template import books_template
from flows.steps.trace import trace
from flows.workplace import open_workplace
from tests.verapdf import broken_rules
from transforms.book_types import Bok
from transforms.period import Period
from transforms.view_types import Lage
from transforms.views.books.report import build_book

EXAMPLE = CHECKOUT / "kommuner" / "tolkformedling_vast"
FACTS = EXAMPLE / "fakta" / "2025-12.yaml"
PERIOD, NOW = Period(2025, 12), dt.datetime(2026, 3, 20, 8, tzinfo=dt.UTC)


@dataclass(frozen=True)
class ClosedBooks:
    hem: Hem
    record: ReturRecord
    closing: Closing
    book: Bok


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> ClosedBooks:
    hem = make_home(tmp_path_factory.mktemp("vast"), EXAMPLE)
    for path in (EXAMPLE / "texter" / "2025-12").iterdir():
        hem.texter("2025-12").mkdir(parents=True, exist_ok=True)
        (hem.texter("2025-12") / path.name).write_bytes(path.read_bytes())
    with open_workplace(hem) as workplace:
        (Path(hem.inkorg) / "arbetsbok.xlsx").write_bytes(filled_books(workplace, FACTS))
        collect(workplace, PERIOD, NOW)
        record = check_books(workplace, PERIOD, NOW)
        closing = compute_books(workplace, record, PERIOD, "arsredovisning", "prov", NOW)
        book = build_book(books_context(workplace, closing, "arsredovisning"), EarlierFigures(workplace))
        closing = workplace.store.finish_closing(closing.id, finished=NOW, summary={})
    return ClosedBooks(hem, record, closing, book)


def printed(text: str) -> str:
    return text.replace("-", "\u2212").replace(" ", "\u00a0")


def test_every_printed_amount_comes_out_of_the_finished_report(books: ClosedBooks) -> None:
    """Row by row and column by column, to the last digit: what was entered, and every sum that the source prints."""
    _, rows = load_book_facts(FACTS, load_contract("bokslut"))
    tables = {table.id: table for section in books.book.sektioner for table in section.tabeller}
    with open_workplace(books.hem) as workplace:
        context = books_context(workplace, books.closing, "arsredovisning")
    seen = 0
    for matt in ("resultatrakning", "balansrakning", "kassaflode", "balanskrav", "driftredovisning"):
        table = tables[f"{matt}-tabell"]
        shown = {
            row.namn: dict(zip((k.kod for k in table.kolumner), row.celler, strict=True))
            for row in table.rader
            if row.celler
        }
        for row in rows[matt]:
            name = context.forms[matt].rad(str(row["kod"])).namn
            for column in ("utfall", "budget", "bokslut", "bokslut_2"):
                value = row.get(column)
                if value is None or isinstance(value, str):
                    continue
                assert shown[name][column].text == printed(f"{value:,}".replace(",", " ")), (matt, name, column)
                seen += 1
    assert seen > 100


def test_nothing_differs_but_what_rounding_explains(books: ClosedBooks) -> None:
    (section,) = (section for section in books.book.sektioner if section.id == "avstamning")
    assert {post.lage for post in section.avstamning} == {"stammer", "avrundning"}
    assert len(section.avstamning) > 30


def test_the_gate_names_what_is_missing_until_someone_accepts_it(books: ClosedBooks) -> None:
    with open_workplace(books.hem) as workplace:
        _, before = build_books(workplace, books.closing, "arsredovisning", "stil")
        assert [line.split()[0] for line in before.missing] == ["r15-2"]
        accept(workplace, PERIOD, "krav:r15-2", "Förbundet har inga företag", "ekonomichef", NOW)
        _, after = build_books(workplace, books.closing, "arsredovisning", "stil")
        book = build_book(books_context(workplace, books.closing, "arsredovisning"), EarlierFigures(workplace))
    assert after.missing == ()
    (post,) = (post for section in book.sektioner for post in section.krav if post.kod == "r15-2")
    assert (post.lage, post.skal) == ("godtaget", "Förbundet har inga företag (ekonomichef, 2026-03-20)")


def test_small_groups_are_not_in_the_report(books: ClosedBooks) -> None:
    (table,) = (t for section in books.book.sektioner for t in section.tabeller if t.id == "sjukfranvaro-tabell")
    shown = {row.namn: [cell.text for cell in row.celler] for row in table.rader}
    assert shown["Total sjukfrånvaro"] == ["7,1", "11,2", "6,4"]
    for group in ("Kvinnor", "Män", "29 år eller yngre", "30–49 år", "50 år eller äldre"):
        assert shown[group] == ["visas inte"] * 3
    assert "sjuk_man" not in json.dumps([spar.figure_id for spar in books.book.spar])


def test_a_sum_is_followed_to_its_rounding_and_its_cells(books: ClosedBooks) -> None:
    with open_workplace(books.hem) as workplace:
        links = trace(workplace, "2025-12/KOMMUNEN/nyckeltal/resultatandel_omsattning/utfall")
    assert not any(link.broken for link in links)
    assert any(link.figure_id.endswith("nettokostnader.avrundning/utfall") for link in links)
    assert {line.split(",")[0] for link in links for line in link.source if line.startswith("blad")} == {
        'blad "Resultaträkning"'
    }


def test_the_pdf_is_archivable_and_accessible(books: ClosedBooks, tmp_path: Path) -> None:
    files = render_report(books.book, Lage("utkast", 1, "0" * 64))
    pdf = tmp_path / "arsredovisning.pdf"
    pdf.write_bytes(files.pdf)
    assert broken_rules(pdf, "3a") == {}
    assert broken_rules(pdf, "ua1") == {}
    page = files.html.decode()
    assert page.count("<h1>") == 1
    assert "Återskapad ur publicerade uppgifter" in page


def test_an_interim_report_speaks_of_what_is_expected(books: ClosedBooks) -> None:
    with open_workplace(books.hem) as workplace:
        context = replace(books_context(workplace, books.closing, "arsredovisning"), rapport="delarsrapport")
        book = build_book(context, EarlierFigures(workplace))
    said = " ".join(m.text for section in book.sektioner for m in (*section.punkter, *section.meningar))
    assert "Resultatet från januari till och med december 2025" in said
    assert "mål bedöms bli uppnådda" in said
    missing = {post.kod for section in book.sektioner for post in section.krav if post.lage == "saknas"}
    assert "r17-rr" in missing, "its resultaträkning has neither the same period last year nor a prognos"
    assert "r17-br" not in missing
    assert book.omslag.rubrik == "Delårsrapport 2025"


def test_the_template_of_the_books_is_read_back_and_has_every_row(books: ClosedBooks) -> None:
    with open_workplace(books.hem) as workplace:
        content = books_template(workplace, Period(2026, 12))
        (Path(books.hem.inkorg) / "tom.xlsx").write_bytes(content)
        collect(workplace, Period(2026, 12), NOW)
        record = check_books(workplace, Period(2026, 12), NOW)
        assert record.period == "2026-12"
        (Path(books.hem.inkorg) / "tom.xlsx").unlink()


def test_without_a_workbook_or_settings_the_user_is_told_what_to_do(tmp_path: Path) -> None:
    hem = make_home(tmp_path / "hem", EXAMPLE)
    with open_workplace(hem) as workplace, pytest.raises(Hemfel, match="rodatraden mall 2025-12 --bokslut"):
        check_books(workplace, PERIOD, NOW)
    other = make_home(tmp_path / "annat", CHECKOUT / "kommuner" / "alingsas")
    with open_workplace(other) as workplace, pytest.raises(Hemfel, match="ingen del bokslut"):
        settings_of(workplace)


def test_text_for_an_unknown_section_is_told(books: ClosedBooks) -> None:
    stray = books.hem.texter("2025-12") / "okant.md"
    stray.write_text("Hej", encoding="utf-8")
    with open_workplace(books.hem) as workplace:
        texts, findings = written_texts(workplace, PERIOD, "arsredovisning")
    stray.unlink()
    assert [finding.code for finding in findings] == ["E886"]
    assert {"oversikt", "not-redovisningsprinciper"} <= set(texts)


def test_a_facts_file_with_a_word_for_an_amount_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "fakta.yaml"
    path.write_text(
        'period: "2025-12"\nkalla: {titel: t, adress: a, belopp_enhet: tkr}\ntabeller:\n'
        '  resultatrakning:\n    - {kod: intakter, utfall: "mycket"}\n',
        encoding="utf-8",
    )
    with pytest.raises(BookFactsError, match=r"E012 .*resultatrakning, raden intakter"):
        load_book_facts(path, load_contract("bokslut"))
