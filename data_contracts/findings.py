"""Findings: what is wrong with a return, where, and what to do. Errors are values; all are collected before anything stops."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_CELL = re.compile(r"([A-Z]{1,3})(\d+)")


class Severity(StrEnum):
    """How grave a finding is, in the words of the contract (``severity`` in the YAML)."""

    STOPPAR = "stoppar"
    FORKLARAS = "ska förklaras"
    NOTERING = "notering"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in one place of one file.

    Attributes:
        code: stable code, documented by ``rodatraden forklara CODE``.
        severity: ``stoppar`` keeps the whole return out of the closing; the others do not.
        message: what is wrong, in Swedish, a whole sentence.
        advice: what to do next, in Swedish, a whole sentence.
        file, sheet, cell: where; empty when the finding concerns something larger. In a text file ``cell`` is ``rad 12``.
        found: the value as it stands in the cell, unchanged; empty when there is none.
        forvaltning, period: whose return; empty when that could not be told.
    """

    code: str
    severity: Severity
    message: str
    advice: str
    file: str = ""
    sheet: str = ""
    cell: str = ""
    found: str = ""
    forvaltning: str = ""
    period: str = ""

    @property
    def place(self) -> str:
        """The place in words: 'fil x.xlsx, blad "Drift", cell F17'."""
        parts = []
        if self.file:
            parts.append(f"fil {self.file}")
        if self.sheet:
            parts.append(f'blad "{self.sheet}"')
        if self.cell:
            parts.append(self.cell if self.cell.startswith("rad ") else f"cell {self.cell}")
        return ", ".join(parts)

    def __str__(self) -> str:
        place = f"{self.place}: " if self.place else ""
        return f"{self.code} {place}{self.message} {self.advice}".strip()


def place_text(sheet: str, cell: str) -> str:
    """A place in words; in a csv, which has no sheets, by line and column.

    Example:
        >>> place_text("Drift", "F17"), place_text("", "E17")
        ('blad "Drift", cell F17', 'rad 17, kolumn E')
    """
    place = cell_text(sheet, cell)
    if not sheet:
        return place if place != cell else f"cell {cell}" if cell else ""
    parts = [f'blad "{sheet}"', f"cell {cell}" if cell else ""]
    return ", ".join(part for part in parts if part)


def cell_text(sheet: str, cell: str) -> str:
    """A cell as people find it; in a csv, which has no sheets, by line and column.

    Example:
        >>> cell_text("Drift", "F17"), cell_text("", "E17")
        ('F17', 'rad 17, kolumn E')
    """
    match = None if sheet else _CELL.fullmatch(cell)
    return f"rad {match[2]}, kolumn {match[1]}" if match else cell


def stops(findings: tuple[Finding, ...]) -> bool:
    """True when at least one finding stops the return."""
    return any(finding.severity is Severity.STOPPAR for finding in findings)
