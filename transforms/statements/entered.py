"""The workbook of a closing of the books as figures: a figure for each row that the kommun's forms ask for, each with its cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from data_contracts.contract import Contract, Table
from data_contracts.uppstallningsform import Form
from transforms.figures import INLAMNAD, Figure
from transforms.period import Period
from transforms.statements.consolidation import COMPANY_ROWS
from transforms.statements.sums import REDOVISAD, Kolumn

YEARS_BACK = {"bokslut": 1, "bokslut_2": 2, "bokslut_3": 3, "bokslut_4": 4}
"""Columns that hold a closed year, by how many years before the period's."""

FREE_TABLES = ("investeringsredovisning", "koncernuppgifter", "personalmatt", "bokslutsindikatorer")
"""Tables whose rows are the sender's own: every row is taken in."""


def column_of(serie: str, year: int) -> Kolumn:
    """The column that a serie of the workbook means.

    Example:
        >>> column_of("bokslut_2", 2025), column_of("utfall", 2025)
        (('bokslut', 2023), ('utfall', None))
    """
    back = YEARS_BACK.get(serie)
    return (serie, None) if back is None else ("bokslut", year - back)


def figures_from_books(
    frames: Mapping[str, pd.DataFrame], contract: Contract, forms: Mapping[str, Form], period: Period
) -> tuple[Figure, ...]:
    """One figure per row and column that the workbook uses.

    A column that no row of the enhet fills is not in use and gives no figures; a blank cell in a column that is, is missing. What stands
    on a sum row is the source's own sum (``kod.redovisad``).

    Args:
        frames: per table, rows of the accepted workbook (``transforms.conversion``).
        forms: the kommun's forms by table.
    Returns:
        Figures with slag ``inlamnad``.
    """
    figures: list[Figure] = []
    for table in contract.tables:
        if not table.amount_columns or table.name not in frames:
            continue
        rows = {(str(row["enhet"]), str(row["kod"])): row for row in frames[table.name].to_dict("records")}
        for enhet in dict.fromkeys(enhet for enhet, _ in rows):
            own = {kod: row for (of, kod), row in rows.items() if of == enhet}
            figures.extend(_figures(table, enhet, own, forms.get(table.name), period))
    return tuple(figures)


def _figures(
    table: Table, enhet: str, rows: Mapping[str, Mapping[Any, Any]], form: Form | None, period: Period
) -> Iterator[Figure]:
    used = [
        column.name
        for column in table.amount_columns
        if any(str(row.get(f"{column.name}_ra") or "").strip() for row in rows.values())
    ]
    for kod, namn, rad in _expected(rows, form, table.name):
        row = rows.get(rad, {})
        for column in used:
            serie, vardear = column_of(column, period.year)
            value = row.get(column)
            antal = table.column(column).kind.value == "antal"
            yield Figure(
                period=str(period),
                enhet=enhet,
                matt=table.name,
                rad=kod,
                serie=serie,
                vardear=vardear,
                namn=namn,
                varde=None if value is None or pd.isna(value) else int(value),
                slag=INLAMNAD,
                enhet_matt=str(row.get("matt_enhet") or "antal") if antal else "ore",
                decimaler=int(row.get("decimaler") or 0) if antal else 2,
                retur_sha256=str(row.get("retur") or ""),
                fil=str(row.get("fil") or ""),
                blad=str(row.get("blad") or ""),
                cell=str(row.get(f"{column}_cell") or ""),
                ravarde=str(row.get(f"{column}_ra") or ""),
            )


def _expected(rows: Mapping[str, Mapping[Any, Any]], form: Form | None, table: str) -> Iterator[tuple[str, str, str]]:
    """Code of the figure's row, its name, and the code that stands in the workbook."""
    known: set[str] = set()
    for rad in form.rader if form is not None else ():
        known.add(rad.kod)
        if rad.is_sum and rad.kod in rows:
            yield f"{rad.kod}{REDOVISAD}", f"{rad.namn}, redovisad summa", rad.kod
        elif not rad.is_sum and not rad.rubrik:
            yield rad.kod, rad.namn, rad.kod
    for kod, row in rows.items():
        if kod not in known and (form is None or table in FREE_TABLES or kod in COMPANY_ROWS.get(table, ())):
            yield kod, str(row.get("benamning") or kod), kod
