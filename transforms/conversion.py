"""From cells as read to typed frames: one per table, each value beside its cell and raw text. And what the cover sheet must say.

A cell that can't be understood becomes missing and carries its finding; it never becomes zero.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from data_contracts.contract import COMPUTED_COLUMNS, ColumnKind, Contract, Table
from data_contracts.felkoder import Felkod
from data_contracts.findings import Finding
from data_contracts.frames import SENDER_COLUMNS, frame_columns
from data_contracts.kommun import Kommun
from transforms.belopp import ORE_PER_UNIT, NotANumber, is_not_applicable, parse_number, scaled, to_ore
from transforms.enhet_rows import ROWS_OF_ENHET
from transforms.per_kommun import once_per_kommun
from transforms.period import Period
from transforms.raw_retur import CellKind, RawCell, RawRetur, RawRow
from transforms.template_rows import FORMULAR, HEADING_MARK, START_LABELS
from transforms.typed_rows import Frames, Row, exactly

EMPTY = RawCell("", CellKind.TOM)

_UNIT_WRITTEN = re.compile(
    r"[\s\d.,+\-\u2212\u2013]*\d\s*(kr|kronor|tkr|mkr|mnkr|sek|st|:-|:\u2212|%)\.?", re.IGNORECASE
)
_POINT = re.compile(r"[\s\d.,\-\u2212\u2013]*\d\.\d[\d.,]*\s*")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ZEROS = re.compile(r"0+")
_VERSION = re.compile(r"\d+(\.\d+)*")
_MAX_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Converted:
    """One return as typed tables.

    Attributes:
        frames: one per sheet of the contract, also for sheets without rows; columns as ``converted_columns``. Amounts in öre,
            volumes in 10^−decimaler.
        findings: of the conversion alone, in order of sheet and row.
    """

    frames: Frames
    findings: tuple[Finding, ...]


def convert(
    raw: RawRetur,
    contract: Contract,
    felkoder: Mapping[str, Felkod],
    *,
    unit: str,
    decimals: Mapping[tuple[str, str, str], int] = MappingProxyType({}),
    lost_zeros: Mapping[str, str] = MappingProxyType({}),
) -> Converted:
    """A return's cells as typed frames, one row per row of the sheet that holds a key.

    A row's key is its hidden key; on the sender's own rows, its visible key cells. A row with figures or text but without key stops.
    Codes are text: a typed number keeps its digits, and leading zeros that its format shows.

    Args:
        raw: the workbook as read.
        unit: kr, tkr or mnkr: the unit of amounts in tables without a ``belopp_enhet`` of their own.
        decimals: declared decimals of volumes by (table, enhet, kod) (``volume_decimals``); other volumes get what their cells hold.
        lost_zeros: what is left of the kommun's codes when Excel drops their leading zeros, and the codes (``codes_without_zeros``).
    """
    findings: list[Finding] = []
    rows: dict[str, list[Row]] = {}
    for table in contract.tables:
        read = raw.table(table.name)
        reading = _Reading(raw, table, read.sheet if read else table.sheet, felkoder, unit, decimals, lost_zeros)
        records = [reading.record(row) for row in (read.rows if read else ())]
        rows[table.name] = exactly(converted_columns(table), [record for record in records if record is not None])
        findings.extend(reading.findings)
    return Converted(Frames(columns_of(contract), rows), tuple(findings))


def columns_of(contract: Contract) -> dict[str, dict[str, str]]:
    """``converted_columns`` of each sheet."""
    return {table.name: converted_columns(table) for table in contract.tables}


def converted_columns(table: Table) -> dict[str, str]:
    """The columns of a sheet's frame before preparation: without the computed ones and the sender's."""
    added = {*COMPUTED_COLUMNS.get(table.name, ()), *SENDER_COLUMNS}
    return {name: dtype for name, dtype in frame_columns(table).items() if name not in added}


def stack(returns: Iterable[Converted], contract: Contract) -> Frames:
    """The tables of several returns as one each."""
    return Frames.stacked(columns_of(contract), [converted.frames for converted in returns])


@once_per_kommun
def volume_decimals(kommun: Kommun) -> Mapping[tuple[str, str, str], int]:
    """Declared decimals of the numbers that are no amounts, by (table, enhet, kod): volumes, indikatorer."""
    return {
        (tabell, enhet.kod, row.kod): row.decimals
        for tabell, rows_of in ROWS_OF_ENHET.items()
        for enhet in kommun.enheter
        for row in rows_of(kommun, enhet)
    }


@once_per_kommun
def codes_without_zeros(kommun: Kommun) -> Mapping[str, str]:
    """Every code of the kommun that begins with zeros, by what is left of it without them; not where that is a code too.

    Example: 0410 by 410.
    """
    codes = {rad.kod for uppstallning in kommun.uppstallningar for rad in uppstallning.rader}
    for enhet in kommun.enheter:
        codes |= {enhet.kod} | {row.kod for rows_of in ROWS_OF_ENHET.values() for row in rows_of(kommun, enhet)}
    return {kod.lstrip("0"): kod for kod in sorted(codes) if kod.startswith("0") and kod.lstrip("0") not in codes}


def parse_date(text: str) -> dt.date:
    """The day that ÅÅÅÅ-MM-DD names. Raises ValueError for every other form, and for days that do not exist."""
    if not _ISO_DATE.fullmatch(text):
        raise ValueError(f"{text!r} är inget datum i formen ÅÅÅÅ-MM-DD")
    return dt.date.fromisoformat(text)


@dataclass(slots=True)
class _Reading:
    """The conversion of one sheet; collects its findings."""

    raw: RawRetur
    table: Table
    sheet: str
    felkoder: Mapping[str, Felkod]
    unit: str
    decimals: Mapping[tuple[str, str, str], int]
    lost_zeros: Mapping[str, str]
    findings: list[Finding] = field(default_factory=list)

    def note(self, code: str, cell: RawCell, **values: Any) -> None:
        found = cell.formula if cell.kind is CellKind.FORMEL_UTAN_VARDE else cell.text
        self.findings.append(
            self.felkoder[code].finding(
                file=self.raw.file, sheet=self.sheet, cell=cell.coordinate, found=found, **values
            )
        )

    def record(self, row: RawRow) -> dict[str, Any] | None:
        """The row typed, or None when it holds nothing or can't be told which row it is (then with a finding)."""
        key = self._key(row)
        if key is None:
            return None
        record: dict[str, Any] = {
            "retur": self.raw.sha256, "fil": self.raw.file, "blad": self.sheet, "radnr": row.number, "nyckel": row.key,
        }  # fmt: skip
        cells = {column.name: row.cells.get(column.name, EMPTY) for column in self.table.columns}
        for name, cell in cells.items():
            record[f"{name}_cell"] = cell.coordinate
            record[f"{name}_ra"] = cell.formula if cell.kind is CellKind.FORMEL_UTAN_VARDE else cell.text
        record |= dict(zip(self.table.key, key, strict=True))
        by_kind: dict[ColumnKind, dict[str, RawCell]] = {}
        for column in self.table.columns:
            if column.name not in self.table.key:
                by_kind.setdefault(column.kind, {})[column.name] = cells[column.name]
        for kind, read in ((ColumnKind.KOD, self._code), (ColumnKind.TEXT, self._text), (ColumnKind.DATUM, self._date)):
            record |= {name: read(cell) for name, cell in by_kind.get(kind, {}).items()}
        unit = record.setdefault("belopp_enhet", self.unit)
        record |= {name: self._amount(cell, unit) for name, cell in by_kind.get(ColumnKind.BELOPP, {}).items()}
        record |= self._volumes(by_kind.get(ColumnKind.ANTAL, {}), key)
        numbers = {c.name: cells[c.name] for c in self.table.amount_columns}
        record["som_text"] = " ".join(name for name, cell in numbers.items() if cell.kind is CellKind.TEXT)
        formulas = "\n".join(
            f"{name}{' '.join(cell.formula.split())}" for name, cell in numbers.items() if cell.formula
        )
        record["formler"] = None if self.raw.blankett else formulas
        return record

    def _key(self, row: RawRow) -> tuple[str, ...] | None:
        if row.key == HEADING_MARK:
            return None
        if self.table.layout == FORMULAR:
            return (row.key,) if row.key else None
        if row.key:
            parts = tuple(row.key.split("|"))
            if len(parts) == len(self.table.key) and all(parts):
                return parts
            first = row.cells.get(self.table.key[0], EMPTY)
            self.note("E212", RawCell(first.coordinate, CellKind.TEXT, row.key))
            return None
        own = [self._code(row.cells.get(name, EMPTY)) for name in self.table.key]
        missing = [
            self.table.column(name).header for name, part in zip(self.table.key, own, strict=True) if part is None
        ]
        if not missing:
            return tuple(part for part in own if part is not None)
        filled = self._filled(row)
        if filled is not None:
            self.note("E210", filled, saknas=" och ".join(missing), rad=row.number)
        return None

    def _filled(self, row: RawRow) -> RawCell | None:
        """The first cell of the row that says something about it: an amount, or in tables without amounts any other than the key."""
        names = [c.name for c in self.table.amount_columns] or [
            c.name for c in self.table.columns if c.name not in self.table.key
        ]
        return next((row.cells[name] for name in names if name in row.cells and not _is_blank(row.cells[name])), None)

    def _text(self, cell: RawCell) -> str | None:
        if _is_blank(cell) or self._unreadable(cell):
            return None
        if cell.kind is CellKind.DATUM:
            if self.table.layout != FORMULAR:
                self.note("E211", cell)
            return cell.text[:10]
        return cell.text.strip()

    def _code(self, cell: RawCell) -> str | None:
        """A code as text. A number keeps its digits, and the zeros that a format like 0000 shows in front of them."""
        if _is_blank(cell) or self._unreadable(cell):
            return None
        if cell.kind in (CellKind.DATUM, CellKind.SANT):
            self.note("E209", cell)
            return None
        code = cell.text.strip()
        if cell.kind is CellKind.TAL and cell.number is not None:
            digits = f"{cell.number.normalize():f}"
            code = digits.zfill(len(cell.number_format)) if _ZEROS.fullmatch(cell.number_format) else digits
        if code in self.lost_zeros:
            self.note("E218", cell, vantat=self.lost_zeros[code])
        return code

    def _unreadable(self, cell: RawCell) -> bool:
        code = {CellKind.FEL: "E203", CellKind.FORMEL_UTAN_VARDE: "E204"}.get(cell.kind)
        if code is not None:
            self.note(code, cell)
        return code is not None

    def _date(self, cell: RawCell) -> str | None:
        """A day as ISO text. Only a real date, or text ÅÅÅÅ-MM-DD that names one."""
        if _is_blank(cell) or self._unreadable(cell):
            return None
        try:
            if cell.kind not in (CellKind.DATUM, CellKind.TEXT):
                raise ValueError(cell.text)
            text = cell.text.strip()
            return parse_date(text[:10] if cell.kind is CellKind.DATUM else text).isoformat()
        except ValueError:
            self.note("E208", cell)
            return None

    def _number(self, cell: RawCell) -> Decimal | None:
        """The exact number; None when the cell is blank, says that nothing is applicable, or can't be read (then with a finding)."""
        if cell.kind is CellKind.TEXT and is_not_applicable(cell.text):
            return None
        try:
            number = parse_number(cell)
        except NotANumber as error:
            self.note(_sharper(error.code, cell.text), cell)
            return None
        if cell.kind is CellKind.TAL and "%" in cell.number_format:
            self.note("E206", cell)
            return None
        return number

    def _amount(self, cell: RawCell, unit: str | None) -> int | None:
        number = self._number(cell)
        if number is None:
            return None
        if unit not in ORE_PER_UNIT:
            self.note("E213", cell)
            return None
        return self._whole(cell, number, unit)

    def _volumes(self, cells: Mapping[str, RawCell], key: tuple[str, ...]) -> dict[str, Any]:
        if not cells:
            return {}
        numbers = {name: self._number(cell) for name, cell in cells.items()}
        declared = self.decimals.get((self.table.name, key[0], key[-1]))
        places = _places(numbers.values()) if declared is None else declared
        volumes: dict[str, Any] = {"decimaler": places}
        for name, number in numbers.items():
            own = self.table.column(name).decimals
            volumes[name] = None if number is None else self._whole(cells[name], number, places if own is None else own)
        return volumes

    def _whole(self, cell: RawCell, number: Decimal, scale: str | int) -> int | None:
        """The number in whole öre (scale is a unit) or in 10^−scale; a rounding is noted."""
        try:
            whole, rounded = to_ore(number, scale) if isinstance(scale, str) else scaled(number, scale)
        except NotANumber as error:
            self.note(error.code, cell)
            return None
        if rounded:
            self.note("E216" if isinstance(scale, str) else "E217", cell)
        return whole


