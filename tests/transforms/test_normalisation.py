"""Normalise: every expected cell gets a figure with its origin; blank and missing stay missing; budget comes from the register."""

from __future__ import annotations

import pandas as pd
import pytest

from adapters.contract_files import load_contract
from data_contracts.kommun import Finansiering
from tests.figure_examples import small_kommun
from transforms.conversion import converted_columns
from transforms.figures import FigureIndex
from transforms.normalisation import figures_from_register, figures_from_returns
from transforms.period import Period
from transforms.typed_rows import frame_of

APRIL = Period(2026, 4)
KOMMUN = small_kommun(("A", Finansiering.SKATT), ("B", Finansiering.SKATT))


def sheet(table: str, *rows: dict[str, object], contract: str = "manadsretur") -> pd.DataFrame:
    origin = {"retur": "f" * 64, "fil": "a.xlsx", "blad": table}
    return frame_of(converted_columns(load_contract(contract).table(table)), [{**origin, **row} for row in rows])


def drift(*rows: dict[str, object]) -> FigureIndex:
    return FigureIndex(figures_from_returns({"drift": sheet("drift", *rows)}, KOMMUN, APRIL))


def test_a_cell_becomes_a_figure_with_its_origin() -> None:
    index = drift({"enhet": "A", "kod": "personal", "prognos": -5_000, "prognos_cell": "J9", "prognos_ra": "-50"})
    figure = index.get("A", "drift", "personal", "prognos")
    assert (figure.varde, figure.cell, figure.ravarde, figure.fil, figure.blad) == (
        -5_000,
        "J9",
        "-50",
        "a.xlsx",
        "drift",
    )
    assert figure.figure_id == "2026-04/A/drift/personal/prognos"


def test_a_blank_cell_is_missing_and_keeps_its_place() -> None:
    figure = drift({"enhet": "A", "kod": "personal", "prognos_cell": "J9"}).get("A", "drift", "personal", "prognos")
    assert (figure.varde, figure.cell) == (None, "J9")


def test_a_missing_return_still_gives_every_expected_figure_as_missing() -> None:
    index = drift()
    assert {figure.varde for figure in index} == {None}
    expected = {(e, r) for e in ("A", "B") for r in ("intakter", "personal", "ovrigt")}
    assert {(f.enhet, f.rad) for f in index if f.matt == "drift" and f.serie == "prognos"} == expected


def test_zero_is_zero() -> None:
    assert drift({"enhet": "A", "kod": "personal", "prognos": 0}).get("A", "drift", "personal", "prognos").varde == 0


def test_a_sum_row_of_the_sheet_is_not_taken_in() -> None:
    assert (
        drift({"enhet": "A", "kod": "kostnader", "prognos": -5_000}).get("A", "drift", "kostnader", "prognos") is None
    )


def test_an_own_row_comes_with_its_group_and_budget() -> None:
    row = {
        "enhet": "B",
        "kod": "konsult",
        "benamning": "Konsulter",
        "grupp": "kostnader",
        "budget": -100,
        "prognos": -300,
    }
    index = drift(row)
    assert [(f.rad, f.namn, f.grupp) for f in index.own_rows("B", "drift")] == [("konsult", "Konsulter", "kostnader")]
    assert index.get("B", "drift", "konsult", "budget").varde == -100
    assert index.get("A", "drift", "konsult", "prognos") is None


def register(decided: int | None, *changes: tuple[str, int, str]) -> FigureIndex:
    budget = {
        "enhet": "A",
        "avser": "drift",
        "kod": "personal",
        "belopp": decided,
        "belopp_cell": "F7",
        "belopp_ra": str(decided),
    }
    rows = [
        {"lopnummer": number, "enhet": "A", "avser": "drift", "kod": "personal", "belopp": amount, "beslutsdatum": day}
        for number, amount, day in changes
    ]
    frames = {
        "beslutad_budget": sheet("beslutad_budget", budget, contract="budgetregister"),
        "anslagsforandringar": sheet("anslagsforandringar", *rows, contract="budgetregister"),
    }
    return FigureIndex(figures_from_register(frames, KOMMUN, APRIL))


def test_budget_without_changes_is_the_registers_cell() -> None:
    figure = register(-1_000).get("A", "drift", "personal", "budget")
    assert (figure.varde, figure.cell, figure.slag, figure.indata) == (-1_000, "F7", "register", ())


def test_budget_with_changes_is_computed_from_the_decisions_up_to_the_period() -> None:
    index = register(-1_000, ("1", -200, "2026-03-10"), ("2", 50, "2026-04-30"), ("3", -900, "2026-05-01"))
    figure = index.get("A", "drift", "personal", "budget")
    assert figure.varde == -1_150
    assert [figure_id for _, figure_id in figure.indata] == [
        "2026-04/A/drift/personal/beslutad_budget",
        "2026-04/A/anslagsforandringar/1/anslagsforandring",
        "2026-04/A/anslagsforandringar/2/anslagsforandring",
    ]


@pytest.mark.parametrize("changes", [(), (("1", -200, "2026-03-10"),)])
def test_budget_is_missing_when_nothing_was_decided(changes: tuple[tuple[str, int, str], ...]) -> None:
    assert register(None, *changes).get("A", "drift", "personal", "budget").varde is None


def test_bokslut_is_of_last_year() -> None:
    row = {"enhet": "A", "avser": "drift", "kod": "resultat", "belopp": 77}
    frames = {"bokslut": sheet("bokslut", row, contract="budgetregister")}
    index = FigureIndex(figures_from_register(frames, KOMMUN, APRIL))
    assert index.get("A", "drift", "resultat", "bokslut", 2025).varde == 77
