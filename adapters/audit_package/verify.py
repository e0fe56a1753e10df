"""Kontrollerar ett granskningspaket. Behöver bara Python 3.9 eller senare, och inget av programmet som gjorde paketet.

    python3 verify.py                     i mappen där paketet är uppackat
    python3 verify.py granskning.zip      paketet som det kom
    … --mot 17:ab12…                      håller dessutom loggen mot ett huvud som tryckts eller mejlats
    … --manifest ab12…                    håller dessutom paketet mot det som programmet skrev ut när det gjordes

Räknar om: filernas sha256, granskningsloggens kedja, det som loggen säger om returer, siffror och rapporter, och varje siffra
ner till cellen i returens byte. Utgångskod 0 när allt håller, 1 när något inte gör det.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import hashlib
import io
import json
import re
import sys
import zipfile
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Iterable, Iterator  # noqa: UP035 - as Python 3.9 has them
from xml.etree import ElementTree

Row = dict  # type: ignore[type-arg]
Terms = list  # type: ignore[type-arg]
Grid = dict  # type: ignore[type-arg]
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
ORE = {"kr": 100, "tkr": 100000, "mnkr": 100000000}
NOT_APPLICABLE = ("ej tillämpligt", "ej tillämplig", "ej tillämpliga")
SHARE = re.compile(r"(\d+),(\d\d) % av summan av delarna")
SPREAD = re.compile(r"månad 1–(\d+) av årets, fördelat med vikterna ([\d ]+) \(största rest\)")
DATES = {14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47}
HEADINGS = ("period", "konto", "slag", "ansvar", "verksamhet", "projekt", "motpart", "belopp")
HEADING_ROWS = 20
STEPS = {
    "rapport_granskad": "granska",
    "rapport_faststalld": "faststalla",
    "rapport_aterkallad": "aterkalla",
    "period_oppnad": "oppna",
    "politiskt_beslut": "beslut",
    "revisorernas_bedomning": "beslut",
    "godtaget": "godta",
    "differens_accepterad": "godta",
    "version_vald": "valj_version",
}
OF_NOTHING = (
    "inga underskott att återställa",
    "inget konto har rört sig",
    "inget konto på raden har rört sig",
    "inget konto på raden har något saldo",
)
SIE_FIELDS = {"TRANS": (1, 3), "PSALDO": (3, 5), "PBUDGET": (3, 5), "IB": (2, 3), "UB": (2, 3), "RES": (2, 3)}


class Package:
    """The files of the package, in a folder or a ZIP."""

    def __init__(self, place: str) -> None:
        self.place = Path(place)
        self.zip = zipfile.ZipFile(self.place) if self.place.is_file() else None

    def names(self) -> list[str]:
        if self.zip is not None:
            return sorted(name for name in self.zip.namelist() if not name.endswith("/"))
        found = (path for path in self.place.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        return sorted(path.relative_to(self.place).as_posix() for path in found)

    def read(self, name: str) -> bytes:
        return self.zip.read(name) if self.zip is not None else (self.place / name).read_bytes()

    def json(self, name: str) -> Any:
        return json.loads(self.read(name).decode("utf-8"))


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)


def half_away(value: Any, divisor: int) -> int:
    quotient, rest = divmod(abs(value), divisor)
    quotient += 1 if 2 * rest >= divisor else 0
    return -quotient if value < 0 else quotient


# Files and log


def check_files(package: Package, manifest: Row) -> Iterator[str]:
    """Every file is there with its sha256, and no other."""
    there = [name for name in package.names() if name != "manifest.json"]
    for name in sorted(set(manifest["filer"]) - set(there)):
        yield f"filen {name} saknas"
    for name in sorted(set(there) - set(manifest["filer"])):
        yield f"filen {name} hör inte till paketet"
    for name, expected in sorted(manifest["filer"].items()):
        if name in there and sha256(package.read(name)) != expected:
            yield f"filen {name} har ändrats"


def check_log(links: list[Row], manifest: Row, against: str) -> Iterator[str]:
    """The chain from the first event to the head."""
    before, number = "0" * 64, 0
    for link in links:
        number += 1
        content = {name: link[name] for name in ("nr", "tid", "anvandare", "roll", "vad", "detaljer", "forra")}
        if link["nr"] != number or link["forra"] != before:
            yield f"händelse {number} saknas eller hänger inte ihop med den före"
            return
        if sha256(canonical(content).encode()) != link["hash"]:
            yield f"händelse {number} ({link['vad']}) har ändrats"
            return
        before = link["hash"]
    if f"{number}:{before}" != manifest["logghuvud"]:
        yield f"loggen slutar vid {number}:{before}, inte vid manifestets huvud"
    if against:
        at, _, expected = against.partition(":")
        found = next((link["hash"] for link in links if str(link["nr"]) == at), "")
        if found != expected:
            yield f"loggen har inte huvudet {against}: den är omskriven eller avkortad"


# Workbooks, by zipfile and xml alone


class Workbook:
    """The cells of an xlsx by sheet and coordinate, each as the text that the reading kept."""

    def __init__(self, content: bytes) -> None:
        self.zip = zipfile.ZipFile(io.BytesIO(content))
        self.shared = self._shared()
        self.dates = self._date_styles()
        book = ElementTree.fromstring(self.zip.read("xl/workbook.xml"))
        relations = ElementTree.fromstring(self.zip.read("xl/_rels/workbook.xml.rels"))
        targets = {one.get("Id"): one.get("Target", "") for one in relations}
        properties = book.find(f"{MAIN}workbookPr")
        self.is_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self.parts = {
            one.get("name"): targets[one.get(RELATION)] for one in book.iter(f"{MAIN}sheet") if one.get(RELATION)
        }
        self.sheets: dict[str, Row] = {}

    def _shared(self) -> list[str]:
        if "xl/sharedStrings.xml" not in self.zip.namelist():
            return []
        root = ElementTree.fromstring(self.zip.read("xl/sharedStrings.xml"))
        return [text_of(one) for one in root.iter(f"{MAIN}si")]

    def _date_styles(self) -> set[int]:
        """Numbers of the styles that show a date."""
        if "xl/styles.xml" not in self.zip.namelist():
            return set()
        root = ElementTree.fromstring(self.zip.read("xl/styles.xml"))
        own = {int(one.get("numFmtId", "0")): one.get("formatCode", "") for one in root.iter(f"{MAIN}numFmt")}
        formats = root.find(f"{MAIN}cellXfs")
        listed = [] if formats is None else [int(one.get("numFmtId", "0")) for one in formats]
        return {place for place, number in enumerate(listed) if number in DATES or is_date(own.get(number, ""))}

    def cell(self, sheet: str, coordinate: str) -> str | None:
        """The cell's text; '' for an empty one, None when the sheet is not there."""
        if sheet not in self.parts:
            return None
        found = self._cells(sheet).get(coordinate)
        return "" if found is None else self._content(found)

    def grid(self, sheet: str) -> Grid:
        """Every cell with something in it, by row and column."""
        texts = {place_of(one): self._content(cell) for one, cell in self._cells(sheet).items()}
        return {place: text for place, text in texts.items() if text}

    def _cells(self, sheet: str) -> Row:
        if sheet not in self.sheets:
            target = self.parts[sheet]
            name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            root = ElementTree.fromstring(self.zip.read(name))
            self.sheets[sheet] = {one.get("r"): one for one in root.iter(f"{MAIN}c")}
        return self.sheets[sheet]

    def _content(self, cell: Any) -> str:
        kind, value = cell.get("t", "n"), cell.findtext(f"{MAIN}v")
        if kind == "inlineStr":
            inner = cell.find(f"{MAIN}is")
            return "" if inner is None else text_of(inner)
        if value is None or value == "":
            formula = cell.findtext(f"{MAIN}f")
            return f"={formula}" if formula and kind != "str" else ""
        if kind == "s":
            return self.shared[int(value)]
        if kind == "b":
            return "SANT" if value.strip() == "1" else "FALSKT"
        if kind in ("str", "e", "d"):
            return value
        if int(cell.get("s", "0")) in self.dates:
            return date_text(float(value), self.is_1904)
        return repr(float(value)) if any(mark in value for mark in ".Ee") else str(int(value))


