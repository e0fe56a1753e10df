"""Prognos in a report: the technical forecast beside the controllers' own, the year's versions, and how earlier prognoser hit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from data_contracts.kommun import Enhet, Namnd, RadTyp
from transforms.figures import GRUPPER, KOMMUNEN, RESULTAT, Figure, namnd_grupp
from transforms.forecast_history import INSKRIVEN
from transforms.forecast_record import (
    ANDEL,
    ANTAL,
    DRIFT,
    FEL,
    FEL_UTAN_TECKEN,
    HISTORIK,
    MEDELFEL,
    SUMMA_FEL,
    TRAFFSAKERHET,
    VERSION,
)
from transforms.matt import DRIFT as DRIFT_MATT
from transforms.matt import INVESTERING, MATT, Matt
from transforms.period import MANADER, Period
from transforms.technical_forecast import NYCKEL, PERIODEN, SKILLNAD, TEKNISK
from transforms.view_types import Kolumn, Mening, Sektion, Tabell, Tabellrad, Tal
from transforms.views.context import ReportContext, absolute, tal
from transforms.wording import listed

_TECHNICAL = (
    ("utfall", "Utfall perioden"),
    (TEKNISK, "Teknisk prognos"),
    ("prognos", "Prognos helår"),
    (SKILLNAD, "Prognos minus teknisk"),
)


def forecast_sections(context: ReportContext, namnd: Namnd) -> tuple[Sektion, ...]:
    """The section Prognos of a nämnd's report; nothing where the kommun does not follow prognoser or there is nothing to show."""
    if context.kommun.prognos is None:
        return ()
    unit, enheter = namnd.rapportenhet, [context.kommun.enhet(kod) for kod in namnd.enheter]
    tables = [
        table
        for enhet in enheter
        for matt in (DRIFT_MATT, INVESTERING)
        for table in _technical_table(context, enhet, matt, unit)
    ]
    tables += [*_versions(context, enheter, unit), *_record_of_namnd(context, namnd, unit)]
    said = (*_without_utfall(context, enheter), *_sentences(context, namnd_grupp(namnd.kod), namnd.namn, unit))
    return _section(context, tables, said)


def kommun_forecast_sections(context: ReportContext, unit: str) -> tuple[Sektion, ...]:
    """The section Prognos of the kommun's report: per enhet, and the track record per nämnd."""
    if context.kommun.prognos is None:
        return ()
    tables = [*_kommun_technical(context, unit), *_record_of_kommun(context, unit)]
    return _section(context, tables, ())


def _section(context: ReportContext, tables: Sequence[Tabell], said: tuple[Mening, ...]) -> tuple[Sektion, ...]:
    if not tables and not said:
        return ()
    intro = (context.wording.sentence("prognos_intro"),) if tables else ()
    return (
        Sektion("prognos", context.wording.text("rubrik_prognos"), meningar=(*intro, *said), tabeller=tuple(tables)),
    )


def _without_utfall(context: ReportContext, enheter: Sequence[Enhet]) -> tuple[Mening, ...]:
    """One sentence on the enheter that have reported no utfall: there is no pace to carry on."""
    silent = [
        enhet.namn
        for enhet in enheter
        if context.figures.series(enhet.kod, DRIFT, TEKNISK) and not _has_utfall(context, enhet, DRIFT_MATT)
    ]
    if not silent:
        return ()
    return (context.wording.sentence("teknisk_saknas", namn=listed(silent), manader=context.period.span_text),)


def _has_utfall(context: ReportContext, enhet: Enhet, matt: Matt) -> bool:
    return any(figure.varde is not None for figure in context.figures.series(enhet.kod, matt.kod, "utfall"))


