"""Kort om läget: one page for whoever lives in the kommun, in plain Swedish. The same figures as the reports, fewer of them.

Built from the public view alone. No word of the trade stands unexplained, and what is not known is said.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from data_contracts.malplan import Niva
from transforms.figures import KOMMUNEN, RESULTAT, Figure
from transforms.goal_assessment import Malbild, Malstyrning
from transforms.goal_states import Lage
from transforms.matt import DRIFT
from transforms.period import MANADER
from transforms.view_goals import Maldel
from transforms.view_types import Mening, Nyckeltal, Rapport, Sektion
from transforms.views.context import ReportContext, absolute, tal
from transforms.views.goal_voices import survey_sentence
from transforms.views.goals import board
from transforms.views.report import EarlierFigure, assemble, newest_input_of
from transforms.views.summary import missing_return_sentences

SLAG = "Kort om läget"


def build_citizen_page(context: ReportContext, earlier: EarlierFigure) -> Rapport:
    """The page: money, goals, what people say, what is not known, and how anyone can check it."""
    kommun, unit = context.kommun, context.kommun.kommun_rapportenhet
    text = context.wording.text
    sections = [Sektion("pengarna", text("rubrik_medborgare_pengar"), meningar=tuple(_money(context, unit)))]
    if context.mal is not None:
        sections.append(_goals(context, context.mal))
    voices = tuple(survey_sentence(context, fraga) for fraga in kommun.uppfoljning.enkater)
    if voices:
        sections.append(Sektion("roster", text("rubrik_medborgare_roster"), punkter=voices))
    unknown = tuple(_unknown(context))
    if unknown:
        sections.append(Sektion("okant", text("rubrik_medborgare_okant"), punkter=unknown))
    check = (context.wording.sentence("medborgare_kontroll"), context.wording.sentence("medborgare_ord"))
    sections.append(Sektion("kontrollera", text("rubrik_medborgare_kontroll"), meningar=check))
    cards = [_card(context, unit)]
    subject = ("", kommun.namn, "titel_medborgare")
    return assemble(context, subject, newest_input_of(context, list(kommun.enheter)), cards, sections, earlier, SLAG)


_ORD = {"mnkr": "miljoner kronor", "tkr": "tusen kronor"}


def _result(context: ReportContext, serie: str) -> Figure | None:
    return context.figures.get(KOMMUNEN, DRIFT.kod, RESULTAT, serie)


def _card(context: ReportContext, unit: str) -> Nyckeltal:
    """What the kommun believes that the year ends at, beside the plan; no word of the trade."""
    prognos, budget, words = _result(context, "prognos"), _result(context, "budget"), _ORD[unit]
    plan = Mening(())
    if prognos is not None and prognos.varde is not None and budget is not None and budget.varde is not None:
        plan = context.wording.sentence("medborgare_kort_plan", budget=tal(budget, unit, plus=True), enhet=words)
    lage, word = _direction(prognos)
    return Nyckeltal(
        context.wording.text("medborgare_kort"), tal(prognos, unit, plus=True), words, "", plan, lage, word
    )


def _direction(figure: Figure | None) -> tuple[str, str]:
    if figure is None or figure.varde is None:
        return "saknas", ""
    if figure.varde == 0:
        return "noll", "går jämnt upp"
    return ("plus", "pengar över") if figure.varde > 0 else ("minus", "pengar fattas")


def _money(context: ReportContext, unit: str) -> Iterator[Mening]:
    """'Kommunen tror att året slutar med 12,4 miljoner kronor över. Budgeten var 10,0 miljoner.'"""

    prognos, budget = _result(context, "prognos"), _result(context, "budget")
    sentence, words = context.wording.sentence, _ORD[unit]
    if prognos is None or prognos.varde is None:
        yield sentence("medborgare_pengar_okant")
        return
    name = "medborgare_over" if prognos.varde >= 0 else "medborgare_under"
    yield sentence(name, belopp=absolute(prognos, unit), enhet=words)
    if budget is not None and budget.varde is not None:
        yield sentence("medborgare_budget", belopp=tal(budget, unit), enhet=words)
        better = prognos.varde - budget.varde
        yield sentence("medborgare_battre" if better > 0 else "medborgare_samre" if better < 0 else "medborgare_lika")


def _goals(context: ReportContext, goals: Malstyrning) -> Sektion:
    own = [mal for mal in goals.plan.mal if mal.niva is Niva.FULLMAKTIGEMAL]
    bilder = [goals.bilder[mal.kod] for mal in own]
    met = sum(bild.gallande is Lage.UPPFYLLD for bild in bilder)
    said = [context.wording.sentence("medborgare_mal", antal=str(len(own)), natt=str(met))]
    reasons = tuple(_reason(context, bild) for bild in bilder if bild.faststalld is not None)
    table = board(context, goals, own)
    plain = replace(
        table,
        rubrik=context.wording.text("medborgare_tavla"),
        ingress=context.wording.text("medborgare_tavla_ingress"),
        rader=tuple(replace(row, delar="") for row in table.rader),
    )
    overview = Maldel(tavla=plain)
    return Sektion(
        "malen", context.wording.text("rubrik_medborgare_mal"), meningar=tuple(said), punkter=reasons, mal=(overview,)
    )


def _reason(context: ReportContext, bild: Malbild) -> Mening:
    fixed = bild.faststalld
    said = "" if fixed is None else " ".join(part for part in (fixed.skal, fixed.atgard) if part)
    return Mening((f"{bild.mal.namn.rstrip('.')}: {said}",))


def _unknown(context: ReportContext) -> Iterator[Mening]:
    """Returns that are missing, and measurements that are awaited or lacking."""
    yield from missing_return_sentences(context, list(context.kommun.enheter))
    for bild in context.mal.bilder.values() if context.mal is not None else ():
        for part in bild.indikatorer:
            lage, name = part.beraknad.lage, part.indikator.namn
            if lage is Lage.MATNING_KOMMER and part.beraknad.kommer is not None:
                yield context.wording.sentence("medborgare_vantar", namn=name, dag=_day(part.beraknad.kommer))
            elif lage is Lage.METODBYTE:
                yield context.wording.sentence("medborgare_metod", namn=name)
            elif lage in (Lage.EJ_RAPPORTERAD, Lage.EJ_MATBAR):
                yield context.wording.sentence("medborgare_saknas", namn=name)


def _day(day: dt.date) -> str:
    """'15 juni 2026'."""
    return f"{day.day} {MANADER[day.month - 1]} {day.year}"
