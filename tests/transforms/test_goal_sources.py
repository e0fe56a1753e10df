"""Values that are fetched: of the right year, with the way back to the source, and never typed again."""

from __future__ import annotations

import datetime as dt

import pytest

from data_contracts.malkallor import link_faults, provider_faults, source_faults
from data_contracts.uppfoljning import Utforarjamforelse
from tests.contracts.retur_example import PERIOD, provby
from transforms.figures import BERAKNAD, INLAMNAD, REGISTER, Figure, FigureIndex
from transforms.formulas import evaluate
from transforms.goal_assessment import Rapportlage, indikator_of
from transforms.goal_figures import figures_of_goals
from transforms.goal_given import Givet
from transforms.goal_sources import figures_from_sources
from transforms.goal_states import Lage, Rapporttyp

RAPPORT = Rapportlage(2026, Rapporttyp.MANAD, dt.date(2026, 4, 30))


def kommun(kalla, kod, **more):
    """Provby with an indikator that is fetched, beside the one that the return gives."""
    made = provby()
    plan = made.malplan(2026)
    fetched = plan.indikatorn("sjuk").model_copy(
        update={
            "kod": "hamtad",
            "kalla": kalla,
            "kalla_kod": kod,
            "decimaler": 0,
            "matt_enhet": "%",
            "efterslapning_ar": 1,
            **more,
        }
    )
    kolada = {
        "nyckeltal": [{"kod": "N15419", "namn": "Nöjda", "matt_enhet": "%", "riktning": "hogre", "konsuppdelat": True}],
        "jamforelse": {"namn": "Grannar", "kommuner": [{"kod": "0001", "namn": "Grannby"}], "referens": "påhittad"},
    }
    data = made.model_dump(exclude={"malplaner", "malbedomningar"}) | {"kolada": kolada}
    whole = type(made).model_validate(data)
    return whole.model_copy(
        update={"malplaner": (plan.model_copy(update={"indikatorer": (*plan.indikatorer, fetched)}),)}
    )


def figure(enhet, matt, rad, serie, varde, year=None, slag=INLAMNAD):
    return Figure(str(PERIOD), enhet, matt, rad, serie, rad, varde, slag, "%", 0, year)


def fetched(made, *figures):
    index = FigureIndex(figures)
    return {
        f.figure_id.removeprefix("2026-04/X/indikatorer/hamtad/"): f
        for f in figures_from_sources(index, made, PERIOD)
        if f.rad == "hamtad"
    }


def test_kolada_gives_every_year_with_the_way_back_to_its_answer():
    made = kommun("kolada", "N15419", konsuppdelad=True)
    source = [
        figure("KOMMUNEN", "kolada", "N15419", "varde", 88, 2024, REGISTER),
        figure("KOMMUNEN", "kolada", "N15419", "varde", 90, 2025, REGISTER),
        figure("KOMMUNEN", "kolada", "N15419", "varde_kvinnor", 91, 2025, REGISTER),
        figure("KOLADA.0001", "kolada", "N15419", "varde", 10, 2025, REGISTER),
        figure("KOMMUNEN", "kolada", "N99999", "varde", 20, 2025, REGISTER),
    ]
    found = fetched(made, *source)
    assert {key: f.varde for key, f in found.items()} == {
        "utfall@2024": 88,
        "utfall@2025": 90,
        "utfall_kvinnor@2025": 91,
    }
    newest = found["utfall@2025"]
    assert (newest.slag, newest.indata) == (BERAKNAD, ((1, "2026-04/KOMMUNEN/kolada/N15419/varde@2025"),))
    index = FigureIndex(source)
    assert evaluate(newest, [(sign, index.by_id(part)) for sign, part in newest.indata]) == 90
    bild = indikator_of(
        made.malplan(2026).indikatorn("hamtad"), FigureIndex([*source, *found.values()]), Givet(), RAPPORT
    )
    assert (bild.utfall, bild.beraknad.vardear, bild.fore) == (newest, 2025, (2024, 88))


def test_a_survey_gives_its_result_with_its_year_and_this_years_as_this_years():
    made = kommun("enkat", "nojd")
    assert list(fetched(made, figure("X", "enkater", "nojd", "utfall", 79, 2025))) == ["utfall@2025"]
    assert list(fetched(made, figure("X", "enkater", "nojd", "utfall", 79))) == ["utfall"]


