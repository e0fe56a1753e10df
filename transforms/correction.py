"""What a rättelsebok holds: the sender's own values by key in a new workbook, and where in it each finding points.

The sender's rows may stand elsewhere than in the template (rows inserted, moved, sorted); everything is placed by key, never by place.
Nothing that the sender wrote in a field of theirs is lost: rows that the template does not have become own rows, as many as are needed.
A file read by the kommun's own blankett is turned to the template's unit and signs on the way (docs/beslut/, rättelsebok för blanketter).
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from data_contracts.contract import Column, ColumnKind, Contract, Table
from data_contracts.findings import Finding
from data_contracts.kommun import Kommun
from transforms.belopp import ORE_PER_UNIT
from transforms.blankett_grid import number_in
from transforms.blankett_signs import Turned
from transforms.raw_retur import CellKind, RawCell, RawRetur, RawRow, RawTable
from transforms.template_rows import CellValue, RowKind, TemplateRow, template_rows

START = "start"
VALUE = "varde"

SentValue = CellValue | bool | None
Target = tuple[str, int | str, str]
"""Table name; place among the template's rows, or on the cover the field's name; column."""
Rows = Mapping[str, tuple[TemplateRow, ...]]

_CORNER = re.compile(r"([A-Z]{1,3})(\d+)")


@dataclass(frozen=True, slots=True)
class Written:
    """How a blankett's file writes its amounts: their unit, and the rows that stand with the opposite sign."""

    unit: str
    turned: Turned


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding and where it points in the new workbook: nowhere, one cell, or the two ends of an area in one column."""

    finding: Finding
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """All that a rättelsebok is written from.

    Attributes:
        answers: sha256 of the return that it answers; ``file``: that return's name.
        contract: the return's contract, with as many own rows per enhet as the sender needs.
        rows: the rows of each sheet by table name.
        values: what the sender wrote in fields of theirs, by table name and (place among the rows, column); None empties a field that
            the template fills.
        start: what the sender wrote on the cover, by field.
        blankett: the kommun's own blankett that the file was read as; '' for the contract's workbook.
    """

    answers: str
    file: str
    contract: Contract
    rows: Rows
    values: Mapping[str, Mapping[tuple[int, str], SentValue]]
    start: Mapping[str, SentValue]
    marks: tuple[Mark, ...]
    blankett: str = ""


def plan_correction(
    raw: RawRetur,
    findings: Sequence[Finding],
    contract: Contract,
    kommun: Kommun,
    forvaltning_kod: str,
    written: Written | None = None,
) -> Correction:
    """The rättelsebok of a return, with every finding about it, in their order.

    Args:
        written: for a file read by a blankett, how its amounts are written; None for the contract's workbook.
    """
    template = template_rows(contract, kommun, forvaltning_kod)
    sent = {
        table.name: _with_unplaced(contract.table(table.name), table, raw)
        for table in raw.tables
        if table.name in template
    }
    unit = kommun.forvaltning(forvaltning_kod).returenhet
    widened = _with_room(contract, template, sent)
    rows = template_rows(widened, kommun, forvaltning_kod)
    values: dict[str, dict[tuple[int, str], SentValue]] = {}
    found: dict[tuple[str, str], Target] = {}
    row_at: dict[tuple[str, int], Target] = {}
    for name, read in sent.items():
        table = widened.table(name)
        places = _places(read, rows[name])
        values[name] = {}
        for row, place in zip(read.rows, places, strict=True):
            own = row if written is None else _as_template(table, row, written, unit)
            values[name] |= _row_values(table, rows[name][place], place, own)
            placed = {column: cell.coordinate for column, cell in row.cells.items() if cell.coordinate}
            found |= {(read.sheet, coordinate): (name, place, column) for column, coordinate in placed.items()}
            row_at[read.sheet, row.number] = (name, place, table.key[-1])
    start = _start(raw, found)
    marks = tuple(Mark(finding, _targets(finding, found, row_at)) for finding in findings)
    return Correction(raw.sha256, raw.file, widened, rows, values, start, marks, raw.blankett)


def _with_unplaced(table: Table, read: RawTable, raw: RawRetur) -> RawTable:
    """The sheet with the rows that a blankett had no place for; without their budget, which the register alone says."""
    theirs = {column.name for column in table.columns if column.origin != "register"}
    more = [
        replace(row, cells={name: cell for name, cell in row.cells.items() if name in theirs})
        for other in raw.unplaced
        if other.name == table.name
        for row in other.rows
    ]
    return replace(read, rows=(*read.rows, *more)) if more else read


def _as_template(table: Table, row: RawRow, written: Written, unit: str) -> RawRow:
    """A blankett's row with its amounts in the template's unit and signs, exactly; what could not be read stands as it stood."""
    enhet, _, kod = row.key.partition("|")
    sign = -1 if (table.name, enhet, kod) in written.turned else 1
    cells = dict(row.cells)
    for column in table.amount_columns:
        cell = cells.get(column.name)
        number = None if cell is None or "%" in cell.number_format else number_in(cell)
        if cell is not None and number is not None:
            scale = Decimal(ORE_PER_UNIT[written.unit]) / ORE_PER_UNIT[unit] if column.kind is ColumnKind.BELOPP else 1
            cells[column.name] = replace(cell, kind=CellKind.TAL, number=number * sign * scale)
    return replace(row, cells=cells)


def _with_room(contract: Contract, template: Rows, sent: Mapping[str, RawTable]) -> Contract:
    """The contract with as many own rows per enhet as the fullest block of the sender's needs."""
    tables = []
    for table in contract.tables:
        if table.name in sent:
            rows = template[table.name]
            needed = Counter(block for block in _own_blocks(sent[table.name], rows) if block is not None)
            table = replace(table, free_rows=max([table.free_rows, *needed.values()]))
        tables.append(table)
    return replace(contract, tables=tuple(tables))


