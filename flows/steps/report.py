"""Step 6a: figures become views, and each view gets the hash of its content."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pandas as pd

from adapters.store import Closing, ReturRecord, ReturStatus
from data_contracts.findings import Severity
from flows.steps.compute import comments_of, texts_of
from flows.steps.deviations import public_cases
from flows.steps.figures import figures_of
from flows.steps.goals import goals_of
from flows.steps.kolada import with_group
from flows.steps.ledger import avstamningar, current_ledger
from flows.steps.look_back import earlier_months, looked_back_on
from flows.steps.versions import chosen_sentence
from flows.workplace import Workplace, load_wording
from transforms.content_hash import canonical_json, innehallshash
from transforms.figure_id import parse_figure_id
from transforms.figures import Figure, FigureIndex
from transforms.goal_states import Rapporttyp
from transforms.kolada import SIDA
from transforms.ledger.reconciliation import stopped_namnder
from transforms.period import Period
from transforms.public_view import PublicView, neutral_name, public_text, publish_figures
from transforms.view_types import Rapport
from transforms.views.context import Forklaring, ReportContext, ReturInfo
from transforms.views.report import EarlierFigure, build_kommun_report, build_namnd_report


@dataclass(frozen=True, slots=True)
class BuiltReport:
    """A view laid in the object store."""

    view: Rapport
    view_key: str
    innehallshash: str


def build_reports(
    workplace: Workplace, closing: Closing, style: str, koder: Container[str] | None = None
) -> Iterator[BuiltReport]:
    """The kommun's view, and one per nämnd that has a report, each built when it is asked for and stored as canonical JSON.

    The largest first, so that processes that render them end together.
    A report that a difference from the ledger stops is not built (``transforms.ledger.reconciliation``).

    Args:
        koder: only the reports of these nämnder ('' for the kommun's); None for all.
    """
    view, context = public_context(workplace, closing)
    earlier = published_before(workplace, view)
    stopped = stopped_namnder(context.avstamningar)
    namnder = [
        namnd
        for namnd in workplace.kommun.namnder
        if namnd.har_rapport and namnd.kod not in stopped and (koder is None or namnd.kod in koder)
    ]
    if not any(row.stops for row in context.avstamningar) and (koder is None or "" in koder):
        yield _built(workplace, build_kommun_report(context, earlier), style)
    for namnd in sorted(namnder, key=lambda namnd: len(namnd.enheter), reverse=True):
        yield _built(workplace, build_namnd_report(context, namnd, earlier), style)


def _built(workplace: Workplace, view: Rapport, style: str) -> BuiltReport:
    text = canonical_json(view)
    return BuiltReport(view, workplace.objects.put(text.encode()), innehallshash(text, style))


class EarlierFigures:
    """Finds figures of earlier closings by id; each closing is loaded once."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._loaded: dict[str, FigureIndex] = {}

    def __call__(self, figure_id: str) -> Figure | None:
        """The figure in the newest finished closing of its period, or None."""
        period = parse_figure_id(figure_id).period
        if period not in self._loaded:
            closing = self._workplace.store.last_closing(self._workplace.kommun.kod, period)
            self._loaded[period] = figures_of(self._workplace, closing)
        return self._loaded[period].by_id(figure_id)


def published_before(workplace: Workplace, view: PublicView) -> EarlierFigure:
    """Figures of earlier closings by id, as the public view shows them."""
    stored = EarlierFigures(workplace)

    def earlier(figure_id: str) -> Figure | None:
        return view.of(stored(figure_id))

    return earlier


def public_context(
    workplace: Workplace, closing: Closing, typ: Rapporttyp = Rapporttyp.MANAD
) -> tuple[PublicView, ReportContext]:
    """The public view of a closing, computed once, and what the reports need beside it.

    Args:
        typ: the report that the goals are judged for.

    Raises:
        NotProtectable: E180.
    """
    comments = {key: _forklaring(row) for key, row in comments_of(workplace, closing).items()}
    view = publish_figures(
        figures_of(workplace, closing), EarlierFigures(workplace), file_names(workplace, closing), workplace.kommun
    )
    return view, ReportContext(
        kommun=with_group(workplace),
        period=Period.parse(closing.period),
        figures=view.figures,
        forklaringar={key: said for key, said in comments.items() if said is not None},
        returer=_returns(workplace, closing),
        wording=load_wording(),
        mal=goals_of(workplace, closing, view.figures, typ),
        skyddade=view.skyddade,
        texter={
            key: {name: public_text(text) for name, text in said.items()}
            for key, said in texts_of(workplace, closing).items()
        },
        avstamningar=avstamningar(workplace, closing),
        arenden=public_cases(workplace, closing),
        prognosversioner=_closing_days(workplace, closing),
    )


def _closing_days(workplace: Workplace, closing: Closing) -> dict[str, str]:
    """'låst vid stängningen 2026-04-15' per earlier month of the year, where the kommun follows its prognoser.

    A month that was closed again after a later month says so: its prognos was made with more at hand.
    """
    if workplace.kommun.prognos is None:
        return {}
    zone = ZoneInfo(workplace.kommun.kalender.tidszon)
    told: dict[str, str] = {}
    months = earlier_months(workplace, Period.parse(closing.period))
    for place, each in enumerate(months):
        day = each.finished.astimezone(zone).date().isoformat() if each.finished else ""
        later = [other for other in months[place + 1 :] if other.finished and each.finished and other.id < each.id]
        after = f", efter {Period.parse(later[-1].period).text}" if later else ""
        told[each.period] = f"låst vid stängningen {day}{after}"
    return told


def file_names(workplace: Workplace, closing: Closing) -> dict[str, str]:
    """The neutral name of every return that the closing and those it looks back on stand on, by sha256."""
    period = Period.parse(closing.period)
    names: dict[str, str] = {}
    for each in (*looked_back_on(workplace, period), closing):
        for record in map(workplace.store.retur, each.retur_ids):
            names[record.sha256] = _neutral_name(record, each.period)
    names |= {value.sha256: SIDA for value in workplace.store.kolada_values(workplace.kommun.kod)}
    ledger = current_ledger(workplace, period)
    return names if ledger is None else {**names, ledger.sha256: f"huvudbok-{period}"}


def _neutral_name(record: ReturRecord, period: str) -> str:
    """The register is the year's, a return the period's."""
    return neutral_name(record.forvaltning or "", period if record.forvaltning else period[:4], record.version)


def _forklaring(row: pd.Series) -> Forklaring | None:
    orsak, atgard = ("" if pd.isna(row[name]) else str(row[name]).strip() for name in ("orsak", "atgard"))
    return Forklaring(public_text(orsak), public_text(atgard)) if orsak or atgard else None


def _returns(workplace: Workplace, closing: Closing) -> tuple[ReturInfo, ...]:
    """The returns that the closing stands on, and per förvaltning the stopped ones that are newer."""
    standing_on = [workplace.store.retur(retur_id) for retur_id in closing.retur_ids]
    stopped = newer_stopped(workplace, closing)
    order = {forvaltning.kod: place for place, forvaltning in enumerate(workplace.kommun.forvaltningar, start=1)}
    records = sorted(
        [*standing_on, *stopped], key=lambda record: (order.get(record.forvaltning or "", 0), record.version)
    )
    return tuple(_info(workplace, record, closing) for record in records)


def newer_stopped(workplace: Workplace, closing: Closing) -> list[ReturRecord]:
    """Stopped versions of the register and the returns that are newer than the one that counts; of each chain only the newest."""
    counted = {record.forvaltning: record.version for record in map(workplace.store.retur, closing.retur_ids)}
    kommun, store = workplace.kommun.kod, workplace.store
    register = store.register_chain(kommun, Period.parse(closing.period).year)
    stopped = {
        record.forvaltning: record
        for record in (*register, *store.returns_for(kommun, closing.period))
        if record.kedja_kand
        and record.status is ReturStatus.STOPPAD
        and record.version > counted.get(record.forvaltning, 0)
    }
    return list(stopped.values())


def _info(workplace: Workplace, record: ReturRecord, closing: Closing) -> ReturInfo:
    stopped = record.id not in closing.retur_ids
    faults = [f for f in workplace.store.findings_for(record.id) if f.severity is Severity.STOPPAR] if stopped else []
    local = record.mottagen.astimezone(ZoneInfo(workplace.kommun.kalender.tidszon))
    return ReturInfo(
        forvaltning=record.forvaltning or "",
        fil=_neutral_name(record, closing.period),
        mottagen=local.strftime("%Y-%m-%d %H:%M"),
        mottagen_iso=record.mottagen.isoformat(timespec="seconds"),
        version=record.version,
        sha256=record.sha256,
        status="stoppad" if stopped else "godkand",
        antal_fel=len(faults),
        vald="" if stopped else chosen_sentence(workplace, record),
    )