def text_of(element: Any) -> str:
    return "".join(
        part.text or ""
        for child in element
        if child.tag != f"{MAIN}rPh"
        for part in ([child] if child.tag == f"{MAIN}t" else child.iter(f"{MAIN}t"))
    )


def is_date(code: str) -> bool:
    plain = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", code)
    return bool(re.search(r"[dmyhs]", plain, re.IGNORECASE)) and "General" not in code


def date_text(serial: float, is_1904: bool) -> str:
    start = datetime.datetime(1904, 1, 1) if is_1904 else datetime.datetime(1899, 12, 30)
    moment = start + datetime.timedelta(days=serial)
    return moment.date().isoformat() if moment.time() == datetime.time() else moment.isoformat()


def place_of(coordinate: str) -> tuple[int, int]:
    """Row and column of a cell: 'C7' is (7, 3)."""
    letters, number = re.findall(r"^([A-Z]+)(\d+)$", coordinate)[0]
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(number), column


def csv_grid(content: bytes) -> Grid:
    """The fields of a csv by the line that its row begins on, and column."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    delimiter = max(";,\t", key=text.partition("\n")[0].count)
    reader, line = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1
    cells: Grid = {}
    for row in reader:
        cells.update({(line, column): field for column, field in enumerate(row, 1)})
        line = reader.line_num + 1
    return cells


def table_sum(grids: list[Grid], numbers: list[int], account: str) -> int | None:
    """The amounts of those rows of a ledger given as a table, in öre; None when one is no row of that account.

    The table is the one whose headings are most of the ledger's.
    """
    best: tuple[int, Grid, Row] = (0, {}, {})
    for cells in grids:
        for line in sorted({row for row, _ in cells})[:HEADING_ROWS]:
            named = {text.strip().casefold(): column for (row, column), text in cells.items() if row == line}
            found = {name: named[name] for name in HEADINGS if name in named}
            if len(found) > best[0]:
                best = (len(found), cells, found)
    _, cells, columns = best
    total = 0
    for number in numbers:
        amount = parse(cells.get((number, columns["belopp"]), ""))
        if amount is None or cells.get((number, columns["konto"]), "").strip() != account:
            return None
        total += int((amount * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return total


def sie_sum(content: bytes, numbers: list[int], account: str) -> int | None:
    """The amounts of those lines in öre; None when one is no line of that account."""
    page = "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "cp437"
    lines = content.partition(b"\x1a")[0].decode(page, "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    total = 0
    for number in numbers:
        outer = re.sub(r"\{[^}]*\}", " {} ", lines[number - 1])
        fields = [quoted or word for quoted, word in re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', outer)]
        account_at, amount_at = SIE_FIELDS[fields[0][1:].upper()]
        if fields[account_at] != account:
            return None
        total += int((Decimal(fields[amount_at]) * 100).to_integral_exact())
    return total


# Figures


class Figures:
    """Every figure of the closing and of the earlier ones that it looks back on, and the bytes that they were read from."""

    def __init__(self, package: Package, closings: Row, sources: Row) -> None:
        self.package, self.closings, self.sources = package, closings, sources
        self.loaded: dict[str, dict[str, Row]] = {}
        self.books: dict[str, Workbook] = {}
        self.grids: dict[str, list[Grid]] = {}

    def of_period(self, period: str) -> dict[str, Row]:
        """The figures of the period's closings: of the books before those of their month."""
        if period not in self.loaded:
            closings = self.closings["perioder"].get(period, [])
            rows = [row for closing in reversed(closings) for row in figure_rows(self.package, closing)]
            self.loaded[period] = {row["figure_id"]: row for row in rows}
        return self.loaded[period]

    def find(self, figure_id: str) -> Row | None:
        return self.of_period(figure_id[:7]).get(figure_id)

    def source(self, sha: str) -> bytes:
        return self.package.read(self.sources[sha]["fil"])

    def faults(self) -> Iterator[str]:
        """What does not hold of the closing's figures and all that they stand on."""
        waiting = sorted(self.of_period(self.closings["period"]))
        seen = set()
        while waiting:
            figure_id = waiting.pop()
            if figure_id in seen:
                continue
            seen.add(figure_id)
            row = self.find(figure_id)
            fault = "finns inte" if row is None else self.fault(row)
            if fault:
                yield f"siffran {figure_id}: {fault}"
            waiting.extend(part for _, part in inputs(row or {}))
        self.followed = len(seen)

    def fault(self, row: Row) -> str:
        if inputs(row):
            terms = [(sign, self.find(part)) for sign, part in inputs(row)]
            return "" if evaluate(row, terms) == row["varde"] else "delarna ger inte värdet"
        if not row["cell"]:
            return self.without_cell(row)
        sha = row["retur_sha256"]
        if sha not in self.sources:
            return "filen som den lästes ur finns inte i paketet"
        if self.sources[sha].get("gallrad"):
            return ""
        if row["slag"] == "huvudbok":
            numbers = [int(part) for part in row["cell"].removeprefix("rad ").split(", ")]
            total = self.lines_sum(sha, numbers, row["rad"].partition(".")[0])
            turned = total if row["ravarde"] == "debet plus" else None if total is None else -total
            return "" if turned == row["varde"] else "huvudbokens rader ger inte värdet"
        if row["slag"] == "rattelse":
            return self.correction(row)
        found = self.cell(sha, row)
        if found != row["ravarde"]:
            return f"cellen {row['blad']} {row['cell']} innehåller {found!r}, inte {row['ravarde']!r}"
        return "" if row["varde"] in self.values(row) else f"cellens {found!r} ger inte {row['varde']}"

    def without_cell(self, row: Row) -> str:
        """A figure that was not read from a cell is missing, counted, or stands in the målplan or the kommun's configuration."""
        if row["varde"] is None or row["formel"].startswith("antal jämförda") or "målplanen" in row["formel"]:
            return ""
        if row["matt"] == "periodnyckel" or (row["varde"] == 0 and row["formel"] in OF_NOTHING):
            return ""
        return "" if row["slag"] == "register" and row["formel"].startswith("Kolada") else "den har inget ursprung"

    def cell(self, sha: str, row: Row) -> str | None:
        kind = self.sources[sha]["slag"]
        if kind == "csv":
            return self.tables(sha)[0].get(place_of(row["cell"]), "")
        if kind == "kolada":
            return kolada_value(self.source(sha), row["blad"], row["cell"])
        return self.book(sha).cell(row["blad"], row["cell"])

    def book(self, sha: str) -> Workbook:
        if sha not in self.books:
            self.books[sha] = Workbook(self.source(sha))
        return self.books[sha]

    def tables(self, sha: str) -> list[Grid]:
        """Every sheet of a file as a grid of cells; a csv is one."""
        if sha not in self.grids:
            book = None if self.sources[sha]["slag"] == "csv" else self.book(sha)
            self.grids[sha] = (
                [csv_grid(self.source(sha))] if book is None else [book.grid(one) for one in book.parts if one]
            )
        return self.grids[sha]

    def lines_sum(self, sha: str, numbers: list[int], account: str) -> int | None:
        """Those lines of the ledger added up, whatever form it came in."""
        if self.sources[sha]["slag"] == "sie":
            return sie_sum(self.source(sha), numbers, account)
        return table_sum(self.tables(sha), numbers, account)

    def correction(self, row: Row) -> str:
        """The entry stands in the kept file, and its two values give the change."""
        text = self.source(row["retur_sha256"]).decode("utf-8")
        found = re.fullmatch(r"från (.+) till (.+), \d{4}-\d{2}-\d{2}", row["ravarde"])
        values = [correction_value(part, row) for part in (found.groups() if found else ())]
        numbers = re.findall(r"[\d,.]+", row["ravarde"].rpartition(",")[0]) if found else []
        if not found or not all(number.strip(",.") in text for number in numbers):
            return "rättelsen står inte i filen"
        return "" if values[1] - values[0] == row["varde"] else "rättelsens värden ger inte ändringen"

    def values(self, row: Row) -> set[int | None]:
        """What the cell's content may mean: in the return's unit, and for a kommun's own form with the sign turned."""
        raw = row["ravarde"]
        if not raw.strip() or " ".join(raw.split()).casefold() in NOT_APPLICABLE:
            return {None}
        source = self.sources[row["retur_sha256"]]
        number = parse(raw)
        if number is None:
            return set()
        factors = [ORE[unit] for unit in source["enheter"]] if row["enhet_matt"] == "ore" else [10 ** row["decimaler"]]
        wholes: set[int | None] = {
            int((number * factor).quantize(Decimal(1), rounding=ROUND_HALF_UP)) for factor in factors
        }
        turned: set[int | None] = {-whole for whole in wholes if whole is not None}
        return wholes | turned if source.get("egen_blankett") else wholes


