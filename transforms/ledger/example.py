"""A made-up ledger that agrees with given results: a SIE file of type 4, the same from the same seed. For examples and tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import Field

from data_contracts.modell import Modell
from transforms.chance import chance
from transforms.ledger.sie import Dimension, Objekt, Saldo, SieFile, Transaktion, Verifikat
from transforms.period import Period
from transforms.spread import spread

PROJEKT = "6"
"""The dimension of projects."""
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

    @property
    def bought(self) -> tuple[str, str, str]:
        """The buyer's row: enhet, mått, rad."""
        return self.kopare, "drift", self.kostnadsrad


class Balanspost(Modell):
    """Something that moves between two balance accounts in a month: a loan, debts at the end of the year."""

    text: str
    manad: int = Field(ge=1, le=12)
    debet: str
    kredit: str
    kr: int


class Resultatkonto(Modell):
    """The account that holds last year's result when the year begins, and the account that it is moved to in January."""

    konto: str
    namn: str
    till: str


class Exempelbok(Modell):
    """``huvudbok_exempel.yaml`` beside a kommun's facts: which accounts the made-up ledger books on.

    Attributes:
        egna_investeringskonton: by row of the investeringar, where other than ``investeringskonto``.
        overforingar: rows that go out against each other where the returns are rounded: the receivers' row, and the giver's.
        utan_brus: rows that the ledger has to the krona as in the returns, so that they go out against each other.
        motkonton: by konto, what is booked against it instead of the bank: avskrivningar against their assets.
    """

    fro: int
    bank: Exempelkonto
    konton: dict[str, tuple[Exempelkonto, ...]]
    investeringskonto: Exempelkonto
    egna_investeringskonton: dict[str, Exempelkonto] = Field({})
    overforingar: dict[str, str] = Field({})
    utan_brus: tuple[str, ...] = ()
    motkonton: dict[str, Exempelkonto] = Field({})
    balansposter: tuple[Balanspost, ...] = ()
    arets_resultat: Resultatkonto | None = None
    ansvar: dict[str, tuple[str, ...]]
    motpart: dict[str, str]
    projekt: dict[str, str]
    interna: tuple[Internpost, ...] = ()
    ingaende: dict[str, int]
    """Opening balances in kronor, debit + credit −; names in ``balanskonton``."""
    balanskonton: dict[str, str]


RowKey = tuple[str, str, str]
"""Enhet, mått, rad."""
Results = Mapping[RowKey, int]
"""Utfall in öre, as in the returns: income +, cost −, utgifter unsigned."""
Course = Mapping[RowKey, Sequence[int]]
"""The same month by month, January first: what each month came to."""


@dataclass(frozen=True, slots=True)
class _Post:
    konto: str
    ore: int
    objekt: Objekt


