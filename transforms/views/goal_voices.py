"""What surveys, synpunkter and risks say on the page of a goal, and how an indikator is defined and where its value is taken from."""

from __future__ import annotations

from collections.abc import Iterator

from data_contracts.malplan import Indikator, Mal, Malplan
from data_contracts.uppfoljning import Enkatfraga, Tema
from transforms.enhet_rows import KALLOR
from transforms.figures import Figure
from transforms.follow_up_figures import ENKATER, RISKVARDE, SYNPUNKTER
from transforms.view_types import Mening, Tal
from transforms.views.context import ReportContext, tal
from transforms.views.internal_control import RISKER

_COUNTED = (("klagomal", "klagomål"), ("synpunkter", "synpunkter"), ("forslag", "förslag"))


def source_text(context: ReportContext, indikator: Indikator) -> str:
    """'Värdet är hämtat ur Kolada, N15419.' and the words that Kolada's licence asks for; '' for what a sender gave."""
    if not indikator.hamtas:
        return ""
    named = f"Värdet är hämtat ur {KALLOR[indikator.kalla]}, {indikator.kalla_kod}."
    kolada = context.kommun.kolada
    return f"{named} {kolada.erkannande}" if indikator.kalla == "kolada" and kolada is not None else named


def definition_text(indikator: Indikator) -> str:
    """'Resultatmått. Andel av ordinarie tid (definitionens version 2). Prioritet 1. Nivån ska behållas. Rådigheten är delad.'"""
    said = indikator.definition.rstrip(".")
    version = f" (definitionens version {indikator.definition_version})" if indikator.definition_version > 1 else ""
    parts = [f"{indikator.typ.capitalize()}mått.", f"{said}{version}."]
    if indikator.prioritet is not None:
        parts.append(f"Prioritet {indikator.prioritet}.")
    if indikator.standardniva:
        parts.append("Nivån ska behållas.")
    if indikator.radighet != "egen":
        parts.append(f"Rådigheten är {indikator.radighet}.")
    return " ".join(parts)


def voices(context: ReportContext, plan: Malplan, mal: Mal) -> Iterator[Mening]:
    """A sentence per survey question and theme that kommun.yaml ties to the goal, or that one of its indikatorer is taken from.

    A question without a result is named as such, since somebody meant to ask it.
    """
    taken = {(part.kalla, part.kalla_kod.rpartition(".")[0] if part.kalla == "synpunkter" else part.kalla_kod)
             for part in plan.indikatorer_of(mal.kod) if part.hamtas}  # fmt: skip
    asked = context.kommun.uppfoljning
    for fraga in asked.enkater:
        if fraga.mal == mal.kod or ("enkat", fraga.kod) in taken:
            yield survey_sentence(context, fraga)
    for tema in asked.synpunkter.teman if asked.synpunkter else ():
        if tema.mal == mal.kod or ("synpunkter", tema.kod) in taken:
            yield from _opinions(context, tema)


def goal_risks(context: ReportContext, mal: str) -> Iterator[Mening]:
    """'För få behöriga under sommaren: riskvärde 12, åtgärdas.' for each risk that threatens the goal, highest first, not judged last."""
    plan = context.kommun.uppfoljning.internkontroll
    found = [
        (risk, context.figures.get(risk.enhet, RISKER, risk.kod, RISKVARDE))
        for risk in (plan.risker if plan else ())
        if mal in risk.mal
    ]
    for risk, value in sorted(found, key=lambda item: -((item[1].varde if item[1] else None) or 0)):
        if plan is not None and value is not None and value.varde is not None:
            yield Mening((f"{risk.namn}: riskvärde ", tal(value, ""), f", {plan.niva(value.varde).namn}."))
        else:
            yield Mening((f"{risk.namn}: inte bedömd.",))


def _of(context: ReportContext, enhet: str, matt: str, rad: str, serie: str) -> Figure | None:
    return next((figure for figure in context.figures.series(enhet, matt, serie) if figure.rad == rad), None)


def survey_sentence(context: ReportContext, fraga: Enkatfraga) -> Mening:
    """'Nöjda: 79 % (2025), kvinnor 80, män 78. 164 av 251 har svarat. Bemötandet får höga betyg.'"""
    result, women, men, answered, of = (
        _of(context, fraga.enhet, ENKATER, fraga.kod, serie)
        for serie in ("utfall", "utfall_kvinnor", "utfall_man", "svarande", "tillfragade")
    )
    parts: list[str | Tal] = [f"{fraga.namn}: ", tal(result, "")]
    if result is not None and result.varde is not None:
        parts.append(f"\u00a0{fraga.matt_enhet} ({result.vardear or context.period.year})")
    for label, figure in (("kvinnor", women), ("män", men)):
        if figure is not None and figure.varde is not None:
            parts += [f", {label} ", tal(figure, "")]
    parts.append(".")
    if answered is not None and of is not None and answered.varde is not None and of.varde is not None:
        parts += [" ", tal(answered, ""), " av ", tal(of, ""), " har svarat."]
    return _with_words(context, parts, (ENKATER, fraga.enhet, fraga.kod))


def _opinions(context: ReportContext, tema: Tema) -> Iterator[Mening]:
    """'Bemötande: 4 klagomål, 9 synpunkter, 3 förslag.' per enhet that counts them."""
    asked = context.kommun.uppfoljning.synpunkter
    for enhet in asked.enheter if asked else ():
        parts: list[str | Tal] = [f"{tema.namn}: "]
        for place, (serie, word) in enumerate(_COUNTED):
            parts += [", " if place else "", tal(_of(context, enhet, SYNPUNKTER, tema.kod, serie), ""), f"\u00a0{word}"]
        yield _with_words(context, [*parts, "."], (SYNPUNKTER, enhet, tema.kod))


def _with_words(context: ReportContext, parts: list[str | Tal], key: tuple[str, str, str]) -> Mening:
    said = context.texter.get(key, {}).get("kommentar", "")
    return Mening((*parts, f" {said}" if said else ""))
