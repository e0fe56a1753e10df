"""Findings name enheter and rows as people do; what the kommun does not have stays as it was written."""

import pytest

from tests.kommun_example import example_kommun
from transforms.row_names import row_names

NAMES = row_names(example_kommun())


@pytest.mark.parametrize(
    ("place", "own", "called"),
    [
        (("drift", "TEK", "personal"), "", "Personalkostnader"),
        (("drift", "TEK", "helhet"), "", "helheten"),
        (("drift", "TEK", "egen1"), "", "egen1"),
        (("drift", "TEK", "egen1"), "Skador  efter\nstormen", "egen1 Skador efter stormen"),
        (("drift", "XXX", "personal"), "Personal", "personal"),
        (("drift", "TEK", "egen1"), "x" * 300, f"egen1 {'x' * 80}"),
    ],
)
def test_a_row_is_called_by_its_name_and_an_unknown_one_by_its_code(place, own, called):
    assert NAMES.rad(*place, own) == called


def test_an_enhet_is_called_by_its_name_and_an_unknown_one_by_its_code():
    enhet = example_kommun().enheter[0]
    assert NAMES.enhet(enhet.kod) == enhet.namn
    assert NAMES.enhet("XXX") == "XXX"
