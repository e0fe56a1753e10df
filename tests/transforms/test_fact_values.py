"""Facts become exactly the cells they should, in the return's unit; a fact without a place is refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract_files import load_contract
from adapters.workbook_fill import fill_template
from adapters.workbook_template import write_register, write_template
from tests.kommuner.printed import load_kommun, load_month
from transforms.fact_values import (
    OMSKRIVEN,
    FactMismatch,
    Facts,
    convert_unit,
    own_comments,
    register_rows,
    retur_values,
)

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
    own = own_comments(facts, load_kommun("alingsas"), "VOF")
    assert [row.values["kod"] for row in own] == [
        "intakter",
        "personal",
        "lokalhyror",
        "kop_tjanster",
        "ovriga_kostnader",
    ]
    assert all(row.enhet == "VON" and str(row.values["orsak"]).endswith(OMSKRIVEN) for row in own)


def test_a_comment_with_a_day_keeps_it_and_one_on_an_unknown_row_is_refused() -> None:
    kommun, march = load_kommun("lingonby"), load_month("lingonby", "2026-03")
    own = {str(row.values["kod"]): row.values for row in own_comments(march, kommun, "OMF")}
    assert own["kop_verksamhet"]["klardatum"] == dt.date(2026, 5, 31)
    assert OMSKRIVEN not in str(own["kop_verksamhet"]["orsak"])
    retur = march.retur("OMF")
    assert retur is not None
    wrong = replace(retur, kommentarer=tuple(replace(k, kod="xx") for k in retur.kommentarer))
    with pytest.raises(FactMismatch, match="OMS har ingen rad xx"):
        own_comments(replace(march, returer=(wrong,)), kommun, "OMF")


@pytest.mark.parametrize(
    ("name", "month"),
    [("alingsas", "2026-04"), ("lingonby", "2026-03"), ("lingonby", "2026-04"), ("lingonby", "2026-04_sen")],
)
def test_the_facts_fill_the_templates_and_the_register(name: str, month: str) -> None:
    """What the facts give has its place in the real workbooks."""
    kommun, facts, retur = load_kommun(name), load_month(name, month), load_contract("manadsretur")
    register = write_register(load_contract("budgetregister"), kommun, facts.period.year, register_rows(facts, kommun))
    assert register.startswith(b"PK")
    for kod in [retur.forvaltning for retur in facts.returer]:
        template = write_template(retur, kommun, kod, facts.period, {})
        values, own = retur_values(facts, kommun, kod), own_comments(facts, kommun, kod)
        filled = fill_template(template, retur, kommun, values, own)
        assert len(filled) > len(template)


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
