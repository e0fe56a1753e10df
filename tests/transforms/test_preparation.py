"""What rows are measured by: known codes, own sums, the register, limits and comments; and what a missing part leaves unjudged."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

from adapters.contract_files import load_contract, load_felkoder
from data_contracts.frames import frame_columns
from data_contracts.kommun import Kommun
from tests.contracts.retur_example import BUDGETS, FORVALTNING, PERIOD, provby, sound_register, sound_retur
from transforms.conversion import convert, stack, volume_decimals
from transforms.preparation import prepare, prepare_register

RETUR = load_contract("manadsretur")


def _prepare(*books, budgets=BUDGETS, kommun=None, sender=FORVALTNING):
    kommun = kommun or provby()
    raws = [book.raw(f"r{number}") for number, book in enumerate(books)]
    returns = [convert(raw, RETUR, load_felkoder(), unit="tkr", decimals=volume_decimals(kommun)) for raw in raws]
    return prepare(
        stack(returns, RETUR), RETUR, kommun, dict.fromkeys([raw.sha256 for raw in raws], sender), budgets, PERIOD
    )


def _rows(frame, **where):
    for column, value in where.items():
        frame = frame[frame[column] == value]
    return frame


def _one(frame, **where):
    rows = _rows(frame, **where)
    assert len(rows) == 1, rows
    return rows.iloc[0]


def _plain(values):
    return [None if pd.isna(value) else value for value in values]


def test_prepared_frames_have_the_contracts_columns_and_types():
    frames = _prepare(sound_retur())
    for table in (*RETUR.tables, *RETUR.controls):
        assert {name: str(dtype) for name, dtype in frames[table.name].dtypes.items()} == frame_columns(table)
        filled = {FORVALTNING} if len(frames[table.name]) else set()
        assert set(frames[table.name]["forvaltning"]) == filled
        assert set(frames[table.name]["period"]) == {"2026-04" for _ in filled}


def test_rows_are_of_the_template_or_the_senders_own():
    book = sound_retur().set("drift", "fri1", enhet="X", kod="egen", grupp="kostnader", prognos=0)
    book.set("drift", "fri2", enhet="Q", kod="egen", prognos=0)
    drift = _prepare(book)["drift"]
    columns = ["rad_slag", "enhet_hor_till", "kod_kand", "grupp_kand"]
    assert _plain(_one(drift, kod="personal")[columns]) == ["mall", "ja", "ja", None]
    assert _plain(_one(drift, kod="egen", enhet="X")[columns]) == ["fri", "ja", "ja", "ja"]
    assert _plain(_one(drift, enhet="Q")[columns]) == ["fri", "nej", "ja", None]


def test_a_template_row_typed_on_a_free_row_counts_as_the_template_row():
    book = sound_retur().remove("drift", "X|lokaler").set("drift", "fri1", enhet="X", kod="lokaler", prognos=-500)
    frames = _prepare(book)
    assert _one(frames["drift"], kod="lokaler")["rad_slag"] == "mall"
    assert _one(frames["vantade_rader"], tabell="drift", kod="lokaler")["rad_finns"] == "ja"


def test_a_sum_with_a_part_that_could_not_be_read_is_not_judged_and_nothing_is_made_of_it():
    frames = _prepare(sound_retur().set("drift", "X|lokaler", prognos="ca 500"))
    sums = _rows(frames["summor"], tabell="drift", kod="kostnader")
    assert pd.isna(_one(sums, serie="prognos")["beraknad"])
    assert not pd.isna(_one(sums, serie="utfall")["beraknad"])
    assert _one(_rows(frames["belopp"], tabell="drift", kod="lokaler"), serie="prognos")["lamnad"] == "tomt"


def test_expected_rows_when_an_enhet_has_nothing_on_a_sheet_then_one_row_says_so():
    book = sound_retur()
    book.rows["volymer"] = {}
    expected = _rows(_prepare(book)["vantade_rader"], tabell="volymer")
    assert expected[["kod", "rad_finns", "blad"]].to_numpy().tolist() == [["Alla rader", "nej", "Volymer"]]


def test_expected_rows_are_not_asked_of_another_forvaltnings_enheter():
    assert set(_prepare(sound_retur())["vantade_rader"]["enhet"]) == {"X"}
    assert set(_prepare(sound_retur(), sender="YF")["vantade_rader"]["enhet"]) == {"Y"}


def test_own_sum_adds_the_rows_through_every_level_and_the_senders_own():
    book = sound_retur().set("drift", "fri1", enhet="X", kod="egen", grupp="kostnader", prognos=Decimal("-7.5"))
    book.set("drift", "X|lokaler", prognos=None)
    summor = _rows(_prepare(book)["summor"], tabell="drift", serie="prognos")
    assert dict(zip(summor["kod"], summor["beraknad"], strict=True)) == {
        "kostnader": -150_750_000, "nettokostnad": -50_750_000, "resultat": 49_250_000,
    }  # fmt: skip
    assert dict(zip(summor["kod"], summor["tolerans"], strict=True)) == {
        "kostnader": 200_000, "nettokostnad": 300_000, "resultat": 400_000,
    }  # fmt: skip


def test_own_sum_when_nothing_is_entered_then_a_typed_sum_differs_from_zero():
    blank = dict.fromkeys(("fastigheter", "inventarier", "it"))
    row = _one(
        _prepare(sound_retur().set_all("investeringar", "prognos", blank))["summor"],
        tabell="investeringar",
        serie="prognos",
    )
    assert row[["varde", "beraknad", "tolerans", "delar_lamnade"]].tolist() == [280_000_000, 0, 0, "nej"]


@pytest.mark.parametrize(
    ("table", "row"), [("drift", "X|lokaler"), ("drift", "X|intakter"), ("drift_verksamhet", "X|v2")]
)  # fmt: skip
def test_verksamheter_are_not_compared_when_a_part_is_missing(table, row):
    sums = _prepare(sound_retur().set(table, row, prognos=None))["verksamhetssummor"]
    compared = _one(sums, serie="prognos")
    assert None in _plain(compared[["varde", "nettokostnad"]])
    assert _one(sums, serie="utfall")[["varde", "nettokostnad", "tolerans"]].tolist() == [
        -100_000_000,
        -100_000_000,
        500_000,
    ]


def test_verksamheter_when_the_sender_has_own_rows_then_those_count_on_both_sheets():
    book = sound_retur().set("drift", "fri1", enhet="X", kod="e1", grupp="kostnader", prognos=-50)
    book.set("drift", "fri2", enhet="X", kod="e2", grupp="resultat", prognos=-9)
    book.set("drift_verksamhet", "fri1", enhet="X", kod="e3", prognos=-50)
    row = _one(_prepare(book)["verksamhetssummor"], serie="prognos")
    assert row[["varde", "nettokostnad"]].tolist() == [-105_000_000, -105_000_000]


def test_budget_rows_when_there_is_no_register_then_nothing_is_compared():
    assert len(_prepare(sound_retur(), budgets=None)["budgetrader"]) == 0


def test_budget_rows_when_the_register_lacks_a_row_then_missing_and_not_zero():
    rows = _prepare(sound_retur(), budgets={**BUDGETS, ("X", "drift", "lokaler"): None})["budgetrader"]
    lokaler = _one(rows, kod="lokaler")
    assert lokaler["registrets_budget"] is pd.NA
    assert lokaler[["i_registret", "i_returen"]].tolist() == ["nej", "ja"]


@pytest.mark.parametrize(
    ("kod", "sign"), [("intakter", 1), ("personal", -1), ("kommunbidrag", 1)]
)  # fmt: skip
def test_expected_sign_follows_the_row_type(kod, sign):
    amounts = _prepare(sound_retur())["belopp"]
    assert _one(amounts, tabell="drift", kod=kod, serie="prognos")["tecken_vantat"] == sign
    assert _one(amounts, tabell="drift", kod=kod, serie="budget")["tecken_vantat"] == 0


def test_expected_sign_is_either_when_the_register_has_the_other_sign():
    amounts = _prepare(sound_retur(), budgets={**BUDGETS, ("X", "drift", "lokaler"): 50_000_000})["belopp"]
    assert _one(amounts, kod="lokaler", serie="prognos")["tecken_vantat"] == 0
    assert _one(amounts, kod="personal", serie="prognos")["tecken_vantat"] == -1


@pytest.mark.parametrize(("factor", "ppm"), [(1, 1_000_000), (1000, 1_000_000_000), (Decimal("0.001"), 1_000)])
def test_magnitude_is_the_median_of_row_ratios(factor, ppm):
    values = {"intakter": 1000 * factor, "personal": -1500 * factor, "lokaler": -500, "kommunbidrag": 1000 * factor}
    row = _one(
        _prepare(sound_retur().set_all("drift", "prognos", values))["storleksordning"], tabell="drift", serie="prognos"
    )
    assert row[["kvot_ppm", "cell"]].tolist() == [ppm, "J7:J12"]


def test_magnitude_when_the_rows_differ_then_the_middle_one_decides():
    prognoser = {"fastigheter": 2, "inventarier": 1000, "it": 300_000}
    frames = _prepare(sound_retur().set_all("investeringar", "prognos", prognoser))
    row = _one(frames["storleksordning"], tabell="investeringar", serie="prognos")
    assert row["kvot_ppm"] == 2_000_000


def test_magnitude_when_everything_is_zero_or_blank_then_missing():
    values = {"intakter": 0, "personal": None, "lokaler": 0, "kommunbidrag": None}
    row = _one(
        _prepare(sound_retur().set_all("drift", "prognos", values))["storleksordning"], tabell="drift", serie="prognos"
    )
    assert _plain(row[["kvot_ppm", "omvant_bp"]]) == [None, None]


def test_magnitude_of_few_investments_may_be_small_but_not_large():
    few = dict.fromkeys(("inventarier", "it"))
    small = sound_retur().set_all("investeringar", "prognos", {**few, "fastigheter": 2})
    large = sound_retur().set_all("investeringar", "prognos", {**few, "fastigheter": 2_000_000})
    rows = _rows(_prepare(small, large)["storleksordning"], tabell="investeringar", serie="prognos")
    assert rows["kvot_ppm"].tolist() == [1_000_000, 1_000_000_000]


def test_avvikelse_is_prognos_minus_budget_and_the_other_way_for_investments():
    book = sound_retur().set("drift", "X|personal", prognos=-1600).set("investeringar", "X|it", prognos=1000)
    book.set("volymer", "X|timmar", prognos=12)
    rows = _prepare(book)["avvikelser"]
    assert _one(rows, kod="personal")[["avvikelse", "tecken", "ska_forklaras"]].tolist() == ["−100 tkr", "minus", "nej"]
    assert _one(rows, kod="resultat")[["avvikelse", "tecken", "ska_forklaras"]].tolist() == ["−100 tkr", "minus", "nej"]
    assert _one(rows, kod="it")[["avvikelse", "tecken", "ska_forklaras"]].tolist() == ["−700 tkr", "minus", "ja"]
    assert _one(rows, kod="totalt")[["avvikelse", "ska_forklaras"]].tolist() == ["−700 tkr", "ja"]
    assert _one(rows, kod="timmar")[["avvikelse", "tecken", "ska_forklaras"]].tolist() == [
        "+1,5 timmar",
        "neutral",
        "ja",
    ]
    assert _one(rows, kod="lokaler")[["tecken", "ska_forklaras"]].tolist() == ["noll", "nej"]


def test_avvikelse_of_a_reglering_has_no_worse_side():
    raw = provby().model_dump(mode="json")
    raw["uppstallningar"][0]["rader"][6]["typ"] = "reglering"
    rows = _prepare(sound_retur().set("drift", "X|kommunbidrag", prognos=1), kommun=Kommun.model_validate(raw))[
        "avvikelser"
    ]
    assert _one(rows, kod="kommunbidrag")[["avvikelse", "tecken"]].tolist() == ["−999 tkr", "neutral"]


def test_avvikelse_of_the_result_is_our_own_sum_and_missing_when_a_part_is():
    book = sound_retur().set("drift", "X|personal", prognos=None).set("drift", "X|resultat", prognos=5000)
    assert "resultat" not in set(_rows(_prepare(book)["avvikelser"], tabell="drift")["kod"])


@pytest.mark.parametrize(
    ("kod", "explained"), [("personal", True), ("kostnader", True), ("helhet", True), ("lokaler", False)]
)
def test_avvikelse_is_explained_by_its_row_a_sum_over_it_or_the_whole(kod, explained):
    book = sound_retur().remove("kommentarer", "X|drift|helhet").set("drift", "X|personal", prognos=-1800)
    book.set("kommentarer", "fri1", enhet="X", avser="drift", kod=kod, orsak="Vikarier i äldreomsorgen.")
    row = _one(_prepare(book)["avvikelser"], kod="personal")
    assert _plain(row[["orsak", "atgard"]]) == ["Vikarier i äldreomsorgen." if explained else None, None]


def test_avvikelse_when_the_kommun_has_no_limit_then_nothing_must_be_explained():
    bare = Kommun.model_validate({**provby().model_dump(mode="json"), "granser": ()})
    rows = _prepare(sound_retur().set("drift", "X|personal", prognos=-9000), kommun=bare)["avvikelser"]
    assert set(rows["ska_forklaras"]) == {"nej"}


def test_comment_may_concern_a_senders_own_row_of_the_same_return_only():
    with_row = sound_retur().set("drift", "fri1", enhet="X", kod="egen", grupp="kostnader", prognos=0)
    comment = {"enhet": "X", "avser": "drift", "kod": "egen", "orsak": "En engångskostnad."}
    with_row.set("kommentarer", "fri1", **comment)
    without = sound_retur().set("kommentarer", "fri1", **comment)
    rows = _rows(_prepare(with_row, without)["kommentarer"], kod="egen")
    assert rows["kod_kand"].tolist() == ["ja", "nej"]


def test_register_rows_are_measured_by_the_kommun_and_the_decided_budget():
    contract, kommun = load_contract("budgetregister"), provby()
    book = sound_register().set("anslagsforandringar", "fri1", kod="personal", beslutsdatum="2025-12-31")
    book.set("bokslut", "fri1", enhet="Z")
    converted = convert(book.raw("r"), contract, load_felkoder(), unit="tkr")
    frames = prepare_register(stack([converted], contract), contract, kommun, PERIOD)
    changes = frames["anslagsforandringar"].iloc[0]
    assert changes[["enhet_hor_till", "kod_kand", "budget_finns", "datum_rimligt"]].tolist() == [
        "ja",
        "ja",
        "nej",
        "ja",
    ]
    assert frames["bokslut"].iloc[0][["enhet_hor_till", "kod_kand"]].tolist() == ["nej", "nej"]
