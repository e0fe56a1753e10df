"""What earlier closings give: föregående prognos and last year's prognos, each with its trail into the closing it came from."""

from __future__ import annotations

from tests.figure_examples import figures
from transforms.figures import FigureIndex
from transforms.history import carry_forecasts, last_years_forecasts
from transforms.period import Period

APRIL = Period(2026, 4)


def test_the_earlier_closing_goes_before_the_returns_own_cell() -> None:
    march = figures("A personal prognos -90", period="2026-03")
    now = figures("A personal fg_prognos -10\nA ovrigt fg_prognos -5\nA personal prognos -95")
    carried = FigureIndex(carry_forecasts(now, march, APRIL))
    figure = carried.get("A", "drift", "personal", "fg_prognos")
    assert (figure.varde, figure.indata) == (-9_000, ((1, "2026-03/A/drift/personal/prognos"),))
    assert "mars 2026" in figure.formel
    assert carried.get("A", "drift", "ovrigt", "fg_prognos").varde == -500


def test_a_missing_earlier_prognos_stays_missing() -> None:
    carried = carry_forecasts(
        figures("A personal fg_prognos -10"), figures("A personal prognos ?", period="2026-03"), APRIL
    )
    assert [figure.varde for figure in carried] == [None]


def test_without_an_earlier_closing_the_returns_stay_as_they_are() -> None:
    now = tuple(figures("A personal fg_prognos -10"))
    assert carry_forecasts(now, None, APRIL) == now


def test_last_years_prognos_stands_beside_last_years_bokslut() -> None:
    now = figures("A resultat bokslut@2025 12\nB resultat bokslut@2025 3")
    then = figures("A resultat prognos 10", period="2025-04")
    (figure,) = last_years_forecasts(then, now, APRIL)
    assert figure.figure_id == "2026-04/A/drift/resultat/prognos@2025"
    assert (figure.varde, figure.indata) == (1_000, ((1, "2025-04/A/drift/resultat/prognos"),))
    assert last_years_forecasts(None, now, APRIL) == ()
