"""Laws of spreading: the parts sum to the whole, none is an öre from its share, the sign is the whole's, more weight is never less."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.spread import TOLFTEDELAR, spread

ORE = st.integers(-(10**15), 10**15)
WEIGHTS = st.lists(st.integers(0, 10_000), min_size=1, max_size=24).filter(lambda weights: sum(weights) > 0)


@given(ORE, WEIGHTS)
def test_parts_sum_exactly_and_lie_within_one_of_their_share(total, weights):
    parts = spread(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(total * weight, whole)) < 1
        assert part * total >= 0


@given(ORE, WEIGHTS)
def test_the_opposite_amount_has_the_opposite_parts(total, weights):
    assert spread(-total, weights) == tuple(-part for part in spread(total, weights))


@given(ORE, st.lists(st.integers(0, 10_000), min_size=2, max_size=12).filter(sum))
def test_more_weight_is_never_less(total, weights):
    parts = [abs(part) for part in spread(total, weights)]
    for one in range(len(weights)):
        for other in range(len(weights)):
            if weights[one] > weights[other]:
                assert parts[one] >= parts[other]


@given(ORE)
def test_twelfths_differ_by_at_most_an_ore(total):
    parts = spread(total, TOLFTEDELAR)
    assert len(parts) == 12
    assert max(parts) - min(parts) <= 1


@pytest.mark.parametrize("weights", [(), (0, 0), (1, -1)])
def test_weights_that_say_nothing_are_refused(weights):
    with pytest.raises(ValueError, match="weights"):
        spread(1, weights)
