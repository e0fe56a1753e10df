"""Mutations of valid returns, by seed. Each says beforehand what must become of it, by what the return says twice or must say.

A mutation that the sums, the register, the key set, the types, the cover or the form of the file contradict is refused, with one of the
codes named. Any other is taken in, and then every figure stored equals the content of its cell exactly.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from random import Random

from adapters.workbook_fill import ErrorValue, Formula, set_cells
from tests.mutations.valid_returns import Place, ValidReturn, valid_return

SEED = 20261122
FILE_CODES = frozenset({"E110", "E111", "E112", "E113", "E114", "E115", "E116", "E118", "E119", "E120", "E135"})
ESSENTIAL = ("[Content_Types].xml", "_rels/.rels", "xl/")
_SHEET = re.compile(r"xl/worksheets/sheet\d+\.xml")
_CELL = re.compile(rb'<c r="[A-Z]+\d+"')
_VALUE = re.compile(rb"<v>(-?\d+(?:\.\d+)?)</v>")


class Kind(StrEnum):
    """What must become of a mutation."""

    REFUSED = "vägras"
    STORED = "lagras"
    EITHER = "vägras eller lagras"
    """The bytes that were hit may or may not matter: refused by its form, or stored exactly."""


@dataclass(frozen=True)
class Mutation:
    """One spoilt return.

    Attributes:
        name: which mutator and which number, e.g. ``sum_overwritten-17``.
        codes: one of them must stop a refused return.
        figures: by place, in öre (volumes in the smallest unit): what must be stored otherwise.
    """

    name: str
    forvaltning: str
    content: bytes
    kind: Kind
    codes: frozenset[str]
    figures: dict[Place, int | None]


Result = tuple[bytes, frozenset[str] | dict[Place, Decimal | None] | None]
"""Content, and: the codes that refuse it; or the numbers that are other than in the valid return; None when either may happen."""
Mutator = Callable[[ValidReturn, Random], Result]
MUTATORS: dict[str, Mutator] = {}


def generate(number: int, seed: int = SEED) -> Iterator[Mutation]:
    """So many mutations, every mutator in turn; the same seed gives the same bytes. No two are alike."""
    chance = Random(seed)
    returns = [valid_return(forvaltning, chance) for forvaltning in ("TEK", "BUF")]
    seen: set[bytes] = set()
    while len(seen) < number:
        for name, mutator in MUTATORS.items():
            base = chance.choice(returns)
            content, expected = mutator(base, chance)
            if content not in seen and len(seen) < number:
                seen.add(content)
                yield _mutation(f"{name}-{len(seen)}", base, content, expected)


def _mutation(
    name: str, base: ValidReturn, content: bytes, expected: frozenset[str] | dict[Place, Decimal | None] | None
) -> Mutation:
    figures = {place: base.whole(place, number) for place, number in base.entered.items()}
    mutation = Mutation(name, base.forvaltning, content, Kind.STORED, FILE_CODES, dict(figures))
    if expected is None:
        return replace(mutation, kind=Kind.EITHER)
    if isinstance(expected, frozenset):
        return replace(mutation, kind=Kind.REFUSED, codes=expected)
    for place, number in expected.items():
        mutation.figures[place] = None if number is None else base.whole(place, number)
    return mutation


def mutator(function: Mutator) -> Mutator:
    """Adds a mutator to ``MUTATORS`` under its name."""
    MUTATORS[function.__name__] = function
    return function


def _any(base: ValidReturn, chance: Random, *tables: str, nonzero: bool = False) -> Place:
    """Some entered cell."""
    listed = [
        place
        for place, number in base.entered.items()
        if (not tables or place[0] in tables) and (number or not nonzero)
    ]
    return chance.choice(listed)


def _put(base: ValidReturn, place: Place, content: object) -> bytes:
    sheet, coordinate = base.cells[place]
    return set_cells(base.content, sheet, {coordinate: content})  # type: ignore[dict-item]


def _text(number: Decimal, space: str, minus: str) -> str:
    whole, _, decimals = f"{abs(number):f}".partition(".")
    groups = []
    while whole:
        whole, group = whole[:-3], whole[-3:]
        groups.insert(0, group)
    return (minus if number < 0 else "") + space.join(groups) + (f",{decimals}" if decimals else "")


# Values


@mutator
def amount_changed(base: ValidReturn, chance: Random) -> Result:
    """One amount other than its sum says, by more than roundings can."""
    place = _any(base, chance, "drift", "investeringar")
    step = Decimal(chance.randint(100, 900)) * 100_000 / (100_000 if base.unit == "tkr" else 1000)
    return _put(base, place, base.entered[place] + step), frozenset({"E330"})


@mutator
def amount_and_sums_changed(base: ValidReturn, chance: Random) -> Result:
    """One amount other, its sums counted anew: nothing contradicts it."""
    place = _any(base, chance, "drift", "investeringar", "volymer", nonzero=True)
    if base.forvaltning == "BUF" and place[0] == "drift":
        place = next(p for p in base.entered if p[0] == "drift" and "kommunbidrag" in p[1] and p[2] == place[2])
    digits = Decimal(1) if place[0] == "volymer" else Decimal("0.01") if base.unit == "tkr" else Decimal("0.00001")
    number = (base.entered[place] * Decimal(chance.randint(9_000, 11_000)) / 10_000).quantize(digits)
    return base.refilled({place: number}), {place: number}


@mutator
def amount_emptied_with_sums(base: ValidReturn, chance: Random) -> Result:
    place = _any(base, chance, "investeringar", "volymer")
    return base.refilled({place: None}), {place: None}


@mutator
def number_as_text(base: ValidReturn, chance: Random) -> Result:
    """The same number typed as text, in the ways that people type."""
    place = _any(base, chance)
    space, minus = (
        chance.choice(["", " ", "\u00a0", "\u202f", "\u2009"]),
        chance.choice(["-", "\u2212", "\u2013", "- "]),
    )
    text = chance.choice(["", " ", "\u00a0"]) + _text(base.entered[place], space, minus) + chance.choice(["", " "])
    return _put(base, place, text), {}


@mutator
def wrong_type(base: ValidReturn, chance: Random) -> Result:
    content, code = chance.choice([
        ("ca 120", "E201"), ("12 a", "E201"), ("saknas", "E201"), ("1,2,3", "E201"), ("(500)", "E201"), (ErrorValue("#REF!"), "E203"),
        (ErrorValue("#N/A"), "E203"), (Formula("1+1"), "E204"), (Formula("Blad9!A1"), "E204"), (True, "E205"), ("500 tkr", "E214"),
        ("500 kr", "E214"), ("12.5", "E215"), ("-", "E207"), (Decimal(10) ** 20, "E202"), (Formula("1/0", "x"), "E201"),
    ])  # fmt: skip
    return _put(base, _any(base, chance), content), frozenset({code})


@mutator
def sum_overwritten(base: ValidReturn, chance: Random) -> Result:
    sums = [
        p
        for p in base.cells
        if p[0] in ("drift", "investeringar") and p[1].split("|")[1] in ("resultat", "totalt", "kostnader")
    ]
    place = chance.choice([p for p in sums if p[2] in ("utfall", "prognos") and p not in base.entered])
    return _put(base, place, Decimal(chance.randint(10**6, 10**7))), frozenset({"E330"})


@mutator
def budget_changed(base: ValidReturn, chance: Random) -> Result:
    place = chance.choice(
        [p for p in base.cells if p[2] == "budget" and (p[0], p[1], "prognos") in base.entered and p[0] != "volymer"]
    )
    if place[0] == "drift_verksamhet":
        place = ("drift", "BUN|personal", "budget")
    if chance.random() < 0.3:
        return _put(base, place, None), frozenset({"E351"})
    return _put(base, place, Decimal(chance.randint(-(10**6), 10**6)) + Decimal("0.5")), frozenset({"E350"})


@mutator
def wrong_magnitude(base: ValidReturn, chance: Random) -> Result:
    """A whole column in another unit than the sheet's."""
    serie, factor = chance.choice(["utfall", "prognos"]), chance.choice([Decimal(1000), Decimal("0.001")])
    changes = {
        place: number * factor
        for place, number in base.entered.items()
        if place[0].startswith("drift") and place[2] == serie
    }
    return base.refilled(changes), frozenset({"E360"})


