"""The staff of a made-up enhet: persons, working time and sick leave, by sex and age, summing to the whole."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from data_contracts.kommun import Enhet, Kommun
from data_contracts.personal import FORMER, INDELNINGAR, TOTALT
from transforms.belopp import divide_half_away
from transforms.chance import drawn
from transforms.example_year.settings import Exempelar
from transforms.fact_values import Radfakta
from transforms.period import Period
from transforms.spread import spread

Numbers = dict[str, int]
_HOURS_A_MONTH = 160
_WEIGHTS = {"kön": (76, 24), "ålder": (17, 46, 37)}
"""How many of a hundred are in each group of a division, in the order of the law's list."""
_FORMS = {"tillsvidare": 900, "visstid": 60, "timavlonade": 25}
"""Årsarbetare per thousand employed."""


def staff_numbers(plan: Exempelar, enhet: str, month: int) -> dict[str, Numbers]:
    """Per group of the law's list, the columns of the sheet Personal. The groups of a division sum to the whole.

    Sick leave is between 5 and 9 percent of the time, lower among the young, and falls a little through the year.
    """
    employed = plan.enheter[enhet].anstallda
    groups: dict[str, Numbers] = {}
    for division, codes in INDELNINGAR.items():
        for kod, persons in zip(codes, spread(employed, _WEIGHTS[division]), strict=True):
            groups[kod] = _group(plan, enhet, kod, persons, month)
    women_and_men = [groups[kod] for kod in INDELNINGAR["kön"]]
    whole = {name: sum(group[name] for group in women_and_men) for name in women_and_men[0]}
    for name in ("sjuktid", "sjuktid_fg_ar"):
        ages = INDELNINGAR["ålder"]
        weights = [groups[kod][name] for kod in ages]
        for kod, part in zip(ages, spread(whole[name], weights), strict=True):
            groups[kod][name] = part
    extra = {
        "sjuktid_lang": divide_half_away(whole["sjuktid"] * 38, 100),
        "sjuktid_lang_fg_ar": divide_half_away(whole["sjuktid_fg_ar"] * 40, 100),
        "friska": divide_half_away(employed * (68 - month), 100),
    }
    return {TOTALT: {**whole, **extra}, **groups}


def _group(plan: Exempelar, enhet: str, kod: str, persons: int, month: int) -> Numbers:
    hours = persons * _HOURS_A_MONTH * month
    before = divide_half_away(hours * 99, 100)
    level = {"man": 45, "hogst_29": 55}.get(kod, 68) + drawn(plan.fro, -4, 6, enhet, kod)
    return {
        "anstallda": persons,
        "ordinarie_tid": hours,
        "sjuktid": divide_half_away(hours * (level - month // 4), 1000),
        "ordinarie_tid_fg_ar": before,
        "sjuktid_fg_ar": divide_half_away(before * (level + 2), 1000),
    }


def staff_rows(kommun: Kommun, plan: Exempelar, enhet: Enhet, period: Period, kalla: str) -> Iterator[Radfakta]:
    """The rows of the sheets Personal and Årsarbetare."""
    if kommun.personal is None or enhet.kod not in kommun.personal.enheter:
        return
    for kod, numbers in staff_numbers(plan, enhet.kod, period.month).items():
        yield Radfakta("personal", enhet.kod, kod, tuple((name, Decimal(n)) for name, n in numbers.items()), kalla)
    employed = plan.enheter[enhet.kod].anstallda
    for kod in FORMER:
        share = Decimal(employed * _FORMS[kod]) / 1000
        values = (("arsarbetare", round(share, 1)), ("arsarbetare_fg_ar", round(share * Decimal("0.99"), 1)))
        yield Radfakta("arsarbetare", enhet.kod, kod, values, kalla)
