"""Resultaträkning, balansräkning and kassaflöde out of a ledger: one made up, and any that balances."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.contract_files import load_bokslutsregler, load_felkoder, load_kommunbas
from data_contracts.bokslutsinstallning import Bokslutsinstallning
from data_contracts.huvudboksplan import Huvudboksplan
from tests.ledger_examples import frames, ledger, lingonby, with_rows
from transforms.figures import HUVUDBOK, INLAMNAD, KOMMUNEN, Figure, FigureIndex
from transforms.formulas import evaluate
from transforms.ledger.balances import LedgerFrames
from transforms.ledger.frames import BALANCES, LEDGER, LEDGER_BUDGET
from transforms.ledger.sie import SieFile, Transaktion
from transforms.ledger.statements import BOKKONTO, LedgerBooks, books_from_ledger, place_of, with_ledger
from transforms.period import Period
from transforms.schemas import rows_of
from transforms.statements.closing import Books, close_books, forms_of

APRIL = Period(2026, 4)
RULES, CODES, SETTINGS = load_bokslutsregler(), load_felkoder(), Bokslutsinstallning(kalla="huvudbok")
FORMS = forms_of(SETTINGS, RULES, APRIL.last_day)
CHART = load_kommunbas().chart(2026)


def plan() -> Huvudboksplan:
    found = lingonby().huvudbok
    assert found is not None
    return found


def of_ledger(made: LedgerFrames, period: Period = APRIL) -> LedgerBooks:
    return books_from_ledger(made, plan(), CHART, FORMS, RULES.kassaflode, period, CODES)


def closed(figures: tuple[Figure, ...]) -> Books:
    return close_books(figures, SETTINGS, RULES, APRIL, CODES)


@pytest.fixture(scope="module")
def books() -> Books:
    """Lingonby's made-up ledger for April, closed."""
    made = of_ledger(frames(ledger()))
    assert made.findings == ()
    return closed(made.figures)


def uneven(ore: int) -> SieFile:
    """The ledger with kommunbidrag in one nämnd that Finansieringen has not paid, against the bank."""
    opening = tuple(saldo for saldo in ledger().saldon if saldo.etikett == "IB")
    return replace(with_rows(ledger(), Transaktion("8910", -ore, (("1", "4100"),))), saldon=opening)


def test_kommunbidrag_that_does_not_go_out_is_told_with_its_amount_and_the_balance_is_off_by_it():
    made = of_ledger(frames(uneven(66_700)))
    (told,) = made.findings
    assert (told.code, told.found) == ("E848", "8910")
    assert "\u2212667" in told.message
    (off,) = [one for one in closed(made.figures).avstamningar if one.id == "balans/utfall"]
    assert off.kontroll.differens == 66_700


def value(books: Books, form: str, rad: str, serie: str = "utfall", vardear: int | None = None) -> int | None:
    figure = books.figures.get(KOMMUNEN, form, rad, serie, vardear)
    return None if figure is None else figure.varde


def test_the_balance_balances_and_the_cash_flow_meets_it(books):
    assert value(books, "balansrakning", "tillgangar") == value(books, "balansrakning", "skulder_och_eget_kapital")
    assert value(books, "kassaflode", "likvida_ub") == value(books, "balansrakning", "likvida_medel")
    assert value(books, "balansrakning", "likvida_medel", "bokslut", 2025) == 54_200_000_00
    assert value(books, "resultatrakning", "arets_resultat") == value(books, "balansrakning", "arets_resultat")


def test_all_that_must_agree_is_compared_and_agrees(books):
    compared = {one.id.partition("/")[0] for one in books.avstamningar}
    assert {
        "balans",
        "resultat_br",
        "resultat_kfa",
        "likvida_ub",
        "likvida_ib",
        "skulder_kfa",
        "eget_kapital",
    } <= compared
    assert [one.id for one in books.avstamningar if not one.is_agreed] == []
    assert books.findings == ()


def test_the_result_is_the_ledgers_turned_and_internal_posts_are_not_in_it(books):
    rows = rows_of(frames(ledger()).ledger)
    turned = -sum(int(row["ledger_ore"]) for row in rows if str(row["konto"])[0] in "345678")
    assert value(books, "resultatrakning", "arets_resultat") == turned
    income = -sum(int(row["ledger_ore"]) for row in rows if str(row["konto"])[0] == "3" and not row["motpart"])
    assert value(books, "resultatrakning", "intakter") == income


