"""The year calendar worked out for one period: when the template goes out, when the return is due, and what follows when it is late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Set
from dataclasses import dataclass

from data_contracts.kommun import Kalender
from transforms.period import Period

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sammantrade:
    """The meeting that treats the period: the nämnd's first after the due day; ``datum`` is None when none is given."""

    namnd: str
    datum: dt.date | None


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The days of one period, local dates, all but ``periodslut`` and the meetings working days.

    Attributes:
        senast, senast_tid: the due day and the time of that day.
        avslutas: the day that the next period's templates go out; nothing more is sent about this one from then on.
        sammantraden: per nämnd of the calendar, in its order.
    """

    period: Period
    periodslut: dt.date
    mall: dt.date
    paminnelse: dt.date
    senast: dt.date
    senast_tid: dt.time
    forsenad: dt.date
    eskalering: dt.date
    avslutas: dt.date
    sammantraden: tuple[Sammantrade, ...]

    @property
    def senast_text(self) -> str:
        """'2026-05-12 kl. 12.00'."""
        return f"{self.senast} kl. {self.senast_tid:%H.%M}"

    def is_due(self, local: dt.datetime) -> bool:
        """True from the due time on, in local time."""
        return (local.date(), local.time()) >= (self.senast, self.senast_tid)


def deadlines(kalender: Kalender, period: Period, days_off: Set[dt.date]) -> Deadlines:
    """The days of one period. Due on the n:th working day after the period's end; the others counted in working days from there.

    Source: the kommun's own calendar (``kommun.yaml``, kalender).

    Args:
        days_off: dates that are no working days, besides Saturdays and Sundays, of the years around the period. The calendar's own
            (``lokala_lediga_dagar``) are added here.

    Example:
        >>> kalender = Kalender(retur_senast_arbetsdag=7, stangning_dag=14)
        >>> str(deadlines(kalender, Period(2026, 4), {dt.date(2026, 5, 1)}).senast)
        '2026-05-12'
    """
    off = frozenset(days_off) | frozenset(kalender.lokala_lediga_dagar)
    due = _due_day(kalender, period, off)
    next_due = _due_day(kalender, period.following, off)
    return Deadlines(
        period=period,
        periodslut=period.last_day,
        mall=add_working_days(due, -kalender.mall_arbetsdagar_fore, off),
        paminnelse=add_working_days(due, -kalender.paminnelse_arbetsdagar_fore, off),
        senast=due,
        senast_tid=dt.time.fromisoformat(kalender.retur_senast_tid),
        forsenad=add_working_days(due, kalender.forsenad_arbetsdagar_efter, off),
        eskalering=add_working_days(due, kalender.eskalering_arbetsdagar_efter, off),
        avslutas=add_working_days(next_due, -kalender.mall_arbetsdagar_fore, off),
        sammantraden=tuple(
            Sammantrade(namnd, min((day for day in days if day > due), default=None))
            for namnd, days in kalender.sammantraden.items()
        ),
    )


def _due_day(kalender: Kalender, period: Period, days_off: Set[dt.date]) -> dt.date:
    return add_working_days(period.last_day, kalender.retur_senast_arbetsdag, days_off)


def is_working_day(day: dt.date, days_off: Set[dt.date]) -> bool:
    """Monday to Friday and no day off. A klämdag is a working day unless the kommun lists it."""
    return day.weekday() < 5 and day not in days_off


def add_working_days(day: dt.date, count: int, days_off: Set[dt.date]) -> dt.date:
    """The ``count``:th working day after ``day`` (before it when negative); the day itself when 0.

    Example:
        >>> str(add_working_days(dt.date(2026, 4, 2), 1, {dt.date(2026, 4, 3), dt.date(2026, 4, 6)}))
        '2026-04-07'
    """
    step = _DAY if count > 0 else -_DAY
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day, days_off):
            day += step
    return day
