"""Nyckeltal: quotients in percent of rows of the statements, each with its dividend and divisor as figures of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from data_contracts.bokslutsregler import Nyckeltalsdefinition, Term
from transforms.figures import BERAKNAD, DIVISOR, Figure, FigureIndex, combine, computed_value
from transforms.formulas import KVOT, SUMMA
from transforms.statements.sums import Kolumn
from transforms.statements.terms import signed_figures

NYCKELTAL = "nyckeltal"
PROCENT = "%"
TALJARE, NAMNARE = ".taljare", ".namnare"


def compute_nyckeltal(
    figures: FigureIndex,
    definitions: Iterable[Nyckeltalsdefinition],
    enhet: str,
    period: str,
    year: int,
    columns: Iterable[Kolumn],
) -> tuple[Figure, ...]:
    """Each nyckeltal per column: 100 · dividend / divisor, rounded once to its decimals, half away from zero.

    Sign: costs are stored negative, so a definition subtracts them to speak of them as amounts. Missing as soon as one row is
    missing, and where the divisor is zero; a nyckeltal with a row that the kommun has not is left out.

    Source: the printed definitions of ``data_contracts/bokslut/nyckeltal.yaml``; usual practice in kommunal ekonomi.
    """
    listed = tuple(columns)
    return tuple(
        figure
        for definition in definitions
        for column in listed
        for figure in _nyckeltal(figures, definition, enhet, period, year, column)
    )


def _nyckeltal(
    figures: FigureIndex, definition: Nyckeltalsdefinition, enhet: str, period: str, year: int, column: Kolumn
) -> Iterator[Figure]:
    above = _part(figures, definition, TALJARE, definition.taljare, enhet, period, year, column)
    below = _part(figures, definition, NAMNARE, definition.namnare, enhet, period, year, column)
    if above is None or below is None:
        return
    yield above
    yield below
    serie, vardear = column
    yield Figure(
        period=period,
        enhet=enhet,
        matt=NYCKELTAL,
        rad=definition.kod,
        serie=serie,
        vardear=vardear,
        namn=definition.namn,
        varde=computed_value(((1, above), (DIVISOR, below)), PROCENT, definition.decimaler),
        slag=BERAKNAD,
        enhet_matt=PROCENT,
        decimaler=definition.decimaler,
        formel=KVOT,
        indata=((1, above.figure_id), (DIVISOR, below.figure_id)),
    )


def _part(
    figures: FigureIndex,
    definition: Nyckeltalsdefinition,
    suffix: str,
    terms: tuple[Term, ...],
    enhet: str,
    period: str,
    year: int,
    column: Kolumn,
) -> Figure | None:
    """The dividend or the divisor; None when the kommun has not every row of it."""
    signed = signed_figures(figures, terms, enhet, column, year)
    if signed is None:
        return None
    serie, vardear = column
    word = "täljare" if suffix == TALJARE else "nämnare"
    return Figure(
        period=period,
        enhet=enhet,
        matt=NYCKELTAL,
        rad=f"{definition.kod}{suffix}",
        serie=serie,
        vardear=vardear,
        namn=f"{definition.namn}, {word}",
        varde=combine(signed),
        slag=BERAKNAD,
        formel=SUMMA,
        indata=tuple((sign, figure.figure_id) for sign, figure in signed),
    )
