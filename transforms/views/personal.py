"""The section on staff: the seven statutory measures with last year beside them, frisknärvaro and årsarbetare by stated definitions."""

from __future__ import annotations

from collections.abc import Sequence

from data_contracts.kommun import Enhet, Namnd
from data_contracts.personal import GRUPPER, TOTALT, Personal
from transforms.belopp import antal_text, divide_half_away
from transforms.charts import PairRow, year_chart
from transforms.figures import KOMMUNEN, Figure, namnd_grupp
from transforms.matt import ARSARBETARE as ARSARBETARE_MATT
from transforms.matt import PERSONAL as PERSONAL_MATT
from transforms.personal import ARSARBETARE, FG_AR, HELA, INRAPPORTERADE, PERSONAL
from transforms.view_types import Diagram, Kolumn, Mening, Sektion, Tabell, Tabellrad, Tal
from transforms.views.context import ReportContext, tal

_MEASURE = "sjukfranvaro"
_LONG = "sjukfranvaro_lang"
_CHANGES = (f"andring_{_MEASURE}", "andring_arsarbetare")


def personal_sections(context: ReportContext, namnd: Namnd | None) -> list[Sektion]:
    """Staff of a nämnd, or of the kommun (None); nothing where nobody of it reports staff."""
    personal = context.kommun.personal
    if personal is None:
        return []
    koder = context.kommun.enheter if namnd is None else [context.kommun.enhet(kod) for kod in namnd.enheter]
    enheter = [enhet for enhet in koder if enhet.kod in personal.enheter]
    if not enheter:
        return []
    whole = _whole(namnd, enheter)
    tables = [_measures(context, personal, whole, _named(context, namnd, enheter))]
    if len(enheter) > 1:
        tables.append(_per_enhet(context, personal, enheter, whole))
    else:
        tables.append(_per_enhet(context, personal, enheter, None))
    return [
        Sektion(
            "personal",
            context.wording.text("rubrik_personal"),
            meningar=_sentences(context, whole, _named(context, namnd, enheter)),
            diagram=_charts(context, whole, enheter, tables, per_enhet=namnd is None),
            tabeller=tuple(tables),
        )
    ]


def _whole(namnd: Namnd | None, enheter: Sequence[Enhet]) -> str:
    """The code of the sum: the kommun's, the nämnd's, or the only enhet's own."""
    if namnd is None:
        return KOMMUNEN
    return namnd_grupp(namnd.kod) if len(enheter) > 1 else enheter[0].kod


def _named(context: ReportContext, namnd: Namnd | None, enheter: Sequence[Enhet]) -> str:
    if namnd is None:
        return context.kommun.namn
    return namnd.namn if len(enheter) > 1 else enheter[0].namn


def _get(context: ReportContext, kod: str, grupp: str, serie: str) -> Figure | None:
    return context.figures.get(kod, PERSONAL, grupp, serie)


def _sentences(context: ReportContext, whole: str, namn: str) -> tuple[Mening, ...]:
    now, before = (tal(_get(context, whole, TOTALT, f"{_MEASURE}{suffix}"), "") for suffix in ("", FG_AR))
    months = context.period.span_text
    if now.ore is None:
        return (context.wording.sentence("personal_saknas", namn=namn, manader=months),)
    if before.ore is None:
        return (context.wording.sentence("personal_utan_fg", namn=namn, manader=months, nu=now),)
    return (context.wording.sentence("personal_nu", namn=namn, manader=months, nu=now, fore=before),)


def _measures(context: ReportContext, personal: Personal, whole: str, namn: str) -> Tabell:
    """The seven measures of the law in order, then frisknärvaro; the sum of those that reported where the total is missing."""
    named = [
        (TOTALT, _MEASURE, context.wording.text("personal_total")),
        (TOTALT, _LONG, context.wording.text("personal_lang")),
    ]
    named += [(grupp, _MEASURE, text) for grupp, text in GRUPPER.items() if grupp != TOTALT]
    reported = [(INRAPPORTERADE, _MEASURE, context.wording.text("personal_inrapporterade"))]
    rows = []
    for grupp, serie, text in [*named[:1], *reported, *named[1:]]:
        figures = [_get(context, whole, grupp, name) for name in (serie, f"{serie}{FG_AR}", f"andring_{serie}")]
        if figures[0] is not None:
            rows.append(_row(text, figures, "delvis" if grupp == INRAPPORTERADE else "post"))
    if personal.frisknarvaro is not None:
        healthy = _get(context, whole, TOTALT, "frisknarvaro")
        if healthy is not None:
            rows.append(Tabellrad("Frisknärvaro", (tal(healthy, ""), Tal(""), Tal(""))))
    return Tabell(
        id="tabell-sjukfranvaro",
        rubrik=f"{context.wording.text('tabell_sjukfranvaro')}, {namn}, {context.period.span_text}",
        enhet="procent, ändring i procentenheter",
        teckenregel=PERSONAL_MATT.sign_rule(_CHANGES[0]),
        radrubrik="Mått",
        kolumner=(
            Kolumn("nu", str(context.period.year)),
            Kolumn("fore", str(context.period.year - 1)),
            Kolumn("andring", "Ändring"),
        ),
        rader=tuple(rows),
        noter=_notes(context, personal),
    )


