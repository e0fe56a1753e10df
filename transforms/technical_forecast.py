"""The technical forecast: what the year comes to at the present pace, row by row, beside the forecast that the controller answers for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from data_contracts.kommun import Kommun
from data_contracts.periodisering import Periodnyckel, Prognosregel
from transforms.figures import (
    BERAKNAD,
    DIVISOR,
    FACTOR,
    KOMMUNEN,
    REGISTER,
    Figure,
    FigureIndex,
    combine,
    computed_value,
)
from transforms.period import Period

TEKNISK = "teknisk_prognos"
SKILLNAD = "skillnad_teknisk"
NYCKEL = "periodnyckel"
"""The mått of the weights of a seasonal key."""
ARET, PERIODEN = "vikt_aret", "vikt_perioden"
_MINUS = "\u2212"
_FORMULAS = {
    "takt": "utfall × årets vikter ÷ vikterna till och med perioden",
    "budgetrest": f"utfall + budget {_MINUS} budget för perioden",
    "budget": "budget helår",
}


def technical_forecasts(figures: FigureIndex, kommun: Kommun, period: Period) -> tuple[Figure, ...]:
    """teknisk_prognos per enhet, mått and entered row, by the kommun's rule for the row; and the weights that it stands on.

    - takt: utfall · Σ weights of the year ÷ Σ weights of January up to the period, rounded once to whole öre
    - budgetrest: utfall + budget − periodbudget
    - budget: the budget of the full year

    Signs as the utfall's. Missing when an input is missing, and when the key says that nothing of the year has gone: of no pace, no
    forecast. "Ej tillämpligt" stays so. A row that no rule takes has none.

    Source: the kommun's rules with their reference (kommun.yaml: prognos, periodisering).
    """
    if kommun.prognos is None:
        return ()
    made: list[Figure] = []
    keys: dict[str, Figure] = {}
    for utfall in figures:
        if utfall.serie != "utfall" or utfall.matt not in ("drift", "investeringar") or utfall.vardear is not None:
            continue
        rule = kommun.prognos.rule_of(utfall.matt, utfall.enhet, utfall.rad)
        if rule is None:
            continue
        terms = list(_terms(figures, utfall, rule, kommun, period))
        keys |= {part.figure_id: part for _, part in terms if part is not None and part.matt == NYCKEL}
        made.append(_forecast(utfall, rule, terms))
    return (*keys.values(), *made)


def _terms(
    figures: FigureIndex, utfall: Figure, rule: Prognosregel, kommun: Kommun, period: Period
) -> Iterator[tuple[int, Figure | None]]:
    def own(serie: str) -> Figure | None:
        return figures.get(utfall.enhet, utfall.matt, utfall.rad, serie)

    if rule.metod == "budget":
        yield 1, own("budget")
        return
    yield 1, utfall
    if rule.metod == "budgetrest":
        yield 1, own("budget")
        yield -1, own("periodbudget")
        return
    key = kommun.periodisering.key_of(utfall.matt, utfall.enhet, utfall.rad)
    yield from zip((FACTOR, DIVISOR), weights(key, period), strict=True)


def weights(nyckel: Periodnyckel, period: Period) -> tuple[Figure, Figure]:
    """A key's weights of the whole year, and of January up to the period, as figures that others are multiplied and divided by.

    Source: the key's own reference (kommun.yaml: periodisering).
    """

    def weight(serie: str, varde: int) -> Figure:
        return Figure(
            period=str(period), enhet=KOMMUNEN, matt=NYCKEL, rad=nyckel.kod, serie=serie, namn=nyckel.namn, varde=varde,
            slag=REGISTER, enhet_matt="vikt", decimaler=0, formel=nyckel.referens,
        )  # fmt: skip

    return weight(ARET, sum(nyckel.vikter)), weight(PERIODEN, nyckel.through(period.month))


def _forecast(utfall: Figure, rule: Prognosregel, terms: Iterable[tuple[int, Figure | None]]) -> Figure:
    listed = list(terms)
    known = [(sign, part) for sign, part in listed if part is not None]
    whole = len(known) == len(listed)
    return replace(
        utfall, serie=TEKNISK, slag=BERAKNAD, formel=_FORMULAS[rule.metod],
        varde=computed_value(listed, utfall.enhet_matt, utfall.decimaler) if whole else None,
        indata=tuple((sign, part.figure_id) for sign, part in known) if whole else (),
        retur_sha256="", fil="", blad="", cell="", ravarde=utfall.ravarde if utfall.is_not_applicable else "",
    )  # fmt: skip


def forecast_gaps(figures: FigureIndex) -> tuple[Figure, ...]:
    """skillnad_teknisk per row that has a technical forecast = prognos − teknisk prognos. Missing when either is.

    No avvikelse: it says how far the controller's forecast is from the pace, and nothing of the budget.
    Source: docs/ordlista.md, teknisk prognos.
    """
    made: list[Figure] = []
    for technical in figures:
        own = (
            figures.get(technical.enhet, technical.matt, technical.rad, "prognos")
            if technical.serie == TEKNISK
            else None
        )
        if own is None:
            continue
        made.append(
            replace(
                technical, serie=SKILLNAD, varde=combine(((1, own), (-1, technical))),
                formel=f"prognos {_MINUS} teknisk prognos", indata=((1, own.figure_id), (-1, technical.figure_id)),
            )
        )  # fmt: skip
    return tuple(made)
