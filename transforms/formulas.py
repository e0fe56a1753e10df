"""Formulas that are no plain sum: how they are written on a figure, and how they are worked out again from its inputs.

A computed figure carries its formula as text (``formel``) and its inputs with signs. Whatever follows the trail works the value out
anew with ``evaluate`` and must come to the same; so there is one place that knows what each text means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from transforms.belopp import divide_half_away
from transforms.figures import Figure, computed_value
from transforms.spread import spread

SUMMA = "summan av delarna"
KVOT = "täljaren delad med nämnaren, i procent"
HOGST_NOLL = "summan av delarna, dock högst noll"
MINST_NOLL = "summan av delarna, dock minst noll"
MINSTA = "den minsta av delarna"
UTAN_TECKEN = "summan av delarna, utan tecken"
_FORDELAT = re.compile(r"månad 1–(\d+) av årets, fördelat med vikterna ([\d ]+) \(största rest\)")
_ANDEL = re.compile(r"(\d+),(\d\d) % av summan av delarna")


def andel_formula(bp: int) -> str:
    """The text of a share: hundredths of a percent of the sum of the inputs.

    Example:
        >>> andel_formula(6000)
        '60,00 % av summan av delarna'
    """
    return f"{bp // 100},{bp % 100:02d} % av summan av delarna"


def spread_formula(weights: Sequence[int], month: int) -> str:
    """The text of what of an amount, spread over the year by weights with the largest remainder, lies up to a month.

    Example:
        >>> spread_formula((1,) * 12, 4)
        'månad 1–4 av årets, fördelat med vikterna 1 1 1 1 1 1 1 1 1 1 1 1 (största rest)'
    """
    return f"månad 1–{month} av årets, fördelat med vikterna {' '.join(map(str, weights))} (största rest)"


def evaluate(figure: Figure, terms: Iterable[tuple[int, Figure | None]]) -> int | None:
    """The value that a figure's formula gives of its inputs; None as soon as one of them is missing.

    Args:
        figure: whose formula it is; a text that is none of this module's is a sum, or a quotient where an input is the divisor.
        terms: the inputs in the formula's order, each with its sign.
    """
    known = list(terms)
    if figure.formel == MINSTA:
        values = [None if part is None or part.varde is None else sign * part.varde for sign, part in known]
        return None if None in values or not values else min(value for value in values if value is not None)
    total = computed_value(known, figure.enhet_matt, figure.decimaler)
    if total is None:
        return None
    if figure.formel == HOGST_NOLL:
        return min(0, total)
    if figure.formel == MINST_NOLL:
        return max(0, total)
    if figure.formel == UTAN_TECKEN:
        return abs(total)
    part = _FORDELAT.fullmatch(figure.formel)
    if part is not None:
        return sum(spread(total, [int(weight) for weight in part[2].split()])[: int(part[1])])
    share = _ANDEL.fullmatch(figure.formel)
    return total if share is None else divide_half_away(total * int(share[1] + share[2]), 10_000)
