"""Small charts of indikatorer over time: from values to finished geometry, integers only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from transforms.view_goals import Kurva, Kurvmal, Punkt

BREDD, HOJD = 264, 96
_LEFT, _RIGHT, _TOP, _BOTTOM = 22, 48, 20, 36
_MAL_LEFT, _MAL_RIGHT = 8, 26
"""Where the målvärde's line begins, and how much is left after it for its word."""

_OVER, _UNDER, _TEXT = -7, 15, 18
"""Where a value's text stands from its point, and how far up it reaches."""
_WORD = 4
"""From the middle of the målvärde's word to its foot."""


@dataclass(frozen=True, slots=True)
class Varde:
    """A value of a year. ``slag``: utfall or prognos."""

    ar: int
    varde: Decimal
    text: str
    slag: str
    figure_id: str


def curve(values: Sequence[Varde], target: tuple[Decimal, Decimal] | None, description: str) -> Kurva | None:
    """The values on one scale that also holds the målvärde, oldest to the left; None when there are fewer than two.

    The scale does not begin at zero: the points are joined by a line and their values are written out, so that a change of a few
    percentage points can be seen. Prognos stands last, on the year it is for.

    Source: IBCS Standards 1.2, EX 1: lines for development over time; columns would need a zero.
    Args:
        target: the lowest and the highest that keep the målvärde, the same where it is one number; None where there is none.
    """
    if len(values) < 2:
        return None
    numbers = [*(value.varde for value in values), *(target or ())]
    low, high = min(numbers), max(numbers)
    goal = None if target is None else _goal(_height(target[1], low, high), _height(target[0], low, high))
    step = (BREDD - _LEFT - _RIGHT) // (len(values) - 1)
    points = tuple(
        Punkt(
            _LEFT + place * step,
            _height(value.varde, low, high),
            value.text,
            str(value.ar),
            value.slag,
            value.figure_id,
            _text_dy(_height(value.varde, low, high), goal),
        )
        for place, value in enumerate(values)
    )
    return Kurva(BREDD, HOJD, points, goal, description)


def _goal(top: int, bottom: int) -> Kurvmal:
    return Kurvmal(
        _MAL_LEFT, BREDD - _MAL_RIGHT, BREDD - _MAL_RIGHT - _MAL_LEFT, top, bottom - top, (top + bottom) // 2 + _WORD
    )


def _height(value: Decimal, low: Decimal, high: Decimal) -> int:
    """Where a value stands: the largest at the top, the smallest at the bottom, all alike in the middle."""
    room = HOJD - _TOP - _BOTTOM
    if low == high:
        return _TOP + room // 2
    share = (high - value) / (high - low)
    return _TOP + int((share * room).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _text_dy(y: int, goal: Kurvmal | None) -> int:
    """Over the point; under it where the målvärde's line would go through the text."""
    return _UNDER if goal is not None and not goal.hojd and y - _TEXT <= goal.y < y else _OVER
