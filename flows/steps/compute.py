"""Steps 4 and 5, normalise and compute: accepted returns become figures, and the figures get their sums and avvikelser."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping

import pandas as pd

from adapters.store import Closing
from flows.steps.check import load, periodised
from flows.steps.corrections import corrections_of, keep_corrections, log_corrections
from flows.steps.deviations import keep_observations, register_key
from flows.steps.environment import keep_environment
from flows.steps.figures import figures_of
from flows.steps.forecast_history import history_key, history_of
from flows.steps.kolada import with_group
from flows.steps.ledger import ledger_key, load_ledger
from flows.steps.look_back import last_years_closing, looked_back_on, outcomes, previous_closing, said_before
from flows.steps.plans import keep_plans, plan_key
from flows.steps.versions import chosen_sentence
from flows.workplace import Workplace
from transforms.avvikelse import compute_avvikelser
from transforms.conversion import stack
from transforms.corrections import apply_corrections
from transforms.effect_figures import figures_of_effects
from transforms.fact_values import TEXTKOLUMNER
from transforms.figures import Figure, FigureIndex, to_frame
from transforms.follow_up_figures import figures_of_follow_up
from transforms.follow_up_preparation import FOLLOW_UP_COLUMNS
from transforms.forecast_history import typed_years
from transforms.forecast_record import forecast_record, forecast_versions
from transforms.goal_figures import figures_of_goals
from transforms.goal_sources import figures_from_sources
from transforms.history import carry_forecasts, last_years_forecasts
from transforms.kolada import figures_from_kolada
from transforms.ledger.figures import SERIE as HUVUDBOK_SERIE
from transforms.ledger.figures import ledger_figures
from transforms.ledger.reconciliation import differences
from transforms.normalisation import figures_from_register, figures_from_returns
from transforms.period import Period
from transforms.period_budget import with_period_budgets
from transforms.personal import compute_personal
from transforms.summation import SUMMERADE_SERIER, sum_kommun, sum_rows
from transforms.technical_forecast import TEKNISK, forecast_gaps, technical_forecasts


def closing_fingerprint(workplace: Workplace, period: Period, style: str) -> str:
    """Hash of all that a closing stands on: program, configuration, style, every return with its state,
    declared corrections, and earlier closings."""
    kommun = workplace.kommun.kod
    returns = [*workplace.store.returns_for(kommun, str(period)), *workplace.store.register_chain(kommun, period.year)]
    earlier = [closing.fingerprint for closing in looked_back_on(workplace, period)]
    corrected = corrections_of(workplace, period).fingerprint(period)
    parts = [
        workplace.program_key,
        style,
        str(period),
        *earlier,
        *([corrected] if corrected else []),
        workplace.store.kolada_state(kommun),
        *ledger_key(workplace, period),
        *register_key(workplace, period),
        *plan_key(workplace, period.year),
        *history_key(workplace),
    ]
    parts.extend(f"{record.sha256} {record.forvaltning} {record.version} {record.status}" for record in returns)
    parts.extend(text for record in returns if (text := chosen_sentence(workplace, record)))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def compute(workplace: Workplace, period: Period, fingerprint: str, now: dt.datetime) -> Closing:
    """All figures of the period, entered, corrected and computed, saved under a new closing.

    Raises:
        CorrectionError: E181–E183, a declared correction does not hold.
        Malplansfel: E730, E731, the målplan is not the one that was decided.
        Hemfel: E904, the prognoshistorik can't be used.
    """
    kommun, store = workplace.kommun, workplace.store
    keep_plans(workplace, period.year, now)
    register = store.current_register(kommun.kod, period.year)
    returns = [record for record in store.current_returns(kommun.kod, str(period)) if record.forvaltning]
    frames = stack((load(workplace, record, period) for record in returns), workplace.manadsretur)
    entered = [
        *figures_from_returns(frames, kommun, period),
        *figures_of_effects(frames, kommun, period),
        *figures_of_goals(frames, kommun.malplan(period.year), period),
        *figures_of_follow_up(frames, kommun, period),
        *figures_from_register({} if register is None else load(workplace, register, period).frames, kommun, period),
    ]
    entered = [*with_period_budgets(entered, periodised(workplace, period)), *history_of(workplace, period)]
    ledger = load_ledger(workplace, period)
    if ledger is not None:
        entered.extend(ledger_figures(ledger.placed, kommun, period))
    kolada = figures_from_kolada(
        store.kolada_values(kommun.kod), with_group(workplace).kolada, kommun.kommunkod, str(period)
    )
    figures = compute_all([*entered, *kolada], workplace, period)
    ids = [record.id for record in returns] + ([register.id] if register else [])
    closing = store.start_closing(
        kommun.kod,
        str(period),
        started=now,
        fingerprint=fingerprint,
        retur_ids=ids,
        miljo=keep_environment(workplace, period),
    )
    store.save_figures(closing.id, to_frame(figures))
    log_corrections(workplace, closing, period, now)
    if kommun.avvikelseregister is not None:
        keep_observations(workplace, closing, figures, comments_of(workplace, closing), now)
    return closing


def compute_all(entered: list[Figure], workplace: Workplace, period: Period) -> FigureIndex:
    """Entered figures with föregående prognos, declared corrections, sums, last year's prognos and the four avvikelser."""
    previous = _figures_of(workplace, previous_closing(workplace, period))
    corrections = corrections_of(workplace, period)
    keep_corrections(workplace, corrections, period)
    figures = FigureIndex(apply_corrections(carry_forecasts(entered, previous, period), corrections, period))
    figures = FigureIndex([*figures, *figures_from_sources(figures, workplace.kommun, period)])
    figures = FigureIndex([*figures, *technical_forecasts(figures, workplace.kommun, period)])
    more = tuple(serie for serie in (HUVUDBOK_SERIE, TEKNISK) if any(figure.serie == serie for figure in figures))
    figures = FigureIndex([*figures, *sum_rows(figures, workplace.kommun, (*SUMMERADE_SERIER, *more))])
    whole = tuple(serie for serie in (*SUMMERADE_SERIER, *more) if serie != HUVUDBOK_SERIE)
    figures = FigureIndex([*figures, *sum_kommun(figures, workplace.kommun, period.year, whole)])
    figures = FigureIndex([*figures, *compute_personal(figures, workplace.kommun)])
    last_year = _figures_of(workplace, last_years_closing(workplace, period))
    figures = FigureIndex([*figures, *last_years_forecasts(last_year, figures, period)])
    figures = FigureIndex([*figures, *compute_avvikelser(figures), *differences(figures), *forecast_gaps(figures)])
    return FigureIndex([*figures, *_forecasts(figures, workplace, period)])


