"""Goals and staff: indicators against targets, people's assessment beside the computed one, and sick leave without small groups."""

from __future__ import annotations

from transforms.belopp import antal_text
from transforms.book_types import Bokrad, Boktabell
from transforms.figures import KOMMUNEN, Figure
from transforms.small_groups import Cell, Relation, suppress
from transforms.statements.entered import column_of
from transforms.view_types import Kolumn, Tal
from transforms.views.books.context import BooksContext, Indikatorrad, Malrad
from transforms.views.books.tables import volume_cell

INDIKATORER, PERSONAL = "bokslutsindikatorer", "personalmatt"
VILLKOR = {"over": ">", "minst": "≥", "hogst": "≤", "under": "<"}
FASTSTALLD = {
    "uppnatt": ("är uppnått", "bedöms bli uppnått"),
    "delvis": ("är delvis uppnått", "bedöms bli delvis uppnått"),
    "ej": ("är inte uppnått", "bedöms inte bli uppnått"),
    "kan_inte_bedomas": ("kan inte bedömas", "kan inte bedömas"),
}
"""Verdict for the year, forecast for the delår. Source: KL 11 kap. 6 §; RKR R15 and R17."""

KON = ("sjuk_kvinnor", "sjuk_man")
ALDER = ("sjuk_29", "sjuk_30_49", "sjuk_50")
SJUK = ("sjuk_total", "sjuk_60", *KON, *ALDER)
HOGST = 10
HOLDS_BACK = "visas inte"


def is_met(villkor: str, utfall: int, malvarde: int) -> bool:
    """Whether an indicator is met, by its own condition; over and under are strict.

    Source: the indicator's definition as the organisation decided it.
    """
    return {
        "over": utfall > malvarde,
        "minst": utfall >= malvarde,
        "hogst": utfall <= malvarde,
        "under": utfall < malvarde,
    }[villkor]


def goal_table(context: BooksContext) -> Boktabell | None:
    """Each entered goal with its assessment, and under it its indicators: last year, target, utfall, and whether it is met.

    Where none of the goals has an indicator the assessment has a column of its own.
    """
    if not context.own_goals:
        return None
    if not {indicator.mal for indicator in context.indikatorer} & {goal.kod for goal in context.own_goals}:
        return _assessed_table(context)
    rows: list[Bokrad] = []
    for goal in context.own_goals:
        own = [indicator for indicator in context.indikatorer if indicator.mal == goal.kod]
        rows.append(Bokrad(goal.namn, (), stil="rubrik", not_text=_assessment(context, goal, own)))
        rows.extend(_indicator(context, indicator) for indicator in own)
    year = context.period.year
    return Boktabell(
        id="mal-tabell",
        rubrik=f"{goals_named(context)} och indikatorer",
        enhet="enhet per indikator",
        teckenregel="Nådd räknas strikt efter målvärdets villkor. Målets bedömning är fastställd av "
        f"{context.settings.beslutande} och står bredvid antalet nådda indikatorer.",
        radrubrik="Mål och indikator",
        kolumner=(
            Kolumn("bokslut", f"Utfall {year - 1}"),
            Kolumn("malvarde", f"Målvärde {year}"),
            Kolumn("utfall", f"Utfall {year}"),
            Kolumn("nadd", "Nådd"),
        ),
        rader=tuple(rows),
    )


def goals_named(context: BooksContext) -> str:
    """What the entered goals are called together: all of them finansiella, or of both kinds."""
    return "Finansiella mål" if all(goal.slag == "finansiellt" for goal in context.own_goals) else "Mål"


def _assessed_table(context: BooksContext) -> Boktabell:
    rows = []
    for goal in context.own_goals:
        words = FASTSTALLD.get(goal.bedomning)
        said = f"Målet {words[0 if context.is_annual else 1]}" if words else "Bedömning saknas"
        rows.append(Bokrad(goal.namn, (Tal(said),), not_text=goal.motivering))
    return Boktabell(
        id="mal-tabell",
        rubrik=goals_named(context),
        enhet="bedömning",
        teckenregel=f"Bedömningen är fastställd av {context.settings.beslutande}.",
        radrubrik="Mål",
        kolumner=(Kolumn("bedomning", "Bedömning"),),
        rader=tuple(rows),
    )


def _assessment(context: BooksContext, goal: Malrad, own: list[Indikatorrad]) -> str:
    words = FASTSTALLD.get(goal.bedomning)
    said = f"Målet {words[0 if context.is_annual else 1]}." if words else "Bedömning saknas."
    states = [state for indicator in own if (state := _state(context, indicator)) is not None]
    met = f" {sum(states)} av {len(states)} indikatorer med värde är nådda." if states else ""
    reason = f" {goal.motivering}" if goal.motivering else ""
    return f"{said}{met}{reason}"


