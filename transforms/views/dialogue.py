"""Resultatdialogen: what a nämnd talks about with those who answer for the result. Resources, results, effects, and questions.

The questions are drawn from what the closing shows and what is lacking in it. They ask; they judge nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from data_contracts.kommun import Enhet, Namnd
from transforms.goal_assessment import ALLT_GRONT, OMFORMULERAT, SKILLNAD, UTAN_MATVARDE, Malbild, Malstyrning
from transforms.goal_states import UNMEASURED, Lage
from transforms.view_goals import Maldel
from transforms.view_types import Avvikelsepost, Mening, Rapport, Sektion
from transforms.views.context import ReportContext
from transforms.views.deviations import avvikelser_of
from transforms.views.goal_chains import chains
from transforms.views.goal_voices import voices
from transforms.views.goals import belongs, board, goal_counts, mark
from transforms.views.personal import personal_sections
from transforms.views.providers import differing
from transforms.views.report import EarlierFigure, assemble, newest_input_of
from transforms.views.summary import (
    count_sentences,
    drift_card,
    drift_sentences,
    investering_card,
    investering_sentence,
)

SLAG = "Resultatdialog"
_MARKS = {
    UTAN_MATVARDE: "fraga_utan_matvarde", ALLT_GRONT: "fraga_allt_gront", OMFORMULERAT: "fraga_omformulerat",
    SKILLNAD: "fraga_skillnad",
}  # fmt: skip


def build_dialogue(context: ReportContext, namnd: Namnd, earlier: EarlierFigure) -> Rapport | None:
    """The pack of one nämnd; None where the kommun has no målplan for the year or the nämnd has no goal in it."""
    goals, enheter = context.mal, [context.kommun.enhet(kod) for kod in namnd.enheter]
    shown = [bild for bild in goals.bilder.values() if belongs(bild.mal, goals, enheter)] if goals else []
    if goals is None or not shown:
        return None
    unit = namnd.rapportenhet
    posts = tuple(post for enhet in enheter for post in avvikelser_of(context, enhet, unit))
    sections = [
        _resources(context, enheter, posts, unit),
        *personal_sections(context, namnd),
        _results(context, goals, shown),
        *_effects(context, goals, shown),
        *_questions(context, goals, shown, posts),
    ]
    cards = [drift_card(context, enhet, unit) for enhet in enheter]
    cards.extend(card for enhet in enheter if (card := investering_card(context, enhet, unit)) is not None)
    subject = (namnd.kod, namnd.namn, "titel_dialog")
    return assemble(context, subject, newest_input_of(context, enheter), cards[:6], sections, earlier, SLAG)


def _resources(context: ReportContext, enheter: Sequence[Enhet], posts: Sequence[Avvikelsepost], unit: str) -> Sektion:
    said = [sentence for enhet in enheter for sentence in drift_sentences(context, enhet, unit)]
    said += [s for enhet in enheter if (s := investering_sentence(context, enhet, unit)) is not None]
    said += count_sentences(context, enheter, posts)
    return Sektion("resurser", context.wording.text("rubrik_resurser"), punkter=tuple(said))


def _results(context: ReportContext, goals: Malstyrning, shown: Sequence[Malbild]) -> Sektion:
    """The måltavla; where a value is Kolada's, with the words that its licence asks for."""
    own, kolada = [bild.mal for bild in shown], context.kommun.kolada
    said = list(goal_counts(context, goals, own))
    taken = any(
        part.indikator.hamtas and part.indikator.kalla == "kolada" for bild in shown for part in bild.indikatorer
    )
    if taken and kolada is not None:
        said.append(Mening((kolada.erkannande,)))
    overview = Maldel(tavla=board(context, goals, own))
    return Sektion("resultat", context.wording.text("rubrik_resultat"), meningar=tuple(said), mal=(overview,))


