"""Tables of a report: per enhet and for the whole kommun."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from data_contracts.kommun import Enhet, Finansiering, Rad, RadTyp, Uppstallning
from transforms.belopp import rounds_to_sum
from transforms.figures import AVGIFT, GRUPPER, KOMMUNEN, RESULTAT, RESULTAT_INRAPPORTERADE, SKATT, FigureIndex
from transforms.matt import DRIFT, DRIFT_VERKSAMHET, INVESTERING, VOLYM, Matt
from transforms.summation import result_of
from transforms.view_types import Kolumn, Tabell, Tabellrad, Tal
from transforms.views.context import ReportContext, tal

SIGNED = frozenset({"avvikelse_helar", "avvikelse_period", "andring_prognos", "traff"})
HELAR = ("budget", "fg_prognos", "prognos", "avvikelse_helar", "andring_prognos")
PERIODEN = ("utfall_fg_ar", "periodbudget", "utfall", "avvikelse_period")
ALWAYS = frozenset({"budget", "prognos", "avvikelse_helar"})
HEADINGS = {
    "budget": "Budget helår",
    "fg_prognos": "Föregående prognos",
    "prognos": "Prognos helår",
    "avvikelse_helar": "Avvikelse prognos mot budget",
    "andring_prognos": "Ändring mot föregående prognos",
    "utfall_fg_ar": "Utfall föregående\u00a0år",
    "periodbudget": "Budget perioden",
    "utfall": "Utfall perioden",
    "avvikelse_period": "Avvikelse utfall mot budget",
}


def drift_tables(context: ReportContext, enhet: Enhet, unit: str) -> tuple[Tabell, ...]:
    """Drift by the enhet's uppställning: the full year, and the period where it is reported."""
    return _uppstallning_tables(context, enhet, DRIFT, context.kommun.uppstallning(enhet.drift), unit)


def investering_tables(context: ReportContext, enhet: Enhet, unit: str) -> tuple[Tabell, ...]:
    """Investeringar by kategori and projekt; none when the enhet has no investeringar."""
    if enhet.investeringar is None:
        return ()
    return _uppstallning_tables(context, enhet, INVESTERING, context.kommun.uppstallning(enhet.investeringar), unit)


def _uppstallning_tables(
    context: ReportContext, enhet: Enhet, matt: Matt, uppstallning: Uppstallning, unit: str
) -> tuple[Tabell, ...]:
    rows = _with_own_rows(context.figures, enhet, matt, uppstallning)
    turned = matt is INVESTERING and enhet.investering_visas == "utgift_negativ"
    signs = context.wording.text("utgift_negativ") if turned else ""
    tables = []
    for part, serier in (("helar", HELAR), ("perioden", PERIODEN)):
        columns = _columns(context.figures, enhet.kod, matt.kod, [rad.kod for rad in rows], serier)
        if not columns:
            continue
        printed = tuple(_rad(context.figures, enhet, matt, rad, uppstallning, columns, unit, turned) for rad in rows)
        notes = _rounding_notes(context, enhet, matt, uppstallning, columns, unit)
        tables.append(
            Tabell(
                id=f"{matt.kod}-{enhet.kod.lower()}-{part}",
                rubrik=f"{matt.namn}, {enhet.namn}, {_part_name(context, part)}",
                enhet=unit,
                teckenregel=matt.sign_rule(*columns, shown=signs),
                radrubrik="Kostnadsslag" if matt is DRIFT else "Kategori och projekt",
                kolumner=tuple(Kolumn(serie, HEADINGS[serie]) for serie in columns),
                rader=printed,
                noter=notes,
            )
        )
    return tuple(tables)


def _part_name(context: ReportContext, part: str) -> str:
    if part == "helar":
        return f"helåret {context.period.year}"
    return context.period.span_text


