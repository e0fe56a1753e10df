"""What must agree between the statements, with Tolkförmedling Väst's published figures and Ängelholm's published slip."""

from __future__ import annotations

import pytest

from adapters.contract_files import load_bokslutsregler, load_felkoder
from tests.statement_examples import FG, UTFALL, YEAR, entered
from transforms.figures import KOMMUNEN, FigureIndex
from transforms.statements.reconcile import reconcile, reconciliation_findings

RULES = load_bokslutsregler().avstamning
BR_2025 = {"tillgangar": 83_758, "skulder_och_eget_kapital": 83_758, "arets_resultat": 315, "likvida_medel": 32_050,
           "fordringar": 47_669, "kortfristiga_skulder": 53_450, "eget_kapital": 30_308}  # fmt: skip
BR_2024 = {"likvida_medel": 15_693, "fordringar": 42_839, "kortfristiga_skulder": 34_264, "eget_kapital": 29_993}
KFA_2025 = {"arets_resultat": 315, "justering_avskrivningar": 1_686, "likvida_ib": 15_693, "likvida_ub": 32_050,
            "forandring_fordringar": -4_830, "forandring_skulder": 19_185, "investeringar": 0}  # fmt: skip


def compared(kfa: dict[str, int | None], step: int):
    tkr = lambda rows: {kod: None if value is None else value * 1000 for kod, value in rows.items()}  # noqa: E731
    figures = FigureIndex([
        *entered("resultatrakning", tkr({"arets_resultat": 315, "avskrivningar": -1_686})),
        *entered("balansrakning", tkr(BR_2025)), *entered("balansrakning", tkr(BR_2024), FG),
        *entered("kassaflode", tkr(kfa)), *entered("balanskrav", tkr({"arets_resultat": 315})),
        *entered("investeringsredovisning", tkr({"summa": 0})),
    ])  # fmt: skip
    return reconcile(figures, RULES, KOMMUNEN, YEAR, step, (UTFALL,))


def test_tolkformedling_vast_agrees_within_rounding() -> None:
    made = compared(KFA_2025, 100_000)
    assert {avstamning.id.partition("/")[0] for avstamning in made} == {rule.kod for rule in RULES}
    assert [avstamning.id for avstamning in made if not avstamning.is_agreed] == []
    assert reconciliation_findings(made, load_felkoder(), "tkr") == ()
    (skulder,) = (avstamning for avstamning in made if avstamning.id == "skulder_kfa/utfall")
    assert skulder.kontroll.differens == -100_000


def test_to_the_ore_the_rounding_of_kortfristiga_skulder_shows() -> None:
    findings = reconciliation_findings(compared(KFA_2025, 0), load_felkoder(), "tkr")
    assert [finding.code for finding in findings] == ["E851"]
    assert "19\u00a0185 tkr mot 19\u00a0186 tkr" in findings[0].message


def test_cash_that_does_not_meet_last_years_balance_is_a_finding() -> None:
    """As Ängelholm published: 335,9 in the kassaflöde against 336,1 in the balance."""
    made = compared({**KFA_2025, "likvida_ib": 15_491}, 100_000)
    assert [avstamning.id for avstamning in made if not avstamning.is_agreed] == ["likvida_ib/utfall"]


def test_a_missing_value_agrees_with_nothing_and_is_no_difference() -> None:
    made = compared({**KFA_2025, "likvida_ib": None}, 100_000)
    (missing,) = (avstamning for avstamning in made if avstamning.id == "likvida_ib/utfall")
    assert (missing.kontroll.differens, missing.is_agreed) == (None, False)
    assert reconciliation_findings(made, load_felkoder(), "tkr") == ()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kod)
def test_every_rule_finds_a_difference_of_its_own(rule) -> None:
    """One accepted and one refused case for each rule."""
    left, right = rule.vanster[0], rule.hoger[0]

    def made(extra: int):
        rows: dict[tuple[str, bool], dict[str, int]] = {}
        for side in (rule.vanster, rule.hoger):
            for term in side:
                rows.setdefault((term.form, term.fg), {})[term.rad] = 0
        rows[left.form, left.fg][left.rad] = 500 * left.tecken + extra
        rows[right.form, right.fg][right.rad] = 500 * right.tecken
        if (left.form, left.fg, left.rad) == (right.form, right.fg, right.rad):
            raise AssertionError("a rule that compares a row with itself")
        figures = [
            figure for (form, fg), values in rows.items() for figure in entered(form, values, FG if fg else UTFALL)
        ]
        return reconcile(FigureIndex(figures), (rule,), KOMMUNEN, YEAR, 0, (UTFALL,))

    assert [avstamning.is_agreed for avstamning in made(0)] == [True]
    assert [avstamning.is_agreed for avstamning in made(1)] == [False]
