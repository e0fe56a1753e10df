"""Which version of a return counts: the newest accepted one, or the one that somebody chose, until a newer one is accepted."""

import datetime as dt

import pytest

from adapters.store import LagringsFel, ReturStatus, Store

NOW = dt.datetime(2026, 5, 12, 8, 0, tzinfo=dt.UTC)


@pytest.fixture
def store(database_url):
    with Store(database_url) as opened:
        opened.upgrade()
        yield opened


def version(store, number, *, accepted=True):
    record = store.register_retur(
        kommun="provby", forvaltning="TF", period="2026-04", kontrakt_id="x", fil=f"v{number}.xlsx",
        sha256=f"{number:064d}", storlek=1, mottagen=NOW,
    )  # fmt: skip
    return store.accept_retur(record.id, tid=NOW) if accepted else store.stop_retur(record.id, (), tid=NOW)


def counting(store):
    return [one.version for one in store.current_returns("provby", "2026-04")]


def choose(store, record):
    return store.choose_version(record.id, skal="utkast", roll="Controller", konto="anna", tid=NOW)


def test_the_newest_accepted_counts_until_another_is_chosen(store):
    first, second = version(store, 1), version(store, 2)
    assert (counting(store), store.choice_of(second.id)) == ([2], None)
    made = choose(store, first)
    assert counting(store) == [1]
    assert store.choice_of(second.id) == made
    assert (made.version, made.senast, made.skal, made.roll, made.konto) == (1, 2, "utkast", "Controller", "anna")
    assert store.retur(second.id).status is ReturStatus.ERSATT
    (event,) = store.journal("version_vald")
    assert (event.detaljer["skal"], event.detaljer["roll"], event.detaljer["konto"]) == ("utkast", "Controller", "anna")


def test_a_newer_accepted_version_ends_the_choice_and_a_stopped_one_does_not(store):
    first = version(store, 1)
    version(store, 2)
    choose(store, first)
    version(store, 3, accepted=False)
    assert counting(store) == [1]
    version(store, 4)
    assert (counting(store), store.choice_of(first.id)) == ([4], None)


def test_choosing_the_newest_again_ends_the_choice(store):
    first, second = version(store, 1), version(store, 2)
    choose(store, first)
    choose(store, second)
    assert (counting(store), store.choice_of(first.id)) == ([2], None)


def test_a_chosen_version_that_is_stopped_later_gives_way(store):
    first, second = version(store, 1), version(store, 2)
    choose(store, first)
    store.stop_retur(first.id, (), tid=NOW)
    assert counting(store) == [2]
    store.accept_retur(second.id, tid=NOW)
    assert store.choice_of(second.id) is None


def test_only_an_accepted_version_can_be_chosen(store):
    stopped = version(store, 1, accepted=False)
    with pytest.raises(LagringsFel, match="E907 Version 1 är stoppad"):
        choose(store, stopped)
