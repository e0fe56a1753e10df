"""A kommun's own blankett as a return: its cells found by sheet, heading and row text, and given the keys of the contract.

Nothing is left out in silence: a sheet, heading or row that is not there, and one that nobody has declared, is a finding. The cells keep
their place and content; only the signs are turned, after the conversion (``turned_rows``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from data_contracts.blankett import AvvikelseKolumn, Blad, Blankett, BlankettVersion, BrettBlad, Kalla, LangtBlad
from data_contracts.contract import Contract
from data_contracts.felkoder import Felkod
from data_contracts.findings import Finding
from data_contracts.kommun import Kommun
from transforms.blankett_grid import (
    Grid,
    as_number,
    column_number,
    header_row,
    heading_pattern,
    number_in,
    plain,
    text_in,
)
from transforms.blankett_signs import Turned, turned_rows
from transforms.period import MANADER, Period
from transforms.raw_retur import CellKind, RawBook, RawCell, RawRetur, RawRow, RawTable
from transforms.template_rows import FORMULAR, RowKind, row_key, template_rows

_ISO_MONTH = re.compile(r"(20\d\d)-(\d\d)(?:-\d\d)?")
_NAMED_MONTH = re.compile(rf"\b({'|'.join(MANADER)})\b\D{{0,10}}(20\d\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BlankettRetur:
    """A file that was read as one of the kommun's blanketter.

    Attributes:
        raw: as if it were the contract's own workbook; the cover is made of what the file and the blankett say.
        forvaltning, period: None where the file does not tell.
        unit: the unit of its amounts.
        turned: the rows whose signs are turned when the file is converted.
    """

    raw: RawRetur
    forvaltning: str | None = None
    period: Period | None = None
    unit: str = "tkr"
    turned: Turned = frozenset()


@dataclass(frozen=True, slots=True)
class _Stated:
    """A row's own avvikelse, and what it is made of."""

    blad: BrettBlad
    kolumn: AvvikelseKolumn
    key: str
    cell: RawCell
    av: RawCell
    mot: RawCell


@dataclass(slots=True)
class _Reading:
    """One file being read as one version of a blankett; collects the findings."""

    book: RawBook
    blankett: Blankett
    version: BlankettVersion
    felkoder: Mapping[str, Felkod]
    findings: list[Finding] = field(default_factory=list)
    stated: list[_Stated] = field(default_factory=list)
    unplaced: list[RawTable] = field(default_factory=list)

    def tell(self, code: str, sheet: str, cell: RawCell | None = None, **values: object) -> None:
        found = "" if cell is None else cell.text
        place = "" if cell is None else cell.coordinate
        self.findings.append(
            self.felkoder[code].finding(file=self.book.file, sheet=sheet, cell=place, found=found, **values)  # type: ignore[arg-type]
        )


def read_blankett(
    book: RawBook, blanketter: Sequence[Blankett], kommun: Kommun, contract: Contract, felkoder: Mapping[str, Felkod]
) -> BlankettRetur:
    """The file by the one version of a blankett whose sheets and headings it has; else with findings that say what is missing.

    Args:
        book: every cell of the file.
        blanketter: those of the file's kind.
    """
    if book.findings:
        return BlankettRetur(RawRetur(book.file, book.sha256, (), book.findings))
    readings = [_Reading(book, one, version, felkoder) for one in blanketter for version in one.versioner]
    for reading in readings:
        _look_for_headings(reading)
    fitting = [reading for reading in readings if not reading.findings]
    if len(fitting) != 1:
        return BlankettRetur(RawRetur(book.file, book.sha256, (), _unfit(book, readings, fitting, felkoder)))
    return _read(fitting[0], kommun, contract)


