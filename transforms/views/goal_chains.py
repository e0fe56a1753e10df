"""The effektkedjor of a goal as they are drawn: aktivitet → leveranser → effekter, each with what shows it, → mål."""

from __future__ import annotations

from collections.abc import Iterator

from data_contracts.malplan import Aktivitet, Effekt
from transforms.goal_assessment import Indikatorbild, Leveransbild, Malbild, Malstyrning
from transforms.goal_plan import chain_of
from transforms.goal_wording import mark
from transforms.view_goals import Effektvy, Kedjevy, Leveransvy, Marke
from transforms.view_types import Tal
from transforms.views.context import tal

_SLAG = {"tidig": "Tidig effekt", "langsiktig": "Långsiktig effekt"}
_SVAR = {
    "ja": Marke("ring_fylld", "levererat", "god"), "nej": Marke("tom", "inte levererat än", "delvis"),
    "": Marke("fraga", "uppgift saknas", "ingen"),
}  # fmt: skip


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
    return Leveransvy(bild.namn, bild.levererad or "uppgift saknas", _SVAR[bild.levererad], share, bild.kommentar)
