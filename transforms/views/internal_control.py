"""The section on intern kontroll: the risks by the kommun's scale, highest first, with what the kontroll showed and the goals at stake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data_contracts.kommun import Enhet
from data_contracts.uppfoljning import Internkontroll, Risk
from transforms.figures import Figure
from transforms.follow_up_figures import RISKVARDE
from transforms.risk_matrix import risk_matrix
from transforms.view_types import Diagram, Kolumn, Mening, Sektion, Tabell, Tabellrad, Tal
from transforms.views.context import ReportContext, tal

RISKER = "risker"
_COLUMNS = (
    Kolumn("sannolikhet", "Sanno\u00adlikhet"),
    Kolumn("konsekvens", "Konse\u00adkvens"),
    Kolumn("riskvarde", "Risk\u00advärde"),
    Kolumn("niva", "Nivå"),
    Kolumn("resultat", "Kontrollen visade"),
)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A risk with its figures and its number in the table."""

    nummer: str
    risk: Risk
    chance: Figure | None
    harm: Figure | None
    value: Figure | None

    @property
    def riskvarde(self) -> int | None:
        """Sannolikhet × konsekvens, None when it has not been judged."""
        return None if self.value is None else self.value.varde


def internal_control_sections(context: ReportContext, enheter: Sequence[Enhet]) -> list[Sektion]:
    """The risks of these enheter; nothing where the plan has none for them."""
    plan = context.kommun.uppfoljning.internkontroll
    own = {enhet.kod for enhet in enheter}
    risks = [risk for risk in plan.risker if risk.enhet in own] if plan else []
    if plan is None or not risks:
        return []
    judged = _judge(context, risks)
    table = _table(context, plan, judged, several=len({risk.enhet for risk in risks}) > 1)
    return [
        Sektion(
            "intern-kontroll",
            context.wording.text("rubrik_internkontroll"),
            meningar=_sentences(context, plan, judged),
            diagram=_matrix(context, plan, judged, table.id),
            tabeller=(table,),
        )
    ]


def _judge(context: ReportContext, risks: Sequence[Risk]) -> list[_Judged]:
    """Highest riskvärde first, those not judged last; numbered in that order."""

    def figure(risk: Risk, serie: str) -> Figure | None:
        return context.figures.get(risk.enhet, RISKER, risk.kod, serie)

    def order(risk: Risk) -> tuple[bool, int]:
        value = figure(risk, RISKVARDE)
        known = value is not None and value.varde is not None
        return (not known, -(value.varde or 0) if value else 0)

    return [
        _Judged(f"R{number}", risk, figure(risk, "sannolikhet"), figure(risk, "konsekvens"), figure(risk, RISKVARDE))
        for number, risk in enumerate(sorted(risks, key=order), start=1)
    ]


def _sentences(context: ReportContext, plan: Internkontroll, judged: Sequence[_Judged]) -> tuple[Mening, ...]:
    known = [one for one in judged if one.riskvarde is not None]
    direct = [one for one in known if plan.niva(one.riskvarde or 1).direkt]
    said = [
        context.wording.sentence(
            "internkontroll_antal", antal=str(len(known)), alla=str(len(judged)), referens=plan.referens
        )
    ]
    if direct:
        names = ", ".join(f"{one.nummer} {one.risk.namn}" for one in direct)
        said.insert(0, context.wording.sentence("internkontroll_direkt", risker=names))
    return tuple(said)


def _matrix(
    context: ReportContext, plan: Internkontroll, judged: Sequence[_Judged], tabell_id: str
) -> tuple[Diagram, ...]:
    squares: dict[tuple[int, int], list[str]] = {}
    for one in judged:
        chance, harm = (figure.varde if figure else None for figure in (one.chance, one.harm))
        if chance is not None and harm is not None:
            squares.setdefault((chance, harm), []).append(one.nummer)
    if not squares:
        return ()
    highest = judged[0]
    counts = ", ".join(f"{_count(plan, judged, place)} {niva.namn}" for place, niva in enumerate(plan.nivaer))
    alt = context.wording.sentence(
        "alt_riskmatris", nivaer=counts, hogst=f"{highest.nummer} {highest.risk.namn}", varde=str(highest.riskvarde)
    ).text
    rubrik = context.wording.text("diagram_riskmatris")
    return (risk_matrix("diagram-risker", rubrik, plan, squares, alt, tabell_id),)


def _count(plan: Internkontroll, judged: Sequence[_Judged], place: int) -> int:
    values = [one.riskvarde for one in judged if one.riskvarde is not None]
    return sum(plan.nivaer.index(plan.niva(value)) == place for value in values)


def _table(context: ReportContext, plan: Internkontroll, judged: Sequence[_Judged], *, several: bool) -> Tabell:
    levels = "; ".join(f"{niva.namn} från {niva.fran}" for niva in plan.nivaer)
    return Tabell(
        id="tabell-risker",
        rubrik=context.wording.text("tabell_risker"),
        enhet="steg på kommunens skala",
        teckenregel=context.wording.sentence("risk_teckenregel", nivaer=levels).text,
        radrubrik="Risk, kontrollmoment och åtgärd",
        kolumner=_COLUMNS,
        rader=tuple(_row(context, plan, one, several=several) for one in judged),
    )


def _row(context: ReportContext, plan: Internkontroll, one: _Judged, *, several: bool) -> Tabellrad:
    said = context.texter.get((RISKER, one.risk.enhet, one.risk.kod), {})
    level = Tal("inte bedömd") if one.riskvarde is None else Tal(plan.niva(one.riskvarde).namn)
    cells = (
        tal(one.chance, ""),
        tal(one.harm, ""),
        tal(one.value, ""),
        level,
        Tal(said.get("resultat") or "inte rapporterat"),
    )
    unit = f"{context.kommun.enhet(one.risk.enhet).namn}. " if several else ""
    notes = [f"{unit}Kontrollmoment: {one.risk.kontrollmoment}."]
    if said.get("atgard"):
        by = f" Klart {said['klardatum']}." if said.get("klardatum") else ""
        notes.append(f"Åtgärd: {said['atgard']}{by}")
    if one.risk.mal:
        notes.append(f"Mål som hotas: {', '.join(_goal_names(context, one.risk))}.")
    return Tabellrad(f"{one.nummer} {one.risk.namn}", cells, not_text=" ".join(notes))


def _goal_names(context: ReportContext, risk: Risk) -> list[str]:
    """The names of the goals that the risk threatens, by the year's målplan; the code where the plan has no such goal."""
    plan = context.kommun.malplan(context.period.year)
    names = {mal.kod: mal.namn for mal in plan.mal} if plan else {}
    return [names.get(kod, kod).rstrip(".") for kod in risk.mal]
