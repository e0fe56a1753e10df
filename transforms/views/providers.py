"""Utförare side by side: a table per enhet, and on a goal's page the measures that stand for one of its indikatorer.

A measure that is tied to an indikator is held against the indikator's own målvärde, for every utförare alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from data_contracts.malplan import Indikator
from data_contracts.uppfoljning import Utforarjamforelse, Utforartal
from transforms.enhet_rows import malvarde_text, utforar_rad
from transforms.figures import Figure
from transforms.goal_assessment import Rapportlage, value_of
from transforms.goal_states import GRADES, Lage, Matning, Rapporttyp, indikator_state
from transforms.view_types import Kolumn, Mening, Tabell, Tabellrad, Tal
from transforms.views.context import ReportContext, tal, year_text

DRIFTFORM = {"egen_regi": "egen regi", "lov": "LOV", "entreprenad": "entreprenad", "bolag": "bolag"}
UTFORARE = "utforare"
ORD = {Lage.UPPFYLLD: "når målvärdet", Lage.DELVIS: "är nära målvärdet", Lage.EJ: "når inte målvärdet"}
"""What is said of a value beside the målvärde; of a value that cannot be graded nothing is said."""


@dataclass(frozen=True, slots=True)
class Utforarvarde:
    """A measure of one utförare. ``lage``: by the tied indikator's målvärde; None where there is none, or no grade."""

    kod: str
    namn: str
    driftform: str
    figure: Figure | None
    lage: Lage | None


def provider_tables(context: ReportContext, own: Sequence[str]) -> tuple[Tabell, ...]:
    """One table per enhet: a row per measure, a column per utförare, so that the same measure stands side by side."""
    plan = context.kommun.uppfoljning.utforare
    tables = []
    for kod in own:
        measures = [tal for tal in plan.tal if tal.enhet == kod] if plan else []
        if plan is not None and measures:
            tables.append(_table(context, plan, kod, measures))
    return tuple(tables)


def values_of(context: ReportContext, plan: Utforarjamforelse, measure: Utforartal) -> tuple[Utforarvarde, ...]:
    """The measure of each utförare that it asks, in the configuration's order."""
    indikator = _indikator(context, measure)
    found = []
    for part in plan.utforare:
        if part.kod in measure.utforare:
            figure = _figure(context, measure, part.kod)
            lage = (
                None
                if indikator is None or context.mal is None
                else provider_lage(indikator, figure, context.mal.rapport)
            )
            found.append(Utforarvarde(part.kod, part.namn, DRIFTFORM[part.driftform], figure, lage))
    return tuple(found)


def provider_lage(indikator: Indikator, figure: Figure | None, rapport: Rapportlage) -> Lage | None:
    """The grade of an utförare's value by the rule of the indikator: a known value beside the målvärde, never a prognos.

    None where the value is missing, too old, measured in another way, or there is no målvärde.
    Source: domain rule 5 (LOV and egen regi are followed up by the same indikatorer).
    """
    value = value_of(figure)
    year = None if figure is None or value is None else figure.vardear or rapport.ar
    state = indikator_state(indikator, Matning(value, year), rapport.ar, Rapporttyp.AR, rapport.dag)
    return state.lage if state.lage in GRADES else None


def goal_providers(context: ReportContext, indikatorer: Sequence[Indikator]) -> Iterator[Mening]:
    """A sentence per measure that stands for one of these indikatorer: every utförare, its value, and whether it reaches the målvärde."""
    plan = context.kommun.uppfoljning.utforare
    koder = {indikator.kod for indikator in indikatorer}
    for measure in plan.tal if plan else ():
        if plan is not None and measure.indikator in koder:
            parts: list[str | Tal] = [f"{measure.namn}: "]
            for place, one in enumerate(values_of(context, plan, measure)):
                said = f", {ORD[one.lage]}" if one.lage else ""
                parts += ["; " if place else "", f"{one.namn} ({one.driftform}) ", tal(one.figure, ""), said]
            yield Mening((*parts, "."))


def differing(context: ReportContext, indikator: Indikator) -> bool:
    """True when some utförare reaches the indikator's målvärde and another does not."""
    plan = context.kommun.uppfoljning.utforare
    found = {
        one.lage
        for measure in (plan.tal if plan else ())
        if plan is not None and measure.indikator == indikator.kod
        for one in values_of(context, plan, measure)
    }
    return len(found - {None}) > 1


def _indikator(context: ReportContext, measure: Utforartal) -> Indikator | None:
    """The indikator that the measure stands for in the year's målplan."""
    if measure.indikator is None or context.mal is None:
        return None
    return next((part for part in context.mal.plan.indikatorer if part.kod == measure.indikator), None)


def _figure(context: ReportContext, measure: Utforartal, utforare: str) -> Figure | None:
    rad = utforar_rad(measure.kod, utforare)
    return next((f for f in context.figures.series(measure.enhet, UTFORARE, "utfall") if f.rad == rad), None)


def _table(context: ReportContext, plan: Utforarjamforelse, kod: str, measures: Sequence[Utforartal]) -> Tabell:
    shown = [part for part in plan.utforare if any(part.kod in measure.utforare for measure in measures)]
    return Tabell(
        id=f"tabell-utforare-{kod.lower()}",
        rubrik=f"{context.wording.text('tabell_utforare')}, {context.kommun.enhet(kod).namn}",
        enhet="varje rad i sin enhet",
        teckenregel=context.wording.text("utforare_teckenregel"),
        radrubrik="Mått",
        kolumner=tuple(Kolumn(part.kod, f"{part.namn} ({DRIFTFORM[part.driftform]})") for part in shown),
        rader=tuple(_row(context, plan, measure, [part.kod for part in shown]) for measure in measures),
    )


def _row(context: ReportContext, plan: Utforarjamforelse, measure: Utforartal, shown: Sequence[str]) -> Tabellrad:
    values = {one.kod: one for one in values_of(context, plan, measure)}
    cells = tuple(tal(values[kod].figure if kod in values else None, "") for kod in shown)
    years = sorted({year_text(context, one.figure) for one in values.values()} - {""})
    notes = [f"Värdeår {', '.join(years)}."] if years else []
    notes += _beside_target(context, measure, tuple(values.values()))
    for one in values.values():
        key = (UTFORARE, measure.enhet, utforar_rad(measure.kod, one.kod))
        said = context.texter.get(key, {}).get("kommentar", "")
        notes += [f"{one.namn}: {said}"] if said else []
    better = {"hogre": "högre är bättre", "lagre": "lägre är bättre", "ingen": ""}[measure.riktning]
    name = ", ".join(part for part in (measure.namn, measure.matt_enhet, better) if part)
    return Tabellrad(name, cells, not_text=" ".join(notes))


def _beside_target(context: ReportContext, measure: Utforartal, values: Sequence[Utforarvarde]) -> Iterator[str]:
    """'Målvärde ≤ 12,0.' and who reaches it, by the words of each grade."""
    indikator = _indikator(context, measure)
    if indikator is None:
        return
    yield f"Målvärde {malvarde_text(indikator, context.period.year)}."
    for lage, words in ORD.items():
        names = [one.namn for one in values if one.lage is lage]
        if names:
            yield f"{' och '.join((', '.join(names[:-1]), names[-1])) if len(names) > 1 else names[0]} {words}."
