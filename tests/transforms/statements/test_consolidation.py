"""Sammanställda räkenskaper: companies owned to 100, 60 and 25 percent, by hand, and what must always hold."""

from __future__ import annotations

import pytest

from adapters.contract_files import load_felkoder
from data_contracts.uppstallningsform import Anpassning, Tillagg, adapt
from tests.statement_examples import UTFALL, entered, form_of, kronor
from transforms.figures import KOMMUNEN, Figure, FigureIndex
from transforms.formulas import evaluate
from transforms.statements.consolidation import (
    KONCERNEN,
    Internpost,
    Koncernforetag,
    consolidate,
    internal_findings,
)
from transforms.statements.sums import sum_statement

SKATT = Tillagg(kod="skatt", namn="Skatter i koncernföretagen", efter="extraordinara", ingar_i="arets_resultat")
RR = adapt(form_of("resultatrakning"), Anpassning(tillagg=(SKATT,)))
BR = form_of("balansrakning")
SKATT_BP = 2060

KOMMUN_RR = {"intakter": 1_000, "kostnader": -9_000, "avskrivningar": -500, "skatteintakter": 8_000, "statsbidrag": 1_000,
             "finansiella_intakter": 100, "finansiella_kostnader": -100, "extraordinara": 0}  # fmt: skip
KOMMUN_BR = {"immateriella": 0, "mark_byggnader": 10_000, "maskiner_inventarier": 0, "ovriga_materiella": 0,
             "finansiella": 2_000, "infrastruktur": 0, "forrad": 0, "fordringar": 1_000, "kortfristiga_placeringar": 0,
             "likvida_medel": 500, "arets_resultat": 500, "resultatreserv": 0, "ovrigt_eget_kapital": 8_000,
             "avsattning_pensioner": 1_000, "andra_avsattningar": 0, "langfristiga_skulder": 3_000,
             "kortfristiga_skulder": 1_000, "panter": 0, "pensionsforpliktelser": 4_000,
             "ovriga_ansvarsforbindelser": 0}  # fmt: skip
BOLAG_RR = {"intakter": 2_000, "kostnader": -1_200, "avskrivningar": -300, "finansiella_intakter": 0,
            "finansiella_kostnader": -100, "extraordinara": 0, "bokslutsdispositioner": -100, "skatt": -60}  # fmt: skip
"""Result after dispositions and tax: 2 000 − 1 200 − 300 − 100 − 100 − 60 = 240."""
BOLAG_BR = {"mark_byggnader": 5_000, "fordringar": 400, "likvida_medel": 100, "arets_resultat": 240,
            "ovrigt_eget_kapital": 1_260, "obeskattade_reserver": 1_000, "langfristiga_skulder": 2_500,
            "kortfristiga_skulder": 500}  # fmt: skip
"""Assets 5 500 = equity 1 500 + untaxed 1 000 + debts 3 000."""
INTERNT = {"hyra": 200, "fordran": 100}


def koncern(share_bp: int, *, cost: int, acquired: int, internal: bool = True, counterpart: int = 200):
    company = Koncernforetag("BOST", "Bostadsbolaget", share_bp)
    figures = FigureIndex([
        *entered("resultatrakning", KOMMUN_RR), *entered("balansrakning", KOMMUN_BR),
        *entered("resultatrakning", BOLAG_RR, UTFALL, "BOST"), *entered("balansrakning", BOLAG_BR, UTFALL, "BOST"),
        *entered("koncernuppgifter", {"anskaffningsvarde": cost, "forvarvat_eget_kapital": acquired}, UTFALL, "BOST"),
        *entered("internpost", {"hyra": INTERNT["hyra"], "fordran": INTERNT["fordran"]}, UTFALL, "BOST"),
        *entered("internpost", {"hyra": -counterpart, "skuld": INTERNT["fordran"]}),
    ])  # fmt: skip
    posts = internal_posts(figures) if internal else ()
    made = consolidate(figures, (RR, BR), (company,), posts, SKATT_BP)
    index = FigureIndex([*figures, *made])
    for form in (RR, BR):
        index = FigureIndex([*index, *sum_statement(index, form, KONCERNEN, 0, load_felkoder(), "kr").figures])
    return index, posts


def internal_posts(figures: FigureIndex) -> tuple[Internpost, ...]:
    def of(enhet: str, rad: str) -> Figure:
        figure = figures.get(enhet, "internpost", rad, "utfall")
        assert figure is not None
        return figure

    return (
        Internpost("hyra", "resultatrakning", "intakter", "kostnader", of("BOST", "hyra"), of(KOMMUNEN, "hyra")),
        Internpost(
            "fordran",
            "balansrakning",
            "fordringar",
            "kortfristiga_skulder",
            of("BOST", "fordran"),
            of(KOMMUNEN, "skuld"),
        ),
    )


def rad(index: FigureIndex, form: str, kod: str) -> float:
    figure = index.get(KONCERNEN, form, kod, "utfall")
    assert figure is not None
    assert figure.varde is not None
    return figure.varde / 100