def figure_rows(package: Package, closing: int) -> list[Row]:
    table = package.json(f"data/siffror-{closing}.json")
    return [dict(zip(table["kolumner"], values)) for values in table["rader"]]


def inputs(row: Row) -> list[Any]:
    return json.loads(row["indata"]) if row.get("indata") else []


def parse(text: str) -> Decimal | None:
    plain = re.sub(r"[\u2010-\u2015\u2212\ufe63\uff0d]", "-", re.sub(r"[\s\u00a0\u202f\u2009]", "", text))
    try:
        number = Decimal(plain.replace(",", "."))
        return Decimal(f"{float(number):.15g}") if "." in plain and "," not in plain else number
    except InvalidOperation:
        return None


def correction_value(text: str, row: Row) -> int:
    if text == "uppgift saknas":
        return 0
    number, _, unit = text.rpartition(" ") if text.rpartition(" ")[2] in ORE else (text, "", "")
    factor = ORE[unit] if unit else 10 ** row["decimaler"]
    return int(((parse(number) or Decimal(0)) * factor).to_integral_value())


def kolada_value(content: bytes, measure: str, place: str) -> str | None:
    for item in json.loads(content)["values"]:
        for value in item["values"]:
            here = (item["kpi"], f"{item['municipality']}/{item['period']}/{value['gender']}")
            if here == (measure, place) and not value.get("isdeleted"):
                return "" if value["value"] is None else repr(value["value"])
    return None


