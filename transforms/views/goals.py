"""The goal thread in a report: the måltavla, the tree, and a page per goal under the question "Blev det som vi ville?"."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from decimal import Decimal

from data_contracts.kommun import Enhet
from data_contracts.malplan import Indikator, Mal, Niva
from transforms import goal_wording
from transforms.belopp import decimal_text
from transforms.curves import Varde, curve
from transforms.enhet_rows import malvarde_text
from transforms.figures import Figure
from transforms.goal_assessment import Indikatorbild, Malbild, Malstyrning, counts, value_of
from transforms.goal_plan import over
from transforms.goal_states import Lage
from transforms.view_goals import (
    Indikatorvy,
    Kurva,
    Maldel,
    Maltavla,
    Malvy,
    Marke,
    Nodvy,
    Tavelrad,
)
from transforms.view_types import Mening, Sektion, Tal
from transforms.views.context import ReportContext, tal
from transforms.views.goal_chains import chains
from transforms.views.goal_voices import definition_text, goal_risks, source_text, voices
from transforms.views.providers import goal_providers
from transforms.views.summary import budget_use, drift_sentences

NIVAER = {
    Niva.VISION: "Vision", Niva.FULLMAKTIGEMAL: "Fullmäktigemål", Niva.NAMNDMAL: "Nämndmål", Niva.BOLAGSMAL: "Bolagsmål",
    Niva.VERKSAMHETSMAL: "Verksamhetsmål", Niva.ATAGANDE: "Åtagande",
}  # fmt: skip
FALT = {
    "": "hela delen", "namn": "namnet", "malvarden": "målvärdena", "riktning": "riktningen", "strikt": "om målvärdet självt räcker",
    "gul": "gul gräns", "definition": "definitionen", "definition_version": "definitionens version", "agare": "den som svarar",
    "over": "målet ovanför", "regel": "regeln", "tackning": "täckningen", "leder_till": "vad den leder till", "kalla": "källan",
    "kalla_kod": "källans kod", "leveranser": "leveranserna", "historik": "tidigare värden", "mal": "målet", "vikt": "vikten",
    "metodbyte_ar": "första året med ny metod", "publiceras": "när värdet väntas", "konsuppdelad": "könsuppdelning",
}  # fmt: skip
"""Fields of a plan in words, for what is printed of its changes."""
_EARLIER = 2
"""How many years before the latest value the måltavla shows."""


def goal_sections(context: ReportContext, enheter: Sequence[Enhet] | None, unit: str) -> list[Sektion]:
    """The sections on goals of a nämnd (its enheter), or of the kommun (None); none where there is no målplan or no goal.

    A nämnd's report shows the goals that its enheter answer for, with their branches of the tree; the kommun's those of fullmäktige, with
    the whole tree.
    """
    if context.mal is None:
        return []
    goals = context.mal
    shown = [mal for mal in goals.plan.mal if belongs(mal, goals, enheter)]
    if not shown:
        return []
    text = context.wording.text
    overview = Maldel(tavla=board(context, goals, shown, shown))
    sections = [
        Sektion("mal", text("rubrik_mal"), meningar=goal_counts(context, goals, shown), mal=(overview,), ny_sida=True)
    ]
    roots = [mal for mal in goals.plan.mal if mal.over is None]
    only = None if enheter is None else frozenset(kod for mal in shown for kod in (mal.kod, *over(goals.plan, mal.kod)))
    tree = Maldel(trad=tuple(_node(goals, mal, shown, only) for mal in roots if only is None or mal.kod in only))
    sections.append(Sektion("mal-trad", text("rubrik_maltrad"), niva=3, mal=(tree,)))
    if enheter is None:
        sections.extend(_plan_changes(context, goals))
        sections.extend(_plan_faults(context, goals))
    for mal in shown:
        page = Maldel(mal=goal_view(context, goals, mal, unit))
        sections.append(Sektion(f"mal-{mal.kod.lower()}", mal.namn, niva=3, mal=(page,)))
    return sections


def belongs(mal: Mal, goals: Malstyrning, enheter: Sequence[Enhet] | None) -> bool:
    """Whether a goal stands in the report of these enheter; for the kommun (None) those of fullmäktige."""
    if enheter is None:
        return mal.niva is Niva.FULLMAKTIGEMAL
    return mal.niva is not Niva.VISION and mal.enhet in {enhet.kod for enhet in enheter}


def mark(lage: Lage, goals: Malstyrning) -> Marke:
    """A state as it is shown in this report."""
    return goal_wording.mark(lage, goals.rapport.typ, goals.plan.lagesord)


def goal_counts(context: ReportContext, goals: Malstyrning, shown: Sequence[Mal]) -> tuple[Mening, ...]:
    """How many of the goals are in each state, which plan they stand in, and how the states are read."""
    states = counts(goals.bilder, [mal.kod for mal in shown])
    parts = [f"{antal} {mark(lage, goals).text}" for lage, antal in states.items() if antal]
    said = [context.wording.sentence("mal_antal", antal=str(len(shown)), lagen=", ".join(parts))]
    if goals.plan.beslut is not None:
        beslut = goal_wording.decision_text(goals.plan)
        said.append(context.wording.sentence("mal_plan", namn=goals.plan.namn, beslut=beslut))
    said.append(context.wording.sentence("mal_lasning" if goals.rapport.typ.is_forecast else "mal_lasning_ar"))
    return tuple(said)


def _plan_changes(context: ReportContext, goals: Malstyrning) -> list[Sektion]:
    """What has been changed in the plan since it was decided, with the decisions."""
    log = [
        context.wording.sentence(
            "mal_andring", version=str(item.version), beslut=f"{item.beslut.organ} {item.beslut.datum} {item.beslut.paragraf}",
            avser=", ".join(_name(goals, kod).rstrip(".") for kod in item.avser), skal=item.skal,
        )
        for item in goals.plan.andringar
    ]  # fmt: skip
    log += [
        context.wording.sentence(
            "mal_andring_falt", namn=_name(goals, item.kod).rstrip("."), falt=FALT.get(item.falt, item.falt),
            fore=item.fore.rstrip(".") or "fanns inte", efter=item.efter.rstrip(".") or "finns inte",
        )
        for item in goals.andringar
    ]  # fmt: skip
    if not log:
        return []
    return [Sektion("mal-andringar", context.wording.text("rubrik_malandringar"), niva=3, punkter=tuple(log))]


def _plan_faults(context: ReportContext, goals: Malstyrning) -> list[Sektion]:
    """What breaks the thread: orphans, goals without anything that shows if they are reached, activities that reach no goal."""
    if not goals.fynd:
        return []
    said = tuple(Mening((f"{finding.message} ({finding.code})",)) for finding in goals.fynd)
    return [Sektion("mal-brister", context.wording.text("rubrik_malbrister"), niva=3, punkter=said)]


def _name(goals: Malstyrning, kod: str) -> str:
    parts = [(part.kod, part.namn) for part in goals.plan.mal] + [
        (part.kod, part.namn) for part in goals.plan.indikatorer
    ]
    return dict(parts).get(kod, kod)


def board(context: ReportContext, goals: Malstyrning, shown: Sequence[Mal], linked: Sequence[Mal] = ()) -> Maltavla:
    """The måltavla of these goals: each with its state, its indikatorer over the years, prognos and målvärde.

    Args:
        linked: goals that have a page of their own in the same report.
    """
    ar = goals.rapport.ar
    years = tuple(str(year) for year in range(ar - _EARLIER, ar))
    rows = []
    for mal in shown:
        bild = goals.bilder[mal.kod]
        measures = tuple(indikator_view(context, goals, item) for item in bild.indikatorer)
        rows.append(
            Tavelrad(
                mal.namn,
                f"mal-{mal.kod.lower()}" if mal in linked else "",
                mark(bild.gallande, goals),
                _differing(bild, goals),
                _parts(bild, goals),
                measures,
            )
        )
    text = context.wording.text
    valued = any(row.indikatorer for row in rows)
    intro = text("maltavla_ingress") if valued else text("maltavla_utan_varden")
    return Maltavla("maltavla", text("tabell_maltavla"), intro, years, tuple(rows), valued, len(years) + 4)


def _differing(bild: Malbild, goals: Malstyrning) -> Marke | None:
    """The rule's state, where a person has fixed another."""
    computed = bild.beraknad.lage
    if bild.faststalld is None or computed is None or computed is bild.faststalld.lage:
        return None
    return mark(computed, goals)


