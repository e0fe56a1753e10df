"""Kassaflödet follows from the resultaträkning and two balances, for whichever enhet has them."""

from __future__ import annotations

from adapters.contract_files import load_bokslutsregler
from tests.statement_examples import UTFALL, entered, form_of
from transforms.figures import FigureIndex
from transforms.period import Period
from transforms.statements.cash_flow import cash_flow
from transforms.statements.consolidation import KONCERNEN

RULES = load_bokslutsregler().kassaflode
BEFORE = ("bokslut", 2024)
RR = {"intakter": 900, "kostnader": -700, "avskrivningar": -50, "skatt": -30}
NOW = {"mark_byggnader": 1_100, "fordringar": 90, "likvida_medel": 230, "andra_avsattningar": 40,
       "langfristiga_skulder": 500, "kortfristiga_skulder": 130}  # fmt: skip
THEN = {"mark_byggnader": 1_000, "fordringar": 100, "likvida_medel": 150, "andra_avsattningar": 30,
        "langfristiga_skulder": 450, "kortfristiga_skulder": 140}  # fmt: skip


def flows(*more):
    figures = FigureIndex([
        *entered("resultatrakning", RR, UTFALL, KONCERNEN), *entered("balansrakning", NOW, UTFALL, KONCERNEN), *more,
    ])  # fmt: skip
    made = cash_flow(figures, form_of("kassaflode"), RULES, KONCERNEN, Period(2025, 12))
    return {figure.rad: figure.varde // 100 for figure in made}


def test_each_row_is_what_has_changed_between_the_balances_and_the_companies_tax_is_in_the_result():
    assert flows(*entered("balansrakning", THEN, BEFORE, KONCERNEN)) == {
        "arets_resultat": 120, "justering_avskrivningar": 50, "justering_avsattningar": 10,
        "forandring_fordringar": 10, "forandring_skulder": -10, "investeringar": -150, "ovrig_finansiering": 50,
        "likvida_ib": 150,
    }  # fmt: skip
    assert NOW["likvida_medel"] == 150 + 120 + 50 + 10 + 10 - 10 - 150 + 50


def test_without_last_years_balance_only_what_the_year_itself_tells_is_there():
    assert flows() == {"arets_resultat": 120, "justering_avskrivningar": 50}
