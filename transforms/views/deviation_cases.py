"""The section Avvikelseregister: the open cases with the four avvikelser, the promised and reached effect, age, marks and level."""

from __future__ import annotations

from collections.abc import Sequence

from data_contracts.kommun import Enhet
from transforms.belopp import belopp_text
from transforms.deviation_register import Arende, Decision, Handling, Marke
from transforms.figure_id import FigureKey
from transforms.figures import Figure
from transforms.matt import MATT
from transforms.period import Period
from transforms.view_types import Kolumn, Mening, Sektion, Tabell, Tabellrad, Tal
from transforms.views.context import SAKNAS, ReportContext, tal
from transforms.wording import listed

_SERIER = (
    ("avvikelse_helar", "Helår"),
    ("avvikelse_period", "Perioden"),
    ("andring_prognos", "Ändring"),
    ("traff", "Träff"),
)
_LEVELS = {"namnd": "nämnden", "ks": "kommunstyrelsen", "kf": "kommunfullmäktige"}
_ESCALATED = ("ks", "kf")


def register_sections(context: ReportContext, enheter: Sequence[Enhet], unit: str, *, kommun: bool) -> list[Sektion]:
    """The cases of the enheter; for the kommun those that have gone up beyond their nämnd. Nothing where there are none.

    A case whose figures are held back in what is published is left out. An amount of an earlier month is never shown as this one's.
    """
    own = [case for case in context.arenden if case.senast.enhet in {enhet.kod for enhet in enheter}]
    told = [case for case in own if not _is_held_back(context, case)]
    still = [case for case in told if case.oppen]
    closed = [case for case in told if not case.oppen and _closed_now(context, case)]
    if not still and not closed:
        return []
    shown = [case for case in still if case.till in _ESCALATED] if kommun else still
    text = context.wording.text
    return [
        Sektion(
            "avvikelseregister",
            text("rubrik_register"),
            meningar=_intro(context, still, kommun=kommun),
            punkter=tuple(_closed_sentence(context, case) for case in closed),
            tabeller=tuple(_tables(context, shown, unit)),
        )
    ]


def _is_held_back(context: ReportContext, case: Arende) -> bool:
    seen = case.senast
    figure = context.figures.get(seen.enhet, seen.avser, seen.rad, "avvikelse_helar")
    return figure is not None and figure.skyddad


def _closed_now(context: ReportContext, case: Arende) -> bool:
    return case.beslut[-1].period == str(context.period)


def _intro(context: ReportContext, cases: Sequence[Arende], *, kommun: bool) -> tuple[Mening, ...]:
    rules = context.kommun.avvikelseregister
    sentence, told = context.wording.sentence, [] if rules is None else [rules]
    said = [sentence("register_intro", antal=str(len(cases)), referens=one.referens) for one in told]
    marks = [
        f"{mark.value} {count}"
        for mark in Marke
        if (count := sum(mark in case.marken for case in cases)) and mark.value
    ]
    if marks:
        said.append(sentence("register_marken", marken=", ".join(marks)))
    if kommun:
        up = sum(case.till in _ESCALATED for case in cases)
        said.append(sentence("register_kommun", antal=str(up)) if up else sentence("register_kommun_inga"))
    return tuple(said)


def _tables(context: ReportContext, cases: Sequence[Arende], unit: str) -> list[Tabell]:
    """A table per unit: amounts in the report's, volumes in their own."""
    by_unit: dict[str, list[Arende]] = {}
    for case in cases:
        figure = _figure(context, case, "avvikelse_helar")
        is_money = figure is None or figure.enhet_matt == "ore"
        by_unit.setdefault(unit if is_money or figure is None else figure.enhet_matt, []).append(case)
    return [
        _table(context, group, shown_in, place, is_money=shown_in == unit)
        for place, (shown_in, group) in enumerate(by_unit.items())
    ]


def _table(context: ReportContext, cases: Sequence[Arende], unit: str, place: int, *, is_money: bool) -> Tabell:
    has_hit = any(_has_value(_figure(context, case, "traff")) for case in cases)
    serier = tuple(pair for pair in _SERIER if pair[0] != "traff" or has_hit)
    effects = (Kolumn("lovad_effekt", "Utlovad effekt"), Kolumn("uppnadd_effekt", "Uppnådd effekt"))
    return Tabell(
        id=f"avvikelseregister-{place}",
        rubrik=context.wording.text("tabell_register") + (f", {unit}" if place else ""),
        enhet=unit,
        teckenregel=context.wording.text("teckenregel_register" if is_money else "teckenregel_register_volym"),
        radrubrik="Ärende",
        kolumner=(
            *(Kolumn(serie, name) for serie, name in serier),
            *(effects if is_money else ()),
            Kolumn("alder", "Månader"),
        ),
        rader=tuple(_row(context, case, unit, [serie for serie, _ in serier], is_money=is_money) for case in cases),
    )