def _columns(
    figures: FigureIndex, enhet: str, matt: str, rows: Sequence[str], serier: Iterable[str]
) -> tuple[str, ...]:
    """The serier to show: the three of the full year always, another only when some row of it has a value."""
    shown = []
    for serie in serier:
        values = [figures.get(enhet, matt, rad, serie) for rad in rows]
        if serie in ALWAYS or any(figure is not None and figure.varde is not None for figure in values):
            shown.append(serie)
    return tuple(shown)


def _with_own_rows(figures: FigureIndex, enhet: Enhet, matt: Matt, uppstallning: Uppstallning) -> tuple[Rad, ...]:
    """The uppställning's rows, with the sender's own rows before the sum they belong to (after a category's heading sum)."""
    rows: list[Rad] = []
    for rad in uppstallning.rader:
        own = [
            Rad(
                kod=figure.rad,
                namn=figure.namn,
                typ=RadTyp.UTGIFT if matt is INVESTERING else RadTyp.KOSTNAD,
                niva=min(rad.niva + 1, 3),
            )
            for figure in figures.own_rows(enhet.kod, matt.kod)
            if figure.grupp == rad.kod
        ]
        rows.extend([rad, *own] if matt is INVESTERING else [*own, rad])
    return tuple(rows)


def _rad(
    figures: FigureIndex,
    enhet: Enhet,
    matt: Matt,
    rad: Rad,
    uppstallning: Uppstallning,
    columns: Sequence[str],
    unit: str,
    turned: bool,
) -> Tabellrad:
    if rad.typ is RadTyp.RUBRIK:
        return Tabellrad(rad.namn, tuple(Tal("") for _ in columns), stil="rubrik", niva=rad.niva)
    cells = tuple(
        tal(
            figures.get(enhet.kod, matt.kod, rad.kod, serie),
            unit,
            plus=serie in SIGNED,
            turned=turned and serie not in SIGNED,
        )
        for serie in columns
    )
    if rad.typ is not RadTyp.SUMMA:
        return Tabellrad(rad.namn, cells, niva=rad.niva)
    return Tabellrad(rad.namn, cells, stil="total" if rad.kod == uppstallning.resultatrad else "summa", niva=rad.niva)


def _rounding_notes(
    context: ReportContext, enhet: Enhet, matt: Matt, uppstallning: Uppstallning, columns: Sequence[str], unit: str
) -> tuple[str, ...]:
    """A note when the printed parts of some sum don't add up to the printed sum."""
    for rad in uppstallning.summor:
        for serie in columns:
            total = context.figures.get(enhet.kod, matt.kod, rad.kod, serie)
            if total is None or total.varde is None:
                continue
            parts = [context.figures.get(enhet.kod, matt.kod, kod, serie) for kod in rad.delar]
            values = [part.varde for part in parts if part is not None and part.varde is not None]
            if len(values) == len(rad.delar) and not rounds_to_sum(values, total.varde, unit):
                return (context.wording.text("not_avrundning"),)
    return ()


def verksamhet_tables(context: ReportContext, enhet: Enhet, unit: str) -> tuple[Tabell, ...]:
    """Net cost per verksamhet: the full year, and the period where it is reported."""
    names = {verksamhet.kod: verksamhet.namn for verksamhet in enhet.verksamheter}
    return _plain_tables(context, enhet, DRIFT_VERKSAMHET, names, unit, "Verksamhet")


def volym_tables(context: ReportContext, enhet: Enhet) -> tuple[Tabell, ...]:
    """Volumes of an enhet, each in its own unit."""
    return _plain_tables(context, enhet, VOLYM, _volym_names(enhet), "antal", "Volym")


def _volym_names(enhet: Enhet) -> dict[str, str]:
    return {volym.kod: f"{volym.namn} ({volym.matt_enhet})" for volym in enhet.volymer}


