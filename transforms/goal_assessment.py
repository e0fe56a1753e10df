"""All goals of a målplan judged: from the leaves up, computed and fixed side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from data_contracts.findings import Finding
from data_contracts.malplan import Aktivitet, Indikator, Leverans, Mal, Malplan, Regel
from transforms.figures import BERAKNAD, INLAMNAD, RATTAD, Figure, FigureIndex
from transforms.goal_figures import AKTIVITETER, FARDIGGRAD, INDIKATORER
from transforms.goal_given import Faststalld, Givet, Sagt
from transforms.goal_plan import Planandring, chain_of
from transforms.goal_rollup import Del, Sammanvagning, roll_up
from transforms.goal_states import GRADES, Indikatorlage, Lage, Matning, Rapporttyp, indikator_state, trend

UTAN_MATVARDE = "bedömning utan mätvärde"
ALLT_GRONT = "allt grönt"
OMFORMULERAT = "målet omformulerat sedan budgeten"
SKILLNAD = "bedömningen skiljer sig från regeln"
_ENTERED = (INLAMNAD, RATTAD)
"""Kinds of figures that a sender entered, with and without a declared correction."""


@dataclass(frozen=True, slots=True)
class Rapportlage:
    """Which report the goals are judged in. ``dag``: a measurement published later is awaited."""

    ar: int
    typ: Rapporttyp
    dag: dt.date


@dataclass(frozen=True, slots=True)
class Indikatorbild:
    """One indikator in a report.

    Attributes:
        beraknad: the state by the plan's rule.
        sagt: what the sender states beside the numbers, or None.
        utfall, prognos: the figures, whose values may be missing.
        riktning: 1 better than the year before, 0 alike, −1 worse; None when it can't be compared.
        fore: the latest earlier value, by year; None when the plan has none.
    """

    indikator: Indikator
    beraknad: Indikatorlage
    sagt: Sagt | None
    utfall: Figure | None
    prognos: Figure | None
    riktning: int | None
    fore: tuple[int, Decimal] | None

    @property
    def faststalld(self) -> Lage | None:
        """The sender's own grade, where one is stated that the rule did not give."""
        if self.sagt is None or self.sagt.lage not in GRADES:
            return None
        return self.sagt.lage

    @property
    def gallande(self) -> Lage:
        """The fixed state where there is one, else the computed."""
        return self.faststalld or self.beraknad.lage


@dataclass(frozen=True, slots=True)
class Leveransbild:
    """One leverans in a report. ``levererad``: ja, nej, or '' when nothing is said. ``klar``: the day that the plan sets for it."""

    kod: str
    namn: str
    aktivitet: Aktivitet
    levererad: str
    kommentar: str
    fardiggrad: Figure | None
    klar: dt.date | None = None
    forsenad: bool = False
    """True when its day has come by the report and it is not delivered."""


@dataclass(frozen=True, slots=True)
class Malbild:
    """One goal in a report: its parts, the computed and the fixed assessment, and what is implausible.

    ``faststallda``: all assessments that someone has fixed; more than one is an error (E728) and then none counts.
    """

    mal: Mal
    regel: Regel | None
    beraknad: Sammanvagning
    faststallda: tuple[Faststalld, ...]
    indikatorer: tuple[Indikatorbild, ...]
    under: tuple[str, ...]
    leveranser: tuple[Leveransbild, ...]
    marken: tuple[str, ...]

    @property
    def faststalld(self) -> Faststalld | None:
        """The fixed assessment, when there is exactly one."""
        return self.faststallda[0] if len(self.faststallda) == 1 else None

    @property
    def gallande(self) -> Lage:
        """The fixed state where there is one, else the computed; a goal that only a person can judge and none has is not judged."""
        if self.faststalld is not None:
            return self.faststalld.lage
        return self.beraknad.lage or Lage.KAN_INTE_BEDOMAS

    @property
    def levererade(self) -> int:
        """How many of the goal's leveranser are delivered."""
        return sum(leverans.levererad == "ja" for leverans in self.leveranser)


