"""A month of the made-up year as facts: the budget register, and every förvaltning's return with its comments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal

from data_contracts.kommun import Enhet, Kommun, RadTyp
from transforms.belopp import antal_text
from transforms.chance import drawn
from transforms.example_year.course import Course, Key, Row
from transforms.example_year.goals import goal_rows
from transforms.example_year.settings import Anslag, Avsteg, Exempelar
from transforms.example_year.staff import staff_rows
from transforms.fact_values import (
    Beslut,
    Facts,
    Inlamning,
    Kalla,
    Kommentarfakta,
    Radfakta,
    Registerfakta,
    Returfakta,
)
from transforms.period import MANADER, Period
from transforms.spread import spread
from transforms.template_rows import HELHET

KALLA = "exempel"
_BORNE = (RadTyp.BIDRAG, RadTyp.FINANS, RadTyp.REGLERING)
"""Rows of the drift that belong to no verksamhet."""
_HANDED_IN_DAYS = 8


def example_facts(kommun: Kommun, plan: Exempelar, course: Course, period: Period) -> Facts:
    """The facts of one month, as the förvaltningar would have filled their templates."""
    handed_in = Inlamning("Förvaltningsekonom", period.last_day + dt.timedelta(days=_HANDED_IN_DAYS), "klar")
    returns = []
    for forvaltning in kommun.forvaltningar:
        enheter = [kommun.enhet(kod) for kod in forvaltning.enheter]
        rows = [row for enhet in enheter for row in _rows(kommun, plan, course, enhet, period)]
        comments = [text for enhet in enheter for text in _comments(plan, course, enhet, period)]
        returns.append(Returfakta(forvaltning.kod, handed_in, tuple(rows), tuple(comments)))
    source = Kalla(KALLA, plan.kalla, "finns inte; kommunen är påhittad", "tkr")
    return Facts(
        period=period,
        kallor=(source,),
        budget=tuple(_budget(plan, course)),
        anslagsforandringar=tuple(_changes(plan)),
        bokslut=tuple(_last_year(kommun, plan, course)),
        returer=tuple(returns),
    )


def budget_at(plan: Exempelar, course: Course, period: Period) -> dict[Key, int]:
    """The year's budget of every row in tusental kronor as it is decided on the period's last day: what the ledger holds then."""
    later = _changed(plan, (one for one in plan.anslag if one.datum > period.last_day))
    return {key: row.budget[-1] - later.get(key, 0) for key, row in course.items() if key[1] != "volymer"}


def _changed(plan: Exempelar, anslag: Iterable[Anslag]) -> dict[Key, int]:
    """What decisions of the year move, by row: what the enhet gets, uses, and the financing pays."""
    moved: dict[Key, int] = {}
    for one in anslag:
        for enhet, rad, tkr in _sides(plan, one.enhet, one.rad, one.tkr):
            moved[enhet, "drift", rad] = moved.get((enhet, "drift", rad), 0) + tkr
    return moved


def _sides(plan: Exempelar, enhet: str, rad: str, tkr: int) -> tuple[tuple[str, str, int], ...]:
    own = plan.finansiering
    return (enhet, own.namndrad, tkr), (enhet, rad, -tkr), (own.enhet, own.bidragsrad, -tkr)


def _budget(plan: Exempelar, course: Course) -> Iterator[Registerfakta]:
    """The budget as it was first decided: what it is now less what the year's decisions have moved."""
    decision, moved = Beslut(plan.organ, plan.paragraf, plan.beslutsdatum), _changed(plan, plan.anslag)
    for (enhet, matt, rad), row in course.items():
        if matt != "volymer":
            amount = Decimal(row.budget[-1] - moved.get((enhet, matt, rad), 0))
            yield Registerfakta(enhet, matt, rad, amount, KALLA, decision)


def _changes(plan: Exempelar) -> Iterator[Registerfakta]:
    number = 0
    for one in plan.anslag:
        for enhet, rad, tkr in _sides(plan, one.enhet, one.rad, one.tkr):
            number += 1
            decision = Beslut(plan.organ, one.paragraf, one.datum)
            yield Registerfakta(enhet, "drift", rad, Decimal(tkr), KALLA, decision, str(number), one.benamning)


