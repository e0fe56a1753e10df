"""Swedish days off, from the kept library ``holidays``: which dates are no working days, and what they are called."""

from __future__ import annotations

import datetime as dt

import holidays
from holidays.countries.sweden import Sweden

_DAYS_OFF = (holidays.PUBLIC, holidays.DE_FACTO)


def days_off(first_year: int, last_year: int) -> frozenset[dt.date]:
    """The red days of those years, and midsommarafton, julafton and nyårsafton. Weekends are not listed unless they are red.

    Source: lag (1989:253) om allmänna helgdagar 1 §; semesterlagen (1977:480) 3 a § equates the three eves with Sundays.

    Example:
        >>> dt.date(2026, 6, 19) in days_off(2026, 2026)
        True
    """
    years = range(first_year, last_year + 1)
    return frozenset(Sweden(years=years, include_sundays=False, categories=_DAYS_OFF))
