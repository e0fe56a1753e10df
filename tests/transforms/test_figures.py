"""Quotients of figures: exact inputs, one rounding, missing stays missing, and the signs as they are shown."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st

from transforms.figures import DIVISOR, FACTOR, INLAMNAD, Figure, combine, computed_value, operator_text


def hours(varde: int | None, decimaler: int = 2, serie: str = "sjuktid") -> Figure:
    return Figure("2026-04", "A", "personal", "totalt", serie, "", varde, INLAMNAD, "timmar", decimaler)


VALUES = st.integers(-(10**12), 10**12)


@given(VALUES, st.integers(1, 10**12), st.integers(0, 4), st.integers(0, 4), st.integers(0, 3))
def test_quotient_is_rounded_once_half_away_from_zero(above, below, places, divisor_places, shown):
    exact = Decimal(above).scaleb(-places) / Decimal(below).scaleb(-divisor_places) * 100
    got = computed_value([(1, hours(above, places)), (DIVISOR, hours(below, divisor_places))], "%", shown)
    numerator = above * 10 ** (divisor_places + shown + 2)
    assert got is not None
    assert abs(2 * (got * below * 10**places - numerator)) <= below * 10**places
    assert got == 0 or (got > 0) == (exact > 0)


def test_half_goes_away_from_zero():
    terms = [(1, hours(1, 0)), (DIVISOR, hours(8, 0))]
    assert computed_value(terms, "%", 0) == int(Decimal("12.5").quantize(Decimal(1), ROUND_HALF_UP)) == 13
    assert computed_value([(-1, hours(1, 0)), (DIVISOR, hours(8, 0))], "%", 0) == -13


def test_missing_or_zero_divisor_gives_missing():
    assert computed_value([(1, hours(None)), (DIVISOR, hours(5))], "%", 1) is None
    assert computed_value([(1, hours(5)), (DIVISOR, hours(None))], "%", 1) is None
    assert computed_value([(1, hours(5)), (DIVISOR, None)], "%", 1) is None
    assert computed_value([(1, hours(5)), (DIVISOR, hours(0))], "%", 1) is None


@given(st.lists(VALUES, min_size=1, max_size=5))
def test_without_divisor_it_is_the_sum(values):
    terms = [(1, hours(value)) for value in values]
    assert computed_value(terms, "timmar", 2) == combine(terms)


def test_operators_as_shown():
    assert [operator_text(sign) for sign in (1, -1, DIVISOR, FACTOR)] == ["+", "−", "÷", "×"]


def test_mean_of_percentages_is_a_percentage():
    parts = [Figure("2026-04", "A", "kolada", "N1", "varde", "", varde, INLAMNAD, "%", 1) for varde in (805, 912)]
    assert computed_value([*((1, part) for part in parts), (DIVISOR, hours(2, 0))], "%", 1) == 859


def test_product():
    assert computed_value([(1, hours(4, 0)), (FACTOR, hours(3, 0))], "", 0) == 12
    assert computed_value([(1, hours(4, 0)), (FACTOR, hours(None, 0))], "", 0) is None