def _is_blank(cell: RawCell) -> bool:
    return cell.kind is CellKind.TOM or (cell.kind is CellKind.TEXT and not cell.text.strip())


def _sharper(code: str, text: str) -> str:
    """E201 split up where the advice can be exact: a unit written in the cell (E214), a point in the number (E215)."""
    if code == "E201" and _UNIT_WRITTEN.fullmatch(text):
        return "E214"
    if code == "E201" and _POINT.fullmatch(text):
        return "E215"
    return code


def _places(numbers: Iterable[Decimal | None]) -> int:
    """How many decimals the numbers hold, at most four."""
    exponents = [number.normalize().as_tuple().exponent for number in numbers if number is not None]
    return min(
        _MAX_DECIMALS,
        max((-exponent for exponent in exponents if isinstance(exponent, int) and exponent < 0), default=0),
    )


def read_start(raw: RawRetur) -> Mapping[str, RawCell]:
    """The cover sheet's value cells by field name; empty when the sheet is missing."""
    table = raw.table("start")
    return {row.key: row.cells.get("varde", EMPTY) for row in table.rows if row.key} if table else {}


def check_start(
    raw: RawRetur,
    contract: Contract,
    kommun: Kommun,
    forvaltning_kod: str | None,
    period: Period,
    felkoder: Mapping[str, Felkod],
) -> tuple[Finding, ...]:
    """What the cover sheet must say for the file to be taken as this kommun's for this period. Every difference stops (E140–E150).

    Args:
        forvaltning_kod: whose return is awaited, when that is known beforehand; None takes the sheet's word.
        period: the month that is closed.
    Returns:
        Findings on the sheet Start; empty when the sheet itself is missing, since the reading says so.
    """
    table = raw.table("start")
    if table is None:
        return ()
    cover = _Cover(raw.file, table.sheet, read_start(raw), felkoder)
    cover.demand("kommun_kod", "E140", kommun.kod)
    cover.contract(contract)
    sent = cover.demand("forvaltning_kod", "E142", forvaltning_kod)
    if sent and sent not in {forvaltning.kod for forvaltning in kommun.forvaltningar}:
        known = ", ".join(f"{forvaltning.kod} ({forvaltning.namn})" for forvaltning in kommun.forvaltningar)
        cover.note("E141", "forvaltning_kod", vantat=known)
        sent = ""
    cover.demand("period", "E143", str(period))
    cover.demand("belopp_enhet", "E147", kommun.forvaltning(sent).returenhet if sent else None)
    return tuple(cover.findings)