@dataclass(frozen=True, slots=True)
class Malstyrning:
    """The goals of a closing: the plan, each goal judged, what the returns say, what is wrong with the plan, and what has changed in it
    since it was decided."""

    plan: Malplan
    bilder: Mapping[str, Malbild]
    givet: Givet
    rapport: Rapportlage
    fynd: tuple[Finding, ...]
    andringar: tuple[Planandring, ...] = ()


def assess(
    plan: Malplan, figures: FigureIndex, givet: Givet, rapport: Rapportlage, omformulerade: frozenset[str] = frozenset()
) -> dict[str, Malbild]:
    """Every goal of the plan by code, in the plan's order.

    Args:
        figures: of the closing; the values of indikatorer and leveranser.
        givet: what the returns and the kommun's own file say beside the figures.
        omformulerade: goals whose wording or indikatorer have changed since the plan was decided.
    """
    done: dict[str, Malbild] = {}
    for mal in plan.mal:
        _assess(mal, plan, figures, givet, rapport, omformulerade, done)
    return {mal.kod: done[mal.kod] for mal in plan.mal}


def _assess(
    mal: Mal,
    plan: Malplan,
    figures: FigureIndex,
    givet: Givet,
    rapport: Rapportlage,
    omformulerade: frozenset[str],
    done: dict[str, Malbild],
) -> Malbild:
    if mal.kod in done:
        return done[mal.kod]
    regel = plan.regel_of(mal)
    measures = tuple(indikator_of(part, figures, givet, rapport) for part in plan.indikatorer_of(mal.kod))
    under = [_assess(part, plan, figures, givet, rapport, omformulerade, done) for part in plan.under(mal.kod)]
    fixed = regel is None or regel.delar_efter == "faststalld"
    delar = [Del(b.indikator.kod, b.gallande if fixed else b.beraknad.lage, b.indikator.vikt) for b in measures]
    delar += [
        Del(b.mal.kod, b.gallande if fixed else b.beraknad.lage or Lage.KAN_INTE_BEDOMAS, b.mal.vikt, ar_mal=True)
        for b in under
    ]
    bild = Malbild(
        mal=mal,
        regel=regel,
        beraknad=roll_up(delar, regel, mal.tackning),
        faststallda=tuple(item for item in givet.malbedomningar if item.mal == mal.kod),
        indikatorer=measures,
        under=tuple(b.mal.kod for b in under),
        leveranser=tuple(_leveranser(plan, mal.kod, figures, givet, rapport)),
        marken=(),
    )
    done[mal.kod] = _marked(bild, under, omformulerade)
    return done[mal.kod]


def indikator_of(indikator: Indikator, figures: FigureIndex, givet: Givet, rapport: Rapportlage) -> Indikatorbild:
    """One indikator judged."""
    utfall = _latest(indikator, figures, rapport.ar)
    prognos = figures.get(indikator.enhet, INDIKATORER, indikator.kod, "prognos")
    sagt = givet.sagt.get(indikator.kod)
    varde = value_of(utfall)
    vardear = None if utfall is None or varde is None else utfall.vardear or rapport.ar
    history = {value.ar: value.varde for value in indikator.historik} | dict(_known(indikator, figures))
    if varde is None and history:
        vardear = max(history)
        varde = history[vardear]
    earlier = max((ar for ar in history if vardear is not None and ar < vardear), default=None)
    fore = None if earlier is None else history[earlier]
    matning = Matning(varde, vardear, value_of(prognos), sagt.lage if sagt else None, fore)
    return Indikatorbild(
        indikator=indikator,
        beraknad=indikator_state(indikator, matning, rapport.ar, rapport.typ, rapport.dag),
        sagt=sagt,
        utfall=utfall,
        prognos=prognos,
        riktning=_gone(indikator, fore, value_of(prognos) if rapport.typ.is_forecast else None, varde),
        fore=None if earlier is None else (earlier, history[earlier]),
    )


