"""The goals of the målplan in a delårsrapport or an årsredovisning, by the closing of the period's month."""

from __future__ import annotations

from dataclasses import replace

from adapters.store import Closing
from flows.steps.goals import goals_of
from flows.steps.report import public_context
from flows.workplace import Workplace
from transforms.goal_states import Lage, Rapporttyp
from transforms.views.books.context import ARSREDOVISNING, Malkapitel
from transforms.views.goals import belongs, goal_sections


def goal_chapter(workplace: Workplace, month: Closing, rapport: str) -> Malkapitel | None:
    """The goals of the målplan by the month's closing: a forecast in the delårsrapport, a verdict in the årsredovisning."""
    view, context = public_context(workplace, month)
    goals = goals_of(workplace, month, view.figures, Rapporttyp.AR if rapport == ARSREDOVISNING else Rapporttyp.DELAR)
    if goals is None:
        return None
    sections = goal_sections(replace(context, mal=goals), None, workplace.kommun.kommun_rapportenhet)
    own = [bild for bild in goals.bilder.values() if belongs(bild.mal, goals, None)]
    met = sum(bild.gallande is Lage.UPPFYLLD for bild in own)
    koder = frozenset(bild.mal.kod for bild in goals.bilder.values())
    return Malkapitel(tuple(sections), len(own), met, view.figures, koder) if sections else None