def check_register_start(
    raw: RawRetur, contract: Contract, kommun: Kommun, period: Period, felkoder: Mapping[str, Felkod]
) -> tuple[Finding, ...]:
    """As ``check_start``, for the budget register: kommun, contract and the period's year."""
    return _check_office_start(raw, contract, kommun, ("ar", "E150", str(period.year)), felkoder)


def check_books_start(
    raw: RawRetur, contract: Contract, kommun: Kommun, period: Period, felkoder: Mapping[str, Felkod]
) -> tuple[Finding, ...]:
    """As ``check_start``, for the workbook of a closing of the books: kommun, contract and period."""
    return _check_office_start(raw, contract, kommun, ("period", "E143", str(period)), felkoder)


def check_plan_start(
    raw: RawRetur, contract: Contract, kommun: Kommun, felkoder: Mapping[str, Felkod]
) -> tuple[Finding, ...]:
    """As ``check_start``, for the målplan's workbook: kommun and contract; the year is the plan's own."""
    return _check_office_start(raw, contract, kommun, ("ar", "E150", None), felkoder)


def _check_office_start(
    raw: RawRetur, contract: Contract, kommun: Kommun, time: tuple[str, str, str | None], felkoder: Mapping[str, Felkod]
) -> tuple[Finding, ...]:
    """The cover of a workbook that the economy office fills in itself. ``time``: field, code, and what the field must say."""
    table = raw.table("start")
    if table is None:
        return ()
    cover = _Cover(raw.file, table.sheet, read_start(raw), felkoder)
    cover.demand("kommun_kod", "E140", kommun.kod)
    cover.contract(contract)
    cover.demand(*time)
    return tuple(cover.findings)


