"""The law's days: counted down for the report that a period ends with, by the rule of its date."""

from __future__ import annotations

import datetime as dt

import pytest
from pydantic import ValidationError

from data_contracts.lagfrister import LagRegel
from flows.steps.deadlines import legal_rules
from transforms.legal_dates import legal_dates
from transforms.period import Period

AUGUSTI, DECEMBER = Period(2026, 8), Period(2026, 12)


def shown(period, today, *, rules=None, handed_over=False):
    rows = legal_dates(rules or legal_rules(), period, 8, today, handed_over=handed_over)
    return [(row.datum, row.kvar_text, row.lage) for row in rows]


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (dt.date(2026, 9, 1), ("2026-10-31", "60 dagar kvar", "kommande")),
        (dt.date(2026, 10, 17), ("2026-10-31", "14 dagar kvar", "nara")),
        (dt.date(2026, 10, 30), ("2026-10-31", "1 dag kvar", "nara")),
        (dt.date(2026, 10, 31), ("2026-10-31", "i dag", "nara")),
        (dt.date(2026, 11, 1), ("2026-10-31", "passerad för 1 dag sedan", "passerad")),
    ],
)
def test_the_delarsrapport_is_due_two_months_after_its_period(today, said):
    assert shown(AUGUSTI, today) == [said]


def test_the_arsredovisning_is_due_on_the_fifteenth_of_april():
    assert shown(DECEMBER, dt.date(2027, 4, 1)) == [("2027-04-15", "14 dagar kvar", "nara")]
    assert shown(DECEMBER, dt.date(2027, 6, 1), handed_over=True) == [("2027-04-15", "lämnad", "klar")]


def test_a_month_that_no_statutory_report_ends_with_has_none():
    assert shown(Period(2026, 4), dt.date(2026, 5, 1)) == []


def test_the_rule_of_the_periods_date_applies():
    shorter = LagRegel(
        rapport="delarsrapport", text="t", manader_efter_period=1, giltig_fran=dt.date(2027, 1, 1), referens="ny lag"
    )
    rules = (*legal_rules(), shorter)
    assert shown(AUGUSTI, dt.date(2026, 9, 1), rules=rules)[0][0] == "2026-10-31"
    assert shown(Period(2027, 8), dt.date(2027, 9, 1), rules=rules)[0][0] == "2027-09-30"
    assert shown(Period(2018, 8), dt.date(2018, 9, 1), rules=rules) == []


def test_every_rule_has_its_reference_and_one_way_of_counting():
    assert all("11 kap." in rule.referens for rule in legal_rules())
    with pytest.raises(ValidationError, match="antingen"):
        LagRegel(rapport="delarsrapport", text="t", giltig_fran=dt.date(2027, 1, 1), referens="r")
