"""The cache of Kolada in the store, on SQLite and PostgreSQL: a revised value is a new version, and nothing else changes a closing."""

from __future__ import annotations

import datetime as dt

import pytest

from adapters.store import Store
from transforms.kolada import WITHDRAWN, KoladaVarde, Observation, changed

T0 = dt.datetime(2026, 5, 5, 7, 30, tzinfo=dt.UTC)
FIRST = Observation("N15033", "0099", 2024, "T", "12.5")
OTHER = Observation("N15033", "0098", 2024, "T", "", "Missing")


@pytest.fixture
def store(database_url):
    with Store(database_url) as opened:
        opened.upgrade()
        yield opened


def save(store, *observations, day=0, kommun="provby"):
    nya = [(one, f"sha {one.varde}") for one in observations]
    return store.save_kolada(kommun=kommun, tid=T0 + dt.timedelta(days=day), adress="http://x/v3/", nya=nya)


def test_values_come_back_with_version_page_and_day(store):
    save(store, FIRST, OTHER)
    assert store.kolada_values("provby") == (
        KoladaVarde(OTHER, 1, "sha ", "2026-05-05"),
        KoladaVarde(FIRST, 1, "sha 12.5", "2026-05-05"),
    )
    assert store.kolada_values("annan") == ()


def test_a_revised_value_is_a_new_version_with_the_one_before_it(store):
    save(store, FIRST)
    revised = Observation("N15033", "0099", 2024, "T", "12.75")
    save(store, revised, day=30)
    (value,) = store.kolada_values("provby")
    assert value == KoladaVarde(revised, 2, "sha 12.75", "2026-06-04", "12.5")
    assert value.is_revised


def test_the_state_changes_with_a_value_and_not_with_a_fetch_that_changed_nothing(store):
    assert (store.kolada_state("provby"), store.last_kolada_fetch("provby")) == ("", None)
    save(store, FIRST)
    state = store.kolada_state("provby")
    save(store, day=1)
    assert store.kolada_state("provby") == state
    assert store.last_kolada_fetch("provby") == T0 + dt.timedelta(days=1)
    save(store, OTHER, day=2)
    assert store.kolada_state("provby") != state


def test_two_kommuner_have_caches_of_their_own(store):
    save(store, FIRST)
    before = store.kolada_state("provby")
    save(store, OTHER, kommun="annan")
    assert store.kolada_state("provby") == before
    assert [value.observation for value in store.kolada_values("annan")] == [OTHER]


def test_an_answer_gives_what_is_new_revised_and_withdrawn():
    stored = [KoladaVarde(one, 1, "", "") for one in (FIRST, OTHER)]
    revised = Observation("N15033", "0099", 2024, "T", "12.75")
    new = Observation("N15033", "0099", 2025, "T", "13")
    assert changed(stored, [revised, new], ["N15033"]) == [
        Observation("N15033", "0098", 2024, "T", "", WITHDRAWN),
        revised,
        new,
    ]
    assert changed(stored, [FIRST, OTHER], ["N15033"]) == []
    assert changed(stored, [], ["N00001"]) == []
    gone = [KoladaVarde(Observation("N15033", "0098", 2024, "T", "", WITHDRAWN), 2, "", "", "")]
    assert changed(gone, [], ["N15033"]) == []
