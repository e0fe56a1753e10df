"""Kassaflödesanalys by the indirect method: each row is what the resultaträkning and two balances say of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from data_contracts.bokslutsregler import Kassaflodesrad
from data_contracts.uppstallningsform import Form
from transforms.figures import BERAKNAD, Figure, FigureIndex
from transforms.formulas import SUMMA, evaluate
from transforms.period import Period
from transforms.statements.terms import UTFALL, signed_figures


def cash_flow(
    figures: FigureIndex, form: Form, rules: Iterable[Kassaflodesrad], enhet: str, period: Period
) -> tuple[Figure, ...]:
    """The rows of an enhet's kassaflöde that a rule gives.

    A row that the enhet does not have is no term; without last year's balance there is nothing.

    Sign: inflow +, outflow −.

    Source: LKBR 8 kap.; data_contracts/bokslut/kassaflode.yaml.
    """
    names = {rad.kod: rad.namn for rad in form.poster}
    found: list[Figure] = []
    for rule in rules:
        known = [term for term in rule.termer if figures.get(enhet, term.form, term.rad, "utfall") is not None]
        terms = signed_figures(figures, known, enhet, UTFALL, period.year) if known else None
        if terms is None or rule.rad not in names:
            continue
        figure = Figure(
            period=str(period), enhet=enhet, matt=form.kod, rad=rule.rad, serie="utfall", namn=names[rule.rad],
            varde=None, slag=BERAKNAD, formel=SUMMA, indata=tuple((sign, part.figure_id) for sign, part in terms),
        )  # fmt: skip
        found.append(replace(figure, varde=evaluate(figure, terms)))
    return tuple(found)