def _unfit(
    book: RawBook, readings: Sequence[_Reading], fitting: Sequence[_Reading], felkoder: Mapping[str, Felkod]
) -> tuple[Finding, ...]:
    if fitting:
        names = " och ".join(f"{one.blankett.namn} (version {one.version.version})" for one in fitting)
        return (felkoder["E168"].finding(file=book.file, vilka=names),)
    nearest = min(readings, key=lambda reading: len(reading.findings))
    named = {"namn": nearest.blankett.namn, "version": nearest.version.version}
    return (felkoder["E165"].finding(file=book.file, **named), *nearest.findings)


def _look_for_headings(reading: _Reading) -> None:
    for blad in reading.version.blad:
        grid = reading.book.sheets.get(blad.blad)
        if grid is None:
            there = ", ".join(name for name in reading.book.sheets if name) or "inga"
            reading.tell("E166", blad.blad, finns=there)
            continue
        _, missing = header_row(grid, _headings(blad, reading.blankett))
        for heading in missing:
            reading.tell("E167", blad.blad, vantat=heading)


def _headings(blad: Blad, blankett: Blankett) -> tuple[str, ...]:
    columns = [source.kolumn for source in (blankett.forvaltning, blankett.period) if source.kolumn is not None]
    if isinstance(blad, LangtBlad):
        return (*columns, blad.enhetskolumn, blad.radkolumn, blad.seriekolumn, blad.vardekolumn)
    own = [blad.enhetskolumn] if blad.enhetskolumn is not None else []
    own += [blad.avvikelse.rubrik] if blad.avvikelse is not None else []
    return (*columns, *own, *blad.serier.values())


def _read(reading: _Reading, kommun: Kommun, contract: Contract) -> BlankettRetur:
    blankett, book = reading.blankett, reading.book
    forvaltning_cell = _fact(reading, blankett.forvaltning, "förvaltning")
    period_cell = _fact(reading, blankett.period, "period")
    period = period_in(period_cell.text) if period_cell is not None else None
    if period_cell is not None and period is None:
        reading.tell("E172", _sheet_of(blankett.period), period_cell, uppgift="period")
    forvaltning = None if forvaltning_cell is None else forvaltning_cell.text
    if forvaltning_cell is not None and forvaltning not in {one.kod for one in kommun.forvaltningar}:
        reading.tell("E172", _sheet_of(blankett.forvaltning), forvaltning_cell, uppgift="förvaltning")
        forvaltning = None
    tables = [_table(reading, blad, contract, period) for blad in reading.version.blad]
    if forvaltning is not None:
        blank = list(_blank_tables(tables, contract, kommun, forvaltning))
        for table in blank:
            reading.tell("E176", table.sheet, namn=blankett.namn)
        tables = [*tables, *blank]
    unit = kommun.forvaltning(forvaltning).returenhet if forvaltning is not None else blankett.enhet
    start = _cover(
        contract,
        kommun_kod=kommun.kod,
        forvaltning_kod=forvaltning,
        period=None if period is None else str(period),
        belopp_enhet=unit,
        kontrakt_id=contract.id,
        kontrakt_version=contract.version,
    )
    turned = turned_rows(blankett, {table.name: [row.key for row in table.rows] for table in tables}, kommun)
    _check_avvikelser(reading, turned)
    form = f"{blankett.namn}, version {reading.version.version}"
    unplaced = tuple(reading.unplaced)
    raw = RawRetur(book.file, book.sha256, (start, *tables), tuple(reading.findings), form, unplaced)
    return BlankettRetur(raw, forvaltning, period, blankett.enhet, turned)


def _cover(contract: Contract, **facts: str | None) -> RawTable:
    """The cover that the contract asks for, of what the file and the blankett say."""
    sheet = next(table.sheet for table in contract.tables if table.layout == FORMULAR)
    rows = tuple(
        RawRow(place, name, {"varde": RawCell("", CellKind.TEXT, text)})
        for place, (name, text) in enumerate(facts.items(), start=1)
        if text is not None
    )
    return RawTable("start", sheet, rows)


