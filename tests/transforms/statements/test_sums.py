"""Statements by their forms: sums, what rounding explains, what is missing and what the kommun has adapted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.contract_files import load_felkoder
from data_contracts.uppstallningsform import Anpassning, Tillagg, adapt
from tests.statement_examples import UTFALL, entered, form_of, kronor, summed
from transforms.figures import KOMMUNEN, FigureIndex
from transforms.formulas import evaluate
from transforms.statements.sums import roundings, sum_statement

SJOBO_2021 = {
    "intakter": 281_900_000, "kostnader": -1_381_200_000, "avskrivningar": -28_100_000, "skatteintakter": 861_900_000,
    "statsbidrag": 326_600_000, "finansiella_intakter": 20_200_000, "finansiella_kostnader": -600_000, "extraordinara": 0,
}  # fmt: skip
HALLSBERG_2020 = {
    "arets_resultat": 59, "justering_avskrivningar": 30, "justering_avsattningar": 5, "justering_ovrigt": 0,
    "forandring_fordringar": -4, "forandring_forrad": 0, "forandring_skulder": 35, "investeringar": -81, "forsaljningar": 0,
    "finansiella_investeringar": 0, "nya_lan": 0, "amortering": 0, "ovrig_finansiering": 2, "bidrag_infrastruktur": 0,
    "likvida_ib": 63,
}  # fmt: skip


def test_the_resultatrakning_of_sjobo_adds_up() -> None:
    figures = summed(entered("resultatrakning", SJOBO_2021), form_of("resultatrakning"))
    assert kronor(figures, "resultatrakning", "nettokostnader") == -1_127_400_000
    assert kronor(figures, "resultatrakning", "verksamhetens_resultat") == 61_100_000
    assert kronor(figures, "resultatrakning", "arets_resultat") == 80_700_000


def test_the_kassaflode_of_hallsberg_goes_from_63_to_109() -> None:
    figures = summed(entered("kassaflode", HALLSBERG_2020), form_of("kassaflode"))
    assert kronor(figures, "kassaflode", "fore_rorelsekapital") == 94
    assert kronor(figures, "kassaflode", "lopande") == 125
    assert kronor(figures, "kassaflode", "arets_kassaflode") == 46
    assert kronor(figures, "kassaflode", "likvida_ub") == 109


def test_a_sum_with_a_missing_part_is_missing_and_so_is_all_above_it() -> None:
    figures = summed(entered("resultatrakning", {**SJOBO_2021, "avskrivningar": None}), form_of("resultatrakning"))
    assert kronor(figures, "resultatrakning", "nettokostnader") is None
    assert kronor(figures, "resultatrakning", "arets_resultat") is None


def test_a_part_that_is_not_applicable_is_left_out() -> None:
    figures = entered("resultatrakning", {**SJOBO_2021, "extraordinara": None})
    figures = [replace(f, ravarde="ej tillämpligt") if f.rad == "extraordinara" else f for f in figures]
    assert kronor(summed(figures, form_of("resultatrakning")), "resultatrakning", "arets_resultat") == 80_700_000


def stated(rows: dict[str, int], step: int):
    form = form_of(
        "resultatrakning", without=("skatteintakter", "statsbidrag", "verksamhetens_resultat", "extraordinara")
    )
    index = FigureIndex(entered("resultatrakning", rows))
    return form, index, sum_statement(index, form, KOMMUNEN, step, load_felkoder(), "tkr")


ROUNDED = {"intakter": 231_858_000, "kostnader": -229_672_000, "avskrivningar": -1_686_000}
STATED = {
    **ROUNDED,
    "nettokostnader.redovisad": 501_000,
    "finansiella_intakter": 6_000,
    "finansiella_kostnader": -192_000,
}


def test_a_difference_that_rounding_explains_becomes_a_visible_figure() -> None:
    form, index, result = stated(STATED, 100_000)
    figures = FigureIndex([*index, *result.figures])
    assert result.findings == ()
    assert kronor(figures, "resultatrakning", "nettokostnader") == 501_000
    assert [figure.varde for figure in roundings(figures, form, KOMMUNEN)] == [100_000]
    assert kronor(figures, "resultatrakning", "efter_finansiella") == 315_000


def test_exact_amounts_leave_no_room_for_rounding() -> None:
    _, index, result = stated(STATED, 0)
    (finding,) = result.findings
    assert finding.code == "E850"
    assert "redovisad summa är 501 tkr men delarna ger 500 tkr" in finding.message
    assert kronor(FigureIndex([*index, *result.figures]), "resultatrakning", "nettokostnader") == 500_000


def test_a_larger_difference_is_a_finding_on_its_cell_and_the_parts_count() -> None:
    rows = {**STATED, "nettokostnader.redovisad": 510_000}
    _, index, result = stated(rows, 100_000)
    assert [finding.code for finding in result.findings] == ["E850"]
    assert kronor(FigureIndex([*index, *result.figures]), "resultatrakning", "nettokostnader") == 500_000


def test_every_computed_figure_is_its_formula_of_its_inputs() -> None:
    _, index, result = stated(STATED, 100_000)
    figures = FigureIndex([*index, *result.figures])
    for figure in result.figures:
        terms = [(sign, figures.by_id(part)) for sign, part in figure.indata]
        assert evaluate(figure, terms) == figure.varde


def test_an_adapted_form_has_the_kommuns_rows_and_names() -> None:
    own = Tillagg(
        kod="jamforelsestorande", namn="Jämförelsestörande intäkter", efter="intakter", ingar_i="nettokostnader"
    )
    form = adapt(
        form_of("resultatrakning"),
        Anpassning(tillagg=(own,), namn={"skatteintakter": "Kommunalskatt"}, noter={"intakter": "n1"}),
    )
    assert [rad.kod for rad in form.rader][:3] == ["intakter", "jamforelsestorande", "kostnader"]
    assert form.rad("skatteintakter").namn == "Kommunalskatt"
    assert form.rad("intakter").not_ == "n1"
    rows = {**SJOBO_2021, "jamforelsestorande": 1_000_000}
    assert kronor(summed(entered("resultatrakning", rows), form), "resultatrakning", "nettokostnader") == -1_126_400_000


def test_a_sum_left_out_gives_its_parts_to_the_sums_above() -> None:
    form = form_of("resultatrakning", without=("verksamhetens_resultat",))
    assert form.rad("efter_finansiella").delar[:3] == ("nettokostnader", "skatteintakter", "statsbidrag")


def test_an_adaptation_may_not_name_what_is_not_there() -> None:
    with pytest.raises(ValueError, match="har ingen rad skatt"):
        adapt(form_of("resultatrakning"), Anpassning(utelamna=("skatt",)))


def test_columns_are_summed_each_for_itself() -> None:
    figures = [
        *entered("resultatrakning", SJOBO_2021),
        *entered("resultatrakning", {**SJOBO_2021, "intakter": None}, ("budget", None)),
    ]
    index = summed(figures, form_of("resultatrakning"))
    assert kronor(index, "resultatrakning", "arets_resultat", UTFALL) == 80_700_000
    assert kronor(index, "resultatrakning", "arets_resultat", ("budget", None)) is None
