"""What the books tell of a nämnd beside its result: each enhet's drift row by row, its verksamheter and its volumes."""

from __future__ import annotations

from collections.abc import Iterable

from data_contracts.kommun import Enhet, RadTyp
from transforms.book_types import Bokrad, Boktabell
from transforms.enhet_rows import ROWS_OF_ENHET
from transforms.figures import Figure, FigureIndex
from transforms.matt import DRIFT
from transforms.view_types import Kolumn, Tal
from transforms.views.books.context import BooksContext
from transforms.views.books.tables import volume_cell
from transforms.views.context import tal

WORDS = {
    "utfall": "Utfall",
    "budget": "Budget helår",
    "prognos": "Prognos helår",
    "avvikelse_helar": "Avvikelse helår",
    "avvikelse_period": "Avvikelse",
    "utfall_fg_ar": "Föregående år",
}
_YEAR = ("utfall", "budget", "avvikelse_period", "utfall_fg_ar")
"""At the end of the year the period is the whole of it: utfall against budget, not what was once forecast."""
_PART = ("utfall", "utfall_fg_ar", "budget", "prognos", "avvikelse_helar")
_VOLUMES = ("utfall", "budget", "utfall_fg_ar")


def enhet_tables(context: BooksContext, figures: FigureIndex, enhet: Enhet) -> tuple[Boktabell, ...]:
    """The tables of one enhet; a table without a value is left out."""
    drift = [
        (rad.kod, rad.namn, "summa" if rad.typ is RadTyp.SUMMA else "")
        for rad in context.kommun.uppstallning(enhet.drift).rader
        if rad.typ is not RadTyp.RUBRIK
    ]
    verksamheter = [(part.kod, part.namn, "") for part in enhet.verksamheter]
    made = (
        _amounts(context, figures, enhet, "drift", f"Drift, {enhet.namn.lower()}", drift),
        _amounts(
            context,
            figures,
            enhet,
            "drift_verksamhet",
            f"Nettokostnad per verksamhet, {enhet.namn.lower()}",
            verksamheter,
        ),
        _volumes(context, figures, enhet),
    )
    return tuple(table for table in made if table is not None)


def _serier(context: BooksContext) -> tuple[str, ...]:
    return _YEAR if context.is_annual else _PART


def _amounts(
    context: BooksContext,
    figures: FigureIndex,
    enhet: Enhet,
    matt: str,
    rubrik: str,
    rows: Iterable[tuple[str, str, str]],
) -> Boktabell | None:
    serier = _serier(context)
    shown = []
    for kod, namn, stil in rows:
        found = [figures.get(enhet.kod, matt, kod, serie) for serie in serier]
        if _any(found):
            cells = tuple(
                tal(figure, context.unit, plus=serie.startswith("avvikelse"))
                for figure, serie in zip(found, serier, strict=True)
            )
            shown.append(Bokrad(namn, cells, stil=stil))
    word = "avvikelse_period" if context.is_annual else "avvikelse_helar"
    return _table(context, enhet, matt, rubrik, context.unit, DRIFT.sign_rule(word), serier, shown)


def _volumes(context: BooksContext, figures: FigureIndex, enhet: Enhet) -> Boktabell | None:
    shown = []
    for row in ROWS_OF_ENHET["volymer"](context.kommun, enhet):
        found = [figures.get(enhet.kod, "volymer", row.kod, serie) for serie in _VOLUMES]
        if _any(found):
            cells: tuple[Tal, ...] = tuple(volume_cell(figure) for figure in found)
            shown.append(Bokrad(f"{row.labels['benamning']}, {row.labels['matt_enhet']}", cells))
    rule = "Ett värde som saknas är inte noll."
    return _table(context, enhet, "volymer", f"Volymer, {enhet.namn.lower()}", "enhet per rad", rule, _VOLUMES, shown)


def _any(found: Iterable[Figure | None]) -> bool:
    return any(figure is not None and figure.varde is not None for figure in found)


def _table(
    context: BooksContext, enhet: Enhet, matt: str, rubrik: str, unit: str, rule: str, serier: tuple[str, ...],
    rows: list[Bokrad],
) -> Boktabell | None:  # fmt: skip
    if not rows:
        return None
    namnd = context.kommun.namnd_of(enhet.kod)
    return Boktabell(
        id=f"namnd-{namnd.kod.lower()}-{enhet.kod.lower()}-{matt}-tabell",
        rubrik=rubrik,
        enhet=unit,
        teckenregel=rule,
        radrubrik="Belopp" if matt == "drift" else "Volym" if matt == "volymer" else "Verksamhet",
        kolumner=tuple(
            Kolumn(serie, "Budget" if context.is_annual and serie == "budget" else WORDS[serie]) for serie in serier
        ),
        rader=tuple(rows),
    )
