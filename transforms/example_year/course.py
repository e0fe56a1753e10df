"""A year month by month: what each row was budgeted to, what it came to, last year's, and what was forecast when.

Whole tusental kronor (volumes: whole numbers), results signed as in the returns: income +, cost −, utgifter unsigned.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from data_contracts.kommun import Enhet, Kommun, RadTyp
from transforms.belopp import divide_half_away
from transforms.chance import drawn
from transforms.example_year.settings import Avsteg, Exempelar
from transforms.spread import spread

Key = tuple[str, str, str]
"""Enhet, mått, rad."""
Months = tuple[int, ...]
"""January first: how it stands when the month is over, accumulated."""

NOISE = 8
"""A month is at most so many promille from its budget, where nothing deviates."""
LAST_YEAR = 970
"""Last year's level in promille of this year's budget."""
_STEPS = ((100_000, 100), (20_000, 10), (0, 1))
"""Forecasts of rows of such a size are whole hundreds of tusental, of smaller ones whole tens, of the smallest whole ones."""
SERIER = ("budget", "utfall", "fg", "prognos")


@dataclass(frozen=True, slots=True)
class Row:
    """One row's year: each serie as it stands month by month. ``fg``: the same months of last year."""

    budget: Months
    utfall: Months
    fg: Months
    prognos: Months


Course = Mapping[Key, Row]


def year_course(kommun: Kommun, plan: Exempelar) -> Course:
    """Every entered row of drift, investeringar and volymer.

    Kommunbidrag pays for what an enhet costs, and the financing pays them all; what is avgiftsfinansierat is settled against its users, so
    that it ends at zero. Therefore the returns agree with each other in every month.
    """
    course: dict[Key, Row] = {}
    for kod, year in plan.enheter.items():
        course |= _drift(kommun, kommun.enhet(kod), plan)
        for rad, budget in year.investeringar.items():
            course[kod, "investeringar", rad] = _row(kommun, plan, (kod, "investeringar", rad), budget)
        for rad, budget in year.volymer.items():
            key = (kod, "volymer", rad)
            course[key] = _stock(plan, key, budget) if rad in year.bestand else _row(kommun, plan, key, budget)
    return course | _financing(kommun, plan, course)


def _drift(kommun: Kommun, enhet: Enhet, plan: Exempelar) -> dict[Key, Row]:
    year, types = plan.enheter[enhet.kod], _types(kommun, enhet)
    shares = {**plan.andelar[enhet.drift], **year.andelar}
    budget = {
        rad: 10 * divide_half_away(year.storlek_tkr * share * drawn(plan.fro, 97, 103, enhet.kod, rad), 1_000_000)
        for rad, share in shares.items()
    }
    rest = -sum(budget.values())
    bidrag = next((rad for rad, typ in types.items() if typ is RadTyp.BIDRAG), None)
    if bidrag is None:
        income = next(rad for rad, typ in types.items() if typ is RadTyp.INTAKT)
        budget[income] = budget.get(income, 0) + rest
    rows = {rad: _row(kommun, plan, (enhet.kod, "drift", rad), amount) for rad, amount in budget.items()}
    if bidrag is not None:
        rows[bidrag] = _decided(rest)
    for rad, typ in types.items():
        if typ is RadTyp.REGLERING:
            rows[rad] = opposite(list(rows.values()))
    return {(enhet.kod, "drift", rad): rows[rad] for rad in types}


def _types(kommun: Kommun, enhet: Enhet) -> dict[str, RadTyp]:
    return {rad.kod: rad.typ for rad in kommun.uppstallning(enhet.drift).poster}


