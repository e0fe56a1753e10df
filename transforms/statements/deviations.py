"""Avvikelser of a closing of the books: like with like, the year against its budget, a part of the year against that part's budget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from transforms.figures import BERAKNAD, KOMMUNEN, Figure, FigureIndex, combine
from transforms.formulas import SUMMA
from transforms.period import Period
from transforms.period_budget import PERIODBUDGET
from transforms.statements.sums import AVRUNDNING, REDOVISAD

AVVIKELSE, AVVIKELSE_PERIOD, AVVIKELSE_HELAR = "avvikelse_bokslut", "avvikelse_period", "avvikelse_helar"
AVVIKELSER = (AVVIKELSE, AVVIKELSE_PERIOD, AVVIKELSE_HELAR)
_INVESTERINGAR = "investeringsredovisning"
_COMPARED = ("resultatrakning", "driftredovisning", _INVESTERINGAR)
"""Statements with a budget."""
_OF_YEAR: Mapping[str, tuple[str, str]] = {AVVIKELSE: ("utfall", "budget")}
_OF_PART: Mapping[str, tuple[str, str]] = {
    AVVIKELSE_PERIOD: ("utfall", PERIODBUDGET),
    AVVIKELSE_HELAR: ("prognos", "budget"),
}
"""Later and earlier of each avvikelse. What is booked in a part of the year is never held against the budget of the whole."""


def deviations(figures: FigureIndex, period: Period) -> list[Figure]:
    """Per row, later − earlier; for investments earlier − later, so that plus is better than budget.

    In December utfall against budget. Before that utfall against the period's budget and prognos against the year's, where there are any.
    A row that either side lacks has no avvikelse; a missing value on either side gives a missing one.

    Source: LKBR 10 kap. 1 §, 13 kap. 2 §; RKR R17; docs/beslut/0002-tecken.md.
    """
    wanted = _OF_YEAR if period.month == 12 else _OF_PART
    return [
        made
        for serie, (later_serie, earlier_serie) in wanted.items()
        for later in figures
        if later.serie == later_serie and (made := _deviation(figures, serie, later, earlier_serie)) is not None
    ]


def _deviation(figures: FigureIndex, serie: str, later: Figure, earlier_serie: str) -> Figure | None:
    if later.matt not in _COMPARED or later.rad.endswith((REDOVISAD, AVRUNDNING)):
        return None
    earlier = figures.get(later.enhet, later.matt, later.rad, earlier_serie)
    if earlier is None or later.is_not_applicable or earlier.is_not_applicable:
        return None
    terms = ((1, earlier), (-1, later)) if later.matt == _INVESTERINGAR else ((1, later), (-1, earlier))
    return Figure(
        later.period, later.enhet, later.matt, later.rad, serie, later.namn, combine(terms), BERAKNAD,
        formel=SUMMA, indata=tuple((sign, figure.figure_id) for sign, figure in terms),
    )  # fmt: skip


def budgeted_result(period_budgets: Iterable[Figure], period: Period) -> tuple[Figure, ...]:
    """Årets resultat that is budgeted for January up to the period: Σ the register's period budget of every row of drift.

    Income +, cost −. What the kommun's enheter buy of each other and kommunbidrag go out in the sum, so the result can be held against
    the resultaträkning's, though its rows cannot. Missing when a row's is; nothing when the register is not periodised.

    Source: docs/beslut/0026-periodbudget.md.
    """
    rows = [figure for figure in period_budgets if (figure.matt, figure.serie) == ("drift", PERIODBUDGET)]
    if not rows:
        return ()
    terms = tuple((1, row) for row in rows)
    return (
        Figure(
            str(period), KOMMUNEN, "resultatrakning", "arets_resultat", PERIODBUDGET, "Årets resultat", combine(terms),
            BERAKNAD, formel=SUMMA, indata=tuple((sign, row.figure_id) for sign, row in terms),
        ),
    )  # fmt: skip
