"""States of a report: in order, with four eyes, and void as soon as the content is another."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.approval import (
    ATERKALLAD,
    BEHORIGHET,
    DISTRIBUERAD,
    FASTSTALLD,
    GRANSKAD,
    OPPNAD,
    OrdningsFel,
    Signatur,
    Tillstand,
    check_recall,
    check_review,
    check_settle,
    is_locked,
    rights_breaches,
    signatures_of,
    signed_text,
    state_of,
)
from transforms.audit_chain import Lank

T0 = dt.datetime(2026, 5, 18, 9, 0, tzinfo=dt.UTC)
A, B = "a" * 64, "b" * 64


def taken(*steps):
    """Steps as (steg, version, hash, account)."""
    return [
        Signatur(nr, steg, version, hash_, who, "roll", T0) for nr, (steg, version, hash_, who) in enumerate(steps, 1)
    ]


REVIEWED = (GRANSKAD, 1, A, "anna")
SETTLED = (FASTSTALLD, 1, A, "bo")
SENT = (DISTRIBUERAD, 1, A, "bo")
RECALLED = (ATERKALLAD, 1, A, "bo")


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ((), Tillstand.UTKAST),
        ((REVIEWED,), Tillstand.GRANSKAD),
        ((REVIEWED, SETTLED), Tillstand.FASTSTALLD),
        ((REVIEWED, SETTLED, SENT), Tillstand.DISTRIBUERAD),
        ((SETTLED,), Tillstand.UTKAST),
        ((REVIEWED, SETTLED, RECALLED), Tillstand.UTKAST),
        ((REVIEWED, SETTLED, RECALLED, REVIEWED), Tillstand.GRANSKAD),
    ],
)
def test_the_state_follows_from_the_steps_taken(steps, state):
    assert state_of(1, A, taken(*steps)).tillstand is state


def test_another_content_voids_every_signature_and_remembers_what_was_signed():
    bild = state_of(2, B, taken(REVIEWED, SETTLED))
    assert bild.tillstand is Tillstand.UTKAST
    assert (bild.granskad, bild.faststalld) == (None, None)
    assert bild.bruten is not None
    assert (bild.bruten.steg, bild.bruten.version) == (FASTSTALLD, 1)


def test_the_same_content_in_another_version_is_asked_for_again():
    """Version 3 says what version 1 did; version 2 came between, so what was signed is not what is laid before anyone now."""
    assert state_of(3, A, taken(REVIEWED, SETTLED)).tillstand is Tillstand.UTKAST


def test_a_version_sent_after_another_is_rattad():
    steps = (REVIEWED, SETTLED, SENT, (GRANSKAD, 2, B, "anna"), (FASTSTALLD, 2, B, "bo"))
    assert state_of(2, B, taken(*steps)).tillstand is Tillstand.FASTSTALLD
    assert state_of(2, B, taken(*steps)).utsand_version == 1
    assert state_of(2, B, taken(*steps, (DISTRIBUERAD, 2, B, "bo"))).tillstand is Tillstand.RATTAD


@given(st.lists(st.sampled_from([REVIEWED, SETTLED, SENT, RECALLED, (GRANSKAD, 2, B, "x"), (FASTSTALLD, 2, B, "y")])))
def test_no_order_of_steps_settles_what_was_not_reviewed(steps):
    bild = state_of(1, A, taken(*steps))
    after_recall = list(itertools.takewhile(lambda step: step != RECALLED, reversed(steps)))
    if bild.tillstand in (Tillstand.FASTSTALLD, Tillstand.DISTRIBUERAD):
        assert REVIEWED in after_recall
        assert SETTLED in after_recall
    assert (bild.tillstand is Tillstand.UTKAST) == (REVIEWED not in after_recall)


def test_only_what_was_seen_can_be_reviewed():
    draft = state_of(1, A, ())
    check_review(draft, A, A[:12])
    check_review(draft, A, A.upper())
    for seen in (B[:12], "a" * 11, ""):
        with pytest.raises(OrdningsFel, match="E936"):
            check_review(draft, A, seen)
    with pytest.raises(OrdningsFel, match="E935 Rapporten är redan granskad"):
        check_review(state_of(1, A, taken(REVIEWED)), A, A)


def test_settling_takes_a_review_by_someone_else():
    reviewed = state_of(1, A, taken(REVIEWED))
    check_settle(reviewed, "bo", fyra_ogon=True)
    check_settle(reviewed, "anna", fyra_ogon=False)
    with pytest.raises(OrdningsFel, match="E937"):
        check_settle(reviewed, "anna", fyra_ogon=True)
    with pytest.raises(OrdningsFel, match="E935 Rapporten är ett utkast"):
        check_settle(state_of(1, A, ()), "bo", fyra_ogon=True)
    with pytest.raises(OrdningsFel, match="E935 Rapporten är redan fastställd"):
        check_settle(state_of(1, A, taken(REVIEWED, SETTLED)), "cia", fyra_ogon=True)


def test_recalling_takes_something_to_recall_and_a_reason():
    check_recall(state_of(1, A, taken(REVIEWED)), "fel prognos")
    with pytest.raises(OrdningsFel, match="E935"):
        check_recall(state_of(1, A, ()), "fel prognos")
    with pytest.raises(OrdningsFel, match="--skal"):
        check_recall(state_of(1, A, taken(REVIEWED)), " ")


def link(nr, vad, **details):
    return Lank(nr, T0, "anna", "roll", vad, details, "", "")


def test_a_period_is_locked_from_the_first_settlement_until_it_is_opened():
    settled = [state_of(1, A, taken(REVIEWED, SETTLED))]
    assert not is_locked([], "2026-04", [state_of(1, A, taken(REVIEWED))])
    assert is_locked([], "2026-04", settled)
    assert is_locked([link(9, OPPNAD, period="2026-03")], "2026-04", settled)
    assert not is_locked([link(9, OPPNAD, period="2026-04")], "2026-04", settled)
    assert is_locked([link(1, OPPNAD, period="2026-04")], "2026-04", settled)


def test_steps_are_read_out_of_the_log_for_the_report_that_they_are_about():
    details = {"rapport_id": "r", "version": 2, "innehallshash": A}
    links = [link(1, GRANSKAD, **details), link(2, GRANSKAD, **{**details, "rapport_id": "annan"}), link(3, "annat")]
    (found,) = signatures_of(links, "r")
    assert (found.nr, found.steg, found.version, found.innehallshash, found.anvandare) == (1, GRANSKAD, 2, A, "anna")


@pytest.mark.parametrize("change", ["steg", "anvandare", "roll", "tid", "version"])
def test_a_signature_is_over_every_part_of_the_step(change):
    parts = {
        "steg": GRANSKAD,
        "details": {"version": 1, "signatur": "x", "nyckel": "y"},
        "anvandare": "anna",
        "roll": "r",
        "tid": T0,
    }
    before = signed_text(**parts)
    assert before == signed_text(**{**parts, "details": {"version": 1}})
    other = {"tid": T0 + dt.timedelta(microseconds=1)}.get(change, "annan")
    changed = {**parts, "details": {"version": 2}} if change == "version" else {**parts, change: other}
    assert signed_text(**changed) != before


# --- held against behorighet.yaml -------------------------------------------------------------------------------------------------

KEYS = {"anna": "1" * 64, "bo": "2" * 64}
RULES = {
    "fyra_ogon": True,
    "konton": [
        {"anvandare": "anna", "roll": "Controller", "far": ["granska", "faststalla"], "nyckel": KEYS["anna"]},
        {"anvandare": "bo", "roll": "Chef", "far": ["faststalla"], "nyckel": KEYS["bo"]},
    ],
}


def logged(nr, vad, who, roll, told):
    return Lank(nr=nr, tid=T0, anvandare=who, roll=roll, vad=vad, detaljer=told, forra="", hash="")


def signed_by(nr, vad, who, roll, key=""):
    about = {"rapport_id": "r", "version": 1, "innehallshash": A}
    return logged(nr, vad, who, roll, {**about, "nyckel": KEYS.get(key or who, "")})


@pytest.mark.parametrize(
    ("links", "said"),
    [
        ((signed_by(2, GRANSKAD, "anna", "Controller"), signed_by(3, FASTSTALLD, "bo", "Chef")), None),
        ((signed_by(2, GRANSKAD, "anna", "Chef"),), "inte den rollen"),
        ((signed_by(2, GRANSKAD, "anna", "Controller", "bo"),), "inte den nyckeln"),
        ((signed_by(2, GRANSKAD, "cia", "Controller"),), "inte den rollen"),
        ((signed_by(2, GRANSKAD, "bo", "Chef"),), "fick inte ta steget"),
        ((signed_by(2, GRANSKAD, "anna", "Controller"), signed_by(3, FASTSTALLD, "anna", "Controller")), "samma konto"),
    ],
)
def test_a_signature_is_held_against_the_rules_in_force(links, said):
    rules = logged(1, BEHORIGHET, "anna", "Controller", RULES)
    found = [fault for _, fault in rights_breaches((rules, *links))]
    assert [said in fault for fault in found] == ([] if said is None else [True])
    assert list(rights_breaches(links)) == [], "nothing is judged before the rules have been told"


@pytest.mark.parametrize("vad", ["godtaget", "differens_accepterad", "version_vald"])
def test_an_acceptance_takes_its_right_and_is_in_the_accounts_own_role(vad):
    may = {"godtaget": "godta", "differens_accepterad": "godta", "version_vald": "valj_version"}[vad]
    konton = [
        {"anvandare": "anna", "roll": "Controller", "nyckel": "aa", "far": [may]},
        {"anvandare": "bo", "roll": "Chef", "nyckel": "bb", "far": ["granska"]},
    ]
    rules = logged(1, BEHORIGHET, "anna", "Controller", {**RULES, "konton": konton})

    def found(who, roll, told):
        return [fault for _, fault in rights_breaches((rules, logged(2, vad, who, roll, {"roll": told})))]

    assert found("anna", "Controller", "Controller") == []
    assert found("bo", "Chef", "Chef") == ["rollen fick inte ta steget enligt behorighet.yaml"]
    assert found("anna", "Controller", "Chef") == found("anna", "Chef", "Chef") == found("cia", "Chef", "Chef")
    assert found("anna", "Controller", "Chef") == ["kontot hade inte den rollen i behorighet.yaml"]


def test_two_eyes_are_enough_where_the_rules_say_so():
    rules = logged(1, BEHORIGHET, "anna", "Controller", {**RULES, "fyra_ogon": False})
    both = (signed_by(2, GRANSKAD, "anna", "Controller"), signed_by(3, FASTSTALLD, "anna", "Controller"))
    assert list(rights_breaches((rules, *both))) == []
