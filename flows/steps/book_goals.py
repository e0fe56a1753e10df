"""The goals of the målplan in a delårsrapport or an årsredovisning, by the closing of the period's month."""

from __future__ import annotations

from adapters.store import Closing
from data_contracts.bokslutsregler import ARSREDOVISNING
from flows.steps.report import public_context
from flows.workplace import Workplace
from transforms.goal_states import Lage, Rapporttyp
from transforms.period import Period
from transforms.views.books.context import Malkapitel
from transforms.views.goals import belongs, goal_sections


def goal_chapter(workplace: Workplace, month: Closing, rapport: str) -> Malkapitel | None:
    """The goals of the målplan by the month's closing: a forecast in the delårsrapport, a verdict in the årsredovisning."""
    if workplace.kommun.malplan(Period.parse(month.period).year) is None:
        return None
    typ = Rapporttyp.AR if rapport == ARSREDOVISNING else Rapporttyp.DELAR
    view, context = public_context(workplace, month, typ)
    goals = context.mal
    if goals is None:
        return None
    sections = goal_sections(context, None, workplace.kommun.kommun_rapportenhet)
    own = [bild for bild in goals.bilder.values() if belongs(bild.mal, goals, None)]
    met = sum(bild.gallande is Lage.UPPFYLLD for bild in own)
    koder = frozenset(bild.mal.kod for bild in goals.bilder.values())
    return Malkapitel(tuple(sections), len(own), met, view.figures, koder) if sections else None
