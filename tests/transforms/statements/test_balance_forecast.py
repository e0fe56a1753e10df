"""Balanskravet's prognos: the resultaträkning's, with adjustments that are entered or booked; what is entered otherwise is told."""

from __future__ import annotations

import pytest

from adapters.contract_files import load_felkoder
from tests.statement_examples import UTFALL, Rows, entered, form_of
from transforms.figures import BERAKNAD, INLAMNAD, KOMMUNEN, FigureIndex
from transforms.statements.balance_forecast import BalanceForecast, with_balance_forecast

PROGNOS = ("prognos", None)
FORM = form_of("balanskrav")
NONE: Rows = {rad.kod: 0 for rad in FORM.poster if rad.kod != "arets_resultat"}


def forecast(result: int | None, prognos: Rows, booked: Rows, step: int = 0) -> BalanceForecast:
    """With the resultaträkning's prognos in kronor, None for one that has none."""
    rr = [] if result is None else entered("resultatrakning", {"arets_resultat": result}, PROGNOS)
    figures = [*rr, *entered("balanskrav", prognos, PROGNOS), *entered("balanskrav", booked, UTFALL)]
    return with_balance_forecast(FigureIndex(figures), FORM, KOMMUNEN, step, load_felkoder(), "kr")


def value(made: BalanceForecast, rad: str) -> int | None:
    figure = made.figures.get(KOMMUNEN, "balanskrav", rad, *PROGNOS)
    return None if figure is None or figure.varde is None else figure.varde // 100


def test_the_result_is_the_resultatraknings_and_says_so() -> None:
    made = forecast(900, {**NONE, "realisationsvinster": -50}, {})
    result = made.figures.get(KOMMUNEN, "balanskrav", "arets_resultat", *PROGNOS)
    of = made.figures.get(KOMMUNEN, "resultatrakning", "arets_resultat", *PROGNOS)
    assert result is not None
    assert of is not None
    assert (result.varde, result.slag, result.indata) == (90_000, BERAKNAD, ((1, of.figure_id),))
    assert value(made, "realisationsvinster") == -50
    assert made.findings == ()


def test_an_adjustment_without_a_prognos_is_what_has_been_booked() -> None:
    made = forecast(900, {"till_reserv": -10}, {**NONE, "realisationsvinster": -70, "till_reserv": 0})
    assert (value(made, "realisationsvinster"), value(made, "till_reserv")) == (-70, -10)


@pytest.mark.parametrize(
    ("result", "prognos", "booked"),
    [
        pytest.param(None, {**NONE, "arets_resultat": 800}, {}, id="no prognos in the resultaträkning"),
        pytest.param(900, {"arets_resultat": 800}, {}, id="no adjustments, which is not that there are none"),
        pytest.param(900, {**NONE, "fran_reserv": None, "arets_resultat": 800}, {}, id="one adjustment is missing"),
    ],
)
def test_where_a_line_is_missing_what_is_entered_stands(result: int | None, prognos: Rows, booked: Rows) -> None:
    made = forecast(result, prognos, booked)
    kept = made.figures.get(KOMMUNEN, "balanskrav", "arets_resultat", *PROGNOS)
    assert kept is not None
    assert (kept.varde, kept.slag) == (80_000, INLAMNAD)
    assert made.findings == ()


def test_an_entered_result_that_is_another_is_replaced_and_told() -> None:
    made = forecast(900, {**NONE, "arets_resultat": 800}, {})
    assert value(made, "arets_resultat") == 900
    (finding,) = made.findings
    assert finding.code == "E854"
    assert "900" in finding.message
    assert forecast(900, {**NONE, "arets_resultat": 900}, {}).findings == ()


def test_a_rounded_source_may_be_off_by_its_rounding() -> None:
    assert forecast(1_400, {**NONE, "arets_resultat": 1_000}, {}, step=100_000).findings == ()
    assert len(forecast(3_000, {**NONE, "arets_resultat": 1_000}, {}, step=100_000).findings) == 1