@pytest.mark.parametrize(
    (
        "share",
        "cost",
        "acquired",
        "intakter",
        "kostnader",
        "skatt",
        "resultat",
        "finansiella",
        "avsattningar",
        "ovrigt",
    ),
    [
        # Owned whole. Untaxed 1 000: tax 206, equity 794, of which this year's 100: tax 20,6, result 79,4.
        pytest.param(
            10_000, 800, 800, 2_800, -10_000, -80.6, 819.4, 1_200, 206, 8_000 + 1_260 + 714.6 - 800, id="100 %"
        ),
        # 60 %: untaxed 600: tax 123,6, equity 476,4, of which 60 · 0,794 = 47,64 this year's result.
        pytest.param(
            6_000, 480, 800, 2_080, -9_600, -48.36, 691.64, 1_520, 123.6, 8_000 + 756 + 428.76 - 480, id="60 %"
        ),
        # 25 %: a kommunalförbund's share: untaxed 250: tax 51,5, equity 198,5, of which 19,85 this year's result.
        pytest.param(
            2_500, 200, 800, 1_450, -9_250, -20.15, 579.85, 1_800, 51.5, 8_000 + 315 + 178.65 - 200, id="25 %"
        ),
    ],
)
def test_worked_cases(
    share: int, cost: int, acquired: int, intakter: float, kostnader: float, skatt: float, resultat: float,
    finansiella: float, avsattningar: float, ovrigt: float,
) -> None:  # fmt: skip
    index, _ = koncern(share, cost=cost, acquired=acquired)
    assert rad(index, "resultatrakning", "intakter") == pytest.approx(intakter)
    assert rad(index, "resultatrakning", "kostnader") == pytest.approx(kostnader)
    assert rad(index, "resultatrakning", "skatt") == pytest.approx(skatt)
    assert rad(index, "resultatrakning", "arets_resultat") == pytest.approx(resultat)
    assert rad(index, "balansrakning", "finansiella") == pytest.approx(finansiella)
    assert rad(index, "balansrakning", "andra_avsattningar") == pytest.approx(avsattningar)
    assert rad(index, "balansrakning", "ovrigt_eget_kapital") == pytest.approx(ovrigt)
    assert rad(index, "balansrakning", "tillgangar") == rad(index, "balansrakning", "skulder_och_eget_kapital")
    assert rad(index, "resultatrakning", "arets_resultat") == rad(index, "balansrakning", "arets_resultat")


def test_what_was_paid_over_the_equity_is_goodwill_and_under_it_a_provision() -> None:
    over, _ = koncern(6_000, cost=600, acquired=800)
    assert rad(over, "balansrakning", "immateriella") == 120
    under, _ = koncern(6_000, cost=400, acquired=800)
    assert rad(under, "balansrakning", "andra_avsattningar") == pytest.approx(123.6 + 80)
    for index in (over, under):
        assert rad(index, "balansrakning", "tillgangar") == rad(index, "balansrakning", "skulder_och_eget_kapital")


def test_internal_posts_go_out_on_both_sides_and_change_no_result() -> None:
    with_posts, _ = koncern(10_000, cost=800, acquired=800)
    without, _ = koncern(10_000, cost=800, acquired=800, internal=False)
    assert rad(without, "resultatrakning", "intakter") - rad(with_posts, "resultatrakning", "intakter") == 200
    assert (
        rad(without, "balansrakning", "kortfristiga_skulder") - rad(with_posts, "balansrakning", "kortfristiga_skulder")
        == 100
    )
    assert rad(with_posts, "resultatrakning", "arets_resultat") == rad(without, "resultatrakning", "arets_resultat")


@pytest.mark.parametrize(("counterpart", "codes"), [(200, []), (190, ["E853"])])
def test_sides_that_differ_are_a_finding(counterpart: int, codes: list[str]) -> None:
    _, posts = koncern(10_000, cost=800, acquired=800, counterpart=counterpart)
    assert [finding.code for finding in internal_findings(posts, load_felkoder(), "kr")] == codes


def test_every_figure_of_the_koncern_is_its_formula_of_its_inputs() -> None:
    index, _ = koncern(6_000, cost=600, acquired=800)
    made = [figure for figure in index if figure.enhet == KONCERNEN]
    assert len(made) > 50
    for figure in made:
        terms = [(sign, index.by_id(part)) for sign, part in figure.indata]
        assert evaluate(figure, terms) == figure.varde


def test_the_kommuns_own_rows_are_followed_from_the_koncern() -> None:
    index, _ = koncern(6_000, cost=480, acquired=800)
    figure = index.get(KONCERNEN, "resultatrakning", "intakter", "utfall")
    assert [index.by_id(part).enhet for _, part in figure.indata] == [KOMMUNEN, KONCERNEN, KONCERNEN]
    assert kronor(index, "resultatrakning", "intakter.BOST", UTFALL, KONCERNEN) == 1_200