def _forecasts(figures: FigureIndex, workplace: Workplace, period: Period) -> tuple[Figure, ...]:
    """Versions of the prognos, and how those of earlier years hit; nothing where the kommun does not follow them."""
    kommun = workplace.kommun
    if kommun.prognos is None:
        return ()
    closed = outcomes(workplace, period, figures)
    return (
        *forecast_versions(figures, kommun, period, said_before(workplace, period)),
        *forecast_record(figures, kommun, period, (*closed, *typed_years(figures, closed))),
    )


def _figures_of(workplace: Workplace, closing: Closing | None) -> FigureIndex | None:
    return None if closing is None else figures_of(workplace, closing)


def comments_of(workplace: Workplace, closing: Closing) -> Mapping[tuple[str, str, str], pd.Series]:
    """Rows of the sheet Kommentarer in the closing's returns, by (enhet, avser, kod)."""
    rows: dict[tuple[str, str, str], pd.Series] = {}
    period = Period.parse(closing.period)
    for retur_id in closing.retur_ids:
        record = workplace.store.retur(retur_id)
        if record.forvaltning:
            for _, row in load(workplace, record, period).frames["kommentarer"].iterrows():
                rows[(str(row["enhet"]), str(row["avser"]), str(row["kod"]))] = row
    return rows


def texts_of(workplace: Workplace, closing: Closing) -> Mapping[tuple[str, str, str], Mapping[str, str]]:
    """The words of the sheets of uppföljning in the closing's returns, by (table, enhet, kod) and column."""
    texts: dict[tuple[str, str, str], Mapping[str, str]] = {}
    period = Period.parse(closing.period)
    for record in map(workplace.store.retur, closing.retur_ids):
        if record.forvaltning:
            frames = load(workplace, record, period).frames
            for table in FOLLOW_UP_COLUMNS:
                for row in frames[table].to_dict("records"):
                    said = {name: str(row[name]) for name in TEXTKOLUMNER[table] if not pd.isna(row[name])}
                    texts[(table, str(row["enhet"]), str(row["kod"]))] = said
    return texts