def _blank_tables(read: Sequence[RawTable], contract: Contract, kommun: Kommun, forvaltning: str) -> Iterator[RawTable]:
    """The sheets that the blankett does not have, with their rows blank: what it does not ask for is "uppgift saknas"."""
    covered = {table.name for table in read}
    for name, rows in template_rows(contract, kommun, forvaltning).items():
        if name not in covered:
            blank = [RawRow(0, row.key, {}) for row in rows if row.key and row.kind is RowKind.POST]
            yield RawTable(name, contract.table(name).sheet, tuple(blank))


def _sheet_of(source: Kalla) -> str:
    return "" if source.cell is None else source.cell.rpartition("!")[0]


def _fact(reading: _Reading, source: Kalla, uppgift: str) -> RawCell | None:
    """A fact about the whole file, translated, with its place; None when it is not there (then with a finding)."""
    if source.fast is not None:
        return RawCell("", CellKind.TEXT, source.fast)
    cell = _found_fact(reading, source, uppgift)
    if cell is None or not cell.text.strip():
        if not any(finding.code == "E174" for finding in reading.findings):
            reading.tell("E172", _sheet_of(source), cell, uppgift=uppgift)
        return None
    text = cell.text.strip()
    return replace(cell, text=source.oversatt.get(text, text))


def _found_fact(reading: _Reading, source: Kalla, uppgift: str) -> RawCell | None:
    if source.filnamn is not None:
        match = re.search(source.filnamn, reading.book.file.rpartition("/")[2])
        return None if match is None else RawCell("", CellKind.TEXT, match[1])
    if source.cell is not None:
        sheet, _, coordinate = source.cell.rpartition("!")
        cells = reading.book.sheets.get(sheet, {}).values()
        return next((cell for cell in cells if cell.coordinate == coordinate), None)
    blad = reading.version.blad[0]
    grid = reading.book.sheets[blad.blad]
    row, _ = header_row(grid, _headings(blad, reading.blankett))
    column = _columns(reading, blad, row, [source.kolumn or ""]).get(source.kolumn or "")
    below = [cell for (number, place), cell in sorted(grid.items()) if place == column and number > row]
    other = next((cell for cell in below if cell.text != below[0].text), None)
    if other is not None:
        reading.tell("E174", blad.blad, other, uppgift=uppgift, forsta=below[0].text)
        return None
    return below[0] if below else None


def period_in(text: str) -> Period | None:
    """The month that a text names: 2026-04, 2026-04-30, or "per april 2026"; None when it names none.

    Example:
        >>> str(period_in("Uppföljning per April 2026")), period_in("första kvartalet")
        ('2026-04', None)
    """
    iso, named = _ISO_MONTH.search(text), _NAMED_MONTH.search(text)
    if iso is not None and 1 <= int(iso[2]) <= 12:
        return Period(int(iso[1]), int(iso[2]))
    return Period(int(named[2]), MANADER.index(named[1].lower()) + 1) if named is not None else None


def _columns(reading: _Reading, blad: Blad, row: int, headings: Iterable[str]) -> dict[str, int]:
    """The column of each heading in the header's row; a heading that stands there twice is told of."""
    grid = reading.book.sheets[blad.blad]
    cells = [(place, cell) for (number, place), cell in sorted(grid.items()) if number == row]
    found: dict[str, int] = {}
    for heading in headings:
        there = [(place, cell) for place, cell in cells if heading_pattern(heading).fullmatch(plain(cell.text))]
        if len(there) > 1:
            reading.tell("E171", blad.blad, there[1][1], forsta=there[0][1].coordinate)
        if there:
            found[heading] = there[0][0]
    return found


def _table(reading: _Reading, blad: Blad, contract: Contract, period: Period | None) -> RawTable:
    """One sheet as a table of the contract."""
    grid = reading.book.sheets[blad.blad]
    row, _ = header_row(grid, _headings(blad, reading.blankett))
    _check_years(reading, blad, row, period)
    rows = _long_rows(reading, blad, row) if isinstance(blad, LangtBlad) else _wide_rows(reading, blad, row)
    names = {column.name for column in contract.table(blad.tabell).columns}
    kept = [replace(one, cells={name: cell for name, cell in one.cells.items() if name in names}) for one in rows]
    return RawTable(blad.tabell, blad.blad, tuple(kept))


