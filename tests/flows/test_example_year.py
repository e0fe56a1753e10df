"""Storlingonby's made-up year through the steps: planted errors are found by their codes, and the books come out complete and even."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from adapters.rendering import style_hash
from adapters.store import Closing
from data_contracts.bokslutsregler import ARSREDOVISNING, DELARSRAPPORT, Kapitel
from data_contracts.findings import Finding, stops
from flows.home import CHECKOUT
from flows.steps.books import (
    book_findings,
    books_context,
    build_books,
    check_books,
    compute_books,
    judged_books,
    texts_against_figures,
)
from flows.steps.check import check_register, check_returns, load
from flows.steps.collect import collect
from flows.steps.compute import closing_fingerprint
from flows.steps.example_year import (
    ExampleYear,
    close_figures_before,
    deliver_month,
    load_year,
    months_of,
    planted_lines,
    report_of,
)
from flows.steps.ledger import collect_ledger
from flows.steps.look_back import previous_closing
from flows.verbs import UserError
from flows.verbs.demo import PERIODER, _chosen
from flows.workplace import Workplace, open_workplace
from tests.closings import new_home, time_of
from tests.kommuner.printed import all_figures
from transforms.book_types import Boktabell
from transforms.example_year.facts import example_facts
from transforms.figures import KOMMUNEN, FigureIndex
from transforms.ledger.reconciliation import Utfall
from transforms.period import Period
from transforms.statements.closing import close_books
from transforms.statements.consolidation import KONCERNEN
from transforms.statements.entered import figures_from_books
from transforms.views.books.context import BooksContext, Malkapitel
from transforms.views.books.sections import chapter, namnd_sections

EXAMPLE = CHECKOUT / "kommuner" / "storlingonby"
MAJ, AUGUSTI, DECEMBER = Period(2026, 5), Period(2026, 8), Period(2026, 12)


@dataclass(frozen=True)
class Made:
    workplace: Workplace
    year: ExampleYear
    closing: Closing
    context: BooksContext


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ExampleYear, dict[str, tuple[Finding, ...]]]]:
    """The year, and May's findings by förvaltning: all eight returns through the real templates and the real contract."""
    hem, now = new_home(tmp_path_factory.mktemp("maj") / "hem", "storlingonby"), time_of(MAJ, 15)
    with open_workplace(hem) as workplace:
        year = load_year(EXAMPLE, workplace.kommun)
        deliver_month(workplace, year, MAJ)
        collect(workplace, MAJ, now)
        check_register(workplace, MAJ, now)
        check_returns(workplace, MAJ, now)
        returns = workplace.store.returns_for("storlingonby", str(MAJ))
        yield year, {one.forvaltning: workplace.store.findings_for(one.id) for one in returns}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Period], Made]]:
    """Closes the books of a period once, of its ledger, workbook and texts; no month is closed."""
    done: dict[Period, Made] = {}
    with open_workplace(new_home(tmp_path_factory.mktemp("bokslut") / "hem", "storlingonby")) as workplace:
        year = load_year(EXAMPLE, workplace.kommun)

        def close(period: Period) -> Made:
            if period not in done:
                now = dt.datetime.combine(period.last_day, dt.time(8), dt.UTC) + dt.timedelta(days=20)
                no_returns = replace(year, kommun=year.kommun.model_copy(update={"forvaltningar": ()}))
                deliver_month(workplace, no_returns, period)
                collect_ledger(workplace, now)
                collect(workplace, period, now)
                check_register(workplace, period, now)
                record, rapport = check_books(workplace, period, now), report_of(workplace, period)
                closing = compute_books(workplace, record, period, rapport, "prov", now)
                closing = workplace.store.finish_closing(closing.id, finished=now, summary={})
                done[period] = Made(workplace, year, closing, books_context(workplace, closing, rapport))
            return done[period]

        yield close


def test_every_planted_error_is_found_by_its_code_in_the_return_that_has_it(
    found: tuple[ExampleYear, dict[str, tuple[Finding, ...]]],
) -> None:
    year, findings = found
    planted = year.plan.planterat
    assert planted is not None
    for error in planted.fel:
        sender = year.kommun.forvaltning_of(error.enhet).kod
        assert error.kod in {finding.code for finding in findings[sender]}, error.vad
    assert len({error.kod for error in planted.fel}) >= 8


