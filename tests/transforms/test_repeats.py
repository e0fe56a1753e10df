"""What only repeats a finding of the reading is left out, by three cases; everything else stays."""

import pytest

from adapters.contract_files import load_contract
from data_contracts.findings import Finding, Severity
from transforms.repeats import COMPLETENESS, without_repeats

CONTRACT = load_contract("manadsretur")


def found(code, sheet="Drift", cell="J9", severity=Severity.STOPPAR):
    return Finding(code, severity, "Fel.", "Rätta.", sheet=sheet, cell=cell)


CELL, SHEET, COLUMN = found("E201"), found("E121", cell=""), found("E124", cell="")


@pytest.mark.parametrize(
    ("known", "ruled"),
    [
        (CELL, found("E340")),
        (CELL, found("E351")),
        (SHEET, found("E310", cell="")),
        (SHEET, found("E340")),
        (found("E120", cell=""), found("E311", cell="")),
        (found("E176", cell="", severity=Severity.NOTERING), found("E310", cell="")),
        (COLUMN, found("E340", cell="")),
        (COLUMN, found("E351", cell="")),
    ],
)
def test_what_says_only_that_something_unread_is_missing_is_left_out(known, ruled):
    assert without_repeats([known], [ruled], CONTRACT) == ()


@pytest.mark.parametrize(
    ("known", "ruled"),
    [
        (CELL, found("E340", cell="J10")),
        (CELL, found("E340", sheet="Volymer")),
        (CELL, found("E352")),
        (CELL, found("E330")),
        (CELL, found("E361")),
        (SHEET, found("E310", sheet="Volymer", cell="")),
        (SHEET, found("E332")),
        (COLUMN, found("E340")),
        (COLUMN, found("E310", sheet="Volymer", cell="")),
        (found("E216", severity=Severity.NOTERING), found("E340")),
    ],
)
def test_every_other_finding_stays(known, ruled):
    assert without_repeats([known], [ruled], CONTRACT) == (ruled,)


def test_a_code_says_only_that_something_is_missing_in_all_its_rules_or_in_none():
    absence = {rule.code for rule in CONTRACT.rules if rule.dimension == COMPLETENESS}
    assert {"E300", "E310", "E312", "E331", "E340", "E351"} <= absence
    assert not absence & {rule.code for rule in CONTRACT.rules if rule.dimension != COMPLETENESS}
