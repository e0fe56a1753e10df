"""Working days of 2026 and the deadlines counted in them, against dates looked up in a printed almanac."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from adapters.working_days import days_off
from data_contracts.kommun import Kalender
from transforms.deadlines import add_working_days, deadlines, is_working_day
from transforms.period import Period

OFF = days_off(2025, 2028)
NOON = dt.time(12, 0)


def kalender(**values):
    return Kalender(**{"retur_senast_arbetsdag": 7, "stangning_dag": 14, **values})


@pytest.mark.parametrize(
    "day",
    ["2026-01-01", "2026-01-06", "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14", "2026-06-19", "2026-12-24",
     "2026-12-25", "2026-12-31", "2026-10-31", "2026-06-06", "2027-01-06", "2027-03-26", "2027-06-25"],
)  # fmt: skip
def test_red_days_and_the_three_eves_are_no_working_days(day):
    assert not is_working_day(dt.date.fromisoformat(day), OFF)


@pytest.mark.parametrize(
    "day",
    ["2026-01-02", "2026-01-05", "2026-04-02", "2026-04-30", "2026-05-15", "2026-06-05", "2026-06-18", "2026-06-22",
     "2026-10-30", "2026-12-23", "2026-12-28", "2026-12-30"],
)  # fmt: skip
def test_bridge_days_and_the_days_beside_the_eves_are_working_days(day):
    assert is_working_day(dt.date.fromisoformat(day), OFF)


@pytest.mark.parametrize(
    ("period", "mall", "paminnelse", "senast", "forsenad", "eskalering"),
    [
        # nyårsdagen and trettondagen: working days 2, 5, 7, 8, 9, 12, 13 January
        ("2025-12", "2026-01-05", "2026-01-12", "2026-01-13", "2026-01-14", "2026-01-15"),
        # långfredag 3 and annandag 6 April: 1, 2, 7, 8, 9, 10, 13
        ("2026-03", "2026-04-02", "2026-04-10", "2026-04-13", "2026-04-14", "2026-04-15"),
        # första maj 1 May and Kristi himmelsfärd 14 May: 4, 5, 6, 7, 8, 11, 12 | 13, 15
        ("2026-04", "2026-05-05", "2026-05-11", "2026-05-12", "2026-05-13", "2026-05-15"),
        # nationaldagen falls on a Saturday: 1, 2, 3, 4, 5, 8, 9 June
        ("2026-05", "2026-06-02", "2026-06-08", "2026-06-09", "2026-06-10", "2026-06-11"),
        # alla helgons dag, Saturday 31 October, takes no working day: 2, 3, 4, 5, 6, 9, 10 November
        ("2026-10", "2026-11-03", "2026-11-09", "2026-11-10", "2026-11-11", "2026-11-12"),
    ],
)
def test_the_days_of_a_period_are_those_of_the_almanac(period, mall, paminnelse, senast, forsenad, eskalering):
    days = deadlines(kalender(), Period.parse(period), OFF)
    found = (days.mall, days.paminnelse, days.senast, days.forsenad, days.eskalering)
    assert tuple(map(str, found)) == (mall, paminnelse, senast, forsenad, eskalering)
    assert days.periodslut == Period.parse(period).last_day


def test_midsommar_and_christmas_are_stepped_over():
    long = deadlines(kalender(retur_senast_arbetsdag=15), Period(2026, 5), OFF)
    assert (str(long.senast), str(long.forsenad)) == ("2026-06-22", "2026-06-23")
    late = deadlines(kalender(retur_senast_arbetsdag=18), Period(2026, 11), OFF)
    assert (str(late.senast), str(late.forsenad)) == ("2026-12-28", "2026-12-29")
    assert str(late.paminnelse) == "2026-12-23"


def test_an_early_due_day_sends_the_template_before_the_period_ends():
    days = deadlines(kalender(retur_senast_arbetsdag=2), Period(2026, 3), OFF)
    assert (str(days.mall), str(days.senast)) == ("2026-03-26", "2026-04-02")


def test_the_kommuns_own_days_off_count():
    days = deadlines(kalender(lokala_lediga_dagar=(dt.date(2026, 5, 15),)), Period(2026, 4), OFF)
    assert (str(days.senast), str(days.eskalering)) == ("2026-05-12", "2026-05-18")


def test_due_is_noon_of_the_due_day_and_the_month_ends_when_the_next_templates_go_out():
    days = deadlines(kalender(), Period(2026, 4), OFF)
    assert not days.is_due(dt.datetime.combine(days.senast, dt.time(11, 59)))
    assert days.is_due(dt.datetime.combine(days.senast, NOON))
    assert days.is_due(dt.datetime.combine(days.forsenad, dt.time(0, 0)))
    assert days.senast_text == "2026-05-12 kl. 12.00"
    assert days.avslutas == deadlines(kalender(), Period(2026, 5), OFF).mall


def test_the_meeting_that_treats_the_period_is_the_first_after_the_due_day():
    dates = (dt.date(2026, 5, 12), dt.date(2026, 6, 16), dt.date(2026, 5, 20))
    days = deadlines(kalender(sammantraden={"TN": dates, "BUN": (dt.date(2026, 3, 1),)}), Period(2026, 4), OFF)
    treated = [(meeting.namnd, meeting.datum) for meeting in days.sammantraden]
    assert treated == [("TN", dt.date(2026, 5, 20)), ("BUN", None)]


@given(
    st.dates(dt.date(2026, 1, 1), dt.date(2027, 6, 1)).filter(lambda day: is_working_day(day, OFF)),
    st.integers(-25, 25),
)
def test_counting_out_and_back_from_a_working_day_ends_where_it_began(day, count):
    there = add_working_days(day, count, OFF)
    assert is_working_day(there, OFF)
    assert add_working_days(there, -count, OFF) == day


@pytest.mark.parametrize(
    "values", [{"paminnelse_arbetsdagar_fore": 5}, {"eskalering_arbetsdagar_efter": 1, "forsenad_arbetsdagar_efter": 2}]
)
def test_a_calendar_whose_days_come_in_the_wrong_order_is_refused(values):
    with pytest.raises(ValidationError, match="arbetsdagar"):
        kalender(**values)
