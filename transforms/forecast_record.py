"""Forecasts over time: the versions of the year, each a closing's own and never changed, and how well those of earlier years hit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from data_contracts.kommun import Kommun, RadTyp
from transforms.figures import BERAKNAD, DIVISOR, KOMMUNEN, Figure, FigureIndex, combine, computed_value, namnd_grupp
from transforms.formulas import SUMMA, UTAN_TECKEN, evaluate
from transforms.period import MANADER, Period

VERSION = "prognosversion"
"""The mått of the versions: rad is mått and month, ``drift.2026-03``."""
TRAFFSAKERHET = "prognossakerhet"
"""The mått of how well forecasts hit: enhet is a nämnd's own sum, or KOMMUNEN."""
DRIFT = "drift"
HISTORIK = "prognoshistorik"
"""The mått of what was typed in of years before the kommun began here: rad is the enhet's result, värdeår the year."""
FEL, FEL_UTAN_TECKEN, ANDEL = "fel", "fel_utan_tecken", "fel_andel"
MEDELFEL, SUMMA_FEL, ANTAL = "medelfel", "summa_fel", "antal_prognoser"
_MINUS = "\u2212"


def forecast_versions(
    figures: FigureIndex, kommun: Kommun, period: Period, earlier: Sequence[tuple[Period, FigureIndex]]
) -> tuple[Figure, ...]:
    """The prognos of each enhet's result as every closing of the year said it, and the change from the version before.

    Result-signed; a version where the prognos is missing is missing, and so is a change from or to it.

    Source: docs/ordlista.md, prognosversion.
    Args:
        figures: this closing's.
        earlier: the year's closings before this one, oldest first.
    """
    made: list[Figure] = []
    for enhet in kommun.enheter:
        row = kommun.uppstallning(enhet.drift).huvudrad
        before: Figure | None = None
        for month, index in (*earlier, (period, figures)):
            said = index.get(enhet.kod, DRIFT, row, "prognos")
            if said is None:
                continue
            version = _figure(
                period, enhet.kod, VERSION, f"{DRIFT}.{month}", "prognos", MANADER[month.month - 1], SUMMA, ((1, said),)
            )
            made.append(version)
            if before is not None:
                made.append(
                    replace(
                        version, serie="andring_prognos", varde=combine(((1, version), (-1, before))),
                        formel=f"prognos {_MINUS} prognosen i versionen före",
                        indata=((1, version.figure_id), (-1, before.figure_id)),
                    )
                )  # fmt: skip
            before = version
    return tuple(made)


@dataclass(frozen=True, slots=True)
class Utfallsar:
    """What is known of one earlier year: the closing of the same month, and one that has the year's bokslut; or what was typed in.

    ``matt``: DRIFT of closings, HISTORIK of what was typed in.
    """

    ar: int
    prognoser: FigureIndex
    bokslut: FigureIndex
    matt: str = DRIFT

    def said(self, enhet: str, rad: str) -> Figure | None:
        """The prognos of the enhet's result."""
        return self.prognoser.get(enhet, self.matt, rad, "prognos", None if self.matt == DRIFT else self.ar)

    def came_to(self, enhet: str, rad: str) -> Figure | None:
        """What it came to."""
        return self.bokslut.get(enhet, self.matt, rad, "bokslut", self.ar)

    def had(self, enhet: str, kommun: Kommun) -> list[Figure | None]:
        """The enhet's kommunbidrag, row by row."""
        uppstallning = kommun.uppstallning(kommun.enhet(enhet).drift)
        if self.matt == HISTORIK:
            return [self.prognoser.get(enhet, HISTORIK, uppstallning.resultatrad, "budget", self.ar)]
        rows = [rad.kod for rad in uppstallning.poster if rad.typ is RadTyp.BIDRAG]
        return [self.prognoser.get(enhet, DRIFT, rad, "budget") for rad in rows]


def forecast_record(
    figures: FigureIndex, kommun: Kommun, period: Period, years: Sequence[Utfallsar]
) -> tuple[Figure, ...]:
    """How the prognoser of the same month of earlier years hit, per nämnd and for the kommun.

    Per year: fel = bokslut − prognos (plus: it went better than was said), the same without sign, and as a share of the nämnd's
    kommunbidrag that year. Over the years: medelfel (the bias) = Σ fel ÷ years, and Σ fel without sign. The kommun's fel is the sum of the
    nämnder's, where errors cancel; beside it stands the sum without sign, where they do not. Beside all, this month's prognos.
    A year where a nämnd lacks bokslut or prognos gives it no figures, and the kommun's sums of that year are missing.

    Source: domain: Malmö stad, Årsredovisning 2014, Prognossäkerhet (avvikelse = bokslut − prognos, total beside nämnder).
    """
    boards = [namnd for namnd in kommun.namnder if namnd.enheter]
    made: list[Figure] = []
    for namnd in boards:
        own = list(_of_namnd(kommun, period, namnd_grupp(namnd.kod), namnd.enheter, years))
        if own:
            made += [_present(figures, kommun, period, namnd_grupp(namnd.kod), namnd.enheter), *own]
            made += _over_years(period, namnd_grupp(namnd.kod), own)
    for year in years:
        made += _of_kommun(period, made, [namnd_grupp(namnd.kod) for namnd in boards], year.ar)
    whole = [figure for figure in made if figure.enhet == KOMMUNEN]
    return (*made, *_over_years(period, KOMMUNEN, whole))


