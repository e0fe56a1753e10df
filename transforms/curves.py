"""Small charts of indikatorer over time: from values to finished geometry, integers only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from transforms.view_goals import Kurva, Punkt

BREDD, HOJD = 220, 74
_LEFT, _RIGHT, _TOP, _BOTTOM = 22, 22, 20, 20

_OVER, _UNDER, _TEXT = -7, 15, 18
"""Where a value's text stands from its point, and how far up it reaches."""


@dataclass(frozen=True, slots=True)
class Varde:
    """A value of a year. ``slag``: utfall or prognos."""

    ar: int
    varde: Decimal
    text: str
    slag: str
    figure_id: str


def curve(values: Sequence[Varde], target: Decimal | None, target_text: str, description: str) -> Kurva | None:
    """The values on one scale that also holds the målvärde, oldest to the left; None when there are fewer than two.

    The scale does not begin at zero: the points are joined by a line and their values are written out, so that a change of a few
    percentage points can be seen. Prognos stands last, on the year it is for.

    Source: IBCS Standards 1.2, EX 1: lines for development over time; columns would need a zero.
    """
    if len(values) < 2:
        return None
    numbers = [value.varde for value in values] + ([] if target is None else [target])
    low, high = min(numbers), max(numbers)
    line = None if target is None else _height(target, low, high)
    step = (BREDD - _LEFT - _RIGHT) // (len(values) - 1)
    points = tuple(
        Punkt(
            _LEFT + place * step,
            _height(value.varde, low, high),
            value.text,
            str(value.ar),
            value.slag,
            value.figure_id,
            _text_dy(_height(value.varde, low, high), line),
        )
        for place, value in enumerate(values)
    )
    return Kurva(BREDD, HOJD, points, line, target_text if line is not None else "", description)


def _height(value: Decimal, low: Decimal, high: Decimal) -> int:
    """Where a value stands: the largest at the top, the smallest at the bottom, all alike in the middle."""
    room = HOJD - _TOP - _BOTTOM
    if low == high:
        return _TOP + room // 2
    share = (high - value) / (high - low)
    return _TOP + int((share * room).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _text_dy(y: int, line: int | None) -> int:
    """Over the point; under it where the målvärde's line would go through the text and there is room."""
    crossed = line is not None and y - _TEXT <= line < y
    return _UNDER if crossed and y <= HOJD - _BOTTOM - _UNDER // 2 else _OVER