def evaluate(row: Row, terms: Terms) -> int | None:
    """The value that the formula gives of its inputs; None as soon as one is missing."""
    values = [None if part is None else part["varde"] for _, part in terms]
    if None in values:
        return None
    if row["formel"] == "den minsta av delarna":
        return min(sign * value for (sign, _), value in zip(terms, values))
    total = computed(row, terms)
    if row["formel"] == "summan av delarna, dock högst noll":
        return None if total is None else min(0, total)
    if row["formel"] == "summan av delarna, dock minst noll":
        return None if total is None else max(0, total)
    if row["formel"] == "summan av delarna, utan tecken":
        return None if total is None else abs(total)
    part = SPREAD.fullmatch(row["formel"])
    if part is not None:
        return None if total is None else sum(spread(total, [int(one) for one in part[2].split()])[: int(part[1])])
    share = SHARE.fullmatch(row["formel"])
    return total if share is None or total is None else half_away(total * int(share[1] + share[2]), 10000)


def computed(row: Row, terms: Terms) -> int | None:
    """The signed sum, times the factors (sign 2), divided by the divisor (sign 0) and rounded once."""
    signed = [(sign, part) for sign, part in terms if sign not in (0, 2)]
    total = sum(sign * part["varde"] for sign, part in signed) if signed else None
    for part in (part for sign, part in terms if sign == 2):
        total = None if total is None else total * part["varde"]
    divisor = next((part for sign, part in terms if sign == 0), None)
    if divisor is None or total is None:
        return total
    if not divisor["varde"]:
        return None
    is_share = row["enhet_matt"] == "%" and all(part["enhet_matt"] != "%" for _, part in signed)
    places = max(part["decimaler"] for _, part in signed)
    shift = divisor["decimaler"] - places + row["decimaler"] + (2 if is_share else 0)
    over, under = (total, divisor["varde"]) if divisor["varde"] > 0 else (-total, -divisor["varde"])
    return half_away(over * 10 ** max(shift, 0), under * 10 ** max(-shift, 0))