def _gone(indikator: Indikator, fore: Decimal | None, prognos: Decimal | None, varde: Decimal | None) -> int | None:
    """The trend: the year's prognos where the report looks ahead and there is one, else the latest value, against the value before."""
    now = varde if prognos is None else prognos
    return None if fore is None or now is None else trend(indikator, fore, now)


def value_of(figure: Figure | None) -> Decimal | None:
    """The figure's exact value in the indikator's own unit; None when it is missing."""
    return None if figure is None or figure.varde is None else Decimal(figure.varde).scaleb(-figure.decimaler)


def _latest(indikator: Indikator, figures: FigureIndex, ar: int) -> Figure | None:
    """The utfall of the return, whichever year it is of; for an indikator that is fetched the newest that its source has."""
    own = _utfall(indikator, figures)
    if indikator.hamtas:
        return max((f for f in own if f.slag == BERAKNAD), key=lambda f: f.vardear or ar, default=None)
    return next((figure for figure in own if figure.slag in _ENTERED), None)


def _known(indikator: Indikator, figures: FigureIndex) -> Iterator[tuple[int, Decimal]]:
    """The values of earlier years among the figures."""
    for figure in _utfall(indikator, figures):
        varde = value_of(figure)
        if figure.vardear is not None and varde is not None:
            yield figure.vardear, varde


def _utfall(indikator: Indikator, figures: FigureIndex) -> list[Figure]:
    found = figures.series(indikator.enhet, INDIKATORER, "utfall")
    return [figure for figure in found if figure.rad == indikator.kod]


def _leveranser(
    plan: Malplan, mal: str, figures: FigureIndex, givet: Givet, rapport: Rapportlage
) -> Iterator[Leveransbild]:
    for aktivitet in plan.aktiviteter:
        if chain_of(plan, aktivitet)[-1:] != (mal,):
            continue
        for part in aktivitet.leveranser or (aktivitet,):
            levererad, kommentar = givet.leveranser.get(part.kod, ("", ""))
            done = figures.get(aktivitet.enhet, AKTIVITETER, part.kod, FARDIGGRAD)
            klar = part.klar if isinstance(part, Leverans) else None
            late = levererad == "nej" and klar is not None and klar <= rapport.dag
            yield Leveransbild(part.kod, part.namn, aktivitet, levererad, kommentar, done, klar, late)


def _marked(bild: Malbild, under: Sequence[Malbild], omformulerade: frozenset[str]) -> Malbild:
    """The goal with its plausibility marks.

    Source: domain rule 2.5, engine 7 (Simrishamn: all goals met, no value); Nynäshamn (indikatorer reworded).
    """
    marks: list[str] = []
    parts = [item.gallande for item in bild.indikatorer] + [item.gallande for item in under]
    if bild.faststalld is not None and bild.faststalld.lage in GRADES and not any(lage in GRADES for lage in parts):
        marks.append(UTAN_MATVARDE)
    if len(parts) > 1 and all(lage is Lage.UPPFYLLD for lage in parts) and not _has_analysis(bild):
        marks.append(ALLT_GRONT)
    if bild.mal.kod in omformulerade:
        marks.append(OMFORMULERAT)
    if bild.faststalld is not None and bild.beraknad.lage in GRADES and bild.faststalld.lage is not bild.beraknad.lage:
        marks.append(SKILLNAD)
    return Malbild(
        bild.mal,
        bild.regel,
        bild.beraknad,
        bild.faststallda,
        bild.indikatorer,
        bild.under,
        bild.leveranser,
        tuple(marks),
    )


def _has_analysis(bild: Malbild) -> bool:
    """True when someone has said why it went well."""
    return any(item.sagt is not None and item.sagt.kommentar for item in bild.indikatorer) or bool(bild.faststallda)


def counts(bilder: Mapping[str, Malbild], koder: Sequence[str]) -> dict[Lage, int]:
    """How many of these goals are in each state, every state its own count."""
    return {lage: sum(bilder[kod].gallande is lage for kod in koder) for lage in Lage}
