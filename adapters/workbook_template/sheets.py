"""The sheets of a workbook: the cover (a form) and the tables (keyed rows and columns)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from openpyxl.cell import Cell
from openpyxl.styles import Alignment
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.header_footer import _HeaderFooterPart as _Part
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from adapters.workbook_template import style
from adapters.workbook_template.lists import ListSheet, Validations
from data_contracts.contract import Column, ColumnKind, Table
from transforms.template_rows import HEADING_MARK, KEY_MARK, CellValue, RowKind, StartField, TemplateRow

START_KEY_ROW = 6
KRONOR_WIDTH = 20
GROUP = "grupp"
NAME = "benamning"
SheetValue = CellValue | bool | None


@dataclass(frozen=True, slots=True)
class Context:
    """What all sheets of one workbook share.

    Attributes:
        title, subtitle: rows 1 and 2 of each sheet; ``footer`` stands at the foot of the printed page.
        unit: kr, tkr or mnkr; '' where each row states its own.
        code_lists: the lists that the contract calls ``value_list``, by name or (name, table, enhet).
    """

    title: str
    subtitle: str
    footer: str
    unit: str
    colours: style.Palette
    lists: ListSheet
    code_lists: Mapping[tuple[str, ...], Sequence[str]] = field(default_factory=dict)


def write_start(
    sheet: Worksheet, table: Table, fields: Sequence[StartField], lines: Sequence[str], context: Context
) -> None:
    """The cover: what the return concerns, what the sender fills in, and how it is done."""
    key_column = column_index_from_string(table.key_column)
    label_column, value_column = key_column + 1, key_column + 2
    head(sheet, context, context.title, ("", ""), label_column)
    style.cell_at(sheet, 1, label_column).font = style.font(context.colours, size=22, bold=True, accent=True)
    style.cell_at(sheet, 2, label_column).font = style.font(context.colours, size=13)
    _key_row(sheet, table, START_KEY_ROW)
    validations, row = Validations(sheet), START_KEY_ROW
    for heading, part in (
        ("Gäller", [item for item in fields if item.value is not None]),
        ("Fylls i av er", [item for item in fields if item.value is None]),
    ):
        if part:
            row += 1
            _form_heading(sheet, row, key_column, heading, context)
            for item in part:
                row += 1
                _form_row(sheet, row, key_column, item, context, validations)
            row += 1
    _form_heading(sheet, row + 1, key_column, "Så här gör du", context)
    for number, line in enumerate(lines, start=row + 2):
        style.put_text(style.cell_at(sheet, number, key_column), HEADING_MARK)
        style.put_text(style.cell_at(sheet, number, label_column), line)
        style.cell_at(sheet, number, label_column).font = style.font(context.colours)
    validations.write()
    for column in table.columns:
        place = label_column if column.name == table.key[0] else value_column
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    finish(sheet, context, key_column, freeze="", title_row=0)


def _form_heading(sheet: Worksheet, row: int, key_column: int, text: str, context: Context) -> None:
    style.put_text(style.cell_at(sheet, row, key_column), HEADING_MARK)
    for column in (key_column + 1, key_column + 2):
        style.cell_at(sheet, row, column).border = style.rule(bottom="thin", colour=context.colours.accent)
    cell = style.cell_at(sheet, row, key_column + 1)
    style.put_text(cell, text)
    cell.font = style.font(context.colours, size=11, bold=True, accent=True)
    sheet.row_dimensions[row].height = 20


def _form_row(
    sheet: Worksheet, row: int, key_column: int, item: StartField, context: Context, validations: Validations
) -> None:
    style.put_text(style.cell_at(sheet, row, key_column), item.name)
    label, value = style.cell_at(sheet, row, key_column + 1), style.cell_at(sheet, row, key_column + 2)
    style.put_text(label, item.label)
    label.font = style.font(context.colours, muted=True)
    value.font = style.font(context.colours)
    value.number_format = style.DATE_FORMAT if item.kind == "datum" else style.TEXT_FORMAT
    for cell in (label, value):
        cell.alignment = Alignment(horizontal="left", vertical="center")
        cell.border = style.rule(bottom="hair")
    sheet.row_dimensions[row].height = 18
    if item.value is not None:
        style.put_text(value, item.value)
        return
    style.unlock(value, context.colours)
    if item.values:
        validations.add_list(inline_list(item.values), row, key_column + 2)
    elif item.kind == "datum":
        validations.add_date(row, key_column + 2)


def write_table(
    sheet: Worksheet, table: Table, rows: Sequence[TemplateRow], values: Mapping[tuple[int, str], SheetValue], context: Context,
    notes: tuple[str, str],
) -> None:  # fmt: skip
    """A table sheet: title, unit and sign, instruction, header, hidden keys, rows.

    Args:
        values: what the cells are prefilled with, by (place among the rows, column key); None leaves a cell blank that the row would
            label.
        notes: rows 3 and 4: unit and sign rule; short instruction.
    """
    writer = _TableWriter(sheet, table, rows, values, context)
    head(sheet, context, table.title, notes, writer.first_column)
    writer.write_header()
    _key_row(sheet, table, table.key_row)
    for place, row in enumerate(rows):
        writer.write_row(place, row)
    writer.validations.write()
    freeze = NAME if NAME in writer.columns else table.key[-1]
    cell = style.cell_at(sheet, table.key_row + 1, writer.columns[freeze] + 1)
    finish(sheet, context, writer.key_column, freeze=cell.coordinate, title_row=table.key_row - 1)


class _TableWriter:
    """Writes the rows of one table sheet."""

    def __init__(
        self, sheet: Worksheet, table: Table, rows: Sequence[TemplateRow], values: Mapping[tuple[int, str], SheetValue],
        context: Context,
    ) -> None:  # fmt: skip
        self.sheet, self.table, self.values, self.context = sheet, table, values, context
        self.key_column = column_index_from_string(table.key_column)
        self.first_column = self.key_column + 1
        self.columns = {column.name: self.first_column + place for place, column in enumerate(table.columns)}
        self.validations = Validations(sheet)
        self._looks: dict[tuple[object, ...], StyleArray] = {}
        self._rows = rows
        self._row_of = {row.key: table.key_row + 1 + place for place, row in enumerate(rows) if row.key}
        self._free_of: dict[str, tuple[int, int]] = {}
        for place, row in enumerate(rows):
            if row.kind in (RowKind.FRI, RowKind.MELLANRUM):
                number = table.key_row + 1 + place
                self._free_of[row.enhet] = (self._free_of.get(row.enhet, (number, 0))[0], number)

    def write_header(self) -> None:
        row = self.table.key_row - 1
        for column in self.table.columns:
            cell = style.cell_at(self.sheet, row, self.columns[column.name])
            unit = f", {self.context.unit}" if column.kind is ColumnKind.BELOPP and self.context.unit else ""
            style.put_text(cell, f"{column.header}{unit}")
            cell.font = style.font(self.context.colours, bold=True, accent=True)
            cell.border = style.rule(bottom="medium", colour=self.context.colours.accent)
            number = column.kind in (ColumnKind.BELOPP, ColumnKind.ANTAL)
            cell.alignment = Alignment(
                horizontal="right" if number else "left", vertical="bottom", wrap_text=True, indent=int(number)
            )
            self.sheet.column_dimensions[get_column_letter(self.columns[column.name])].width = self._width(column)
        self.sheet.row_dimensions[row].height = 42

    def _width(self, column: Column) -> int:
        """The contract's width, or more where kronor or the configuration's codes need it."""
        if column.kind is ColumnKind.BELOPP and self.context.unit == "kr":
            return max(column.width, KRONOR_WIDTH)
        if column.kind is not ColumnKind.KOD:
            return column.width
        return max([column.width, *(len(row.labels.get(column.name, "")) + 3 for row in self._rows)])

    def write_row(self, place: int, row: TemplateRow) -> None:
        number = self.table.key_row + 1 + place
        if row.kind is RowKind.MELLANRUM:
            self.sheet.row_dimensions[number].height = 9
        elif row.kind in (RowKind.RUBRIK, RowKind.ANVISNING):
            self._write_heading(number, row)
        else:
            if row.key:
                style.put_text(style.cell_at(self.sheet, number, self.key_column), row.key)
            for column in self.table.columns:
                value = self.values.get((place, column.name), row.labels.get(column.name))
                self._write_cell(number, row, column, value)

    def _write_heading(self, number: int, row: TemplateRow) -> None:
        style.put_text(style.cell_at(self.sheet, number, self.key_column), HEADING_MARK)
        of_enhet = row.kind is RowKind.RUBRIK and row.typ is None
        instruction = row.kind is RowKind.ANVISNING
        for column in self.columns.values():
            cell = style.cell_at(self.sheet, number, column)
            cell.border = style.rule(bottom="hair")
            if of_enhet:
                cell.fill = style.fill(self.context.colours.band)
        cell = style.cell_at(
            self.sheet, number, self.first_column if of_enhet else self.columns.get(NAME, self.first_column)
        )
        style.put_text(cell, row.text)
        cell.font = style.font(
            self.context.colours, size=11 if of_enhet else 10, bold=not instruction, accent=of_enhet, muted=instruction
        )
        cell.alignment = Alignment(horizontal="left", vertical="center", indent=0 if of_enhet else row.level)
        if of_enhet:
            self.sheet.row_dimensions[number].height = 20

    def _write_cell(self, number: int, row: TemplateRow, column: Column, value: SheetValue) -> None:
        cell = style.cell_at(self.sheet, number, self.columns[column.name])
        entered = row.kind is RowKind.FRI or (
            row.kind is RowKind.POST and column.origin == "forvaltning" and column.name not in row.labels
        )
        look = (column.name, row.kind, row.level, row.decimals, entered)
        if look in self._looks:
            style.put_look(cell, self._looks[look])
        else:
            self._dress(cell, row, column)
            if entered:
                style.unlock(cell, self.context.colours)
            self._looks[look] = style.look_of(cell)
        if row.kind is RowKind.SUMMA and column.serie:
            cell.value = self._sum_formula(row, column)
        elif isinstance(value, str):
            style.put_text(cell, value)
        elif value is not None:
            cell.value = value
        if entered:
            self._validate(number, row, column)

    def _dress(self, cell: Cell, row: TemplateRow, column: Column) -> None:
        total = row.kind is RowKind.SUMMA
        cell.font = style.font(
            self.context.colours, bold=total, muted=row.kind is RowKind.POST and column.name in ("enhet", "kod")
        )
        cell.alignment = style.align(column, row.level)
        cell.border = style.rule(bottom="hair", top="thin" if total else None)
        if row.kind is RowKind.FRI and column.kind is ColumnKind.ANTAL:
            cell.number_format = "General"
        else:
            cell.number_format = style.number_format(column, self.context.unit, row.decimals)

    def _sum_formula(self, row: TemplateRow, column: Column) -> str:
        """The sum of the row's parts and of the free rows in its group; blank while nothing is entered."""
        letter = get_column_letter(self.columns[column.name])
        parts = ",".join(f"{letter}{self._row_of[part]}" for part in row.parts)
        count, total = f"COUNT({parts})", f"SUM({parts})"
        if GROUP in self.columns and row.enhet in self._free_of:
            first, last = self._free_of[row.enhet]
            group = get_column_letter(self.columns[GROUP])
            chosen = f'--(${group}${first}:${group}${last}="{row.labels["kod"]}")'
            count += f"+SUMPRODUCT({chosen},--ISNUMBER({letter}{first}:{letter}{last}))"
            total += f"+SUMPRODUCT({chosen},{letter}{first}:{letter}{last})"
        return f'=IF({count}=0,"",{total})'

    def _validate(self, number: int, row: TemplateRow, column: Column) -> None:
        place = (number, self.columns[column.name])
        if column.kind in (ColumnKind.BELOPP, ColumnKind.ANTAL):
            self.validations.add_number(*place)
        elif column.kind is ColumnKind.DATUM:
            self.validations.add_date(*place)
        elif column.values:
            self.validations.add_list(inline_list(column.values), *place)
        elif column.value_list:
            values = self.context.code_lists.get((column.value_list, self.table.name, row.enhet))
            if values is None:
                values = self.context.code_lists.get((column.value_list,), ())
            if values:
                self.validations.add_list(self.context.lists.reference(column.header, values), *place)
        elif column.kind is ColumnKind.KOD and (self.table.name, column.name) in self.context.code_lists:
            codes = self.context.code_lists[self.table.name, column.name]
            self.validations.add_hint_list(self.context.lists.reference(column.header, codes), *place)