def spread(total: int, weights: list[int]) -> list[int]:
    """The total in parts by the weights, with the largest remainder; they sum to it exactly."""
    shares = [divmod(abs(total) * weight, sum(weights)) for weight in weights]
    left = abs(total) - sum(share for share, _ in shares)
    first = sorted(range(len(shares)), key=lambda place: (-shares[place][1], place))[:left]
    return [(-1 if total < 0 else 1) * (share + (place in first)) for place, (share, _) in enumerate(shares)]


# Signatures (Ed25519, RFC 8032)

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = tuple  # type: ignore[type-arg]


def add(a: Point, b: Point) -> Point:
    """The sum of two points in extended coordinates."""
    one, two = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    three, four = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = two - one, four - three, four + three, two + one
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(number: int, point: Point) -> Point:
    result: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = add(result, point)
        point, number = add(point, point), number >> 1
    return result


def point_of(content: bytes) -> Point:
    """The point that 32 bytes stand for; ValueError when they stand for none."""
    y = int.from_bytes(content, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        raise ValueError("ingen punkt på kurvan")
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


BASE = point_of(bytes.fromhex("58" + "66" * 31))


def is_signed(content: bytes, signature: str, key: str) -> bool:
    """True when the signature is that key's over exactly these bytes."""
    try:
        raw, public = bytes.fromhex(signature), bytes.fromhex(key)
        first, owner, second = point_of(raw[:32]), point_of(public), int.from_bytes(raw[32:], "little")
    except ValueError:
        return False
    if len(raw) != 64 or len(public) != 32 or second >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(raw[:32] + public + content).digest(), "little") % ORDER
    a, b = times(second, BASE), add(first, times(challenge, owner))
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def check_signatures(links: list[Row]) -> Iterator[str]:
    """Every signature of the log holds for what its event says; it and every acceptance are by an account with that right."""
    rules: Row = {}
    reviewed: dict[tuple[Any, ...], str] = {}
    for link in links:
        told = link["detaljer"]
        about = tuple(told.get(name) for name in ("rapport_id", "version", "innehallshash"))
        if link["vad"] == "behorighet_galler":
            rules = told
        elif link["vad"] in STEPS and rules:
            fault = rights_fault(link, rules, reviewed.get(about, ""))
            if fault:
                yield f"händelse {link['nr']} ({link['vad']}, {link['anvandare']}): {fault}"
        if link["vad"] == "rapport_granskad":
            reviewed[about] = link["anvandare"]
        if "signatur" not in told:
            continue
        content = {name: value for name, value in told.items() if name not in ("signatur", "nyckel")}
        content.update(steg=link["vad"], anvandare=link["anvandare"], roll=link["roll"], tid=link["tid"])
        if not is_signed(canonical(content).encode(), told["signatur"], told["nyckel"]):
            yield f"signaturen i händelse {link['nr']} ({link['vad']}, {link['anvandare']}) gäller inte det som står där"


