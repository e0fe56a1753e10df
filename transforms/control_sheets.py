"""The sheets of all returns by enhet and row: what the control rows and the preparation look rows up in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data_contracts.contract import Contract
from data_contracts.kommun import Enhet, Kommun, RadTyp, Uppstallning
from transforms.belopp import is_not_applicable
from transforms.earlier import NO_EARLIER, Earlier
from transforms.earlier import Row as EarlierRow
from transforms.enhet_rows import ROWS_OF_ENHET
from transforms.period import Period

Row = dict[str, Any]

UPPSTALLDA = ("drift", "investeringar")
IN_AMOUNTS = ("drift", "drift_verksamhet", "investeringar")
ALL = (*IN_AMOUNTS, "volymer")
EXPECTED = (*UPPSTALLDA, *ROWS_OF_ENHET)
"""The sheets whose rows the configuration gives, so that a return can lack one."""
_EXPECTED_SIGN = {RadTyp.INTAKT: 1, RadTyp.BIDRAG: 1, RadTyp.KOSTNAD: -1, RadTyp.UTGIFT: 1}
ORIGIN = ("retur", "fil", "blad", "radnr", "forvaltning", "period", "belopp_enhet", "decimaler")
"""What a control row takes over from the row that it points at."""


def text_of(value: object) -> str:
    """The text, '' when missing."""
    return "" if value is None or value is pd.NA else str(value)


def int_of(value: object) -> int | None:
    """The whole number, None when missing."""
    return None if value is None or value is pd.NA else int(value)  # type: ignore[call-overload]


def yes_no(value: object) -> str:
    """ "ja" or "nej", as the contracts' computed columns say it."""
    return "ja" if value else "nej"


def not_applicable(row: Mapping[str, Any], serie: str) -> bool:
    """True when the cell says "ej tillämpligt"."""
    return int_of(row.get(serie)) is None and is_not_applicable(text_of(row.get(f"{serie}_ra")))


def declared_rows(kommun: Kommun, enhet_kod: str, tabell: str) -> dict[str, str]:
    """The rows that the configuration gives an enhet in a table: code → row type (``post`` where there is no uppställning)."""
    enhet = next((enhet for enhet in kommun.enheter if enhet.kod == enhet_kod), None)
    if enhet is None:
        return {}
    if tabell in UPPSTALLDA:
        uppstallning = _uppstallning(kommun, enhet, tabell)
        return {rad.kod: rad.typ.value for rad in uppstallning.rader} if uppstallning else {}
    given = ROWS_OF_ENHET.get(tabell)
    return {row.kod: "post" for row in given(kommun, enhet)} if given else {}


def _uppstallning(kommun: Kommun, enhet: Enhet, tabell: str) -> Uppstallning | None:
    kod = {"drift": enhet.drift, "investeringar": enhet.investeringar}.get(tabell)
    return None if kod is None else kommun.uppstallning(kod)


