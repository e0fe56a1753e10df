"""Figures of the goal thread: the values of indikatorer and how far the leveranser have come, each with the cell it was read from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from data_contracts.malplan import Indikator, Malplan
from transforms.belopp import scaled
from transforms.control_sheets import int_of, text_of
from transforms.figures import INLAMNAD, REGISTER, Figure
from transforms.period import Period
from transforms.schemas import rows_in

INDIKATORER, AKTIVITETER = "indikatorer", "aktiviteter"
"""The mått of the goal thread."""

UTFALLSSERIER = ("utfall", "utfall_kvinnor", "utfall_man")
INDIKATORSERIER = (*UTFALLSSERIER, "prognos")
FARDIGGRAD = "fardiggrad"


def figures_of_goals(frames: Mapping[str, pd.DataFrame], plan: Malplan | None, period: Period) -> tuple[Figure, ...]:
    """One figure per indikator and serie, and one per leverans (färdiggrad, procent).

    utfall carries the värdeår that its row states, where that is another than the period's: an older value is never passed off as this
    year's. A blank cell or a missing return gives a figure without value. The gender series are there only for indikatorer that the
    plan divides by gender. The utfall of an indikator that is fetched is no cell of this sheet: ``transforms.goal_sources``.

    Source: domain rule 2.5 (lag); RKR R15 on evaluating goals leaves the form to the kommun.
    Args:
        frames: per table, rows of the accepted returns of the period.
        plan: the year's målplan; None when the kommun has none, and then there are no figures.
    """
    if plan is None:
        return ()
    values = {(text_of(row["enhet"]), text_of(row["kod"])): row for row in rows_in(frames, INDIKATORER)}
    done = {(text_of(row["enhet"]), text_of(row["kod"])): row for row in rows_in(frames, AKTIVITETER)}
    figures: list[Figure] = []
    for indikator in plan.indikatorer:
        figures.extend(_history(indikator, values.get((indikator.enhet, indikator.kod), {}), plan, period))
        figures.extend(_of_indikator(indikator, values.get((indikator.enhet, indikator.kod), {}), period))
    for aktivitet in plan.aktiviteter:
        for part in aktivitet.leveranser or (aktivitet,):
            row = done.get((aktivitet.enhet, part.kod), {})
            key = (aktivitet.enhet, AKTIVITETER, part.kod, FARDIGGRAD)
            figures.append(_figure(key, part.namn, "procent", 0, row, period))
    return tuple(figures)


def _history(indikator: Indikator, row: Mapping[str, Any], plan: Malplan, period: Period) -> Iterator[Figure]:
    """The values of earlier years that the plan states; not of the year that the return itself gives a value of."""
    is_stated = int_of(row.get("utfall")) is not None and not indikator.hamtas
    stated = text_of(row.get("vardear")) if is_stated else ""
    for value in indikator.historik:
        if str(value.ar) == stated or value.ar >= period.year:
            continue
        for serie, number in (("utfall", value.varde), ("utfall_kvinnor", value.kvinnor), ("utfall_man", value.man)):
            if number is not None:
                yield Figure(
                    period=str(period),
                    enhet=indikator.enhet,
                    matt=INDIKATORER,
                    rad=indikator.kod,
                    serie=serie,
                    namn=indikator.namn,
                    varde=scaled(number, indikator.decimaler)[0],
                    slag=REGISTER,
                    enhet_matt=indikator.matt_enhet,
                    decimaler=indikator.decimaler,
                    vardear=value.ar,
                    formel=f"värde för {value.ar} ur målplanen {plan.ar}, version {plan.version}",
                )


def _of_indikator(indikator: Indikator, row: Mapping[str, Any], period: Period) -> Iterator[Figure]:
    stated = text_of(row.get("vardear"))
    year = int(stated) if stated.isascii() and stated.isdecimal() else period.year
    for serie in ("prognos",) if indikator.hamtas else INDIKATORSERIER:
        if serie in ("utfall_kvinnor", "utfall_man") and not indikator.konsuppdelad:
            continue
        key = (indikator.enhet, INDIKATORER, indikator.kod, serie)
        older = year if serie != "prognos" and year != period.year else None
        yield _figure(key, indikator.namn, indikator.matt_enhet, indikator.decimaler, row, period, vardear=older)


def _figure(
    key: tuple[str, str, str, str],
    namn: str,
    unit: str,
    decimals: int,
    row: Mapping[str, Any],
    period: Period,
    *,
    vardear: int | None = None,
) -> Figure:
    enhet, matt, rad, serie = key
    return Figure(
        period=str(period),
        enhet=enhet,
        matt=matt,
        rad=rad,
        serie=serie,
        namn=namn,
        varde=int_of(row.get(serie)),
        slag=INLAMNAD,
        enhet_matt=unit,
        decimaler=decimals,
        vardear=vardear,
        retur_sha256=text_of(row.get("retur")),
        fil=text_of(row.get("fil")),
        blad=text_of(row.get("blad")),
        cell=text_of(row.get(f"{serie}_cell")),
        ravarde=text_of(row.get(f"{serie}_ra")),
    )
