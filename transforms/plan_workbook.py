"""A målplan as rows of a workbook, and rows back as a plan: the same plan either way.

Both directions know of the sheets only what ``data_contracts/malplan.odcs.yaml`` says. A blank cell leaves a field to its default.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pandas as pd

from data_contracts.contract import ColumnKind, Contract, Table
from data_contracts.kommun import Kommun
from data_contracts.malplan import Malplan
from transforms.schemas import rows_of
from transforms.template_rows import CellValue, StartField

Loc = tuple[str | int, ...]
Place = tuple[str, str]
Row = dict[str, Any]

LISTED = {"bidrar": ",", "motstrider": ",", "avser": ",", "forutsattningar": "\n"}
"""Columns that hold several values, and what stands between them."""
FLAGS = ("strikt", "konsuppdelad", "standardniva")
COVER = {
    "namn": "Planens namn", "version": "Version", "beslut_organ": "Beslutande organ", "beslut_datum": "Beslutsdatum (ÅÅÅÅ-MM-DD)",
    "beslut_paragraf": "Beslutets paragraf", "max_mal": "Fler mål än så ger en varning", "las": "Planens lås (skrivs av programmet)",
}  # fmt: skip
"""What the cover says of the plan, beside kommun, year and contract."""
_RENAMED = {"antal_decimaler": "decimaler", "andel_uppfylld": "andel_uppfylld_bp", "andel_delvis": "andel_delvis_bp",
            "lagsta_tackning": "lagsta_tackning_bp"}  # fmt: skip
"""Columns whose field in the plan is called otherwise; those in bp are shown in procent."""


def plan_fields(contract: Contract, kommun: Kommun, ar: int, plan: Malplan | None) -> tuple[StartField, ...]:
    """The cover of a plan's workbook; what the economy office fills in is blank where there is no plan yet."""
    known: Mapping[str, str | None] = {} if plan is None else _cover(plan)
    return (
        StartField("kommun_kod", "Kommunens kod", kommun.kod),
        StartField("kommun_namn", "Kommun", kommun.namn),
        StartField("ar", "År", str(ar)),
        StartField("kontrakt_id", "Kontrakt", contract.id),
        StartField("kontrakt_version", "Kontraktets version", contract.version),
        *(StartField(name, label, known.get(name)) for name, label in COVER.items()),
    )


def _cover(plan: Malplan) -> dict[str, str | None]:
    decided = plan.beslut
    return {
        "namn": plan.namn,
        "version": str(plan.version),
        "beslut_organ": decided.organ if decided else None,
        "beslut_datum": decided.datum.isoformat() if decided else None,
        "beslut_paragraf": decided.paragraf if decided else None,
        "max_mal": str(plan.max_mal),
        "las": plan.las or None,
    }


def plan_rows(plan: Malplan, contract: Contract) -> dict[str, list[dict[str, CellValue | None]]]:
    """The rows of every sheet but the cover, by table, in the plan's order."""
    parts = {
        "mal": [part.model_dump() for part in plan.mal],
        "indikatorer": [_flat(part.model_dump()) for part in plan.indikatorer],
        "malvarden": [
            {"indikator": part.kod, "ar": ar, **mal.model_dump()}
            for part in plan.indikatorer
            for ar, mal in part.malvarden.items()
        ],
        "historik": [
            {"indikator": part.kod, **value.model_dump()} for part in plan.indikatorer for value in part.historik
        ],
        "aktiviteter": [part.model_dump() for part in plan.aktiviteter],
        "leveranser": [
            {"aktivitet": part.kod, **leverans.model_dump()}
            for part in plan.aktiviteter
            for leverans in part.leveranser
        ],
        "effekter": [part.model_dump() for part in plan.effekter],
        "regler": [part.model_dump() for part in plan.regler],
        "regel_per_niva": [{"niva": niva.value, "regel": kod} for niva, kod in plan.regel_per_niva.items()],
        "lagesord": [
            {"rapport": rapport, "lage": lage, "ord": ord_}
            for rapport, words in (("prognos", plan.lagesord.prognos), ("dom", plan.lagesord.dom))
            for lage, ord_ in words.items()
        ],
        "andringar": [{**part.model_dump(), **part.beslut.model_dump()} for part in plan.andringar],
    }
    return {name: [_cells(row, contract.table(name)) for row in rows] for name, rows in parts.items()}


