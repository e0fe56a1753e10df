"""Reading a returned workbook: safely, by key, with every finding about its form. Nothing a sender can send raises."""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Mapping

from openpyxl import Workbook, load_workbook

from adapters.workbook_reader.cells import raw_cell, read_grid
from adapters.workbook_reader.container import inspect
from adapters.workbook_reader.sheets import SheetReading
from data_contracts.contract import Contract
from data_contracts.felkoder import Felkod
from data_contracts.findings import Finding
from transforms.raw_retur import CellKind, RawRetur, RawTable
from transforms.template_rows import LIST_SHEET


def read_workbook(content: bytes, file_name: str, contract: Contract, felkoder: Mapping[str, Felkod]) -> RawRetur:
    """A workbook as read by the keys of its contract, with the findings about its form (E110–E133).

    The bytes decide what the file is, never its name. Sheets that the contract demands are missed here; sheets that only some
    förvaltningar have are judged by ``transforms.template_rows.missing_sheets`` when the förvaltning is known.

    Args:
        content: the bytes as received.
        file_name: for the findings only.
        felkoder: the catalogue that the findings' texts are taken from.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    refusal = inspect(content)
    if refusal is not None:
        finding = felkoder[refusal.code].finding(file=file_name, **refusal.values)  # type: ignore[arg-type]
        return RawRetur(file_name, sha256, (), (finding,))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            values = load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
            formulas = load_workbook(io.BytesIO(content), data_only=False, keep_links=False)
        tables, findings = _read_sheets(values, formulas, file_name, contract, felkoder)
    except Exception as error:  # noqa: BLE001 - what a foreign file makes the parser raise has no bounds, and the closing must go on
        orsak = f"arbetsbokens delar hänger inte ihop ({type(error).__name__})"
        return RawRetur(file_name, sha256, (), (felkoder["E113"].finding(file=file_name, orsak=orsak),))
    return RawRetur(file_name, sha256, tables, findings)


class StoredWorkbook:
    """A workbook that was taken in before, opened again to prove what stood in its cells."""

    def __init__(self, content: bytes) -> None:
        """``content``: stored bytes, whose hash has been checked; they are within the limits since they were taken in."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._values = load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
            self._formulas = load_workbook(io.BytesIO(content), data_only=False, keep_links=False)

    def raw_content(self, sheet: str, coordinate: str) -> str | None:
        """What stands in a cell, as the reading took it: the value's text, or the formula where no value is stored.

        None when the sheet is not there.
        """
        if sheet not in self._values.sheetnames:
            return None
        cell = raw_cell(self._values[sheet][coordinate], self._formulas[sheet][coordinate])
        return cell.formula if cell.kind is CellKind.FORMEL_UTAN_VARDE else cell.text


def _read_sheets(
    values: Workbook, formulas: Workbook, file_name: str, contract: Contract, felkoder: Mapping[str, Felkod]
) -> tuple[tuple[RawTable, ...], tuple[Finding, ...]]:
    by_name = {sheet.title: sheet for sheet in formulas.worksheets}
    tables: list[RawTable] = []
    findings: list[Finding] = []
    for table in contract.tables:
        if table.sheet not in by_name:
            if table.required:
                there = ", ".join(formulas.sheetnames) or "inga"
                findings.append(felkoder["E120"].finding(file=file_name, sheet=table.sheet, finns=there))
            continue

        def report(code: str, *, cell: str, found: str, sheet: str = table.sheet, **more: object) -> Finding:
            return felkoder[code].finding(file=file_name, sheet=sheet, cell=cell, found=found, **more)  # type: ignore[arg-type]

        grid = read_grid(values[table.sheet], by_name[table.sheet])
        reading = SheetReading(table, grid, report)
        read = reading.read(by_name[table.sheet])
        if read is not None:
            tables.append(read)
        findings.extend(reading.findings)
    findings.extend(_foreign_sheets(formulas, file_name, contract, felkoder))
    return tuple(tables), tuple(findings)


def _foreign_sheets(
    workbook: Workbook, file_name: str, contract: Contract, felkoder: Mapping[str, Felkod]
) -> list[Finding]:
    """A note per sheet that the contract does not have: hidden ones, and visible ones with content."""
    declared = {table.sheet for table in contract.tables} | {LIST_SHEET}
    notes: list[Finding] = []
    for sheet in (*workbook.worksheets, *workbook.chartsheets):
        hidden = getattr(sheet, "sheet_state", "visible") != "visible"
        if sheet.title not in declared and (hidden or getattr(sheet, "_cells", True)):
            notes.append(felkoder["E127" if hidden else "E133"].finding(file=file_name, sheet=sheet.title))
    return notes