def _last_year(kommun: Kommun, plan: Exempelar, course: Course) -> Iterator[Registerfakta]:
    """How last year ended, on the row that bears each enhet's result."""
    for kod in (*plan.enheter, plan.finansiering.enhet):
        enhet = kommun.enhet(kod)
        for matt, uppstallning in (("drift", enhet.drift), ("investeringar", enhet.investeringar)):
            if uppstallning is not None:
                rows = [row for (own, of, _), row in course.items() if (own, of) == (kod, matt)]
                whole = Decimal(sum(row.fg[-1] for row in rows))
                yield Registerfakta(kod, matt, kommun.uppstallning(uppstallning).resultatrad, whole, KALLA)


def _rows(kommun: Kommun, plan: Exempelar, course: Course, enhet: Enhet, period: Period) -> Iterator[Radfakta]:
    own = {(matt, rad): row for (kod, matt, rad), row in course.items() if kod == enhet.kod}
    for (matt, rad), row in own.items():
        values = _values(row, period.month)
        if matt != "volymer":
            del values["budget"]
        yield _fact(matt, enhet, rad, values)
    if enhet.verksamheter:
        types = {rad.kod: rad.typ for rad in kommun.uppstallning(enhet.drift).poster}
        borne = [row for (matt, rad), row in own.items() if matt == "drift" and types[rad] not in _BORNE]
        weights = [drawn(plan.fro, 2, 9, enhet.kod, part.kod) for part in enhet.verksamheter]
        for part, values in zip(enhet.verksamheter, split_values(borne, weights, period.month), strict=True):
            yield _fact("drift_verksamhet", enhet, part.kod, values)
    yield from staff_rows(kommun, plan, enhet, period, KALLA)
    yield from goal_rows(kommun, plan, enhet, period, KALLA)


def _values(row: Row, month: int) -> dict[str, int]:
    return {
        "budget": row.budget[-1],
        "periodbudget": row.budget[month - 1],
        "utfall": row.utfall[month - 1],
        "utfall_fg_ar": row.fg[month - 1],
        "prognos": row.prognos[month - 1],
    }


def split_values(rows: list[Row], weights: list[int], month: int) -> list[dict[str, int]]:
    """The rows' sum in parts that sum to it exactly, in every serie."""
    whole: dict[str, int] = {}
    for row in rows:
        for serie, value in _values(row, month).items():
            whole[serie] = whole.get(serie, 0) + value
    parts = {serie: spread(value, weights) for serie, value in whole.items()}
    return [{serie: values[at] for serie, values in parts.items()} for at in range(len(weights))]


def _fact(tabell: str, enhet: Enhet, rad: str, values: dict[str, int]) -> Radfakta:
    return Radfakta(tabell, enhet.kod, rad, tuple((serie, Decimal(value)) for serie, value in values.items()), KALLA)


def _comments(plan: Exempelar, course: Course, enhet: Enhet, period: Period) -> Iterator[Kommentarfakta]:
    """One on the whole of an enhet's drift, another each month, and one on each row that deviates."""
    if plan.lagesbilder and enhet.kod in plan.enheter:
        text = plan.lagesbilder[(period.month + drawn(plan.fro, 0, 99, enhet.kod)) % len(plan.lagesbilder)]
        yield Kommentarfakta(enhet.kod, "drift", HELHET, KALLA, text)
    for one in plan.avsteg:
        if one.enhet == enhet.kod and one.fran_manad <= period.month:
            yield _comment(one, course[one.enhet, one.matt, one.rad], period)


def _comment(one: Avsteg, row: Row, period: Period) -> Kommentarfakta:
    off = row.utfall[period.month - 1] - row.budget[period.month - 1]
    unit = " tkr" if one.matt != "volymer" else ""
    more = "mer" if abs(row.utfall[period.month - 1]) > abs(row.budget[period.month - 1]) else "mindre"
    so_far = (
        f"Till och med {MANADER[period.month - 1]} är det {antal_text(abs(off), 0)}{unit} {more} än periodens budget."
    )
    return Kommentarfakta(
        one.enhet, one.matt, one.rad, KALLA, f"{one.orsak} {so_far}", one.atgard, one.klardatum, one.orsakskategori,
        one.ansvarig,
    )  # fmt: skip