def test_nothing_else_stops_a_return(found: tuple[ExampleYear, dict[str, tuple[Finding, ...]]]) -> None:
    """Every row but the planted ones passes the contract: what stops is a planted code, in a return that has one planted."""
    year, findings = found
    planted = year.plan.planterat
    assert planted is not None
    wrong = {(year.kommun.forvaltning_of(error.enhet).kod, error.kod) for error in planted.fel}
    stopping = {(sender, one.code) for sender, listed in findings.items() for one in listed if stops([one])}
    assert {sender for sender, _ in stopping} <= {sender for sender, _ in wrong}
    assert stopping <= wrong | {("SBF", "E332")}, "kronor in the drift and in its verksamheter"
    assert set(findings) == {forvaltning.kod for forvaltning in year.kommun.forvaltningar}


def test_the_terminal_tells_what_is_planted(found: tuple[ExampleYear, dict[str, tuple[Finding, ...]]]) -> None:
    year, _ = found
    lines = planted_lines(year, MAJ)
    assert lines[0] == "Planterade fel i månadens returer:"
    assert any("E406" in line and "GAT" in line for line in lines)
    assert planted_lines(year, AUGUSTI) == ()


@pytest.mark.parametrize("period", [AUGUSTI, DECEMBER], ids=str)
def test_the_books_are_even_and_nothing_is_missing(made: Callable[[Period], Made], period: Period) -> None:
    closed = made(period)
    context = closed.context
    assert book_findings(closed.workplace, context) == ()
    judged = judged_books(closed.workplace, context.books, period)
    assert len(judged) > 15
    outcomes = {row.kontroll.id: row.utfall for row in judged}
    budgets = {id: utfall for id, utfall in outcomes.items() if id.startswith("huvudboksbudget.")}
    assert len(budgets) > 30
    assert set(budgets.values()) == {Utfall.STAMMER}
    if period == DECEMBER:
        assert outcomes["investeringar_kfa/utfall"] is Utfall.STAMMER
    assert not [row.kontroll.id for row in judged if row.stops]
    _, summary = build_books(closed.workplace, closed.closing, report_of(closed.workplace, period), "stil")
    missing = {line.split()[0] for line in summary.missing}
    assert missing == set()


def test_the_reports_are_those_of_the_law(made: Callable[[Period], Made]) -> None:
    workplace = made(DECEMBER).workplace
    assert [report_of(workplace, period) for period in (MAJ, AUGUSTI, DECEMBER)] == ["", DELARSRAPPORT, ARSREDOVISNING]