def _technical_table(context: ReportContext, enhet: Enhet, matt: Matt, unit: str) -> Iterator[Tabell]:
    """Every row of the enhet that has a technical forecast, and the sums of such rows; nothing when it has reported no utfall."""
    kod = enhet.drift if matt is DRIFT_MATT else enhet.investeringar
    if kod is None or not _has_utfall(context, enhet, matt):
        return
    rows = []
    uppstallning = context.kommun.uppstallning(kod)
    for rad in uppstallning.rader:
        cells = [context.figures.get(enhet.kod, matt.kod, rad.kod, serie) for serie, _ in _TECHNICAL]
        if cells[1] is None or (rad.typ is RadTyp.SUMMA and cells[1].varde is None):
            continue
        stil = "post" if rad.typ is not RadTyp.SUMMA else "total" if rad.kod == uppstallning.resultatrad else "summa"
        rows.append(Tabellrad(rad.namn, _cells(cells, unit), stil=stil, niva=rad.niva))
    if any(row.celler[1].ore is not None for row in rows):
        yield Tabell(
            id=f"teknisk-{matt.kod}-{enhet.kod.lower()}",
            rubrik=f"{context.wording.text('tabell_teknisk')}, {matt.namn.lower()}, {enhet.namn}",
            enhet=unit,
            teckenregel=_signs(context, matt),
            radrubrik="Rad",
            kolumner=tuple(Kolumn(serie, namn) for serie, namn in _TECHNICAL),
            rader=tuple(rows),
            noter=tuple(_key_notes(context, enhet, matt)),
        )


def _signs(context: ReportContext, matt: Matt) -> str:
    return f"{MATT[matt.kod].stored} {context.wording.text('teckenregel_teknisk')}"


def _cells(figures: Sequence[Figure | None], unit: str) -> tuple[Tal, ...]:
    return (*(tal(figure, unit) for figure in figures[:-1]), tal(figures[-1], unit, plus=True))


def _key_notes(context: ReportContext, enhet: Enhet, matt: Matt) -> Iterator[str]:
    """Which keys the table's rows stand on, with the share of the year that each says has gone, and the reference of the rules."""
    used: dict[str, None] = {}
    for figure in context.figures.series(enhet.kod, matt.kod, TEKNISK):
        for _, part in figure.indata:
            weight = context.figures.by_id(part)
            if weight is not None and weight.matt == NYCKEL and weight.serie == PERIODEN:
                used[weight.rad] = None
    for kod in used:
        nyckel = context.kommun.periodisering.nyckel(kod)
        if nyckel is not None:
            yield context.wording.filled("not_nyckel", namn=nyckel.namn, referens=nyckel.referens)
    if context.kommun.prognos is not None:
        yield context.kommun.prognos.referens


def _kommun_technical(context: ReportContext, unit: str) -> Iterator[Tabell]:
    rows = []
    for enhet in context.kommun.enheter:
        row = context.kommun.uppstallning(enhet.drift).resultatrad
        figures = [context.figures.get(enhet.kod, DRIFT, row, serie) for serie, _ in _TECHNICAL]
        if figures[1] is not None:
            rows.append(Tabellrad(enhet.namn, _cells(figures, unit)))
    whole = [context.figures.get(KOMMUNEN, DRIFT, RESULTAT, serie) for serie, _ in _TECHNICAL]
    if not rows:
        return
    if whole[1] is not None:
        rows.append(Tabellrad(GRUPPER[KOMMUNEN], _cells(whole, unit), stil="total"))
    yield Tabell(
        id="teknisk-kommun",
        rubrik=f"{context.wording.text('tabell_teknisk')}, {context.kommun.namn}",
        enhet=unit,
        teckenregel=_signs(context, DRIFT_MATT),
        radrubrik="Verksamhet",
        kolumner=tuple(Kolumn(serie, namn) for serie, namn in _TECHNICAL),
        rader=tuple(rows),
    )