def _effects(context: ReportContext, goals: Malstyrning, shown: Sequence[Malbild]) -> list[Sektion]:
    """What those say whom it is for; then the effektkedjor with what has been delivered."""
    text = context.wording.text
    linked = tuple(chain for bild in shown for chain in chains(goals, bild))
    said = tuple(sentence for bild in shown for sentence in voices(context, goals.plan, bild.mal))
    none = () if linked else (context.wording.sentence("dialog_inga_effekter"),)
    sections = [Sektion("effekter", text("rubrik_effekter"), meningar=none, punkter=said)]
    if linked:
        sections.append(Sektion("effektkedjor", text("rubrik_kedjor"), niva=3, mal=(Maldel(kedjor=linked),)))
    return sections


def _questions(
    context: ReportContext, goals: Malstyrning, shown: Sequence[Malbild], posts: Sequence[Avvikelsepost]
) -> Iterator[Sektion]:
    """What to talk about: goal by goal under the goal's name, then the economy and what holds for any nämnd."""
    text, sentence = context.wording.text, context.wording.sentence
    yield Sektion("fragor", text("rubrik_fragor"), meningar=(sentence("fragor_intro"),))
    for bild in shown:
        asked = tuple(_of_goal(context, goals, bild))
        if asked:
            yield Sektion(f"fragor-{bild.mal.kod.lower()}", bild.mal.namn.rstrip("."), niva=3, punkter=asked)
    whole = [sentence(name) for name in ("fraga_sluta", "fraga_larande")]
    if posts:
        unexplained = sum(post.forklaring_saknas for post in posts)
        whole.insert(0, sentence("fraga_ekonomi", antal=str(len(posts)), utan=str(unexplained)))
    yield Sektion("fragor-helheten", text("rubrik_fragor_helheten"), niva=3, punkter=tuple(whole))


def _of_goal(context: ReportContext, goals: Malstyrning, bild: Malbild) -> Iterator[Mening]:
    yield from _of_state(context, goals, bild)
    yield from _of_indikatorer(context, goals, bild)
    for leverans in bild.leveranser:
        if leverans.levererad == "nej":
            yield context.wording.sentence("fraga_leverans", leverans=leverans.namn)
    plan = context.kommun.uppfoljning.internkontroll
    for risk in plan.risker if plan else ():
        if bild.mal.kod in risk.mal:
            yield context.wording.sentence("fraga_risk", risk=risk.namn)


def _of_state(context: ReportContext, goals: Malstyrning, bild: Malbild) -> Iterator[Mening]:
    sentence = context.wording.sentence
    for found in bild.marken:
        if found == SKILLNAD and bild.beraknad.lage is not None:
            rule = mark(bild.beraknad.lage, goals).text
            yield sentence(_MARKS[found], lage=mark(bild.gallande, goals).text, regel=rule)
        elif found in _MARKS:
            yield sentence(_MARKS[found])
    if bild.gallande in (Lage.EJ, Lage.DELVIS):
        yield sentence("fraga_nas_inte", lage=mark(bild.gallande, goals).text)
    if bild.gallande is Lage.KAN_INTE_BEDOMAS:
        yield sentence("fraga_kan_inte", skal=bild.beraknad.skal)


def _of_indikatorer(context: ReportContext, goals: Malstyrning, bild: Malbild) -> Iterator[Mening]:
    sentence = context.wording.sentence
    for part in bild.indikatorer:
        if part.riktning == -1 and part.fore is not None:
            yield sentence("fraga_samre", indikator=part.indikator.namn, ar=str(part.fore[0]))
        if part.beraknad.lage in UNMEASURED:
            yield sentence("fraga_omatt", indikator=part.indikator.namn, lage=mark(part.beraknad.lage, goals).text)
        if part.indikator.radighet != "egen":
            yield sentence("fraga_radighet", indikator=part.indikator.namn)
        if differing(context, part.indikator):
            yield sentence("fraga_utforare", indikator=part.indikator.namn)