def rights_fault(link: Row, rules: Row, reviewer: str) -> str:
    """Why the rules in force did not allow the step; '' when they did."""
    konto: Row = next((one for one in rules["konton"] if one["anvandare"] == link["anvandare"]), {})
    if konto.get("roll") != link["roll"] or link["detaljer"].get("roll", link["roll"]) != link["roll"]:
        return "kontot hade inte den rollen i behorighet.yaml"
    if "signatur" in link["detaljer"] and konto.get("nyckel") != link["detaljer"]["nyckel"]:
        return "kontot hade inte den nyckeln i behorighet.yaml"
    if STEPS[link["vad"]] not in konto["far"]:
        return "rollen fick inte ta steget enligt behorighet.yaml"
    is_same = link["vad"] == "rapport_faststalld" and rules["fyra_ogon"] and reviewer == link["anvandare"]
    return "samma konto har granskat" if is_same else ""


# What the log promised


def check_promised(package: Package, links: list[Row], closings: Row, sources: Row) -> Iterator[str]:
    """Returns, environment, figures, register and reports beside what the log says of them."""
    told: dict[str, list[Row]] = {}
    for link in links:
        told.setdefault(link["vad"], []).append(link["detaljer"])
    arrived = {one["sha256"] for vad in ("retur_mottagen", "huvudbok_mottagen") for one in told.get(vad, [])}
    for sha, source in sources.items():
        if not source.get("gallrad") and sha256(package.read(source["fil"])) != sha:
            yield f"{source['fil']} är inte filen med sha256 {sha}"
        if source["slag"] in ("xlsx", "csv", "sie") and sha not in arrived:
            yield f"{source['fil']} har aldrig tagits emot enligt loggen"
    done = {one["closing_id"]: one.get("siffror") for one in told.get("stangning_klar", [])}
    for closing in sorted({one for listed in closings["perioder"].values() for one in listed}):
        table = package.json(f"data/siffror-{closing}.json")["rader"]
        found = sha256("".join(f"{canonical(values)}\n" for values in table).encode())
        if found != done.get(closing):
            yield f"siffrorna i stängning {closing} är inte de som loggen lovade"
    yield from check_findings(package, links)
    yield from check_register(package, told, closings)
    yield from check_environment(package, told, closings)
    yield from check_reports(package, told)
    yield from check_editions(package, links, told)
    yield from check_accepted(package, told, closings)


def check_findings(package: Package, links: list[Row]) -> Iterator[str]:
    judged = {
        link["detaljer"]["retur_id"]: link["detaljer"]["fel"]
        for link in links
        if link["vad"] in ("retur_godkand", "retur_stoppad")
    }
    codes: dict[int, set[str]] = {}
    for one in package.json("data/fynd.json"):
        codes.setdefault(one["retur_id"], set()).add(one["code"])
    for retur_id, listed in codes.items():
        if sorted(listed) != judged.get(retur_id):
            yield f"fynden i retur {retur_id} är inte de som loggen säger"


def check_register(package: Package, told: dict[str, list[Row]], closings: Row) -> Iterator[str]:
    register = package.json("data/avvikelser.json")
    promised = {one["closing_id"]: one["hash"] for one in told.get("avvikelser_sedda", [])}
    for closing, seen in register["sedda"].items():
        if sha256("\n".join(canonical(one) for one in seen).encode()) != promised.get(int(closing)):
            yield f"avvikelseregistret i stängning {closing} är inte det som loggen lovade"
    seen = [one for listed in register["sedda"].values() for one in listed]
    for case in register["arenden"]:
        if any(one not in seen for one in case["sedd"]):
            yield f"ärendet {case['id']} säger annat än vad stängningarna såg"
    decided = [one for slag in ("beslut", "effekt", "stangd", "oppnad") for one in told.get(f"arende_{slag}", [])]
    for one in register["beslut"]:
        if one not in decided:
            yield f"beslutet på ärendet {one['arende_id']} är inte det som loggen säger"