def _versions(context: ReportContext, enheter: Sequence[Enhet], unit: str) -> Iterator[Tabell]:
    """What each closing of the year said of the enheter's results; nothing in the year's first."""
    rows: list[Tabellrad] = []
    several = False
    for enhet in enheter:
        own = [f for f in context.figures.series(enhet.kod, VERSION, "prognos") if f.rad.startswith(f"{DRIFT}.")]
        own.sort(key=lambda figure: figure.rad)
        several = several or len(own) > 1
        if len(enheter) > 1 and own:
            rows.append(Tabellrad(enhet.namn, (Tal(""), Tal("")), stil="rubrik"))
        for figure in own:
            change = context.figures.get(enhet.kod, VERSION, figure.rad, "andring_prognos")
            closed = context.prognosversioner.get(figure.rad.removeprefix(f"{DRIFT}."), "")
            cells = (tal(figure, unit), tal(change, unit, plus=True))
            rows.append(Tabellrad(figure.namn, cells, not_text=closed, niva=1 if len(enheter) > 1 else 0))
    if several:
        yield Tabell(
            id="prognos-versioner",
            rubrik=context.wording.text("tabell_versioner"),
            enhet=unit,
            teckenregel=context.wording.text("teckenregel_versioner"),
            radrubrik="Version",
            kolumner=(Kolumn("prognos", "Prognos helår"), Kolumn("andring", "Ändring mot versionen före")),
            rader=tuple(rows),
        )


def _record(context: ReportContext, grupp: str, serie: str, ar: int | None = None) -> Figure | None:
    return context.figures.get(grupp, TRAFFSAKERHET, DRIFT, serie, ar)


def _years(context: ReportContext, grupp: str) -> list[int]:
    return sorted({figure.vardear or 0 for figure in context.figures.series(grupp, TRAFFSAKERHET, FEL)}, reverse=True)


def _sentences(context: ReportContext, grupp: str, namn: str, unit: str) -> tuple[Mening, ...]:
    """This month's prognos beside how the same month's hit last time, and on average."""
    now, bias = _record(context, grupp, "avvikelse_helar"), _record(context, grupp, MEDELFEL)
    years = _years(context, grupp)
    if now is None or now.varde is None or bias is None or not years:
        return ()
    latest = _record(context, grupp, FEL, years[0])
    if latest is None or latest.varde is None:
        return ()
    word = "battre" if latest.varde > 0 else "samre" if latest.varde < 0 else "lika"
    values: dict[str, str | Tal] = {"ar": str(years[0]), "manad": _month(context.period)}
    if word != "lika":
        values |= {"fel": absolute(latest, unit), "enhet_belopp": unit}
    hit = context.wording.sentence(f"traff_{word}", **values)
    return (
        context.wording.sentence("prognos_nu", namn=namn, nu=tal(now, unit, plus=True), enhet_belopp=unit),
        hit,
        context.wording.sentence(
            "traff_medel",
            medel=tal(bias, unit, plus=True),
            enhet_belopp=unit,
            ar=listed([str(ar) for ar in sorted(years)]),
        ),
    )


def _month(period: Period) -> str:
    return MANADER[period.month - 1]


def _record_of_namnd(context: ReportContext, namnd: Namnd, unit: str) -> Iterator[Tabell]:
    grupp = namnd_grupp(namnd.kod)
    rows = [
        Tabellrad(
            str(ar),
            (
                tal(_record(context, grupp, FEL, ar), unit, plus=True),
                tal(_record(context, grupp, FEL_UTAN_TECKEN, ar), unit),
                tal(_record(context, grupp, ANDEL, ar), ""),
            ),
        )
        for ar in _years(context, grupp)
    ]
    if not rows:
        return
    whole = (
        tal(_record(context, grupp, MEDELFEL), unit, plus=True),
        tal(_record(context, grupp, SUMMA_FEL), unit),
        Tal(""),
    )
    yield Tabell(
        id="prognos-traffsakerhet",
        rubrik=f"{context.wording.text('tabell_traffsakerhet')} i {_month(context.period)}, {namnd.namn}",
        enhet=unit,
        teckenregel=context.wording.text("teckenregel_traff"),
        radrubrik="År",
        kolumner=(
            Kolumn(FEL, "Bokslut mot prognos"),
            Kolumn(FEL_UTAN_TECKEN, "Utan tecken"),
            Kolumn(ANDEL, "Procent av kommunbidraget"),
        ),
        rader=(*rows, Tabellrad(context.wording.text("rad_medel_och_summa"), whole, stil="total")),
        noter=_typed_notes(context, [grupp], namnd.enheter),
    )


