"""The law's last day for the report that a period ends with: delårsrapport or årsredovisning."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from data_contracts.lagfrister import LagRegel
from transforms.period import MANADER, Period


@dataclass(frozen=True, slots=True)
class Lagfrist:
    """One legal day and how far away it is. ``lage``: kommande, nara (within 14 days), passerad or klar."""

    text: str
    datum: str
    datum_text: str
    kvar_text: str
    lage: str
    referens: str


NEAR_DAYS = 14
"""How many days before that the board marks a legal day. Röda trådens own, as the board's other marks."""


def legal_dates(
    rules: Sequence[LagRegel], period: Period, delperiod: int, today: dt.date, *, handed_over: bool
) -> tuple[Lagfrist, ...]:
    """The legal days of a period, counted down; none for a month that no statutory report ends with.

    Source: kommunallagen (2017:725) 11 kap. 16 and 20 §§, as ``data_contracts/lagfrister.yaml`` has them by date.

    Args:
        delperiod: the month that the kommun's statutory delårsrapport ends with.
        handed_over: whether the statutory report has been sent out.
    """
    kinds = {"arsredovisning"} if period.month == 12 else {"delarsrapport"} if period.month == delperiod else set()
    valid = sorted((rule for rule in rules if rule.giltig_fran <= period.last_day), key=lambda rule: rule.giltig_fran)
    newest = {rule.rapport: rule for rule in valid if rule.rapport in kinds}
    return tuple(_counted(rule, due_day(rule, period), today, handed_over=handed_over) for rule in newest.values())


def due_day(rule: LagRegel, period: Period) -> dt.date:
    """The last day that the rule gives for a period.

    Source: the rule's own ``referens``.

    Example:
        >>> two_months = LagRegel(rapport="delarsrapport", text="t", manader_efter_period=2, giltig_fran=dt.date(2019, 1, 1), referens="KL")
        >>> str(due_day(two_months, Period(2026, 8)))
        '2026-10-31'
    """
    if rule.manader_efter_period is None:
        return dt.date(period.year + 1, rule.manad or 12, rule.dag or 31)
    months = period.month + rule.manader_efter_period - 1
    year, month = period.year + months // 12, months % 12 + 1
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _counted(rule: LagRegel, day: dt.date, today: dt.date, *, handed_over: bool) -> Lagfrist:
    left = (day - today).days
    if handed_over:
        state, said = "klar", "lämnad"
    elif left < 0:
        state, said = "passerad", f"passerad för {_days(-left)} sedan"
    else:
        state, said = ("nara" if left <= NEAR_DAYS else "kommande"), "i dag" if left == 0 else f"{_days(left)} kvar"
    text = f"{day.day} {MANADER[day.month - 1]} {day.year}"
    return Lagfrist(rule.text, day.isoformat(), text, said, state, rule.referens)


def _days(count: int) -> str:
    return "1 dag" if count == 1 else f"{count} dagar"
