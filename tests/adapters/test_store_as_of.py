"""The avvikelseregister's tables, and the store as it was when a closing was started: on SQLite and on a real PostgreSQL."""

import datetime as dt
from dataclasses import replace

import pytest

from adapters.store import Aktor, ReturStatus, Store, as_of, stored_time
from transforms.deviation_register import Decision, Handling, Observation
from transforms.ledger.reconciliation import Acceptans

T0 = dt.datetime(2026, 5, 8, 7, 0, tzinfo=dt.UTC)
SEEN = Observation(
    period="2026-04", enhet="TEN", avser="drift", rad="personal", namn="Personalkostnader", enhet_namn="Tekniska nämnden",
    helar_ore=-200, period_ore=None, andring_ore=3, traff_ore=None, over=True, is_worse=True, orsak="Fler elever.",
    klardatum=dt.date(2026, 9, 30), lovad_ore=100, lovad_id="2026-04/TEN/drift/personal/lovad_effekt",
)  # fmt: skip
CLOSED = Decision(
    SEEN.arende_id, Handling.STANGD, "2026-04", dt.date(2026, 5, 20), "controller", "Klart.", "Bilaga 1", konto="eva"
)


def later(minutes):
    return T0 + dt.timedelta(minutes=minutes)


@pytest.fixture
def store(database_url):
    with Store(database_url, Aktor("eva", "controller")) as opened:
        opened.upgrade()
        yield opened


def register(store, sha256, forvaltning="TF", period="2026-04", *, minutes=0):
    retur = store.register_retur(
        kommun="provby", forvaltning=forvaltning, period=period, ar=None, kontrakt_id="manadsretur", fil="ten.xlsx",
        sha256=sha256 * 64, storlek=1, mottagen=later(minutes), svarar_pa=None,
    )  # fmt: skip
    return store.accept_retur(retur.id, tid=later(minutes))


def start(store, minutes, retur_ids=(), period="2026-04"):
    return store.start_closing("provby", period, started=later(minutes), fingerprint="f", retur_ids=retur_ids)


def finish(store, closing, minutes):
    return store.finish_closing(closing.id, finished=later(minutes), summary={})


def test_what_a_closing_saw_and_what_was_decided_come_back_as_they_were(store):
    closing = start(store, 0)
    store.save_observations(closing, [SEEN], tid=later(0))
    store.save_observations(closing, [SEEN], tid=later(0))
    assert store.observations(closing.id) == (SEEN,)
    store.decide("provby", CLOSED, tid=later(1))
    assert store.decisions("provby") == (CLOSED,)
    assert store.decisions("annanby") == ()


def test_the_newest_finished_closing_of_each_month_is_what_the_year_is_seen_by(store):
    march, first = finish(store, start(store, 0, period="2026-03"), 1), finish(store, start(store, 2), 3)
    second = finish(store, start(store, 4), 5)
    start(store, 6)
    finish(store, start(store, 7, period="2025-12"), 8)
    assert [one.id for one in store.observed_closings("provby", 2026)] == [march.id, second.id]
    assert first.id not in {one.id for one in store.observed_closings("provby", 2026)}


def test_a_clock_that_is_set_back_does_not_make_the_register_see_another_closing_than_the_reports(store):
    finish(store, start(store, 50), 60)
    second = finish(store, start(store, 2), 3)
    assert [one.id for one in store.observed_closings("provby", 2026)] == [second.id]
    assert store.last_closing("provby", "2026-04").id == second.id


def test_the_log_tells_what_is_new_gone_and_changed_since_the_period_was_closed_before(store):
    other = replace(SEEN, rad="lokaler", helar_ore=-9)
    closing = start(store, 0)
    store.save_observations(closing, [SEEN, other], tid=later(0))
    finish(store, closing, 1)
    third = replace(SEEN, rad="konsulter")
    store.save_observations(
        start(store, 2), [replace(SEEN, helar_ore=-150), replace(other, over=False), third], tid=later(2)
    )
    first, second = (link.detaljer for link in store.journal("avvikelser_sedda"))
    assert (len(first["nya"]), first["utgar"], first["andrade"]) == (2, [], [])
    assert (second["nya"], second["utgar"]) == ([third.arende_id], [other.arende_id])
    assert second["andrade"] == [[SEEN.arende_id, -200, -150]]


def test_what_came_after_a_closing_was_started_is_not_in_the_store_as_it_was(store, tmp_path):
    march_return = register(store, "c", period="2026-03")
    march = finish(store, start(store, 1, [march_return.id], "2026-03"), 2)
    old = register(store, "a", minutes=3)
    store.accept_difference("provby", "2026-04", Acceptans("k.a", 5, "chef", "känd", ""), tid=later(4))
    closing = finish(store, start(store, 5, [old.id]), 6)
    new = register(store, "b", minutes=7)
    store.accept_difference("provby", "2026-04", Acceptans("k.b", 6, "chef", "känd", ""), tid=later(8))
    store.decide("provby", CLOSED, tid=later(9))
    finish(store, start(store, 10, [new.id]), 11)
    revision, rows = store.dump()
    with Store(f"sqlite:///{tmp_path / 'lager' / 'da.db'}") as then:
        then.restore(revision, as_of(rows, closing, stored_time(closing.started)))
        assert [one.id for one in then.finished_closings("provby")] == [march.id]
        (seen,) = then.returns_for("provby", "2026-04")
        assert (seen.sha256, seen.status, seen.ersatt_av) == (old.sha256, ReturStatus.MOTTAGEN, None)
        (before,) = then.returns_for("provby", "2026-03")
        assert before.status is ReturStatus.GODKAND
        assert [one.kontroll for one in then.acceptances("provby", "2026-04")] == ["k.a"]
        assert then.decisions("provby") == ()
        assert then.journal() == ()
        assert start(then, 5, [old.id]).id == closing.id
