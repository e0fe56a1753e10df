"""Before the rules run: what each row is measured by (known codes, expected rows, own sums, the register) stands beside it.

The contract's YAML says which rules there are; here is only what they compare with. Nothing is judged here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from data_contracts.contract import Contract
from data_contracts.frames import frame_columns
from data_contracts.kommun import Kommun
from data_contracts.periodisering import MANUELL
from transforms.control_rows import (
    amount_rows,
    avvikelse_rows,
    budget_rows,
    expected_rows,
    sum_rows,
    verksamhet_rows,
    volume_rows,
)
from transforms.control_sheets import Row, Sheets, declared_rows, text_of, yes_no
from transforms.conversion import parse_date
from transforms.earlier import NO_EARLIER, Earlier
from transforms.follow_up_preparation import FOLLOW_UP_COLUMNS
from transforms.goal_preparation import GOAL_COLUMNS
from transforms.period import Period
from transforms.period_budget import MANADSKOLUMNER
from transforms.personal_checks import division_rows, group_rows, number_rows
from transforms.personal_data import has_personnummer
from transforms.plausibility import blocks_of_returns, comment_columns, forecast_rows, is_new, magnitude_rows
from transforms.template_rows import HELHET
from transforms.typed_rows import Frames

Budgets = Mapping[tuple[str, str, str], int | None]
"""Aktuell budget in öre by (enhet, avser, kod): the entered rows of drift and investeringar, result-signed as in the register."""


CONTROL_ROWS: Mapping[str, Callable[[Sheets], Iterator[Row]]] = {
    "belopp": amount_rows,
    "volymtal": volume_rows,
    "summor": sum_rows,
    "verksamhetssummor": verksamhet_rows,
    "budgetrader": budget_rows,
    "storleksordning": magnitude_rows,
    "vantade_rader": expected_rows,
    "prognoser": forecast_rows,
    "avvikelser": avvikelse_rows,
    "personaltal": number_rows,
    "personalgrupper": group_rows,
    "personalindelningar": division_rows,
}
"""What fills each control table."""

_OWN_COLUMNS = {**GOAL_COLUMNS, **FOLLOW_UP_COLUMNS}


def prepare(
    frames: Frames,
    contract: Contract,
    kommun: Kommun,
    forvaltning_of_retur: Mapping[str, str],
    budgets: Budgets | None,
    period: Period,
    earlier: Earlier = NO_EARLIER,
    periodbudgets: Budgets | None = None,
) -> Frames:
    """The frames that the rules of the månadsretur run on: every sheet with its computed columns, and the control tables.

    As ``sheets_of`` and ``frames_of`` in one.
    """
    return frames_of(sheets_of(frames, contract, kommun, forvaltning_of_retur, budgets, period, earlier, periodbudgets))


def sheets_of(
    frames: Frames,
    contract: Contract,
    kommun: Kommun,
    forvaltning_of_retur: Mapping[str, str],
    budgets: Budgets | None,
    period: Period,
    earlier: Earlier = NO_EARLIER,
    periodbudgets: Budgets | None = None,
) -> Sheets:
    """Every sheet's rows with what they are measured by and their computed columns.

    Args:
        frames: per sheet, the rows of all returns of the period (``conversion.stack``).
        forvaltning_of_retur: whose return each sha256 is.
        budgets: aktuell budget out of the register; None when the kommun has no register for the year (then nothing is compared).
        earlier: the returns of the year's earlier closings; a förvaltning without any is not compared with last month.
        periodbudgets: the period's budget out of the register; None when the kommun takes it from the returns.
    """
    rows = {table.name: frames.rows(table.name) for table in contract.tables}
    for name in rows:
        rows[name] = [{**row, **_sender(row, forvaltning_of_retur, period)} for row in rows[name]]
    given = _Given(
        kommun,
        period,
        {forvaltning.kod: frozenset(forvaltning.enheter) for forvaltning in kommun.forvaltningar},
        frozenset(table.name for table in contract.tables if table.free_rows),
        cache(partial(declared_rows, kommun)),
        {name: frozenset(_key(row) for row in rows[name]) for name in rows if name != "start"},
    )
    judged = {name: [{**row, **_retur_columns(name, row, given)} for row in rows[name]] for name in rows}
    sheets = Sheets(judged, contract, kommun, budgets, period, dict(forvaltning_of_retur), earlier, periodbudgets)
    blocks = blocks_of_returns(sheets)
    for row in judged["kommentarer"]:
        row |= comment_columns(sheets, blocks.get(row["retur"], ()), row)
    for row in judged["start"]:
        row |= {"ny_sedan_forra": is_new(sheets, blocks.get(row["retur"], ()), row)}
    return sheets


def frames_of(sheets: Sheets) -> Frames:
    """One frame per table and control of the contract, with ``frame_columns`` exactly."""
    contract = sheets.contract
    controls = {control.name: list(CONTROL_ROWS[control.name](sheets)) for control in contract.controls}
    return _frames(contract, {**sheets.rows, **controls})


def prepare_register(frames: Frames, contract: Contract, kommun: Kommun, period: Period) -> Frames:
    """As ``prepare``, for the budget register."""
    rows = {table.name: frames.rows(table.name) for table in contract.tables}
    alike = {name: _by_key(rows[name]) for name in ("beslutad_budget", "periodbudget")}
    judged = {
        name: [
            {**row, **_sender(row, {}, period), **_register_columns(name, row, alike, kommun, period)} for row in listed
        ]
        for name, listed in rows.items()
    }
    return _frames(contract, judged)


def _frames(contract: Contract, rows: Mapping[str, list[Row]]) -> Frames:
    return Frames({table.name: frame_columns(table) for table in (*contract.tables, *contract.controls)}, rows)


def _sender(row: Row, forvaltning_of_retur: Mapping[str, str], period: Period) -> Row:
    return {"forvaltning": forvaltning_of_retur.get(str(row["retur"]), ""), "period": str(period)}


def _key(row: Row) -> tuple[Any, ...]:
    return row["retur"], row["enhet"], row["kod"]


@dataclass(frozen=True, slots=True)
class _Given:
    """What the rows of all returns are measured by, looked up once for all of them.

    Attributes:
        enheter: codes per förvaltning.
        may_own: the tables where a sender may add rows.
        declared: the rows that the configuration gives an enhet in a table (``declared_rows``).
        entered: retur, enhet and kod of the rows in each table.
    """

    kommun: Kommun
    period: Period
    enheter: Mapping[str, frozenset[str]]
    may_own: frozenset[str]
    declared: Callable[[str, str], dict[str, str]]
    entered: Mapping[str, frozenset[tuple[Any, ...]]]


def _retur_columns(name: str, row: Row, given: _Given) -> Row:
    if name == "start":
        return {"datum_giltigt": _date_ok(row)}
    columns: Row = {"enhet_hor_till": yes_no(row["enhet"] in given.enheter.get(row["forvaltning"], ()))}
    if name == "kommentarer":
        return columns | _kommentar_columns(row, given)
    declared = given.declared(row["enhet"], name)
    own_row = name in given.may_own and not text_of(row["nyckel"]) and row["kod"] not in declared
    columns |= {"rad_slag": "fri" if own_row else "mall", "kod_kand": yes_no(own_row or row["kod"] in declared)}
    if name in _OWN_COLUMNS:
        columns |= _OWN_COLUMNS[name](row, given.kommun, given.period)
    if "grupp" in row:
        sums = {kod for kod, typ in declared.items() if typ == "summa"}
        columns["grupp_kand"] = yes_no(row["grupp"] in sums) if own_row and text_of(row["grupp"]) else None
    return columns


def _date_ok(row: Row) -> str | None:
    """Whether the cover sheet's date exists; missing for every other field and for a blank one."""
    if row["falt"] != "ifylld_datum" or not text_of(row["varde"]):
        return None
    try:
        return yes_no(parse_date(text_of(row["varde"])))
    except ValueError:
        return "nej"