def example_ledger(book: Exempelbok, results: Results, period: Period, namn: str) -> SieFile:
    """The year's vouchers up to and with the period, one per enhet and month, and the balances that follow from them.

    Each row of the returns is spread over the months and over its accounts, and differs from the return by less than 500 kronor. What
    the kommun's own transfer to each other goes out to the öre every month, where the returns say the same but for their rounding.

    Args:
        results: what each row is to come to, accumulated; rows of which there are none are not booked.
        namn: the name of the kommun.
    """
    course: dict[RowKey, Sequence[int]] = {}
    for (enhet, matt, rad), ore in results.items():
        whole = ore + _noise(book, (enhet, matt, rad)) if ore else 0
        weights = [90 + chance(book.fro, enhet, rad, str(month)) % 20 for month in range(period.month)]
        course[enhet, matt, rad] = spread(whole, weights)
    course |= _transfers(book, results, period.month)
    internal = {
        post: spread(abs(results.get(post.bought, 0)) * post.andel_bp // 10_000, [1] * period.month)
        for post in book.interna
    }
    return _ledger(book, course, internal, first_opening(book), period, namn)


def ledger_of_course(
    book: Exempelbok, course: Course, opening: Mapping[str, int], period: Period, namn: str
) -> SieFile:
    """The same where it is known what each month came to: a month's vouchers are then the same in every file of the year.

    The rows of the returns are whole tusental; the ledger is off by less than 500 kronor, all of it in January.

    Args:
        opening: the year's opening balances in öre, debit +.
    """
    noised = {
        key: (months[0] + _noise(book, key), *months[1:]) if key[2] not in book.utan_brus and any(months) else months
        for key, months in course.items()
    }
    internal = {
        post: [abs(ore) * post.andel_bp // 10_000 for ore in course.get(post.bought, ())] for post in book.interna
    }
    return _ledger(book, noised, internal, opening, period, namn)


def first_opening(book: Exempelbok) -> dict[str, int]:
    """The opening balances of the example's first year, in öre."""
    return {konto: kr * 100 for konto, kr in book.ingaende.items()}


def _ledger(
    book: Exempelbok,
    course: Course,
    internal: Mapping[Internpost, Sequence[int]],
    opening: Mapping[str, int],
    period: Period,
    namn: str,
) -> SieFile:
    """Vouchers and balances of what each month came to, and of how much of it was between the kommun's own."""
    months = [Period(period.year, month) for month in range(1, period.month + 1)]
    vouchers: list[Verifikat] = []
    for enhet in book.ansvar:
        posts = [
            _posts(book, key, amounts[: len(months)]) for key, amounts in sorted(course.items()) if key[0] == enhet
        ]
        posts.extend(_internal(book, enhet, internal, len(months)))
        for place, month in enumerate(months):
            rows = [post for spreads in posts for post in spreads[place] if post.ore]
            if rows:
                vouchers.append(_voucher(book, enhet, month, rows, len(vouchers) + 1))
    vouchers.extend(_balance_vouchers(book, opening, months, len(vouchers) + 1))
    return SieFile(
        typ="4",
        program="Exempelbok",
        foretag=namn,
        orgnr="000000-0000",
        rakenskapsar={0: (dt.date(period.year, 1, 1), dt.date(period.year, 12, 31))},
        omfattning=period.last_day,
        konton=dict(sorted(_names(book).items())),
        dimensioner={"1": Dimension("Ansvar"), PROJEKT: Dimension("Projekt"), "21": Dimension("Motpart")},
        objekt={("1", ansvar): enhet for enhet, listed in book.ansvar.items() for ansvar in listed},
        saldon=_balances(opening, vouchers),
        verifikat=tuple(vouchers),
    )


def next_opening(book: Exempelbok, closed: SieFile) -> dict[str, int]:
    """The opening balances of the year after a closed one: its closing ones, and its result on the account for it."""
    opening = {saldo.konto: saldo.ore for saldo in closed.saldon if saldo.etikett == "UB"}
    if book.arets_resultat is not None:
        konto = book.arets_resultat.konto
        result = sum(saldo.ore for saldo in closed.saldon if saldo.etikett == "RES")
        opening[konto] = opening.get(konto, 0) + result
    return opening


def _names(book: Exempelbok) -> dict[str, str]:
    listed = [
        *(konto for konton in book.konton.values() for konto in konton),
        *book.egna_investeringskonton.values(),
        *book.motkonton.values(),
        book.bank,
        book.investeringskonto,
    ]
    own = {} if book.arets_resultat is None else {book.arets_resultat.konto: book.arets_resultat.namn}
    return {**{konto.konto: konto.namn for konto in listed}, **own, **book.balanskonton}


def _transfers(book: Exempelbok, results: Results, months: int) -> dict[RowKey, Sequence[int]]:
    """Per month, the rows that go out against each other: what the returns' rounding leaves is shared between them, and the giver's row
    is the receivers' with the other sign. Returns that leave more than rounding can are not evened."""
    made: dict[RowKey, Sequence[int]] = {}
    for own, other in book.overforingar.items():
        keys = [key for key in sorted(results) if key[1] == "drift" and key[2] in (own, other)]
        givers, rest = [key for key in keys if key[2] == other], sum(results[key] for key in keys)
        if len(givers) != 1 or abs(rest) > MAX_NOISE_ORE * len(keys):
            continue
        shares = dict(zip(keys, spread(rest, [1] * len(keys)), strict=True))
        received = {key: spread(results[key] - shares[key], [1] * months) for key in keys if key not in givers}
        made |= received
        made[givers[0]] = tuple(-sum(amounts) for amounts in zip(*received.values(), strict=True))
    return made


def _noise(book: Exempelbok, key: RowKey) -> int:
    """How far the ledger is from a row of the returns."""
    return (chance(book.fro, *key) % (2 * MAX_NOISE_ORE + 1) - MAX_NOISE_ORE) * (1 if key[1] == "investeringar" else -1)


def _posts(book: Exempelbok, key: RowKey, months: Sequence[int]) -> list[list[_Post]]:
    """Per month, what is booked for one row: results turned to the ledger's sign."""
    enhet, matt, rad = key
    investing = matt == "investeringar"
    own = book.egna_investeringskonton.get(rad, book.investeringskonto)
    accounts = (own,) if investing else book.konton[rad]
    spreads: list[list[_Post]] = []
    for month, amount in enumerate(months):
        parts = spread(amount if investing else -amount, [account.vikt for account in accounts])
        posts = []
        for account, part in zip(accounts, parts, strict=True):
            places = book.ansvar[enhet]
            ansvar = places[chance(book.fro, enhet, account.konto, str(month)) % len(places)]
            objekt: Objekt = (("1", ansvar),)
            if investing:
                objekt = (*objekt, (PROJEKT, book.projekt[f"{enhet}.{rad}"]))
            posts.append(_Post(account.konto, part, objekt))
        spreads.append(posts)
    return spreads


def _internal(
    book: Exempelbok, enhet: str, internal: Mapping[Internpost, Sequence[int]], months: int
) -> list[list[list[_Post]]]:
    """Per internal post and month: the part of the row that is with another enhet, moved from no motpart to its motpart."""
    moved = []
    for post, amounts in internal.items():
        for own, other, rad, sign in (
            (post.saljare, post.kopare, post.intaktsrad, -1),
            (post.kopare, post.saljare, post.kostnadsrad, 1),
        ):
            if own == enhet and any(amounts):
                konto, ansvar = book.konton[rad][0].konto, (("1", book.ansvar[enhet][0]),)
                marked = (*ansvar, ("21", book.motpart[other]))
                parts = [sign * amount for amount in amounts[:months]]
                moved.append([[_Post(konto, part, marked), _Post(konto, -part, ansvar)] for part in parts])
    return moved


def _voucher(book: Exempelbok, enhet: str, month: Period, rows: Sequence[_Post], number: int) -> Verifikat:
    """The rows and what stands against them: the bank, or the account's own."""
    against: dict[str, int] = {}
    for row in rows:
        konto = book.motkonton.get(row.konto, book.bank).konto
        against[konto] = against.get(konto, 0) - row.ore
    booked = [Transaktion(row.konto, row.ore, row.objekt) for row in rows]
    booked += [Transaktion(konto, ore) for konto, ore in against.items() if ore]
    return Verifikat("H", str(number), month.last_day, f"{enhet} {month}", tuple(booked))


def _balance_vouchers(
    book: Exempelbok, opening: Mapping[str, int], months: Sequence[Period], number: int
) -> Iterator[Verifikat]:
    """What moves between balance accounts: last year's result in January, loans, debts at the end of the year."""
    own = book.arets_resultat
    moved = 0 if own is None else opening.get(own.konto, 0)
    if own is not None and moved:
        rows = (Transaktion(own.konto, -moved), Transaktion(own.till, moved))
        yield Verifikat("B", str(number), months[0].last_day, "Föregående års resultat", rows)
        number += 1
    for post in book.balansposter:
        if post.manad <= len(months):
            rows = (Transaktion(post.debet, post.kr * 100), Transaktion(post.kredit, -post.kr * 100))
            yield Verifikat("B", str(number), months[post.manad - 1].last_day, post.text, rows)
            number += 1


def _balances(opening: Mapping[str, int], vouchers: Sequence[Verifikat]) -> tuple[Saldo, ...]:
    moved: dict[str, int] = {}
    for voucher in vouchers:
        for row in voucher.rader:
            moved[row.konto] = moved.get(row.konto, 0) + row.ore
    balance = sorted({*opening, *(konto for konto in moved if konto[0] in "12")})
    return (
        *(Saldo("IB", 0, konto, opening[konto]) for konto in sorted(opening)),
        *(Saldo("UB", 0, konto, opening.get(konto, 0) + moved.get(konto, 0)) for konto in balance),
        *(Saldo("RES", 0, konto, moved[konto]) for konto in sorted(moved) if konto[0] not in "12"),
    )
