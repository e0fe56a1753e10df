"""Declared corrections: each rule with one that holds and one that does not, and the sum that the trail keeps."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from data_contracts.rattelser import Rattelse
from tests.figure_examples import figures
from transforms.corrections import CorrectionError, Corrections, apply_corrections
from transforms.figures import BERAKNAD, RATTAD, RATTELSE, FigureIndex, combine
from transforms.period import Period

APRIL = Period(2026, 4)
PERSONAL = "2026-04/A/drift/personal/prognos"
INDEX = figures("A personal prognos -1200\nA ovrigt prognos ?\nA intakter prognos 500")


def entry(**values: Any) -> Rattelse:
    """A correction of personal from −1 200 kr to −1 300 kr, changed as the test wants."""
    given = {
        "siffra": PERSONAL, "fran": "\u22121 200", "till": "\u22121 300", "enhet": "kr", "skal": "Lönerna för april saknades i returen.",
        "beslutad_av": "ekonomichef", "datum": dt.date(2026, 5, 12),
    }  # fmt: skip
    return Rattelse(**{**given, **values})


def corrected(*entries: Rattelse, index: FigureIndex = INDEX) -> FigureIndex:
    declared = Corrections(entries, "rattelser/2026.yaml", "f" * 64)
    return FigureIndex(apply_corrections(index, declared, APRIL))


def codes(*entries: Rattelse, index: FigureIndex = INDEX) -> list[str]:
    with pytest.raises(CorrectionError) as caught:
        corrected(*entries, index=index)
    return [problem[:4] for problem in caught.value.problems]


def test_the_figure_gets_its_new_value_and_keeps_the_original_and_the_decision_as_links() -> None:
    result = corrected(entry())
    figure = result.by_id(PERSONAL)
    assert figure is not None
    assert (figure.varde, figure.slag, figure.cell) == (-130_000, RATTAD, "")
    original, change = (result.by_id(part) for _, part in figure.indata)
    assert original is not None
    assert change is not None
    assert original == replace(INDEX.by_id(PERSONAL), serie="prognos_inlamnad")
    assert (change.varde, change.slag, change.fil, change.cell) == (-10_000, RATTELSE, "rattelser/2026.yaml", "post 1")
    assert change.formel == "Lönerna för april saknades i returen. Beslutad av ekonomichef 2026-05-12."
    assert combine((sign, result.by_id(part)) for sign, part in figure.indata) == figure.varde


def test_other_figures_and_other_periods_are_left_alone() -> None:
    result = corrected(entry(), entry(siffra="2026-03/A/drift/personal/prognos"))
    assert len(result) == len(INDEX) + 2
    assert result.by_id("2026-04/A/drift/intakter/prognos") == INDEX.by_id("2026-04/A/drift/intakter/prognos")


def test_a_missing_value_is_replaced_by_the_new_one_and_says_so() -> None:
    missing = "2026-04/A/drift/ovrigt/prognos"
    result = corrected(entry(siffra=missing, fran="Uppgift saknas", till=-7))
    figure = result.by_id(missing)
    assert figure is not None
    assert figure.varde == -700
    assert [part for _, part in figure.indata] == [f"{missing}_rattelse"]
    assert "Uppgiften saknades i returen." in result.by_id(f"{missing}_rattelse").formel


def test_units_are_turned_into_exact_ore() -> None:
    index = figures("A personal prognos -1200000")
    result = corrected(entry(fran="-1,2", till="-1,25", enhet="mnkr"), index=index)
    assert result.by_id(PERSONAL).varde == -125_000_000


@pytest.mark.parametrize(
    "changed",
    [
        {"siffra": "2026-04/A/drift/okand/prognos"},
        {"siffra": "2025-04/A/drift/personal/prognos"},
        {"siffra": "personal"},
    ],
    ids=["no such figure", "another year", "no id"],
)
def test_e181_a_figure_that_cannot_be_corrected_stops(changed: dict[str, str]) -> None:
    assert codes(entry(**changed)) == ["E181"]


def test_e181_a_computed_figure_follows_from_its_parts() -> None:
    index = FigureIndex([replace(figure, slag=BERAKNAD) for figure in INDEX])
    assert codes(entry(), index=index) == ["E181"]


@pytest.mark.parametrize("fran", ["-1 201", "uppgift saknas", "1 200"])
def test_e182_a_correction_whose_expectation_no_longer_matches_stops(fran: str) -> None:
    assert codes(entry(fran=fran)) == ["E182"]


@pytest.mark.parametrize(
    "changed",
    [{"enhet": ""}, {"till": "cirka 1 300"}, {"till": "-1 200"}, {"till": "uppgift saknas"}, {"till": "-1300,001"}],
    ids=["no unit", "no number", "no change", "no value", "part of an öre"],
)
def test_e183_a_value_that_cannot_be_used_stops(changed: dict[str, str]) -> None:
    assert codes(entry(**changed)) == ["E183"]


def test_e183_a_figure_corrected_twice_stops_and_all_problems_come_at_once() -> None:
    assert codes(entry(), entry(), entry(fran=1)) == ["E183", "E183"]
    assert codes(entry(fran=1), entry(siffra="x")) == ["E181", "E182"]
