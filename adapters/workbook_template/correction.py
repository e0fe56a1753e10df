"""The rättelsebok: a return's template with the sender's values in it, what fails coloured and commented, and a first sheet that lists it.

Born from the contract like any template; the sender's own file is never opened for writing. Every text is stored as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import Outline
from openpyxl.worksheet.worksheet import Worksheet

from adapters.workbook_template import Prefill, build_return, closed_return, placed, style
from adapters.workbook_template.sheets import Context, SheetValue, finish, head
from data_contracts.contract import Contract
from data_contracts.findings import Finding, Severity, cell_text
from data_contracts.kommun import Kommun
from transforms.correction import START, Correction, Mark, Target
from transforms.finding_groups import gathered, shared
from transforms.period import Period
from transforms.repeats import unread_sheets, unread_text
from transforms.template_rows import ATT_RATTA, FORMULAR

AUTHOR = "Röda tråden"
COLOURS = {Severity.STOPPAR: "F6B8B2", Severity.FORKLARAS: "FFD591", Severity.NOTERING: "CFE3F5"}
"""Behind cells that are to be mended, explained, or only noted; the word stands in the comment and in the list."""
RESTORED = "I den här arbetsboken är cellen återställd, så i den behöver inget göras."
"""Said of cells that the template fills or sums: what the sender had put there is not in the new workbook."""
_WORDS = {
    Severity.STOPPAR: "Stoppar",
    Severity.FORKLARAS: "Ska förklaras",
    Severity.NOTERING: "Notering",
}
_ORDER = tuple(_WORDS)
_COLUMNS = (
    ("Allvar", 15), ("Kod", 8), ("Blad", 18), ("Gå till cell", 13), ("Det här stod", 22), ("Vad som är fel", 52),
    ("Gör så här", 52), ("Cell i er fil", 12),
)  # fmt: skip
_REPEATED = 4
"""Up to this column a row under another only repeats it."""
_FIRST_ROW = 10
_KEY_COLUMN = 1
_LINE_HEIGHT = 13.5
_MAX_FOUND = 300
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 can't hold."""


@dataclass(frozen=True, slots=True)
class _Area:
    """Cells of one column of one sheet."""

    sheet: str
    column: int
    first: int
    last: int

    @property
    def reference(self) -> str:
        letter = get_column_letter(self.column)
        return f"{letter}{self.first}" if self.first == self.last else f"{letter}{self.first}:{letter}{self.last}"


def write_correction(
    contract: Contract,
    kommun: Kommun,
    forvaltning_kod: str,
    period: Period,
    prefill: Prefill,
    correction: Correction,
    titles: Mapping[str, str],
) -> bytes:
    """The rättelsebok of one return. Its sums are formulas without stored values until a program has calculated them.

    Args:
        contract: the correction's own (``Correction.contract``).
        prefill: as in the template of the same förvaltning and period; it goes before what the sender wrote in locked fields.
        titles: what each code is called.
    Returns:
        xlsx; the same input gives the same bytes.
    """
    values: dict[str, dict[tuple[int, str], SheetValue]] = placed(contract, correction.rows, prefill)
    for name, sent in correction.values.items():
        values.setdefault(name, {}).update({place: _writable(value) for place, value in sent.items()})
    workbook, context = build_return(contract, kommun, forvaltning_kod, period, values, svarar_pa=correction.answers)
    fields = _fill_start(workbook, contract, correction)
    areas = [_area(mark, contract, fields) for mark in correction.marks]
    _mark_cells(workbook, correction.marks, areas)
    sheet = workbook.create_sheet(ATT_RATTA, 0)
    _write_list(workbook, sheet, context, correction, areas, titles)
    return closed_return(workbook, context, period)


def _writable(value: SheetValue) -> SheetValue:
    return _UNWRITABLE.sub("\ufffd", value) if isinstance(value, str) else value


def _fill_start(workbook: Workbook, contract: Contract, correction: Correction) -> dict[str, tuple[int, int]]:
    """Write what the sender filled in on the cover; row and column of every field's value."""
    table = next(table for table in contract.tables if table.layout == FORMULAR)
    sheet = workbook[table.sheet]
    key_column = column_index_from_string(table.key_column)
    places: dict[str, tuple[int, int]] = {}
    for row in range(1, sheet.max_row + 1):
        key = sheet.cell(row, key_column).value
        if isinstance(key, str):
            places[key] = (row, key_column + 2)
    for name, value in correction.start.items():
        if name in places:
            cell = style.cell_at(sheet, *places[name])
            if not cell.protection.locked:
                _put(cell, _writable(value))
    return places


def _put(cell: Cell, value: SheetValue) -> None:
    if isinstance(value, str):
        style.put_text(cell, value)
    else:
        cell.value = value


