"""Which sheets and rows a förvaltning's return has: born from the contract and the kommun's configuration.

The one truth that the template is written from, that the reading is checked against, and that fills find their place by.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from data_contracts.contract import Contract, ContractError, Table
from data_contracts.felkoder import Felkod
from data_contracts.findings import Finding
from data_contracts.kommun import Enhet, Kommun, RadTyp
from transforms.enhet_rows import ROWS_OF_ENHET, EnhetRow
from transforms.period import Period
from transforms.raw_retur import RawRetur

KEY_MARK = "_nyckel"
"""Stands where the hidden key row and the hidden key column of a sheet meet."""
HEADING_MARK = "#"
"""Hidden row key of rows that only people read: headings and instructions."""
LIST_SHEET = "_listor"
"""The hidden sheet with the lists behind the dropdowns."""
ATT_RATTA = "Att rätta"
"""The first sheet of a rättelsebok, which lists what is to be mended; it is not read."""
SVARAR_PA = "svarar_pa"
"""The field on the cover of a rättelsebok that names the sha256 of the return that it answers."""
HELHET = "helhet"
"""The code of a comment that concerns a whole enhet."""
FORMULAR = "formular"

START_LABELS: Mapping[str, str] = {
    "kommun_kod": "Kommunens kod",
    "kommun_namn": "Kommun",
    "forvaltning_kod": "Förvaltningens kod",
    "forvaltning_namn": "Förvaltning",
    "period": "Period (år och månad)",
    "ar": "År",
    "belopp_enhet": "Beloppens enhet",
    "kontrakt_id": "Kontrakt",
    "kontrakt_version": "Kontraktets version",
    SVARAR_PA: "Rättar returen med sha256",
    "ifylld_av_roll": "Ifylld av (roll)",
    "ifylld_datum": "Ifylld den (ÅÅÅÅ-MM-DD)",
    "status": "Status",
}
"""What the fields of a cover are called on it."""

_OWN_ROWS = "Egna rader: egen kod och benämning"
_OWN_ROWS_IN_SUMS = "Egna rader: egen kod, benämning och summan som raden ingår i"

_PROCUREMENTS = "En rad per upphandling: diarienummer, vad den gäller, läge och värde"

CellValue = Decimal | str | dt.date


class RowKind(StrEnum):
    """What a row of a sheet is for."""

    RUBRIK = "rubrik"
    ANVISNING = "anvisning"
    POST = "post"
    SUMMA = "summa"
    FRI = "fri"
    MELLANRUM = "mellanrum"


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """One row of a template's sheet, in order.

    Attributes:
        kind: heading, instruction, entered row, sum row, free row or blank row.
        enhet: the enhet's code; '' outside the enheter's blocks.
        key: the hidden row key; '' for rows without one.
        labels: what the template writes in the row's columns, by column key.
        text: what a heading or an instruction says.
        typ: the row's type in its uppställning, where it has one.
        level: indent.
        parts: for sum rows, the keys of the rows that are summed.
        decimals: for volumes.
    """

    kind: RowKind
    enhet: str = ""
    key: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    typ: RadTyp | None = None
    level: int = 0
    parts: tuple[str, ...] = ()
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class StartField:
    """One row of the cover sheet. ``value`` is what the template writes; None where the sender fills it in."""

    name: str
    label: str
    value: str | None
    kind: str = "text"
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FreeRow:
    """A sender's own row: the table, the enhet it stands under, and content by column key (the code too)."""

    table: str
    enhet: str
    values: Mapping[str, CellValue]


def row_key(*parts: str) -> str:
    """The hidden row key: the parts of the table's key joined with '|'.

    Example:
        >>> row_key("TEN", "personal")
        'TEN|personal'
    """
    return "|".join(parts)


def enheter_of(kommun: Kommun, forvaltning_kod: str) -> tuple[Enhet, ...]:
    """The enheter that a förvaltning returns, in its own order."""
    return tuple(kommun.enhet(kod) for kod in kommun.forvaltning(forvaltning_kod).enheter)


def _field(name: str, value: str | None, *, kind: str = "text", values: tuple[str, ...] = ()) -> StartField:
    return StartField(name, START_LABELS[name], value, kind, values)