def _parts(bild: Malbild, goals: Malstyrning) -> str:
    """'1 av 2 delar uppfyllda, 1 utan mätning'."""
    found = bild.beraknad
    if not found.antal:
        return ""
    unmeasured = f", {found.ovriga} utan mätning" if found.ovriga else ""
    parts, met = (
        "del" if found.antal == 1 else "delar",
        "uppfylld" if 1 in (found.antal, found.uppfyllda) else "uppfyllda",
    )
    return f"{found.uppfyllda} av {found.antal} {parts} {met}{unmeasured}"


def indikator_view(context: ReportContext, goals: Malstyrning, bild: Indikatorbild) -> Indikatorvy:
    """One indikator with its values over time."""
    part, ar = bild.indikator, goals.rapport.ar
    earlier = {figure.vardear or ar: figure for figure in _series(context, bild, "utfall") if figure.varde is not None}
    latest = bild.utfall if bild.utfall is not None and bild.utfall.varde is not None else None
    latest = latest or (earlier[max(earlier)] if earlier else bild.utfall)
    year = ar if latest is None else latest.vardear or ar
    shown = tuple(
        (str(value), tal(earlier[value], "kr") if value in earlier and value != year else Tal(""))
        for value in range(ar - _EARLIER, ar)
    )
    split = [
        (label, tal(figure, "kr"))
        for serie, label in (("utfall_kvinnor", "kvinnor"), ("utfall_man", "män"))
        for figure in _series(context, bild, serie)
        if figure.varde is not None and (figure.vardear or ar) == year
    ]
    said = bild.sagt
    return Indikatorvy(
        kod=part.kod,
        namn=part.namn,
        enhet=part.matt_enhet,
        tidigare=shown,
        utfall=tal(latest, "kr"),
        ar=_age(year, ar, latest),
        prognos=tal(bild.prognos, "kr") if bild.prognos is not None and bild.prognos.varde is not None else Tal(""),
        malvarde=malvarde_text(part, ar),
        marke=mark(bild.gallande, goals),
        beraknad=mark(bild.beraknad.lage, goals) if bild.faststalld not in (None, bild.beraknad.lage) else None,
        trend=_trend(bild),
        delat=tuple(split),
        skal=_reason(bild),
        kommentar=said.kommentar if said else "",
        kurva=_curve(context, goals, bild, earlier),
        definition=definition_text(part),
        kalla=source_text(context, part),
    )