def _row(text: str, figures: Sequence[Figure | None], stil: str) -> Tabellrad:
    now, before, change = figures
    return Tabellrad(text, (tal(now, ""), tal(before, ""), tal(change, "", plus=True)), stil=stil)


def _notes(context: ReportContext, personal: Personal) -> tuple[str, ...]:
    notes = [context.wording.text("personal_not_lag")]
    if personal.frisknarvaro is not None:
        notes.append(f"{personal.frisknarvaro.text} {personal.frisknarvaro.referens}")
    return tuple(notes)


def _per_enhet(context: ReportContext, personal: Personal, enheter: Sequence[Enhet], whole: str | None) -> Tabell:
    """Per enhet the total, its change, the long share and årsarbetare; the sum of them last where there are several."""
    units = [(enhet.kod, enhet.namn, "post") for enhet in enheter]
    units += [(whole, "Totalt", "total")] if whole is not None else []
    return Tabell(
        id="tabell-arsarbetare",
        rubrik=f"{context.wording.text('tabell_arsarbetare')}, {context.period.span_text}",
        enhet="procent och antal",
        teckenregel=ARSARBETARE_MATT.sign_rule(_CHANGES[1]),
        radrubrik="Verksamhet",
        kolumner=(
            Kolumn("anstallda", "Anställda"),
            Kolumn("sjukfranvaro", "Sjuk\u00adfrånvaro, procent"),
            Kolumn("lang", "Andel 60\u00a0dagar eller mer, procent"),
            Kolumn("arsarbetare", "Årsarbetare"),
            Kolumn("andring", "Ändring, års\u00adarbetare"),
        ),
        rader=tuple(Tabellrad(namn, _cells(context, kod), stil=stil) for kod, namn, stil in units),
        noter=(f"{personal.arsarbetare.text} {personal.arsarbetare.referens}",),
    )


def _cells(context: ReportContext, kod: str) -> tuple[Tal, ...]:
    years = [context.figures.get(kod, ARSARBETARE, HELA, serie) for serie in ("arsarbetare", "andring_arsarbetare")]
    return (
        tal(_get(context, kod, TOTALT, "anstallda"), ""),
        tal(_get(context, kod, TOTALT, _MEASURE), ""),
        tal(_get(context, kod, TOTALT, _LONG), ""),
        one_decimal(years[0]),
        one_decimal(years[1], plus=True),
    )


def one_decimal(figure: Figure | None, *, plus: bool = False) -> Tal:
    """A figure with more decimals than are printed, rounded once, half away from zero, to one."""
    shown = tal(figure, "", plus=plus)
    if figure is None or figure.varde is None or figure.decimaler <= 1 or shown.ore is None:
        return shown
    tenths = divide_half_away(figure.varde, 10 ** (figure.decimaler - 1))
    return Tal(antal_text(tenths, 1, plus=plus), figure.figure_id, ore=tenths, decimaler=1)


def _charts(
    context: ReportContext, whole: str, enheter: Sequence[Enhet], tables: Sequence[Tabell], *, per_enhet: bool
) -> tuple[Diagram, ...]:
    """Sick leave this year and last: per group of a nämnd, per enhet of the kommun; none where nothing is known."""
    if per_enhet:
        pairs = [(enhet.namn, enhet.kod, TOTALT) for enhet in enheter]
        rubrik, tabell_id = context.wording.text("diagram_sjuk_enhet"), tables[-1].id
    else:
        pairs = [(text, whole, grupp) for grupp, text in GRUPPER.items()]
        rubrik, tabell_id = context.wording.text("diagram_sjuk_grupp"), tables[0].id
    rows = [_pair(context, namn, kod, grupp) for namn, kod, grupp in pairs]
    known = [row for row in rows if row.prognos_ore is not None]
    if not known:
        return ()
    highest, lowest = (choose(known, key=lambda row: row.prognos_ore or 0) for choose in (max, min))
    alt = context.wording.sentence(
        "alt_sjuk",
        hogst=highest.namn,
        hogst_varde=highest.prognos_text,
        lagst=lowest.namn,
        lagst_varde=lowest.prognos_text,
    ).text
    years = (str(context.period.year - 1), str(context.period.year))
    return (year_chart("diagram-sjukfranvaro", rubrik, "procent", rows, years, alt, tabell_id),)


def _pair(context: ReportContext, namn: str, kod: str, grupp: str) -> PairRow:
    before, now = (tal(_get(context, kod, grupp, f"{_MEASURE}{suffix}"), "") for suffix in (FG_AR, ""))
    return PairRow(namn, before.ore, before.text, now.ore, now.text)