def _row(context: ReportContext, case: Arende, unit: str, serier: Sequence[str], *, is_money: bool) -> Tabellrad:
    amounts = [tal(_figure(context, case, serie), unit, plus=True) for serie in serier]
    effects = [_promised(case, unit), _reached(case, unit)] if is_money else []
    return Tabellrad(
        case.senast.namn, (*amounts, *effects, Tal(str(case.alder))), not_text=" ".join(_notes(context, case))
    )


def _figure(context: ReportContext, case: Arende, serie: str) -> Figure | None:
    """The case's figure of this month: missing when its return is."""
    seen = case.senast
    year = context.period.year - 1 if serie == "traff" else None
    return context.figures.get(seen.enhet, seen.avser, seen.rad, serie, year)


def _has_value(figure: Figure | None) -> bool:
    return figure is not None and figure.varde is not None


def _promised(case: Arende, unit: str) -> Tal:
    return _effect(case.senast.lovad_ore, case.senast.lovad_id, unit)


def _reached(case: Arende, unit: str) -> Tal:
    """What has been reached: as a decision on the case says, else as the return does; missing where something was promised."""
    reported = case.senast.uppnadd_ore
    if case.uppnadd_ore is None:
        return Tal("" if case.senast.lovad_ore is None else SAKNAS, saknas=case.senast.lovad_ore is not None)
    return _effect(case.uppnadd_ore, case.senast.uppnadd_id if case.uppnadd_ore == reported else "", unit)


def _effect(ore: int | None, figure_id: str, unit: str) -> Tal:
    return Tal("") if ore is None else Tal(belopp_text(ore, unit, plus=True), figure_id, ore=ore)


def _notes(context: ReportContext, case: Arende) -> list[str]:
    seen = case.senast
    notes = [f"{seen.enhet_namn}, {MATT[seen.avser].namn.lower()}. {case.id}."]
    if case.marken:
        marks = listed([mark.value for mark in case.marken])
        notes.append(f"{marks[0].upper()}{marks[1:]}.")
    if case.regel is not None:
        notes.append(f"Ska till {_LEVELS[case.till]} ({case.regel.referens}).")
    if seen.period != str(context.period):
        notes.append(f"Senast sedd i {Period.parse(seen.period).text}.")
    if seen.kategori:
        notes.append(f"Slag: {seen.kategori}.")
    if seen.ansvarig:
        notes.append(f"Ansvarig: {seen.ansvarig}.")
    if seen.klardatum is not None:
        notes.append(f"Klart senast {seen.klardatum.isoformat()}.")
    return [*notes, *(_decided(one) for one in case.beslut)]


def _decided(one: Decision) -> str:
    words = {
        Handling.BESLUT: f"Beslut {one.paragraf}",
        Handling.EFFEKT: f"Effekten mätt av {one.roll} {one.datum.isoformat()}",
        Handling.STANGD: f"Stängt av {one.roll} {one.datum.isoformat()}",
        Handling.OPPNAD: f"Öppnat igen av {one.roll} {one.datum.isoformat()}",
    }
    evidence = f" ({one.underlag})" if one.underlag else ""
    return f"{words[one.slag]}: {one.text}{evidence}."


def _closed_sentence(context: ReportContext, case: Arende) -> Mening:
    one, seen = case.beslut[-1], case.senast
    return context.wording.sentence(
        "register_stangt",
        id=case.id,
        namn=f"{seen.enhet_namn}, {seen.namn}",
        roll=one.roll,
        datum=one.datum.isoformat(),
        skal=one.text,
        underlag=one.underlag,
    )


def figure_ids(case: Arende) -> tuple[str, ...]:
    """The figures that a case is made of, by id: the avvikelser of its last month, and the effects."""
    seen = case.senast
    year = Period.parse(seen.period).year - 1
    amounts = {
        "avvikelse_helar": seen.helar_ore,
        "avvikelse_period": seen.period_ore,
        "andring_prognos": seen.andring_ore,
        "traff": seen.traff_ore,
    }
    ids = [
        str(FigureKey(seen.period, seen.enhet, seen.avser, seen.rad, serie, year if serie == "traff" else None))
        for serie, ore in amounts.items()
        if ore is not None
    ]
    return (*ids, *(effect for effect in (seen.lovad_id, seen.uppnadd_id) if effect))
