"""A made-up ledger that agrees with given results: a SIE file of type 4, the same from the same seed. For examples and tests."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data_contracts.modell import Modell
from transforms.ledger.sie import Dimension, Objekt, Saldo, SieFile, Transaktion, Verifikat
from transforms.period import Period
from transforms.spread import spread

MAX_NOISE_ORE = 49_999
"""How far a row of the ledger may be from the same row in the return, whose sender writes whole tusental."""


class Exempelkonto(Modell):
    """An account with its name, and its weight beside the others of its row."""

    konto: str
    namn: str
    vikt: int = 1


class Internpost(Modell):
    """What one enhet sells to another: as large a part of the buyer's row, in hundredths of a percent, on both sides."""

    saljare: str
    kopare: str
    intaktsrad: str
    kostnadsrad: str
    andel_bp: int


class Exempelbok(Modell):
    """``huvudbok_exempel.yaml`` beside a kommun's facts: which accounts the made-up ledger books on."""

    fro: int
    bank: Exempelkonto
    konton: dict[str, tuple[Exempelkonto, ...]]
    investeringskonto: Exempelkonto
    ansvar: dict[str, tuple[str, ...]]
    motpart: dict[str, str]
    projekt: dict[str, str]
    interna: tuple[Internpost, ...] = ()
    ingaende: dict[str, int]
    """Opening balances in kronor, debit + credit −; names in ``balanskonton``."""
    balanskonton: dict[str, str]


Results = Mapping[tuple[str, str, str], int]
"""Utfall in öre by (enhet, mått, rad), as in the returns: income +, cost −, utgifter unsigned."""


@dataclass(frozen=True, slots=True)
class _Post:
    konto: str
    ore: int
    objekt: Objekt


def example_ledger(book: Exempelbok, results: Results, period: Period, namn: str) -> SieFile:
    """The year's vouchers up to and with the period, one per enhet and month, and the balances that follow from them.

    Each row of the returns is spread over the months and over its accounts, and differs from the return by less than 500 kronor.

    Args:
        results: what each row is to come to, accumulated; rows of which there are none are not booked.
        namn: the name of the kommun.
    """
    months = [Period(period.year, month) for month in range(1, period.month + 1)]
    vouchers: list[Verifikat] = []
    for enhet in book.ansvar:
        posts = [
            _posts(book, enhet, matt, rad, ore, len(months))
            for (own, matt, rad), ore in sorted(results.items())
            if own == enhet
        ]
        posts.extend(_internal(book, enhet, results, len(months)))
        for place, month in enumerate(months):
            rows = [post for spreads in posts for post in spreads[place] if post.ore]
            if rows:
                vouchers.append(_voucher(book, enhet, month, rows, len(vouchers) + 1))
    names = {konto.konto: konto.namn for listed in book.konton.values() for konto in listed}
    names |= {
        book.bank.konto: book.bank.namn,
        book.investeringskonto.konto: book.investeringskonto.namn,
        **book.balanskonton,
    }
    return SieFile(
        typ="4",
        program="Exempelbok",
        foretag=namn,
        orgnr="000000-0000",
        rakenskapsar={0: (dt.date(period.year, 1, 1), dt.date(period.year, 12, 31))},
        omfattning=period.last_day,
        konton=dict(sorted(names.items())),
        dimensioner={"1": Dimension("Ansvar"), "6": Dimension("Projekt"), "21": Dimension("Motpart")},
        objekt={("1", ansvar): enhet for enhet, listed in book.ansvar.items() for ansvar in listed},
        saldon=_balances(book, vouchers),
        verifikat=tuple(vouchers),
    )


def _chance(book: Exempelbok, *words: str) -> int:
    """A number that looks drawn but follows from the seed and the words."""
    return zlib.crc32("|".join((str(book.fro), *words)).encode())


def _posts(book: Exempelbok, enhet: str, matt: str, rad: str, ore: int, months: int) -> list[list[_Post]]:
    """Per month, what is booked for one row."""
    investing = matt == "investeringar"
    if not ore:
        return [[] for _ in range(months)]
    noise = _chance(book, enhet, matt, rad) % (2 * MAX_NOISE_ORE + 1) - MAX_NOISE_ORE
    ledger = (ore if investing else -ore) + noise
    accounts = (book.investeringskonto,) if investing else book.konton[rad]
    weights = [90 + _chance(book, enhet, rad, str(month)) % 20 for month in range(months)]
    spreads: list[list[_Post]] = []
    for month, amount in enumerate(spread(ledger, weights)):
        parts = spread(amount, [account.vikt for account in accounts])
        posts = []
        for account, part in zip(accounts, parts, strict=True):
            places = book.ansvar[enhet]
            ansvar = places[_chance(book, enhet, account.konto, str(month)) % len(places)]
            objekt: Objekt = (("1", ansvar),)
            if investing:
                objekt = (*objekt, ("6", book.projekt[f"{enhet}.{rad}"]))
            posts.append(_Post(account.konto, part, objekt))
        spreads.append(posts)
    return spreads


def _internal(book: Exempelbok, enhet: str, results: Results, months: int) -> list[list[list[_Post]]]:
    """Per internal post and month: the part of the row that is with another enhet, moved from no motpart to its motpart."""
    moved = []
    for post in book.interna:
        amount = abs(results.get((post.kopare, "drift", post.kostnadsrad), 0)) * post.andel_bp // 10_000
        for own, other, rad, sign in (
            (post.saljare, post.kopare, post.intaktsrad, -1),
            (post.kopare, post.saljare, post.kostnadsrad, 1),
        ):
            if own == enhet and amount:
                konto, ansvar = book.konton[rad][0].konto, (("1", book.ansvar[enhet][0]),)
                marked = (*ansvar, ("21", book.motpart[other]))
                parts = spread(sign * amount, [1] * months)
                moved.append([[_Post(konto, part, marked), _Post(konto, -part, ansvar)] for part in parts])
    return moved


def _voucher(book: Exempelbok, enhet: str, month: Period, rows: Sequence[_Post], number: int) -> Verifikat:
    against = -sum(row.ore for row in rows)
    booked = [Transaktion(row.konto, row.ore, row.objekt) for row in rows]
    if against:
        booked.append(Transaktion(book.bank.konto, against))
    return Verifikat("H", str(number), month.last_day, f"{enhet} {month}", tuple(booked))


def _balances(book: Exempelbok, vouchers: Sequence[Verifikat]) -> tuple[Saldo, ...]:
    moved: dict[str, int] = {}
    for voucher in vouchers:
        for row in voucher.rader:
            moved[row.konto] = moved.get(row.konto, 0) + row.ore
    opening = {konto: kr * 100 for konto, kr in book.ingaende.items()}
    balance = sorted({*opening, *(konto for konto in moved if konto[0] in "12")})
    return (
        *(Saldo("IB", 0, konto, opening[konto]) for konto in sorted(opening)),
        *(Saldo("UB", 0, konto, opening.get(konto, 0) + moved.get(konto, 0)) for konto in balance),
        *(Saldo("RES", 0, konto, moved[konto]) for konto in sorted(moved) if konto[0] not in "12"),
    )
