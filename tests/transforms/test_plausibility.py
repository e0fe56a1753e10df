"""What is compared with earlier months, and what is not when there is nothing to compare with."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

from adapters.contract_files import load_contract, load_felkoder
from data_contracts.kommun import Kommun
from tests.contracts.retur_example import BUDGETS, FORVALTNING, PERIOD, Book, earlier_months, provby, sound_retur
from transforms.conversion import codes_without_zeros, convert, stack, volume_decimals
from transforms.preparation import prepare
from transforms.raw_retur import CellKind, RawCell

RETUR = load_contract("manadsretur")
HELHET = "X|drift|helhet"


def _prepare(book: Book, *earlier: Book, kommun: Kommun | None = None) -> dict[str, pd.DataFrame]:
    kommun = kommun or provby()
    converted = convert(book.raw("r"), RETUR, load_felkoder(), unit="tkr", decimals=volume_decimals(kommun))
    return prepare(
        stack([converted], RETUR), RETUR, kommun, {"r": FORVALTNING}, BUDGETS, PERIOD, earlier_months(*earlier)
    )


def _value(frame: pd.DataFrame, column: str, **where: str) -> object:
    for name, wanted in where.items():
        frame = frame[frame[name] == wanted]
    assert len(frame) == 1
    value = frame.iloc[0][column]
    return None if pd.isna(value) else value


def test_without_earlier_months_nothing_is_compared_with_them() -> None:
    frames = _prepare(sound_retur())
    for table, columns in {
        "start": ["ny_sedan_forra"], "kommentarer": ["orsak_ny"], "storleksordning": ["mot_forra"], "prognoser": ["oforandrad"],
        "vantade_rader": ["egen_rad_finns"], "belopp": ["stangd_prognos"], "volymtal": ["stangd_prognos"],
    }.items():  # fmt: skip
        assert frames[table][columns].isna().all(axis=None), table
    assert set(frames["storleksordning"]["borta"].dropna()) == {0}


@pytest.mark.parametrize(("same", "earlier", "expected"), [(3, 1, None), (3, 2, "ja"), (2, 1, "ja"), (4, 2, None)])
def test_the_kommun_says_how_many_returns_a_prognos_may_be_unchanged(
    same: int, earlier: int, expected: str | None
) -> None:
    raw = provby().model_dump(mode="json")
    raw["rimlighet"]["samma_prognos_returer"] = same
    book = sound_retur().set("drift", "X|personal", prognos=-1501, utfall=-1700)
    months = [sound_retur().set("drift", "X|personal", prognos=-1501) for _ in range(earlier)]
    frames = _prepare(book, *months, kommun=Kommun.model_validate(raw))
    assert _value(frames["prognoser"], "oforandrad", tabell="drift") == expected


def test_an_unchanged_prognos_is_right_while_the_period_keeps_to_its_budget() -> None:
    months = [sound_retur().set("drift", "X|personal", prognos=-1501) for _ in range(3)]
    months[0].set("drift", "X|personal", utfall=-1600)
    assert _value(_prepare(*months)["prognoser"], "oforandrad", tabell="drift") == "nej"


@pytest.mark.parametrize(("times", "expected"), [(300, "ja"), (301, "nej")])
def test_the_size_beside_last_month_has_the_kommuns_limit(times: int, expected: str) -> None:
    values = {"intakter": 1, "personal": -1, "lokaler": -1, "kommunbidrag": 1}
    before = sound_retur().set_all("drift", "utfall", values)
    book = sound_retur().set_all("drift", "utfall", {kod: value * times for kod, value in values.items()})
    assert _value(_prepare(book, before)["storleksordning"], "mot_forra", tabell="drift", serie="utfall") == expected


def test_a_return_without_utfall_is_not_called_last_months() -> None:
    def book() -> Book:
        made = sound_retur()
        for table in ("drift", "drift_verksamhet", "investeringar", "volymer"):
            for name in made.rows[table]:
                made.set(table, name, utfall=None)
        return made

    assert _value(_prepare(book(), book())["start"], "ny_sedan_forra", falt="period") is None


@pytest.mark.parametrize(
    ("prognos", "utfall", "expected"),
    [
        (-1700, -1700, "minus"),
        (-1700, -1500, "minus"),
        (-1700, -1400, None),
        (-1300, -1300, "plus"),
        (-1500, -1700, None),
    ],
)
def test_the_sign_that_a_comment_is_held_against(prognos: int, utfall: int, expected: str | None) -> None:
    """The full year's, unless the period points the other way."""
    frames = _prepare(sound_retur().set("drift", "X|personal", prognos=prognos, utfall=utfall))
    assert _value(frames["kommentarer"], "tecken", kod="helhet") == expected


def test_higher_investments_are_minus_and_volumes_have_no_sign() -> None:
    book = sound_retur().set("investeringar", "X|it", prognos=900).set("volymer", "X|barn", prognos=200)
    book.set("kommentarer", "fri1", enhet="X", avser="investeringar", kod="it", orsak="Dyrare servrar än planerat.")
    book.set("kommentarer", "fri2", enhet="X", avser="volymer", kod="barn", orsak="Fler barn än i prognosen.")
    comments = _prepare(book)["kommentarer"]
    assert _value(comments, "tecken", kod="it") == "minus"
    assert _value(comments, "tecken", kod="barn") is None


def test_rows_that_are_not_applicable_are_neither_blank_nor_gone() -> None:
    serier = ("periodbudget", "utfall", "utfall_fg_ar", "prognos")
    book = sound_retur().set("investeringar", "X|it", **dict.fromkeys(serier, "ej tillämpligt"))
    frames = _prepare(book, sound_retur())
    cell = frames["belopp"][(frames["belopp"]["kod"] == "it") & (frames["belopp"]["serie"] == "prognos")]
    assert cell[["lamnad", "rad_utan_belopp"]].values.tolist() == [["ej tillämpligt", "nej"]]
    assert _value(frames["storleksordning"], "borta", tabell="investeringar", serie="prognos") == 0


@pytest.mark.parametrize(("formula", "expected"), [
    ("=J8+J9", "ja"), ("=SUM(J8:J9)", "ja"), ("=SUM($J$7:$J$10)", "ja"), ("=SUM(J8,J8)", "nej"), ("=SUM(I8:I9)", "nej"), ("", "nej"),
])  # fmt: skip
def test_a_sums_formula_must_take_in_every_part(formula: str, expected: str) -> None:
    typed = RawCell("", CellKind.TAL, "-2000", Decimal(-2000), formula)
    book = sound_retur().set("drift", "X|kostnader", prognos=typed)
    assert book.place("drift", "X|personal", "prognos") == "J8"
    assert _value(_prepare(book)["summor"], "formel_hel", tabell="drift", kod="kostnader", serie="prognos") == expected


def test_codes_that_lose_their_zeros_are_known_unless_what_is_left_is_a_code_too() -> None:
    raw = provby().model_dump(mode="json")
    raw["enheter"][0]["verksamheter"] = [{"kod": kod, "namn": kod} for kod in ("0410", "007", "7")]
    assert codes_without_zeros(Kommun.model_validate(raw)) == {"410": "0410"}
