"""The section with values from Kolada: the kommun among those it compares itself with, by year and gender. Quartiles, never goal states."""

from __future__ import annotations

from collections.abc import Sequence

from data_contracts.kolada import Kolada, Koladatal
from transforms.figures import KOMMUNEN, Figure
from transforms.kolada import JAMFORDA, KOLADA, OMRADE, SERIER, Kvartil, quartile
from transforms.strip_chart import StripRow, strip_chart
from transforms.view_types import Diagram, Kolumn, Sektion, Tabell, Tabellrad, Tal
from transforms.views.context import ReportContext, tal

_COLUMNS = (
    Kolumn("ar", "Värdeår"),
    Kolumn("varde", "Värde"),
    Kolumn("fore", "Året före"),
    Kolumn("kvinnor", "Kvinnor"),
    Kolumn("man", "Män"),
    Kolumn("medel", "Jämförda, medel"),
    Kolumn("kvartil", "Läge bland de jämförda"),
)


def kolada_sections(context: ReportContext, namnd: str | None) -> list[Sektion]:
    """The nyckeltal of a nämnd, or all of them in the kommun's report (``namnd`` None); nothing where nothing has been fetched."""
    kolada = context.kommun.kolada
    if kolada is None:
        return []
    asked = [part for part in kolada.nyckeltal if namnd is None or part.namnd == namnd]
    shown = [part for part in asked if _newest(context, kolada, part) is not None]
    if not shown:
        return []
    text, compared = context.wording, kolada.jamforelse
    table = _table(context, kolada, shown)
    against = {"namn": compared.namn, "antal": str(len(compared.kommuner)), "referens": compared.referens}
    return [
        Sektion(
            "kolada",
            text.text("rubrik_kolada"),
            meningar=(text.sentence("kolada_jamfors", **against), text.sentence("kolada_kvartiler")),
            diagram=_charts(context, kolada, shown, table.id),
            tabeller=(table,),
        )
    ]


def _newest(context: ReportContext, kolada: Kolada, part: Koladatal) -> int | None:
    """The newest year that the kommun itself has a value for; None when it has none."""
    years = range(context.period.year, context.period.year - kolada.ar - 1, -1)
    return next((year for year in years if _value(_get(context, KOMMUNEN, part, "varde", year)) is not None), None)


def _get(context: ReportContext, enhet: str, part: Koladatal, serie: str, year: int) -> Figure | None:
    return context.figures.get(enhet, KOLADA, part.kod, serie, year)


def _value(figure: Figure | None) -> int | None:
    return None if figure is None else figure.varde


def _others(
    context: ReportContext, kolada: Kolada, part: Koladatal, year: int, serie: str = SERIER["T"]
) -> list[Figure]:
    """The compared kommuner's figures of the year that hold a value."""
    found = [_get(context, f"{OMRADE}{other.kod}", part, serie, year) for other in kolada.jamforelse.kommuner]
    return [figure for figure in found if figure is not None and figure.varde is not None]


def _kvartil(context: ReportContext, kolada: Kolada, part: Koladatal, year: int, serie: str = SERIER["T"]) -> Kvartil:
    """Where the kommun stands; for women and men against the other kommuner's women and men."""
    others = [figure.varde for figure in _others(context, kolada, part, year, serie) if figure.varde is not None]
    return quartile(_value(_get(context, KOMMUNEN, part, serie, year)), others, part.riktning)


def _by_gender(context: ReportContext, kolada: Kolada, part: Koladatal, year: int) -> str:
    """'Kvinnor: bästa fjärdedelen. Män: mellersta hälften.'; '' for a nyckeltal that is not divided or has no better end."""
    if not part.konsuppdelat or part.riktning == "ingen":
        return ""
    places = [
        (word, _kvartil(context, kolada, part, year, SERIER[kon])) for kon, word in (("K", "Kvinnor"), ("M", "Män"))
    ]
    return "".join(f" {word}: {place.value}." for word, place in places)


def _table(context: ReportContext, kolada: Kolada, shown: Sequence[Koladatal]) -> Tabell:
    rows, notes = [], [kolada.erkannande]
    for part in shown:
        year = _newest(context, kolada, part)
        if year is not None:
            rows.append(_row(context, kolada, part, year))
            notes.extend(_revision(context, part, year))
    if any(part.kkik for part in shown):
        notes.append(context.wording.text("kolada_kkik"))
    return Tabell(
        id="tabell-kolada",
        rubrik=context.wording.text("tabell_kolada"),
        enhet="varje rad i sin enhet",
        teckenregel=context.wording.text("kolada_teckenregel"),
        radrubrik="Nyckeltal",
        kolumner=_COLUMNS,
        rader=tuple(rows),
        noter=tuple(notes),
    )


def _row(context: ReportContext, kolada: Kolada, part: Koladatal, year: int) -> Tabellrad:
    def cell(enhet: str, serie: str, of: int = year) -> Tal:
        return tal(_get(context, enhet, part, serie, of), "")

    by_gender = (
        (cell(KOMMUNEN, "varde_kvinnor"), cell(KOMMUNEN, "varde_man")) if part.konsuppdelat else (Tal(""), Tal(""))
    )
    cells = (
        Tal(str(year)),
        cell(KOMMUNEN, "varde"),
        cell(KOMMUNEN, "varde", year - 1),
        *by_gender,
        cell(JAMFORDA, "medel_jamforda"),
        Tal(_kvartil(context, kolada, part, year).value if part.riktning != "ingen" else ""),
    )
    mark = " *" if part.kkik else ""
    return Tabellrad(
        f"{part.namn}, {part.matt_enhet}{mark}", cells, not_text=f"{part.kod}.{_by_gender(context, kolada, part, year)}"
    )


def _revision(context: ReportContext, part: Koladatal, year: int) -> list[str]:
    """A note where the shown value has been revised since it was fetched first."""
    figure = _get(context, KOMMUNEN, part, "varde", year)
    if figure is None or "; reviderat" not in figure.formel:
        return []
    before = figure.formel.partition("tidigare ")[2].replace(".", ",")
    return [context.wording.sentence("kolada_reviderat", namn=part.namn, ar=str(year), fore=before).text]


def _charts(context: ReportContext, kolada: Kolada, shown: Sequence[Koladatal], tabell_id: str) -> tuple[Diagram, ...]:
    """One strip per nyckeltal with a better end; none where nothing can be compared."""
    rows, best, worst = [], [], []
    for part in shown:
        year = _newest(context, kolada, part)
        others = _others(context, kolada, part, year) if year is not None else []
        if part.riktning == "ingen" or year is None or not others:
            continue
        own = _get(context, KOMMUNEN, part, "varde", year)
        values = tuple((figure.varde, tal(figure, "").text) for figure in others if figure.varde is not None)
        rows.append(StripRow(part.namn, _value(own), tal(own, "").text, values, 1 if part.riktning == "hogre" else -1))
        where = _kvartil(context, kolada, part, year)
        best += [part.namn] if where is Kvartil.BAST else []
        worst += [part.namn] if where is Kvartil.SAMST else []
    if not rows:
        return ()
    alt = context.wording.sentence(
        "alt_kolada", antal=str(len(rows)), bast=", ".join(best) or "inget", samst=", ".join(worst) or "inget"
    ).text
    rubrik = context.wording.text("diagram_kolada")
    return (strip_chart("diagram-kolada", rubrik, "bättre åt höger", rows, alt, tabell_id),)
