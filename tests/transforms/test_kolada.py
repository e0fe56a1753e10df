"""Kolada's values as figures, the compared kommuner's mean, and quartiles that mirror when lower is better."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from data_contracts.kolada import Jamford, Jamforelse, Kolada, Koladatal
from transforms.figures import DIVISOR, KOMMUNEN, FigureIndex, computed_value
from transforms.kolada import KOLADA, KoladaVarde, Kvartil, Observation, figures_from_kolada, quartile

TAL = Koladatal(kod="N15033", namn="Elever per lärare", matt_enhet="antal", decimaler=1, riktning="lagre")
KOLADA_PART = Kolada(
    nyckeltal=(TAL,),
    jamforelse=Jamforelse(
        namn="Grannar",
        kommuner=(Jamford(kod="0001", namn="Ett"), Jamford(kod="0002", namn="Två"), Jamford(kod="0003", namn="Tre")),
        referens="påhittad",
    ),
)


def value(
    omrade: str, varde: str, *, ar: int = 2024, kon: str = "T", version: int = 1, tidigare: str | None = None
) -> KoladaVarde:
    return KoladaVarde(Observation("N15033", omrade, ar, kon, varde), version, f"sha{omrade}", "2026-05-05", tidigare)


def figures(*values: KoladaVarde) -> FigureIndex:
    return FigureIndex(figures_from_kolada(values, KOLADA_PART, "0099", "2026-04"))


def test_own_values_carry_year_gender_and_page():
    found = figures(value("0099", "12.45"), value("0099", "13", kon="K"), value("0099", "", kon="M"))
    total, women, men = (
        found.get(KOMMUNEN, KOLADA, "N15033", serie, 2024) for serie in ("varde", "varde_kvinnor", "varde_man")
    )
    assert total is not None
    assert women is not None
    assert men is not None
    assert (total.varde, women.varde, men.varde) == (125, 130, None)
    assert (total.retur_sha256, total.blad, total.cell, total.ravarde) == ("sha0099", "N15033", "0099/2024/T", "12.45")
    assert total.figure_id == "2026-04/KOMMUNEN/kolada/N15033/varde@2024"


def test_a_revised_value_says_so():
    (found,) = figures(value("0099", "12.5", version=2, tidigare="12.4"))
    assert found.formel == "Kolada, hämtat 2026-05-05; reviderat, version 2, tidigare 12.4"


def test_the_mean_is_of_those_that_have_a_value_and_says_how_many():
    found = figures(
        value("0099", "99"), value("0001", "1.0"), value("0002", "2.1"), value("0003", ""), value("0009", "50")
    )
    mean = found.get("KOLADA.JAMFORDA", KOLADA, "N15033", "medel_jamforda", 2024)
    count = found.get("KOLADA.JAMFORDA", KOLADA, "N15033", "antal_jamforda", 2024)
    assert mean is not None
    assert count is not None
    assert (mean.varde, count.varde) == (16, 2)
    assert mean.indata[-1] == (DIVISOR, count.figure_id)
    again = computed_value([(sign, found.by_id(part)) for sign, part in mean.indata], mean.enhet_matt, mean.decimaler)
    assert again == mean.varde


def test_no_kolada_gives_no_figures():
    assert figures_from_kolada([value("0099", "1")], None, "0099", "2026-04") == ()


NUMBERS = st.lists(st.integers(-1000, 1000), min_size=3, max_size=40)
MIRROR = {Kvartil.BAST: Kvartil.SAMST, Kvartil.SAMST: Kvartil.BAST}


@given(st.integers(-1000, 1000), NUMBERS)
def test_quartile_mirrors_when_lower_is_better(own, others):
    higher = quartile(own, others, "hogre")
    assert quartile(own, others, "lagre") is MIRROR.get(higher, higher)


@given(st.integers(-1000, 1000), st.integers(0, 100), NUMBERS)
def test_a_better_value_is_never_in_a_worse_quarter(own, gain, others):
    order = [Kvartil.SAMST, Kvartil.MITT, Kvartil.BAST]
    assert order.index(quartile(own + gain, others, "hogre")) >= order.index(quartile(own, others, "hogre"))


def test_quartile_of_few_of_none_and_without_direction_cannot_be_judged():
    assert quartile(5, [1, 2], "hogre") is Kvartil.OKANT
    assert quartile(None, [1, 2, 3, 4], "hogre") is Kvartil.OKANT
    assert quartile(5, [1, 2, 3, 4], "ingen") is Kvartil.OKANT


def test_all_alike_are_in_the_middle():
    assert quartile(5, [5, 5, 5, 5], "hogre") is Kvartil.MITT
