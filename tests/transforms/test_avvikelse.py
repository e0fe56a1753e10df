"""The four avvikelser: direction per mått, missing operands, and the limit for what must be explained."""

from __future__ import annotations

import datetime as dt

import pytest

from data_contracts.kommun import Finansiering
from tests.figure_examples import figures, grans, small_kommun
from transforms.avvikelse import compute_avvikelser, must_be_explained
from transforms.figures import FigureIndex


def values(index: FigureIndex) -> dict[str, int | None]:
    return {
        f"{f.enhet} {f.rad} {f.serie}": None if f.varde is None else f.varde // 100 for f in compute_avvikelser(index)
    }


def test_drift_when_cost_grows_then_underskott() -> None:
    assert values(figures("A personal budget -100\nA personal prognos -104")) == {"A personal avvikelse_helar": -4}


def test_investering_when_less_is_spent_then_plus() -> None:
    index = figures("A projekt budget 24000\nA projekt prognos 14750", matt="investeringar")
    assert values(index) == {"A projekt avvikelse_helar": 9250}


def test_volym_when_more_than_budget_then_plus() -> None:
    assert values(figures("A barn budget 100\nA barn prognos 90", matt="volymer")) == {"A barn avvikelse_helar": -10}


def test_all_four_are_separate_series() -> None:
    index = figures(
        """
        A personal budget -100
        A personal periodbudget -30
        A personal utfall -33
        A personal prognos -104
        A personal fg_prognos -101
        A personal bokslut@2025 -95
        A personal prognos@2025 -97
        """
    )
    computed = {(f.serie, f.vardear): f.varde for f in compute_avvikelser(index)}
    assert computed == {
        ("avvikelse_helar", None): -400,
        ("avvikelse_period", None): -300,
        ("andring_prognos", None): -300,
        ("traff", 2025): 200,
    }


@pytest.mark.parametrize(
    "text", ["A personal budget ?\nA personal prognos -1", "A personal budget -1\nA personal prognos ?"]
)
def test_missing_operand_gives_missing_avvikelse(text: str) -> None:
    assert values(figures(text)) == {"A personal avvikelse_helar": None}


def test_formula_names_its_operands_in_order() -> None:
    (avvikelse,) = compute_avvikelser(figures("A projekt budget 2\nA projekt prognos 1", matt="investeringar"))
    assert avvikelse.formel == "budget helår \u2212 prognos helår"
    assert avvikelse.indata == (
        (1, "2026-04/A/investeringar/projekt/budget"),
        (-1, "2026-04/A/investeringar/projekt/prognos"),
    )


@pytest.mark.parametrize(
    ("avvikelse_kr", "budget_kr", "expected"),
    [
        (200_000, 20_000_000, True),
        (-200_000, -20_000_000, True),
        (199_999, 1_000_000, False),
        (200_000, 20_000_001, False),
        (200_000, 0, True),
        (0, 100, False),
        (None, 100, False),
    ],
)
def test_limit_needs_both_kronor_and_share(avvikelse_kr: int | None, budget_kr: int, expected: bool) -> None:
    ore = None if avvikelse_kr is None else avvikelse_kr * 100
    assert must_be_explained(ore, budget_kr * 100, grans()) is expected


def test_without_limit_nothing_must_be_explained() -> None:
    assert not must_be_explained(10**12, 1, None)


def test_newest_limit_valid_on_the_period_applies() -> None:
    kommun = small_kommun(
        ("A", Finansiering.SKATT), granser=(grans(tkr=100, fran="2025-01-01"), grans(tkr=300, fran="2026-07-01"))
    )
    assert kommun.gransvarde("drift", dt.date(2026, 4, 30)).belopp_tkr == 100
    assert kommun.gransvarde("drift", dt.date(2026, 7, 31)).belopp_tkr == 300
    assert kommun.gransvarde("drift", dt.date(2024, 12, 31)) is None
    assert kommun.gransvarde("volymer", dt.date(2026, 7, 31)) is None


def test_investering_that_ends_lower_than_its_prognos_is_a_plus() -> None:
    (traff,) = compute_avvikelser(
        figures("A projekt prognos@2025 100\nA projekt bokslut@2025 90", matt="investeringar")
    )
    assert (traff.serie, traff.varde, traff.formel) == ("traff", 1_000, "prognos helår \u2212 bokslut")