def _typed_notes(context: ReportContext, grupper: Sequence[str], enheter: Sequence[str]) -> tuple[str, ...]:
    """Of which years the prognos and bokslut were typed in, and out of what."""
    used = {
        part
        for grupp in grupper
        for figure in context.figures.series(grupp, TRAFFSAKERHET, FEL)
        for _, part in figure.indata
    }
    sources: dict[int, dict[str, None]] = {}
    for kod in enheter:
        for figure in context.figures.series(kod, HISTORIK, "prognos"):
            if figure.figure_id in used:
                sources.setdefault(figure.vardear or 0, {})[figure.formel.removeprefix(INSKRIVEN)] = None
    return tuple(
        context.wording.filled("not_historik", ar=str(ar), kallor="; ".join(sources[ar]))
        for ar in sorted(sources, reverse=True)
    )


def _record_of_kommun(context: ReportContext, unit: str) -> Iterator[Tabell]:
    """A row per nämnd, the sum where errors cancel, and the sum without sign where they do not."""
    years = _years(context, KOMMUNEN)
    if not years:
        return
    ar = years[0]
    rows = []
    for namnd in context.kommun.namnder:
        grupp = namnd_grupp(namnd.kod)
        if _record(context, grupp, MEDELFEL) is not None:
            rows.append(Tabellrad(namnd.namn, _kommun_cells(context, grupp, ar, unit)))
    rows.append(Tabellrad(GRUPPER[KOMMUNEN], _kommun_cells(context, KOMMUNEN, ar, unit), stil="total"))
    unsigned = tal(_record(context, KOMMUNEN, FEL_UTAN_TECKEN, ar), unit)
    blanks = (Tal(""), Tal(""), Tal(""), Tal(""))
    rows.append(Tabellrad(context.wording.text("rad_utan_tecken"), (Tal(""), unsigned, *blanks), stil="delvis"))
    yield Tabell(
        id="prognos-traffsakerhet",
        rubrik=f"{context.wording.text('tabell_traffsakerhet')} i {_month(context.period)}, {context.kommun.namn}",
        enhet=unit,
        teckenregel=context.wording.text("teckenregel_traff"),
        radrubrik="Nämnd",
        kolumner=(
            Kolumn("nu", "Prognos nu mot budget"),
            Kolumn(FEL, f"Bokslut mot prognos {ar}"),
            Kolumn(ANDEL, "Procent av kommun\u00adbidraget"),
            Kolumn(MEDELFEL, "Medelfel"),
            Kolumn(SUMMA_FEL, "Summa utan tecken"),
            Kolumn(ANTAL, "Antal prognoser"),
        ),
        rader=tuple(rows),
        noter=_typed_notes(
            context,
            [namnd_grupp(namnd.kod) for namnd in context.kommun.namnder],
            [enhet.kod for enhet in context.kommun.enheter],
        ),
    )


def _kommun_cells(context: ReportContext, grupp: str, ar: int, unit: str) -> tuple[Tal, ...]:
    now = _record(context, grupp, "avvikelse_helar")
    if grupp == KOMMUNEN:
        now = context.figures.get(KOMMUNEN, DRIFT, RESULTAT, "avvikelse_helar")
    return (
        tal(now, unit, plus=True),
        tal(_record(context, grupp, FEL, ar), unit, plus=True),
        tal(_record(context, grupp, ANDEL, ar), ""),
        tal(_record(context, grupp, MEDELFEL), unit, plus=True),
        tal(_record(context, grupp, SUMMA_FEL), unit),
        tal(_record(context, grupp, ANTAL), ""),
    )
