"""Stängningstavlan: the state of each förvaltning at each time, in words, without senders or values."""

from __future__ import annotations

import dataclasses

import pytest

from data_contracts.findings import Severity
from tests.board_example import board, closed_without, complete, during, koder, late, local, retur
from transforms.closing_board import RapportLage, ReturLage

BEFORE, AFTER = local(12), local(13, "12:00")


def row(tavla, place=0):
    return tavla.rader[place]


@pytest.mark.parametrize(
    ("status", "at", "stangd", "expected"),
    [
        (None, BEFORE, None, ReturLage.VANTAS),
        (None, local(13, "11:59"), None, ReturLage.VANTAS),
        (None, AFTER, None, ReturLage.FORSENAD),
        (None, local(20), local(13, "11:00"), ReturLage.FORSENAD),
        (None, local(20), local(15), ReturLage.SAKNAS),
        ("mottagen", BEFORE, None, ReturLage.MOTTAGEN),
        ("stoppad", BEFORE, None, ReturLage.RATTAS),
        ("stoppad", local(20), local(15), ReturLage.RATTAS),
        ("godkand", BEFORE, None, ReturLage.GODKAND),
        ("godkand", local(20), local(15), ReturLage.GODKAND),
    ],
)
def test_a_return_stands_as_its_newest_version_and_the_time_say(status, at, stangd, expected):
    returer = () if status is None else (retur(koder()[0], 11, status),)
    assert row(board(returer, at=at, stangd=stangd)).lage is expected


def test_the_accepted_version_counts_and_a_newer_stopped_one_is_told_of():
    kod = koder()[0]
    versions = (retur(kod, 8, "ersatt"), retur(kod, 9, version=2), retur(kod, 11, "stoppad", 3, {Severity.STOPPAR: 2}))
    found = row(board(versions, at=BEFORE))
    assert (found.lage, found.version, found.fynd) == (ReturLage.GODKAND, 2, ())
    assert found.anmarkning == "En nyare version, 3, är stoppad och räknas inte."
    assert found.mottagen == "lör 9 maj kl. 10.12"


def test_a_return_that_came_after_the_due_time_says_so():
    kod = koder()[0]
    assert row(board((retur(kod, 14),), at=local(15))).anmarkning == "Kom efter sista tiden."
    assert row(board((retur(kod, 12), retur(kod, 14, version=2)), at=local(15))).anmarkning == ""
    assert row(board((retur(kod, 12, "stoppad"),), at=local(15))).anmarkning == "Sista tiden har gått ut."
    assert row(board((retur(kod, 12, "stoppad"),), at=local(12, "15:00"))).anmarkning == ""


def test_findings_are_counted_by_severity_gravest_first_and_none_is_left_out():
    found = retur(koder()[0], 11, fynd={Severity.NOTERING: 2, Severity.STOPPAR: 1, Severity.FORKLARAS: 1})
    assert [(one.antal, one.text) for one in row(board((found,), at=BEFORE)).fynd] == [
        (1, "stoppar"), (1, "ska förklaras"), (2, "noteringar"),
    ]  # fmt: skip


def test_the_bar_has_one_piece_per_forvaltning_in_the_order_of_the_states():
    tavla = during()
    order = list(ReturLage)
    assert sorted(tavla.delar, key=order.index) == list(tavla.delar)
    assert sorted(tavla.delar) == sorted(row.lage for row in tavla.rader)
    assert (tavla.antal_godkanda, tavla.antal, tavla.framsteg) == (2, 8, "2 av 8 returer godkända")


@pytest.mark.parametrize(
    ("tavla", "expected"),
    [
        (during, "2 av 8 returer är godkända, 1 väntar på kontroll, 1 ska rättas och 4 väntas. "
                 "Returerna ska vara inne senast ons 13 maj kl. 12.00."),
        (late, "6 av 8 returer är godkända, 1 ska rättas och 1 är försenad. Returerna skulle ha varit inne ons 13 maj kl. 12.00."),
        (closed_without, "7 av 8 returer är godkända, 1 saknas. Returerna skulle ha varit inne ons 13 maj kl. 12.00."),
        (complete, "Alla returer är godkända."),
    ],
)  # fmt: skip
def test_the_month_in_a_sentence(tavla, expected):
    assert tavla().ingress == expected


def test_the_calendar_shows_where_the_month_is():
    assert [(step.namn, step.lage) for step in during().steg] == [
        ("Perioden slut", "passerad"), ("Mall ut", "passerad"), ("Påminnelse", "idag"),
        ("Retur senast", "kommande"), ("Försenad", "kommande"), ("Eskalering", "kommande"),
    ]  # fmt: skip
    assert next(step.datum_text for step in during().steg if step.namn == "Retur senast") == "ons 13 maj kl. 12.00"


def test_each_namnd_shows_its_report_and_its_next_meeting():
    first = row(closed_without()).namnder[0]
    assert (first.rapport, first.finns, first.sammantrade) == ("utkast, version 1", True, "tis 26 maj")
    waiting = row(during()).namnder[0]
    assert (waiting.rapport, waiting.finns) == ("ingen rapport än", False)
    without = [namnd for row_ in closed_without().rader for namnd in row_.namnder if namnd.namn == "Finansieringen"]
    assert [namnd.rapport for namnd in without] == ["ingen egen rapport"]
    assert board(at=BEFORE, rapporter=(RapportLage("", "utkast", 4),)).kommunrapport == "utkast, version 4"


def test_no_sender_is_on_the_board():
    text = str(dataclasses.asdict(late()))
    assert "@" not in text
    assert "ekonom" not in text.lower()
