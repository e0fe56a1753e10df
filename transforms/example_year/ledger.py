"""The made-up year's ledger: last year's, closed, and this year's up to a month, opening on what last year closed with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from transforms.example_year.course import Course, Key
from transforms.ledger.example import PROJEKT, Exempelbok, first_opening, ledger_of_course, next_opening
from transforms.ledger.sie import Objekt, Saldo, SieFile
from transforms.period import Period
from transforms.spread import TOLFTEDELAR, spread

_ORE_PER_TKR = 100_000


def year_ledgers(book: Exempelbok, course: Course, period: Period, namn: str) -> tuple[SieFile, SieFile]:
    """Last year's ledger and this year's, both up to and with the period's month; this year's opens on the whole of last year.

    Returns:
        (last year's, this year's). Amounts agree with the returns' utfall of the same months but for less than 500 kronor a row.
    """
    december = Period(period.year - 1, 12)
    closed = ledger_of_course(book, dict(_months(course, "fg")), first_opening(book), december, namn)
    before = (
        closed
        if period.month == 12
        else ledger_of_course(
            book, dict(_months(course, "fg")), first_opening(book), Period(period.year - 1, period.month), namn
        )
    )
    opening = next_opening(book, closed)
    this = ledger_of_course(book, dict(_months(course, "utfall")), opening, period, namn)
    year = (dt.date(period.year - 1, 1, 1), dt.date(period.year - 1, 12, 31))
    brought = tuple(Saldo("UB", -1, konto, ore) for konto, ore in sorted(opening.items()))
    return before, replace(this, rakenskapsar={**this.rakenskapsar, -1: year}, saldon=(*this.saldon, *brought))


def with_budget(book: Exempelbok, sie: SieFile, budget: Mapping[Key, int]) -> SieFile:
    """The ledger with the year's budget in it, a twelfth a month: each row on its first konto and the enhet's first ansvar.

    Args:
        budget: tusental kronor per row, signed as in the returns.
    """
    ar = sie.rakenskapsar[0][1].year
    held: dict[tuple[str, Objekt], int] = {}
    for (enhet, matt, rad), tkr in budget.items():
        investing = matt == "investeringar"
        konto = book.egna_investeringskonton.get(rad, book.investeringskonto) if investing else book.konton[rad][0]
        objekt: Objekt = (("1", book.ansvar[enhet][0]),)
        if investing:
            objekt = (*objekt, (PROJEKT, book.projekt[f"{enhet}.{rad}"]))
        key = (konto.konto, objekt)
        held[key] = held.get(key, 0) + tkr * _ORE_PER_TKR * (1 if investing else -1)
    rows = (
        Saldo("PBUDGET", 0, konto, ore, objekt, str(Period(ar, month)))
        for (konto, objekt), whole in sorted(held.items())
        for month, ore in enumerate(spread(whole, TOLFTEDELAR), 1)
        if whole
    )
    return replace(sie, saldon=(*sie.saldon, *rows))


def _months(course: Course, serie: str) -> Iterator[tuple[Key, Sequence[int]]]:
    """What each month came to, in öre, of what is money."""
    for key, row in course.items():
        if key[1] != "volymer":
            so_far = getattr(row, serie)
            yield key, [(now - was) * _ORE_PER_TKR for was, now in zip((0, *so_far), so_far, strict=False)]
