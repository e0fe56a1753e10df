"""What a formula gives of its inputs, exactly and rounded once."""

from __future__ import annotations

import re

from adapters.audit_package.verify.basics import Row, Terms, half_away

SHARE = re.compile(r"(\d+),(\d\d) % av summan av delarna")
SPREAD = re.compile(r"månad 1–(\d+) av årets, fördelat med vikterna ([\d ]+) \(största rest\)")


def evaluate(row: Row, terms: Terms) -> int | None:
    """The value that the formula gives of its inputs; None as soon as one is missing."""
    values = [None if part is None else part["varde"] for _, part in terms]
    if None in values:
        return None
    if row["formel"] == "den minsta av delarna":
        return min(sign * value for (sign, _), value in zip(terms, values))
    total = computed(row, terms)
    if row["formel"] == "summan av delarna, dock högst noll":
        return None if total is None else min(0, total)
    if row["formel"] == "summan av delarna, dock minst noll":
        return None if total is None else max(0, total)
    if row["formel"] == "summan av delarna, utan tecken":
        return None if total is None else abs(total)
    part = SPREAD.fullmatch(row["formel"])
    if part is not None:
        return None if total is None else sum(spread(total, [int(one) for one in part[2].split()])[: int(part[1])])
    share = SHARE.fullmatch(row["formel"])
    return total if share is None or total is None else half_away(total * int(share[1] + share[2]), 10000)


def computed(row: Row, terms: Terms) -> int | None:
    """The signed sum, times the factors (sign 2), divided by the divisor (sign 0) and rounded once."""
    signed = [(sign, part) for sign, part in terms if sign not in (0, 2)]
    total = sum(sign * part["varde"] for sign, part in signed) if signed else None
    for part in (part for sign, part in terms if sign == 2):
        total = None if total is None else total * part["varde"]
    divisor = next((part for sign, part in terms if sign == 0), None)
    if divisor is None or total is None:
        return total
    if not divisor["varde"]:
        return None
    is_share = row["enhet_matt"] == "%" and all(part["enhet_matt"] != "%" for _, part in signed)
    places = max(part["decimaler"] for _, part in signed)
    shift = divisor["decimaler"] - places + row["decimaler"] + (2 if is_share else 0)
    over, under = (total, divisor["varde"]) if divisor["varde"] > 0 else (-total, -divisor["varde"])
    return half_away(over * 10 ** max(shift, 0), under * 10 ** max(-shift, 0))


def spread(total: int, weights: list[int]) -> list[int]:
    """The total in parts by the weights, with the largest remainder; they sum to it exactly."""
    shares = [divmod(abs(total) * weight, sum(weights)) for weight in weights]
    left = abs(total) - sum(share for share, _ in shares)
    first = sorted(range(len(shares)), key=lambda place: (-shares[place][1], place))[:left]
    return [(-1 if total < 0 else 1) * (share + (place in first)) for place, (share, _) in enumerate(shares)]
