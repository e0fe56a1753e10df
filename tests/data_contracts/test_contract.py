"""The contract files: valid by the standard, and refused at load when a check could pass in silence."""

from __future__ import annotations

import copy
import json
from importlib.metadata import version
from importlib.resources import files

import jsonschema
import pytest
from open_data_contract_standard.model import OpenDataContractStandard

from adapters.contract_files import CONTRACTS, load_contract, read_yaml
from data_contracts.contract import CONTROL, ContractError, RuleKind, parse_contract
from data_contracts.findings import Severity

STANDARD = "3.2.0"
"""Version of the package open-data-contract-standard, whose model and schema judge our files (requirements/test.txt)."""
ACCEPTED = ["v3.2.0", "v3.1.0", "v3.0.2", "v3.0.1", "v3.0.0", "v2.2.2", "v2.2.1", "v2.2.0"]
"""The apiVersion values that this version of the standard's schema accepts; ours is v3.1.0."""
OURS = "v3.1.0"


@pytest.fixture
def raw():
    """The månadsretur's YAML, to be changed."""
    return copy.deepcopy(read_yaml("manadsretur.odcs.yaml"))


def _standard():
    return json.loads((files("open_data_contract_standard") / "schema.json").read_text(encoding="utf-8"))


def _rule(raw, table, code):
    schema = next(schema for schema in raw["schema"] if schema["name"] == table)
    return next(rule for rule in schema["quality"] if {"property": "kod", "value": code} in rule["customProperties"])


def _set(rule, name, value):
    kept = [item for item in rule["customProperties"] if item["property"] != name]
    rule["customProperties"] = kept if value is None else [*kept, {"property": name, "value": value}]


@pytest.mark.parametrize("name", CONTRACTS)
def test_contract_is_valid_by_the_standards_own_model_and_schema(name):
    parsed = read_yaml(f"{name}.odcs.yaml")
    schema = _standard()
    assert schema["properties"]["apiVersion"]["enum"] == ACCEPTED
    assert OpenDataContractStandard.model_validate(parsed).apiVersion == OURS
    jsonschema.Draft201909Validator(schema).validate(parsed)


def test_standard_when_a_field_is_unknown_then_refused(raw):
    schema = _standard()
    raw["egetfalt"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft201909Validator(schema).validate(raw)


def test_standard_version_is_the_named_one():
    assert version("open-data-contract-standard") == STANDARD


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_table_has_rules_and_every_rule_a_place_people_know(name):
    contract = load_contract(name)
    for table in (*contract.tables, *contract.controls):
        rules = contract.rules_for(table.name)
        assert rules
        for rule in rules:
            assert rule.message.endswith(".")
            assert rule.advice.endswith(".")
            assert table.layout == CONTROL or rule.place in {column.name for column in table.columns}


def test_sheets_are_apart_from_controls():
    contract = load_contract("manadsretur")
    names = [table.name for table in contract.tables]
    assert names[:5] == ["start", "drift", "drift_verksamhet", "investeringar", "volymer"]
    assert set(names) >= {"indikatorer", "aktiviteter", "malbedomningar"}
    assert names[-1] == "kommentarer"
    assert CONTROL not in {table.layout for table in contract.tables}
    assert {table.layout for table in contract.controls} == {CONTROL}


def test_neutral_rule_holds_what_the_yaml_says():
    rule = next(rule for rule in load_contract("manadsretur").rules if rule.code == "E330")
    assert rule.kind is RuleKind.EQUAL
    assert rule.params == {"other": "beraknad", "tolerance": "tolerans"}
    assert rule.severity is Severity.STOPPAR


@pytest.mark.parametrize(
    ("table", "code", "change", "words"),
    [
        ("drift", "E300", lambda rule: _set(rule, "kolumn", "enhett"), "kolumnen 'enhett'"),
        ("drift", "E301", lambda rule: _set(rule, "pekar_pa", "enheten"), "kolumnen 'enheten'"),
        ("drift", "E303", lambda rule: _set(rule, "nar", {"slag": "fri"}), "kolumnen 'slag'"),
        (
            "drift",
            "E305",
            lambda rule: rule.update(arguments={"properties": ["enhet", "nyckeln"]}),
            "kolumnen 'nyckeln'",
        ),
        ("summor", "E330", lambda rule: rule["implementation"].update(other="summa"), "kolumnen 'summa'"),
        ("summor", "E330", lambda rule: rule["implementation"].update(tolerance="grans"), "kolumnen 'grans'"),
        ("summor", "E330", lambda rule: rule["implementation"].update(rule="lika"), "okänd regel"),
        ("summor", "E330", lambda rule: rule.update(engine="annan"), "engine: rodatraden"),
        ("drift", "E300", lambda rule: rule.update(mustBe=1), "mustBe: 0"),
        ("drift", "E300", lambda rule: rule.update(metric="rowCount"), "okänd metric"),
        ("drift", "E300", lambda rule: rule.update(severity="fel"), "severity"),
        ("drift", "E300", lambda rule: _set(rule, "atgard", None), "atgard saknas"),
        ("drift", "E300", lambda rule: _set(rule, "meddelande", "Fel i {cellen}."), "fältet {cellen}"),
        ("drift", "E300", lambda rule: _set(rule, "kod", "300"), "giltig kod"),
        ("drift", "E302", lambda rule: _set(rule, "kod", "E301"), "används för både"),
        ("drift", "E301", lambda rule: rule.update(severity="notering"), "är både"),
    ],
)
def test_rule_when_it_could_pass_in_silence_then_refused_at_load(raw, table, code, change, words):
    change(_rule(raw, table, code))
    with pytest.raises(ContractError, match=r"^E001 prov") as caught:
        parse_contract(raw, "prov")
    assert words in str(caught.value)


def test_table_when_it_has_no_rules_then_refused_at_load(raw):
    raw["schema"][1]["quality"] = []
    with pytest.raises(ContractError, match="tabell drift: tabellen har inga regler"):
        parse_contract(raw, "prov")


def test_table_when_it_has_no_key_then_refused_at_load(raw):
    for column in raw["schema"][1]["properties"]:
        column.pop("primaryKey", None)
    with pytest.raises(ContractError, match="ingen nyckel"):
        parse_contract(raw, "prov")


def test_column_when_its_type_is_unknown_then_refused_at_load(raw):
    raw["schema"][1]["properties"][0]["customProperties"][0]["value"] = "flyttal"
    with pytest.raises(ContractError, match="kolumn enhet: typ saknas eller är okänd"):
        parse_contract(raw, "prov")
