"""Felby: a small kommun whose förvaltning returns three months. February and March are closed; April's returns are made here.

Every workbook is the real template, filled in by key; what is wrong in it is put there cell by cell.
"""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from adapters.contract_files import load_contract
from adapters.workbook_fill import Content, fill_template, set_cells
from adapters.workbook_template import write_register, write_template
from data_contracts.kommun import Kommun
from flows.home import CHECKOUT, SCHEMA, Hem, make_home
from flows.steps.check import check_register
from flows.steps.collect import collect
from flows.steps.template import uncommented_template
from flows.workplace import Workplace, open_workplace
from tests.closings import figures_only, time_of
from tests.kommun_example import example_kommun
from transforms.period import Period
from transforms.template_rows import FreeRow

FEBRUARI, MARS, APRIL = Period(2026, 2), Period(2026, 3), Period(2026, 4)
RETUR = load_contract("manadsretur")
Values = dict[tuple[str, str, str], Any]
Change = Callable[[bytes], bytes]

BUDGET = {
    ("drift", "TEK", "taxor"): 1200, ("drift", "TEK", "ovriga_intakter"): 600, ("drift", "TEK", "personal"): -4800,
    ("drift", "TEK", "lokaler"): -2400, ("drift", "TEK", "kommunbidrag"): 5400,
    ("drift", "VA", "intakter"): 2400, ("drift", "VA", "kostnader"): -2200, ("drift", "VA", "finansnetto"): -100,
    ("drift", "VA", "reglering"): -100,
    ("investeringar", "TEK", "fastigheter"): 8000, ("investeringar", "TEK", "inventarier"): 500,
    ("investeringar", "VA", "fastigheter"): 3000,
}  # fmt: skip
"""Tkr. VA has no budget for inventarier: the row is not used."""
_OFF = {"personal": -50, "kostnader": -40, "fastigheter": -25}
"""How far from its budget a row's prognos is."""
ORSAK = {
    2: "Vikarier i parkskötseln.",
    3: "Fler vikarier än planerat i parkskötseln.",
    4: "Sjukfrånvaron i parken är hög.",
}


def kommun_as_json() -> str:
    """The example kommun with limits, a volume whose code begins with zero, and two verksamheter. JSON is YAML."""
    raw = example_kommun().model_dump(mode="json", exclude_defaults=True)
    limit = {"giltig_fran": "2026-01-01", "referens": "påhittad"}
    raw["granser"] = [
        {**limit, "avser": "drift", "belopp_tkr": 200, "procent_bp": 100},
        {**limit, "avser": "investeringar", "belopp_tkr": 500},
    ]
    raw["enheter"][0]["volymer"] = [{"kod": "0410", "namn": "Belysningspunkter", "matt_enhet": "punkter"}]
    raw["enheter"][0]["verksamheter"] = [{"kod": "gata", "namn": "Gator"}, {"kod": "park", "namn": "Parker"}]
    return json.dumps(raw, ensure_ascii=False)


def make_felby(folder: Path) -> Hem:
    """A home with the year's register, and with February and March closed."""
    source = folder / "felby"
    source.mkdir(parents=True)
    (source / "kommun.yaml").write_text(kommun_as_json(), encoding="utf-8")
    shutil.copyfile(CHECKOUT / "kommuner" / SCHEMA, folder / SCHEMA)
    hem = make_home(folder / "hem", source)
    with open_workplace(hem) as workplace:
        (Path(hem.inkorg) / "budgetregister.xlsx").write_bytes(_register(workplace))
    for period in (FEBRUARI, MARS):
        now = time_of(period, 15)
        with open_workplace(hem) as workplace:
            collect(workplace, period, now)
            check_register(workplace, period, now)
            (Path(hem.inkorg) / f"retur-{period}.xlsx").write_bytes(filled(workplace, values_of(period.month), period))
        figures_only(hem, period, now)
    return hem


def _register(workplace: Workplace) -> bytes:
    decision = {"organ": "KF", "paragraf": "§ 1", "beslutsdatum": "2025-11-24", "belopp_enhet": "tkr"}
    rows = [
        {"enhet": enhet, "avser": avser, "kod": kod, "belopp": Decimal(belopp), "benamning": kod, **decision}
        for (avser, enhet, kod), belopp in BUDGET.items()
    ]
    return write_register(workplace.budgetregister, workplace.kommun, 2026, {"beslutad_budget": rows})


