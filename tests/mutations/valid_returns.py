"""Valid returns to spoil: both förvaltningar of the example kommun, every row filled, sums stored, in agreement with the register."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from random import Random

from openpyxl import load_workbook

from adapters.contract_files import load_contract
from adapters.workbook_fill import fill_template
from adapters.workbook_template import write_template
from tests.kommun_example import example_kommun
from transforms.period import Period

PERIOD = Period(2026, 4)
ORE = {"kr": 100, "tkr": 100_000, "mnkr": 100_000_000}
SERIER = ("periodbudget", "utfall", "utfall_fg_ar", "prognos")
KEY_ROW = 6
BUDGET = {
    ("TEK", "drift"): {
        "taxor": 4_100,
        "ovriga_intakter": 1_250,
        "personal": -12_400,
        "lokaler": -3_300,
        "kommunbidrag": 10_350,
    },
    ("TEK", "investeringar"): {"fastigheter": 8_000, "inventarier": 900},
    ("VA", "drift"): {"intakter": 6_200, "kostnader": -5_900, "finansnetto": -300, "reglering": 0},
    ("VA", "investeringar"): {"fastigheter": 15_500, "inventarier": 700},
    ("BUN", "drift"): {
        "taxor": 9_800,
        "ovriga_intakter": 3_200,
        "personal": -88_000,
        "lokaler": -21_000,
        "kommunbidrag": 96_000,
    },
    ("BUN", "drift_verksamhet"): {"forskola": -52_000, "grundskola": -44_000},
    ("BUN", "volymer"): {"barn": 1_412, "timmar": 90_125},
}
"""In tkr; volumes in whole numbers."""
REGISTER = {
    (enhet, sheet, kod): tkr * 100_000
    for (enhet, sheet), rows in BUDGET.items()
    for kod, tkr in rows.items()
    if sheet in ("drift", "investeringar")
}
"""Aktuell budget in öre, as the register has it."""

Place = tuple[str, str, str]
"""Table, row key, column key."""


@dataclass(frozen=True)
class ValidReturn:
    """A return and what is in it.

    Attributes:
        content: xlsx.
        unit: of its amounts.
        entered: what the förvaltning has filled in, in the sheet's unit, with the comments left out.
        cells: sheet and coordinate of each keyed cell, sums and budgets too.
    """

    forvaltning: str
    content: bytes
    unit: str
    entered: dict[Place, Decimal]
    cells: dict[Place, tuple[str, str]]

    def whole(self, place: Place, number: Decimal) -> int:
        """The number in öre, or for volumes in the smallest unit of the sheet's row."""
        scale = ORE[self.unit] if place[0] != "volymer" else 10 if place[1].endswith("timmar") else 1
        exact = number * scale
        if exact != int(exact):
            raise ValueError(f"{number} i {place} är inga hela ören")
        return int(exact)

    def refilled(self, changes: dict[Place, Decimal | None]) -> bytes:
        """The return with other numbers entered, its sums counted anew."""
        values = {place: number for place, number in {**self.entered, **changes}.items() if number is not None}
        return _fill(self.forvaltning, values)


def valid_return(forvaltning: str, chance: Random) -> ValidReturn:
    """A return with amounts within a few per cent of the budget, drawn by ``chance``; uneven to the öre."""
    kommun = example_kommun()
    own = kommun.forvaltning(forvaltning)
    entered: dict[Place, Decimal] = {}
    for (enhet, sheet), rows in BUDGET.items():
        for kod, tkr in rows.items() if enhet in own.enheter else ():
            for serie in SERIER:
                if _has(sheet, serie):
                    entered[sheet, f"{enhet}|{kod}", serie] = _drawn(sheet, kod, tkr, own.returenhet, chance)
    if "BUN" in own.enheter:
        _balance(entered)
    content = _fill(forvaltning, entered)
    return ValidReturn(forvaltning, content, own.returenhet, entered, places(content))


def _has(sheet: str, serie: str) -> bool:
    return serie in {
        column.name
        for column in load_contract("manadsretur").table(sheet).amount_columns
        if column.origin == "forvaltning"
    }


def _drawn(sheet: str, kod: str, tkr: int, unit: str, chance: Random) -> Decimal:
    share = Decimal(chance.randint(9_800, 10_200)) / 10_000
    if sheet == "volymer":
        return (tkr * share).quantize(Decimal("0.1") if kod == "timmar" else Decimal(1))
    return (tkr * share).quantize(Decimal("0.01")) * 100_000 / ORE[unit]


def _balance(entered: dict[Place, Decimal]) -> None:
    """The verksamheter make up the nettokostnad, to the öre."""
    for serie in SERIER:
        if ("drift_verksamhet", "BUN|grundskola", serie) in entered:
            rows = ("taxor", "ovriga_intakter", "personal", "lokaler")
            netto = sum(entered["drift", f"BUN|{kod}", serie] for kod in rows)
            entered["drift_verksamhet", "BUN|grundskola", serie] = (
                netto - entered["drift_verksamhet", "BUN|forskola", serie]
            )


@cache
def _template(forvaltning: str) -> bytes:
    contract, kommun = load_contract("manadsretur"), example_kommun()
    own = kommun.forvaltning(forvaltning)
    prefill = {
        (sheet, f"{enhet}|{kod}", "budget"): Decimal(ore) / ORE[own.returenhet]
        for (enhet, sheet, kod), ore in REGISTER.items()
        if enhet in own.enheter
    }
    return write_template(contract, kommun, forvaltning, PERIOD, prefill)


def _fill(forvaltning: str, entered: dict[Place, Decimal]) -> bytes:
    cover = {
        ("start", "ifylld_av_roll", "varde"): "Förvaltningsekonom",
        ("start", "ifylld_datum", "varde"): dt.date(2026, 5, 7),
        ("start", "status", "varde"): "klar",
    }
    return fill_template(_template(forvaltning), load_contract("manadsretur"), example_kommun(), {**cover, **entered})


def places(content: bytes) -> dict[Place, tuple[str, str]]:
    """Where each keyed cell stands, told by openpyxl and the template's layout, not by our reader."""
    workbook = load_workbook(io.BytesIO(content))
    found: dict[Place, tuple[str, str]] = {}
    for table in load_contract("manadsretur").tables:
        if table.sheet in workbook.sheetnames:
            sheet = workbook[table.sheet]
            form = table.layout == "formular"
            columns = (
                {"varde": 3} if form else {sheet.cell(KEY_ROW, n).value: n for n in range(2, sheet.max_column + 1)}
            )
            for row in range(1 if form else KEY_ROW + 1, sheet.max_row + 1):
                key = sheet.cell(row, 1).value
                if key and not str(key).startswith("#"):
                    for name, number in columns.items():
                        found[table.name, str(key), str(name)] = (table.sheet, sheet.cell(row, number).coordinate)
    return found
