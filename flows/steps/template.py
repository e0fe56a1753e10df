"""Templates out: each förvaltning's return, prefilled with the register's budget and the last closing's prognos."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from adapters.contract_files import load_bokslutsregler
from adapters.workbook_template import write_books, write_register, write_template
from data_contracts.bokslutsinstallning import Bokslutsinstallning
from data_contracts.kommun import Kommun
from flows.steps.check import budgets_of, check_register, periodbudgets_of
from flows.steps.compute import comments_of
from flows.steps.look_back import previous_closing
from flows.workplace import Workplace, now
from transforms.belopp import from_ore
from transforms.carried_comments import CarriedComment, carried_comments
from transforms.figures import KOMMUNEN, from_frame
from transforms.history import CARRIED
from transforms.period import Period
from transforms.statements.closing import forms_of
from transforms.template_rows import CellValue

Place = tuple[str, str, str]


def return_template(workplace: Workplace, forvaltning_kod: str, period: Period) -> bytes:
    """One förvaltning's template for the period, with last month's comments copied forward: xlsx, the same bytes for the same register
    and history."""
    return _template(workplace, forvaltning_kod, period, _comments(workplace, forvaltning_kod, period))


def uncommented_template(workplace: Workplace, forvaltning_kod: str, period: Period) -> bytes:
    """As ``return_template``, for one who writes every comment anew."""
    return _template(workplace, forvaltning_kod, period, ())


def _template(
    workplace: Workplace, forvaltning_kod: str, period: Period, comments: tuple[CarriedComment, ...]
) -> bytes:
    check_register(workplace, period, now())
    prefill = dict(prefill_of(workplace, forvaltning_kod, period))
    kommun = workplace.kommun.for_year(period.year)
    return write_template(workplace.manadsretur, kommun, forvaltning_kod, period, prefill, comments)


def _comments(workplace: Workplace, forvaltning_kod: str, period: Period) -> tuple[CarriedComment, ...]:
    """The comments of the year's last closing before the period."""
    closing, forvaltning = previous_closing(workplace, period), workplace.kommun.forvaltning(forvaltning_kod)
    if closing is None:
        return ()
    rows = [{str(name): value for name, value in row.items()} for row in comments_of(workplace, closing).values()]
    return carried_comments(rows, forvaltning.enheter, forvaltning.returenhet)


def register_template(workplace: Workplace, year: int) -> bytes:
    """The year's budget register with a row for every row that takes a budget, amounts empty."""
    kommun = workplace.kommun
    rows = [
        {
            "enhet": enhet.kod,
            "avser": avser,
            "kod": rad.kod,
            "benamning": rad.namn,
            "belopp_enhet": kommun.forvaltning_of(enhet.kod).returenhet,
        }
        for enhet in kommun.enheter
        for avser, kod in (("drift", enhet.drift), ("investeringar", enhet.investeringar))
        if kod is not None
        for rad in kommun.uppstallning(kod).poster
    ]
    return write_register(
        workplace.budgetregister, kommun, year, {"beslutad_budget": rows, "bokslut": _last_years_rows(kommun)}
    )


def books_template(workplace: Workplace, period: Period) -> bytes:
    """The workbook of the books with a row for every row of the kommun's forms, amounts empty."""
    settings = workplace.kommun.bokslut or Bokslutsinstallning()
    unit = settings.avrundning or "kr"
    rows = {
        name: [
            {"enhet": KOMMUNEN, "kod": rad.kod, "benamning": rad.namn, "belopp_enhet": unit}
            for rad in form.rader
            if not rad.rubrik and (not rad.is_sum or settings.avrundning is not None)
        ]
        for name, form in forms_of(settings, load_bokslutsregler(), period.last_day).items()
    }
    return write_books(workplace.bokslut, workplace.kommun, period, rows)


def _last_years_rows(kommun: Kommun) -> list[dict[str, CellValue | None]]:
    """One row per enhet for last year's result."""
    return [
        {
            "enhet": enhet.kod,
            "avser": "drift",
            "kod": kommun.uppstallning(enhet.drift).resultatrad,
            "benamning": kommun.uppstallning(enhet.drift).rad(kommun.uppstallning(enhet.drift).resultatrad).namn,
            "belopp_enhet": kommun.forvaltning_of(enhet.kod).returenhet,
        }
        for enhet in kommun.enheter
    ]


def prefill_of(workplace: Workplace, forvaltning_kod: str, period: Period) -> Iterator[tuple[Place, Decimal]]:
    """What a förvaltning's template is prefilled with, by table, row key and column: budget out of the accepted register
    (the period's too, where the kommun takes it from there), and the prognos of the last closing, in its returenhet."""
    forvaltning = workplace.kommun.forvaltning(forvaltning_kod)
    for (enhet, avser, rad), budget in (budgets_of(workplace, period) or {}).items():
        if enhet in forvaltning.enheter and budget is not None:
            yield (avser, f"{enhet}|{rad}", "budget"), from_ore(budget, forvaltning.returenhet)
    for (enhet, avser, rad), budget in (periodbudgets_of(workplace, period) or {}).items():
        if enhet in forvaltning.enheter and budget is not None:
            yield (avser, f"{enhet}|{rad}", "periodbudget"), from_ore(budget, forvaltning.returenhet)
    closing = previous_closing(workplace, period)
    if closing is None:
        return
    for figure in from_frame(workplace.store.load_figures(closing.id)):
        is_entered = figure.serie == "prognos" and figure.slag == "inlamnad" and not figure.grupp
        is_entered = is_entered and figure.matt in CARRIED
        if is_entered and figure.enhet in forvaltning.enheter and figure.varde is not None:
            unit = forvaltning.returenhet
            value = (
                from_ore(figure.varde, unit)
                if figure.enhet_matt == "ore"
                else Decimal(figure.varde).scaleb(-figure.decimaler)
            )
            yield (figure.matt, f"{figure.enhet}|{figure.rad}", "fg_prognos"), value