def _flat(row: Row) -> Row:
    """An indikator with its yellow limit in two columns."""
    yellow = row["gul"] or {}
    return {**row, "gul_slag": yellow.get("slag"), "gul_varde": yellow.get("varde")}


def _cells(row: Row, table: Table) -> dict[str, CellValue | None]:
    return {
        column.name: _cell(row.get(_RENAMED.get(column.name, column.name)), column.name, column.kind)
        for column in table.columns
    }


def _cell(value: Any, name: str, kind: ColumnKind) -> CellValue | None:
    if value is None or value in ("", ()):
        return None
    if name in LISTED:
        return f"{LISTED[name]} ".replace("\n ", "\n").join(value)
    if name in FLAGS:
        return "ja" if value else "nej"
    if kind is ColumnKind.ANTAL:
        return Decimal(value) / 100 if name in _RENAMED and name != "antal_decimaler" else Decimal(value)
    if kind is ColumnKind.DATUM and isinstance(value, dt.date):
        return value
    return str(value)


@dataclass(frozen=True, slots=True)
class Laestplan:
    """A workbook's content in the form of ``malplan/ÅÅÅÅ.yaml``, and the sheet and cell that each part of it stands in."""

    data: dict[str, Any]
    places: dict[Loc, Place] = field(default_factory=dict)

    def place(self, loc: Sequence[str | int]) -> Place:
        """Where a part of the plan stands: its own cell, or the nearest part around it that has one."""
        path = tuple(loc)
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, ("", ""))


def read_plan(
    frames: Mapping[str, pd.DataFrame], cover: Mapping[str, tuple[str, Place]], contract: Contract
) -> Laestplan:
    """The plan that a workbook's rows say, as plain data for ``Malplan``.

    Args:
        frames: by table, as ``transforms.conversion`` makes them.
        cover: text and place of each field of the sheet Start.
    """
    read = Laestplan(_cover_data(cover), {(name,): place for name, (_, place) in cover.items()})
    for name in ("mal", "indikatorer", "aktiviteter", "effekter", "regler", "andringar"):
        rows = list(_typed(frames, contract.table(name)))
        read.data[name] = [values for values, _ in rows]
        for number, (_, cells) in enumerate(rows):
            read.places[name, number] = next(iter(cells.values()), ("", ""))
            read.places.update({(name, number, _RENAMED.get(column, column)): cell for column, cell in cells.items()})
    _fold_changes(read)
    _fold_yellow(read)
    _fold_values(read, frames, contract)
    _fold_deliveries(read, frames, contract)
    read.data["regel_per_niva"] = {
        row["niva"]: row.get("regel") for row, _ in _typed(frames, contract.table("regel_per_niva"))
    }
    words: dict[str, dict[str, Any]] = {}
    for row, cells in _typed(frames, contract.table("lagesord")):
        words.setdefault(row["rapport"], {})[row["lage"]] = row.get("ord")
        read.places["lagesord", row["rapport"], row["lage"]] = cells["ord"]
    read.data["lagesord"] = words
    return read


def _cover_data(cover: Mapping[str, tuple[str, Place]]) -> dict[str, Any]:
    said = {name: text for name, (text, _) in cover.items() if text}
    data: dict[str, Any] = {
        "schema_version": 1,
        **{name: said[name] for name in ("ar", "namn", "version", "max_mal", "las") if name in said},
    }
    decided = {name.removeprefix("beslut_"): text for name, text in said.items() if name.startswith("beslut_")}
    return {**data, "beslut": decided} if decided else data