def _check_years(reading: _Reading, blad: Blad, row: int, period: Period | None) -> None:
    """A heading with a year names the period's."""
    if period is None:
        return
    cells = [cell for (number, _), cell in sorted(reading.book.sheets[blad.blad].items()) if number == row]
    for heading in _headings(blad, reading.blankett):
        for cell in cells:
            match = heading_pattern(heading).fullmatch(plain(cell.text))
            if match is not None and match.groups() and int(match[1]) != period.year:
                reading.tell("E175", blad.blad, cell, vantat=str(period.year))


def _long_rows(reading: _Reading, blad: LangtBlad, header: int) -> list[RawRow]:
    """One row per enhet and rad of a sheet with one value per line."""
    grid = reading.book.sheets[blad.blad]
    heads = (blad.enhetskolumn, blad.radkolumn, blad.seriekolumn, blad.vardekolumn)
    columns = _columns(reading, blad, header, heads)
    used: set[str] = set()
    unknown: set[str] = set()
    gathered: dict[str, tuple[int, dict[str, RawCell]]] = {}
    strays: dict[tuple[str, str], tuple[int, RawCell, dict[str, RawCell]]] = {}
    for line in sorted({row for row, _ in grid if row > header}):
        cells = [grid.get((line, columns[head])) for head in heads]
        codes = [text_in(cell) for cell in cells[:3]]
        used.update(codes)
        if any(code in blad.utelamnas for code in codes):
            continue
        known = (set(blad.enheter), set(blad.rader), set(blad.serier))
        strange = [
            cell or RawCell(f"A{line}", CellKind.TOM)
            for code, cell, codes_known in zip(codes, cells[:3], known, strict=True)
            if code not in codes_known
        ]
        for cell in strange:
            if cell.text not in unknown:
                unknown.add(cell.text)
                reading.tell("E170", blad.blad, cell)
        if strange == [cells[1]] and cells[3] is not None:
            values = strays.setdefault((blad.enheter[codes[0]], codes[1]), (line, strange[0], {}))[2]
            values.setdefault(blad.serier[codes[2]], cells[3])
        if not strange:
            key, serie = row_key(blad.enheter[codes[0]], blad.rader[codes[1]]), blad.serier[codes[2]]
            value = cells[3]
            held = gathered.setdefault(key, (line, {}))[1]
            if serie in held and value is not None:
                reading.tell("E171", blad.blad, value, forsta=held[serie].coordinate)
            elif value is not None:
                held[serie] = as_number(value, reading.blankett.decimaltecken)
    for code in (*blad.enheter, *blad.rader, *blad.serier):
        if code not in used:
            reading.tell("E169", blad.blad, vantat=code)
    unplaced = [
        _unplaced(line, enhet, label, values, reading.blankett) for (enhet, _), (line, label, values) in strays.items()
    ]
    reading.unplaced.append(RawTable(blad.tabell, blad.blad, tuple(unplaced)))
    return [RawRow(line, key, cells) for key, (line, cells) in gathered.items()]


