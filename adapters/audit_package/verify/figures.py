"""Every figure, worked out again from its inputs or read again from its cell."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from adapters.audit_package.verify.basics import Grid, Package, Row, parse
from adapters.audit_package.verify.formulas import evaluate
from adapters.audit_package.verify.ledgers import csv_grid, sie_sum, table_sum
from adapters.audit_package.verify.workbooks import Workbook, place_of

ORE = {"kr": 100, "tkr": 100000, "mnkr": 100000000}
NOT_APPLICABLE = ("ej tillämpligt", "ej tillämplig", "ej tillämpliga")
OF_NOTHING = (
    "inga underskott att återställa",
    "inget konto har rört sig",
    "inget konto på raden har rört sig",
    "inget konto på raden har något saldo",
)


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
