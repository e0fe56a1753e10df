"""Every number that a report shows is its figure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from adapters.audit_package.verify.basics import Package, Row, half_away
from adapters.audit_package.verify.figures import Figures


def check_printed(package: Package, figures: Figures) -> Iterator[str]:
    """Every number that a report shows is its figure, rounded once."""
    for one in package.json("data/rapporter.json"):
        view = package.json(one["vy"])
        for trail in view["spar"]:
            row = figures.find(trail["figure_id"])
            if row is None:
                yield f"{one['rapport_id']}: siffran {trail['figure_id']} finns inte"
            elif trail["varde"] is not None and trail["varde"] != row["varde"]:
                yield f"{one['rapport_id']}: {trail['figure_id']} visas som {trail['varde']} men är {row['varde']}"
        for shown in numbers_in(view):
            fault = printed_fault(shown, figures.find(shown["figure_id"]))
            if fault:
                yield f"{one['rapport_id']}: {shown['figure_id']} {fault}"


def numbers_in(part: Any) -> Iterator[Row]:
    if isinstance(part, dict):
        if part.get("figure_id") and part.get("ore") is not None and "saknas" in part:
            yield part
        for value in part.values():
            yield from numbers_in(value)
    elif isinstance(part, list):
        for value in part:
            yield from numbers_in(value)


def printed_fault(shown: Row, row: Row | None) -> str:
    if row is None or row["varde"] is None:
        return f"visar {shown['ore']}, men siffran saknar värde"
    places = 0 if row["enhet_matt"] == "ore" else max(row["decimaler"] - shown.get("decimaler", 0), 0)
    value = half_away(abs(row["varde"]), 10**places)
    if value != abs(shown["ore"]):
        return f"visar {shown['ore']}, inte siffrans värde"
    digits = re.sub(r"\D", "", shown["text"]).lstrip("0") or "0"
    steps = (1, 100000, 10000000) if row["enhet_matt"] == "ore" else (1,)
    allowed = {str(half_away(value, step)) for step in steps}
    whole, decimals = divmod(value, 10 ** min(row["decimaler"], shown.get("decimaler", 0)))
    if row["enhet_matt"] != "ore" and not decimals:
        allowed.add(str(whole))
    return "" if digits in allowed else f"trycks som {shown['text']!r}, som inte är värdet avrundat"
