"""Dropdowns: code lists on a hidden sheet or in the rule itself, and the number check that warns but lets a paste through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from adapters.workbook_template.style import cell_at, put_text

LARGEST = "1000000000000000"


class ListSheet:
    """The hidden sheet with one list per column. The same list asked for twice is written once."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._places: dict[tuple[str, ...], str] = {}

    def reference(self, name: str, values: Sequence[str]) -> str:
        """The formula that points at a list of values, written under its name."""
        key = tuple(values)
        if key not in self._places:
            column = len(self._places) + 1
            for row, text in enumerate((name, *values), start=1):
                put_text(cell_at(self._sheet, row, column), text)
            letter = get_column_letter(column)
            self._places[key] = f"'{self._sheet.title}'!${letter}$2:${letter}${len(values) + 1}"
        return self._places[key]


class Validations:
    """The data validations of one sheet, gathered by kind so that each is written once over many ranges."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._rules: dict[tuple[str, str], tuple[DataValidation, list[tuple[int, int]]]] = {}

    def add_list(self, formula: str, row: int, column: int) -> None:
        """Only values of the list."""
        self._add("list", formula, row, column)

    def add_hint_list(self, formula: str, row: int, column: int) -> None:
        """A list to choose from, where a value of the sender's own may be right too."""
        self._add("hint", formula, row, column)

    def add_number(self, row: int, column: int) -> None:
        """A number; warns, so that a paste goes through and the return is judged when it is read."""
        self._add("number", "", row, column)

    def add_date(self, row: int, column: int) -> None:
        """A date; warns."""
        self._add("date", "", row, column)

    def _add(self, kind: str, formula: str, row: int, column: int) -> None:
        if (kind, formula) not in self._rules:
            self._rules[kind, formula] = (_validation(kind, formula), [])
        self._rules[kind, formula][1].append((column, row))

    def write(self) -> None:
        """Hand the gathered rules to the sheet."""
        for validation, cells in self._rules.values():
            for area in _ranges(cells):
                validation.add(area)
            self._sheet.add_data_validation(validation)


def _validation(kind: str, formula: str) -> DataValidation:
    if kind in ("list", "hint"):
        return DataValidation(
            type="list",
            formula1=formula,
            allow_blank=True,
            showErrorMessage=True,
            errorStyle="stop" if kind == "list" else "warning",
            errorTitle="Välj ur listan",
            error="Värdet finns inte i listan.",
        )
    if kind == "date":
        return DataValidation(
            type="date", operator="between", formula1="36526", formula2="73050", allow_blank=True, showErrorMessage=True,
            errorStyle="warning", errorTitle="Inget datum", error="Skriv datum som ÅÅÅÅ-MM-DD.",
        )  # fmt: skip
    return DataValidation(
        type="decimal", operator="between", formula1=f"-{LARGEST}", formula2=LARGEST, allow_blank=True, showErrorMessage=True,
        errorStyle="warning", errorTitle="Inget tal", error="Skriv bara tal, i rubrikens enhet. Lämna tomt om uppgift saknas.",
    )  # fmt: skip


def _ranges(cells: Iterable[tuple[int, int]]) -> list[str]:
    """Cells (column, row) as ranges of unbroken rows within a column."""
    runs: list[list[int]] = []
    for column, row in sorted(cells):
        if runs and runs[-1][0] == column and runs[-1][2] == row - 1:
            runs[-1][2] = row
        else:
            runs.append([column, row, row])
    return [f"{get_column_letter(c)}{first}:{get_column_letter(c)}{last}" for c, first, last in runs]
