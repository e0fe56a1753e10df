"""From cells to typed frames: what is understood, what becomes missing, and where the finding points."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest

from adapters.contract_files import load_contract, load_felkoder
from data_contracts.findings import stops
from tests.contracts.retur_example import FORVALTNING, PERIOD, provby, sound_register, sound_retur
from transforms.conversion import (
    check_register_start,
    check_start,
    convert,
    converted_columns,
    read_start,
    stack,
    volume_decimals,
)
from transforms.period import Period
from transforms.raw_retur import CellKind, RawCell, RawRetur, RawTable

RETUR = load_contract("manadsretur")
REGISTER = load_contract("budgetregister")
FELKODER = load_felkoder()


def _convert(book, contract=RETUR, unit="tkr", decimals=None):
    return convert(book.raw("r"), contract, FELKODER, unit=unit, decimals=decimals or {})


def _found(converted):
    return [(f.code, f.sheet, f.cell, f.found) for f in converted.findings]


def _number(text, number_format):
    return RawCell("", CellKind.TAL, text, Decimal(text), number_format=number_format)


def _error(text):
    return RawCell("", CellKind.FEL, text)


def _formula(text):
    return RawCell("", CellKind.FORMEL_UTAN_VARDE, "", formula=text)


def _row(frame, kod, column="kod"):
    return frame[frame[column] == kod].iloc[0]


def test_sound_return_is_typed_with_origin_and_without_findings():
    converted = _convert(sound_retur(), decimals=volume_decimals(provby()))
    assert converted.findings == ()
    assert set(converted.frames) == {table.name for table in RETUR.tables}
    for table in RETUR.tables:
        frame = converted.frames[table.name]
        assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == converted_columns(table)
    personal = _row(converted.frames["drift"], "personal")
    assert personal[["retur", "fil", "blad", "radnr", "nyckel"]].tolist() == ["r", "r.xlsx", "Drift", 8, "X|personal"]
    assert personal[["prognos", "prognos_cell", "prognos_ra", "belopp_enhet"]].tolist() == [
        -150_000_000,
        "J8",
        "-1500",
        "tkr",
    ]
    hours = _row(converted.frames["volymer"], "timmar")
    assert hours[["prognos", "decimaler", "prognos_ra"]].tolist() == [105, 1, "10.5"]


@pytest.mark.parametrize(
    ("unit", "ore"), [("kr", 123_450), ("tkr", 123_450_000), ("mnkr", 123_450_000_000)]
)  # fmt: skip
def test_amount_is_read_in_the_unit_of_the_return(unit, ore):
    frames = _convert(sound_retur().set("drift", "X|intakter", utfall="1\u00a0234,5"), unit=unit).frames
    assert _row(frames["drift"], "intakter")["utfall"] == ore


def test_amount_when_blank_then_missing_and_when_zero_then_zero():
    frames = _convert(sound_retur().set("drift", "X|intakter", utfall=None, prognos=0, budget="  ")).frames
    intakter = _row(frames["drift"], "intakter")
    assert intakter["utfall"] is pd.NA
    assert intakter["budget"] is pd.NA
    assert intakter["prognos"] == 0


@pytest.mark.parametrize(
    ("value", "code", "found"),
    [
        ("ca 120", "E201", "ca 120"),
        ("n/a", "E201", "n/a"),
        ("(500)", "E201", "(500)"),
        ("#SAKNAS!", "E201", "#SAKNAS!"),
        (10**11, "E202", "100000000000"),
        (_error("#REF!"), "E203", "#REF!"),
        (_formula("=SUM(J7:J8)"), "E204", "=SUM(J7:J8)"),
        (dt.date(2026, 4, 1), "E205", "2026-04-01"),
        (RawCell("", CellKind.SANT, "TRUE"), "E205", "TRUE"),
        (_number("0.125", "0.0%"), "E206", "0.125"),
        ("\u2013", "E207", "\u2013"),
        ("12 500 kr", "E214", "12 500 kr"),
        ("12,5 %", "E214", "12,5 %"),
        ("-12 tkr", "E214", "-12 tkr"),
        ("1.234,5", "E215", "1.234,5"),
        ("12.5", "E215", "12.5"),
    ],
)
def test_amount_when_not_understood_then_missing_with_code_cell_and_content(value, code, found):
    converted = _convert(sound_retur().set("drift", "X|lokaler", utfall=value))
    assert _found(converted) == [(code, "Drift", "H9", found)]
    assert stops(converted.findings)
    assert _row(converted.frames["drift"], "lokaler")["utfall"] is pd.NA
    assert _row(converted.frames["drift"], "lokaler")["utfall_ra"] == found


def test_all_bad_cells_of_a_return_are_found_at_once():
    book = sound_retur().set("drift", "X|lokaler", utfall="x", prognos="y").set("volymer", "X|barn", prognos="1 st")
    book.set("kommentarer", "X|drift|helhet", klardatum="2026-09-31")
    assert [code for code, *_ in _found(_convert(book))] == ["E201", "E201", "E214", "E208"]


def test_amount_when_finer_than_an_ore_then_rounded_half_away_and_noted():
    converted = _convert(sound_retur().set("drift", "X|lokaler", utfall=Decimal("-0.000025")))
    assert _found(converted) == [("E216", "Drift", "H9", "-0.000025")]
    assert not stops(converted.findings)
    assert _row(converted.frames["drift"], "lokaler")["utfall"] == -3


def test_volume_when_finer_than_declared_then_rounded_and_noted():
    converted = _convert(
        sound_retur().set("volymer", "X|timmar", utfall=Decimal("3.25")), decimals={("volymer", "X", "timmar"): 1}
    )
    assert _found(converted) == [("E217", "Volymer", "H8", "3.25")]
    assert _row(converted.frames["volymer"], "timmar")["utfall"] == 33


def test_volume_when_not_declared_then_gets_the_decimals_of_its_row():
    book = sound_retur().set("volymer", "fri1", enhet="X", kod="egen", utfall=Decimal("3.25"), prognos=7)
    own = _row(_convert(book).frames["volymer"], "egen")
    assert own[["decimaler", "utfall", "prognos"]].tolist() == [2, 325, 700]


@pytest.mark.parametrize(
    ("value", "kod"),
    [
        ("0410", "0410"),
        (_number("410", "0000"), "0410"),
        (_number("410", "General"), "410"),
        (Decimal("410.0"), "410"),
        (" a1 ", "a1"),
    ],
)
def test_code_is_text_and_keeps_its_zeros(value, kod):
    frames = _convert(sound_retur().set("drift", "fri1", enhet="X", kod=value, prognos=1)).frames
    assert frames["drift"]["kod"].iloc[-1] == kod


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (dt.date(2026, 3, 4), "E209"),
        (RawCell("", CellKind.SANT, "TRUE"), "E209"),
        (_error("#N/A"), "E203"),
        (_formula("=A1"), "E204"),
    ],
)
def test_code_when_not_text_then_found_and_the_row_is_without_key(value, code):
    converted = _convert(sound_retur().set("drift", "fri1", enhet="X", kod=value, prognos=1))
    assert [(c, cell) for c, _, cell, _ in _found(converted)] == [(code, "C14"), ("E210", "J14")]


@pytest.mark.parametrize(
    ("value", "iso"), [(dt.date(2026, 9, 30), "2026-09-30"), ("2026-09-30", "2026-09-30"), (" 2026-09-30 ", "2026-09-30"), (None, None)]
)  # fmt: skip
def test_date_is_iso_text(value, iso):
    converted = _convert(sound_retur().set("kommentarer", "X|drift|helhet", klardatum=value))
    day = converted.frames["kommentarer"]["klardatum"].iloc[0]
    assert (None if pd.isna(day) else day) == iso
    assert converted.findings == ()


@pytest.mark.parametrize("value", ["2026-09-31", "30/9 2026", "september", 46295, "20260930", "2026-W40-3"])
def test_date_when_it_does_not_exist_then_e208(value):
    converted = _convert(sound_retur().set("kommentarer", "X|drift|helhet", klardatum=value))
    assert [(code, cell) for code, _, cell, _ in _found(converted)] == [("E208", "G7")]
    assert converted.frames["kommentarer"]["klardatum"].iloc[0] is pd.NA


def test_row_when_it_has_an_amount_but_no_key_then_stops_and_is_left_out():
    converted = _convert(sound_retur().set("drift", "fri1", enhet="X", benamning="Glömd", utfall=-5))
    assert _found(converted) == [("E210", "Drift", "H14", "-5")]
    assert (
        converted.findings[0].message == "Rad 14 har uppgifter men saknar Kod, så det går inte att veta vad de gäller."
    )
    assert len(converted.frames["drift"]) == 7


def test_comment_when_it_has_text_but_no_key_then_stops():
    converted = _convert(sound_retur().set("kommentarer", "fri1", orsak="Hög sjukfrånvaro"))
    assert [(code, cell) for code, _, cell, _ in _found(converted)] == [("E210", "E8")]
    assert "saknar Enhet och Avser och Kod" in converted.findings[0].message


@pytest.mark.parametrize("values", [{"enhet": "X"}, {"enhet": "Nämnden X (X)"}, {"benamning": "Egen rubrik"}, {}])
def test_free_row_when_unused_or_a_heading_then_left_out_without_a_word(values):
    converted = _convert(sound_retur().set("drift", "fri1", **values))
    assert converted.findings == ()
    assert len(converted.frames["drift"]) == 7


def test_free_row_when_it_has_a_key_but_no_amounts_then_kept():
    frames = _convert(sound_retur().set("drift", "fri1", enhet="X", kod="egen", grupp="kostnader")).frames
    assert _row(frames["drift"], "egen")[["nyckel", "grupp"]].tolist() == ["", "kostnader"]


@pytest.mark.parametrize("key", ["X", "X|", "|personal", "X|personal|mer"])
def test_hidden_key_when_broken_then_stops_and_the_row_is_left_out(key):
    converted = _convert(sound_retur().set("drift", key, enhet="X", kod="egen", prognos=5))
    assert _found(converted) == [("E212", "Drift", "B14", key)]
    assert len(converted.frames["drift"]) == 7


def test_moved_and_inserted_rows_are_read_by_key():
    moved = sound_retur()
    rows = list(moved.rows["drift"].items())
    moved.rows["drift"] = dict([("fri0", {}), *reversed(rows)])
    plain = _convert(sound_retur()).frames["drift"].set_index("kod").sort_index()
    other = _convert(moved).frames["drift"].set_index("kod").sort_index()
    amounts = [column.name for column in RETUR.table("drift").amount_columns]
    pd.testing.assert_frame_equal(plain[amounts], other[amounts])


def test_missing_sheet_gives_an_empty_frame_of_the_right_form():
    raw = sound_retur().raw("r")
    without = replace(raw, tables=tuple(table for table in raw.tables if table.name != "volymer"))
    frame = convert(without, RETUR, FELKODER, unit="tkr").frames["volymer"]
    assert len(frame) == 0
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == converted_columns(RETUR.table("volymer"))


def test_register_rows_are_read_in_their_own_unit():
    book = sound_register()
    book.set(
        "beslutad_budget", "fri2", enhet="X", avser="drift", kod="personal", belopp=Decimal("-1.5"), belopp_enhet="mnkr"
    )
    frame = _convert(book, REGISTER, unit="kr").frames["beslutad_budget"]
    assert frame["belopp"].tolist() == [100_000_000, -150_000_000]
    assert frame["belopp_enhet"].tolist() == ["tkr", "mnkr"]


@pytest.mark.parametrize("unit", ["mkr", None])
def test_register_amount_when_its_unit_is_unknown_then_missing_and_found(unit):
    converted = _convert(sound_register().set("beslutad_budget", "fri1", belopp_enhet=unit), REGISTER)
    assert [(code, cell) for code, _, cell, _ in _found(converted)] == [("E213", "F7")]
    assert converted.frames["beslutad_budget"]["belopp"].iloc[0] is pd.NA


def test_stack_when_returns_and_empty_ones_are_mixed_then_types_stay():
    raw = sound_retur().raw("r")
    empty = convert(RawRetur("tom.xlsx", "t", (), ()), RETUR, FELKODER, unit="tkr")
    stacked = stack([empty, convert(raw, RETUR, FELKODER, unit="tkr"), empty], RETUR)
    for table in RETUR.tables:
        assert {name: str(dtype) for name, dtype in stacked[table.name].dtypes.items()} == converted_columns(table)
        assert list(stacked[table.name].index) == list(range(len(stacked[table.name])))
    assert len(stack([], RETUR)["drift"]) == 0


def _start(forvaltning=FORVALTNING, **values):
    book = sound_retur()
    for name, value in values.items():
        book.set("start", name, varde=value)
    return check_start(book.raw("r"), RETUR, provby(), forvaltning, PERIOD, FELKODER)


def test_cover_sheet_when_right_then_silent():
    assert _start() == ()
    assert _start(forvaltning=None) == ()
    assert _start(period=dt.date(2026, 4, 1)) == ()
    assert read_start(sound_retur().raw("r"))["period"].text == "2026-04"


@pytest.mark.parametrize(
    ("values", "code", "cell"),
    [
        ({"kommun_kod": "annan"}, "E140", "C7"),
        ({"kommun_kod": None}, "E148", "C7"),
        ({"forvaltning_kod": "QQ", "forvaltning": None}, "E141", "C9"),
        ({"forvaltning_kod": "YF", "belopp_enhet": "kr"}, "E142", "C9"),
        ({"period": "2026-03"}, "E143", "C11"),
        ({"period": "april"}, "E143", "C11"),
        ({"kontrakt_id": "rodatraden.budgetregister"}, "E144", "C13"),
        ({"kontrakt_version": "0.9.0"}, "E145", "C14"),
        ({"kontrakt_version": "1.10.0"}, "E146", "C14"),
        ({"kontrakt_version": "ny"}, "E146", "C14"),
        ({"belopp_enhet": "kr"}, "E147", "C12"),
    ],
)
def test_cover_sheet_when_wrong_then_stops_with_its_own_code(values, code, cell):
    findings = _start(**values)
    assert (code, "Start", cell) in [(f.code, f.sheet, f.cell) for f in findings]
    assert stops(findings)
    others = {f.code for f in findings} - {code}
    assert not others


def test_cover_sheet_when_everything_is_wrong_then_all_is_told():
    findings = _start(kommun_kod="x", period="2025-04", belopp_enhet="kr", kontrakt_version="0.1.0")
    assert [f.code for f in findings] == ["E140", "E145", "E143", "E147"]


def test_cover_sheet_when_missing_then_the_reading_has_said_so():
    bare = RawRetur("r.xlsx", "r", (RawTable("drift", "Drift", ()),), ())
    assert check_start(bare, RETUR, provby(), None, PERIOD, FELKODER) == ()
    assert check_register_start(bare, REGISTER, provby(), PERIOD, FELKODER) == ()
    assert dict(read_start(bare)) == {}


def test_register_cover_is_for_the_kommun_and_year():
    raw = sound_register().raw("r")
    assert check_register_start(raw, REGISTER, provby(), PERIOD, FELKODER) == ()
    assert [f.code for f in check_register_start(raw, REGISTER, provby(), Period(2027, 1), FELKODER)] == ["E150"]
    number = sound_register().set("start", "ar", varde=2026).raw("r")
    assert check_register_start(number, REGISTER, provby(), PERIOD, FELKODER) == ()