def _kommentar_columns(row: Row, given: _Given) -> Row:
    avser = text_of(row["avser"])
    known = row["kod"] == HELHET or row["kod"] in given.declared(row["enhet"], avser)
    known = known or _key(row) in given.entered.get(avser, ())
    due = text_of(row["klardatum"])
    first_day = dt.date(given.period.year, given.period.month, 1).isoformat()
    return {
        "kod_kand": yes_no(known),
        "klardatum_rimligt": yes_no(due >= first_day) if due else None,
        **_personnummer(row),
    }


def _personnummer(row: Row) -> Row:
    return {f"{column}_personnummer": yes_no(has_personnummer(text_of(row[column]))) for column in ("orsak", "atgard")}


def _register_columns(
    name: str, row: Row, alike: Mapping[str, Mapping[tuple[Any, ...], list[Row]]], kommun: Kommun, period: Period
) -> Row:
    if name == "start":
        return {"datum_giltigt": None}
    known = {enhet.kod for enhet in kommun.enheter}
    declared = declared_rows(kommun, row["enhet"], text_of(row["avser"]))
    entered = {kod for kod, typ in declared.items() if typ != "rubrik" and (typ != "summa" or name == "bokslut")}
    columns: Row = {"enhet_hor_till": yes_no(row["enhet"] in known), "kod_kand": yes_no(row["kod"] in entered)}
    if name == "anslagsforandringar":
        decided = [other for other in _alike(row, alike["beslutad_budget"]) if text_of(other["belopp_ra"])]
        day = text_of(row["beslutsdatum"])
        columns["budget_finns"] = yes_no(decided)
        columns["datum_rimligt"] = yes_no(day[:4] in (str(period.year), str(period.year - 1))) if day else None
    elif name == "beslutad_budget":
        columns |= _periodised(row, _alike(row, alike["periodbudget"]), kommun)
    elif name == "periodbudget":
        columns |= _months(row, _alike(row, alike["beslutad_budget"]))
    return columns


