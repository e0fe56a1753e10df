"""Reads a facts file of a closing of the books: rows of the bokslut's workbook, as a source prints them.

Amounts are text ("-57 455", "0,3"), understood by the same rules as a cell of a workbook; what the source lacks is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from data_contracts.contract import ColumnKind, Contract
from transforms.belopp import NotANumber, is_not_applicable, parse_number
from transforms.figures import KOMMUNEN
from transforms.period import Period
from transforms.raw_retur import CellKind, RawCell
from transforms.template_rows import CellValue

Row = dict[str, CellValue | None]


class BookFactsError(ValueError):
    """E012: the facts file can't be read as one. Names file, table and row, and what to do."""


def load_book_facts(path: Path, contract: Contract) -> tuple[Period, dict[str, list[Row]]]:
    """The period, and the rows of each table of the workbook, with the source on each.

    Raises:
        BookFactsError: E012, the file is not YAML, or names a table or column that the contract has not, or an amount is no number.
    """
    try:
        raw = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        source, tables = raw["kalla"], raw["tabeller"]
        period = Period.parse(raw["period"])
    except (YAMLError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise BookFactsError(f"E012 {path}: filen är ingen faktafil för ett bokslut ({reason}). Rätta den.") from error
    return period, {name: [_row(path, contract, name, row, source) for row in rows] for name, rows in tables.items()}


def _row(path: Path, contract: Contract, table: str, row: Mapping[str, Any], source: Mapping[str, Any]) -> Row:
    try:
        kinds = {column.name: column.kind for column in contract.table(table).columns}
        values: Row = {name: _value(kinds[name], str(value)) for name, value in row.items()}
    except (KeyError, NotANumber) as error:
        raise BookFactsError(f"E012 {path}, {table}, raden {row.get('kod')}: {error}. Rätta faktafilen.") from error
    values.setdefault("enhet", KOMMUNEN)
    values["kalla"] = str(source["titel"])
    if "belopp_enhet" in kinds:
        values.setdefault("belopp_enhet", str(source["belopp_enhet"]))
    return values


def _value(kind: ColumnKind, text: str) -> CellValue | None:
    if kind not in (ColumnKind.BELOPP, ColumnKind.ANTAL) or is_not_applicable(text):
        return text
    return parse_number(RawCell("", CellKind.TEXT, text))