def test_every_row_ends_in_lines_of_the_file(books):
    row = books.figures.get(KOMMUNEN, "resultatrakning", "kostnader", "utfall")
    parts = [books.figures.by_id(part) for _, part in row.indata]
    assert len(parts) > 5
    for part in parts:
        assert (part.matt, part.slag) == (BOKKONTO, HUVUDBOK)
        assert part.cell.startswith("rad ")
        assert len(part.retur_sha256) == len(books.figures.by_id(row.indata[0][1]).retur_sha256)
    for figure in books.figures:
        if figure.indata and figure.matt in ("resultatrakning", "balansrakning", "kassaflode"):
            terms = ((sign, books.figures.by_id(part)) for sign, part in figure.indata)
            assert evaluate(figure, terms) == figure.varde, figure.figure_id


def test_an_account_is_placed_by_the_kommuns_table_before_kommun_bas():
    assert place_of("5020", plan(), CHART) == ("resultatrakning", "kostnader")
    assert place_of("1940", plan(), CHART) == ("balansrakning", "likvida_medel"), "Kommun-Bas has no source for it"
    assert place_of("8910", plan(), CHART) == ("", ""), "kommunbidrag stands in no statement"
    assert place_of("2610", plan(), CHART) is None


def test_an_account_that_no_table_knows_is_found_with_its_amount():
    made = of_ledger(simple([("2026-01", "2610", -500), ("2026-01", "1940", 500)]))
    assert [(finding.code, finding.found) for finding in made.findings] == [("E846", "2610")]
    assert "−500" in made.findings[0].message


def test_the_workbook_adds_what_the_ledger_has_not_and_a_contradiction_is_told():
    made = of_ledger(simple([("2026-01", "5020", 500), ("2026-01", "1940", -500)]))
    said = Figure(
        "2026-04", KOMMUNEN, "resultatrakning", "kostnader", "utfall", "Kostnader", -499_00, INLAMNAD,
        fil="bok.xlsx", blad="RR", cell="E8", ravarde="-499",
    )  # fmt: skip
    budget = Figure("2026-04", KOMMUNEN, "resultatrakning", "kostnader", "budget", "Kostnader", -600_00, INLAMNAD)
    merged = with_ledger([said, budget], made, CODES)
    index = FigureIndex(merged.figures)
    assert index.get(KOMMUNEN, "resultatrakning", "kostnader", "utfall").varde == -500_00
    assert index.get(KOMMUNEN, "resultatrakning", "kostnader", "budget") == budget
    assert [(finding.code, finding.cell) for finding in merged.findings] == [("E847", "E8")]


def simple(rows: list[tuple[str, str, int]], opening: dict[str, int] | None = None) -> LedgerFrames:
    """A ledger of rows (month, konto, kronor) and opening balances."""
    origin = {"sha256": "0" * 64, "fil": "h.se"}
    sums: dict[tuple[str, str], int] = {}
    for month, konto, kronor in rows:
        sums[month, konto] = sums.get((month, konto), 0) + kronor * 100
    empty = dict.fromkeys(("ansvar", "verksamhet", "projekt", "motpart"), "")
    moved = [
        {"ar": 2026, "period": month, "konto": konto, **empty, "ledger_ore": ore, "rader": str(place), **origin}
        for place, ((month, konto), ore) in enumerate(sorted(sums.items()), start=1)
    ]
    balances = [
        {"ar": 2026, "slag": "ib", "konto": konto, "ledger_ore": kronor * 100, "rader": "1", **origin}
        for konto, kronor in sorted((opening or {}).items())
    ]
    return LedgerFrames(LEDGER.frame(moved), LEDGER_BUDGET.frame([]), BALANCES.frame(balances))


RESULT, BALANCE = (
    ("3010", "4630", "5020", "7910", "8010", "8440"),
    ("1111", "1221", "1311", "1940", "2210", "2340", "2910"),
)
POST = st.tuples(
    st.sampled_from(["2026-01", "2026-04"]), st.sampled_from(RESULT + BALANCE), st.sampled_from(RESULT + BALANCE),
    st.integers(-(10**9), 10**9),
)  # fmt: skip


@settings(max_examples=40)
@given(st.lists(POST, min_size=1, max_size=12), st.dictionaries(st.sampled_from(BALANCE), st.integers(-(10**9), 10**9)))
def test_law_any_ledger_that_balances_gives_statements_that_agree(posts, opening):
    """Double entry in: the balance balances, IB is last year's UB, and the cash flow is the change in cash."""
    rows = [row for month, debit, credit, kr in posts for row in ((month, debit, kr), (month, credit, -kr))]
    against = {**dict.fromkeys(BALANCE, 0), **opening}
    against["2010"] = -sum(against.values())
    made = of_ledger(simple(rows, against))
    assert made.findings == ()
    books = closed(made.figures)
    assert [one.id for one in books.avstamningar if not one.is_agreed] == []
    change = value(books, "balansrakning", "likvida_medel") - value(
        books, "balansrakning", "likvida_medel", "bokslut", 2025
    )
    assert value(books, "kassaflode", "arets_kassaflode") == change