def _plain_tables(
    context: ReportContext, enhet: Enhet, matt: Matt, names: dict[str, str], unit: str, row_heading: str
) -> tuple[Tabell, ...]:
    names = _with_own_names(context, enhet, matt, names)
    if not names:
        return ()
    tables = []
    for part, serier in (("helar", HELAR), ("perioden", PERIODEN)):
        columns = _columns(context.figures, enhet.kod, matt.kod, list(names), serier)
        if not columns:
            continue
        tables.append(
            Tabell(
                id=f"{matt.kod}-{enhet.kod.lower()}-{part}",
                rubrik=f"{matt.namn}, {enhet.namn}, {_part_name(context, part)}",
                enhet=unit,
                teckenregel=matt.sign_rule(*columns),
                radrubrik=row_heading,
                kolumner=tuple(Kolumn(serie, HEADINGS[serie]) for serie in columns),
                rader=_plain_rows(context, enhet, matt, names, columns, unit),
            )
        )
    return tuple(tables)


def _with_own_names(context: ReportContext, enhet: Enhet, matt: Matt, names: dict[str, str]) -> dict[str, str]:
    """The declared rows and after them the sender's own, by code."""
    own = {figure.rad: figure.namn for figure in context.figures.series(enhet.kod, matt.kod, "prognos")}
    return {**names, **{rad: namn for rad, namn in sorted(own.items()) if rad not in names}}


def _plain_rows(
    context: ReportContext,
    enhet: Enhet,
    matt: Matt,
    names: dict[str, str],
    columns: Sequence[str],
    unit: str,
    niva: int = 0,
) -> tuple[Tabellrad, ...]:
    return tuple(
        Tabellrad(
            namn,
            tuple(
                tal(context.figures.get(enhet.kod, matt.kod, rad, serie), unit, plus=serie in SIGNED)
                for serie in columns
            ),
            niva=niva,
        )
        for rad, namn in names.items()
    )


def kommun_volym_tables(context: ReportContext) -> tuple[Tabell, ...]:
    """The volumes of all enheter in one table for the full year, and one for the period where any of them is reported."""
    named = [(enhet, _with_own_names(context, enhet, VOLYM, _volym_names(enhet))) for enhet in context.kommun.enheter]
    named = [(enhet, names) for enhet, names in named if names]
    joined = []
    for part, serier in (("helar", HELAR), ("perioden", PERIODEN)):
        reported = {
            serie
            for enhet, names in named
            for serie in _columns(context.figures, enhet.kod, VOLYM.kod, list(names), serier)
        }
        columns = tuple(serie for serie in serier if serie in reported)
        if not columns:
            continue
        rows: list[Tabellrad] = []
        for enhet, names in named:
            rows.append(Tabellrad(enhet.namn, tuple(Tal("") for _ in columns), stil="rubrik"))
            rows.extend(_plain_rows(context, enhet, VOLYM, names, columns, "antal", niva=1))
        joined.append(
            Tabell(
                id=f"kommun-volymer-{part}",
                rubrik=f"Volymer, {context.kommun.namn}, {_part_name(context, part)}",
                enhet="antal",
                teckenregel=VOLYM.sign_rule(*columns),
                radrubrik="Volym",
                kolumner=tuple(Kolumn(serie, HEADINGS[serie]) for serie in columns),
                rader=tuple(rows),
            )
        )
    return tuple(joined)


