"""Sums: rows of an uppställning, verksamheter of an enhet, and the kommun's groups. Every sum knows its parts.

A sum with a missing part is missing. Beside the kommun's sums stands, under its own label, the sum of those that reported, compared
only with the same ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from data_contracts.kommun import Enhet, Finansiering, Kommun, Uppstallning
from transforms.figures import (
    AVGIFT,
    BERAKNAD,
    GRUPPER,
    KOMMUNEN,
    RESULTAT,
    RESULTAT_INRAPPORTERADE,
    SKATT,
    Figure,
    FigureIndex,
    combine,
)

SUMMERADE_SERIER = ("budget", "periodbudget", "utfall", "utfall_fg_ar", "prognos", "fg_prognos")


def sum_rows(figures: FigureIndex, kommun: Kommun, serier: Sequence[str] = SUMMERADE_SERIER) -> tuple[Figure, ...]:
    """Every sum row of every enhet's uppställningar, per serie: Σ its parts and the sender's own rows in that group.

    Source: the uppställning of the kommun's configuration. A sum with a missing part is missing; a part that its sender says is not
    applicable is left out.
    """
    sums: list[Figure] = []
    for enhet in kommun.enheter:
        for matt, kod in (("drift", enhet.drift), ("investeringar", enhet.investeringar)):
            if kod is not None:
                for serie in serier:
                    sums.extend(_sum_uppstallning(figures, enhet, matt, kommun.uppstallning(kod), serie))
    return tuple(sums)


def _sum_uppstallning(
    figures: FigureIndex, enhet: Enhet, matt: str, uppstallning: Uppstallning, serie: str
) -> Iterable[Figure]:
    known: dict[str, Figure] = {}
    period = next(iter(figures)).period
    for rad in uppstallning.summation_order():
        stated = [known.get(kod) or figures.get(enhet.kod, matt, kod, serie) for kod in rad.delar]
        parts = [part for part in stated if part is None or not part.is_not_applicable] or stated
        own = [
            figures.get(enhet.kod, matt, row.rad, serie)
            for row in figures.own_rows(enhet.kod, matt)
            if row.grupp == rad.kod
        ]
        parts.extend(part for part in own if part is not None and part.varde is not None)
        known[rad.kod] = _sum(period, enhet.kod, matt, rad.kod, serie, rad.namn, parts, "summan av delarna")
    return known.values()


def _sum(
    period: str,
    enhet: str,
    matt: str,
    rad: str,
    serie: str,
    namn: str,
    parts: list[Figure | None],
    formel: str,
    vardear: int | None = None,
) -> Figure:
    return Figure(
        period=period,
        enhet=enhet,
        matt=matt,
        rad=rad,
        serie=serie,
        namn=namn,
        vardear=vardear,
        varde=combine((1, part) for part in parts),
        slag=BERAKNAD,
        formel=formel,
        indata=tuple((1, part.figure_id) for part in parts if part is not None),
    )


def result_of(
    figures: FigureIndex, enhet: Enhet, matt: str, serie: str, kommun: Kommun, vardear: int | None = None
) -> Figure | None:
    """The figure that carries an enhet into the kommun's table: its resultatrad."""
    kod = enhet.drift if matt == "drift" else enhet.investeringar
    if kod is None:
        return None
    return figures.get(enhet.kod, matt, kommun.uppstallning(kod).resultatrad, serie, vardear)


def sum_kommun(
    figures: FigureIndex, kommun: Kommun, year: int, serier: Sequence[str] = SUMMERADE_SERIER
) -> tuple[Figure, ...]:
    """The kommun's sums per mått and serie: skattefinansierat, avgiftsfinansierat and the whole; and the same for those that reported.

    ``resultat``: Σ resultatrad of the group's enheter; missing when one is missing. ``resultat_inrapporterade``: Σ over the enheter
    that returned a prognos, in every serie over those same enheter.

    Source: kommun.yaml, each enhet's finansiering; the grouping of the kommun's own tables.
    """
    groups = {
        SKATT: [e for e in kommun.enheter if e.finansiering is Finansiering.SKATT],
        AVGIFT: [e for e in kommun.enheter if e.finansiering is Finansiering.AVGIFT],
        KOMMUNEN: list(kommun.enheter),
    }
    period = next(iter(figures)).period
    sums: list[Figure] = []
    for matt in ("drift", "investeringar"):
        for serie, vardear in (*((serie, None) for serie in serier), ("bokslut", year - 1)):
            for grupp, enheter in groups.items():
                members = [e for e in enheter if result_of(figures, e, matt, "prognos", kommun) is not None]
                if not members:
                    continue
                reported = [e for e in members if _has_value(result_of(figures, e, matt, "prognos", kommun))]
                for rad, chosen, formel in (
                    (RESULTAT, members, "summan av enheterna"),
                    (RESULTAT_INRAPPORTERADE, reported, "summan av de enheter som har lämnat prognos"),
                ):
                    parts = [result_of(figures, e, matt, serie, kommun, vardear) for e in chosen]
                    sums.append(_sum(period, grupp, matt, rad, serie, GRUPPER[grupp], parts, formel, vardear))
    return tuple(sums)


def _has_value(figure: Figure | None) -> bool:
    return figure is not None and figure.varde is not None
