"""Laws of SIE files: any records come back as they were written, and no bytes whatever make the reader raise."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.sie import write_sie
from adapters.sie.coding import PC8
from tests.sie_examples import GENERATED, content_of, object_balances_file, read, transactions_file, without_lines
from transforms.ledger.sie import Dimension, Saldo, SieFile, Transaktion, Verifikat

LETTERS = "".join(chr(code) for code in range(32, 127)) + "".join(bytes([code]).decode(PC8) for code in range(128, 168))
TEXTS = st.text(LETTERS, max_size=12).map(str.strip).filter(lambda text: not text.endswith("\\") and '\\"' not in text)
CODES = st.text("0123456789ABCÅÄÖ", min_size=1, max_size=6)
ORE = st.integers(-(10**13), 10**13)
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
OBJECTS = st.lists(st.tuples(st.sampled_from("1679"), CODES), max_size=3, unique_by=lambda pair: pair[0]).map(tuple)
ROWS = st.builds(
    Transaktion, CODES, ORE, OBJECTS, st.none() | DAYS, TEXTS, st.sampled_from(["TRANS", "RTRANS", "BTRANS"])
)
VOUCHERS = st.builds(Verifikat, TEXTS, TEXTS, DAYS, TEXTS, st.lists(ROWS, max_size=5).map(tuple))
WHOLE = st.builds(Saldo, st.sampled_from(["IB", "UB", "RES"]), st.sampled_from([0, -1]), CODES, ORE)
OBJECT = st.builds(Saldo, st.sampled_from(["OIB", "OUB"]), st.sampled_from([0, -1]), CODES, ORE, OBJECTS)
MONTHS = st.builds(
    Saldo,
    st.sampled_from(["PSALDO", "PBUDGET"]),
    st.sampled_from([0, -1]),
    CODES,
    ORE,
    OBJECTS,
    DAYS.map(lambda day: f"{day:%Y-%m}"),
)
FILES = st.builds(
    SieFile,
    typ=st.sampled_from("1234"),
    program=TEXTS.filter(bool),
    foretag=TEXTS,
    orgnr=CODES,
    rakenskapsar=st.just(
        {0: (dt.date(2026, 1, 1), dt.date(2026, 12, 31)), -1: (dt.date(2025, 1, 1), dt.date(2025, 12, 31))}
    ),
    konton=st.dictionaries(CODES, TEXTS, max_size=4),
    dimensioner=st.dictionaries(
        st.sampled_from("1679"), st.builds(Dimension, TEXTS, st.sampled_from(["", "1"])), max_size=3
    ),
    objekt=st.dictionaries(st.tuples(st.sampled_from("1679"), CODES), TEXTS, max_size=3),
    saldon=st.lists(WHOLE | OBJECT | MONTHS, min_size=1, max_size=6).map(tuple),
    verifikat=st.lists(VOUCHERS, max_size=4).map(tuple),
    omfattning=st.none() | DAYS,
)


@settings(max_examples=50)
@given(FILES)
def test_any_records_come_back_as_they_were_written(sie):
    again = read(write_sie(sie, GENERATED))
    assert [finding for finding in again.findings if finding.code in ("E800", "E805", "E807", "E808", "E815")] == []
    assert replace(without_lines(again), findings=()) == sie


@settings(max_examples=100)
@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_raise(content):
    for whole in (content, b"#FLAGGA 0\r\n" + content):
        sie = read(whole)
        assert sie.typ or sie.findings


BASES = {
    content: without_lines(read(content))
    for content in (content_of(transactions_file()), content_of(object_balances_file()))
}


@settings(max_examples=250)
@given(st.sampled_from(list(BASES)), st.data())
def test_no_change_of_a_good_file_makes_the_reader_raise(base, data):
    at = data.draw(st.integers(0, len(base)))
    cut = data.draw(st.integers(0, 40))
    put = data.draw(
        st.binary(max_size=20) | st.sampled_from([b'"', b"{", b"}", b"\r\n", b"#TRANS", b"#VER A 1 20260101", b"-"])
    )
    changed = base[:at] + put + base[at + cut :]
    sie = read(changed)
    assert sie.findings or without_lines(sie) == BASES[base]