@dataclass(frozen=True, slots=True)
class Sheets:
    """All returns of the period, and what they are measured by."""

    rows: Mapping[str, list[Row]]
    contract: Contract
    kommun: Kommun
    budgets: Mapping[tuple[str, str, str], int | None] | None
    period: Period
    forvaltning_of_retur: Mapping[str, str]
    earlier: Earlier = NO_EARLIER
    periodbudgets: Mapping[tuple[str, str, str], int | None] | None = None
    """The period's budget by the register; None when the kommun takes it from the returns."""

    def before(self, tabell: str, row: Row, *avser: str) -> EarlierRow | None:
        """The same row in the förvaltning's latest earlier return (a comment: by avser too); None when it had none."""
        latest = self.earlier.latest(self.forvaltning_of_retur.get(row["retur"], ""))
        return None if latest is None else latest.row(tabell, row["enhet"], *avser, row["kod"])

    def serier(self, tabell: str) -> tuple[str, ...]:
        """The series that a table holds."""
        return tuple(column.name for column in self.contract.table(tabell).amount_columns)

    def blocks(self, *tables: str) -> Iterator[Block]:
        """The rows of each enhet on each of these sheets in each return."""
        enheter = {enhet.kod: enhet for enhet in self.kommun.enheter}
        for tabell in tables:
            grouped: dict[tuple[str, str], dict[str, Row]] = {}
            for row in self.rows[tabell]:
                if row["enhet"] in enheter:
                    grouped.setdefault((row["retur"], row["enhet"]), {}).setdefault(row["kod"], row)
            for (_, kod), rows in grouped.items():
                enhet = enheter[kod]
                uppstallning = _uppstallning(self.kommun, enhet, tabell)
                types = {rad.kod: rad.typ for rad in uppstallning.rader} if uppstallning else {}
                yield Block(tabell, enhet, uppstallning, types, rows)

    def budget(self, block: Block, row: Row) -> int | None:
        """The register's budget of a row; the sheet's own where the register does not set it."""
        if self.budgets is not None and block.tabell in UPPSTALLDA:
            return self.budgets.get((block.enhet.kod, block.tabell, row["kod"]))
        return int_of(row["budget"])

    def expected_sign(self, block: Block, row: Row) -> int:
        """The sign that the row's type lets one expect, 0 for either; also where the budget has the other sign."""
        typ = block.typ(row["kod"])
        sign = _EXPECTED_SIGN.get(typ, 0) if typ else 0
        return 0 if sign * (self.budget(block, row) or 0) < 0 else sign

    def judged(self, block: Block) -> Iterator[tuple[Row, int | None, int | None]]:
        """Row, prognos and budget of the entered rows and of the resultatrad, the latter by our own sum."""
        for row in block.posts:
            yield row, int_of(row["prognos"]), self.budget(block, row)
        result = block.uppstallning.resultatrad if block.uppstallning else ""
        if result in block.rows and block.typ(result) is RadTyp.SUMMA:
            yield block.rows[result], block.total(block.addends(result), "prognos"), self.total_budget(block, result)

    def total_budget(self, block: Block, kod: str) -> int | None:
        """The budget of a row or sum by the register, own rows left out; None as soon as one part is missing."""
        rows = [block.rows[part] for part in block.addends(kod) if part in block.rows]
        budgets = [self.budget(block, row) for row in rows if row["rad_slag"] != "fri"]
        known = [budget for budget in budgets if budget is not None]
        return sum(known) if len(known) == len(budgets) and known else None


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one enhet on one sheet of one return, by code, and the types of the uppställning's rows."""

    tabell: str
    enhet: Enhet
    uppstallning: Uppstallning | None
    types: Mapping[str, RadTyp]
    rows: Mapping[str, Row]

    def typ(self, kod: str) -> RadTyp | None:
        """The row's type; None on a sender's own row and where there is no uppställning."""
        return self.types.get(kod)

    @property
    def posts(self) -> list[Row]:
        """The entered rows that are on the sheet, the sender's own among them."""
        return [row for kod, row in self.rows.items() if self.typ(kod) not in (RadTyp.SUMMA, RadTyp.RUBRIK)]

    def addends(self, kod: str) -> list[str]:
        """The codes of the entered rows, the sender's own among them, that a sum row adds up; the row itself when it is no sum."""
        if self.uppstallning is None or self.typ(kod) is not RadTyp.SUMMA:
            return [kod]
        own = [
            row["kod"] for row in self.rows.values() if row["rad_slag"] == "fri" and text_of(row.get("grupp")) == kod
        ]
        return [addend for part in self.uppstallning.rad(kod).delar for addend in self.addends(part)] + own

    def values(self, koder: list[str], serie: str) -> list[int | None]:
        """The values of these rows; None where the row or its value is missing."""
        return [int_of(self.rows[kod][serie]) if kod in self.rows else None for kod in koder]

    def numeric(self, koder: list[str], serie: str) -> list[str]:
        """Those of the rows whose value the sheet's own formulas see as a number."""
        return [
            kod for kod in koder if kod in self.rows and serie not in text_of(self.rows[kod].get("som_text")).split()
        ]

    def unread(self, koder: list[str], serie: str) -> bool:
        """Whether a cell of these rows holds something that could not be read as a number."""
        rows = [self.rows[kod] for kod in koder if kod in self.rows]
        return any(
            int_of(row[serie]) is None and text_of(row.get(f"{serie}_ra")).strip() and not not_applicable(row, serie)
            for row in rows
        )

    def total(self, koder: list[str], serie: str) -> int | None:
        """Their sum; None as soon as one is missing, but for a sender's own row, which may leave a serie blank, and for a row that is
        not applicable."""
        demanded = [
            kod
            for kod in koder
            if kod not in self.rows
            or (self.rows[kod]["rad_slag"] != "fri" and not not_applicable(self.rows[kod], serie))
        ]
        given = [value for value in self.values(koder, serie) if value is not None]
        return None if None in self.values(demanded, serie) or not koder else sum(given)

    def place(self, row: Row, column: str) -> Row:
        """Origin of a control row: the row, and the cell of one of its columns."""
        origin = {name: row.get(name) for name in ORIGIN}
        return origin | {
            "tabell": self.tabell, "enhet": self.enhet.kod, "kod": row["kod"],
            "cell": text_of(row.get(f"{column}_cell")), "ra": text_of(row.get(f"{column}_ra")),
        }  # fmt: skip

    def range_of(self, rows: list[Row], column: str) -> Row:
        """Origin of a control row about a whole column: from the first of the rows to the last."""
        first, last = (text_of(row.get(f"{column}_cell")) for row in (rows[0], rows[-1]))
        return self.place(rows[0], column) | {"cell": first if first == last else f"{first}:{last}", "ra": ""}
