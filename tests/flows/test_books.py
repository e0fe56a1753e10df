"""The books of Tolkförmedling Väst from workbook to årsredovisning: figures to the printed digit, the gate, the trail, the PDF."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import pytest

from adapters.book_facts import BookFactsError, load_book_facts
from adapters.contract_files import load_contract
from adapters.publication import Publication
from adapters.rendering import style_hash
from adapters.store import Closing, ReturRecord, Store
from data_contracts.behorighet import Steg
from flows.cli import main
from flows.home import CHECKOUT, Hem, Hemfel, make_home
from flows.steps.books import (
    accept,
    books_context,
    books_of,
    build_books,
    check_books,
    compute_books,
    written_texts,
)
from flows.steps.collect import collect
from flows.steps.compare import JamforelseFel, Led, compare_editions
from flows.steps.example import filled_books
from flows.steps.ledger_books import settings_of
from flows.steps.render import lay_out as lay_out_drafts
from flows.steps.render import render
from flows.steps.report import EarlierFigures
from flows.steps.template import books_template
from flows.steps.trace import trace
from flows.steps.verify import verify
from flows.workplace import open_workplace
from tests.closings import RenderedHere, copy_home
from tests.flows.test_audit_package import changed_cell, lay_out, replaced, unpacked, verified
from tests.flows.test_faults import NothingToRender
from tests.killing import killed
from tests.rights import allowed
from tests.verapdf import broken_rules
from transforms.book_types import Bok
from transforms.period import Period
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
        built, _ = build_books(workplace, closing, "arsredovisning", style_hash())
        render(workplace, closing, [built], RenderedHere(), NOW, lambda title: None)
        closing = workplace.store.finish_closing(closing.id, finished=NOW, summary={})
    return ClosedBooks(hem, record, closing, book)


def test_an_arsredovisning_is_made_again_byte_for_byte_also_when_its_texts_have_been_rewritten(
    books: ClosedBooks, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hem = copy_home(books.hem, tmp_path / "hem")
    for path in hem.texter(str(PERIOD)).glob("*.md"):
        path.write_text("Allt är omskrivet.\n", encoding="utf-8")
    with open_workplace(hem) as workplace:
        (record,) = workplace.store.reports_of(books.closing.id)
        kept = {name: workplace.objects.get(key) for name, key in record.filer.items()}
    words = ["--kommun", str(hem.path), "kor-om", str(PERIOD), "--version", "1", "--ut", str(tmp_path / "ut")]
    assert main(words) == 0
    assert f"{record.rapport_id} version 1: samma byte som i lagret" in capsys.readouterr().out
    assert {path.name: path.read_bytes() for path in (tmp_path / "ut").iterdir()} == kept


def test_the_books_are_computed_once_for_the_steps_of_a_closing_and_anew_by_another_configuration(
    books: ClosedBooks, tmp_path: Path
) -> None:
    changed = copy_home(books.hem, tmp_path / "hem")
    with changed.kommun_yaml.open("a", encoding="utf-8") as file:
        file.write("\n# ändrad\n")
    with open_workplace(books.hem) as workplace, open_workplace(changed) as other:
        computed = books_of(workplace, books.record, PERIOD)
        assert books_of(workplace, books.record, PERIOD) is computed
        again = books_of(other, books.record, PERIOD)
    assert again is not computed
    assert tuple(again.figures) == tuple(computed.figures)


def close_again(hem: Hem, now: dt.datetime) -> None:
    """The årsredovisning closed again, all steps; nothing has changed, so nothing is rendered."""
    with open_workplace(hem) as workplace:
        closing = compute_books(workplace, check_books(workplace, PERIOD, now), PERIOD, "arsredovisning", "prov", now)
        built, _ = build_books(workplace, closing, "arsredovisning", style_hash())
        render(workplace, closing, [built], NothingToRender(), now, lambda title: None)  # type: ignore[arg-type]
        lay_out_drafts(workplace, closing)
        workplace.store.finish_closing(closing.id, finished=now, summary={})


@pytest.mark.parametrize(
    ("owner", "name", "when"),
    [
        (Store, "start_closing", "after"),
        (Store, "save_figures", "after"),
        (Store, "keep_report", "after"),
        (Publication, "lay", "before"),
        (Store, "finish_closing", "before"),
        (Store, "finish_closing", "after"),
    ],
)
def test_killed_at_a_boundary_of_the_books_the_next_run_gives_the_same(
    books: ClosedBooks, tmp_path: Path, owner: type, name: str, when: Literal["before", "after"]
) -> None:
    hem, later = copy_home(books.hem, tmp_path / "hem"), NOW + dt.timedelta(days=1)
    assert killed(owner, name, when, 1, lambda: close_again(hem, later))
    close_again(hem, later + dt.timedelta(minutes=5))
    with open_workplace(hem) as workplace:
        (record,) = workplace.store.all_reports(workplace.kommun.kod)
        closed = workplace.store.last_closing(workplace.kommun.kod, str(PERIOD), "arsredovisning")
        assert closed is not None
        assert workplace.store.reports_of(closed.id) == (record,) == workplace.store.reports_of(books.closing.id)
        for file, key in record.filer.items():
            assert (hem.utkast(str(PERIOD)) / file).read_bytes() == workplace.objects.get(key)
        assert verify(workplace, period=str(PERIOD), sample=20, against=()).brott == ()


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
        chief = allowed(workplace, "Ekonomichef", Steg.GODTA)
        accept(chief, PERIOD, "krav:r15-2", "Förbundet har inga företag", NOW)
        _, after = build_books(workplace, books.closing, "arsredovisning", "stil")
        book = build_book(books_context(workplace, books.closing, "arsredovisning"), EarlierFigures(workplace))
    assert after.missing == ()
    (post,) = (post for section in book.sektioner for post in section.krav if post.kod == "r15-2")
    assert (post.lage, post.skal) == ("godtaget", "Förbundet har inga företag (Ekonomichef, 2026-03-20)")


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
    with open_workplace(books.hem) as workplace:
        (report,) = workplace.store.reports_of(books.closing.id)
        content, page = (workplace.objects.get(key) for key in (report.pdf_sha256, report.html_sha256))
    pdf = tmp_path / "arsredovisning.pdf"
    pdf.write_bytes(content)
    assert broken_rules(pdf, "3a") == {}
    assert broken_rules(pdf, "ua1") == {}
    assert page.decode().count("<h1>") == 1
    assert "Återskapad ur publicerade uppgifter" in page.decode()


def test_the_package_of_the_books_holds_by_python_alone_and_a_changed_cell_is_caught(
    books: ClosedBooks, tmp_path: Path
) -> None:
    assert main(["--kommun", str(books.hem.path), "granska", "2025-12", "--rapport", "arsredovisning"]) == 0
    content = next((books.hem.path / "granskning").glob("*-2025-12-arsredovisning.zip")).read_bytes()
    lay_out(tmp_path, content)
    code, told = verified(tmp_path, "paket.zip")
    assert code == 0, told
    files = unpacked(content)
    assert "rapporter/arsredovisning-2025.pdf" in files
    page = files["index.html"].decode()
    for part in ("fullstandighet", "avstamning"):
        assert re.search(rf'id="{part}".*?<tbody>\s*<tr>', page, re.DOTALL), part
    name = next(name for name in files if name.startswith("underlag/") and name.endswith(".xlsx"))
    (figure,) = (one for one in books_figures(files) if one["figure_id"].endswith("/resultatrakning/intakter/utfall"))
    lay_out(tmp_path, replaced(files, name, changed_cell(files[name], figure["ravarde"], "1"), honest=False))
    code, told = verified(tmp_path, "paket.zip")
    assert (code, "innehåller '1'" in told) == (1, True), told


def books_figures(files: dict[str, bytes]) -> list[dict[str, Any]]:
    table = json.loads(next(files[name] for name in files if name.startswith("data/siffror-")))
    return [dict(zip(table["kolumner"], row, strict=True)) for row in table["rader"]]


def test_two_versions_of_the_books_are_held_beside_each_other(books: ClosedBooks) -> None:
    with open_workplace(books.hem) as workplace:
        edition = Led(PERIOD, 1, "arsredovisning")
        (same,) = compare_editions(workplace, edition, edition, "arsredovisning").rapporter
        assert same.is_same
        assert same.lika > 200
        with pytest.raises(JamforelseFel, match="E988"):
            compare_editions(workplace, Led(Period(2024, 12), slag="arsredovisning"), edition, "arsredovisning")


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
        _, summary = build_books(workplace, books.closing, "arsredovisning", "stil")
    stray.unlink()
    assert any(line.startswith("E886") for line in summary.findings), (
        "a text that is not used stands in the way of approval"
    )
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