def _state(context: BooksContext, indicator: Indikatorrad) -> bool | None:
    """True or False when it can be told, else None."""
    utfall, target = (_figure(context, INDIKATORER, indicator.kod, serie) for serie in ("utfall", "malvarde"))
    if utfall is None or target is None or utfall.varde is None or target.varde is None:
        return None
    return is_met(indicator.villkor, utfall.varde, target.varde)


def _indicator(context: BooksContext, indicator: Indikatorrad) -> Bokrad:
    before, target, utfall = (
        _figure(context, INDIKATORER, indicator.kod, serie) for serie in ("bokslut", "malvarde", "utfall")
    )
    wanted = volume_cell(target)
    if target is not None and target.varde is not None:
        text = f"{VILLKOR[indicator.villkor]}\u00a0{_plain(target)}"
        wanted = Tal(text, target.figure_id, ore=target.varde, decimaler=target.decimaler)
    state = _state(context, indicator)
    word = "kan inte bedömas" if state is None else "ja" if state else "nej"
    unit = f", {indicator.matt_enhet}" if indicator.matt_enhet else ""
    return Bokrad(f"{indicator.namn}{unit}", (volume_cell(before), wanted, volume_cell(utfall), Tal(word)), niva=1)


def _plain(figure: Figure) -> str:
    """A target without decimals that say nothing: 99,0 as 99."""
    text = antal_text(figure.varde or 0, figure.decimaler)
    whole, _, fraction = text.partition(",")
    return whole if not fraction.strip("0") else text


def _figure(context: BooksContext, matt: str, rad: str, serie: str) -> Figure | None:
    return context.figure(matt, rad, column_of(serie, context.period.year))


def sick_leave_table(context: BooksContext) -> Boktabell | None:
    """Sick leave by law: total, long-term, by sex and age. A group of at most ten, or of unknown size, is held back.

    Source: LKBR 11 kap. 5 § (groups of more than ten persons); ``transforms.small_groups`` for what must be held back with them.
    """
    serier = [serie for serie in ("utfall", "bokslut", "bokslut_2") if context.is_used(PERSONAL, serie)]
    rows = []
    for rad in SJUK:
        found = {serie: _figure(context, PERSONAL, rad, serie) for serie in serier}
        if not any(figure is not None for figure in found.values()):
            continue
        named = next(figure for figure in found.values() if figure is not None)
        hidden = {serie: rad in _held_back(context, serie) for serie in serier}
        cells = tuple(Tal(HOLDS_BACK) if hidden[serie] else volume_cell(found[serie]) for serie in serier)
        rows.append(Bokrad(named.namn, cells, niva=0 if rad == "sjuk_total" else 1))
    if not rows:
        return None
    held = any(cell.text == HOLDS_BACK for row in rows for cell in row.celler)
    note = f"Visas inte: gruppen har högst {HOGST} personer, dess storlek är inte känd, eller värdet skulle röja en sådan grupp."
    return Boktabell(
        id="sjukfranvaro-tabell",
        rubrik="Sjukfrånvaro",
        enhet="procent av ordinarie arbetstid",
        teckenregel="Långtidsfrånvaron är andelen av den totala sjukfrånvaron.",
        radrubrik="Grupp",
        kolumner=tuple(Kolumn(serie, str(context.period.year - place)) for place, serie in enumerate(serier)),
        rader=tuple(rows),
        noter=(note,) if held else (),
    )


def _held_back(context: BooksContext, serie: str) -> frozenset[str]:
    """The rows of one year that are not shown."""
    cells = []
    for rad in SJUK:
        figure = _figure(context, PERSONAL, rad, serie)
        group = rad in (*KON, *ALDER)
        cells.append(
            Cell(
                rad,
                personlig=group,
                personer=context.antal_personer.get(rad) if group else None,
                saknas=figure is None or figure.varde is None,
                kostnad=1 if rad == "sjuk_total" else 0,
            )
        )
    relations = [Relation.total("sjuk_total", KON), Relation.total("sjuk_total", ALDER)]
    return suppress(cells, relations, HOGST).hidden


def staff_table(context: BooksContext) -> Boktabell | None:
    """The other measures of the sheet Personal, newest year first."""
    serier = [
        serie
        for serie in ("utfall", "bokslut", "bokslut_2", "bokslut_3", "bokslut_4")
        if context.is_used(PERSONAL, serie)
    ]
    own = {f.rad: f for f in context.books.figures if (f.enhet, f.matt) == (KOMMUNEN, PERSONAL) and f.rad not in SJUK}
    if not own:
        return None
    rows = []
    for rad, figure in own.items():
        cells = tuple(volume_cell(_figure(context, PERSONAL, rad, serie)) for serie in serier)
        rows.append(Bokrad(f"{figure.namn}, {figure.enhet_matt}", cells))
    return Boktabell(
        id="personal-tabell",
        rubrik="Personalen i siffror",
        enhet="enhet per rad",
        teckenregel="Ett värde som saknas är inte noll.",
        radrubrik="Mått",
        kolumner=tuple(Kolumn(serie, str(context.period.year - place)) for place, serie in enumerate(serier)),
        rader=tuple(rows),
    )
