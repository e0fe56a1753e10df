"""What earlier closings give this one: föregående prognos, and last year's prognos for the same month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from transforms.figures import BERAKNAD, Figure, FigureIndex
from transforms.period import Period

CARRIED = ("drift", "drift_verksamhet", "investeringar", "volymer")
"""The mått whose sheets have a föregående prognos."""


def carry_forecasts(figures: Iterable[Figure], previous: FigureIndex | None, period: Period) -> tuple[Figure, ...]:
    """fg_prognos per enhet, mått and rad = prognos of the latest earlier closing of the same year.

    Where that closing holds the row, its figure counts, whatever the return says; else the return's own cell stays. A missing
    earlier prognos stays missing.

    Source: docs/ordlista.md, föregående prognos.
    Args:
        figures: this period's entered figures.
        previous: figures of the latest earlier closing of the year, or None when there is none.
    """
    if previous is None:
        return tuple(figures)
    carried: list[Figure] = []
    for figure in figures:
        earlier = (
            previous.get(figure.enhet, figure.matt, figure.rad, "prognos") if figure.serie == "fg_prognos" else None
        )
        if earlier is None:
            carried.append(figure)
            continue
        carried.append(
            replace(
                figure,
                varde=earlier.varde,
                slag=BERAKNAD,
                formel=f"prognos enligt stängningen {Period.parse(earlier.period).text}",
                indata=((1, earlier.figure_id),),
                retur_sha256="",
                fil="",
                blad="",
                cell="",
                ravarde=earlier.ravarde if earlier.is_not_applicable else "",
            )
        )
    return tuple(carried)


def last_years_forecasts(last_year: FigureIndex | None, figures: FigureIndex, period: Period) -> tuple[Figure, ...]:
    """prognos@last year per row that has a bokslut of last year: what the same month's closing a year ago said.

    Gives träff (bokslut − prognos) its second operand.
    Source: docs/ordlista.md, träff.
    """
    if last_year is None:
        return ()
    year = period.year - 1
    carried: list[Figure] = []
    for bokslut in figures:
        if bokslut.serie != "bokslut" or bokslut.vardear != year:
            continue
        earlier = last_year.get(bokslut.enhet, bokslut.matt, bokslut.rad, "prognos")
        if earlier is not None:
            carried.append(
                replace(
                    bokslut,
                    serie="prognos",
                    varde=earlier.varde,
                    slag=BERAKNAD,
                    retur_sha256="",
                    fil="",
                    blad="",
                    cell="",
                    ravarde="",
                    formel=f"prognos enligt stängningen {Period.parse(earlier.period).text}",
                    indata=((1, earlier.figure_id),),
                )
            )
    return tuple(carried)
