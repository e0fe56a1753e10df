"""Staff: the seven statutory measures of sick leave from hours, frisknärvaro by the kommun's definition, and årsarbetare.

Hours and persons are entered per enhet and group; here they are summed per nämnd and for the kommun, and every share is computed from
the sums, never as a mean of shares. A share is rounded once, from exact hours, to the number of decimals that the kommun prints.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from data_contracts.kommun import Kommun
from data_contracts.personal import FORMER, GRUPPER, TOTALT, Personal
from transforms.belopp import MINUS
from transforms.figures import (
    BERAKNAD,
    DIVISOR,
    KOMMUNEN,
    REGISTER,
    Figure,
    FigureIndex,
    computed_value,
    namnd_grupp,
)

PERSONAL, ARSARBETARE = "personal", "arsarbetare"
FG_AR = "_fg_ar"
HELA = "hela"
"""The sum of årsarbetare over the forms of employment."""
INRAPPORTERADE = "totalt_inrapporterade"
"""The row of those that reported, beside a total that is missing."""

TIMMAR, PERSONER, ARS = "timmar", "personer", "årsarbetare"
SUMMERADE = ("anstallda", "ordinarie_tid", "sjuktid", "sjuktid_lang", "friska")
HISTORISKA = ("ordinarie_tid", "sjuktid", "sjuktid_lang")
"""Entered for the same period last year too."""

EJ_TILLAMPLIGT = "ej tillämpligt"


@dataclass(frozen=True, slots=True)
class _Unit:
    """Who a set of staff figures is for: the code in the figure ids, its name, and the enheter it sums (none: it is an enhet itself)."""

    kod: str
    namn: str
    delar: tuple[str, ...] = ()


def compute_personal(figures: FigureIndex, kommun: Kommun) -> tuple[Figure, ...]:
    """Sums per nämnd and kommun, and the measures of every enhet, nämnd and the kommun, per group.

    - ``sjukfranvaro`` = sjuktid ÷ ordinarie arbetstid, each group over its own ordinary time
    - ``sjukfranvaro_lang`` = sick time of 60 days or more ÷ the total SICK time
    - ``frisknarvaro`` by the kommun's definition
    - ``arsarbetare``, summed over forms of employment
    - ``andring_…`` = this year − the same period last year, of the shares as printed (procentenheter)

    A sum or share with a missing part is missing; the share of no sick time at all is not applicable.

    Source: lag (2018:597) 11 kap. (sjukfrånvaro); SKR, definition av nyckeltal i den obligatoriska sjukfrånvaroredovisningen
    (2024-03-04); frisknärvaro and årsarbetare as defined in kommun.yaml.
    Args:
        figures: hours in 10^−decimaler, persons whole; entered per enhet (mått ``personal`` and ``arsarbetare``).
        kommun: ``personal`` names the enheter that report, and the definitions.
    Returns:
        The computed figures alone; none when the kommun does not report staff.
    """
    personal = kommun.personal
    if personal is None:
        return ()
    units = [_Unit(kod, "") for kod in personal.enheter]
    sums: list[Figure] = []
    for unit in _groups(kommun, personal):
        units.append(unit)
        sums.extend(_sums(figures, unit))
    known = FigureIndex([*figures, *sums])
    shares = [share for unit in units for share in _shares(known, unit, personal)]
    years = [figure for unit in units for figure in _arsarbetare(known, unit, personal)]
    return (*sums, *shares, *years, *_changes(FigureIndex([*shares, *years])))


def _groups(kommun: Kommun, personal: Personal) -> Iterator[_Unit]:
    """Each nämnd with several reporting enheter, and the kommun."""
    for namnd in kommun.namnder:
        parts = tuple(kod for kod in namnd.enheter if kod in personal.enheter)
        if len(parts) > 1:
            yield _Unit(namnd_grupp(namnd.kod), namnd.namn, parts)
    yield _Unit(KOMMUNEN, "Totalt kommunen", personal.enheter)


def _sums(figures: FigureIndex, unit: _Unit) -> Iterator[Figure]:
    """Every entered serie summed over the unit's enheter, per group; where a total is missing, those that reported beside it."""
    serier = (*SUMMERADE, *(f"{serie}{FG_AR}" for serie in HISTORISKA))
    for grupp in GRUPPER:
        for serie in serier:
            parts = [figures.get(kod, PERSONAL, grupp, serie) for kod in unit.delar]
            yield from _sum(unit, grupp, serie, parts)
    reported = [kod for kod in unit.delar if _reported(figures, kod)]
    if 0 < len(reported) < len(unit.delar):
        for serie in serier:
            parts = [figures.get(kod, PERSONAL, TOTALT, serie) for kod in reported]
            yield from _sum(unit, INRAPPORTERADE, serie, parts)
    for form in FORMER:
        for serie in ("arsarbetare", "arbetad_tid"):
            for suffix in ("", FG_AR):
                parts = [figures.get(kod, ARSARBETARE, form, f"{serie}{suffix}") for kod in unit.delar]
                yield from _sum(unit, form, f"{serie}{suffix}", parts)


