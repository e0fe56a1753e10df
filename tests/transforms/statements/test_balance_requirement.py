"""Balanskravet: the law's limits by date, deficits restored oldest first, and the published cases of Malmö and Tolkförmedling Väst."""

from __future__ import annotations

import datetime as dt

import pytest

from adapters.contract_files import load_bokslutsregler, load_felkoder
from data_contracts.bokslutsregler import valid_rule
from tests.backtests.test_rakenskaper import ore, read
from tests.statement_examples import PERIOD, UTFALL, entered, form_of, kronor, summed
from transforms.figures import KOMMUNEN, FigureIndex
from transforms.formulas import evaluate
from transforms.statements.balance_requirement import carry_deficits, reserve_findings, reserve_limits

RER = valid_rule(load_bokslutsregler().lag.reserver, dt.date(2025, 12, 31))
RUR = valid_rule(load_bokslutsregler().lag.reserver, dt.date(2023, 12, 31))
AR3 = load_bokslutsregler().lag.aterstallning[0]


def example(*, equity: int = 900, pensions: int = 300, held: int = 52, reserved: int = 0) -> FigureIndex:
    """The worked example: result 25, reavinst 4, base 1 180, in mnkr written as kronor."""
    rr = {"intakter": 300_0, "kostnader": -1_400_0, "avskrivningar": -50_0, "skatteintakter": 850_0, "statsbidrag": 330_0,
          "finansiella_intakter": 10_0, "finansiella_kostnader": -15_0, "extraordinara": 0}  # fmt: skip
    balanskrav = {"arets_resultat": 25_0, "realisationsvinster": -4_0, "vinster_undantag": 0, "forluster_undantag": 0,
                  "orealiserade": 0, "aterforing_orealiserade": 0, "till_reserv": -reserved, "fran_reserv": 0,
                  "reserv.ingaende": held * 10}  # fmt: skip
    br = {"eget_kapital": equity * 10, "pensionsforpliktelser": pensions * 10}
    figures = [*entered("resultatrakning", rr), *entered("balanskrav", balanskrav), *entered("balansrakning", br)]
    return summed(figures, form_of("resultatrakning"), form_of("balanskrav"))


def limits(figures: FigureIndex, regel=RER) -> FigureIndex:
    return FigureIndex([*figures, *reserve_limits(figures, regel, KOMMUNEN, PERIOD)])


def test_the_worked_example_may_reserve_seven() -> None:
    """min(25 − 11,8; 21 − 11,8) = 9,2; 5 % of 1 180 = 59 minus 52 = 7,0."""
    figures = limits(example())
    assert kronor(figures, "balanskrav", "reserv.golv") == 118
    assert kronor(figures, "balanskrav", "reserv.over_justerat") == 92
    assert kronor(figures, "balanskrav", "reserv.utrymme") == 70
    assert kronor(figures, "balanskrav", "reserv.hogst") == 70


def test_a_negative_equity_with_pensions_doubles_the_floor() -> None:
    figures = limits(example(equity=200, pensions=300))
    assert kronor(figures, "balanskrav", "reserv.golv") == 236
    assert kronor(figures, "balanskrav", "reserv.hogst") == 0


def test_the_old_reserve_had_no_ceiling() -> None:
    assert (RER.kod, RUR.kod, RUR.tak_bp) == ("RER", "RUR", None)
    assert kronor(limits(example(), RUR), "balanskrav", "reserv.hogst") == 92


@pytest.mark.parametrize(("reserved", "codes"), [(70, []), (71, ["E852"])])
def test_more_than_the_law_lets_is_a_finding(reserved: int, codes: list[str]) -> None:
    figures = limits(example(reserved=reserved))
    assert [f.code for f in reserve_findings(figures, RER, KOMMUNEN, load_felkoder(), "kr")] == codes