def _by_key(rows: list[Row]) -> dict[tuple[Any, ...], list[Row]]:
    """The rows by workbook, enhet, avser and kod."""
    by_key: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        by_key.setdefault(_register_key(row), []).append(row)
    return by_key


def _alike(row: Row, by_key: Mapping[tuple[Any, ...], list[Row]]) -> list[Row]:
    return by_key.get(_register_key(row), [])


def _register_key(row: Row) -> tuple[Any, ...]:
    return row["retur"], row["enhet"], row["avser"], row["kod"]


def _periodised(row: Row, months: list[Row], kommun: Kommun) -> Row:
    """Whether the row's key is known, and whether a row that is periodised by hand has its months."""
    nyckel = text_of(row.get("periodisering"))
    if not nyckel:
        return {"nyckel_kand": None, "manader_finns": None}
    known = nyckel == MANUELL or kommun.periodisering.nyckel(nyckel) is not None
    return {
        "nyckel_kand": yes_no(known),
        "manader_finns": yes_no(months) if nyckel == MANUELL else None,
    }


def _months(row: Row, decided: list[Row]) -> Row:
    """Whether the twelve months are all there, sum to the decided budget, and belong to a row that is periodised by hand."""
    months = [row[column] for column in MANADSKOLUMNER]
    whole = all(month is not None for month in months)
    budget = decided[0]["belopp"] if decided else None
    return {
        "manader_hela": yes_no(whole),
        "summa_stammer": yes_no(sum(months) == budget) if whole and budget is not None else None,
        "rad_manuell": yes_no(decided and text_of(decided[0].get("periodisering")) == MANUELL),
    }