def _own_blocks(read: RawTable, rows: Sequence[TemplateRow]) -> list[str | None]:
    """Per row of the sender's: the block whose own rows it belongs among, None for a row that the template has.

    A block is an enhet, '' where the enheter share their own rows. The row's enhet says which; where it says none that is there, the
    row stays with the rows above it.
    """
    keys = {row.key for row in rows if row.key}
    blocks = list(dict.fromkeys(row.enhet for row in rows if row.kind is not RowKind.ANVISNING and row.enhet))
    shared = any(row.kind is RowKind.FRI and not row.enhet for row in rows)
    taken: set[str] = set()
    above = blocks[0]
    listed: list[str | None] = []
    for row in read.rows:
        own = row.cells["enhet"].text.strip() if "enhet" in row.cells else ""
        of_key = row.key.partition("|")[0]
        above = next((enhet for enhet in (of_key, own) if enhet in blocks), above)
        if row.key in keys and row.key not in taken:
            taken.add(row.key)
            listed.append(None)
        else:
            listed.append("" if shared else above)
    return listed


def _places(read: RawTable, rows: Sequence[TemplateRow]) -> list[int]:
    """Per row of the sender's: its place among the template's rows."""
    by_key = {row.key: place for place, row in enumerate(rows) if row.key}
    free: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        if row.kind is RowKind.FRI:
            free.setdefault(row.enhet, []).append(place)
    return [
        by_key[row.key] if block is None else free[block].pop(0)
        for row, block in zip(read.rows, _own_blocks(read, rows), strict=True)
    ]


def _row_values(table: Table, target: TemplateRow, place: int, row: RawRow) -> dict[tuple[int, str], SentValue]:
    """What goes into a row: everything into an own row, into a row of the template what its sender fills in."""
    if target.kind is RowKind.SUMMA:
        return {}
    columns = [column for column in table.columns if column.name in row.cells]
    if target.kind is not RowKind.FRI:
        columns = [c for c in columns if c.origin == "forvaltning" and c.name not in target.labels]
    return {(place, column.name): sent_value(column, row.cells[column.name]) for column in columns}


def _start(raw: RawRetur, found: dict[tuple[str, str], Target]) -> dict[str, SentValue]:
    """The cover's values by field; where each stands is added to ``found``."""
    read = next((table for table in raw.tables if table.name == START), None)
    sent: dict[str, SentValue] = {}
    for row in read.rows if read else ():
        if row.key and VALUE in row.cells:
            sent[row.key] = _plain_value(row.cells[VALUE])
            places = [cell.coordinate for cell in row.cells.values() if cell.coordinate]
            found |= {(read.sheet, coordinate): (START, row.key, VALUE) for coordinate in places if read}
    return sent


def sent_value(column: Column, cell: RawCell) -> SentValue:
    """A cell's content as it is copied: what could be read as itself, everything else as the text that stood there.

    A percentage is copied as text ('4,5 %'), so that it is still refused, and never becomes a number of another size.
    """
    if cell.kind is CellKind.TAL and cell.number is not None:
        if column.kind in (ColumnKind.KOD, ColumnKind.TEXT):
            digits = f"{cell.number.normalize():f}"
            return digits.zfill(len(cell.number_format)) if set(cell.number_format) == {"0"} else digits
        if "%" in cell.number_format:
            return f"{(cell.number * 100).normalize():f} %".replace(".", ",")
    return _plain_value(cell)


def _plain_value(cell: RawCell) -> SentValue:
    match cell.kind:
        case CellKind.TOM:
            return None
        case CellKind.TAL:
            return cell.number
        case CellKind.SANT:
            return cell.text == "SANT"
        case CellKind.FORMEL_UTAN_VARDE:
            return cell.formula
        case CellKind.DATUM if re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell.text):
            return dt.date.fromisoformat(cell.text)
    return cell.text


def _targets(
    finding: Finding, found: Mapping[tuple[str, str], Target], row_at: Mapping[tuple[str, int], Target]
) -> tuple[Target, ...]:
    """Where a finding's cell or area is now; its row where the cell was none of the table's; nothing when neither is there."""
    targets: list[Target] = []
    for corner in finding.cell.split(":"):
        match = _CORNER.fullmatch(corner)
        target = found.get((finding.sheet, corner))
        if target is None and match is not None:
            target = row_at.get((finding.sheet, int(match[2])))
        if target is not None:
            targets.append(target)
    if len(targets) == 2 and (targets[0][0], targets[0][2]) != (targets[1][0], targets[1][2]):
        return (targets[0],)
    return tuple(targets)