def test_without_skatteintakter_there_is_nothing_to_reserve() -> None:
    figures = summed(entered("balanskrav", {"arets_resultat": 1}), form_of("balanskrav"))
    assert reserve_limits(figures, RER, KOMMUNEN, PERIOD) == ()


def account(results: dict[int, int], reasons: dict[int, int] | None = None, before: int = 0):
    columns = {ar: UTFALL if ar == max(results) else ("bokslut", ar) for ar in results}
    figures = []
    for ar, result in results.items():
        rows = {"balanskravsresultat": result, "synnerliga_skal": (reasons or {}).get(ar, 0)}
        if ar == min(results) and before:
            rows["ib_underskott.tidigare"] = before
        figures += entered("balanskrav", rows, columns[ar])
    index = FigureIndex(figures)
    years = sorted(columns.items())
    made = carry_deficits(index, KOMMUNEN, PERIOD, years, AR3)
    return FigureIndex([*index, *(figure for year in made for figure in year.figures)]), made, columns


def test_a_deficit_is_carried_and_restored_within_three_years() -> None:
    _, made, _ = account({2021: -100, 2022: -30, 2023: 110, 2024: 5})
    assert [[(u.ar, u.kvar.varde, u.senast) for u in year.kvar] for year in made] == [
        [(2021, -100_00, 2024)],
        [(2021, -100_00, 2024), (2022, -30_00, 2025)],
        [(2022, -20_00, 2025)],
        [(2022, -15_00, 2025)],
    ]


def test_what_was_carried_from_before_is_restored_first() -> None:
    figures, made, columns = account({2024: -10, 2025: 45}, before=-40)
    assert [(u.ar, u.kvar.varde) for u in made[-1].kvar] == [(2024, -5_00)]
    assert kronor(figures, "balanskrav", "ib_underskott", columns[2024]) == -40


def test_every_figure_of_the_account_is_its_formula_of_its_inputs() -> None:
    figures, made, _ = account({2021: -100, 2022: -30, 2023: 110, 2024: 5}, {2022: 10}, before=-7)
    for year in made:
        for figure in year.figures:
            if figure.indata:
                terms = [(sign, figures.by_id(part)) for sign, part in figure.indata]
                assert evaluate(figure, terms) == figure.varde


def printed(case: str, kod: str) -> dict[str, int]:
    (table,) = read(case)["tabeller"]
    row = next(row for row in table["rader"] if row["kod"] == kod)
    return {column: (ore(text, "kr") or 0) // 100 for column, text in row["tryckt"].items()}


def test_tolkformedling_vast_restores_2023_and_carries_nothing() -> None:
    case = "tolkformedling_vast_2025_balanskrav"
    results = {int(ar): value for ar, value in printed(case, "balanskravsresultat").items()}
    reasons = {int(ar): value for ar, value in printed(case, "synnerliga_skal").items()}
    figures, made, columns = account(dict(sorted(results.items())), reasons)
    for ar, column in columns.items():
        assert kronor(figures, "balanskrav", "ib_underskott", column) == printed(case, "ib_tryckt")[str(ar)]
        assert kronor(figures, "balanskrav", "ub_underskott", column) == printed(case, "ub_tryckt")[str(ar)]
    assert [(u.ar, u.senast) for u in made[0].kvar] == [(2023, 2026)]
    assert made[-1].kvar == ()


def test_malmo_carries_193_to_2015_and_restores_it() -> None:
    case = "malmo_2015_balanskrav"
    results = {int(ar): value for ar, value in sorted(printed(case, "balanskravsresultat").items())}
    figures, _, columns = account(results)
    incoming = printed(case, "ib_underskott_tryckt")
    left = printed(case, "att_aterstalla_tryckt")
    for ar, column in columns.items():
        assert kronor(figures, "balanskrav", "ib_underskott", column) == incoming[str(ar)]
        assert kronor(figures, "balanskrav", "ub_underskott", column) == -left[str(ar)]
    assert results[2015] + incoming["2015"] == printed(case, "summa_tryckt")["2015"] == 162
