"""Which sheets and rows a return has follows from contract and configuration alone."""

import dataclasses

import pytest

from adapters.contract_files import load_contract
from data_contracts.contract import ContractError
from tests.kommun_example import example_kommun
from transforms.period import Period
from transforms.template_rows import RowKind, expected_tables, row_key, shown_sum, start_fields, template_rows


def rows(forvaltning_kod, table):
    return template_rows(load_contract("manadsretur"), example_kommun(), forvaltning_kod)[table]


def test_tables_without_rows_are_not_expected():
    contract, kommun = load_contract("manadsretur"), example_kommun()
    assert expected_tables(contract, kommun, "TEK") == ("start", "drift", "investeringar", "kommentarer")
    assert expected_tables(contract, kommun, "BUF") == ("start", "drift", "drift_verksamhet", "volymer", "kommentarer")


def test_what_only_some_enheter_have_is_not_required_by_the_contract():
    required = {table.name for table in load_contract("manadsretur").tables if table.required}
    assert required == {"start", "drift", "kommentarer"}


def test_sum_rows_name_the_keys_of_their_parts():
    sums = {row.key: row.parts for row in rows("TEK", "drift") if row.kind is RowKind.SUMMA}
    assert sums["TEK|resultat"] == ("TEK|intakter", "TEK|kostnader", "TEK|kommunbidrag")
    assert sums["VA|fore_reglering"] == ("VA|intakter", "VA|kostnader", "VA|finansnetto")
    keys = {row.key for row in rows("TEK", "drift")}
    assert all(part in keys for parts in sums.values() for part in parts)


def test_keys_are_unique_and_made_of_the_tables_key():
    contract = load_contract("manadsretur")
    for kod in ("TEK", "BUF"):
        for name, sheet in template_rows(contract, example_kommun(), kod).items():
            keyed = [row for row in sheet if row.key]
            assert len({row.key for row in keyed}) == len(keyed)
            assert all(row.key == row_key(*(row.labels[part] for part in contract.table(name).key)) for row in keyed)


def test_only_enheter_with_investeringar_have_a_comment_on_them():
    avser = [row.labels["avser"] for row in rows("BUF", "kommentarer") if row.key]
    assert avser == ["drift"]


def test_volumes_keep_unit_and_decimals():
    volumes = [(row.labels["matt_enhet"], row.decimals) for row in rows("BUF", "volymer") if row.key]
    assert volumes == [("barn", 0), ("timmar", 1)]


def test_start_states_whose_return_it_is():
    fields = {
        field.name: field.value
        for field in start_fields(load_contract("manadsretur"), example_kommun(), "BUF", Period(2026, 4))
    }
    assert (fields["kommun_kod"], fields["forvaltning_kod"], fields["period"], fields["belopp_enhet"]) == (
        "exempelby",
        "BUF",
        "2026-04",
        "mnkr",
    )
    assert [name for name, value in fields.items() if value is None] == ["ifylld_av_roll", "ifylld_datum", "status"]


def test_a_table_that_no_rule_gives_rows_to_is_an_error():
    contract = load_contract("manadsretur")
    strange = dataclasses.replace(contract.table("drift"), name="okand")
    with pytest.raises(ContractError, match="E001"):
        template_rows(dataclasses.replace(contract, tables=(strange,)), example_kommun(), "TEK")


def test_a_shown_sum_of_nothing_is_blank_and_of_zero_is_zero():
    assert shown_sum([]) is None
    assert shown_sum([None, None]) is None
    assert shown_sum([None, 0]) == 0
