"""Laws of amounts: what is written can be read back, and rounding is fair."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.belopp import (
    MINUS,
    NBSP,
    ORE_PER_UNIT,
    antal_text,
    belopp_text,
    divide_half_away,
    exact_text,
    parse_number,
    rounds_to_sum,
    scaled,
    to_ore,
)
from transforms.raw_retur import CellKind, RawCell

ORE = st.integers(-(10**13), 10**13)
UNIT = st.sampled_from(sorted(ORE_PER_UNIT))
SPACE = st.sampled_from([" ", NBSP, "\u2009", "\u202f", "\u2007", "\t"])
DASH = st.sampled_from(["-", MINUS, "\u2013", "\u2010", "\uff0d"])
STEP = {"kr": 1, "tkr": 100_000, "mnkr": 10_000_000}
"""Öre per printed unit: kr with two decimals, whole tkr, mnkr with one decimal."""


def _text(text):
    return RawCell("A1", CellKind.TEXT, text)


def _printed(text):
    """The printed number in printed units."""
    return int("".join(c for c in text.replace(MINUS, "-") if c.isdigit() or c == "-"))


@given(ORE, UNIT)
def test_what_is_written_exactly_is_read_back_to_the_ore(ore, unit):
    assert to_ore(parse_number(_text(exact_text(ore, unit))), unit) == (ore, False)


@given(ORE, UNIT, SPACE, DASH)
def test_any_space_and_any_minus_is_understood(ore, unit, space, dash):
    text = exact_text(ore, unit).replace(NBSP, space).replace(MINUS, dash)
    assert to_ore(parse_number(_text(f" {text}{space}")), unit) == (ore, False)


@given(ORE)
def test_kronor_as_printed_are_read_back_to_the_ore(ore):
    assert to_ore(parse_number(_text(belopp_text(ore, "kr"))), "kr") == (ore, False)


@given(st.integers(-(10**12), 10**12), st.integers(0, 4))
def test_volumes_as_printed_are_read_back(value, decimals):
    assert scaled(parse_number(_text(antal_text(value, decimals))), decimals) == (value, False)


@given(ORE, UNIT)
def test_numbers_are_taken_exactly_as_their_decimal_digits(ore, unit):
    number = Decimal(ore) / ORE_PER_UNIT[unit]
    assert to_ore(parse_number(RawCell("A1", CellKind.TAL, str(number), number)), unit) == (ore, False)


@given(ORE, UNIT)
def test_printed_amount_is_odd(ore, unit):
    if divide_half_away(ore, STEP[unit]) == 0:
        assert belopp_text(ore, unit) == belopp_text(-ore, unit)
    else:
        assert belopp_text(-abs(ore), unit) == MINUS + belopp_text(abs(ore), unit)


@given(ORE, ORE, UNIT)
def test_printed_amount_is_monotone(one, other, unit):
    low, high = sorted((one, other))
    assert _printed(belopp_text(low, unit)) <= _printed(belopp_text(high, unit))


@given(ORE, UNIT)
def test_printed_amount_is_within_half_a_printed_unit(ore, unit):
    assert 2 * abs(_printed(belopp_text(ore, unit)) * STEP[unit] - ore) <= STEP[unit]


@given(ORE, st.sampled_from([1, 10, 100_000, 10_000_000]))
def test_halves_round_away_from_zero(whole, divisor):
    half = abs(whole) * 2 * divisor + divisor
    assert divide_half_away(half, 2 * divisor) == abs(whole) + 1
    assert divide_half_away(-half, 2 * divisor) == -abs(whole) - 1


@given(st.lists(st.integers(-(10**10), 10**10), min_size=1, max_size=8), UNIT)
def test_parts_in_whole_units_always_add_up_as_printed(parts, unit):
    whole = [part * STEP[unit] for part in parts]
    assert rounds_to_sum(whole, sum(whole), unit)


@pytest.mark.parametrize(
    ("parts", "unit", "adds_up"),
    [([149_999, 49_999], "tkr", False), ([150_000, 50_000], "tkr", False), ([100_000], "tkr", True)],
)
def test_parts_that_do_not_add_up_as_printed_are_told(parts, unit, adds_up):
    assert rounds_to_sum(parts, sum(parts), unit) is adds_up


@given(st.integers(-(10**6), 10**6), UNIT)
def test_a_printed_plus_only_stands_before_what_is_above_zero(ore, unit):
    text = belopp_text(ore, unit, plus=True)
    assert text.startswith("+") is (divide_half_away(ore, STEP[unit]) > 0)
