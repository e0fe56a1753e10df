"""Mails in the store, on SQLite and PostgreSQL: one per key, taken by one process, never sent again in silence."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from adapters.store import LagringsFel, Store, UtskickStatus

T0 = dt.datetime(2026, 5, 5, 7, 30, tzinfo=dt.UTC)
KEY = {"kommun": "provby", "period": "2026-04", "forvaltning": "TF", "slag": "mall", "mottagare": "ekonom@example.org"}


def later(minutes):
    return T0 + dt.timedelta(minutes=minutes)


@pytest.fixture
def store(database_url):
    with Store(database_url) as opened:
        opened.upgrade()
        yield opened


def plan(store, *, minutes=0, **changed):
    return store.plan_dispatch(**{**KEY, **changed}, roll="Förvaltningsekonom", tid=later(minutes))


def only(store):
    (record,) = store.dispatches_for("provby", "2026-04")
    return record


def test_the_same_key_is_one_mail_and_each_part_of_the_key_makes_another(store):
    first = plan(store)
    assert plan(store, minutes=5) == first
    others = [
        plan(store, **{name: value})
        for name, value in (
            ("kommun", "annan"), ("period", "2026-05"), ("forvaltning", "BUF"), ("slag", "paminnelse"), ("mottagare", "chef@example.org"),
        )
    ]  # fmt: skip
    assert len({first.id, *(record.id for record in others)}) == 6
    assert [record.id for record in store.dispatches_for("provby", "2026-04")] == [
        first.id,
        *(r.id for r in others[2:]),
    ]


def test_a_mail_is_taken_once_and_sent_once(store):
    mail = plan(store)
    assert store.take_dispatch(mail.id, tid=later(1))
    assert not store.take_dispatch(mail.id, tid=later(2))
    store.confirm_dispatch(mail.id, tid=later(3))
    assert not store.take_dispatch(mail.id, tid=later(4))
    sent = only(store)
    assert (sent.status, sent.planerad, sent.andrad, sent.forsok) == (UtskickStatus.SKICKAD, T0, later(3), 1)


def test_of_many_processes_one_takes_it(store):
    mail = plan(store)
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda minute: store.take_dispatch(mail.id, tid=later(minute)), range(8)))
    assert sorted(taken) == [False] * 7 + [True]


def test_one_that_surely_did_not_leave_is_planned_again_with_its_reason(store):
    mail = plan(store)
    store.take_dispatch(mail.id, tid=later(1))
    store.return_dispatch(mail.id, "servern svarar inte", tid=later(2))
    assert (only(store).status, only(store).fel, only(store).forsok) == (
        UtskickStatus.PLANERAD,
        "servern svarar inte",
        1,
    )
    assert store.take_dispatch(mail.id, tid=later(3))
    assert (only(store).fel, only(store).forsok) == ("", 2)


def test_only_one_being_sent_can_be_planned_again(store):
    mail = plan(store)
    store.take_dispatch(mail.id, tid=later(1))
    store.confirm_dispatch(mail.id, tid=later(2))
    with pytest.raises(LagringsFel, match="E907"):
        store.return_dispatch(mail.id, "fel", tid=later(3))
    assert only(store).status is UtskickStatus.SKICKAD


def test_one_whose_process_ended_is_in_doubt_and_stays_so_until_a_person_says_otherwise(store):
    mail = plan(store)
    store.take_dispatch(mail.id, tid=later(1))
    assert store.doubt_interrupted("provby", taken_before=later(1), fel="avbrott", tid=later(2)) == 0
    assert store.doubt_interrupted("annan", taken_before=later(5), fel="avbrott", tid=later(6)) == 0
    assert store.doubt_interrupted("provby", taken_before=later(5), fel="avbrott", tid=later(6)) == 1
    assert (only(store).status, only(store).fel) == (UtskickStatus.OSAKER, "avbrott")
    assert not store.take_dispatch(mail.id, tid=later(7))
    assert plan(store, minutes=8).status is UtskickStatus.OSAKER
    assert store.resend_doubtful("provby", "2026-03", tid=later(9)) == 0
    assert store.resend_doubtful("provby", "2026-04", tid=later(9)) == 1
    assert store.take_dispatch(mail.id, tid=later(10))


def test_a_slow_process_that_did_send_it_settles_the_doubt(store):
    mail = plan(store)
    store.take_dispatch(mail.id, tid=later(1))
    store.doubt_dispatch(mail.id, "servern tystnade", tid=later(2))
    store.confirm_dispatch(mail.id, tid=later(3))
    assert only(store).status is UtskickStatus.SKICKAD


def test_each_change_is_in_the_journal_and_names_no_address(store):
    mail = plan(store)
    store.take_dispatch(mail.id, tid=later(1))
    store.confirm_dispatch(mail.id, tid=later(2))
    events = [event for event in store.journal() if event.vad.startswith("utskick_")]
    assert [event.vad for event in events] == ["utskick_sands", "utskick_skickad"]
    assert all(event.detaljer == {"utskick_id": mail.id} for event in events)


def test_an_unknown_number_is_refused(store):
    with pytest.raises(LagringsFel, match="E907"):
        store.take_dispatch(99, tid=T0)