def test_the_koncern_is_the_kommun_and_its_shares_without_internal_posts(made: Callable[[Period], Made]) -> None:
    figures = made(DECEMBER).context.books.figures

    def of(enhet: str, matt: str, rad: str) -> int:
        return figures.get(enhet, matt, rad, "utfall").varde

    rr = "resultatrakning"
    companies = of("BOSTAD", rr, "intakter") + of("ENERGI", rr, "intakter") * 6 // 10
    internal = (21_500 + 26_800 * 6 // 10) * 100_000
    assert of(KONCERNEN, rr, "intakter") == of(KOMMUNEN, rr, "intakter") + companies - internal
    tables = {table.id: table for table in tables_of(made(DECEMBER).context, "koncern")}
    assert [column.kod for column in tables["koncern-kassaflode-tabell"].kolumner] == ["utfall"]
    assert [column.kod for column in tables["koncern-resultatrakning-tabell"].kolumner] == ["utfall", "bokslut"]
    before = {row.namn: row.celler[1].ore for row in tables["koncern-balansrakning-tabell"].rader if row.celler}
    assert before["Summa tillgångar"] == before["Summa eget kapital, avsättningar och skulder"] != 0
    opening = of(KONCERNEN, "balansrakning", "ovrigt_eget_kapital")
    assert abs(before["Summa eget kapital"] - opening) < 100_000, "last year's equity, in whole tusental"
    br, kfa = "balansrakning", "kassaflode"
    assert of(KONCERNEN, kfa, "lopande") + of(KONCERNEN, kfa, "investeringsverksamhet") + of(
        KONCERNEN, kfa, "finansieringsverksamhet"
    ) == of(KONCERNEN, kfa, "arets_kassaflode")
    assert abs(of(KONCERNEN, kfa, "likvida_ub") - of(KONCERNEN, br, "likvida_medel")) < 100_000
    compared = {one.id: one.is_agreed for one in made(DECEMBER).context.books.avstamningar}
    assert {id: agreed for id, agreed in compared.items() if KONCERNEN in id} == dict.fromkeys(
        [f"{rule}@{KONCERNEN}/utfall" for rule in ("balans", "resultat_br", "resultat_kfa", "likvida_ub")], True
    )
    assert of(KONCERNEN, br, "tillgangar") == of(KONCERNEN, br, "skulder_och_eget_kapital")
    assert of(KONCERNEN, br, "arets_resultat") == of(KONCERNEN, rr, "arets_resultat")


def test_a_companys_tax_and_reserves_are_taken_in_and_the_koncerns_own_year_is_computed(
    made: Callable[[Period], Made],
) -> None:
    """What the kommun's form has no row for; and an entered utfall of the koncern is told of, not used."""
    closed = made(DECEMBER)
    settings, forms = closed.context.settings, closed.context.forms
    record = closed.workplace.store.retur(closed.closing.retur_ids[0])
    frames = dict(load(closed.workplace, record, DECEMBER).frames)
    rows = frames["resultatrakning"].to_dict("records")
    model = next(row for row in rows if (row["enhet"], row["kod"]) == ("ENERGI", "intakter"))
    more = [
        {**model, "kod": "skatt", "utfall": -1_000_00, "utfall_ra": "-1000"},
        {**model, "enhet": KONCERNEN, "utfall": 1_00, "utfall_ra": "1"},
    ]
    own = [row for row in rows if row["enhet"] != KONCERNEN]
    frames["resultatrakning"] = frames["resultatrakning"].iloc[0:0].reindex(range(len(own) + 2)).astype(object)
    for place, row in enumerate([*own, *more]):
        for name, value in row.items():
            frames["resultatrakning"].at[place, name] = value
    entered = figures_from_books(frames, closed.workplace.bokslut, forms, DECEMBER)
    books = close_books(entered, settings, closed.context.regler, DECEMBER, closed.workplace.felkoder)
    tax = books.figures.get(KONCERNEN, "resultatrakning", "skatt", "utfall")
    assert tax is not None
    assert tax.varde == -600_00, "60 percent"
    assert [finding.code for finding in books.findings if finding.code == "E855"] == ["E855"]
    income = books.figures.get(KONCERNEN, "resultatrakning", "intakter", "utfall")
    assert income is not None
    assert income.varde != 1_00


def test_each_namnd_has_tables_of_its_enheter_and_its_text_agrees_with_them(made: Callable[[Period], Made]) -> None:
    closed = made(DECEMBER)
    year = closed.year
    month = all_figures(example_facts(year.kommun, year.plan, year.course, DECEMBER), year.kommun)
    context = replace(closed.context, namnder=month)
    sections = {section.id: section for section in namnd_sections(context)}
    assert len(sections) == 8
    tables = {table.id: table for section in sections.values() for table in section.tabeller}
    result = tables["namnd-omn-tabell"]
    assert [column.kod for column in result.kolumner] == ["budget", "utfall", "avvikelse_period"], (
        "a verdict, no prognos"
    )
    drift = tables["namnd-omn-ald-drift-tabell"]
    assert [column.kod for column in drift.kolumner] == ["utfall", "budget", "avvikelse_period", "utfall_fg_ar"]
    shown = {row.namn: row.celler for row in drift.rader}
    assert shown["Årets resultat"][2].ore == month.get("ALD", "drift", "arets_resultat", "avvikelse_period").varde
    assert "namnd-omn-ald-drift_verksamhet-tabell" in tables
    assert texts_against_figures(closed.workplace, context) == ((), 0)
    text = " ".join(one.text for one in sections["namnd-omn"].texter)
    assert re.search(r"Äldreomsorg redovisar ett underskott på \d.\d{3} tkr mot budget", text)
    without = replace(context, namnder=None)
    assert texts_against_figures(closed.workplace, without)[0] == (), "what no figure is known for is not called wrong"


def test_each_row_of_the_statements_refers_to_its_note_and_the_koncern_to_none(made: Callable[[Period], Made]) -> None:
    """The register of noter says which row a note specifies; the kommun has chosen none itself."""
    context = made(DECEMBER).context
    assert all(not one.noter for one in context.settings.former.values())
    tables = {
        table.id: table for kod in ("resultatrakning", "balansrakning", "koncern") for table in tables_of(context, kod)
    }
    numbers = {note.kod: str(note.nummer) for note in context.settings.noter}
    shown = {row.namn: (row.hanvisning, row.not_id) for row in tables["resultatrakning-tabell"].rader}
    assert shown["Skatteintäkter"] == (numbers["skatteintakter"], "not-skatteintakter")
    assert shown["Årets resultat"] == ("", "")
    assert tables["balansrakning-tabell"].med_noter
    assert not tables["koncern-resultatrakning-tabell"].med_noter
    without = replace(context.books, figures=FigureIndex(f for f in context.books.figures if f.matt != "noter"))
    (bare,) = tables_of(replace(context, books=without, texter={}), "resultatrakning")
    assert not bare.med_noter, "a note that the report does not hold is not referred to"


def tables_of(context: BooksContext, kod: str) -> tuple[Boktabell, ...]:
    """The tables of a chapter."""
    return tuple(table for section in chapter(context, Kapitel(kod=kod, rubrik=kod)) for table in section.tabeller)


def test_goals_that_the_plan_has_not_stand_beside_it(made: Callable[[Period], Made]) -> None:
    """The plan tells of its own goals; the finansiella, which are in the workbook alone, are not lost for that."""
    context = made(DECEMBER).context
    assert len(context.mal) == 7
    planned = frozenset(goal.kod for goal in context.mal if goal.slag == "verksamhet")
    with_plan = replace(context, malkapitel=Malkapitel((), 5, 1, FigureIndex([]), planned))
    (table,) = (table for table in tables_of(with_plan, "hushallning") if table.id == "mal-tabell")
    assert table.rubrik == "Finansiella mål"
    assert [row.celler[0].text for row in table.rader] == ["Målet är uppnått", "Målet är inte uppnått"]
    (whole,) = (table for table in tables_of(context, "hushallning") if table.id == "mal-tabell")
    assert whole.rubrik == "Mål och indikatorer"
    everything = replace(
        with_plan, malkapitel=replace(with_plan.malkapitel, koder=frozenset(g.kod for g in context.mal))
    )
    assert "mal-tabell" not in {table.id for table in tables_of(everything, "hushallning")}


def test_a_month_that_only_the_larger_example_has_is_answered_by_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert _chosen("lingonby", "2026-08") == ("storlingonby", ("2026-08",))
    assert "Hela året finns i storlingonby" in capsys.readouterr().out
    assert _chosen("lingonby", "2026-04") == ("lingonby", ("2026-04",))
    assert _chosen("lingonby", None) == ("lingonby", PERIODER["lingonby"])
    assert _chosen("storlingonby", "2026-12") == ("storlingonby", ("2026-12",))
    with pytest.raises(UserError, match="har inte perioden 2027-01"):
        _chosen("lingonby", "2027-01")
    with pytest.raises(UserError, match="har inte perioden 2026-08"):
        _chosen("alingsas", "2026-08")


def test_the_month_before_is_closed_without_reports_so_that_there_is_a_foregaende_prognos(tmp_path: Path) -> None:
    """Once, the month with planted errors passed over, and not so that a closing with reports takes it for its own."""
    with open_workplace(new_home(tmp_path / "hem", "storlingonby")) as workplace:
        year, juni, now = load_year(EXAMPLE, workplace.kommun), Period(2026, 6), time_of(MAJ, 15)
        bare = replace(year, kommun=year.kommun.model_copy(update={"forvaltningar": ()}))
        assert close_figures_before(workplace, bare, Period(2026, 2), now) is None
        before = close_figures_before(workplace, bare, juni, now)
        assert str(before) == "2026-04"
        closing = workplace.store.last_closing("storlingonby", "2026-04")
        assert closing is not None
        assert closing == previous_closing(workplace, juni)
        assert closing.fingerprint != closing_fingerprint(workplace, before, style_hash())
        assert workplace.store.reports_of(closing.id) == ()
        close_figures_before(workplace, bare, juni, now)
        assert workplace.store.last_closing("storlingonby", "2026-04") == closing


def test_the_months_are_those_of_the_examples_calendar() -> None:
    assert months_of(EXAMPLE) == tuple(f"2026-{month:02d}" for month in range(2, 13))


def test_what_is_delivered_already_is_left_alone(made: Callable[[Period], Made]) -> None:
    closed = made(AUGUSTI)
    ledger = Path(closed.workplace.hem.huvudbok) / f"huvudbok-storlingonby-{AUGUSTI}.se"
    before = ledger.stat().st_mtime_ns
    deliver_month(
        closed.workplace,
        replace(closed.year, kommun=closed.year.kommun.model_copy(update={"forvaltningar": ()})),
        AUGUSTI,
    )
    assert ledger.stat().st_mtime_ns == before
