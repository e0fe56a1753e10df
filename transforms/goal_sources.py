"""Values of indikatorer that stand elsewhere: in the cache of Kolada, in a survey, among the synpunkter. Each follows its source's figure.

The number is never typed again: the indikator's figure is computed from the source's, so that its trail ends in the stored answer of
Kolada or in the cell of the return.
"""

from __future__ import annotations

from collections.abc import Iterator

from data_contracts.kommun import Kommun
from data_contracts.malplan import Indikator
from transforms.enhet_rows import KALLOR
from transforms.figures import BERAKNAD, KOMMUNEN, Figure, FigureIndex, computed_value
from transforms.follow_up_figures import ENKATER, SYNPUNKTER
from transforms.goal_figures import INDIKATORER, UTFALLSSERIER
from transforms.kolada import KOLADA, SERIER
from transforms.period import Period

SLAG = ("forslag", "synpunkter", "klagomal")
"""What is counted among the synpunkter, and ends the ``kalla_kod`` of an indikator that counts them."""
_KOLADA_SERIE = dict(zip(UTFALLSSERIER, SERIER.values(), strict=True))


def figures_from_sources(figures: FigureIndex, kommun: Kommun, period: Period) -> tuple[Figure, ...]:
    """The utfall of every indikator that is fetched, one figure per year and serie that its source has a value of.

    Kolada: every year in the cache up to the period's. Survey: the latest result, with its year. Synpunkter: the count of the theme (or
    of all themes) so far this year; one theme without a count and the sum is missing. A source without any value gives one figure
    without value, of the period's year. A value of this kind takes the place of what the plan states of the same year.

    Source: domain rule 2.5, engine 6 (the latest known value with its age, never as this year's).
    Args:
        figures: those of the sources, with corrections applied.
    """
    plan = kommun.malplan(period.year)
    made: list[Figure] = []
    for indikator in plan.indikatorer if plan else ():
        if not indikator.hamtas:
            continue
        found = [
            figure
            for serie in UTFALLSSERIER
            if serie == "utfall" or indikator.konsuppdelad
            for year, parts in _parts(indikator, serie, figures, kommun, period).items()
            if (figure := _figure(indikator, serie, year, parts, period)).varde is not None
        ]
        if not any(figure.serie == "utfall" for figure in found):
            found.append(_figure(indikator, "utfall", period.year, (), period))
        made.extend(found)
    return tuple(made)


def _parts(
    indikator: Indikator, serie: str, figures: FigureIndex, kommun: Kommun, period: Period
) -> dict[int, tuple[Figure, ...]]:
    """The figures of the source by the year that they are of."""
    match indikator.kalla:
        case "kolada":
            found = list(_rows(figures, KOMMUNEN, KOLADA, _KOLADA_SERIE[serie], indikator.kalla_kod))
        case "enkat":
            asked = [fraga.enhet for fraga in kommun.uppfoljning.enkater if fraga.kod == indikator.kalla_kod]
            found = [part for enhet in asked for part in _rows(figures, enhet, ENKATER, serie, indikator.kalla_kod)]
        case _:
            tema, _, slag = indikator.kalla_kod.rpartition(".")
            listed = figures.series(indikator.enhet, SYNPUNKTER, slag) if serie == "utfall" else ()
            counted = tuple(figure for figure in listed if tema in ("", figure.rad))
            return {period.year: counted} if counted else {}
    years = {figure.vardear or period.year: (figure,) for figure in found}
    return {year: parts for year, parts in sorted(years.items()) if year <= period.year}


def _rows(figures: FigureIndex, enhet: str, matt: str, serie: str, rad: str) -> Iterator[Figure]:
    return (figure for figure in figures.series(enhet, matt, serie) if figure.rad == rad)


def _figure(indikator: Indikator, serie: str, year: int, parts: tuple[Figure, ...], period: Period) -> Figure:
    terms = [(1, part) for part in parts]
    source = f"{KALLOR[indikator.kalla]}, {indikator.kalla_kod}"
    return Figure(
        period=str(period),
        enhet=indikator.enhet,
        matt=INDIKATORER,
        rad=indikator.kod,
        serie=serie,
        namn=indikator.namn,
        varde=computed_value(terms, indikator.matt_enhet, indikator.decimaler),
        slag=BERAKNAD,
        enhet_matt=indikator.matt_enhet,
        decimaler=indikator.decimaler,
        vardear=None if year == period.year else year,
        formel=f"hämtat ur {source}" if parts else f"inget värde i {source}",
        indata=tuple((sign, part.figure_id) for sign, part in terms),
    )
