"""Published statements, table by table: our sums come out to the printed digit; where the source is wrong the finding names the cell."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from adapters.contract_files import load_bokslutsregler, load_felkoder
from data_contracts.uppstallningsform import Anpassning, Form, adapt, valid_form
from transforms.belopp import ORE_PER_UNIT, parse_number
from transforms.figures import INLAMNAD, Figure, FigureIndex
from transforms.raw_retur import CellKind, RawCell
from transforms.statements.sums import AVRUNDNING, REDOVISAD, Summerad, sum_statement

FOLDER = Path(__file__).parent / "rakenskaper"


def cases() -> list[tuple[str, str]]:
    return [(path.stem, table["id"]) for path in sorted(FOLDER.glob("*.yaml")) for table in read(path.stem)["tabeller"]]


@cache
def read(name: str) -> dict[str, Any]:
    return YAML(typ="safe", pure=True).load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def table_of(name: str, table_id: str) -> dict[str, Any]:
    return next(table for table in read(name)["tabeller"] if table["id"] == table_id)


def form_of(table: dict[str, Any]) -> Form:
    """The law's form as the kommun uses it, or one that the table states itself."""
    if table["form"] == "egen":
        head = {"kod": "egen", "namn": table["id"], "galler_fran": "2000-01-01", "referens": "källan"}
        return Form.model_validate({**head, "teckenregel": "Som i källan.", "rader": table["rader_form"]})
    day = dt.date.fromisoformat(str(table["dag"]))
    form = valid_form(load_bokslutsregler().former, table["form"], day)
    return adapt(form, Anpassning.model_validate(table.get("anpassning", {})))


def ore(text: str, enhet: str) -> int | None:
    """A printed amount in öre; None for a blank or a dash."""
    if text is None or text.strip() in ("", "-", "–"):
        return None
    number = parse_number(RawCell("", CellKind.TEXT, text.rstrip(" %")))
    return int(Decimal(number) * ORE_PER_UNIT[enhet])


def sums_of(form: Form) -> set[str]:
    return {rad.kod for rad in form.rader if rad.is_sum}


def entered(table: dict[str, Any], form: Form) -> FigureIndex:
    """Every printed cell as if someone had entered it: sums as stated sums, what is not printed as not applicable."""
    sums = sums_of(form)
    figures = []
    for place, row in enumerate(table["rader"], start=1):
        for column, (enhet, serie, year) in table["kolumner"].items():
            value = ore(row["tryckt"].get(column), table["enhet"])
            kod = f"{row['kod']}{REDOVISAD}" if row["kod"] in sums else row["kod"]
            figure = Figure(
                "2025-12", enhet, form.kod, kod, serie, row["namn"], value, INLAMNAD, vardear=year, blad=table["id"]
            )
            cell, raw = f"{column}:{place}", row["tryckt"].get(column)
            figures.append(replace(figure, cell=cell, ravarde="ej tillämpligt" if value is None else raw))
    return FigureIndex(figures)


def summed(table: dict[str, Any], form: Form, figures: FigureIndex) -> dict[str, Summerad]:
    step = ORE_PER_UNIT[table["enhet"]] // 10 ** table["decimaler"]
    enheter = dict.fromkeys(enhet for enhet, _, _ in table["kolumner"].values())
    return {kod: sum_statement(figures, form, kod, step, load_felkoder(), table["enhet"]) for kod in enheter}


@pytest.mark.parametrize(("name", "table_id"), cases())
def test_every_printed_sum_comes_out_and_the_wrong_ones_are_named(name: str, table_id: str) -> None:
    table = table_of(name, table_id)
    form = form_of(table)
    results = summed(table, form, entered(table, form))
    told = {finding.cell for result in results.values() for finding in result.findings}
    wrong: dict[tuple[str, str], str] = {}
    for place, row in enumerate(table["rader"], start=1):
        if row["kod"] not in sums_of(form):
            continue
        for column, (enhet, serie, year) in table["kolumner"].items():
            printed = ore(row["tryckt"].get(column), table["enhet"])
            key = (row["kod"], serie, year)
            ours = {(f.rad, f.serie, f.vardear): f.varde for f in results[enhet].figures}.get(key)
            if ours != printed:
                wrong[row["kod"], column] = f"{column}:{place}"
    faults, follow = ({tuple(cell) for cell in table[field]} for field in ("avvikande", "foljd"))
    assert set(wrong) == faults | follow
    assert told == {wrong[cell] for cell in faults}


@pytest.mark.parametrize(("name", "table_id"), cases())
def test_no_rounding_is_larger_than_the_parts_can_give(name: str, table_id: str) -> None:
    """The difference that is shown as the source's rounding stays under half a printed step for each part and the sum."""
    table = table_of(name, table_id)
    form = form_of(table)
    step = ORE_PER_UNIT[table["enhet"]] // 10 ** table["decimaler"]
    for result in summed(table, form, entered(table, form)).values():
        for figure in result.figures:
            if figure.rad.endswith(AVRUNDNING):
                assert 0 < abs(figure.varde) <= step * (len(figure.indata) / 2)


def test_the_cases_are_the_published_tables() -> None:
    assert {name for name, _ in cases()} >= {
        "kungsbacka_2014_resultatrakning",
        "vargarda_2023_balansrakning",
        "malmo_2015_balanskrav",
        "grastorp_2019_noter",
        "vastervik_2020_driftredovisning",
        "tolkformedling_vast_2025_resultatrakning",
        "tolkformedling_vast_2025_kassaflode",
        "tolkformedling_vast_2025_balanskrav",
        "tolkformedling_vast_2025_fem_ar",
        "avrf_2027_resultatbudget",
        "avrf_2027_investeringsbudget",
        "avrf_2027_medlemsbidrag",
    }