def _financing(kommun: Kommun, plan: Exempelar, course: Course) -> dict[Key, Row]:
    own = plan.finansiering
    bidrag = [
        row
        for (enhet, matt, rad), row in course.items()
        if matt == "drift" and _types(kommun, kommun.enhet(enhet))[rad] is RadTyp.BIDRAG
    ]
    rows = {own.bidragsrad: opposite(bidrag)}
    tax = own.resultat_tkr - rows[own.bidragsrad].budget[-1] - sum(own.rader_tkr.values())
    for rad, budget in {own.skatterad: tax, **own.rader_tkr}.items():
        rows[rad] = _row(kommun, plan, (own.enhet, "drift", rad), budget)
    return {(own.enhet, "drift", rad): rows[rad] for rad in _types(kommun, kommun.enhet(own.enhet))}


def _row(kommun: Kommun, plan: Exempelar, key: Key, whole: int) -> Row:
    """A row that grows through the year by its seasonal key, near its budget but where it deviates."""
    enhet, matt, rad = key
    weights = kommun.periodisering.key_of(matt, enhet, rad).vikter if matt != "volymer" else (1,) * 12
    budget = spread(whole, weights)
    avsteg = _avsteg(plan, key)
    utfall = [
        _times(amount, 1000 + drawn(plan.fro, -NOISE, NOISE, *key, str(month)) + _off(avsteg, month, month))
        for month, amount in enumerate(budget, 1)
    ]
    last_year = [
        divide_half_away(amount * LAST_YEAR * (1000 + drawn(plan.fro, -NOISE, NOISE, *key, f"fg {month}")), 1_000_000)
        for month, amount in enumerate(budget, 1)
    ]
    return Row(_sums(budget), _sums(utfall), _sums(last_year), tuple(_forecasts(budget, _sums(utfall), avsteg)))


def _forecasts(budget: Sequence[int], utfall: Months, avsteg: Sequence[Avsteg]) -> Iterator[int]:
    """Each month's: what has been, and the rest of the budget with the deviations that are known by then. December's is what it came to."""
    step = next(step for size, step in _STEPS if abs(sum(budget)) >= size)
    for month in range(1, 12):
        rest = sum(_times(budget[later - 1], 1000 + _off(avsteg, later, month)) for later in range(month + 1, 13))
        yield divide_half_away(utfall[month - 1] + rest, step) * step
    yield utfall[-1]


def _stock(plan: Exempelar, key: Key, whole: int) -> Row:
    """A number at each time: places, children."""
    avsteg = _avsteg(plan, key)
    months = range(1, 13)
    utfall = tuple(
        _times(whole, 1000 + drawn(plan.fro, -NOISE, NOISE, *key, str(m)) + _off(avsteg, m, m)) for m in months
    )
    prognos = (*(_times(whole, 1000 + _off(avsteg, 12, month)) for month in months[:-1]), utfall[-1])
    return Row((whole,) * 12, utfall, (_times(whole, LAST_YEAR),) * 12, prognos)


def _decided(whole: int) -> Row:
    """A row that is decided, a twelfth a month: nothing deviates."""
    budget = _sums(spread(whole, (1,) * 12))
    last_year = _sums(spread(_times(whole, LAST_YEAR), (1,) * 12))
    return Row(budget, budget, last_year, (whole,) * 12)


def opposite(rows: Sequence[Row]) -> Row:
    """What the rows together are turned to zero by, in every serie and month."""
    return Row(
        *(
            tuple(-sum(months) for months in zip(*(getattr(row, serie) for row in rows), strict=True))
            for serie in SERIER
        )
    )


def _avsteg(plan: Exempelar, key: Key) -> list[Avsteg]:
    return [one for one in plan.avsteg if (one.enhet, one.matt, one.rad) == key]


def _off(avsteg: Iterable[Avsteg], month: int, known: int) -> int:
    """Promille that a month is off by, as far as is known in another."""
    return sum(one.promille for one in avsteg if one.fran_manad <= min(month, known))


def _times(amount: int, promille: int) -> int:
    return divide_half_away(amount * promille, 1000)


def _sums(months: Iterable[int]) -> Months:
    return tuple(accumulate(months))