def _series(context: ReportContext, bild: Indikatorbild, serie: str) -> list[Figure]:
    found = context.figures.series(bild.indikator.enhet, "indikatorer", serie)
    return [figure for figure in found if figure.rad == bild.indikator.kod]


def _age(year: int, ar: int, latest: Figure | None) -> str:
    if latest is None or latest.varde is None or year == ar:
        return ""
    return f"värde från {year}"


def _trend(bild: Indikatorbild) -> str:
    if bild.riktning is None or bild.fore is None:
        return ""
    return f"{ {1: 'bättre än', 0: 'som', -1: 'sämre än'}[bild.riktning] } {bild.fore[0]}".strip()


def _reason(bild: Indikatorbild) -> str:
    parts = [bild.beraknad.skal] if bild.beraknad.skal else []
    if bild.beraknad.kommer is not None:
        parts.append(f"väntas {bild.beraknad.kommer}")
    return ", ".join(parts)


def _curve(context: ReportContext, goals: Malstyrning, bild: Indikatorbild, earlier: dict[int, Figure]) -> Kurva | None:
    part = bild.indikator
    values = []
    for year in sorted(earlier)[-5:]:
        number = value_of(earlier[year])
        if number is not None:
            values.append(Varde(year, number, decimal_text(number, part.decimaler), "utfall", earlier[year].figure_id))
    ahead = value_of(bild.prognos)
    if ahead is not None and bild.prognos is not None and goals.rapport.typ.is_forecast:
        values = [value for value in values if value.ar != goals.rapport.ar]
        values.append(
            Varde(goals.rapport.ar, ahead, decimal_text(ahead, part.decimaler), "prognos", bild.prognos.figure_id)
        )
    described = ", ".join(f"{value.ar}{' prognos' if value.slag == 'prognos' else ''} {value.text}" for value in values)
    text = f"{part.namn}, {part.matt_enhet}: {described}. Målvärde {malvarde_text(part, goals.rapport.ar)}."
    return curve(values, _kept(part, goals.rapport.ar), text)


def _kept(indikator: Indikator, ar: int) -> tuple[Decimal, Decimal] | None:
    """The lowest and the highest value that keep the year's målvärde: the same number where it is one; None where there is none."""
    target = indikator.malvarde(ar)
    if target is None:
        return None
    if target.fran is not None and target.till is not None:
        return target.fran, target.till
    middle, give = target.varde or Decimal(0), indikator.tolerans or Decimal(0)
    return middle - give, middle + give


