"""Ledgers: SIE files and tables, added up line by line."""

from __future__ import annotations

import csv
import io
import re
from decimal import ROUND_HALF_UP, Decimal

from adapters.audit_package.verify.basics import Grid, Row, parse

HEADINGS = ("period", "konto", "slag", "ansvar", "verksamhet", "projekt", "motpart", "belopp")
HEADING_ROWS = 20
SIE_FIELDS = {"TRANS": (1, 3), "PSALDO": (3, 5), "PBUDGET": (3, 5), "IB": (2, 3), "UB": (2, 3), "RES": (2, 3)}


def csv_grid(content: bytes) -> Grid:
    """The fields of a csv by the line that its row begins on, and column."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    delimiter = max(";,\t", key=text.partition("\n")[0].count)
    reader, line = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1
    cells: Grid = {}
    for row in reader:
        cells.update({(line, column): field for column, field in enumerate(row, 1)})
        line = reader.line_num + 1
    return cells


def table_sum(grids: list[Grid], numbers: list[int], account: str) -> int | None:
    """The amounts of those rows of a ledger given as a table, in öre; None when one is no row of that account.

    The table is the one whose headings are most of the ledger's.
    """
    best: tuple[int, Grid, Row] = (0, {}, {})
    for cells in grids:
        for line in sorted({row for row, _ in cells})[:HEADING_ROWS]:
            named = {text.strip().casefold(): column for (row, column), text in cells.items() if row == line}
            found = {name: named[name] for name in HEADINGS if name in named}
            if len(found) > best[0]:
                best = (len(found), cells, found)
    _, cells, columns = best
    total = 0
    for number in numbers:
        amount = parse(cells.get((number, columns["belopp"]), ""))
        if amount is None or cells.get((number, columns["konto"]), "").strip() != account:
            return None
        total += int((amount * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return total


def sie_sum(content: bytes, numbers: list[int], account: str) -> int | None:
    """The amounts of those lines in öre; None when one is no line of that account."""
    page = "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "cp437"
    lines = content.partition(b"\x1a")[0].decode(page, "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    total = 0
    for number in numbers:
        outer = re.sub(r"\{[^}]*\}", " {} ", lines[number - 1])
        fields = [quoted or word for quoted, word in re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', outer)]
        account_at, amount_at = SIE_FIELDS[fields[0][1:].upper()]
        if fields[account_at] != account:
            return None
        total += int((Decimal(fields[amount_at]) * 100).to_integral_exact())
    return total
