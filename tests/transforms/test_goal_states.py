"""The state of an indikator: direction, strictness, yellow limits, age and what the sender says."""

import datetime as dt

import pytest
from pydantic import ValidationError

from tests.goal_examples import indikator, state
from transforms.goal_states import Lage, Rapporttyp

U, D, E = Lage.UPPFYLLD, Lage.DELVIS, Lage.EJ


def gul(slag, varde):
    return {"gul": {"slag": slag, "varde": varde}}


@pytest.mark.parametrize(
    ("part", "cases"),
    [
        (indikator("hogre", 80), {79.9: E, 80: U, 81: U}),
        (indikator("hogre", 99, strikt=True), {99: E, 99.1: U}),
        (indikator("lagre", 6), {6: U, 6.1: E}),
        (indikator("lagre", 6, strikt=True), {6: E, 5.9: U}),
        (indikator("hogre", 96, **gul("procentenheter", 2)), {96: U, 94: D, 93.9: E}),
        (indikator("lagre", 6, **gul("absolut", 1.5)), {6: U, 7.5: D, 7.6: E}),
        (indikator("hogre", 100, **gul("relativ", 80)), {100: U, 80: D, 79.9: E}),
        (indikator("lagre", 6, **gul("relativ", 80)), {6.8: D, 7.5: D, 7.6: E, 0: U}),
        (indikator("intervall", (40, 45), **gul("absolut", 2)), {40: U, 45: U, 47: D, 38: D, 47.1: E}),
        (indikator("bibehall", 41.5, tolerans=1.5), {40: U, 43: U, 43.1: E, 39.9: E}),
        (indikator("ja_nej", None), {1: U, 0: E}),
        (indikator("hogre", 0, **gul("absolut", 1)), {0: U, -1: D, -2: E}),
    ],
)  # fmt: skip
def test_grade_by_direction_strictness_and_yellow_limit(part, cases):
    assert {utfall: state(part, utfall).lage for utfall in cases} == cases


def test_lower_six_and_utfall_six_point_eight_is_eighty_eight_percent_and_so_partly():
    """Domain rule 2.5: mål 6,0, utfall 6,8 ⇒ 88 %, yellow at 80 %."""
    assert state(indikator("lagre", 6, **gul("relativ", 80)), 6.8).lage is D
    assert state(indikator("lagre", 6, **gul("relativ", 89)), 6.8).lage is E


@pytest.mark.parametrize("mal", [0, -5])
def test_a_ratio_is_refused_when_the_malvarde_is_not_over_zero(mal):
    with pytest.raises(ValidationError, match="E721"):
        indikator("hogre", mal, **gul("relativ", 80))


@pytest.mark.parametrize(
    "wrong",
    [
        {"riktning": "intervall", "mal": 5},
        {"riktning": "hogre", "mal": (1, 2)},
        {"riktning": "bibehall", "mal": 5},
        {"riktning": "hogre", "mal": 5, "tolerans": 1},
        {"riktning": "hogre", "mal": 101, "hogst": 100},
        {"riktning": "hogre", "mal": 5, "minst": 3, "hogst": 2},
        {"riktning": "ja_nej", "mal": 1},
        {"riktning": "hogre", "mal": 5, "matt_enhet": "dagar", **gul("procentenheter", 1)},
        {"riktning": "bibehall", "mal": 5, "tolerans": 1, **gul("relativ", 80)},
        {"riktning": "hogre", "mal": 5, **gul("relativ", 100)},
    ],
)
def test_a_definition_that_cannot_be_judged_is_refused(wrong):
    with pytest.raises(ValidationError):
        indikator(**wrong)


def test_the_value_of_an_earlier_year_is_graded_only_within_the_lag():
    assert state(indikator(mal=80), 90, ar=2025).lage is Lage.EJ_RAPPORTERAD
    lagged = state(indikator(mal=80, efterslapning_ar=1), 90, ar=2025)
    assert (lagged.lage, lagged.vardear, lagged.grund) == (U, 2025, "utfall")


def test_an_awaited_measurement_has_its_day():
    awaited = indikator(mal=80, publiceras=dt.date(2026, 6, 15))
    found = state(awaited, 90, ar=2025)
    assert (found.lage, found.kommer, found.vardear) == (Lage.MATNING_KOMMER, dt.date(2026, 6, 15), 2025)
    assert state(awaited, dag=dt.date(2026, 6, 15)).lage is Lage.EJ_RAPPORTERAD


def test_a_value_by_another_method_is_not_compared():
    changed = indikator(mal=80, metodbyte_ar=2026, efterslapning_ar=1)
    assert state(changed, 90, ar=2025).lage is Lage.METODBYTE
    assert state(changed, 90).lage is U


def test_a_forecasting_report_grades_the_prognos_and_the_year_the_utfall():
    part = indikator(mal=80)
    ahead = state(part, 70, prognos=80, typ=Rapporttyp.MANAD)
    assert (ahead.lage, ahead.grund, ahead.vardear) == (U, "prognos", 2026)
    assert state(part, 70, prognos=80, typ=Rapporttyp.AR).lage is E
    assert state(part, 70, typ=Rapporttyp.DELAR).lage is E


def test_what_the_sender_says_of_the_measuring_stands_before_the_numbers():
    for said in (Lage.EJ_MATBAR, Lage.MATNING_KOMMER, Lage.METODBYTE):
        assert state(indikator(mal=80), 90, sagt=said).lage is said
    assert state(indikator(mal=80), 90, sagt=E).lage is U, "a grade of one's own is no computed state"


def test_what_is_judged_by_hand_has_the_grade_it_is_given_or_none():
    by_hand = indikator("bedomning", None)
    assert state(by_hand, sagt=D).lage is D
    assert state(by_hand).lage is Lage.EJ_RAPPORTERAD


def test_without_a_malvarde_for_the_year_there_is_no_grade():
    assert state(indikator(mal=None), 90).lage is Lage.EJ_MATBAR
