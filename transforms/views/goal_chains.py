"""The effektkedjor of a goal as they are drawn: aktivitet → leveranser → effekter, each with what shows it, → mål."""

from __future__ import annotations

from collections.abc import Iterator

from data_contracts.malplan import Aktivitet, Effekt
from transforms.goal_assessment import Indikatorbild, Leveransbild, Malbild, Malstyrning
from transforms.goal_plan import chain_of
from transforms.goal_wording import delivery_text, mark
from transforms.view_goals import Effektvy, Kedjevy, Leveransvy, Marke
from transforms.view_types import Tal
from transforms.views.context import tal

_SLAG = {"tidig": "Tidig effekt", "langsiktig": "Långsiktig effekt"}
_FORM = {"ja": ("ring_fylld", "god"), "nej": ("tom", "delvis"), "": ("fraga", "ingen")}
"""The shape and the colour of each answer; one that is late has those of what is not met."""


def chains(goals: Malstyrning, bild: Malbild) -> Iterator[Kedjevy]:
    """The effektkedjor that end in a goal."""
    plan = goals.plan
    by_activity: dict[str, tuple[Aktivitet, list[Leveransbild]]] = {}
    for leverans in bild.leveranser:
        by_activity.setdefault(leverans.aktivitet.kod, (leverans.aktivitet, []))[1].append(leverans)
    effects = {effekt.kod: effekt for effekt in plan.effekter}
    measured = {item.indikator.kod: item for other in goals.bilder.values() for item in other.indikatorer}
    for aktivitet, leveranser in by_activity.values():
        chain = [effects[kod] for kod in chain_of(plan, aktivitet) if kod in effects]
        yield Kedjevy(
            aktivitet=aktivitet.namn,
            ansvarig=aktivitet.ansvarig,
            leveranser=tuple(_delivery(item) for item in leveranser),
            effekter=tuple(_effect(effekt, measured, goals) for effekt in chain),
            mal=bild.mal.namn,
        )


def _effect(effekt: Effekt, measured: dict[str, Indikatorbild], goals: Malstyrning) -> Effektvy:
    """An effekt, with the state of the indikator that shows it where the plan names one."""
    shown = measured.get(effekt.indikator or "")
    if shown is None:
        return Effektvy(_SLAG[effekt.slag], effekt.namn, "", None)
    return Effektvy(
        _SLAG[effekt.slag],
        effekt.namn,
        shown.indikator.namn,
        mark(shown.gallande, goals.rapport.typ, goals.plan.lagesord),
    )


def _delivery(bild: Leveransbild) -> Leveransvy:
    done = bild.fardiggrad
    share = tal(done, "kr") if done is not None and done.varde is not None else Tal("")
    form, tone = ("ring_kryss", "dalig") if bild.forsenad else _FORM[bild.levererad]
    marke = Marke(form, delivery_text(bild.levererad, bild.klar, late=bild.forsenad), tone)
    return Leveransvy(bild.namn, bild.levererad or "uppgift saknas", marke, share, bild.kommentar)