def _reported(figures: FigureIndex, kod: str) -> bool:
    found = (figures.get(kod, PERSONAL, TOTALT, serie) for serie in ("sjuktid", "ordinarie_tid"))
    return all(figure is not None and figure.varde is not None for figure in found)


def _sum(unit: _Unit, rad: str, serie: str, parts: Sequence[Figure | None]) -> Iterator[Figure]:
    known = [part for part in parts if part is not None]
    if known:
        namn = "Summa inrapporterade" if rad == INRAPPORTERADE else known[0].namn
        yield _computed(known[0], unit.kod, rad, serie, namn, "summan av enheterna", [(1, part) for part in parts])


def _computed(
    like: Figure,
    enhet: str,
    rad: str,
    serie: str,
    namn: str,
    formel: str,
    terms: Iterable[tuple[int, Figure | None]],
    enhet_matt: str = "",
    decimaler: int | None = None,
) -> Figure:
    """A figure of these inputs; unit and decimals as ``like``'s where none are given. Not applicable when it is divided by zero."""
    listed = list(terms)
    unit, places = enhet_matt or like.enhet_matt, like.decimaler if decimaler is None else decimaler
    empty = any(sign == DIVISOR and figure is not None and figure.varde == 0 for sign, figure in listed)
    return Figure(
        period=like.period,
        enhet=enhet,
        matt=like.matt,
        rad=rad,
        serie=serie,
        namn=namn,
        varde=computed_value(listed, unit, places),
        slag=BERAKNAD,
        enhet_matt=unit,
        decimaler=places,
        formel=formel,
        indata=tuple((sign, figure.figure_id) for sign, figure in listed if figure is not None),
        ravarde=EJ_TILLAMPLIGT if empty else "",
    )


def _shares(figures: FigureIndex, unit: _Unit, personal: Personal) -> Iterator[Figure]:
    """The percentages of one unit, per group and for both years."""
    for grupp in (*GRUPPER, INRAPPORTERADE):
        for suffix in ("", FG_AR):
            sick = figures.get(unit.kod, PERSONAL, grupp, f"sjuktid{suffix}")
            ordinary = figures.get(unit.kod, PERSONAL, grupp, f"ordinarie_tid{suffix}")
            if sick is None or ordinary is None:
                continue
            formel = "sjukfrånvarotid ÷ sammanlagd ordinarie arbetstid i samma grupp"
            yield _percent(unit, sick, f"sjukfranvaro{suffix}", formel, [(1, sick), (DIVISOR, ordinary)], personal)
            long = figures.get(unit.kod, PERSONAL, grupp, f"sjuktid_lang{suffix}")
            if long is not None and (long.varde is not None or grupp in (TOTALT, INRAPPORTERADE)):
                formel = "sjukfrånvarotid i 60 dagar eller mer ÷ total sjukfrånvarotid"
                yield _percent(unit, sick, f"sjukfranvaro_lang{suffix}", formel, [(1, long), (DIVISOR, sick)], personal)
    yield from _healthy(figures, unit, personal)


