"""Which mails a day asks for, to whom, and what they say."""

from __future__ import annotations

import datetime as dt

import pytest

from adapters.working_days import days_off
from data_contracts.kommun import Mottagare
from flows.workplace import load_wording
from tests.board_example import days, koder, kommun, local
from transforms.notices import Notis, Slag, due_kinds, due_notices, without_recipient, write_notice

OFF = days_off(2025, 2027)
CHIEF = Mottagare(roll="Ekonomichef", adress="chef@exempel.invalid")


def with_chief():
    read = kommun()
    return read.model_copy(update={"kalender": read.kalender.model_copy(update={"eskalering_till": (CHIEF,)})})


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (local(5), ()),
        (local(6), (Slag.MALL,)),
        (local(9), ()),  # a Saturday
        (local(11), (Slag.MALL,)),
        (local(12), (Slag.MALL, Slag.PAMINNELSE)),
        (local(13, "11:59"), (Slag.MALL, Slag.PAMINNELSE)),
        (local(13, "12:00"), ()),
        (local(14), ()),  # Kristi himmelsfärd
        (local(15), (Slag.FORSENAD,)),
        (local(18), (Slag.FORSENAD, Slag.ESKALERING)),
        (local(2, month=6), (Slag.FORSENAD, Slag.ESKALERING)),
        (local(3, month=6), ()),  # the next month's templates go out
        (local(1, month=9), ()),
    ],
)
def test_a_day_asks_for_what_its_time_has_come_for(at, expected):
    assert due_kinds(days(), at, OFF) == expected


def test_each_recipient_of_a_forvaltning_without_an_accepted_return_gets_one_of_each():
    read = with_chief()
    all_koder = koder()
    found = due_notices(read, (Slag.FORSENAD, Slag.ESKALERING), set(all_koder[1:]))
    sender = read.forvaltningar[0].avsandare[0]
    assert found == (
        Notis(all_koder[0], Slag.FORSENAD, sender.adress, sender.roll),
        Notis(all_koder[0], Slag.ESKALERING, CHIEF.adress, CHIEF.roll),
    )
    assert due_notices(read, (Slag.MALL,), set(all_koder)) == ()
    assert due_notices(read, (), set()) == ()


def test_a_missing_address_is_told_of():
    read = kommun()
    bare = read.forvaltningar[0].model_copy(update={"avsandare": ()})
    read = read.model_copy(update={"forvaltningar": (bare, *read.forvaltningar[1:])})
    told = without_recipient(read, (Slag.ESKALERING,))
    assert [bare.namn in told[0], "eskalering_till" in told[1], len(told)] == [True, True, 2]
    assert without_recipient(read, ()) == ()
    assert without_recipient(with_chief(), tuple(Slag)) == ()


@pytest.mark.parametrize("slag", list(Slag))
def test_a_mail_names_forvaltning_period_and_what_to_do(slag):
    read = kommun()
    office = read.forvaltningar[0]
    said = write_notice(load_wording("utskick"), slag, read, office, days(), {})
    assert office.namn in said.amne
    assert "april 2026" in said.amne
    assert "\n" not in said.amne
    assert "2026-05-13 kl. 12.00" in said.text
    assert read.namn in said.text
    assert "{" not in said.amne + said.text


def test_a_reminder_tells_that_the_return_is_stopped():
    read = kommun()
    office = read.forvaltningar[0]
    fresh = write_notice(load_wording("utskick"), Slag.PAMINNELSE, read, office, days(), {})
    stopped = write_notice(load_wording("utskick"), Slag.PAMINNELSE, read, office, days(), {office.kod: 3})
    assert "inte fått någon retur" in fresh.text
    assert "stoppats (3 fel)" in stopped.text


def test_a_due_time_is_local_and_a_red_day_of_the_kommuns_own_is_kept():
    assert due_kinds(days(), local(6), OFF | {dt.date(2026, 5, 6)}) == ()
