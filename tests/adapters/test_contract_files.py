"""Contract files and the words of every code."""

import pytest
from ruamel.yaml import YAML

from adapters.contract_files import _FOLDER, CONTRACTS, all_codes, explain, load_contract, load_felkoder, read_yaml
from data_contracts.contract import ContractError


def test_all_codes_are_rules_and_catalogue_together_without_overlap():
    rules = {rule.code for name in CONTRACTS for rule in load_contract(name).rules}
    assert not rules & set(load_felkoder())
    assert set(all_codes()) == rules | set(load_felkoder())
    assert list(all_codes()) == sorted(all_codes())


@pytest.mark.parametrize("code", all_codes())
def test_every_code_is_explained_with_message_advice_and_place(code):
    explained = explain(code.lower())
    assert explained.text.startswith(f"{code}  {all_codes()[code]}\nAllvar: ")
    assert "Gäller: " in explained.text
    assert "Gör så här: " in explained.text


def test_explain_when_a_code_serves_many_tables_then_names_them_all():
    explained = explain("E306")
    assert explained.galler == (
        'Månadsretur, "Kommentarer"',
        'Budgetregister, "Beslutad budget"; Budgetregister, "Periodbudget"; Budgetregister, "Anslagsförändringar"; '
        'Budgetregister, "Föregående års bokslut"',
    )


def test_explain_when_the_code_is_unknown_then_none():
    assert explain("E999") is None


def test_read_yaml_when_the_file_is_missing_then_e001():
    with pytest.raises(ContractError, match=r"^E001 data_contracts/finns_inte\.yaml kan inte läsas"):
        read_yaml("finns_inte.yaml")


def test_contracts_are_read_once():
    assert load_contract("manadsretur") is load_contract("manadsretur")


@pytest.mark.parametrize("path", sorted(_FOLDER.glob("*.yaml")), ids=lambda path: path.name)
def test_the_fast_parser_says_the_same_as_pythons(path):
    assert read_yaml(path.name) == YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
