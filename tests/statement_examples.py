"""Statements for tests, written as a person would write them: rows and whole kronor per column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from adapters.contract_files import load_bokslutsregler, load_felkoder
from data_contracts.uppstallningsform import Anpassning, Form, adapt, valid_form
from transforms.figures import INLAMNAD, KOMMUNEN, Figure, FigureIndex
from transforms.statements.sums import Kolumn, sum_statement

PERIOD = "2025-12"
YEAR = 2025
UTFALL: Kolumn = ("utfall", None)
FG: Kolumn = ("bokslut", 2024)

Rows = Mapping[str, int | None]


def form_of(kod: str, *, day: dt.date = dt.date(2025, 12, 31), without: tuple[str, ...] = ()) -> Form:
    return adapt(valid_form(load_bokslutsregler().former, kod, day), Anpassning(utelamna=without))


def entered(matt: str, rows: Rows, column: Kolumn = UTFALL, enhet: str = KOMMUNEN) -> list[Figure]:
    """Entered figures in kronor; None is missing."""
    serie, year = column
    return [
        Figure(PERIOD, enhet, matt, kod, serie, kod, None if value is None else value * 100, INLAMNAD, vardear=year)
        for kod, value in rows.items()
    ]


def summed(figures: list[Figure], *forms: Form, enhet: str = KOMMUNEN, step: int = 0) -> FigureIndex:
    """The figures with every sum of the forms."""
    index = FigureIndex(figures)
    for form in forms:
        index = FigureIndex([*index, *sum_statement(index, form, enhet, step, load_felkoder(), "kr").figures])
    return index


def kronor(figures: FigureIndex, matt: str, rad: str, column: Kolumn = UTFALL, enhet: str = KOMMUNEN) -> int | None:
    """A figure's value in kronor; it must be whole."""
    figure = figures.get(enhet, matt, rad, *column)
    assert figure is not None, f"{matt}/{rad} finns inte"
    if figure.varde is None:
        return None
    assert figure.varde % 100 == 0
    return figure.varde // 100
