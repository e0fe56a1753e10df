"""The made-up year of an invented kommun (``exempelar.yaml``): facts, ledger and the books' workbook of any of its months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from adapters.contract_files import load_bokslutsregler, load_kommunbas
from adapters.kommun_config import load_kommun, load_model
from adapters.sie import write_sie
from data_contracts.bokslutsregler import ARSREDOVISNING, DELARSRAPPORT
from data_contracts.kommun import Kommun
from flows.steps.check import check_register, check_returns
from flows.steps.collect import collect
from flows.steps.compute import compute
from flows.steps.example import EXEMPELBOK, books_workbook, filled_register, filled_returns
from flows.steps.ledger_books import settings_of
from flows.workplace import Workplace
from transforms.example_year.books import BooksOfYear, ClosedYear, book_rows, closed_year, project_sums
from transforms.example_year.course import Course, year_course
from transforms.example_year.facts import budget_at, example_facts
from transforms.example_year.faults import with_faults
from transforms.example_year.ledger import with_budget, year_ledgers
from transforms.example_year.people import people_rows
from transforms.example_year.settings import Exempelar
from transforms.example_year.texts import Exempeltexter, example_texts
from transforms.fact_values import Facts
from transforms.ledger.balances import ledger_frames
from transforms.ledger.example import Exempelbok
from transforms.ledger.sie import SieFile
from transforms.ledger.statements import RESULTATRAKNING, books_from_ledger, place_of
from transforms.period import Period
from transforms.statements.closing import forms_of

EXEMPELAR, EXEMPELTEXTER = "exempelar.yaml", "texter.yaml"


@dataclass(frozen=True, slots=True)
class ExampleYear:
    """An example's year: its configuration, its settings, what each row comes to, and what its ledger books on."""

    kommun: Kommun
    plan: Exempelar
    course: Course
    bok: Exempelbok
    texter: Exempeltexter

    @property
    def periods(self) -> Iterator[Period]:
        """The months of the year."""
        return (Period(self.plan.ar, month) for month in range(1, 13))


def has_year(example: Path) -> bool:
    """True for an example whose months are made, not read from facts files."""
    return (example / EXEMPELAR).is_file()


def months_of(example: Path) -> tuple[str, ...]:
    """The months that can be made: those that the example's own calendar closes."""
    plan = load_model(example / EXEMPELAR, Exempelar)
    return tuple(str(Period(plan.ar, month)) for month in load_kommun(example / "kommun.yaml").kalender.perioder)


def load_year(example: Path, kommun: Kommun) -> ExampleYear:
    """The year that stands beside an example's kommun.yaml."""
    plan = load_model(example / EXEMPELAR, Exempelar)
    book = load_model(example / EXEMPELBOK, Exempelbok)
    return ExampleYear(
        kommun, plan, year_course(kommun, plan), book, load_model(example / EXEMPELTEXTER, Exempeltexter)
    )


def facts_of_month(year: ExampleYear, period: Period) -> Facts:
    """The month's facts, with the errors that are planted in it."""
    facts = example_facts(year.kommun, year.plan, year.course, period)
    planted = year.plan.planterat
    return facts if planted is None or planted.manad != period.month else with_faults(facts, planted.fel)


def ledger_of_month(year: ExampleYear, period: Period) -> bytes:
    """A SIE file of the year up to and with the month, with the year's budget in it."""
    _, this = year_ledgers(year.bok, year.course, period, year.kommun.namn)
    held = with_budget(year.bok, this, budget_at(year.plan, year.course, period))
    return write_sie(held, period.last_day + dt.timedelta(days=8))


def books_of_month(workplace: Workplace, year: ExampleYear, period: Period) -> bytes:
    """The workbook of the books of a month: what the ledger has not, and noter that specify what it has.

    Raises:
        ValueError: the year has no books.
    """
    if year.plan.bokslut is None:
        raise ValueError(f"{EXEMPELAR} har ingen del bokslut")
    before, this = year_ledgers(year.bok, year.course, period, year.kommun.namn)
    fore = _closed(workplace, before, Period(period.year - 1, period.month))
    made = BooksOfYear(
        kommun=year.kommun,
        bokslut=year.plan.bokslut,
        course=year.course,
        bok=year.bok,
        forms=forms_of(settings_of(workplace), load_bokslutsregler(), period.last_day),
        platser=_places(year, period),
        nu=_closed(workplace, this, period),
        fore=fore,
        projekt=project_sums(this),
        period=period,
    )
    people = people_rows(year.kommun, year.plan, year.plan.bokslut, period)
    return books_workbook(workplace, period, {**book_rows(made), **people})