def kommun_table(context: ReportContext, matt: Matt, unit: str) -> Tabell:
    """One row per enhet with its result, the sums of the financing groups and the kommun's total; bokslut last year beside.

    Where a sum is missing, the sum of those that reported stands under it with its own label.
    """
    year = context.period.year - 1
    columns = [
        ("budget", None),
        ("fg_prognos", None),
        ("prognos", None),
        ("avvikelse_helar", None),
        ("andring_prognos", None),
    ]
    columns.append(("bokslut", year))  # type: ignore[arg-type]
    shown = [
        (serie, vardear)
        for serie, vardear in columns
        if serie in ALWAYS
        or any(
            (figure := result_of(context.figures, enhet, matt.kod, serie, context.kommun, vardear)) is not None
            and figure.varde is not None
            for enhet in context.kommun.enheter
        )
    ]
    rows: list[Tabellrad] = []
    for finansiering, grupp in (
        (Finansiering.SKATT, SKATT),
        (Finansiering.AVGIFT, AVGIFT),
        (Finansiering.FINANSIERINGEN, None),
    ):
        enheter = [enhet for enhet in context.kommun.enheter if enhet.finansiering is finansiering]
        for enhet in enheter:
            if result_of(context.figures, enhet, matt.kod, "prognos", context.kommun) is not None:
                rows.append(_kommun_rad(context, enhet, matt, shown, unit))
        if grupp is not None and enheter:
            rows.extend(_group_rows(context, grupp, matt, shown, unit, "summa"))
    rows.extend(_group_rows(context, KOMMUNEN, matt, shown, unit, "total"))
    headings = {"bokslut": f"Bokslut {year}", **HEADINGS}
    return Tabell(
        id=f"kommun-{matt.kod}",
        rubrik=f"{matt.namn}, {context.kommun.namn}, helåret {context.period.year}",
        enhet=unit,
        teckenregel=matt.sign_rule(*(serie for serie, _ in shown)),
        radrubrik="Nämnd och verksamhet",
        kolumner=tuple(Kolumn(serie, headings[serie]) for serie, _ in shown),
        rader=tuple(rows),
        noter=_kommun_notes(context, matt, shown, unit),
    )


def _kommun_rad(
    context: ReportContext, enhet: Enhet, matt: Matt, shown: Sequence[tuple[str, int | None]], unit: str
) -> Tabellrad:
    cells = tuple(
        tal(result_of(context.figures, enhet, matt.kod, serie, context.kommun, vardear), unit, plus=serie in SIGNED)
        for serie, vardear in shown
    )
    return Tabellrad(enhet.namn, cells)


def _group_rows(
    context: ReportContext, grupp: str, matt: Matt, shown: Sequence[tuple[str, int | None]], unit: str, style: str
) -> list[Tabellrad]:
    def cells(rad: str) -> tuple[Tal, ...]:
        return tuple(
            tal(context.figures.get(grupp, matt.kod, rad, serie, vardear), unit, plus=serie in SIGNED)
            for serie, vardear in shown
        )

    rows = [Tabellrad(GRUPPER[grupp], cells(RESULTAT), stil=style)]
    prognos = context.figures.get(grupp, matt.kod, RESULTAT, "prognos")
    partial = context.figures.get(grupp, matt.kod, RESULTAT_INRAPPORTERADE, "prognos")
    if prognos is not None and prognos.varde is None and partial is not None and partial.indata:
        label = context.wording.sentence(
            "not_inrapporterade", antal=str(len(partial.indata)), alla=str(_members(context, grupp, matt))
        )
        rows.append(Tabellrad(label.text, cells(RESULTAT_INRAPPORTERADE), stil="delvis"))
    return rows


def _members(context: ReportContext, grupp: str, matt: Matt) -> int:
    figure = context.figures.get(grupp, matt.kod, RESULTAT, "prognos")
    return 0 if figure is None else len(figure.indata)


def _kommun_notes(
    context: ReportContext, matt: Matt, shown: Sequence[tuple[str, int | None]], unit: str
) -> tuple[str, ...]:
    notes: list[str] = []
    without = [
        e.namn
        for e in context.kommun.enheter
        if result_of(context.figures, e, matt.kod, "prognos", context.kommun) is None
    ]
    for grupp in (SKATT, AVGIFT, KOMMUNEN):
        for serie, vardear in shown:
            total = context.figures.get(grupp, matt.kod, RESULTAT, serie, vardear)
            if total is None or total.varde is None:
                continue
            parts = [context.figures.by_id(figure_id) for _, figure_id in total.indata]
            values = [part.varde for part in parts if part is not None and part.varde is not None]
            if serie not in SIGNED and not rounds_to_sum(values, total.varde, unit) and not notes:
                notes.append(context.wording.text("not_avrundning"))
    if without:
        notes.append(context.wording.sentence("not_ej_tillampligt", enheter=", ".join(without)).text)
    if any(serie == "bokslut" for serie, _ in shown):
        notes.append(context.wording.sentence("not_bokslut", ar=str(context.period.year - 1)).text)
    return tuple(notes)
