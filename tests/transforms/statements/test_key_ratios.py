"""Nyckeltal: the worked example, and published ones to the printed digit from the rows that they are quotients of."""

from __future__ import annotations

import pytest

from adapters.contract_files import load_bokslutsregler
from tests.statement_examples import FG, PERIOD, UTFALL, YEAR, entered, form_of, summed
from transforms.belopp import antal_text
from transforms.figures import KOMMUNEN, FigureIndex
from transforms.formulas import evaluate
from transforms.statements.key_ratios import compute_nyckeltal

DEFINITIONS = {definition.kod: definition for definition in load_bokslutsregler().nyckeltal}
RR, BR, KFA = "resultatrakning", "balansrakning", "kassaflode"


def shown(kod: str, figures: FigureIndex, decimals: int | None = None) -> str:
    """The nyckeltal of the year as printed with so many decimals; '' when the kommun has not its rows."""
    definition = DEFINITIONS[kod]
    if decimals is not None:
        definition = definition.model_copy(update={"decimaler": decimals})
    made = compute_nyckeltal(figures, (definition,), KOMMUNEN, PERIOD, YEAR, (UTFALL,))
    if not made:
        return ""
    figure = made[-1]
    return "saknas" if figure.varde is None else antal_text(figure.varde, figure.decimaler).replace("\u2212", "-")


def example() -> FigureIndex:
    rr = {"intakter": 300, "kostnader": -1400, "avskrivningar": -50, "skatteintakter": 850, "statsbidrag": 330,
          "finansiella_intakter": 10, "finansiella_kostnader": -15, "extraordinara": 0}  # fmt: skip
    br = {"eget_kapital": 900, "tillgangar": 2000, "pensionsforpliktelser": 300}
    figures = [*entered(RR, rr), *entered(BR, br), *entered(KFA, {"investeringar": -100})]
    return summed(figures, form_of(RR))


@pytest.mark.parametrize(
    ("kod", "text"),
    [
        ("resultatandel", "2,1"),
        ("nettokostnadsandel", "97,5"),
        ("nettokostnadsandel_finans", "97,9"),
        ("soliditet", "45,0"),
        ("soliditet_pensioner", "30,0"),
        ("sjalvfinansieringsgrad", "75,0"),
    ],
)
def test_the_worked_example(kod: str, text: str) -> None:
    assert shown(kod, example()) == text


def test_goteborg_2017_from_the_rows_of_its_resultatrakning() -> None:
    """Göteborgs Stad, Årsredovisning 2017 and 2018: 2 128 / (26 572 + 3 827) and its neighbours, mnkr."""
    rr = {"arets_resultat": 2128, "skatteintakter": 26572, "statsbidrag": 3827, "avskrivningar": -1400,
          "finansiella_intakter": 1158, "finansiella_kostnader": -556, "nettokostnader": -28873}  # fmt: skip
    before = {"skatteintakter": 25109, "statsbidrag": 3847, "arets_resultat": 938}
    figures = FigureIndex([*entered(RR, rr), *entered(RR, before, FG)])
    assert shown("resultatandel", figures) == "7,0"
    assert shown("avskrivningsandel", figures) == "4,6"
    assert shown("finansnettoandel", figures) == "-2,0"
    assert shown("skatteutveckling", figures) == "5,0"
    assert shown("nettokostnadsandel_finans", figures, 0) == "93"


def test_goteborg_2016_result_from_its_rows() -> None:
    figures = FigureIndex(entered(RR, {"arets_resultat": 938, "skatteintakter": 25109, "statsbidrag": 3847}))
    assert shown("resultatandel", figures) == "3,2"


@pytest.mark.parametrize(
    ("equity", "assets", "pensions", "soliditet", "with_pensions"),
    [
        pytest.param(2_284_000, 5_764_800, 363_800, "39,6", "33,3", id="Ängelholm 2021"),
        pytest.param(416_200, 1_118_500, 0, "37,2", "37,2", id="Vårgårda 2023"),
    ],
)
def test_published_soliditet(equity: int, assets: int, pensions: int, soliditet: str, with_pensions: str) -> None:
    rows = {"eget_kapital": equity, "tillgangar": assets, "pensionsforpliktelser": pensions}
    figures = FigureIndex(entered(BR, rows))
    assert (shown("soliditet", figures), shown("soliditet_pensioner", figures)) == (soliditet, with_pensions)


def test_tolkformedling_vast_2025_and_the_printed_liquidity_that_does_not_follow() -> None:
    """Soliditet 36 and 47 % are printed; likviditet 2025 is printed 147 % but 79 718 / 53 450 is 149."""
    now = {
        "eget_kapital": 30_308,
        "tillgangar": 83_758,
        "omsattningstillgangar": 79_718,
        "kortfristiga_skulder": 53_450,
    }
    before = {
        "eget_kapital": 29_993,
        "tillgangar": 64_258,
        "omsattningstillgangar": 58_532,
        "kortfristiga_skulder": 34_264,
    }
    assert shown("soliditet", FigureIndex(entered(BR, now)), 0) == "36"
    assert shown("soliditet", FigureIndex(entered(BR, before)), 0) == "47"
    assert shown("likviditet", FigureIndex(entered(BR, before)), 0) == "171"
    assert shown("likviditet", FigureIndex(entered(BR, now)), 0) == "149"


@pytest.mark.parametrize(("sold", "volume", "text"), [(329, 2300, "14"), (354, 2280, "16")])
def test_malmo_pays_investments_by_what_it_sells(sold: int, volume: int, text: str) -> None:
    """Malmö stad 2014 and 2016: försäljningar / investeringsvolym; the same quotient engine, another definition."""
    definition = DEFINITIONS["soliditet"].model_copy(update={"decimaler": 0})
    figures = FigureIndex(entered(BR, {"eget_kapital": sold, "tillgangar": volume}))
    *_, figure = compute_nyckeltal(figures, (definition,), KOMMUNEN, PERIOD, YEAR, (UTFALL,))
    assert antal_text(figure.varde, 0) == text


def test_a_missing_row_makes_it_missing_and_a_row_that_is_not_there_leaves_it_out() -> None:
    missing = FigureIndex(entered(BR, {"eget_kapital": None, "tillgangar": 10}))
    assert shown("soliditet", missing) == "saknas"
    assert shown("soliditet_pensioner", missing) == ""


def test_nothing_is_divided_by_zero() -> None:
    assert shown("soliditet", FigureIndex(entered(BR, {"eget_kapital": 5, "tillgangar": 0}))) == "saknas"


def test_a_quotient_is_rounded_once_half_away_from_zero() -> None:
    assert shown("soliditet", FigureIndex(entered(BR, {"eget_kapital": 1245, "tillgangar": 100_000}))) == "1,2"
    assert shown("soliditet", FigureIndex(entered(BR, {"eget_kapital": 1250, "tillgangar": 100_000}))) == "1,3"
    assert shown("soliditet", FigureIndex(entered(BR, {"eget_kapital": -1250, "tillgangar": 100_000}))) == "-1,3"


def test_a_nyckeltal_is_its_formula_of_its_dividend_and_divisor() -> None:
    figures = example()
    made = compute_nyckeltal(figures, DEFINITIONS.values(), KOMMUNEN, PERIOD, YEAR, (UTFALL,))
    index = FigureIndex([*figures, *made])
    for figure in made:
        terms = [(sign, index.by_id(part)) for sign, part in figure.indata]
        assert evaluate(figure, terms) == figure.varde