def _typed(frames: Mapping[str, pd.DataFrame], table: Table) -> Iterator[tuple[Row, dict[str, Place]]]:
    """Each row's values by field, those that are there, and every column's place."""
    frame = frames.get(table.name)
    for row in () if frame is None else rows_of(frame):
        values: Row = {}
        for column in table.columns:
            value = row[column.name]
            if value is None:
                continue
            if column.kind is ColumnKind.ANTAL and column.name not in _RENAMED:
                places = row["decimaler"] if column.decimals is None else column.decimals
                value = Decimal(value).scaleb(-(places or 0))
            elif column.name in LISTED:
                value = [part.strip() for part in value.split(LISTED[column.name]) if part.strip()]
            elif column.name in FLAGS:
                value = {"ja": True, "nej": False}.get(value, value)
            values[_RENAMED.get(column.name, column.name)] = value
        yield values, {column.name: (str(row["blad"]), str(row[f"{column.name}_cell"])) for column in table.columns}


def _fold_changes(read: Laestplan) -> None:
    for change in read.data["andringar"]:
        change["beslut"] = {name: change.pop(name) for name in ("organ", "datum", "paragraf") if name in change}


def _fold_yellow(read: Laestplan) -> None:
    """gul_slag and gul_varde as one limit."""
    for number, part in enumerate(read.data["indikatorer"]):
        yellow = {name: part.pop(f"gul_{name}") for name in ("slag", "varde") if f"gul_{name}" in part}
        if yellow:
            part["gul"] = yellow
        for name in ("slag", "varde"):
            read.places["indikatorer", number, "gul", name] = read.places["indikatorer", number, f"gul_{name}"]
        read.places["indikatorer", number, "gul"] = read.places["indikatorer", number, "gul_slag"]


def _fold_values(read: Laestplan, frames: Mapping[str, pd.DataFrame], contract: Contract) -> None:
    """Målvärden and earlier values under their indikator. Those of an unknown indikator are told of by ``orphans``."""
    numbers = {part["kod"]: number for number, part in enumerate(read.data["indikatorer"])}
    for row, cells in _typed(frames, contract.table("malvarden")):
        number = numbers.get(row.pop("indikator"))
        if number is not None:
            ar = row.pop("ar")
            read.data["indikatorer"][number].setdefault("malvarden", {})[ar] = row
            for key in (ar, int(ar) if ar.isdecimal() else ar):
                read.places["indikatorer", number, "malvarden", key] = cells["varde"]
    for row, cells in _typed(frames, contract.table("historik")):
        number = numbers.get(row.pop("indikator"))
        if number is not None:
            listed = read.data["indikatorer"][number].setdefault("historik", [])
            read.places["indikatorer", number, "historik", len(listed)] = cells["varde"]
            listed.append(row)


def _fold_deliveries(read: Laestplan, frames: Mapping[str, pd.DataFrame], contract: Contract) -> None:
    numbers = {part["kod"]: number for number, part in enumerate(read.data["aktiviteter"])}
    for row, cells in _typed(frames, contract.table("leveranser")):
        number = numbers.get(row.pop("aktivitet", None))
        if number is not None:
            listed = read.data["aktiviteter"][number].setdefault("leveranser", [])
            place = ("aktiviteter", number, "leveranser", len(listed))
            read.places[place] = cells["kod"]
            read.places.update({(*place, name): cell for name, cell in cells.items()})
            listed.append(row)


LINKS = (
    ("malvarden", "indikator", ("indikatorer",)), ("historik", "indikator", ("indikatorer",)),
    ("leveranser", "aktivitet", ("aktiviteter",)),
    ("mal", "over", ("mal",)), ("mal", "regel", ("regler",)), ("indikatorer", "mal", ("mal",)), ("effekter", "indikator", ("indikatorer",)),
    ("aktiviteter", "leder_till", ("mal", "effekter")), ("effekter", "leder_till", ("mal", "effekter")),
    ("regel_per_niva", "regel", ("regler",)),
)  # fmt: skip
"""By table and column: the tables one of whose codes it names."""


def orphans(frames: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, Place]]:
    """Cells that name what the workbook does not have: the code, and its place. Told of even when the plan as a whole can't be judged."""
    codes = {
        name: {row["kod"] for row in rows_of(frames[name])}
        for name in ("mal", "indikatorer", "aktiviteter", "effekter", "regler")
    }
    for table, column, owners in LINKS:
        known = {kod for owner in owners for kod in codes[owner]}
        for row in rows_of(frames[table]):
            if row[column] is not None and row[column] not in known:
                yield str(row[column]), (str(row["blad"]), str(row[f"{column}_cell"]))