def _percent(
    unit: _Unit, like: Figure, serie: str, formel: str, terms: list[tuple[int, Figure]], personal: Personal
) -> Figure:
    return _computed(like, unit.kod, like.rad, serie, like.namn, formel, terms, "%", personal.decimaler)


def _healthy(figures: FigureIndex, unit: _Unit, personal: Personal) -> Iterator[Figure]:
    """Frisknärvaro of everyone in the unit, by the kommun's definition."""
    if personal.frisknarvaro is None:
        return
    if personal.frisknarvaro.slag == "hogst_sjukdagar":
        well, everyone = (figures.get(unit.kod, PERSONAL, TOTALT, serie) for serie in ("friska", "anstallda"))
        if well is not None and everyone is not None:
            terms = [(1, well), (DIVISOR, everyone)]
            formel = f"anställda med högst {personal.frisknarvaro.dagar} sjukdagar ÷ anställda"
            yield _percent(unit, well, "frisknarvaro", formel, terms, personal)
        return
    sick, ordinary = (figures.get(unit.kod, PERSONAL, TOTALT, serie) for serie in ("sjuktid", "ordinarie_tid"))
    if sick is not None and ordinary is not None:
        terms = [(1, ordinary), (-1, sick), (DIVISOR, ordinary)]
        formel = f"(ordinarie arbetstid {MINUS} sjukfrånvarotid) ÷ ordinarie arbetstid"
        yield _percent(unit, ordinary, "frisknarvaro", formel, terms, personal)


def _arsarbetare(figures: FigureIndex, unit: _Unit, personal: Personal) -> Iterator[Figure]:
    """Årsarbetare of all forms of employment: entered ones summed, or worked hours divided by the hours of a year."""
    per_year = personal.arsarbetare.timmar_per_ar
    serie = "arsarbetare" if per_year is None else "arbetad_tid"
    for suffix in ("", FG_AR):
        parts = [figures.get(unit.kod, ARSARBETARE, form, f"{serie}{suffix}") for form in FORMER]
        known = [part for part in parts if part is not None]
        if not known:
            continue
        total = _computed(
            known[0], unit.kod, HELA, f"{serie}{suffix}", "Totalt", "summan av anställningsformerna",
            [(1, part) for part in parts],
        )  # fmt: skip
        yield total
        if per_year is None:
            continue
        norm = hours_of_a_year(known[0].period, personal)
        yield _computed(
            total, unit.kod, HELA, f"arsarbetare{suffix}", "Totalt", f"arbetade timmar ÷ {per_year} timmar",
            [(1, total), (DIVISOR, norm)], ARS, 1,
        )  # fmt: skip


def hours_of_a_year(period: str, personal: Personal) -> Figure:
    """The hours that make an årsarbetare, as a figure that others can be divided by: from kommun.yaml, with its reference.

    Source: the kommun's own definition (personal.arsarbetare in kommun.yaml).
    """
    defined = personal.arsarbetare
    return Figure(
        period=period, enhet=KOMMUNEN, matt=ARSARBETARE, rad="definition", serie="timmar_per_ar", namn="Timmar per årsarbetare",
        varde=defined.timmar_per_ar, slag=REGISTER, enhet_matt=TIMMAR, decimaler=0, formel=defined.referens,
    )  # fmt: skip


def _changes(figures: FigureIndex) -> Iterator[Figure]:
    """This year − last year of each measure that both years have: shares in procentenheter, årsarbetare in årsarbetare."""
    for now in figures:
        if now.serie not in ("sjukfranvaro", "sjukfranvaro_lang", "arsarbetare"):
            continue
        before = figures.get(now.enhet, now.matt, now.rad, f"{now.serie}{FG_AR}")
        if before is not None:
            unit = "procentenheter" if now.enhet_matt == "%" else now.enhet_matt
            formel = f"i år {MINUS} samma period föregående år"
            yield _computed(
                now, now.enhet, now.rad, f"andring_{now.serie}", now.namn, formel, [(1, now), (-1, before)], unit
            )