def check_environment(package: Package, told: dict[str, list[Row]], closings: Row) -> Iterator[str]:
    begun = {one["closing_id"]: one.get("miljo", "") for one in told.get("stangning_paborjad", [])}
    if not begun.get(closings["stangning"]):
        return
    content = package.read("data/miljo.json")
    if sha256(content) != begun[closings["stangning"]]:
        yield "miljön är inte den som loggen säger att stängningen gjordes i"
    for name, expected in json.loads(content)["filer"].items():
        if f"regler/{name}" in package.names() and sha256(package.read(f"regler/{name}")) != expected:
            yield f"regeln {name} är inte den som gällde"


def check_reports(package: Package, told: dict[str, list[Row]]) -> Iterator[str]:
    saved = {one["report_id"]: one for one in told.get("rapport_sparad", [])}
    for one in package.json("data/rapporter.json"):
        event = saved.get(one["report_id"], {})
        parts = [sha256(package.read(one["filer"][name])) for name in ("pdf", "html", "spar", "xlsx")]
        if sha256("\n".join(parts).encode()) != event.get("filhash"):
            yield f"{one['rapport_id']}: filerna är inte de som loggen säger"
        if (one["version"], one["innehallshash"]) != (event.get("version"), event.get("innehallshash")):
            yield f"{one['rapport_id']}: version eller innehållshash är inte vad loggen säger"
        view = package.read(one["vy"]).decode("utf-8")
        if one["stil"] and sha256(f"{one['stil']}\n{view}".encode()) != event.get("innehallshash"):
            yield f"{one['rapport_id']}: innehållet är inte det som innehållshashen gäller"


def check_editions(package: Package, links: list[Row], told: dict[str, list[Row]]) -> Iterator[str]:
    """Receipts, settled editions and assessments are the files that the log named, and an edition stands on its settlement."""
    names, buried = set(package.names()), {one["sha256"] for one in told.get("gallrad", [])}
    ids = {one["rapport_id"] for one in package.json("data/rapporter.json")}
    for link in links:
        event = link["detaljer"]
        for name, expected in (event.get("filer") or {}).items():
            places = [f"{folder}/{link['nr']}/{name}" for folder in ("kvittenser", "utgavor")]
            found = [place for place in places if place in names]
            if any(sha256(package.read(place)) != expected for place in found):
                yield f"{found[0]} är inte filen som händelse {link['nr']} sparade"
            if not found and event.get("rapport_id") in ids and expected not in buried:
                yield f"{places[1]} saknas, men händelse {link['nr']} sparade den"
        if link["vad"] == "utgava_gjord" and event["rapport_id"] in ids:
            number, _, head = event["logghuvud"].partition(":")
            settled = links[int(number) - 1] if 0 < int(number) < link["nr"] else {}
            same = [settled.get("detaljer", {}).get(name) == event[name] for name in ("rapport_id", "innehallshash")]
            signed = "signatur" in settled.get("detaljer", {}) and settled["vad"] == "rapport_faststalld"
            if not (signed and all(same) and settled["hash"] == head):
                yield f"utgåvan i händelse {link['nr']} ({event['rapport_id']}) står inte på något signerat fastställande"


ACCEPTED = {
    "avstamning": ("differens_accepterad", {"kontroll": "kontroll", "differens_ore": "differens_ore"}),
    "rakenskaper": ("godtaget", {"id": "vad"}),
    "versionsval": ("version_vald", {"id": "val_id"}),
}


def check_accepted(package: Package, told: dict[str, list[Row]], closings: Row) -> Iterator[str]:
    """What someone has let stand, why and by which role is what the log says, and nothing of the period is left out."""
    own = (closings["kommun"], closings["period"])
    for kind, (vad, key) in ACCEPTED.items():
        events = {}
        for event in told.get(vad, []):
            if (event.get("kommun", own[0]), event.get("period", own[1])) == own:
                events[tuple(event[name] for name in key.values())] = event
        rows = {tuple(one[name] for name in key): one for one in package.json("data/godtaganden.json")[kind]}
        for named, one in rows.items():
            same = events.get(named, {})
            if not same or any(same[name] != value for name, value in one.items() if name in same and name != "tid"):
                yield f"godtagandet {named[0]} är inte det som loggen säger"
        for named in set(events) - set(rows) if kind != "versionsval" else ():
            yield f"godtagandet {named[0]} saknas, men loggen säger det"


def check_printed(package: Package, figures: Figures) -> Iterator[str]:
    """Every number that a report shows is its figure, rounded once."""
    for one in package.json("data/rapporter.json"):
        view = package.json(one["vy"])
        for trail in view["spar"]:
            row = figures.find(trail["figure_id"])
            if row is None:
                yield f"{one['rapport_id']}: siffran {trail['figure_id']} finns inte"
            elif trail["varde"] is not None and trail["varde"] != row["varde"]:
                yield f"{one['rapport_id']}: {trail['figure_id']} visas som {trail['varde']} men är {row['varde']}"
        for shown in numbers_in(view):
            fault = printed_fault(shown, figures.find(shown["figure_id"]))
            if fault:
                yield f"{one['rapport_id']}: {shown['figure_id']} {fault}"