def start_fields(
    contract: Contract, kommun: Kommun, forvaltning_kod: str, period: Period, svarar_pa: str = ""
) -> tuple[StartField, ...]:
    """The cover sheet of a månadsretur: what the template states, then what the sender fills in.

    Args:
        svarar_pa: sha256 of the return that a rättelsebok answers; '' for a template, which has no such field.
    """
    forvaltning = kommun.forvaltning(forvaltning_kod)
    answers = (_field(SVARAR_PA, svarar_pa),) if svarar_pa else ()
    return (
        _field("kommun_kod", kommun.kod),
        _field("kommun_namn", kommun.namn),
        _field("forvaltning_kod", forvaltning.kod),
        _field("forvaltning_namn", forvaltning.namn),
        _field("period", str(period)),
        _field("belopp_enhet", forvaltning.returenhet),
        _field("kontrakt_id", contract.id),
        _field("kontrakt_version", contract.version),
        *answers,
        _field("ifylld_av_roll", None),
        _field("ifylld_datum", None, kind="datum"),
        _field("status", None, values=("utkast", "klar")),
    )


def register_fields(contract: Contract, kommun: Kommun, year: int) -> tuple[StartField, ...]:
    """The cover sheet of a budgetregister."""
    return (
        _field("kommun_kod", kommun.kod),
        _field("kommun_namn", kommun.namn),
        _field("ar", str(year)),
        _field("kontrakt_id", contract.id),
        _field("kontrakt_version", contract.version),
    )


def books_fields(contract: Contract, kommun: Kommun, period: Period) -> tuple[StartField, ...]:
    """The cover sheet of the workbook of a closing of the books."""
    return (
        _field("kommun_kod", kommun.kod),
        _field("kommun_namn", kommun.namn),
        _field("period", str(period)),
        _field("kontrakt_id", contract.id),
        _field("kontrakt_version", contract.version),
    )


def template_rows(contract: Contract, kommun: Kommun, forvaltning_kod: str) -> dict[str, tuple[TemplateRow, ...]]:
    """The ordered rows of each sheet but the cover, by table name, in the contract's order. Sheets without rows are left out.

    Raises:
        ContractError: E001 the contract has a table that no rule here gives rows to.
    """
    enheter = enheter_of(kommun, forvaltning_kod)
    sheets: dict[str, tuple[TemplateRow, ...]] = {}
    for table in contract.tables:
        if table.layout == FORMULAR:
            continue
        if table.name not in _ROWS_OF:
            raise ContractError(f"E001 {contract.id}, tabell {table.name}: mallen vet inte vilka rader tabellen har.")
        rows = _ROWS_OF[table.name](table, kommun, enheter)
        if rows:
            sheets[table.name] = rows
    return sheets


def expected_tables(contract: Contract, kommun: Kommun, forvaltning_kod: str) -> tuple[str, ...]:
    """Names of the tables that the förvaltning's return has sheets for: the cover and those that its enheter give rows."""
    filled = template_rows(contract, kommun, forvaltning_kod)
    return tuple(table.name for table in contract.tables if table.layout == FORMULAR or table.name in filled)


def missing_sheets(
    retur: RawRetur, contract: Contract, kommun: Kommun, forvaltning_kod: str, felkod: Felkod
) -> tuple[Finding, ...]:
    """A finding (E120) per sheet that the förvaltning should have and the return lacks, unless the reading already said so."""
    told = {finding.sheet for finding in retur.findings}
    read = {table.name for table in retur.tables}
    there = ", ".join(table.sheet for table in retur.tables) or "inga"
    return tuple(
        felkod.finding(file=retur.file, sheet=contract.table(name).sheet, finns=there)
        for name in expected_tables(contract, kommun, forvaltning_kod)
        if name not in read and contract.table(name).sheet not in told
    )


def _free(table: Table, enhet: Enhet, text: str) -> tuple[TemplateRow, ...]:
    """The free rows of an enhet's block under their instruction, and the blank row after them."""
    if not table.free_rows:
        return (TemplateRow(RowKind.MELLANRUM, enhet.kod),)
    instruction = TemplateRow(RowKind.ANVISNING, enhet.kod, text=text)
    free = TemplateRow(RowKind.FRI, enhet.kod, labels={"enhet": enhet.kod})
    return (instruction, *[free] * table.free_rows, TemplateRow(RowKind.MELLANRUM, enhet.kod))


def _heading(enhet: Enhet) -> TemplateRow:
    return TemplateRow(RowKind.RUBRIK, enhet.kod, text=f"{enhet.namn} ({enhet.kod})")


