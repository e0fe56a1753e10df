"""Pictures of the two reports: the nämnder's avvikelser, results and equity over the years. The numbers stand in the tables beside them."""

from __future__ import annotations

from transforms.belopp import antal_text, belopp_text
from transforms.charts import ChartRow, avvikelse_chart
from transforms.ledger.operations import DRIFTREDOVISNING, net_row
from transforms.statements.deviations import AVVIKELSE, AVVIKELSE_PERIOD
from transforms.statements.entered import column_of
from transforms.statements.key_ratios import NYCKELTAL
from transforms.view_types import Diagram
from transforms.views.books.context import BooksContext
from transforms.views.context import tal
from transforms.year_chart import YearColumn, year_chart

YEARS = ("bokslut_4", "bokslut_3", "bokslut_2", "bokslut", "utfall")
"""Oldest first."""


def namnd_chart(context: BooksContext) -> Diagram | None:
    """Driftens avvikelse per nämnd: the year's against budget, of a part of the year against that part's; none where no nämnd has one."""
    serie = AVVIKELSE if context.is_annual else AVVIKELSE_PERIOD
    rows = []
    for namnd in context.kommun.namnder:
        figure = context.figure(DRIFTREDOVISNING, net_row(namnd), (serie, None))
        if figure is not None:
            shown = tal(figure, context.unit, plus=True)
            rows.append(ChartRow(namnd.namn, figure.varde, shown.text, figure_id=shown.figure_id))
    if len(rows) < 2:
        return None
    against = "budget" if context.is_annual else f"budget {context.period.short_span_text}"
    told = ", ".join(f"{row.namn} {row.text}" for row in rows)
    return avvikelse_chart(
        id="diagram-namnder",
        rubrik=f"Driftens avvikelse mot {against} per nämnd",
        enhet=context.unit,
        rows=rows,
        alternativtext=f"Avvikelse mot {against} i {context.unit}, plus är överskott: {told}.",
        tabell_id=f"{DRIFTREDOVISNING}-tabell",
    )


def result_chart(context: BooksContext) -> Diagram | None:
    """Årets resultat over up to five years, from the five years' table where there is one, else from the resultaträkning."""
    matt = "fem_ar" if context.is_used("fem_ar", "utfall") else "resultatrakning"
    columns = []
    for serie in YEARS:
        figure = context.figure(matt, "arets_resultat", column_of(serie, context.period.year))
        if figure is not None:
            text = "uppgift saknas" if figure.varde is None else belopp_text(figure.varde, context.unit)
            columns.append(YearColumn(_year(context, serie), figure.varde, text))
    if len(columns) < 2:
        return None
    table = "fem-ar-tabell" if matt == "fem_ar" else "resultatrakning-tabell"
    told = ", ".join(f"{column.namn} {column.text}" for column in columns)
    return year_chart(
        "diagram-resultat", "Årets resultat", context.unit, columns, f"Årets resultat i {context.unit}: {told}.", table
    )


def equity_chart(context: BooksContext) -> Diagram | None:
    """Soliditet per year."""
    columns = []
    for serie in YEARS:
        figure = context.figure(NYCKELTAL, "soliditet", column_of(serie, context.period.year)) or context.figure(
            "fem_ar", "soliditet", column_of(serie, context.period.year)
        )
        if figure is not None:
            text = "uppgift saknas" if figure.varde is None else antal_text(figure.varde, figure.decimaler)
            columns.append(YearColumn(_year(context, serie), figure.varde, text))
    if len(columns) < 2:
        return None
    told = ", ".join(f"{column.namn} {column.text}" for column in columns)
    return year_chart(
        "diagram-soliditet", "Soliditet", "procent", columns, f"Soliditet i procent: {told}.", "nyckeltal-tabell"
    )


def _year(context: BooksContext, serie: str) -> str:
    year = column_of(serie, context.period.year)[1]
    return str(context.period.year if year is None else year)
