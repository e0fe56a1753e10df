"""SIE files are read or refused with a code and a line; what was written is read back; a line is found again in the bytes."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import replace

import pytest

from adapters.sie import is_sie, line_of
from adapters.sie.coding import BrokenLine, code_page, fields_of
from tests.sie_examples import (
    codes,
    content_of,
    object_balances_file,
    read,
    transactions_file,
    without_lines,
)
from transforms.ledger.sie import Saldo

TEXT = content_of(transactions_file()).decode("cp437")
"""The file as text, to be broken; its control sum is taken away so that only the break is found."""
PLAIN = "\r\n".join(line for line in TEXT.split("\r\n") if not line.startswith("#KSUMMA"))


def broken(old: str, new: str, page: str = "cp437") -> bytes:
    assert old in PLAIN
    return PLAIN.replace(old, new, 1).encode(page)


def line_with(text: str, content: bytes) -> str:
    """'rad 12' for the first line that holds the text."""
    lines = content.decode("cp437").split("\r\n")
    return f"rad {next(number for number, line in enumerate(lines, 1) if text in line)}"


@pytest.mark.parametrize("sie", [transactions_file(), object_balances_file()], ids=["typ 4", "typ 3"])
def test_what_is_written_is_read_back(sie):
    content = content_of(sie)
    again = read(content)
    assert again.findings == ()
    assert without_lines(again) == sie
    assert again.sha256 == hashlib.sha256(content).hexdigest()


def test_vouchers_alone_are_type_4i():
    assert read(content_of(replace(transactions_file(), saldon=()))).typ == "4I"


def test_every_record_knows_its_line():
    content = content_of(transactions_file())
    sie = read(content)
    for saldo in sie.saldon:
        assert line_of(content, saldo.rad).startswith(f'#{saldo.etikett} {saldo.arsnr} "{saldo.konto}"')
    rows = [row for voucher in sie.verifikat for row in voucher.rader]
    assert [line_of(content, row.rad).split()[0] for row in rows] == [f"#{row.etikett}" for row in rows]
    assert [line_of(content, number) for number in (0, 10**6)] == [None, None]


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_lines_may_end_in_three_ways(end):
    assert without_lines(read(PLAIN.replace("\r\n", end).encode("cp437"))) == transactions_file()


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("-1000.50", "-1000.00", [("E806", '"1" 20260115'), ("E812", '#UB 0 "1930"')]),
        ("#PROGRAM", "#OKAND", [("E804", "#OKAND")]),
        (
            '#IB 0 "1930" 10000.00',
            '#IB 0 "1930" tio',
            [("E805", "tio"), ("E812", "#UB"), ("E818", "#UB"), ("E819", '#IB 0 "2010"')],
        ),
        ("#KONTO", '#KONTO "ej avslutat', [("E805", "ej avslutat"), ("E811", '#IB 0 "1930"')]),
        ("#RAR -1 20250101", "#RAR -1 20251301", [("E805", "20251301")]),
        (
            '{"1" "210" "6" "9001"}',
            '{"1" "210" "6"}',
            [("E805", '"6"}'), ("E806", '"1" 20260115'), ("E812", '#RES 0 "6410"')],
        ),
        ("#SIETYP 4", "#SIETYP 5", [("E809", "#SIETYP")]),
        ("#RAR 0 ", "#RAR -2 ", [("E810", "#IB")]),
        ('#KONTO "6410" "Inventarier"', "", [("E811", '#RES 0 "6410"')]),
        ("#FORMAT PC8", "#FORMAT UTF8", [("E803", "UTF8")]),
    ],
)
def test_a_fault_is_found_with_its_line(old, new, found):
    content = broken(old, new)
    expected = {(code, line_with(text, content)) for code, text in found}
    assert set(codes(read(content))) == expected


def test_a_brace_too_many_or_too_few():
    missing = broken("{\r\n   #TRANS", "   #TRANS")
    assert ("E815", line_with("#TRANS", missing)) in codes(read(missing))
    cut = PLAIN[: PLAIN.rindex("}")].encode("cp437")
    assert [code for code, _ in codes(read(cut))] == ["E815"]
    stray = broken("#VER", "}\r\n#VER")
    assert codes(read(stray)) == [("E815", line_with("}", stray))]


@pytest.mark.parametrize(("page", "name"), [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252")])
def test_another_code_page_is_told_and_read(page, name):
    sie = read(PLAIN.encode(page))
    (finding,) = sie.findings
    assert (finding.code, name in finding.message) == ("E802", True)
    assert (sie.foretag, sie.objekt["1", "210"]) == ("Övningsbolaget Å", "Förskola")
    assert code_page(PLAIN.encode("cp437")) == "cp437"


def test_the_control_sum_is_crc32_over_labels_and_fields():
    content = content_of(transactions_file())
    stated = int(TEXT.split("#KSUMMA ")[1])
    head = "#PROGRAMExempel1.0#FORMATPC8#GEN20260508#SIETYP4#ORGNR000000-0000#FNAMNÖvningsbolaget Å".encode("cp437")
    assert read(content).findings == ()
    again = content_of(
        replace(transactions_file(), rakenskapsar={}, konton={}, dimensioner={}, objekt={}, saldon=(), verifikat=())
    )
    assert int(again.decode("cp437").split("#KSUMMA ")[1]) == zlib.crc32(head) != stated


def test_a_changed_file_no_longer_has_its_control_sum():
    changed = TEXT.replace("Inventarier", "Inventarie").encode("cp437")
    assert [code for code, _ in codes(read(changed))] == ["E807"]
    half = TEXT.rpartition("#KSUMMA")[0].encode("cp437")
    assert [code for code, _ in codes(read(half))] == ["E808"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "tom"),
        (b"  \r\n", "tom"),
        (b"PK\x03\x04", "#FLAGGA"),
        (b"#FLAGGA 0\r\n\x00\x01", "tecken som ingen text har"),
    ],
)
def test_what_is_no_sie_file_is_refused_with_a_reason(content, reason):
    sie = read(content)
    assert [finding.code for finding in sie.findings] == ["E800"]
    assert reason in sie.findings[0].message
    assert sie.typ == ""


def test_sie_is_known_by_its_content():
    assert is_sie(content_of(transactions_file()))
    assert is_sie(b"\xef\xbb\xbf#flagga 0")
    assert not is_sie(b"kommun_kod;period")


def test_balances_that_disagree_are_found():
    file = object_balances_file()
    saldon = file.saldon
    wrong_month = replace(
        file, saldon=tuple(replace(s, ore=s.ore + 1) if s.period == "2026-04" and s.ore > 0 else s for s in saldon)
    )
    assert [code for code, _ in codes(read(content_of(wrong_month)))] == ["E813"]
    doubled = replace(file, saldon=(*saldon, saldon[-1]))
    assert [code for code, _ in codes(read(content_of(doubled)))] == ["E816"]
    outside = replace(file, saldon=(*saldon, Saldo("PSALDO", 0, "2010", 0, (), "2025-12")))
    assert [code for code, _ in codes(read(content_of(outside)))] == ["E817"]
    budget = replace(file, saldon=(*saldon, Saldo("PBUDGET", -1, "2010", 0, (), "2026-01")))
    assert [code for code, _ in codes(read(content_of(budget)))] == ["E801"]
    opening = replace(file, typ="1", saldon=(Saldo("IB", 0, "1930", 1), Saldo("UB", 0, "1930", 1)))
    assert [code for code, _ in codes(read(content_of(opening)))] == ["E819"]
    uneven = replace(file, typ="1", saldon=(Saldo("UB", 0, "1930", 1),))
    assert [code for code, _ in codes(read(content_of(uneven)))] == ["E818"]


def test_findings_of_one_kind_are_counted_when_they_are_too_many():
    content = (PLAIN + "\r\n".join(["#KONTO"] * 1_003)).encode("cp437")
    sie = read(content)
    assert len(sie.findings) == 1_001
    (more,) = [finding for finding in sie.findings if finding.code == "E814"]
    assert "3 fynd till med koden E805" in more.message


def test_fields_are_told_apart():
    assert fields_of(r'#TRANS 1229  {} -133 20090731 "1820\A012 Cykel"')[-1] == r"1820\A012 Cykel"
    assert fields_of('#A "säg \\"hej\\"" {1 "B C"}\t2') == ["#A", 'säg "hej"', ("1", "B C"), "2"]
    for line in ('#A "b', "#A {1", "#A 1}", "#A {1 {2", 'b"r"r"'):
        with pytest.raises(BrokenLine):
            fields_of(line)
