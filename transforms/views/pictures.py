"""The pictures of a report: signed avvikelser from a common zero, and budget beside prognos. Geometry in ``transforms.charts``."""

from __future__ import annotations

from collections.abc import Sequence

from data_contracts.kommun import Enhet
from transforms.charts import ChartRow, PairRow, avvikelse_chart, budget_prognos_chart
from transforms.figures import Figure
from transforms.summation import result_of
from transforms.view_types import Diagram
from transforms.views.context import ReportContext, tal
from transforms.views.deviations import entered_rows
from transforms.views.summary import main_row

_CHART_ROWS = 2
"""Fewer rows than this make no picture."""


def summary_charts(context: ReportContext, enheter: Sequence[Enhet], unit: str) -> tuple[Diagram, ...]:
    """The picture of the first page: avvikelse per enhet, or per kostnadsslag where the nämnd is one enhet; none of a single row."""
    if len(enheter) == 1:
        return avvikelse_charts(context, enheter[0], unit)
    rows = []
    for enhet in enheter:
        figure = context.figures.get(enhet.kod, "drift", main_row(context, enhet), "avvikelse_helar")
        rows.append(_bar(enhet.namn, figure, unit))
    chart = avvikelse_chart(
        id="diagram-avvikelse-enheter",
        rubrik="Driftens avvikelse mot budget per verksamhet",
        enhet=unit,
        rows=rows,
        alternativtext=_bar_text(context, rows, unit),
        tabell_id=f"drift-{enheter[0].kod.lower()}-helar",
    )
    return (chart,)


def avvikelse_charts(context: ReportContext, enhet: Enhet, unit: str) -> tuple[Diagram, ...]:
    """Avvikelse per kostnadsslag; none for an enhet that reports a single row, or nothing."""
    rows = list(entered_rows(context, enhet, "drift"))
    if len(rows) < _CHART_ROWS:
        return ()
    bars = []
    for rad, namn in rows:
        avvikelse = context.figures.get(enhet.kod, "drift", rad, "avvikelse_helar")
        bars.append(_bar(namn, avvikelse, unit))
    if all(bar.ore is None for bar in bars):
        return ()
    chart = avvikelse_chart(
        id=f"diagram-avvikelse-{enhet.kod.lower()}",
        rubrik=f"Avvikelse per kostnadsslag, {enhet.namn}",
        enhet=unit,
        rows=bars,
        alternativtext=_bar_text(context, bars, unit),
        tabell_id=f"drift-{enhet.kod.lower()}-helar",
    )
    return (chart,)


def budget_charts(context: ReportContext, enhet: Enhet, unit: str) -> tuple[Diagram, ...]:
    """Budget and prognos per kostnadsslag; none for an enhet that reports a single row, or no prognos."""
    rows = list(entered_rows(context, enhet, "drift"))
    if len(rows) < _CHART_ROWS:
        return ()
    pairs = []
    for rad, namn in rows:
        budget, prognos = (context.figures.get(enhet.kod, "drift", rad, serie) for serie in ("budget", "prognos"))
        pairs.append(_pair(namn, budget, prognos, unit))
    if all(pair.prognos_ore is None for pair in pairs):
        return ()
    chart = budget_prognos_chart(
        id=f"diagram-budget-{enhet.kod.lower()}",
        rubrik=f"Budget och prognos per kostnadsslag, {enhet.namn}",
        enhet=unit,
        rows=pairs,
        alternativtext=_pair_text(context, pairs, unit),
        tabell_id=f"drift-{enhet.kod.lower()}-helar",
    )
    return (chart,)


def _bar(namn: str, avvikelse: Figure | None, unit: str) -> ChartRow:
    shown = tal(avvikelse, unit, plus=True)
    return ChartRow(namn, avvikelse.varde if avvikelse else None, shown.text, figure_id=shown.figure_id)


def _pair(namn: str, budget: Figure | None, prognos: Figure | None, unit: str) -> PairRow:
    first, second = tal(budget, unit), tal(prognos, unit)
    return PairRow(
        namn,
        budget.varde if budget else None,
        first.text,
        prognos.varde if prognos else None,
        second.text,
        budget_id=first.figure_id,
        prognos_id=second.figure_id,
    )


def namnd_chart(context: ReportContext, unit: str) -> Diagram:
    """Avvikelse of drift per enhet of the whole kommun, signed bars from a common zero."""
    rows = []
    for enhet in context.kommun.enheter:
        figure = result_of(context.figures, enhet, "drift", "avvikelse_helar", context.kommun)
        rows.append(_bar(enhet.namn, figure, unit))
    return avvikelse_chart(
        id="diagram-avvikelse-namnd",
        rubrik="Avvikelse mot budget per nämnd",
        enhet=unit,
        rows=rows,
        alternativtext=_bar_text(context, rows, unit),
        tabell_id="kommun-drift",
    )


def investering_chart(context: ReportContext, unit: str) -> Diagram:
    """Budget and prognos of investeringar per enhet of the whole kommun."""
    pairs = []
    for enhet in context.kommun.enheter:
        budget, prognos = (
            result_of(context.figures, enhet, "investeringar", s, context.kommun) for s in ("budget", "prognos")
        )
        if budget is not None and prognos is not None:
            pairs.append(_pair(enhet.namn, budget, prognos, unit))
    return budget_prognos_chart(
        id="diagram-investeringar",
        rubrik="Investeringar per nämnd, budget och prognos",
        enhet=unit,
        rows=pairs,
        alternativtext=_pair_text(context, pairs, unit),
        tabell_id="kommun-investeringar",
    )


def _bar_text(context: ReportContext, rows: Sequence[ChartRow], unit: str) -> str:
    known = [row for row in rows if row.ore is not None]
    if not known:
        return context.wording.text("alt_saknas")
    largest = max(known, key=lambda row: abs(row.ore or 0))
    if not largest.ore:
        return context.wording.sentence("alt_avvikelse_noll", enhet_belopp=unit).text
    plus, minus = sum((row.ore or 0) > 0 for row in known), sum((row.ore or 0) < 0 for row in known)
    return context.wording.sentence(
        "alt_avvikelse_storst",
        enhet_belopp=unit,
        namn=largest.namn,
        varde=largest.text,
        antal_plus=str(plus),
        antal_minus=str(minus),
    ).text


def _pair_text(context: ReportContext, rows: Sequence[PairRow], unit: str) -> str:
    known = [row for row in rows if row.budget_ore is not None and row.prognos_ore is not None]
    if not known:
        return context.wording.text("alt_saknas")
    largest = max(known, key=lambda row: abs(row.budget_ore or 0))
    return context.wording.sentence(
        "alt_budget_prognos",
        enhet_belopp=unit,
        namn=largest.namn,
        budget=largest.budget_text,
        prognos=largest.prognos_text,
    ).text
