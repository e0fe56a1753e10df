"""A kommun that takes the period's budget from the register (``periodbudget: register``): the template and the month, whole."""

from __future__ import annotations

import io
from collections.abc import Iterator

import openpyxl
import pytest

from adapters.store import Closing
from flows.steps.figure_proof import ClosingProof
from flows.steps.figures import figures_of
from flows.steps.template import return_template
from flows.workplace import Workplace, open_workplace
from tests.closings import APRIL, Closed, copy_home, figures_only, time_of
from transforms.figures import BERAKNAD, INLAMNAD, Figure, FigureIndex
from transforms.period_budget import PERIODBUDGET
from transforms.spread import spread

ROWS = ("intakter", "personal", "kop_verksamhet")
"""Rows with a twelfth a month, and with a seasonal key of their own."""


@pytest.fixture(scope="module")
def closed(lingonby: Closed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workplace, Closing]]:
    """Lingonby's April closed again when it takes the period's budget from the register; its returns are as they were."""
    hem = copy_home(lingonby.hem, tmp_path_factory.mktemp("periodbudget") / "hem")
    text = hem.kommun_yaml.read_text(encoding="utf-8")
    hem.kommun_yaml.write_text(text.replace("periodisering:\n", "periodisering:\n  periodbudget: register\n", 1))
    closing = figures_only(hem, APRIL, time_of(APRIL, 17))
    with open_workplace(hem) as workplace:
        yield workplace, closing


def so_far(workplace: Workplace, figures: FigureIndex, rad: str) -> int:
    """What the kommun's key puts on January to April of the register's budget, in öre."""
    weights = workplace.kommun.periodisering.key_of("drift", "SBN", rad).vikter
    return sum(spread(drift(figures, rad, "budget").varde or 0, weights)[: APRIL.month])


def drift(figures: FigureIndex, rad: str, serie: str) -> Figure:
    figure = figures.get("SBN", "drift", rad, serie)
    assert figure is not None, (rad, serie)
    return figure


def test_the_months_budget_and_its_avvikelse_are_the_registers(closed: tuple[Workplace, Closing]) -> None:
    workplace, closing = closed
    figures = figures_of(workplace, closing)
    assert len({workplace.kommun.periodisering.key_of("drift", "SBN", rad).vikter for rad in ROWS}) == 3
    for rad in ROWS:
        budget = drift(figures, rad, PERIODBUDGET)
        assert (budget.varde, budget.slag) == (so_far(workplace, figures, rad), BERAKNAD)
        deviation = drift(figures, rad, "avvikelse_period")
        assert deviation.varde == (drift(figures, rad, "utfall").varde or 0) - (budget.varde or 0)
    whole = drift(figures, "arets_resultat", PERIODBUDGET)
    assert whole.varde == sum(
        drift(figures, rad.kod, PERIODBUDGET).varde or 0 for rad in workplace.kommun.uppstallning("drift_namnd").poster
    )


def test_what_the_returns_said_stays_as_a_figure_of_its_own(closed: tuple[Workplace, Closing]) -> None:
    workplace, closing = closed
    figures = figures_of(workplace, closing)
    said = drift(figures, "personal", f"{PERIODBUDGET}_inlamnad")
    assert said.slag == INLAMNAD
    assert said.cell
    assert said.varde != drift(figures, "personal", PERIODBUDGET).varde


def test_every_period_budget_is_proved_from_its_inputs(closed: tuple[Workplace, Closing]) -> None:
    workplace, closing = closed
    ids = [figure.figure_id for figure in figures_of(workplace, closing) if figure.serie == PERIODBUDGET]
    assert len(ids) > 50
    assert ClosingProof(workplace, closing, frozenset()).broken(ids) == []


def test_the_template_is_filled_with_the_periods_budget_and_only_the_registers(
    closed: tuple[Workplace, Closing], lingonby: Closed
) -> None:
    workplace, closing = closed
    figures = figures_of(workplace, closing)
    filled = period_cells(return_template(workplace, "SBF", APRIL))
    assert {rad: filled[f"SBN|{rad}"] for rad in ROWS} == {
        rad: pytest.approx((drift(figures, rad, PERIODBUDGET).varde or 0) / 100_000) for rad in ROWS
    }
    with open_workplace(lingonby.hem) as other:
        empty = period_cells(return_template(other, "SBF", APRIL))
    assert {empty[f"SBN|{rad}"] for rad in ROWS} == {None}, "where it is the returns' own it is theirs to fill in"


def period_cells(content: bytes) -> dict[str, object]:
    """The column of the period's budget on the sheet of the drift, by hidden row key."""
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Drift"]
    column = next(cell.column for cell in sheet[6] if cell.value == PERIODBUDGET)
    return {row[0].value: sheet.cell(row[0].row, column).value for row in sheet.iter_rows(min_row=7) if row[0].value}
