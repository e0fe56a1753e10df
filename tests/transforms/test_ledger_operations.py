"""Drift- and investeringsredovisning out of the ledger: per nämnd intäkter and kostnader apart, per project what has been spent, with
budget, and not what is financing."""

from __future__ import annotations

from tests.ledger_examples import ledger, lingonby, placed
from transforms.figures import KOMMUNEN, REGISTER, Figure, FigureIndex
from transforms.ledger.investments import INVESTERINGSREDOVISNING, investment_figures
from transforms.ledger.operations import DRIFTREDOVISNING, operation_figures, operation_rows
from transforms.period import Period

APRIL = Period(2026, 4)


def budget(enhet: str, rad: str, ore: int | None) -> Figure:
    return Figure("2026-04", enhet, "drift", rad, "budget", rad, ore, REGISTER)


def made(*budgets: Figure) -> FigureIndex:
    return FigureIndex([*budgets, *operation_figures(placed(ledger()), budgets, lingonby(), APRIL)])


def test_each_side_is_the_ledgers_konton_of_its_classes_in_the_namnds_enheter():
    index = made()
    for namnd, enheter in (("ks", ("KS", "OMS", "KULT")), ("bun", ("BUN", "MAL")), ("sbn", ("SBN", "VA"))):
        for side, classes in (("intakter", "3"), ("kostnader", "4567")):
            expected = -sum(
                row.ledger_ore
                for row in placed(ledger())
                if row.enhet in enheter and row.matt == "drift" and row.konto[0] in classes
            )
            assert index.get(KOMMUNEN, DRIFTREDOVISNING, f"{namnd}.{side}", "utfall").varde == expected


def test_the_rows_are_the_namnder_with_sums_and_finansieringen_is_no_row():
    rows = {rad.kod: rad for rad in operation_rows(lingonby())}
    assert rows["summa"].delar == ("ks.netto", "bun.netto", "sbn.netto")
    assert rows["ks.netto"].delar == ("ks.intakter", "ks.kostnader")
    pensions = sum(row.ledger_ore for row in placed(ledger()) if row.enhet == "FIN" and row.konto[:2] == "57")
    assert pensions, "the financing has costs, and they stand in no nämnd's row"


def test_the_budget_is_that_of_the_rows_of_the_side_and_is_missing_when_one_is():
    index = made(budget("BUN", "personal", -300), budget("MAL", "lokaler", -50), budget("BUN", "intakter", 70))
    assert index.get(KOMMUNEN, DRIFTREDOVISNING, "bun.kostnader", "budget").varde == -350
    assert index.get(KOMMUNEN, DRIFTREDOVISNING, "bun.intakter", "budget").varde == 70
    assert index.get(KOMMUNEN, DRIFTREDOVISNING, "sbn.kostnader", "budget") is None
    missing = made(budget("BUN", "personal", -300), budget("MAL", "lokaler", None))
    assert missing.get(KOMMUNEN, DRIFTREDOVISNING, "bun.kostnader", "budget").varde is None


def invested(*budgets: Figure) -> FigureIndex:
    return FigureIndex([*budgets, *investment_figures(placed(ledger()), budgets, lingonby(), APRIL)])


def investment(enhet: str, rad: str, ore: int | None) -> Figure:
    return Figure("2026-04", enhet, "investeringar", rad, "budget", rad, ore, REGISTER)


def test_a_project_has_what_the_ledger_has_spent_on_it_beside_its_budget_and_the_sum_is_theirs():
    index = invested(investment("SBN", "gata.bro_storan", 7_000_000_00), investment("KS", "inventarier", 800_000_00))
    spent: dict[tuple[str, str], int] = {}
    for row in placed(ledger()):
        if row.matt == "investeringar":
            spent[row.enhet, row.rad] = spent.get((row.enhet, row.rad), 0) + row.ledger_ore
    for (enhet, rad), ore in spent.items():
        assert index.get(KOMMUNEN, INVESTERINGSREDOVISNING, f"{enhet.lower()}.{rad}", "utfall").varde == ore > 0
    assert index.get(KOMMUNEN, INVESTERINGSREDOVISNING, "summa", "utfall").varde == sum(spent.values())
    assert index.get(KOMMUNEN, INVESTERINGSREDOVISNING, "summa", "budget").varde == 7_800_000_00
    assert index.get(KOMMUNEN, INVESTERINGSREDOVISNING, "va.ledningsnat", "budget") is None


def test_a_budgeted_project_that_has_not_begun_is_zero_and_a_budget_that_is_missing_makes_the_sum_missing():
    index = FigureIndex(investment_figures((), [investment("SBN", "gata.belaggning", None)], lingonby(), APRIL))
    assert index.get(KOMMUNEN, INVESTERINGSREDOVISNING, "sbn.gata.belaggning", "utfall").varde == 0
    assert index.get(KOMMUNEN, INVESTERINGSREDOVISNING, "summa", "budget").varde is None
    none = investment_figures((), [investment("SBN", "gata.belaggning", 0)], lingonby(), APRIL)
    assert none == (), "neither spent nor budgeted"