@dataclass(slots=True)
class _Cover:
    """The cover sheet's fields against what they must say."""

    file: str
    sheet: str
    fields: Mapping[str, RawCell]
    felkoder: Mapping[str, Felkod]
    findings: list[Finding] = field(default_factory=list)

    def note(self, code: str, name: str, **values: Any) -> None:
        cell = self.fields.get(name, EMPTY)
        finding = self.felkoder[code].finding(
            file=self.file,
            sheet=self.sheet,
            cell=cell.coordinate,
            found=cell.text,
            falt=START_LABELS.get(name, name),
            **values,
        )
        self.findings.append(finding)

    def demand(self, name: str, code: str, expected: str | None) -> str:
        """The field's text, or '' when it is missing or differs from what is expected (then with a finding)."""
        cell = self.fields.get(name, EMPTY)
        if _is_blank(cell):
            self.note("E148", name)
            return ""
        text = cell.text[: 7 if name == "period" else 10] if cell.kind is CellKind.DATUM else cell.text.strip()
        if expected is not None and text != expected:
            self.note(code, name, vantat=expected)
            return ""
        return text

    def contract(self, contract: Contract) -> None:
        """The contract's id, and its version: an older one (E145) and one that this program does not know (E146)."""
        if not self.demand("kontrakt_id", "E144", contract.id):
            return
        sent = self.demand("kontrakt_version", "E148", None)
        if sent and sent != contract.version:
            older = _version(sent) < _version(contract.version) if _VERSION.fullmatch(sent) else False
            self.note("E145" if older else "E146", "kontrakt_version", vantat=contract.version)


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))
