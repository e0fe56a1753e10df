"""Balanskravsutredningen's column prognos: the year's result as the resultaträkning forecasts it, and the adjustments that are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from data_contracts.felkoder import Felkod
from data_contracts.findings import Finding
from data_contracts.uppstallningsform import Form
from transforms.belopp import exact_text
from transforms.figures import BERAKNAD, Figure, FigureIndex
from transforms.formulas import SUMMA
from transforms.statements.sums import tolerance

PROGNOS, UTFALL = "prognos", "utfall"
ARETS_RESULTAT = "arets_resultat"


@dataclass(frozen=True, slots=True)
class BalanceForecast:
    """The figures with the computed rows among them, in place of what was entered on those; and what was entered otherwise."""

    figures: FigureIndex
    findings: tuple[Finding, ...]


def with_balance_forecast(
    figures: FigureIndex, form: Form, enhet: str, steg_ore: int, felkoder: Mapping[str, Felkod], unit: str
) -> BalanceForecast:
    """The entered rows of the column prognos, computed where that can be done; sums are made by ``sum_statement``.

    Årets resultat is the prognos of the resultaträkning. An adjustment is the prognos that is entered for it, else what has been booked
    of it so far. Where the resultaträkning has no prognos, or a row has neither, nothing is computed and what is entered stands.
    Signs as stored: what raises the result +.

    Source: LKBR 11 kap. 10 §; RKR R17: the delårsrapport assesses balanskravsresultatet out of the year's prognos.
    Args:
        form: balanskravsutredningen's, as the kommun uses it.
    """
    result = figures.get(enhet, "resultatrakning", ARETS_RESULTAT, PROGNOS)
    entered = {rad.kod: figures.get(enhet, form.kod, rad.kod, PROGNOS) for rad in form.poster}
    booked = {rad.kod: figures.get(enhet, form.kod, rad.kod, UTFALL) for rad in form.poster}
    others = [rad.kod for rad in form.poster if rad.kod != ARETS_RESULTAT]
    if result is None or result.varde is None or ARETS_RESULTAT not in entered:
        return BalanceForecast(figures, ())
    if any(not _is_known(entered[kod]) and not _is_known(booked[kod]) for kod in others):
        return BalanceForecast(figures, ())
    made = {ARETS_RESULTAT: _copied(result, form.kod, ARETS_RESULTAT, form.rad(ARETS_RESULTAT).namn)}
    for kod in others:
        known = booked[kod]
        if not _is_known(entered[kod]) and known is not None:
            made[kod] = _copied(known, form.kod, kod, known.namn)
    kept = [f for f in figures if not ((f.enhet, f.matt, f.serie) == (enhet, form.kod, PROGNOS) and f.rad in made)]
    said = entered[ARETS_RESULTAT]
    differs = said is not None and said.varde is not None and abs(said.varde - result.varde) > tolerance(1, steg_ore)
    findings = (_finding(felkoder["E854"], said, result.varde, unit),) if said is not None and differs else ()
    return BalanceForecast(FigureIndex([*kept, *made.values()]), findings)


def _is_known(figure: Figure | None) -> bool:
    """Has a value, or says that the row does not apply."""
    return figure is not None and (figure.varde is not None or figure.is_not_applicable)


def _copied(figure: Figure, matt: str, rad: str, namn: str) -> Figure:
    """The figure's amount as a computed one of the column prognos."""
    plain = Figure(figure.period, figure.enhet, matt, rad, PROGNOS, namn, figure.varde, BERAKNAD)
    return replace(plain, formel=SUMMA, indata=((1, figure.figure_id),))


def _finding(felkod: Felkod, said: Figure, prognos: int, unit: str) -> Finding:
    return felkod.finding(
        file=said.fil, sheet=said.blad, cell=said.cell, found=said.ravarde, rad=said.namn,
        prognos=exact_text(prognos, unit), enhet=unit, period=said.period,
    )  # fmt: skip
