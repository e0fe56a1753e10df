"""Terms of formulas over statements: which figure a row of a form is in a column, also of the year before."""

from __future__ import annotations

from collections.abc import Iterable

from data_contracts.bokslutsregler import Term
from transforms.figures import Figure, FigureIndex
from transforms.statements.sums import Kolumn

UTFALL: Kolumn = ("utfall", None)


def column_before(column: Kolumn, year: int) -> Kolumn:
    """The closing column of the year before: of utfall in ``year`` and of prognos and budget it is the bokslut of year − 1.

    Example:
        >>> column_before(("utfall", None), 2025), column_before(("bokslut", 2024), 2025)
        (('bokslut', 2024), ('bokslut', 2023))
    """
    _, vardear = column
    return ("bokslut", (year if vardear is None else vardear) - 1)


def figure_of(figures: FigureIndex, term: Term, enhet: str, column: Kolumn, year: int) -> Figure | None:
    """The figure that a term means in a column, or None when no such figure is expected."""
    serie, vardear = column_before(column, year) if term.fg else column
    return figures.get(enhet, term.form, term.rad, serie, vardear)


def signed_figures(
    figures: FigureIndex, terms: Iterable[Term], enhet: str, column: Kolumn, year: int
) -> tuple[tuple[int, Figure], ...] | None:
    """Every term's figure with its sign; None when one of them is not expected or not applicable at all."""
    found = [(term.tecken, figure_of(figures, term, enhet, column, year)) for term in terms]
    if any(figure is None or figure.is_not_applicable for _, figure in found):
        return None
    return tuple((sign, figure) for sign, figure in found if figure is not None)
