"""The chain of the audit log: every change of every part of any link is found, and a head kept elsewhere finds the rest."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.audit_chain import (
    START,
    Huvud,
    Lank,
    backward_steps,
    canonical,
    first_break,
    head_mismatch,
    link_hash,
    parse_head,
)

T0 = dt.datetime(2026, 5, 8, 7, 0, tzinfo=dt.UTC)


def chain(count: int, *, word: str = "hände") -> list[Lank]:
    links: list[Lank] = []
    forra = START
    for nr in range(1, count + 1):
        content = {
            "tid": T0 + dt.timedelta(minutes=nr),
            "anvandare": "anna",
            "roll": "Controller",
            "vad": word,
            "detaljer": {"nr": nr, "fil": "å.xlsx"},
            "forra": forra,
        }
        forra = link_hash(nr=nr, **content)
        links.append(Lank(nr=nr, hash=forra, **content))
    return links


def test_a_whole_chain_has_no_break():
    assert first_break(chain(5)) is None
    assert first_break([]) is None


CHANGES = {
    "tid": T0,
    "anvandare": "bo",
    "roll": "Ekonomichef",
    "vad": "annat",
    "detaljer": {"nr": 3, "fil": "a.xlsx"},
    "hash": "f" * 64,
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_part_of_a_link_is_found_at_that_link(name):
    links = chain(5)
    links[2] = replace(links[2], **{name: CHANGES[name]})
    fault = first_break(links)
    assert fault is not None
    assert fault.nr == 3
    assert "har ändrats" in fault.text


def test_a_link_taken_away_or_put_in_or_moved_is_found():
    links = chain(5)
    assert first_break(links[:2] + links[3:]).nr == 3
    assert first_break(links[1:]).nr == 1
    assert "hänger inte ihop" in first_break([*links[:2], chain(5, word="annat")[2], *links[3:]]).text
    assert first_break([links[1], links[0]]).nr == 1


@given(st.integers(1, 8), st.integers(0, 7))
def test_only_a_head_kept_elsewhere_finds_a_chain_that_was_made_again_or_cut_off(length, cut):
    whole, rewritten = chain(length), chain(length, word="omskrivet")
    kept = Huvud(whole[-1].nr, whole[-1].hash)
    assert first_break(rewritten) is None
    assert head_mismatch({link.nr: link.hash for link in whole}, kept) is None
    assert "omskriven" in head_mismatch({link.nr: link.hash for link in rewritten}, kept).text
    short = whole[: min(cut, length - 1)]
    assert first_break(short) is None
    assert "slutar vid" in head_mismatch({link.nr: link.hash for link in short}, kept).text


def test_the_empty_logs_head_fits_every_log():
    assert head_mismatch({}, Huvud(0, START)) is None
    assert head_mismatch({1: "a"}, Huvud(0, START)) is None


def test_the_hash_is_the_same_in_every_time_zone_and_order_of_keys():
    link = chain(1)[0]
    local = link.tid.astimezone(dt.timezone(dt.timedelta(hours=2)))
    assert first_break([replace(link, tid=local, detaljer=dict(reversed(link.detaljer.items())))]) is None


def test_no_float_has_a_place_in_the_log():
    with pytest.raises(TypeError, match="no floats"):
        canonical({"a": [1, {"b": 1.5}]})
    with pytest.raises(TypeError):
        canonical({"a": dt.date(2026, 1, 1)})


def test_a_head_is_read_as_it_is_printed():
    head = Huvud(12, "ab" * 32)
    assert parse_head(f" {head}\n") == head
    for text in ("", "12", f"12:{'g' * 64}", f"-1:{'a' * 64}"):
        with pytest.raises(ValueError, match="inget logghuvud"):
            parse_head(text)


def test_a_clock_set_back_is_told_of_and_breaks_nothing():
    links = chain(2)
    content = {"tid": T0, "anvandare": "", "roll": "", "vad": "x", "detaljer": {}, "forra": links[-1].hash}
    back = Lank(nr=3, hash=link_hash(nr=3, **content), **content)
    assert first_break([*links, back]) is None
    assert backward_steps([*links, back]) == (3,)