def texts_of_month(year: ExampleYear, period: Period, rapport: str) -> dict[str, str]:
    """The report's written texts in Markdown, by section."""
    return example_texts(year.texter, year.kommun, year.plan, year.course, period, rapport)


def _places(year: ExampleYear, period: Period) -> dict[str, str]:
    """Per row of the drift, the row of the resultaträkning that its accounts belong to."""
    plan, chart = year.kommun.huvudbok, load_kommunbas().chart(period.year)
    found = {rad: place_of(konton[0].konto, plan, chart) for rad, konton in year.bok.konton.items() if plan is not None}
    return {rad: place[1] for rad, place in found.items() if place is not None and place[0] == RESULTATRAKNING}


def _closed(workplace: Workplace, ledger: SieFile, period: Period) -> ClosedYear:
    plan = workplace.kommun.huvudbok
    if plan is None:
        raise ValueError("kommun.yaml har ingen del huvudbok")
    regler = load_bokslutsregler()
    forms = forms_of(settings_of(workplace), regler, period.last_day)
    frames = ledger_frames(ledger, plan.dimensioner.model_dump())
    chart = load_kommunbas().chart(period.year)
    made = books_from_ledger(frames, plan, chart, forms, regler.kassaflode, period, workplace.felkoder)
    return closed_year(made.figures)


def deliver_month(workplace: Workplace, year: ExampleYear, period: Period) -> None:
    """The month's files in the home: register and returns in the inbox, the ledger in its folder; where the books are closed their
    workbook and texts too. What is there already is left alone."""
    inbox, facts = Path(workplace.hem.inkorg), facts_of_month(year, period)
    kod = workplace.kommun.kod
    _once(inbox / f"budgetregister-{kod}-{period}.xlsx", lambda: filled_register(workplace, facts))
    names = {one.forvaltning: inbox / f"retur-{kod}-{one.forvaltning.lower()}-{period}.xlsx" for one in facts.returer}
    waiting = [forvaltning for forvaltning, path in names.items() if not path.exists()]
    for forvaltning, content in filled_returns(workplace, facts, waiting):
        names[forvaltning].write_bytes(content)
    _once(Path(workplace.hem.huvudbok) / f"huvudbok-{kod}-{period}.se", lambda: ledger_of_month(year, period))
    rapport = report_of(workplace, period)
    if rapport:
        _once(inbox / f"bokslut-{kod}-{period}.xlsx", lambda: books_of_month(workplace, year, period))
        for section, text in texts_of_month(year, period, rapport).items():
            _once(workplace.hem.texter(str(period)) / f"{section}.md", text.encode)


def close_figures_before(workplace: Workplace, year: ExampleYear, period: Period, now: dt.datetime) -> Period | None:
    """The nearest earlier month of the calendar closed without reports, so that the period has a föregående prognos; None for the first.

    The month with planted errors is passed over, since its returns are stopped. The closing's fingerprint is not that of one with reports:
    who closes that month gets them.
    """
    planted = None if year.plan.planterat is None else year.plan.planterat.manad
    months = [month for month in year.kommun.kalender.perioder if month < period.month and month != planted]
    if not months:
        return None
    before = Period(period.year, max(months))
    if workplace.store.last_closing(workplace.kommun.kod, str(before)) is None:
        deliver_month(workplace, year, before)
        collect(workplace, before, now)
        check_register(workplace, before, now)
        check_returns(workplace, before, now)
        closing = compute(workplace, before, f"siffror utan rapporter {workplace.program_key}", now)
        workplace.store.finish_closing(closing.id, finished=now, summary={})
    return before


def report_of(workplace: Workplace, period: Period) -> str:
    """The report of the books that a month ends with; '' for the other months."""
    settings = workplace.kommun.bokslut
    if settings is None:
        return ""
    return ARSREDOVISNING if period.month == 12 else DELARSRAPPORT if period.month == settings.delperiod else ""


def _once(path: Path, make: Callable[[], bytes]) -> None:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(make())


def planted_lines(year: ExampleYear, period: Period) -> tuple[str, ...]:
    """What is wrong on purpose in the month's returns, for the terminal; nothing in the other months."""
    planted = year.plan.planterat
    if planted is None or planted.manad != period.month:
        return ()
    return ("Planterade fel i månadens returer:", *(f"  {one.kod}  {one.enhet}: {one.vad}" for one in planted.fel))