def _area(mark: Mark, contract: Contract, fields: Mapping[str, tuple[int, int]]) -> _Area | None:
    """Where a mark stands in the new workbook."""
    if not mark.targets:
        return None
    places = [_place(target, contract, fields) for target in mark.targets]
    rows = sorted(row for row, _ in places)
    return _Area(contract.table(mark.targets[0][0]).sheet, places[0][1], rows[0], rows[-1])


def _place(target: Target, contract: Contract, fields: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    name, place, column = target
    table = contract.table(name)
    if name == START or isinstance(place, str):
        return fields.get(str(place), (1, column_index_from_string(table.key_column) + 1))
    first = column_index_from_string(table.key_column) + 1
    return table.key_row + 1 + place, first + [own.name for own in table.columns].index(column)


def _mark_cells(workbook: Workbook, marks: Sequence[Mark], areas: Sequence[_Area | None]) -> None:
    """Colour every cell by its gravest finding, and say all of them in its comment."""
    said: dict[tuple[str, int, int], list[Finding]] = {}
    coloured: dict[tuple[str, int, int], Severity] = {}
    for mark, area in sorted(zip(marks, areas, strict=True), key=lambda pair: -_severity(pair[0].finding)):
        if area is not None:
            said.setdefault((area.sheet, area.first, area.column), []).append(mark.finding)
            for row in range(area.first, area.last + 1):
                coloured[area.sheet, row, area.column] = mark.finding.severity
    for (name, row, column), severity in coloured.items():
        style.cell_at(workbook[name], row, column).fill = style.fill(COLOURS[severity])
    for (name, row, column), found in said.items():
        parts = [_in_comment(finding) for finding in sorted(found, key=_severity)]
        text = "\n\n".join([*parts, RESTORED] if _is_restored(workbook, _Area(name, column, row, row)) else parts)
        comment = Comment(text, AUTHOR, width=340, height=30 + 17 * sum(_lines(part, 50) for part in text.split("\n")))
        style.cell_at(workbook[name], row, column).comment = comment


def _severity(finding: Finding) -> int:
    return _ORDER.index(finding.severity)


def _is_restored(workbook: Workbook, area: _Area | None) -> bool:
    """True for a cell that the template fills or sums, which holds what it should in the new workbook."""
    return area is not None and bool(style.cell_at(workbook[area.sheet], area.first, area.column).protection.locked)


def _in_comment(finding: Finding) -> str:
    text = f"{_WORDS[finding.severity]}, {finding.code}\n{finding.message}\nGör så här: {finding.advice}"
    return _UNWRITABLE.sub("\ufffd", text)


def _write_list(
    workbook: Workbook,
    sheet: Worksheet,
    context: Context,
    correction: Correction,
    areas: Sequence[_Area | None],
    titles: Mapping[str, str],
) -> None:
    """The sheet Att rätta: what is to be done, and the findings, the gravest first, each with a link to its cell.

    Those that say the same of one sheet stand together, under a row that says it once.
    """
    head(sheet, context, ATT_RATTA, ("", ""), _KEY_COLUMN + 1)
    style.cell_at(sheet, 1, 2).font = style.font(context.colours, size=22, bold=True, accent=True)
    style.cell_at(sheet, 2, 2).font = style.font(context.colours, size=13)
    listed = [
        _Listed(mark.finding, area, is_restored=_is_restored(workbook, area))
        for mark, area in zip(correction.marks, areas, strict=True)
    ]
    left = sum(one.finding.severity is Severity.STOPPAR and not one.is_restored for one in listed)
    for row, line in enumerate(_instructions(correction, left), start=3):
        cell = style.cell_at(sheet, row, 2)
        style.put_text(cell, _UNWRITABLE.sub("\ufffd", line))
        cell.font = style.font(context.colours, muted=row == 3)
    for place, (header, width) in enumerate(_COLUMNS, start=2):
        cell = style.cell_at(sheet, _FIRST_ROW - 1, place)
        style.put_text(cell, header)
        cell.font = style.font(context.colours, bold=True, accent=True)
        cell.border = style.rule(bottom="medium", colour=context.colours.accent)
        sheet.column_dimensions[get_column_letter(place)].width = width
    listed.sort(key=lambda one: _severity(one.finding))
    row = _FIRST_ROW
    for alike in gathered(listed, lambda one: one.finding, lambda one: one.is_restored):
        for told in _lines_of(alike, titles, workbook.sheetnames):
            _write_line(sheet, row, context, told)
            row += 1
    sheet.sheet_properties.outlinePr = Outline(summaryBelow=False)
    finish(sheet, context, _KEY_COLUMN, freeze=f"B{_FIRST_ROW}", title_row=_FIRST_ROW - 1)


@dataclass(frozen=True, slots=True)
class _Listed:
    """A finding and where it is in the new workbook; ``is_restored``: the cell there holds what it should."""

    finding: Finding
    area: _Area | None
    is_restored: bool


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of Att rätta. ``goes_to``: sheet and cell of its link, '' for none; ``level``: 1 under a row that says it of all."""

    severity: Severity
    texts: tuple[str, ...]
    goes_to: str = ""
    level: int = 0


def _lines_of(alike: Sequence[_Listed], titles: Mapping[str, str], names: Sequence[str]) -> Iterator[_Line]:
    """One row for a finding alone; for several a row that says it once, and a row per cell."""
    first = alike[0].finding
    advice = f"{first.advice} {RESTORED}" if alike[0].is_restored else first.advice
    if len(alike) == 1:
        yield _line_of(alike[0], first.message, advice, names)
        return
    rule = shared([one.finding.message for one in alike])
    where = (first.sheet or "Hela filen", f"{len(alike)} st")
    texts = (_WORDS[first.severity], first.code, *where, "", rule or titles.get(first.code, ""), advice, "")
    yield _Line(first.severity, texts)
    for one in alike:
        yield replace(_line_of(one, "" if rule else one.finding.message, "", names), level=1)


def _line_of(one: _Listed, message: str, advice: str, names: Sequence[str]) -> _Line:
    finding, area = one.finding, one.area
    sheet = area.sheet if area else finding.sheet if finding.sheet in names else ""
    reference = area.reference if area else "Bladet" if sheet else ""
    if area and area.sheet != finding.sheet:
        reference = f"{area.sheet} {reference}"
    texts = (
        _WORDS[finding.severity], finding.code, finding.sheet or "Hela filen", reference, finding.found[:_MAX_FOUND],
        message, advice, cell_text(finding.sheet, finding.cell),
    )  # fmt: skip
    return _Line(finding.severity, texts, f"'{sheet}'!{area.reference if area else 'B1'}" if sheet else "")


def _instructions(correction: Correction, left: int) -> tuple[str, ...]:
    """The lines above the list. ``left``: how many of the findings that stop are still to be mended by the sender."""
    if left:
        first = f"1. Rätta det som stoppar ({left} st): följ länken i kolumnen Gå till cell. Cellen är färgad och har en kommentar."
    elif any(mark.finding.severity is Severity.STOPPAR for mark in correction.marks):
        first = "1. Det som stoppade är återställt i den här arbetsboken. Se efter att uppgifterna stämmer."
    else:
        first = (
            "1. Inget stoppar returen. Förklara det som ska förklaras på bladet Kommentarer: följ länken till raden."
        )
    filled = (
        "2. Era uppgifter står redan i den här arbetsboken, och de fält som ekonomikontoret fyller i är återställda."
    )
    if correction.blankett:
        filled = (
            f"2. Filen är läst som {correction.blankett}. Det här är kommunens mall, med era uppgifter i mallens enhet och tecken. "
            "Ni kan lika gärna rätta i er egen fil och skicka in den igen."
        )
    unread = unread_sheets([mark.finding for mark in correction.marks])
    if unread:
        filled = f"{filled} {unread_text(unread)}"
    return (
        f"Gäller filen {correction.file}, sha256 {correction.answers}",
        first,
        filled,
        "3. Det som ska förklaras får en rad på bladet Kommentarer. Noteringar behöver inte åtgärdas.",
        "4. Spara den här arbetsboken och skicka in den i stället för den förra. Bladet Att rätta läses inte och får ligga kvar.",
    )


def _write_line(sheet: Worksheet, row: int, context: Context, line: _Line) -> None:
    height = 1
    for place, (text, (_, width)) in enumerate(zip(line.texts, _COLUMNS, strict=True), start=2):
        cell = style.cell_at(sheet, row, place)
        style.put_text(cell, _UNWRITABLE.sub("\ufffd", text))
        is_muted = bool(line.level) and place <= _REPEATED
        cell.font = style.font(context.colours, bold=place == 2 and not is_muted, muted=is_muted)
        cell.alignment = Alignment(horizontal="left", vertical="top", wrap_text=True, indent=int(place == 2))
        cell.border = style.rule(bottom="hair")
        cell.number_format = style.TEXT_FORMAT
        height = max(height, sum(_lines(part, width) for part in text.split("\n")))
    if not line.level:
        style.cell_at(sheet, row, 2).fill = style.fill(COLOURS[line.severity])
    if line.goes_to:
        link = style.cell_at(sheet, row, 5)
        link.hyperlink = Hyperlink(ref=link.coordinate, location=line.goes_to, display=line.texts[3])
        link.font = Font(name=style.FONT, size=10, color=context.colours.accent, underline="single")
    sheet.row_dimensions[row].outlineLevel = line.level
    sheet.row_dimensions[row].height = _LINE_HEIGHT * height + 4


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in so many characters a line, at least one."""
    return max(1, ceil(len(text) / width))