@mutator
def wrong_signs(base: ValidReturn, chance: Random) -> Result:
    serie = chance.choice(["utfall", "prognos"])
    return base.refilled(
        {p: -n for p, n in base.entered.items() if p[0].startswith("drift") and p[2] == serie}
    ), frozenset({"E361"})


# Keys and cover


@mutator
def hidden_key_changed(base: ValidReturn, chance: Random) -> Result:
    table, key, _ = _any(base, chance, "drift", "investeringar")
    sheet, coordinate = base.cells[table, key, "prognos"]
    row = coordinate.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    others = [k for t, k, _ in base.cells if t == table and k != key]
    content, codes = chance.choice([
        (f"{key}x", {"E130"}), ("TEK", {"E130", "E212"}), (chance.choice(others), {"E129"}),
        (key.lower(), {"E130"}), (f"{key}|", {"E130", "E212"}),
    ])  # fmt: skip
    return set_cells(base.content, sheet, {f"A{row}": content}), frozenset(codes)


@mutator
def hidden_key_emptied(base: ValidReturn, chance: Random) -> Result:
    """The visible codes still say which row it is."""
    table, key, _ = _any(base, chance, "drift", "investeringar")
    sheet, coordinate = base.cells[table, key, "prognos"]
    return set_cells(base.content, sheet, {"A" + coordinate.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"): None}), {}


@mutator
def visible_code_changed(base: ValidReturn, chance: Random) -> Result:
    table, key, _ = _any(base, chance)
    column = chance.choice(["enhet", "kod"])
    return _put(base, (table, key, column), chance.choice(["annan", "9", "TEKN", "lokal er"])), frozenset({"E130"})


@mutator
def row_removed(base: ValidReturn, chance: Random) -> Result:
    table, key, _ = _any(base, chance, "volymer") if base.forvaltning == "BUF" else _any(base, chance, "investeringar")
    sheet, coordinate = base.cells[table, key, "prognos"]
    row = coordinate.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return _in_sheet(base, sheet, rf'<row r="{row}".*?</row>'.encode(), b""), frozenset({"E310"})


@mutator
def cover_changed(base: ValidReturn, chance: Random) -> Result:
    field, content, codes = chance.choice([
        ("kommun_kod", "annanby", {"E140"}), ("forvaltning_kod", "XYZ", {"E141"}), ("period", "2026-03", {"E143"}),
        ("period", "april", {"E143"}), ("kontrakt_id", "rodatraden.annat", {"E144"}), ("kontrakt_version", "0.0.1", {"E145"}),
        ("kontrakt_version", "99.0.0", {"E146"}), ("kontrakt_version", "x", {"E146"}), ("belopp_enhet", "kr", {"E147"}),
        ("status", f"kanske {chance.randint(1, 99)}", {"E504"}),
        *((name, None, {"E148"}) for name in ("kommun_kod", "forvaltning_kod", "period", "kontrakt_id", "belopp_enhet")),
    ])  # fmt: skip
    cell = base.cells["start", field, "varde"][1]
    content_of = set_cells(base.content, "Start", {cell: content, "C40": str(chance.randint(1, 10**9))})
    return content_of, frozenset(codes)


@mutator
def column_key_changed(base: ValidReturn, chance: Random) -> Result:
    table, key, column = _any(base, chance)
    sheet, coordinate = base.cells[table, key, column]
    letter = coordinate.rstrip("0123456789")
    other = chance.choice([c for t, k, c in base.cells if (t, k) == (table, key) and c != column])
    content, codes = chance.choice(
        [(None, {"E124"}), (f"{column}{chance.randint(1, 99)}", {"E122"}), (other, {"E123"})]
    )
    return set_cells(base.content, sheet, {f"{letter}6": content}), frozenset(codes)


@mutator
def note_beside_the_table(base: ValidReturn, chance: Random) -> Result:
    sheet = base.cells[_any(base, chance)][0]
    return set_cells(
        base.content, sheet, {f"{chance.choice('PQRS')}{chance.randint(1, 90)}": f"not {chance.randint(1, 10**6)}"}
    ), {}


# XML


def _in_sheet(base: ValidReturn, sheet: str, pattern: bytes, new: bytes) -> bytes:
    names = {name: f"xl/worksheets/sheet{n}.xml" for n, name in enumerate(_sheet_names(base.content), start=1)}
    return _repack(base.content, {names[sheet]: lambda xml: re.sub(pattern, new, xml, count=1, flags=re.DOTALL)})


def _sheet_names(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return re.findall(r'<sheet [^>]*?name="([^"]*)"', archive.read("xl/workbook.xml").decode())


def _repack(
    content: bytes, changes: dict[str, Callable[[bytes], bytes]], add: dict[str, bytes] | None = None, drop: str = "",
    compression: int = zipfile.ZIP_DEFLATED,
) -> bytes:  # fmt: skip
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w", compression) as new:
        for name in old.namelist():
            if name != drop:
                part = old.read(name)
                new.writestr(zipfile.ZipInfo(name), changes[name](part) if name in changes else part, compression)
        for name, part in (add or {}).items():
            new.writestr(zipfile.ZipInfo(name), part)
    return packed.getvalue()


def _some_sheet(base: ValidReturn, chance: Random) -> str:
    with zipfile.ZipFile(io.BytesIO(base.content)) as archive:
        return chance.choice([name for name in archive.namelist() if _SHEET.fullmatch(name)][1:3])


def _at_random(
    xml: bytes, pattern: re.Pattern[bytes], change: Callable[[re.Match[bytes]], bytes], chance: Random
) -> bytes:
    match = chance.choice(list(pattern.finditer(xml)))
    return xml[: match.start()] + change(match) + xml[match.end() :]


@mutator
def same_in_other_xml(base: ValidReturn, chance: Random) -> Result:
    """The same document written in another way."""
    part = _some_sheet(base, chance)
    before = _CELL
    ways: list[Callable[[bytes], bytes]] = [
        lambda xml: _at_random(xml, before, lambda m: b"<!-- %d -->" % chance.getrandbits(30) + m[0], chance),
        lambda xml: _at_random(xml, before, lambda m: b"\n \t" * chance.randint(1, 9) + m[0], chance),
        lambda xml: _at_random(xml, before, lambda m: b"<?p %d?>" % chance.getrandbits(30) + m[0], chance),
        lambda xml: _at_random(xml, _VALUE, lambda m: b"<v><![CDATA[" + m[1] + b"]]></v>", chance),
        lambda xml: _at_random(xml, _VALUE, lambda m: b"<v> " + m[1] + b"\n</v>", chance),
        lambda xml: _at_random(
            xml, _VALUE, lambda m: b"<v>%b%b</v>" % (m[1], b"0" * 5 if b"." in m[1] else b".000"), chance
        ),
        lambda xml: _at_random(xml, _VALUE, lambda m: b"<v>%bE0</v>" % m[1], chance),
        lambda xml: _at_random(
            xml, _VALUE, lambda m: b"<v>" + b"".join(b"&#%d;" % letter for letter in m[1]) + b"</v>", chance
        ),
        lambda xml: xml.decode().replace("UTF-8", "UTF-16").encode("utf-16") + b"\n\x00" * chance.randint(0, 99),
        lambda xml: b"\xef\xbb\xbf" + xml + b"\n" * chance.randint(1, 99),
    ]
    return _repack(base.content, {part: chance.choice(ways)}), {}


@mutator
def broken_xml(base: ValidReturn, chance: Random) -> Result:
    part = chance.choice([_some_sheet(base, chance), "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"])
    ways: list[Callable[[bytes], bytes]] = [
        lambda xml: xml[: chance.randrange(len(xml) // 10, len(xml) - 1)],
        lambda xml: _at_random(xml, re.compile(rb"</\w+>"), lambda m: b"", chance),
        lambda xml: _at_random(xml, re.compile(rb"</\w+>"), lambda m: b"&nbsp;" + m[0], chance),
        lambda xml: _at_random(xml, re.compile(rb"</\w+>"), lambda m: b"\x01" + m[0], chance),
        lambda xml: _at_random(xml, re.compile(rb"</\w+>"), lambda m: b"\xff" + m[0], chance),
        lambda xml: re.sub(rb"<(?=\w)", b"<!DOCTYPE a%d [<!ENTITY b 'c'>]><" % chance.getrandbits(20), xml, count=1),
    ]
    return _repack(base.content, {part: chance.choice(ways)}), frozenset({"E113", "E116", "E110"})


@mutator
def nonsense_in_cells(base: ValidReturn, chance: Random) -> Result:
    """Well formed, but no workbook: a cell twice, a place or a number that is none, a text that is not there."""
    part = _some_sheet(base, chance)
    ways: list[Callable[[re.Match[bytes]], bytes]] = [
        lambda m: m[0] + b"><v>%d</v></c>" % chance.getrandbits(20) + m[0],
        lambda m: b'<c r="%b"' % chance.choice([b"1A", b"HEJ", b"A0x", b"A-1"]),
        lambda m: (
            b'<c t="s" r="ZZ%d"><v>%d</v></c>' % (chance.randint(90, 900), chance.choice([-1, 99_999_999])) + m[0]
        ),
        lambda m: (
            b'<c r="ZZ%d"><v>%b</v></c>' % (chance.randint(90, 900), chance.choice([b"NaN", b"1,5", b"0x10", b"--1"]))
            + m[0]
        ),
    ]
    way = chance.choice(ways)
    return _repack(base.content, {part: lambda xml: _at_random(xml, _CELL, way, chance)}), frozenset({"E113"})


@mutator
def bytes_of_a_part_changed(base: ValidReturn, chance: Random) -> Result:
    """Any bytes of a part that no figure needs, or any change that XML itself forbids: refused, or nothing else is stored."""
    part = chance.choice(["docProps/app.xml", "docProps/core.xml", "xl/theme/theme1.xml"])

    def spoil(xml: bytes) -> bytes:
        place = chance.randrange(len(xml))
        return xml[:place] + chance.randbytes(chance.randint(1, 6)) + xml[place + 4 :]

    return _repack(base.content, {part: spoil}), None


# Zip


@mutator
def truncated(base: ValidReturn, chance: Random) -> Result:
    return base.content[: chance.randrange(1, len(base.content) - 1)], frozenset({"E110", "E113"})


@mutator
def byte_flipped(base: ValidReturn, chance: Random) -> Result:
    """One byte of the file: zip's checksums tell whether it matters."""
    content = bytearray(base.content)
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    changed = bytes(content)
    try:
        old, new = _parts(base.content), _parts(changed)
    except Exception:  # noqa: BLE001 - whatever zipfile says of it, the archive is broken
        return changed, FILE_CODES
    if {n: p for n, p in old.items() if n.startswith(ESSENTIAL)} == {
        n: p for n, p in new.items() if n.startswith(ESSENTIAL)
    }:
        return changed, None
    return changed, FILE_CODES


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@mutator
def part_dropped(base: ValidReturn, chance: Random) -> Result:
    part, codes = chance.choice([
        ("[Content_Types].xml", {"E110"}), ("xl/workbook.xml", {"E113"}), ("xl/_rels/workbook.xml.rels", {"E113"}),
        ("xl/worksheets/sheet2.xml", {"E120"}), ("xl/worksheets/sheet1.xml", {"E120"}), ("docProps/app.xml", set()),
        ("docProps/core.xml", set()), ("xl/theme/theme1.xml", set()),
    ])  # fmt: skip
    add = {f"docProps/{chance.getrandbits(40)}.txt": b"x"}
    return _repack(base.content, {}, add, drop=part), frozenset(codes) if codes else {}


@mutator
def part_added(base: ValidReturn, chance: Random) -> Result:
    mark = f"{chance.getrandbits(40)}"
    name, codes = chance.choice([
        (f"xl/vbaProject{mark}.bin", {"E114"}), (f"xl/embeddings/{mark}.bin", {"E114"}), (f"xl/externalLinks/{mark}.xml", {"E115"}),
        (f"xl/queryTables/{mark}.xml", {"E115"}), (f"../{mark}", {"E135"}), (f"/etc/{mark}", {"E135"}), (f"xl\\{mark}", {"E135"}),
        (f"c:/{mark}", {"E135"}), (f"xl/media/{mark}.png", set()), (f"customXml/{mark}.xml", set()),
    ])  # fmt: skip
    return _repack(base.content, {}, {name: b"<a/>"}), frozenset(codes) if codes else {}


@mutator
def packed_otherwise(base: ValidReturn, chance: Random) -> Result:
    """The same parts in another order or packing, or with something behind the archive that zip allows."""
    way = chance.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    return _repack(base.content, {}, {f"docProps/{chance.getrandbits(40)}.txt": b"x"}, compression=way), {}


@mutator
def bomb(base: ValidReturn, chance: Random) -> Result:
    packed = io.BytesIO(base.content)
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive:
        name = f"xl/media/{chance.getrandbits(40)}.txt"
        archive.writestr(zipfile.ZipInfo(name), bytes(chance.randint(8, 12) * 2**20), zipfile.ZIP_DEFLATED)
    return packed.getvalue(), frozenset({"E118"})


@mutator
def another_file(base: ValidReturn, chance: Random) -> Result:
    tail = chance.randbytes(40)
    content, code = chance.choice([
        (b"%PDF-1.7" + tail, "E110"), (b"<html>" + tail, "E110"), (b"enhet;kod\r\n" + tail, "E110"), (tail, "E110"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + tail, "E112"), (b"PK\x03\x04" + tail, "E113"), (tail + base.content, "E110"),
    ])  # fmt: skip
    return content, frozenset({code})
