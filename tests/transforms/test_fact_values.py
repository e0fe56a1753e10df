"""Facts become exactly the cells they should, in the return's unit; a fact without a place is refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kommuner.printed import load_kommun, load_month
from transforms.fact_values import OMSKRIVEN, FactMismatch, Facts, convert_unit, register_rows, retur_values

UNITS = ("kr", "tkr", "mnkr")


@pytest.fixture(scope="module")
def facts() -> Facts:
    return load_month("alingsas", "2026-04")


@given(st.integers(-(10**13), 10**13), st.sampled_from(UNITS), st.sampled_from(UNITS))
def test_conversion_there_and_back_is_exact(value: int, source: str, target: str) -> None:
    assert convert_unit(convert_unit(Decimal(value), source, target), target, source) == value


@pytest.mark.parametrize(
    ("value", "source", "target", "text"),
    [
        ("0.3", "mnkr", "tkr", "300"),
        ("14750", "tkr", "mnkr", "14.75"),
        ("0.0", "mnkr", "kr", "0"),
        ("-5", "tkr", "tkr", "-5"),
    ],
)
def test_conversion_writes_plain_numbers(value: str, source: str, target: str, text: str) -> None:
    assert str(convert_unit(Decimal(value), source, target)) == text


def test_retur_values_are_in_the_returenhet(facts: Facts) -> None:
    kommun = load_kommun("alingsas")
    values = retur_values(facts, kommun, "TEF")
    assert values["drift", "TEN|utdebitering", "prognos"] == Decimal(13067)
    assert values["start", "ifylld_datum", "varde"] == dt.date(2026, 5, 18)
    in_kr = kommun.model_copy(
        update={"forvaltningar": tuple(f.model_copy(update={"returenhet": "kr"}) for f in kommun.forvaltningar)}
    )
    assert retur_values(facts, in_kr, "TEF")["drift", "TEN|utdebitering", "prognos"] == Decimal(13067000)


def test_utgifter_printed_with_minus_are_turned_and_drift_is_not(facts: Facts) -> None:
    values = retur_values(facts, load_kommun("alingsas"), "VOF")
    assert values["investeringar", "VON|reinvestering.sangar", "prognos"] == Decimal(750)
    assert values["drift", "VON|personal", "prognos"] == Decimal(-836257)
    rows = register_rows(facts, load_kommun("alingsas"))["beslutad_budget"]
    budget = {(row["enhet"], row["avser"], row["kod"]): row["belopp"] for row in rows}
    assert budget["VON", "investeringar", "reinvestering.sangar"] == Decimal(750)


def test_paraphrase_carries_its_mark_once(facts: Facts) -> None:
    values = retur_values(facts, load_kommun("alingsas"), "VOF")
    row = "VON|drift|helhet"
    texts = [str(values["kommentarer", row, column]) for column in ("orsak", "atgard")]
    assert [text.endswith(OMSKRIVEN) for text in texts] == [False, True]
    assert str(values["kommentarer", "VON|drift|lokalhyror", "orsak"]).endswith(OMSKRIVEN)


def test_a_forvaltning_without_return_gets_nothing() -> None:
    assert retur_values(load_month("lingonby", "2026-04"), load_kommun("lingonby"), "BUF") == {}


def test_a_sum_row_is_not_filled(facts: Facts) -> None:
    with pytest.raises(FactMismatch, match=r"E011 OFF: OFN har ingen rad kostnader att fylla i under drift"):
        retur_values(_with_row(facts, "OFF", rad="kostnader"), load_kommun("alingsas"), "OFF")


def test_another_forvaltnings_enhet_is_refused(facts: Facts) -> None:
    with pytest.raises(FactMismatch, match=r"E011 OFF: enheten VA hör inte dit"):
        retur_values(_with_row(facts, "OFF", enhet="VA"), load_kommun("alingsas"), "OFF")


def test_the_same_cell_twice_is_refused(facts: Facts) -> None:
    retur = facts.retur("OFF")
    assert retur is not None
    doubled = replace(facts, returer=(replace(retur, rader=(*retur.rader, retur.rader[0])),))
    with pytest.raises(FactMismatch, match="står två gånger"):
        retur_values(doubled, load_kommun("alingsas"), "OFF")


@pytest.mark.parametrize(("field", "value"), [("enhet", "XX"), ("rad", "xx"), ("avser", "volymer")])
def test_register_fact_without_a_place_is_refused(facts: Facts, field: str, value: str) -> None:
    wrong = replace(facts, budget=(replace(facts.budget[0], **{field: value}),))
    with pytest.raises(FactMismatch, match="E011 register"):
        register_rows(wrong, load_kommun("alingsas"))


def test_bokslut_names_its_source_and_leaves_out_what_is_unknown(facts: Facts) -> None:
    row = register_rows(facts, load_kommun("alingsas"))["bokslut"][0]
    assert row["belopp"] == Decimal(2)
    assert row["belopp_enhet"] == "mnkr"
    assert "Driftsprognos" in str(row["kalla"])
    assert "paragraf" not in row


def _with_row(facts: Facts, kod: str, **changes: str) -> Facts:
    retur = facts.retur(kod)
    assert retur is not None
    return replace(facts, returer=(replace(retur, rader=(replace(retur.rader[0], **changes),)),))