def goal_view(context: ReportContext, goals: Malstyrning, mal: Mal, unit: str) -> Malvy:
    """One goal under the question "Blev det som vi ville?"."""
    bild, plan = goals.bilder[mal.kod], goals.plan
    fixed = bild.faststalld
    return Malvy(
        id=f"mal-{mal.kod.lower()}-sida",
        namn=mal.namn,
        fakta=_facts(context, mal),
        vag=tuple(plan.malet(kod).namn for kod in reversed(over(plan, mal.kod))),
        marke=mark(bild.gallande, goals),
        beraknad=_differing(bild, goals),
        bedomd=f"Fastställt av {fixed.roll} {fixed.tid}." if fixed else f"Räknat fram: {bild.beraknad.skal}.",
        regel=f"Regel: {bild.regel.namn} ({bild.regel.referens})." if bild.regel else "",
        ville=tuple(_wanted(mal, bild, goals)),
        blev=tuple(_became(context, bild, goals, mal, unit)),
        varfor=tuple(_why(bild)),
        nu=tuple(_now(bild)),
        indikatorer=tuple(indikator_view(context, goals, item) for item in bild.indikatorer),
        kedjor=tuple(chains(goals, bild)),
        marken=bild.marken,
        under=tuple(_node(goals, plan.malet(kod), ()) for kod in bild.under),
        roster=tuple(voices(context, plan, mal)),
        utforare=tuple(goal_providers(context, [item.indikator for item in bild.indikatorer])),
        risker=tuple(goal_risks(context, mal.kod)),
    )


def _facts(context: ReportContext, mal: Mal) -> str:
    """'Nämndmål, verksamhet, 2023–2026. Ansvarig: förvaltningschef. Bidrar: Kultur och fritid.'"""
    years = f"{mal.giltig_fran}–{mal.giltig_till}" if mal.giltig_fran and mal.giltig_till else ""
    said = [
        ", ".join(part for part in (NIVAER[mal.niva], mal.perspektiv or "", years) if part),
        f"Ansvarig: {mal.agare}",
    ]
    if mal.bidrar:
        said.append(f"Bidrar: {', '.join(context.kommun.enhet(kod).namn for kod in mal.bidrar)}")
    return f"{'. '.join(said)}."


def _wanted(mal: Mal, bild: Malbild, goals: Malstyrning) -> Iterator[str]:
    """What fullmäktige or the nämnd wanted: the målvärden, the ambition, and what the goal stands on."""
    for item in bild.indikatorer:
        unit = "" if item.indikator.matt_enhet == "antal" else f"\u00a0{item.indikator.matt_enhet}"
        yield f"{item.indikator.namn}: {malvarde_text(item.indikator, goals.rapport.ar)}{unit}."
    if mal.ambition:
        yield {"utmaning": "Målet är en utmaning.", "standard": "Målet är en nivå som ska behållas."}[mal.ambition]
    for assumption in mal.forutsattningar:
        yield f"Förutsätter: {assumption}"


def _became(context: ReportContext, bild: Malbild, goals: Malstyrning, mal: Mal, unit: str) -> Iterator[Mening]:
    """What became of it: the goal's parts, the deliveries, how much of the budget is used, and what the year is expected to end at."""
    if bild.beraknad.antal:
        yield Mening((f"{_parts(bild, goals)}.",))
    if bild.leveranser:
        of, done = len(bild.leveranser), bild.levererade
        words = f"{'leverans' if of == 1 else 'leveranser'} är {'klar' if done == 1 else 'klara'}"
        yield Mening((f"{done} av {of} {words}.",))
    if mal.enhet is not None:
        enhet = context.kommun.enhet(mal.enhet)
        yield from budget_use(context, enhet, unit)
        yield from drift_sentences(context, enhet, unit)[:1]


def _why(bild: Malbild) -> Iterator[str]:
    """The reasons that people have given, for what went well too."""
    if bild.faststalld is not None and bild.faststalld.skal:
        yield bild.faststalld.skal
    for item in bild.indikatorer:
        if item.sagt is not None and item.sagt.kommentar:
            yield f"{item.indikator.namn}: {item.sagt.kommentar}"


def _now(bild: Malbild) -> Iterator[str]:
    if bild.faststalld is not None and bild.faststalld.atgard:
        yield bild.faststalld.atgard
    for leverans in bild.leveranser:
        if leverans.levererad == "nej":
            yield f"{leverans.namn}: {leverans.kommentar}"


def _node(goals: Malstyrning, mal: Mal, linked: Sequence[Mal], only: Container[str] | None = None) -> Nodvy:
    """A goal and those under it; a vision has no state.

    Args:
        linked: goals with a page of their own in the report.
        only: the codes of the goals that are shown; None for all.
    """
    bild = goals.bilder[mal.kod]
    return Nodvy(
        mal.namn,
        NIVAER[mal.niva],
        None if mal.niva is Niva.VISION else mark(bild.gallande, goals),
        f"mal-{mal.kod.lower()}" if mal in linked else "",
        tuple(_node(goals, goals.plan.malet(kod), linked, only) for kod in bild.under if only is None or kod in only),
    )
