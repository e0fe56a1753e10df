"""The days of a period, and which of the calendar's mails they ask for."""

from __future__ import annotations

import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo

from adapters.kommun_config import load_model
from adapters.working_days import days_off
from data_contracts.kommun import Kalender, Kommun
from data_contracts.lagfrister import Lagfrister, LagRegel
from flows.home import CHECKOUT
from flows.workplace import Workplace
from transforms.deadlines import Deadlines, deadlines
from transforms.period import Period


def deadlines_of(kommun: Kommun, period: Period) -> Deadlines:
    """The period's days by the kommun's calendar and the red days of Sweden."""
    return deadlines(kommun.kalender, period, red_days(period))


def red_days(period: Period) -> frozenset[dt.date]:
    """Days off of the years around the period."""
    return days_off(period.year - 1, period.year + 1)


def local_time(kalender: Kalender, now: dt.datetime) -> dt.datetime:
    """The time in the kommun's zone."""
    return now.astimezone(ZoneInfo(kalender.tidszon))


@cache
def legal_rules() -> tuple[LagRegel, ...]:
    """The law's days for the reports."""
    return load_model(CHECKOUT / "data_contracts" / "lagfrister.yaml", Lagfrister).regler


def current_periods(workplace: Workplace, now: dt.datetime) -> tuple[Period, ...]:
    """The calendar's periods that a mail may be due about: last month, and this one when its template goes out before it ends."""
    kalender = workplace.kommun.kalender
    this = Period.containing(local_time(kalender, now).date())
    return tuple(period for period in (this.previous, this) if period.month in kalender.perioder)