def _wide_rows(reading: _Reading, blad: BrettBlad, header: int) -> list[RawRow]:
    """One row per row of the sheet whose text is declared."""
    grid = reading.book.sheets[blad.blad]
    labels = column_number(blad.radkolumn)
    columns = _columns(reading, blad, header, _headings(blad, reading.blankett))
    first: dict[tuple[str, str], RawCell] = {}
    rows: list[RawRow] = []
    unknown: list[RawRow] = []
    for line in sorted({row for row, _ in grid if row > header}):
        label = grid.get((line, labels))
        enhet = _enhet_of(reading, blad, grid, line, columns)
        values: dict[str, RawCell] = {
            serie: grid[line, columns[head]] for serie, head in blad.serier.items() if (line, columns[head]) in grid
        }
        text = text_in(label)
        if text in blad.utelamnas or (not values and text not in blad.rader) or enhet is None:
            continue
        if text not in blad.rader:
            reading.tell("E170", blad.blad, label or next(iter(values.values())))
            unknown.append(_unplaced(line, enhet, label, values, reading.blankett))
            continue
        if (enhet, text) in first:
            reading.tell("E171", blad.blad, label, forsta=first[enhet, text].coordinate)
            continue
        first[enhet, text] = label or RawCell("", CellKind.TOM)
        read: dict[str, RawCell] = {
            serie: as_number(cell, reading.blankett.decimaltecken) for serie, cell in values.items()
        }
        rows.append(RawRow(line, row_key(enhet, blad.rader[text]), read))
        _note_avvikelse(reading, blad, rows[-1], columns, grid)
    there = {text for _, text in first}
    for text in blad.rader:
        if text not in there:
            reading.tell("E169", blad.blad, vantat=text)
    reading.unplaced.append(RawTable(blad.tabell, blad.blad, tuple(unknown)))
    return rows


def _unplaced(
    line: int, enhet: str, label: RawCell | None, values: Mapping[str, RawCell], blankett: Blankett
) -> RawRow:
    """A row that the blankett does not have, as an own row: its text as the name, and its amounts."""
    named = {"benamning": label} if label is not None else {}
    read = {serie: as_number(cell, blankett.decimaltecken) for serie, cell in values.items()}
    return RawRow(line, "", {"enhet": RawCell("", CellKind.TEXT, enhet), **named, **read})


def _note_avvikelse(reading: _Reading, blad: BrettBlad, row: RawRow, columns: Mapping[str, int], grid: Grid) -> None:
    kolumn = blad.avvikelse
    if kolumn is None:
        return
    cell, av, mot = grid.get((row.number, columns[kolumn.rubrik])), row.cells.get(kolumn.av), row.cells.get(kolumn.mot)
    if cell is not None and av is not None and mot is not None:
        stated = as_number(cell, reading.blankett.decimaltecken)
        reading.stated.append(_Stated(blad, kolumn, row.key, stated, av, mot))


def _enhet_of(reading: _Reading, blad: BrettBlad, grid: Grid, line: int, columns: Mapping[str, int]) -> str | None:
    """Whose a row is; None when its enhetskolumn says nothing, or what nobody has declared (then with a finding)."""
    if blad.enhetskolumn is None:
        return blad.enhet
    cell = grid.get((line, columns[blad.enhetskolumn]))
    text = text_in(cell)
    if text and text not in blad.enheter and text not in blad.utelamnas:
        reading.tell("E170", blad.blad, cell)
    return blad.enheter.get(text)


def _check_avvikelser(reading: _Reading, turned: Turned) -> None:
    """The blankett's own avvikelser against its own figures; the last digit shown may be rounded."""
    for one in reading.stated:
        av, mot, said = (number_in(cell) for cell in (one.av, one.mot, one.cell))
        if av is None or mot is None or said is None:
            continue
        enhet, _, rad = one.key.partition("|")
        is_turned = (one.blad.tabell, enhet, rad) in turned or one.blad.tabell == "investeringar"
        computed = mot - av if is_turned else av - mot
        exponent = said.as_tuple().exponent
        if abs(computed - said) > Decimal(1).scaleb(min(exponent, 0) if isinstance(exponent, int) else 0):
            text = f"{computed.normalize():f}".replace(".", ",").replace("-", "\N{MINUS SIGN}")
            parts = [one.blad.serier[one.kolumn.av], one.blad.serier[one.kolumn.mot]]
            first, second = reversed(parts) if is_turned else parts
            reading.tell("E173", one.blad.blad, one.cell, beraknad=text, minuend=first, subtrahend=second)