def _present(figures: FigureIndex, kommun: Kommun, period: Period, grupp: str, enheter: Iterable[str]) -> Figure:
    """This month's avvikelse of the nämnd's enheter, against budget."""
    parts = [figures.get(kod, DRIFT, _row(kommun, kod), "avvikelse_helar") for kod in enheter]
    return _figure(
        period, grupp, TRAFFSAKERHET, DRIFT, "avvikelse_helar", "Driftens resultat", "summan av enheterna",
        [(1, part) for part in parts],
    )  # fmt: skip


def _of_namnd(
    kommun: Kommun, period: Period, grupp: str, enheter: Sequence[str], years: Sequence[Utfallsar]
) -> Iterator[Figure]:
    for year in years:
        terms: list[tuple[int, Figure | None]] = []
        bidrag: list[tuple[int, Figure | None]] = []
        for kod in enheter:
            row = _row(kommun, kod)
            terms.append((1, year.came_to(kod, row)))
            terms.append((-1, year.said(kod, row)))
            bidrag += [(1, figure) for figure in year.had(kod, kommun)]
        if combine(terms) is not None:
            yield from _errors(period, grupp, year.ar, terms, bidrag)


def _row(kommun: Kommun, enhet: str) -> str:
    return kommun.uppstallning(kommun.enhet(enhet).drift).resultatrad


def _errors(
    period: Period,
    grupp: str,
    ar: int,
    terms: Sequence[tuple[int, Figure | None]],
    bidrag: Sequence[tuple[int, Figure | None]],
) -> Iterator[Figure]:
    """One year's fel, the same without sign, and as a share of what the nämnd had."""
    fel = _figure(period, grupp, TRAFFSAKERHET, DRIFT, FEL, "Driftens resultat", f"bokslut {_MINUS} prognos", terms, ar)
    unsigned = _figure(period, grupp, TRAFFSAKERHET, DRIFT, FEL_UTAN_TECKEN, fel.namn, UTAN_TECKEN, ((1, fel),), ar)
    yield fel
    yield unsigned
    if (combine(bidrag) or 0) > 0:
        had = _figure(
            period,
            grupp,
            TRAFFSAKERHET,
            DRIFT,
            "budget",
            "Kommunbidrag",
            "summan av enheternas kommunbidrag",
            bidrag,
            ar,
        )
        share = replace(
            _figure(
                period, grupp, TRAFFSAKERHET, DRIFT, ANDEL, fel.namn, "felet utan tecken ÷ kommunbidraget",
                ((1, unsigned), (DIVISOR, had)), ar,
            ),
            enhet_matt="%",
        )  # fmt: skip
        yield had
        yield replace(share, varde=computed_value(((1, unsigned), (DIVISOR, had)), "%", 2))


def _of_kommun(period: Period, made: Sequence[Figure], grupper: Sequence[str], ar: int) -> Iterator[Figure]:
    known = {(figure.enhet, figure.serie): figure for figure in made if figure.vardear == ar}
    for serie, namn in ((FEL, "summan av nämnderna"), (FEL_UTAN_TECKEN, "summan av nämndernas fel utan tecken")):
        parts = [(1, known.get((grupp, serie))) for grupp in grupper]
        if any(part is not None for _, part in parts):
            yield _figure(period, KOMMUNEN, TRAFFSAKERHET, DRIFT, serie, "Driftens resultat", namn, parts, ar)


def _over_years(period: Period, grupp: str, own: Sequence[Figure]) -> list[Figure]:
    """Medelfel, the sum of errors without sign, and of how many prognoser."""
    errors = [(1, figure) for figure in own if figure.serie == FEL]
    unsigned = [(1, figure) for figure in own if figure.serie == FEL_UTAN_TECKEN]
    if not errors:
        return []
    count = Figure(
        str(period), grupp, TRAFFSAKERHET, DRIFT, ANTAL, "Driftens resultat", len(errors), BERAKNAD, enhet_matt="prognoser",
        decimaler=0, formel="år med både prognos för samma månad och bokslut",
    )  # fmt: skip
    return [
        count,
        _figure(
            period, grupp, TRAFFSAKERHET, DRIFT, MEDELFEL, "Driftens resultat", "felen ÷ antalet prognoser",
            [*errors, (DIVISOR, count)],
        ),
        _figure(
            period, grupp, TRAFFSAKERHET, DRIFT, SUMMA_FEL, "Driftens resultat", "summan av felen utan tecken", unsigned
        ),
    ]  # fmt: skip


def _figure(
    period: Period,
    enhet: str,
    matt: str,
    rad: str,
    serie: str,
    namn: str,
    formel: str,
    terms: Iterable[tuple[int, Figure | None]],
    vardear: int | None = None,
) -> Figure:
    """A computed figure of its terms; missing as soon as one of them is."""
    listed = list(terms)
    whole = all(part is not None for _, part in listed)
    figure = Figure(
        period=str(period), enhet=enhet, matt=matt, rad=rad, serie=serie, namn=namn, varde=None, slag=BERAKNAD,
        vardear=vardear, formel=formel,
        indata=tuple((sign, part.figure_id) for sign, part in listed if part is not None) if whole else (),
    )  # fmt: skip
    return replace(figure, varde=evaluate(figure, listed)) if whole else figure
