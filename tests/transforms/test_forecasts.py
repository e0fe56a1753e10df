"""The technical forecast, the versions of the prognos and how well they hit: cases worked out on paper, and their laws."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from data_contracts.kommun import Finansiering, Kommun
from data_contracts.periodisering import Fordelning, Periodisering, Periodnyckel, Prognos, Prognosregel
from tests.figure_examples import figures, small_kommun
from transforms.figures import KOMMUNEN, Figure, FigureIndex, namnd_grupp
from transforms.forecast_record import (
    ANDEL,
    ANTAL,
    DRIFT,
    FEL,
    FEL_UTAN_TECKEN,
    MEDELFEL,
    SUMMA_FEL,
    TRAFFSAKERHET,
    VERSION,
    Utfallsar,
    forecast_record,
    forecast_versions,
)
from transforms.formulas import evaluate
from transforms.period import Period
from transforms.summation import sum_rows
from transforms.technical_forecast import SKILLNAD, TEKNISK, forecast_gaps, technical_forecasts

APRIL = Period(2026, 4)
SKATT = ("A", Finansiering.SKATT)
SEASON = Periodnyckel(
    kod="sasong", namn="Säsong", vikter=(8, 8, 8, 7, 8, 8, 8, 9, 9, 9, 9, 9), referens="utfall 2022–2025"
)


def kommun(*rules: Prognosregel, nyckel: Periodnyckel = SEASON, enheter=(SKATT,)) -> Kommun:
    fordelning = (Fordelning(avser="drift", nyckel=nyckel.kod),)
    return small_kommun(*enheter).model_copy(
        update={
            "periodisering": Periodisering(nycklar=(nyckel,), fordelning=fordelning),
            "prognos": Prognos(teknisk=rules or (Prognosregel(avser="drift", metod="takt"),)),
        }
    )


def forecast(index: FigureIndex, kommun: Kommun, rad: str = "personal", period: Period = APRIL) -> Figure | None:
    return FigureIndex(technical_forecasts(index, kommun, period)).get("A", "drift", rad, TEKNISK)


def test_the_pace_is_the_utfall_over_the_keys_share_of_the_year():
    found = forecast(figures("A personal utfall 3800"), kommun())
    assert found.varde == 12_258_06, "3 800 / 31 %"


def test_what_is_left_of_the_budget_is_added_to_the_utfall():
    rows = "A personal utfall -300\nA personal budget -1000\nA personal periodbudget -350"
    assert forecast(figures(rows), kommun(Prognosregel(avser="drift", metod="budgetrest"))).varde == -950_00


def test_what_is_decided_is_forecast_as_budget():
    rows = "A intakter utfall 300\nA intakter budget 1000"
    rule = Prognosregel(avser="drift", rader=("intakter",), metod="budget")
    assert forecast(figures(rows), kommun(rule), "intakter").varde == 1000_00
    assert forecast(figures(f"{rows}\nA personal utfall -1"), kommun(rule)) is None, "no rule takes the row"


@pytest.mark.parametrize("rows", ["A personal utfall ?", "A personal utfall -300\nA personal budget ?"])
def test_missing_stays_missing(rows):
    rule = Prognosregel(avser="drift", metod="budgetrest")
    found = forecast(figures(f"{rows}\nA personal periodbudget -350"), kommun(rule))
    assert found.varde is None


def test_a_key_by_which_nothing_of_the_year_has_gone_gives_no_forecast():
    late = Periodnyckel(kod="sen", namn="Sen", vikter=(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1), referens="prov")
    assert forecast(figures("A personal utfall -300"), kommun(nyckel=late)).varde is None


def test_sums_of_technical_forecasts_and_their_distance_from_the_controllers_own():
    index = figures("""
        A intakter utfall 310
        A personal utfall -620
        A ovrigt utfall -31
        A resultat prognos -1000
    """)
    index = FigureIndex([*index, *technical_forecasts(index, kommun(), APRIL)])
    index = FigureIndex([*index, *sum_rows(index, kommun(), (TEKNISK,))])
    assert index.get("A", "drift", "resultat", TEKNISK).varde == (1000 - 2000 - 100) * 100
    gaps = FigureIndex(forecast_gaps(index))
    assert gaps.get("A", "drift", "resultat", SKILLNAD).varde == 100_00


@given(
    utfall=st.integers(-(10**13), 10**13),
    weights=st.lists(st.integers(0, 10_000), min_size=12, max_size=12).filter(any),
    month=st.integers(1, 12),
)
def test_law_the_pace_is_exact_to_the_ore_and_can_be_worked_out_again_from_its_inputs(utfall, weights, month):
    key = Periodnyckel(kod="prov", namn="Prov", vikter=tuple(weights), referens="prov")
    entered = FigureIndex([replace_value(figures("A personal utfall 0"), utfall)])
    made = FigureIndex(technical_forecasts(entered, kommun(nyckel=key), Period(2026, month)))
    found = made.get("A", "drift", "personal", TEKNISK)
    gone = sum(weights[:month])
    if not gone:
        assert found.varde is None
        return
    assert abs(found.varde - Fraction(utfall * sum(weights), gone)) <= Fraction(1, 2)
    known = FigureIndex([*entered, *made])
    assert evaluate(found, ((sign, known.by_id(part)) for sign, part in found.indata)) == found.varde
    if month == 12:
        assert found.varde == utfall, "the whole year has gone: the pace is the utfall"


def replace_value(index: FigureIndex, ore: int) -> Figure:
    return replace(next(iter(index)), varde=ore)


def test_a_version_per_closing_and_the_change_from_the_one_before():
    before = ((Period(2026, month), figures(row, period=f"2026-0{month}")) for month, row in _said())
    made = FigureIndex(forecast_versions(figures("A resultat prognos -300"), kommun(), APRIL, tuple(before)))
    said = {figure.rad: figure.varde for figure in made.series("A", VERSION, "prognos")}
    assert said == {"drift.2026-02": 0, "drift.2026-03": -500_00, "drift.2026-04": -300_00}
    changes = {figure.rad: figure.varde for figure in made.series("A", VERSION, "andring_prognos")}
    assert changes == {"drift.2026-03": -500_00, "drift.2026-04": 200_00}


def _said():
    return ((2, "A resultat prognos 0"), (3, "A resultat prognos -500"))


def year(ar: int, prognos: str, bokslut: str) -> Utfallsar:
    return Utfallsar(
        ar,
        figures(prognos, period=f"{ar}-04"),
        figures(bokslut.replace("bokslut", f"bokslut@{ar}"), period=f"{ar + 1}-04"),
    )


def test_bias_keeps_the_sign_and_the_sum_of_errors_does_not():
    years = (
        year(2025, "A resultat prognos -400", "A resultat bokslut -405"),
        year(2024, "A resultat prognos 0", "A resultat bokslut 9"),
    )
    made = FigureIndex(forecast_record(figures("A resultat avvikelse_helar 7"), kommun(), APRIL, years))

    def value(serie: str, ar: int | None = None) -> int | None:
        return made.get(namnd_grupp("A"), TRAFFSAKERHET, DRIFT, serie, ar).varde

    assert (value(FEL, 2025), value(FEL, 2024)) == (-5_00, 9_00)
    assert (value(MEDELFEL), value(SUMMA_FEL), value(ANTAL)) == (2_00, 14_00, 2)
    assert value("avvikelse_helar") == 7_00
    assert made.get(namnd_grupp("A"), TRAFFSAKERHET, DRIFT, ANDEL, 2025) is None, "no kommunbidrag, no share"


def test_a_namnd_without_bokslut_has_no_error_and_the_kommuns_is_missing():
    two = kommun(enheter=(SKATT, ("B", Finansiering.SKATT)))
    years = (year(2025, "A resultat prognos -400\nB resultat prognos 1", "A resultat bokslut -405"),)
    made = FigureIndex(forecast_record(figures("A resultat avvikelse_helar 7"), two, APRIL, years))
    assert made.get(namnd_grupp("B"), TRAFFSAKERHET, DRIFT, FEL, 2025) is None
    assert made.get(KOMMUNEN, TRAFFSAKERHET, DRIFT, FEL, 2025).varde is None


@given(st.lists(st.tuples(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9)), min_size=1, max_size=5))
def test_law_the_sum_without_sign_is_never_less_than_the_bias_says(pairs):
    """|Σ fel| ≤ Σ |fel|, and they are the same when no error cancels another."""
    years = [
        year(2025 - place, f"A resultat prognos {said}", f"A resultat bokslut {came}")
        for place, (said, came) in enumerate(pairs)
    ]
    made = FigureIndex(forecast_record(figures("A resultat avvikelse_helar 0"), kommun(), APRIL, years))
    errors = [made.get(namnd_grupp("A"), TRAFFSAKERHET, DRIFT, FEL, one.ar).varde for one in years]
    unsigned = [made.get(namnd_grupp("A"), TRAFFSAKERHET, DRIFT, FEL_UTAN_TECKEN, one.ar).varde for one in years]
    total = made.get(namnd_grupp("A"), TRAFFSAKERHET, DRIFT, SUMMA_FEL).varde
    assert errors == [(came - said) * 100 for said, came in pairs]
    assert total == sum(unsigned) == sum(abs(error) for error in errors)
    assert abs(sum(errors)) <= total
    if all(error >= 0 for error in errors):
        assert sum(errors) == total


@pytest.mark.parametrize(
    "wrong",
    [
        {"nycklar": [{"kod": "a", "namn": "A", "vikter": [0] * 12, "referens": "r"}]},
        {"nycklar": [{"kod": "a", "namn": "A", "vikter": [1] * 11, "referens": "r"}]},
        {"nycklar": [{"kod": "manuell", "namn": "A", "vikter": [1] * 12, "referens": "r"}]},
        {"nycklar": [{"kod": "a", "namn": "A", "vikter": [1] * 12, "referens": "r"}] * 2},
        {"fordelning": [{"nyckel": "okand"}]},
    ],
)
def test_keys_that_say_nothing_are_refused(wrong):
    with pytest.raises(ValidationError):
        Periodisering.model_validate(wrong)


def test_a_rule_for_a_row_that_is_not_there_is_refused():
    with pytest.raises(ValidationError, match="raden finns_inte"):
        Kommun.model_validate(
            kommun().model_dump() | {"prognos": {"teknisk": [{"rader": ["finns_inte"], "metod": "takt"}]}}
        )