def numbers_in(part: Any) -> Iterator[Row]:
    if isinstance(part, dict):
        if part.get("figure_id") and part.get("ore") is not None and "saknas" in part:
            yield part
        for value in part.values():
            yield from numbers_in(value)
    elif isinstance(part, list):
        for value in part:
            yield from numbers_in(value)


def printed_fault(shown: Row, row: Row | None) -> str:
    if row is None or row["varde"] is None:
        return f"visar {shown['ore']}, men siffran saknar värde"
    places = 0 if row["enhet_matt"] == "ore" else max(row["decimaler"] - shown.get("decimaler", 0), 0)
    value = half_away(abs(row["varde"]), 10**places)
    if value != abs(shown["ore"]):
        return f"visar {shown['ore']}, inte siffrans värde"
    digits = re.sub(r"\D", "", shown["text"]).lstrip("0") or "0"
    steps = (1, 100000, 10000000) if row["enhet_matt"] == "ore" else (1,)
    allowed = {str(half_away(value, step)) for step in steps}
    whole, decimals = divmod(value, 10 ** min(row["decimaler"], shown.get("decimaler", 0)))
    if row["enhet_matt"] != "ore" and not decimals:
        allowed.add(str(whole))
    return "" if digits in allowed else f"trycks som {shown['text']!r}, som inte är värdet avrundat"


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Kontrollerar ett granskningspaket.", add_help=False)
    parser.add_argument("--hjalp", "-h", action="help", help="visa den här texten")
    parser.add_argument("paket", nargs="?", default=str(Path(__file__).resolve().parent))
    parser.add_argument("--mot", default="", help="ett logghuvud, nummer:hash")
    parser.add_argument("--manifest", default="", help="manifestets sha256")
    asked = parser.parse_args(words)
    package = Package(asked.paket)
    faults = total = 0
    for heading, found in steps(package, asked):
        listed = run(found)
        total += 1
        faults += len(listed)
        print(f"{'HÅLLER' if not listed else 'BRUTET'}  {heading}")
        for text in listed[:20]:
            print(f"        {text}")
        if len(listed) > 20:
            print(f"        … och {len(listed) - 20} till")
    print(f"\nAllt håller: {total} kontroller." if not faults else f"\nBRUTET: {faults} fel. Lita inte på paketet.")
    return 1 if faults else 0


def steps(package: Package, asked: argparse.Namespace) -> Iterator[tuple[str, Iterable[str]]]:
    """Heading and faults of every check, in order."""
    content = package.read("manifest.json")
    manifest = json.loads(content.decode("utf-8"))
    print(f"{manifest['kommun']}, {manifest['period']}. Manifest {sha256(content)}. Logghuvud {manifest['logghuvud']}")
    yield "manifestet är det som angavs", [] if asked.manifest in ("", sha256(content)) else ["det är ett annat"]
    yield "alla filer är oförändrade och inga fler", check_files(package, manifest)
    links = package.json("data/logg.json")
    closings, sources = package.json("data/stangning.json"), package.json("data/underlag.json")
    figures = Figures(package, closings, sources)
    yield f"granskningsloggens kedja, {len(links)} händelser", check_log(links, manifest, asked.mot)
    signed = sum("signatur" in link["detaljer"] for link in links)
    yield f"{signed} signaturer gäller vad de säger", check_signatures(links)
    yield (
        "returer, regler, siffror, register och rapporter är vad loggen säger",
        check_promised(package, links, closings, sources),
    )
    yield f"{len(figures.of_period(closings['period']))} siffror, räknade om ner till cellerna", figures.faults()
    yield "varje tryckt siffra är sitt värde, avrundat en gång", check_printed(package, figures)


def run(faults: Iterable[str]) -> list[str]:
    """The faults; what can't even be read is one."""
    found = []
    try:
        for fault in faults:
            found.append(fault)
    except (KeyError, ValueError, TypeError, IndexError, OSError, zipfile.BadZipFile, ElementTree.ParseError) as error:
        found.append(f"går inte att läsa: {type(error).__name__}: {error}")
    return found


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (KeyError, ValueError, TypeError, OSError, zipfile.BadZipFile) as error:
        print(f"BRUTET: paketet går inte att läsa: {type(error).__name__}: {error}")
        sys.exit(1)
