"""Laws of the statements: sums of trees, cash and balance, deficits, eliminations."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from adapters.contract_files import load_bokslutsregler, load_felkoder
from data_contracts.uppstallningsform import Form
from tests.statement_examples import PERIOD, UTFALL, entered, form_of, summed
from tests.transforms.statements.test_consolidation import BR, RR, SKATT_BP
from transforms.figures import KOMMUNEN, FigureIndex
from transforms.statements.balance_requirement import carry_deficits
from transforms.statements.consolidation import KONCERNEN, Koncernforetag, consolidate
from transforms.statements.sums import sum_statement

KR = st.integers(-(10**9), 10**9)
FORMS = [form_of(kod) for kod in ("resultatrakning", "balansrakning", "kassaflode", "balanskrav")]
REGEL = load_bokslutsregler().lag.aterstallning[0]


def leaves(form: Form, kod: str) -> list[str]:
    rad = form.rad(kod)
    return [leaf for part in rad.delar for leaf in leaves(form, part)] if rad.is_sum else [kod]


def value(figures: FigureIndex, form: str, kod: str, enhet: str = KOMMUNEN) -> int | None:
    figure = figures.get(enhet, form, kod, "utfall")
    return None if figure is None else figure.varde


@given(st.data())
def test_every_sum_is_the_sum_of_its_leaves_whatever_the_path(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(FORMS))
    rows = {rad.kod: data.draw(st.one_of(KR, st.none()) if data.draw(st.booleans()) else KR) for rad in form.poster}
    figures = summed(entered(form.kod, rows), form)
    for rad in form.rader:
        if rad.is_sum:
            parts = [rows[leaf] for leaf in leaves(form, rad.kod)]
            expected = None if None in parts else sum(part for part in parts if part is not None) * 100
            assert value(figures, form.kod, rad.kod) == expected


@given(st.lists(KR, min_size=14, max_size=14), KR)
def test_the_years_kassaflode_is_the_change_in_cash(amounts: list[int], opening: int) -> None:
    form = form_of("kassaflode")
    rows = dict(zip((rad.kod for rad in form.poster if rad.kod != "likvida_ib"), amounts, strict=True))
    figures = summed(entered("kassaflode", {**rows, "likvida_ib": opening}), form)
    closing, change = value(figures, "kassaflode", "likvida_ub"), value(figures, "kassaflode", "arets_kassaflode")
    assert closing - opening * 100 == change == sum(amounts) * 100


@given(st.lists(st.tuples(st.integers(-500, 500), st.integers(0, 200)), min_size=1, max_size=6), st.integers(-300, 0))
def test_deficits_are_carried_and_never_become_a_surplus(years: list[tuple[int, int]], before: int) -> None:
    """UB = min(0, IB + result + synnerliga skäl), IB is last year's UB, and the parts by year are the whole."""
    columns = [(2000 + n, UTFALL if n == len(years) - 1 else ("bokslut", 2000 + n)) for n in range(len(years))]
    figures = [
        figure
        for place, ((_, column), (result, reasons)) in enumerate(zip(columns, years, strict=True))
        for figure in entered(
            "balanskrav",
            {
                "balanskravsresultat": result,
                "synnerliga_skal": reasons,
                **({"ib_underskott.tidigare": before} if not place else {}),
            },
            column,
        )
    ]
    standing = before
    for (result, reasons), year in zip(
        years, carry_deficits(FigureIndex(figures), KOMMUNEN, PERIOD, columns, REGEL), strict=True
    ):
        made = {figure.rad: figure.varde for figure in year.figures}
        assert made["ib_underskott"] == standing * 100
        standing = min(0, standing + result + reasons)
        assert made["ub_underskott"] == standing * 100
        assert sum(part.kvar.varde or 0 for part in year.kvar) == standing * 100
        assert [part.ar for part in year.kvar] == sorted(part.ar for part in year.kvar)


@given(st.integers(1, 100), st.lists(st.integers(0, 10**6), min_size=6, max_size=6), st.integers(0, 10**6))
def test_a_balanced_koncern_stays_balanced(percent: int, amounts: list[int], cost: int) -> None:
    """Shares, untaxed reserves and the acquisition add the same to both sides; amounts that shares divide evenly."""
    buildings, equity, untaxed, debts, own_buildings, own_debts = (amount * 100_00 for amount in amounts)
    company = {"mark_byggnader": equity + untaxed + debts, "ovrigt_eget_kapital": equity, "obeskattade_reserver": untaxed,
               "langfristiga_skulder": debts}  # fmt: skip
    kommun = {"mark_byggnader": own_buildings + buildings, "finansiella": cost * 100,
              "ovrigt_eget_kapital": own_buildings + buildings + cost * 100 - own_debts, "langfristiga_skulder": own_debts}  # fmt: skip
    figures = FigureIndex([
        *entered("balansrakning", kommun), *entered("balansrakning", company, UTFALL, "B"),
        *entered("koncernuppgifter", {"anskaffningsvarde": cost * 100, "forvarvat_eget_kapital": equity}, UTFALL, "B"),
    ])  # fmt: skip
    made = consolidate(figures, (RR, BR), (Koncernforetag("B", "B", percent * 100),), (), SKATT_BP)
    index = FigureIndex([*figures, *made])
    index = FigureIndex([*index, *sum_statement(index, BR, KONCERNEN, 0, load_felkoder(), "kr").figures])
    assert value(index, "balansrakning", "tillgangar", KONCERNEN) == value(
        index, "balansrakning", "skulder_och_eget_kapital", KONCERNEN
    )
