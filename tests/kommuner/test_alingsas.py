"""Alingsås: the configuration is valid, the facts fit it, and what was printed comes out, but for a list that is exactly true."""

from __future__ import annotations

from typing import Any

import pytest

from data_contracts.kommun import Kommun, RadTyp
from tests.kommuner.printed import BACKTESTS, all_figures, load_kommun, load_month, our_cells, read_yaml
from transforms.fact_values import Facts, entered_rows, register_rows, retur_values
from transforms.figures import FigureIndex

CAUSES = {"opublicerade decimaler", "summa av avrundade delar", "miss i originalet", "saknar underlag"}
GRUPPER = {"SKATTEFINANSIERAT", "AVGIFTSFINANSIERAT", "KOMMUNEN"}


@pytest.fixture(scope="module")
def kommun() -> Kommun:
    return load_kommun("alingsas")


@pytest.fixture(scope="module")
def facts() -> Facts:
    return load_month("alingsas", "2026-04")


@pytest.fixture(scope="module")
def figures(facts: Facts, kommun: Kommun) -> FigureIndex:
    return all_figures(facts, kommun)


@pytest.fixture(scope="module")
def backtest() -> Any:
    return read_yaml(BACKTESTS / "alingsas_2026_april.yaml")


def test_enheter_stand_in_the_order_of_the_kommuns_own_table(kommun: Kommun, backtest: Any) -> None:
    table = next(table for table in backtest["tabeller"] if table["id"] == "kommun_drift")
    printed = list(dict.fromkeys(cell["enhet"] for cell in table["celler"] if cell["enhet"] not in GRUPPER))
    assert [enhet.kod for enhet in kommun.enheter] == printed


def test_names_of_rows_are_the_printed_ones(kommun: Kommun, backtest: Any) -> None:
    for table in backtest["tabeller"]:
        if table["id"].startswith("kommun_"):
            continue
        for cell in table["celler"]:
            if (cell["enhet"], cell["rad"]) == ("VON", "finansnetto"):
                continue
            enhet = kommun.enhet(cell["enhet"])
            kod = enhet.drift if table["matt"] == "drift" else enhet.investeringar
            assert kod is not None
            assert kommun.uppstallning(kod).rad(cell["rad"]).namn == cell["namn"]


def test_no_coat_of_arms_and_the_mark_on_every_page(kommun: Kommun) -> None:
    assert kommun.profil.vapen_svg is None
    assert kommun.marke == "Återskapad ur publicerade uppgifter, inte kommunens handling"


def test_only_example_addresses(kommun: Kommun) -> None:
    addresses = [m.adress for owner in (*kommun.namnder, *kommun.forvaltningar) for m in _people(owner)]
    assert len(addresses) >= 16
    assert all(address.endswith("@exempel.invalid") for address in addresses)


def _people(owner: Any) -> Any:
    return owner.mottagare if hasattr(owner, "mottagare") else owner.avsandare


def test_every_fact_has_its_row_and_every_forvaltning_its_return(facts: Facts, kommun: Kommun) -> None:
    for forvaltning in kommun.forvaltningar:
        assert retur_values(facts, kommun, forvaltning.kod)
    assert {retur.forvaltning for retur in facts.returer} == {forvaltning.kod for forvaltning in kommun.forvaltningar}
    assert len(register_rows(facts, kommun)["beslutad_budget"]) == len(facts.budget)


def test_every_expected_row_has_prognos_and_budget(facts: Facts, kommun: Kommun) -> None:
    expected = {
        (enhet.kod, tabell, rad)
        for enhet in kommun.enheter
        for tabell in ("drift", "investeringar")
        for rad in entered_rows(kommun, enhet, tabell)
    }
    forecast = {(rad.enhet, rad.tabell, rad.rad) for retur in facts.returer for rad in retur.rader}
    assert forecast == expected
    assert {(fact.enhet, fact.avser, fact.rad) for fact in facts.budget} == expected


def test_what_was_not_published_stays_away(facts: Facts) -> None:
    columns = {column for retur in facts.returer for rad in retur.rader for column, _ in rad.varden}
    assert columns == {"prognos"}
    assert {rad.tabell for retur in facts.returer for rad in retur.rader} == {"drift", "investeringar"}
    assert facts.anslagsforandringar == ()
    assert all(fact.beslut.paragraf == "" for fact in (*facts.budget, *facts.bokslut))


def test_every_comment_is_marked_as_paraphrased(facts: Facts) -> None:
    comments = [kommentar for retur in facts.returer for kommentar in retur.kommentarer]
    assert len(comments) > 30
    assert all(kommentar.omskriven for kommentar in comments)


def test_every_entered_cell_comes_out_to_the_printed_digit(figures: FigureIndex, backtest: Any) -> None:
    entered = [(cell, ours) for cell, ours in our_cells(figures, backtest, 2026) if not cell["beraknad"]]
    assert len(entered) == 227
    assert [cell for cell, ours in entered if ours != cell["tryckt"]] == []


def test_the_list_of_computed_cells_that_differ_is_exactly_true(figures: FigureIndex, backtest: Any) -> None:
    listed = read_yaml(BACKTESTS / "avvikande_tal.yaml")["avvikande"]
    names = ("tabell", "enhet", "rad", "serie", "tryckt")
    truth = [
        (*(cell[name] for name in names), ours or "")
        for cell, ours in our_cells(figures, backtest, 2026)
        if ours != cell["tryckt"]
    ]
    assert [(*(item[name] for name in names), item["vart"]) for item in listed] == truth
    assert {item["orsak"] for item in listed} <= CAUSES


def test_differences_in_tkr_are_one_unit_at_most(backtest: Any) -> None:
    for item in read_yaml(BACKTESTS / "avvikande_tal.yaml")["avvikande"]:
        if item["vart"]:
            ours, printed = (int(item[name].replace(" ", "").replace(",", "")) for name in ("vart", "tryckt"))
            assert abs(ours - printed) == 1


def test_nothing_but_headings_and_entered_rows_is_left_without_parts(kommun: Kommun) -> None:
    """Every entered row of a scheme with sums is in exactly one sum, so that no utgift falls outside the total."""
    for uppstallning in kommun.uppstallningar:
        if not uppstallning.summor:
            continue
        parts = [kod for rad in uppstallning.summor for kod in rad.delar]
        inner = [
            rad.kod
            for rad in uppstallning.rader
            if rad.typ is not RadTyp.RUBRIK and rad.kod != uppstallning.resultatrad
        ]
        assert sorted(parts) == sorted(inner)
