"""Lingonby's delårsrapport for August out of its made-up ledger and its budget register: statements, the period against its own budget,
texts held against figures, gate, PDF."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest

import flows.workplace
from adapters.rendering import RenderPool, style_hash
from adapters.sie import write_sie
from adapters.signing import make_key
from adapters.store import Closing, ReportRecord
from adapters.workbook_template import write_books
from data_contracts.behorighet import Steg
from flows.close_books import finish_books_task
from flows.home import CHECKOUT, Hem, Hemfel, make_home
from flows.rights import BehorighetsFel
from flows.steps.approve import KEY_VARIABLE, open_questions, report_of, review, settle
from flows.steps.audit_package import build_package
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
from flows.steps.example import filled_register
from flows.steps.ledger import collect_ledger
from flows.steps.rebuild import rebuild
from flows.steps.render import render
from flows.steps.report import EarlierFigures
from flows.steps.trace import trace
from flows.workplace import Workplace, open_workplace
from tests.closings import facts_of
from tests.flows.test_audit_package import lay_out, unpacked, verified
from tests.ledger_examples import ledger, with_rows
from tests.rights import allowed
from tests.sie_examples import GENERATED
from tests.verapdf import broken_rules
from transforms.approval import FASTSTALLD, OrdningsFel
from transforms.belopp import belopp_text
from transforms.book_types import Bok
from transforms.figures import KOMMUNEN
from transforms.ledger.sie import Transaktion
from transforms.period import Period
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
    text = hem.kommun_yaml.read_text(encoding="utf-8")
    hem.kommun_yaml.write_text(text.replace("periodisering:\n", "periodisering:\n  periodbudget: register\n", 1))
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
        register = filled_register(workplace, facts_of("lingonby", "2026-04"))
        (Path(hem.inkorg) / "register.xlsx").write_bytes(register)
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
    spent = {row.namn: [cell.text for cell in row.celler] for row in tables["investeringar-tabell"].rader}
    total = figures.get(KOMMUNEN, "investeringsredovisning", "summa", "utfall")
    assert spent["Summa investeringar"][0] == belopp_text(total.varde, "tkr")
    assert "Samhällsbyggnad: Bro över Storån" in spent
    assert drift[:4] == ["Kommunstyrelsen", "Intäkter", "Kostnader", "Nettokostnad"]


def test_an_amount_is_followed_to_lines_of_the_ledgers_file(closed: Closed) -> None:
    links = trace(closed.workplace, "2026-08/KOMMUNEN/resultatrakning/intakter/utfall")
    assert not any(link.broken for link in links)
    assert any("#TRANS" in line for link in links for line in link.source)


def test_the_matrix_holds_statements_internal_posts_and_opening_balances(book: Bok) -> None:
    posts = {post.id: post for section in book.sektioner for post in section.avstamning}
    assert {"resultat_br/utfall", "likvida_ub/utfall", "interna.MAL.BUN", "huvudbok.utanfor_tabellerna"} <= set(posts)
    assert posts["resultat_br/utfall"].lage == "stammer"
    assert {post.lage for post in posts.values()} == {"stammer"}
    met = {post.kod for section in book.sektioner for post in section.krav if post.lage == "uppfyllt"}
    assert {"r17-rr", "r17-br", "r17-drift", "r17-inv"} <= met


def test_a_part_of_the_year_is_compared_with_that_part_of_the_budget(closed: Closed, book: Bok) -> None:
    """No utfall of eight months stands beside the budget of twelve without a word."""
    figures = books_context(closed.workplace, closed.closing, "delarsrapport").books.figures
    row = (KOMMUNEN, "resultatrakning", "arets_resultat")
    assert figures.get(*row, "avvikelse_bokslut") is None
    budgeted, deviation = (figures.get(*row, serie) for serie in ("periodbudget", "avvikelse_period"))
    assert deviation.varde == figures.get(*row, "utfall").varde - budgeted.varde
    spread = [f for f in figures if (f.matt, f.serie) == ("drift", "periodbudget")]
    assert budgeted.varde == sum(f.varde for f in spread)
    assert abs(budgeted.varde) < abs(sum(f.varde for f in figures if (f.matt, f.serie) == ("drift", "budget")))
    tables = {table.id: table for section in book.sektioner for table in section.tabeller}
    heads = [column.rubrik for column in tables["driftredovisning-tabell"].kolumner]
    assert heads == [
        "Utfall jan–aug 2026",
        "Budget jan–aug 2026",
        "Avvikelse mot periodens budget",
        "Budget helår 2026",
    ]
    heads = [column.rubrik for column in tables["balansrakning-tabell"].kolumner]
    assert heads == ["31 aug 2026", "31 dec 2025"]
    (short,) = (section for section in book.sektioner if section.kort)
    (chart,) = short.diagram
    assert chart.rubrik == "Driftens avvikelse mot budget jan–aug 2026 per nämnd"
    netto = tables["driftredovisning-tabell"].rader[3].celler[2]
    assert f"Kommunstyrelsen {netto.text}" in chart.alternativtext
    cards = {card.namn: card for card in short.kort}
    assert cards["Resultat jan–aug 2026"].mening.text.startswith("Mot periodens budget")
    assert cards["Verksamhetens intäkter jan–aug 2026"].mening.text == "", (
        "its rows are with internal posts in the register"
    )
    assert cards["Verksamhetens intäkter jan–aug 2026"].jamforelse.startswith("jan–aug 2025: 95")


def test_the_periods_budget_is_followed_to_the_registers_cells(closed: Closed) -> None:
    links = trace(closed.workplace, "2026-08/KOMMUNEN/resultatrakning/arets_resultat/periodbudget")
    assert not any(link.broken for link in links)
    assert any('blad "Beslutad budget"' in line for link in links for line in link.source)


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
        assert summary.tackning.endswith(" konton efter Kommun-Bas, 5 efter kommunens egen tabell")
        assert any("E880" in line for line in summary.findings)
        chief = allowed(closed.workplace, "Ekonomichef", Steg.GODTA)
        accept(chief, AUGUST, "text:hushallning", "Beloppet är helårets", NOW)
        assert said("123\u00a0456") == []
    finally:
        path.write_text(f"{TEXTS['hushallning']}\n", encoding="utf-8")


@pytest.fixture(scope="module")
def report(closed: Closed, rendering_pool: RenderPool) -> ReportRecord:
    """The draft as the flow makes it; the pool reads the PDF back and refuses a number that nothing accounts for (R108)."""
    built, _ = build_books(closed.workplace, closed.closing, "delarsrapport", style_hash())
    render(closed.workplace, closed.closing, [built], rendering_pool, NOW, lambda title: None)
    return report_of(closed.workplace, str(AUGUST), "DELARSRAPPORT")


def test_the_finished_delarsrapport_is_accessible_and_archivable(
    closed: Closed, report: ReportRecord, tmp_path: Path
) -> None:
    pdf = tmp_path / "delarsrapport.pdf"
    pdf.write_bytes(closed.workplace.objects.get(report.filer[f"{report.rapport_id}.pdf"]))
    assert broken_rules(pdf, "3a") == {}
    assert broken_rules(pdf, "ua1") == {}


def test_a_delarsrapport_out_of_the_ledger_is_made_again_byte_for_byte(closed: Closed, report: ReportRecord) -> None:
    (made,) = rebuild(closed.workplace, [report]).rapporter
    assert made.skiljer == ()
    assert made.filer == {name: closed.workplace.objects.get(key) for name, key in report.filer.items()}


def test_the_package_of_a_delarsrapport_out_of_the_ledger_holds_by_python_alone(
    closed: Closed, report: ReportRecord, tmp_path: Path
) -> None:
    content = build_package(closed.workplace, closed.closing).innehall
    lay_out(tmp_path, content)
    code, told = verified(tmp_path, "paket.zip")
    assert code == 0, told
    assert f"rapporter/{report.rapport_id}.pdf" in unpacked(content)


def put_ledger(workplace: Workplace, ore: int) -> None:
    """A newer ledger, where a nämnd has kommunbidrag that Finansieringen has not paid."""
    opening = tuple(saldo for saldo in ledger(AUGUST).saldon if saldo.etikett == "IB")
    sie = with_rows(ledger(AUGUST), Transaktion("8910", -ore, (("1", "4100"),)))
    path = Path(workplace.hem.huvudbok) / "huvudbok.se"
    path.write_bytes(write_sie(replace(sie, saldon=opening), GENERATED))
    collect_ledger(workplace, NOW)


def test_a_difference_is_accepted_for_its_amount_and_findings_by_code(closed: Closed) -> None:
    put_ledger(closed.workplace, 66_700)

    def codes() -> set[str]:
        context = books_context(closed.workplace, closed.closing, "delarsrapport")
        return {finding.code for finding in book_findings(closed.workplace, context)}

    assert {"E851", "E848"} <= codes()
    with pytest.raises(BehorighetsFel, match="E933"):
        accept(closed.workplace, AUGUST, "fynd:E848", "Rättas i september", NOW)
    chief = allowed(closed.workplace, "Ekonomichef", Steg.GODTA)
    accept(chief, AUGUST, "fynd:E848", "Rättas i september", NOW)
    accept(chief, AUGUST, "avstamning:balans/utfall", "Rättas i september", NOW)
    assert "E848" not in codes()
    kept = closed.workplace.store.acceptances("lingonby", str(AUGUST))
    assert [(one.kontroll, one.roll) for one in kept] == [("balans/utfall", "Ekonomichef")]
    with pytest.raises(Hemfel, match="ingen skillnad att godta"):
        accept(chief, AUGUST, "avstamning:resultat_br/utfall", "x", NOW)


def closed_again(workplace: Workplace) -> None:
    """The period closed anew, and finished as the flow does it: what is left to do is kept with the closing."""
    record = check_books(workplace, AUGUST, NOW)
    closing = compute_books(workplace, record, AUGUST, "delarsrapport", "igen", NOW)
    _, summary = build_books(workplace, closing, "delarsrapport", "stil")
    finish_books_task.fn(str(workplace.hem.path), closing.id, summary)


def test_what_does_not_agree_keeps_the_report_from_being_settled_until_it_is_accepted(
    closed: Closed, report: ReportRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the ledger of the test before, whose kommunbidrag does not go out; its acceptances do not hold for another amount."""
    lines = ["referens: Delegationsordningen 4.7", "konton:"]
    for name, right in (("anna", Steg.GRANSKA), ("bo", f"{Steg.FASTSTALLA}, {Steg.GODTA}")):
        key = make_key(tmp_path / f"{name}.pem")
        lines.append(f'  - {{anvandare: {name}, roll: Ekonom, far: [{right}], nyckel: "{key}"}}')
    closed.workplace.hem.behorighet_yaml.write_text("\n".join(lines), encoding="utf-8")
    put_ledger(closed.workplace, 88_800)
    closed_again(closed.workplace)

    def acting(name: str) -> Workplace:
        monkeypatch.setattr(flows.workplace, "account", lambda: name)
        monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / f"{name}.pem"))
        return stack.enter_context(open_workplace(closed.workplace.hem))

    with ExitStack() as stack:
        review(acting("anna"), report, report.innehallshash[:12], NOW)
        chief = acting("bo")
        with pytest.raises(OrdningsFel, match="E951") as refused:
            settle(chief, report, NOW)
        assert "r17-mal" in str(refused.value)
        assert "E851" in str(refused.value)
        asked = [line.split()[0] for line in open_questions(chief, report) if line.startswith("r17")]
        assert asked
        for id in (
            *(f"krav:{kod}" for kod in asked),
            *(f"avstamning:{one}/utfall" for one in ("balans", "likvida_ub")),
        ):
            accept(chief, AUGUST, id, "Rättas i september", NOW)
        closed_again(closed.workplace)
        assert open_questions(chief, report) == ()
        assert settle(chief, report, NOW).vad == FASTSTALLD
