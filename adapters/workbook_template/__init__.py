"""Workbooks born from the contracts: the månadsretur of a förvaltning, and the budgetregister of a kommun."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.workbook.protection import WorkbookProtection

from adapters.workbook_template import style
from adapters.workbook_template.lists import ListSheet
from adapters.workbook_template.packing import workbook_bytes
from adapters.workbook_template.sheets import Context, SheetValue, protect, write_start, write_table
from data_contracts.contract import ColumnKind, Contract, Table
from data_contracts.kommun import Kommun
from transforms.carried_comments import KOMMENTARER, CarriedComment, carried_cells, with_room
from transforms.matt import MATT
from transforms.period import Period
from transforms.template_rows import (
    FORMULAR,
    HELHET,
    LIST_SHEET,
    CellValue,
    RowKind,
    StartField,
    TemplateRow,
    books_fields,
    enheter_of,
    register_fields,
    start_fields,
    template_rows,
)

Prefill = Mapping[tuple[str, str, str], Decimal]


class UnplacedPrefill(ValueError):
    """E138: a value to prefill has no place in the template. ``place`` is (table, row key, column key)."""

    def __init__(self, place: tuple[str, str, str]) -> None:
        table, row, column = place
        super().__init__(
            f'E138 Ett värde att förifylla har ingen plats i mallen: tabell "{table}", rad "{row}", kolumn "{column}". '
            "Lägg raden i enhetens uppställning i kommun.yaml, eller rätta raden i budgetregistret."
        )
        self.place = place


def write_template(
    contract: Contract,
    kommun: Kommun,
    forvaltning_kod: str,
    period: Period,
    prefill: Prefill,
    comments: Sequence[CarriedComment] = (),
) -> bytes:
    """The return of one förvaltning for one period, ready to fill in.

    Args:
        prefill: values in the förvaltning's returenhet (volumes in their own unit) by (table, row key, column key).
        comments: last month's, to be changed or emptied by the sender.
    Returns:
        xlsx; the same input gives the same bytes.
    Raises:
        UnplacedPrefill: E138, a value is meant for a row or column that is not entered in the template (a sum row is not).
    """
    rows_of = template_rows(contract, kommun, forvaltning_kod)
    if comments:
        contract = with_room(contract, rows_of[KOMMENTARER], comments)
        rows_of = template_rows(contract, kommun, forvaltning_kod)
    values: dict[str, Mapping[tuple[int, str], SheetValue]] = {**placed(contract, rows_of, prefill)}
    if comments:
        values[KOMMENTARER] = {**values.get(KOMMENTARER, {}), **carried_cells(rows_of[KOMMENTARER], comments)}
    workbook, context = build_return(contract, kommun, forvaltning_kod, period, values, svarar_pa="")
    return closed_return(workbook, context, period)


def build_return(
    contract: Contract,
    kommun: Kommun,
    forvaltning_kod: str,
    period: Period,
    values: Mapping[str, Mapping[tuple[int, str], SheetValue]],
    *,
    svarar_pa: str,
) -> tuple[Workbook, Context]:
    """The workbook of a return, still open.

    Args:
        values: what its cells hold by table name and (place among the template's rows, column key).
        svarar_pa: sha256 of the return that it answers; '' for a template.
    """
    forvaltning = kommun.forvaltning(forvaltning_kod)
    rows_of = template_rows(contract, kommun, forvaltning_kod)
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    lists = ListSheet(workbook.create_sheet(LIST_SHEET))
    context = Context(
        title=f"Månadsretur {period.text}",
        subtitle=f"{kommun.namn} · {forvaltning.namn} ({forvaltning.kod}) · {period.text}",
        footer=f"{contract.id} {contract.version}",
        unit=forvaltning.returenhet,
        colours=style.palette(kommun.profil.accentfarg),
        lists=lists,
        code_lists=_code_lists(kommun, forvaltning_kod, rows_of),
    )
    for table in contract.tables:
        if table.layout == FORMULAR:
            fields = start_fields(contract, kommun, forvaltning_kod, period, svarar_pa)
            write_start(
                workbook.create_sheet(table.sheet), table, fields, _instructions(forvaltning.returenhet), context
            )
        elif table.name in rows_of:
            write_table(
                workbook.create_sheet(table.sheet),
                table,
                rows_of[table.name],
                values.get(table.name, {}),
                context,
                _notes(table, context.unit),
            )
    return workbook, context


def closed_return(workbook: Workbook, context: Context, period: Period) -> bytes:
    """The bytes of a return's workbook, dated by its period."""
    last = period.last_day
    return _closed(workbook, context, dt.datetime(last.year, last.month, last.day, tzinfo=dt.UTC), protected=True)


def write_register(
    contract: Contract, kommun: Kommun, year: int, rows: Mapping[str, Sequence[Mapping[str, CellValue | None]]]
) -> bytes:
    """The budgetregister of a kommun and year: the given rows per table, and empty rows after them.

    The economy office keeps it, so its rows have no hidden keys and its sheets no protection: the visible codes are the key.

    Args:
        rows: by table name; each row by column key, amounts as Decimal in the row's own belopp_enhet.
    Raises:
        KeyError: a table or column that the contract does not have.
    """
    fields = register_fields(contract, kommun, year)
    created = dt.datetime(year, 1, 1, tzinfo=dt.UTC)
    return _kept(contract, kommun, (f"Budgetregister {year}", str(year)), fields, _REGISTER_INSTRUCTIONS, rows, created)


def write_books(
    contract: Contract, kommun: Kommun, period: Period, rows: Mapping[str, Sequence[Mapping[str, CellValue | None]]]
) -> bytes:
    """The workbook of a closing of the books: the given rows per table, and empty rows after them. Kept as the register is.

    Raises:
        KeyError: a table or column that the contract does not have.
    """
    last = period.last_day
    created = dt.datetime(last.year, last.month, last.day, tzinfo=dt.UTC)
    fields = books_fields(contract, kommun, period)
    return _kept(contract, kommun, (f"Bokslut {period}", period.text), fields, _BOOKS_INSTRUCTIONS, rows, created)


def write_plan(
    contract: Contract,
    kommun: Kommun,
    year: int,
    fields: Sequence[StartField],
    rows: Mapping[str, Sequence[Mapping[str, CellValue | None]]],
) -> bytes:
    """The målplan of a kommun and year. Kept as the register is.

    Args:
        fields: the cover, filled in where there is a plan.
        rows: by table name, by column key.
    Raises:
        KeyError: a table or column that the contract does not have.
    """
    created = dt.datetime(year, 1, 1, tzinfo=dt.UTC)
    return _kept(contract, kommun, (f"Målplan {year}", str(year)), fields, _PLAN_INSTRUCTIONS, rows, created)


def _kept(
    contract: Contract,
    kommun: Kommun,
    title: tuple[str, str],
    fields: Sequence[StartField],
    instructions: Sequence[str],
    rows: Mapping[str, Sequence[Mapping[str, CellValue | None]]],
    created: dt.datetime,
) -> bytes:
    """A workbook that the economy office keeps. ``title``: the cover's title, and what it is for."""
    for name, given in rows.items():
        for column in {column for row in given for column in row}:
            contract.table(name).column(column)
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    context = Context(
        title=title[0],
        subtitle=f"{kommun.namn} · {title[1]}",
        footer=f"{contract.id} {contract.version}",
        unit="",
        colours=style.palette(kommun.profil.accentfarg),
        lists=ListSheet(workbook.create_sheet(LIST_SHEET)),
        code_lists={("enheter",): [enhet.kod for enhet in kommun.enheter]},
    )
    for table in contract.tables:
        sheet = workbook.create_sheet(table.sheet)
        if table.layout == FORMULAR:
            write_start(sheet, table, fields, instructions, context)
        else:
            given = rows.get(table.name, ())
            lines = [TemplateRow(RowKind.FRI)] * (len(given) + table.free_rows)
            values = {
                (place, name): value
                for place, row in enumerate(given)
                for name, value in row.items()
                if value is not None
            }
            write_table(sheet, table, lines, values, context, _notes(table, ""))
    return _closed(workbook, context, created, protected=False)


_BOOKS_INSTRUCTIONS = (
    "1. Fyll i räkenskaperna rad för rad. Tomt betyder att uppgift saknas, 0 betyder noll, ej tillämpligt att raden inte finns.",
    "2. Varje rad har sin egen beloppsenhet: kr, tkr eller mnkr.",
    "3. Summor räknas av programmet. Är beloppen avrundade i källan skrivs källans summor på summaraderna.",
    "4. Intäkter och inflöden skrivs med +, kostnader och utflöden med \u2212. Balansräkningen skrivs utan tecken.",
    "5. Skriv antalet personer vid varje grupp i sjukfrånvaron. Grupper med högst tio personer visas aldrig.",
)

_PLAN_INSTRUCTIONS = (
    "1. Skriv visionen överst på bladet Mål, och varje mål med koden för målet som det står under.",
    "2. Ge varje mål en indikator, mål under sig eller en aktivitet som leder dit. Målvärden står på ett eget blad, ett per år.",
    "3. Koder har 1–40 tecken: a–z utan å, ä, ö, siffror, punkt, bindestreck och understreck.",
    "4. När planen är beslutad: fyll i organ, datum och paragraf. Sedan ändras den bara med en ny version, på bladet Ändringar.",
    "5. Läs in den med: rodatraden las-malplan FIL. Alla fel visas med blad och cell.",
)

_REGISTER_INSTRUCTIONS = (
    "1. Skriv beslutad budget per enhet och rad, med organ, paragraf och datum för beslutet.",
    "2. Skriv varje ändring under året som en egen rad på Anslagsförändringar. Ändra aldrig den beslutade budgeten.",
    "3. Varje rad har sin egen beloppsenhet: kr, tkr eller mnkr. Tomt betyder att uppgift saknas, 0 betyder noll.",
    "4. Drift skrivs med tecken: intäkter +, kostnader \u2212. Investeringsutgifter skrivs utan tecken.",
)


def _instructions(unit: str) -> tuple[str, ...]:
    return (
        f"1. Fyll i de ljusa fälten på varje blad. Belopp skrivs i {style.UNIT_WORDS[unit]}.",
        "2. Lämna tomt om uppgift saknas, skriv 0 bara när värdet är noll och ej tillämpligt när raden inte gäller er.",
        "3. Behöver ni en egen rad: ange kod, benämning och vilken summa den ingår i, på de fria raderna.",
        "4. Förklara avvikelser på bladet Kommentarer: orsak, åtgärd och när den ska vara klar.",
        "5. Sätt status till klar, spara som Excel-arbetsbok (.xlsx) och skicka in filen.",
    )


def _notes(table: Table, unit: str) -> tuple[str, str]:
    """Rows 3 and 4: unit and sign rule; description and what blank means."""
    amounts = any(column.kind is ColumnKind.BELOPP for column in table.columns)
    unit_note = f"Belopp i {style.UNIT_WORDS[unit]}. " if amounts and unit else ""
    sign = MATT[table.matt].sign_rule("avvikelse_helar") if table.matt in MATT else ""
    blank = " Tomt betyder att uppgift saknas, 0 betyder noll." if table.amount_columns else ""
    if not (unit_note or sign):
        return table.description, blank.strip()
    return f"{unit_note}{sign}".strip(), f"{table.description}{blank}"


def _code_lists(
    kommun: Kommun, forvaltning_kod: str, rows_of: Mapping[str, Sequence[TemplateRow]]
) -> dict[tuple[str, ...], Sequence[str]]:
    """The lists behind the dropdowns: enheter, the sums of each enhet's uppställning, and the codes that a comment may concern."""
    lists: dict[tuple[str, ...], Sequence[str]] = {
        ("enheter",): [enhet.kod for enhet in enheter_of(kommun, forvaltning_kod)]
    }
    for name, rows in rows_of.items():
        for enhet in {row.enhet for row in rows}:
            sums = [row.labels["kod"] for row in rows if row.enhet == enhet and row.kind is RowKind.SUMMA]
            lists["summarader", name, enhet] = sums
    codes = [row.labels["kod"] for rows in rows_of.values() for row in rows if row.key and "kod" in row.labels]
    lists["kommentarer", "kod"] = list(dict.fromkeys([HELHET, *codes]))
    return lists


def placed(
    contract: Contract, rows_of: Mapping[str, Sequence[TemplateRow]], prefill: Prefill
) -> dict[str, dict[tuple[int, str], SheetValue]]:
    """A prefill by table name and (place among the template's rows, column key).

    Raises:
        UnplacedPrefill: E138.
    """
    places = {
        (name, row.key, column.name): place
        for name, rows in rows_of.items()
        for place, row in enumerate(rows)
        if row.kind is RowKind.POST
        for column in contract.table(name).amount_columns
    }
    for key in sorted(set(prefill) - set(places)):
        raise UnplacedPrefill(key)
    values: dict[str, dict[tuple[int, str], SheetValue]] = {}
    for key, value in prefill.items():
        values.setdefault(key[0], {})[places[key], key[2]] = value
    return values


def _closed(workbook: Workbook, context: Context, moment: dt.datetime, *, protected: bool) -> bytes:
    """The finished workbook's bytes: lists last and hidden, protection, properties, the cover shown first."""
    lists = workbook[LIST_SHEET]
    workbook.move_sheet(lists, len(workbook.sheetnames))
    lists.sheet_state = "hidden"
    workbook.active = 0
    if protected:
        for sheet in workbook.worksheets:
            protect(sheet)
        workbook.security = WorkbookProtection(lockStructure=True)
    workbook.properties.title = context.title
    workbook.properties.subject = context.subtitle
    workbook.properties.creator = "Röda tråden"
    workbook.properties.lastModifiedBy = "Röda tråden"
    workbook.properties.language = "sv-SE"
    return workbook_bytes(workbook, moment.replace(tzinfo=None))