def inline_list(values: Iterable[str]) -> str:
    """A short fixed list, written in the rule itself."""
    return f'"{",".join(values)}"'


def head(sheet: Worksheet, context: Context, title: str, notes: tuple[str, str], column: int) -> None:
    """Rows 1–4: title, subtitle, and two lines of notes."""
    for row, (text, font) in enumerate(
        (
            (title, style.font(context.colours, size=16, bold=True, accent=True)),
            (context.subtitle, style.font(context.colours, size=11)),
            (notes[0], style.font(context.colours, muted=True)),
            (notes[1], style.font(context.colours, muted=True)),
        ),
        start=1,
    ):
        if text:
            cell = style.cell_at(sheet, row, column)
            style.put_text(cell, text)
            cell.font = font
    sheet.row_dimensions[1].height = 24 if notes[0] else 34


def _key_row(sheet: Worksheet, table: Table, row: int) -> None:
    """The hidden row with the columns' keys, and the mark where it meets the hidden key column."""
    key_column = column_index_from_string(table.key_column)
    style.put_text(style.cell_at(sheet, row, key_column), KEY_MARK)
    for place, column in enumerate(table.columns, start=1):
        style.put_text(style.cell_at(sheet, row, key_column + place), column.name)
    sheet.row_dimensions[row].hidden = True


def finish(sheet: Worksheet, context: Context, key_column: int, *, freeze: str, title_row: int) -> None:
    """Hidden key column, view, protection and print setup."""
    sheet.column_dimensions[get_column_letter(key_column)].hidden = True
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 100
    if freeze:
        sheet.freeze_panes = freeze
    if title_row:
        sheet.print_title_rows = f"{title_row}:{title_row}"
    sheet.sheet_properties.tabColor = context.colours.accent
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top = sheet.page_margins.bottom = 0.7
    sheet.oddHeader = HeaderFooterItem(
        left=_Part(text=_escaped(context.subtitle)), right=_Part(text=_escaped(context.title))
    )
    sheet.oddFooter = HeaderFooterItem(left=_Part(text=_escaped(context.footer)), right=_Part(text="Sida &P av &N"))


def _escaped(text: str) -> str:
    """Text in a page head, where & begins a code."""
    return text.replace("&", "&&")


def protect(sheet: Worksheet) -> None:
    """Locks what the template states, without password. Rows may be inserted and columns and rows formatted."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False
    sheet.protection.insertRows = False
