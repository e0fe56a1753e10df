"""Stängningstavlan: what the store knows about a month, as the view and as a page in the home's ``tavla``."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from pathlib import Path

from adapters.rendering.board import Manadslank, render_board
from adapters.store import MANAD, SLAG, ReturStatus, UtskickStatus
from flows.steps.approve import reports_of, standing
from flows.steps.deadlines import deadlines_of, legal_rules, local_time
from flows.steps.versions import chosen_sentence
from flows.workplace import Workplace
from transforms.approval import Tillstand
from transforms.closing_board import Inkommen, RapportLage, Tavla, Underlag, build_board
from transforms.legal_dates import Lagfrist, legal_dates
from transforms.notices import Slag
from transforms.period import Period


def board_of(workplace: Workplace, period: Period, now: dt.datetime) -> Tavla:
    """The board of a period as it stands."""
    kommun, store = workplace.kommun, workplace.store
    kalender = kommun.kalender
    closing = store.last_closing(kommun.kod, str(period))
    sent: dict[str, dt.datetime] = {}
    for mail in store.dispatches_for(kommun.kod, str(period)):
        if mail.slag == Slag.MALL and mail.status is UtskickStatus.SKICKAD:
            sent.setdefault(mail.forvaltning, local_time(kalender, mail.andrad))
    links = store.journal()
    reports = tuple(
        RapportLage(report.kod, standing(workplace, report, links).tillstand.value, report.version)
        for report in reports_of(workplace, str(period))
    )
    underlag = Underlag(
        returer=tuple(
            Inkommen(
                forvaltning=record.forvaltning,
                version=record.version,
                mottagen=local_time(kalender, record.mottagen),
                status=record.status.value,
                fynd=Counter(finding.severity for finding in store.findings_for(record.id)),
                vald=chosen_sentence(workplace, record) if record.status is ReturStatus.GODKAND else "",
            )
            for record in store.returns_for(kommun.kod, str(period))
            if record.forvaltning
        ),
        mall_skickad=sent,
        rapporter=reports,
        frister=legal_days(workplace, period, now),
        stangd=None if closing is None or closing.finished is None else local_time(kalender, closing.finished),
    )
    return build_board(kommun, deadlines_of(kommun, period), underlag, local_time(kalender, now))


def legal_days(workplace: Workplace, period: Period, now: dt.datetime) -> tuple[Lagfrist, ...]:
    """The law's days of a period, and those of earlier ones that had not passed when it began."""
    kommun, today = workplace.kommun, local_time(workplace.kommun.kalender, now).date()
    earlier = {Period(year, month) for year in (period.year - 1, period.year) for month in (kommun.delperiod, 12)}
    days = []
    for each in sorted({period, *(one for one in earlier if str(one) < str(period))}, key=str):
        found = legal_dates(legal_rules(), each, kommun.delperiod, today, handed_over=_is_handed_over(workplace, each))
        days += [one for one in found if each == period or one.datum >= f"{period}-01"]
    return tuple(days)


def _is_handed_over(workplace: Workplace, period: Period) -> bool:
    """Whether the period's statutory report has been sent out: that of the books, or the kommun's own where no books are closed."""
    books = [slag.upper() for slag in SLAG if slag != MANAD]
    statutory = [""] if workplace.kommun.bokslut is None else books
    sent_out = (Tillstand.DISTRIBUERAD, Tillstand.RATTAD)
    reports = (one for one in reports_of(workplace, str(period)) if one.kod in statutory)
    return any(standing(workplace, one).tillstand in sent_out for one in reports)


def publish_board(workplace: Workplace, period: Period, now: dt.datetime) -> Path:
    """Write the period's page, and ``index.html``: the newest month that has a page. The page's path.

    Nothing outside a file's own bytes is needed to read it; a reader never meets a half-written one.
    """
    folder = workplace.hem.tavla
    folder.mkdir(parents=True, exist_ok=True)
    months = sorted({period, *_months(folder)}, reverse=True)
    for month in {period, months[0]}:
        page = render_board(board_of(workplace, month, now), _links(months, month))
        _write(folder / f"{month}.html", page)
        if month == months[0]:
            _write(folder / "index.html", page)
    return folder / f"{period}.html"


def _months(folder: Path) -> list[Period]:
    """The months that have a page."""
    found = []
    for path in folder.glob("*.html"):
        try:
            found.append(Period.parse(path.stem))
        except ValueError:
            continue
    return found


def _links(months: list[Period], shown: Period) -> tuple[Manadslank, ...]:
    return tuple(Manadslank(f"{month}.html", month.text) for month in months if month != shown)


def _write(path: Path, content: bytes) -> None:
    fresh = path.with_suffix(f".{os.getpid()}.tmp")
    fresh.write_bytes(content)
    fresh.replace(path)