def values_of(month: int) -> Values:
    """A sound return: utfall grows with the month, the prognos stays."""
    values: Values = {
        ("start", "ifylld_av_roll", "varde"): "förvaltningsekonom",
        ("start", "ifylld_datum", "varde"): f"2026-{month + 1:02d}-08",
        ("start", "status", "varde"): "klar",
        ("kommentarer", "TEK|drift|helhet", "orsak"): ORSAK[month],
        ("kommentarer", "TEK|drift|helhet", "atgard"): "Vakanser tillsätts till sommaren.",
    }
    for (avser, enhet, kod), budget in BUDGET.items():
        row = f"{enhet}|{kod}"
        values |= _amounts(avser, row, budget, _OFF.get(kod, 0), month)
    for kod, share in (("gata", 3), ("park", 1)):
        values |= _amounts("drift_verksamhet", f"TEK|{kod}", -5400 * share // 4, 0, month)
        values["drift_verksamhet", f"TEK|{kod}", "budget"] = Decimal(-5400 * share // 4)
    values["drift_verksamhet", "TEK|park", "prognos"] -= 70
    values["drift_verksamhet", "TEK|park", "utfall"] -= month + 5
    values |= {
        ("volymer", "TEK|0410", serie): Decimal(900)
        for serie in ("budget", "periodbudget", "utfall", "utfall_fg_ar", "prognos")
    }
    values |= {
        ("investeringar", "VA|inventarier", serie): "ej tillämpligt"
        for serie in ("periodbudget", "utfall", "utfall_fg_ar", "prognos")
    }
    return values


def _amounts(avser: str, row: str, budget: int, off: int, month: int) -> Values:
    series = {
        "periodbudget": budget * month // 12,
        "utfall": budget * month // 12 + (off and -month),
        "prognos": budget + off,
    }
    return {
        (avser, row, serie): Decimal(value)
        for serie, value in {**series, "utfall_fg_ar": budget * month // 12 + 1}.items()
    }


OWN = FreeRow(
    "drift", "TEK",
    {
        "kod": "skador", "benamning": "Skador", "grupp": "kostnader",
        "utfall": Decimal(-5), "periodbudget": Decimal(0), "prognos": Decimal(-20),
    },
)  # fmt: skip


def template(workplace: Workplace, period: Period) -> bytes:
    """The förvaltning's template as it goes out."""
    return uncommented_template(workplace, "TEK", period)


def filled(
    workplace: Workplace, values: Values, period: Period, free: tuple[FreeRow, ...] = (OWN,), blank: bytes = b""
) -> bytes:
    """The förvaltning's return: the period's template (``blank`` when it is made already) with these values."""
    return fill_template(blank or template(workplace, period), RETUR, workplace.kommun, values, free)


@cache
def _layout() -> Workbook:
    """A template as openpyxl reads it: every template of the kommun has its cells in the same places."""
    kommun = Kommun.model_validate_json(kommun_as_json())
    return load_workbook(io.BytesIO(write_template(RETUR, kommun, "TEK", APRIL, {})))


@cache
def place(table: str, row: str, column: str) -> str:
    """The coordinate of a cell by its keys; ``fri0`` is TEK's first free row, column ``_nyckel`` the hidden key."""
    sheet = _layout()[RETUR.table(table).sheet]
    keys = {cell.value: cell.row for cell in sheet["A"] if cell.value}
    letter = next(cell.column_letter for cell in sheet[keys["_nyckel"]] if cell.value == column)
    unlocked = [cell.row for cell in sheet["B"] if cell.row > keys["_nyckel"] and not cell.protection.locked]
    free = [number for number in unlocked if not sheet.cell(number, 1).value]
    return f"{letter}{free[int(row.removeprefix('fri'))] if row.startswith('fri') else keys[row]}"


def cell(table: str, row: str, column: str, content: Content) -> Change:
    """Any content in one cell, locked or not."""
    return cells(table, {(row, column): content})


def cells(table: str, contents: Mapping[tuple[str, str], Content]) -> Change:
    return lambda book: set_cells(
        book,
        RETUR.table(table).sheet,
        {place(table, row, column): content for (row, column), content in contents.items()},
    )


def workbook(change: Callable[[Workbook], object]) -> Change:
    """A change in openpyxl, with the sums' values in place of their formulas, since openpyxl can't keep both."""

    def changed(content: bytes) -> bytes:
        book = load_workbook(io.BytesIO(content), data_only=True)
        change(book)
        saved = io.BytesIO()
        book.save(saved)
        return saved.getvalue()

    return changed