@pytest.mark.parametrize(
    ("kod", "counts", "expected"),
    [
        ("bemotande.klagomal", {"bemotande": 4, "annat": 2}, 4),
        ("klagomal", {"bemotande": 4, "annat": 2}, 6),
        ("klagomal", {"bemotande": 4, "annat": None}, None),
        ("bemotande.forslag", {"bemotande": 4}, None),
    ],
)
def test_synpunkter_are_counted_by_theme_or_all_and_a_missing_count_is_missing(kod, counts, expected):
    made = kommun("synpunkter", kod)
    found = fetched(made, *(figure("X", "synpunkter", tema, "klagomal", n) for tema, n in counts.items()))
    assert {key: f.varde for key, f in found.items()} == {"utfall": expected}


def test_a_source_without_a_value_is_a_missing_figure_and_no_grade():
    made = kommun("kolada", "N15419")
    found = fetched(made)
    assert found["utfall"].varde is None
    bild = indikator_of(made.malplan(2026).indikatorn("hamtad"), FigureIndex(found.values()), Givet(), RAPPORT)
    assert bild.beraknad.lage is Lage.EJ_RAPPORTERAD


def test_the_sheet_gives_no_utfall_of_what_is_fetched_but_its_prognos():
    made = kommun("kolada", "N15419")
    figures = figures_of_goals({}, made.malplan(2026), PERIOD)
    assert {f.serie for f in figures if f.rad == "hamtad"} == {"prognos"}
    assert {f.serie for f in figures if f.rad == "sjuk"} == {"utfall", "prognos"}


@pytest.mark.parametrize(
    ("kalla", "kod", "more", "said"),
    [
        ("kolada", "N15419", {}, ""),
        ("kolada", "N15418", {}, "står inte under kolada"),
        ("kolada", "N15419", {"decimaler": 1}, "1 decimaler men källan 0"),
        ("kolada", "N15419", {"matt_enhet": "procent"}, ""),
        ("kolada", "N15419", {"matt_enhet": "dagar"}, "mäts i dagar men källan i %"),
        ("enkat", "nojd", {}, ""),
        ("enkat", "okand", {}, "står inte under uppfoljning"),
        ("synpunkter", "klagomal", {}, ""),
        ("synpunkter", "bemotande.klagomal", {}, ""),
        ("synpunkter", "borta.klagomal", {}, "varken forslag"),
        ("synpunkter", "bemotande.ros", {}, "varken forslag"),
        ("synpunkter", "klagomal", {"enhet": "Y"}, "redovisar inga synpunkter"),
    ],
)
def test_a_source_that_the_kommun_does_not_have_is_told_of(kalla, kod, more, said):
    made = kommun(kalla, kod, **more)
    found = [text for _, text in source_faults(made.malplan(2026), made)]
    assert bool(found) == bool(said)
    assert said in " ".join(found)
    assert all(text.startswith("E732") for text in found)


def test_links_to_goals_that_do_not_exist_are_told_of():
    made = kommun("enkat", "nojd")
    asked = made.uppfoljning
    tied = asked.model_copy(update={"enkater": (asked.enkater[0].model_copy(update={"mal": "franvaro"}),)})
    assert list(link_faults(made.model_copy(update={"uppfoljning": tied}), frozenset({"franvaro"}))) == []
    assert [loc for loc, _ in link_faults(made.model_copy(update={"uppfoljning": tied}), frozenset({"annat"}))] == [
        ("uppfoljning", "enkater", 0, "mal")
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, ""),
        ({"indikator": None}, ""),
        ({"indikator": "finns_inte"}, "som inte finns"),
        ({"enhet": "Y"}, "hör till enheten X men måttet till Y"),
        ({"matt_enhet": "dagar"}, "mäts i procent men måttet i dagar"),
        ({"decimaler": 2}, "1 decimaler men måttet 2"),
        ({"riktning": "hogre"}, "riktning är lagre men måttets hogre"),
        ({"riktning": "ingen"}, ""),
    ],
)
def test_a_measure_of_utforare_is_measured_as_the_indikator_that_it_stands_for(change, said):
    made = provby()
    tal = {
        "kod": "matt", "namn": "Måttet", "enhet": "X", "matt_enhet": "procent", "decimaler": 1, "riktning": "lagre",
        "utforare": ("egen", "annan"), "indikator": "sjuk", **change,
    }  # fmt: skip
    compared = Utforarjamforelse.model_validate(
        {
            "utforare": [
                {"kod": "egen", "namn": "Egen", "driftform": "egen_regi"},
                {"kod": "annan", "namn": "Annan", "driftform": "lov"},
            ],
            "tal": [tal],
        }
    )
    tied = made.model_copy(update={"uppfoljning": made.uppfoljning.model_copy(update={"utforare": compared})})
    found = [text for _, text in provider_faults(tied, made.malplaner)]
    assert bool(found) == bool(said)
    assert said in " ".join(found)
    assert all(text.startswith("E734") for text in found)
