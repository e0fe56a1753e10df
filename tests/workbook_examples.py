"""Workbooks for tests: the example kommun's returns, filled in, and ways to spoil them."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from decimal import Decimal
from functools import cache

from openpyxl import Workbook, load_workbook

from adapters.contract_files import load_contract, load_felkoder
from adapters.workbook_fill import fill_template
from adapters.workbook_reader import read_workbook
from adapters.workbook_template import write_template
from tests.kommun_example import example_kommun
from transforms.period import Period
from transforms.template_rows import FreeRow

APRIL = Period(2026, 4)
BUDGET = {
    ("drift", "TEK|taxor", "budget"): Decimal("1234.5"),
    ("drift", "TEK|personal", "budget"): Decimal(-12500),
    ("drift", "TEK|kommunbidrag", "budget"): Decimal(15000),
    ("investeringar", "VA|fastigheter", "budget"): Decimal(8000),
}
VALUES = {
    ("start", "ifylld_av_roll", "varde"): "Förvaltningsekonom",
    ("start", "ifylld_datum", "varde"): dt.date(2026, 5, 7),
    ("start", "status", "varde"): "klar",
    ("drift", "TEK|taxor", "prognos"): Decimal(1200),
    ("drift", "TEK|taxor", "utfall"): Decimal("0.1"),
    ("drift", "TEK|ovriga_intakter", "utfall"): Decimal("0.2"),
    ("drift", "TEK|personal", "prognos"): Decimal("-13000.5"),
    ("drift", "TEK|kommunbidrag", "prognos"): Decimal(15000),
    ("drift", "VA|reglering", "prognos"): Decimal(0),
    ("investeringar", "VA|fastigheter", "prognos"): Decimal("7500.25"),
    ("kommentarer", "TEK|drift|helhet", "orsak"): "=1+1 är ingen formel, inte heller +46, -1 eller @x",
    ("kommentarer", "TEK|drift|helhet", "klardatum"): dt.date(2026, 9, 30),
}
FREE = (
    FreeRow("drift", "TEK", {"kod": "skador", "benamning": "Skador", "grupp": "kostnader", "prognos": Decimal(-250)}),
    FreeRow("drift", "TEK", {"kod": "0410", "benamning": "Gåva", "grupp": "intakter", "prognos": Decimal("50.5")}),
    FreeRow("kommentarer", "VA", {"avser": "drift", "kod": "reglering", "orsak": "Hög förbrukning"}),
)


@cache
def template(forvaltning_kod: str = "TEK") -> bytes:
    """The example kommun's template for April 2026."""
    prefill = BUDGET if forvaltning_kod == "TEK" else {}
    return write_template(load_contract("manadsretur"), example_kommun(), forvaltning_kod, APRIL, prefill)


@cache
def filled() -> bytes:
    """TEK's return, filled in."""
    return fill_template(template(), load_contract("manadsretur"), example_kommun(), VALUES, FREE)


def read(content, name="retur.xlsx", contract="manadsretur"):
    """The workbook as our reader reads it."""
    return read_workbook(content, name, load_contract(contract), load_felkoder())


def codes(content, name="retur.xlsx"):
    """The codes of the findings, sorted, each once."""
    return sorted({finding.code for finding in read(content, name).findings})


def by_key(table):
    """Rows by hidden key (the keyed ones)."""
    return {row.key: row.cells for row in table.rows if row.key}


def edited(change, content=None) -> bytes:
    """The workbook after ``change(workbook)`` in openpyxl, saved."""
    workbook: Workbook = load_workbook(io.BytesIO(filled() if content is None else content))
    change(workbook)
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def repacked(content=None, *, add=(), change=(), drop=(), compression=zipfile.ZIP_DEFLATED) -> bytes:
    """The zip with parts added (name, bytes), changed (name, function) or dropped (name)."""
    changes = dict(change)
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(filled() if content is None else content)) as old,
        zipfile.ZipFile(packed, "w", compression) as new,
    ):
        for name in old.namelist():
            if name not in drop:
                new.writestr(name, changes.get(name, bytes)(old.read(name)))
        for name, part in add:
            new.writestr(name, part)
    return packed.getvalue()
