"""Malmö 2014: how the nämnder's prognoser of August hit, to the printed digit, with the sum that cancels and the one that does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from data_contracts.kommun import Finansiering
from tests.figure_examples import small_kommun
from transforms.belopp import ORE_PER_UNIT, belopp_text
from transforms.figures import INLAMNAD, KOMMUNEN, Figure, FigureIndex, namnd_grupp
from transforms.forecast_record import DRIFT, FEL, FEL_UTAN_TECKEN, TRAFFSAKERHET, Utfallsar, forecast_record
from transforms.period import Period

FILE = Path(__file__).parent / "malmo_2014_prognossakerhet.yaml"
PERIOD = Period(2015, 8)


@pytest.fixture(scope="module")
def published() -> list[dict[str, Any]]:
    return YAML(typ="safe", pure=True).load(FILE.read_text(encoding="utf-8"))["rader"]


@pytest.fixture(scope="module")
def record(published) -> FigureIndex:
    """The nämnder's budgetavvikelser as each nämnd's result against a budget of nothing, as they are printed."""
    boards = {f"N{place}": row for place, row in enumerate(published[1:])}
    kommun = small_kommun(*((kod, Finansiering.SKATT) for kod in boards))

    def said(column: str, serie: str, ar: int | None, period: str) -> FigureIndex:
        return FigureIndex(
            Figure(
                period=period,
                enhet=kod,
                matt=DRIFT,
                rad="resultat",
                serie=serie,
                namn="Resultat",
                varde=int(row[column]) * ORE_PER_UNIT["mnkr"],
                slag=INLAMNAD,
                vardear=ar,
            )
            for kod, row in boards.items()
        )

    now = said("bokslut", "bokslut", 2014, "2015-08")
    year = Utfallsar(2014, said("prognos", "prognos", None, "2014-08"), now)
    return FigureIndex(forecast_record(now, kommun, PERIOD, (year,)))


def printed(figure: Figure | None) -> str:
    assert figure is not None
    assert figure.varde is not None
    return belopp_text(figure.varde, "mnkr").removesuffix(",0").replace("\u2212", "-")


def test_every_namnd_comes_out_as_printed(record, published):
    for place, row in enumerate(published[1:]):
        error = record.get(namnd_grupp(f"N{place}"), TRAFFSAKERHET, DRIFT, FEL, 2014)
        assert printed(error) == row["avvikelse"], row["namn"]


def test_the_kommuns_error_is_the_printed_total_and_hides_how_far_the_namnder_were_off(record, published):
    assert printed(record.get(KOMMUNEN, TRAFFSAKERHET, DRIFT, FEL, 2014)) == published[0]["avvikelse"] == "-150"
    assert printed(record.get(KOMMUNEN, TRAFFSAKERHET, DRIFT, FEL_UTAN_TECKEN, 2014)) == "360"