def _uppstallning_rows(table: Table, kommun: Kommun, enhet: Enhet, kod: str) -> tuple[TemplateRow, ...]:
    rows = [_heading(enhet)]
    uppstallning = kommun.uppstallning(kod)
    for rad in uppstallning.rader:
        if rad.typ is RadTyp.RUBRIK:
            rows.append(TemplateRow(RowKind.RUBRIK, enhet.kod, text=rad.namn, typ=rad.typ, level=rad.niva))
            continue
        rows.append(
            TemplateRow(
                kind=RowKind.SUMMA if rad.typ is RadTyp.SUMMA else RowKind.POST,
                enhet=enhet.kod,
                key=row_key(enhet.kod, rad.kod),
                labels={"enhet": enhet.kod, "kod": rad.kod, "benamning": rad.namn},
                typ=rad.typ,
                level=rad.niva,
                parts=tuple(row_key(enhet.kod, part) for part in rad.delar),
            )
        )
    return (*rows, *_free(table, enhet, _OWN_ROWS_IN_SUMS if uppstallning.summor else _OWN_ROWS))


def _drift(table: Table, kommun: Kommun, enheter: tuple[Enhet, ...]) -> tuple[TemplateRow, ...]:
    return tuple(row for enhet in enheter for row in _uppstallning_rows(table, kommun, enhet, enhet.drift))


def _investeringar(table: Table, kommun: Kommun, enheter: tuple[Enhet, ...]) -> tuple[TemplateRow, ...]:
    return tuple(
        row
        for enhet in enheter
        if enhet.investeringar is not None
        for row in _uppstallning_rows(table, kommun, enhet, enhet.investeringar)
    )


def _posts(table: Table, enhet: Enhet, rows: tuple[EnhetRow, ...]) -> tuple[TemplateRow, ...]:
    """A block of entered rows only; nothing when the enhet has none."""
    if not rows:
        return ()
    posts = [
        TemplateRow(
            RowKind.POST,
            enhet.kod,
            row_key(enhet.kod, row.kod),
            {"enhet": enhet.kod, "kod": row.kod, **row.labels},
            decimals=row.decimals,
        )
        for row in rows
    ]
    return (_heading(enhet), *posts, *_free(table, enhet, _OWN_ROWS))


def _rows_of_enheter(table: Table, kommun: Kommun, enheter: tuple[Enhet, ...]) -> tuple[TemplateRow, ...]:
    """Blocks of the rows that configuration gives each enhet (``transforms.enhet_rows``)."""
    given = ROWS_OF_ENHET[table.name]
    return tuple(row for enhet in enheter for row in _posts(table, enhet, given(kommun, enhet)))


def _upphandlingar(table: Table, kommun: Kommun, enheter: tuple[Enhet, ...]) -> tuple[TemplateRow, ...]:
    """Free rows alone, for the enheter that list procurements."""
    listing = [enhet for enhet in enheter if enhet.kod in kommun.uppfoljning.upphandlingar]
    return tuple(row for enhet in listing for row in (_heading(enhet), *_free(table, enhet, _PROCUREMENTS)))


def _kommentarer(table: Table, kommun: Kommun, enheter: tuple[Enhet, ...]) -> tuple[TemplateRow, ...]:
    """One row per enhet and avser for the whole, then free rows, shared by the enheter."""
    rows = [TemplateRow(RowKind.RUBRIK, text="Hela enheten")]
    for enhet in enheter:
        for avser in ("drift", "investeringar"):
            if avser == "drift" or enhet.investeringar is not None:
                labels = {"enhet": enhet.kod, "avser": avser, "kod": HELHET}
                rows.append(TemplateRow(RowKind.POST, enhet.kod, row_key(enhet.kod, avser, HELHET), labels))
    rows.append(TemplateRow(RowKind.MELLANRUM))
    rows.append(TemplateRow(RowKind.RUBRIK, text="Enskilda rader: ange enhet, vad kommentaren avser och radens kod"))
    return (*rows, *[TemplateRow(RowKind.FRI)] * table.free_rows, TemplateRow(RowKind.MELLANRUM))


_ROWS_OF: Mapping[str, Callable[[Table, Kommun, tuple[Enhet, ...]], tuple[TemplateRow, ...]]] = {
    **dict.fromkeys(ROWS_OF_ENHET, _rows_of_enheter),
    "drift": _drift,
    "investeringar": _investeringar,
    "upphandlingar": _upphandlingar,
    "kommentarer": _kommentarer,
}


def shown_sum(parts: list[Decimal | None]) -> Decimal | None:
    """A sum as the workbook shows it: what is entered, added up; None (shown blank) when nothing is entered.

    Only for the cells of the sender's own workbook. In the reports a sum with a missing part is missing.

    Example:
        >>> shown_sum([Decimal(1), None]), shown_sum([None])
        (Decimal('1'), None)
    """
    entered = [part for part in parts if part is not None]
    return sum(entered, Decimal(0)) if entered else None
