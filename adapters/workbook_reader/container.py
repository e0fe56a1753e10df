"""What a file is, judged by its bytes and within limits, before any workbook library is let loose on it.

Every part is streamed through a plain XML parser in constant memory, so that document types, entities, links under any name and
unreasonable numbers of sheets, rows, columns, cells and texts are met here and nowhere later.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.parsers import expat

MIB = 1024 * 1024
MAX_FILE = 10 * MIB
MAX_EXPANDED = 50 * MIB
MAX_RATIO = 100
RATIO_FROM = MIB
MAX_PARTS = 200
MAX_SHEETS = 50
MAX_CELLS = 300_000
MAX_ROWS = 100_000
MAX_COLUMNS = 1_000
MAX_STRINGS = 100_000

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_ZIP = b"PK\x03\x04"
_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
_CHUNK = 64 * 1024
_CONTENT_TYPES = "[Content_Types].xml"
_WORKBOOK = b"spreadsheetml.sheet.main+xml"
_STRICT = "http://purl.oclc.org/ooxml/"
_PROGRAMS = ("vbaproject", "xl/activex/", "xl/embeddings/", "xl/macrosheets/", "xl/dialogsheets/", "xl/ctrlprops/")
_LINKS = ("xl/externallinks/", "xl/connections.xml", "xl/querytables/")
_PROGRAM_TYPES = (
    "vbaproject",
    "activex",
    "oleobject",
    "macrosheet",
    "dialogsheet",
    "controlproperties",
    "macroenabled",
)
_LINK_TYPES = ("externallink", "connections+xml", "querytable")
_OUTSIDE = re.compile(r"^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)|[\\\x00-\x1f]")
_CORNER = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file is not read: a code of the catalogue and the values its text names."""

    code: str
    values: Mapping[str, object]


class _Refused(Exception):
    """Stops the inspection at the first thing that makes the rest meaningless."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.refusal = Refusal(code, values)


def inspect(content: bytes) -> Refusal | None:
    """Why the bytes can't be read as a return, or None when openpyxl may open them."""
    try:
        _check_bytes(content)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_archive(archive)
            count = _Count()
            for entry in archive.infolist():
                _scan(archive, entry.filename, count)
    except _Refused as refused:
        return refused.refusal
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        return Refusal("E113", {"orsak": f"zip-arkivet går inte att packa upp ({type(error).__name__})"})
    return None


def _check_bytes(content: bytes) -> None:
    if not content:
        raise _Refused("E111")
    if len(content) > MAX_FILE:
        raise _Refused("E117", storlek=f"{len(content) / MIB:.1f}".replace(".", ","), grans=MAX_FILE // MIB)
    if content.startswith(_OLE):
        raise _Refused("E112")
    if not content.startswith(_ZIP):
        raise _Refused("E110", orsak=_guess(content))


def _guess(content: bytes) -> str:
    """In words, what a file that is no zip seems to be."""
    head = content[:4096].lstrip(_BEFORE_XML)
    if head.startswith(b"%PDF"):
        return "den är en PDF"
    if head.startswith(b"<"):
        return "den är en webbsida eller XML"
    if b"\x00" in head:
        return "innehållet är inget kalkylblad"
    return "den är en textfil, till exempel csv"


def _check_archive(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    expanded = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if len(entries) > MAX_PARTS:
        raise _Refused("E118", orsak=f"{len(entries)} delar, högst {MAX_PARTS}")
    if expanded > MAX_EXPANDED:
        raise _Refused("E118", orsak=f"{expanded // MIB} MB uppackat, högst {MAX_EXPANDED // MIB}")
    if expanded > RATIO_FROM and expanded > MAX_RATIO * packed:
        raise _Refused("E118", orsak=f"{expanded // packed} gånger större uppackat, högst {MAX_RATIO}")
    if any(entry.flag_bits & 1 for entry in entries):
        raise _Refused("E112")
    if len({name.lower() for name in names}) != len(names):
        raise _Refused("E113", orsak="en del finns två gånger")
    for name in names:
        if _OUTSIDE.search(name):
            raise _Refused("E135", **{"del": name})
    types = archive.read(_CONTENT_TYPES) if _CONTENT_TYPES in names else b""
    _refuse_parts("E114", names, _PROGRAMS)
    if b"macroEnabled" in types:
        raise _Refused("E114", **{"del": "arbetsbok med makron"})
    if _WORKBOOK not in types:
        raise _Refused("E110", orsak="den är ett zip-arkiv av annat slag")
    _refuse_parts("E115", names, _LINKS)


def _refuse_parts(code: str, names: list[str], markers: tuple[str, ...]) -> None:
    for name in names:
        if any(marker in name.lower().replace("\\", "/") for marker in markers):
            raise _Refused(code, **{"del": name})


@dataclass(slots=True)
class _Count:
    """What the parts scanned so far hold together."""

    sheets: int = 0
    rows: int = 0
    cells: int = 0
    strings: int = 0


def _scan(archive: zipfile.ZipFile, name: str, count: _Count) -> None:
    """Adds what a part holds to the count, if it is XML.

    Raises:
        _Refused: E110 strict form, E113 broken XML, E114 programs, E115 links, E116 document type, E119, E125, E136 and E137 too much.
    """
    scan = _PartScan(name, count)
    with archive.open(name) as stream:
        head = stream.read(_CHUNK)
        if not head.lstrip(_BEFORE_XML).startswith(b"<"):
            return
        try:
            while head:
                scan.parser.Parse(head, False)
                head = stream.read(_CHUNK)
            scan.parser.Parse(b"", True)
        except expat.ExpatError as error:
            if name.lower().endswith(".vml"):
                return
            raise _Refused("E113", orsak=f"{name} är inte hel") from error


class _PartScan:
    """Counts what one part holds and refuses what no return holds."""

    def __init__(self, name: str, count: _Count) -> None:
        self.name, self.count = name, count
        self._root, self._columns = "", 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._entity
        self._elements: dict[str, Callable[[dict[str, str]], None]] = {
            "c": self._cell, "row": self._row, "col": self._column, "si": self._string, "sheet": self._sheet,
            "mergeCell": self._spread, "hyperlink": self._spread,
            "Override": self._type, "Default": self._type, "Relationship": self._relationship,
        }  # fmt: skip

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, local = tag.rpartition(" ")
        if not self._root:
            self._root = local
            if local == "workbook" and space.startswith(_STRICT):
                raise _Refused("E110", orsak="den är sparad som Strict Open XML")
        handle = self._elements.get(local)
        if handle is not None:
            handle(attributes)

    def _cell(self, _attributes: dict[str, str]) -> None:
        self._add_cells(1)
        self._add_column()

    def _column(self, _attributes: dict[str, str]) -> None:
        self._add_column()

    def _row(self, _attributes: dict[str, str]) -> None:
        self._columns = 0
        self.count.rows += 1
        if self.count.rows > MAX_ROWS:
            raise self._too_many("E137", MAX_ROWS, slag="rader")

    def _string(self, _attributes: dict[str, str]) -> None:
        self.count.strings += 1
        if self.count.strings > MAX_STRINGS:
            raise _Refused("E125", orsak=f"fler än {MAX_STRINGS} texter")

    def _sheet(self, _attributes: dict[str, str]) -> None:
        if self._root == "workbook":
            self.count.sheets += 1
        if self.count.sheets > MAX_SHEETS:
            raise self._too_many("E136", MAX_SHEETS)

    def _spread(self, attributes: dict[str, str]) -> None:
        """Merged areas and links count as many cells as they cover, since a library may make that many."""
        self._add_cells(_area(attributes.get("ref", "")))

    def _add_cells(self, number: int) -> None:
        self.count.cells += number
        if self.count.cells > MAX_CELLS:
            raise self._too_many("E119", MAX_CELLS)

    def _add_column(self) -> None:
        self._columns += 1
        if self._columns > MAX_COLUMNS and self._root != "calcChain":
            raise self._too_many("E137", MAX_COLUMNS, slag="kolumner")

    def _too_many(self, code: str, limit: int, **values: object) -> _Refused:
        return _Refused(code, grans=limit, **{"del": self.name}, **values)

    def _type(self, attributes: dict[str, str]) -> None:
        """A part may have any name; its declared type tells what a program would do with it. A default names no part."""
        declared = attributes.get("ContentType", "").lower()
        part = {"del": attributes.get("PartName", "") or declared}
        if "PartName" in attributes and any(marker in declared for marker in _PROGRAM_TYPES):
            raise _Refused("E114", **part)
        if any(marker in declared for marker in _LINK_TYPES):
            raise _Refused("E115", **part)

    def _relationship(self, attributes: dict[str, str]) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2].lower()
        if attributes.get("TargetMode") == "External" and kind != "hyperlink":
            raise _Refused("E115", **{"del": attributes.get("Target", "")[:200]})

    def _doctype(self, *_declaration: object) -> None:
        raise _Refused("E116", **{"del": self.name})

    def _entity(self, *_declaration: object) -> None:
        raise _Refused("E116", **{"del": self.name})


def _area(reference: str) -> int:
    """How many cells a reference like A1:D9 covers; more than the limit when it can't be told."""
    corners = _CORNER.findall(reference.upper())
    if not corners or len(corners) > 2:
        return MAX_CELLS + 1 if reference else 0
    (left, top), (right, bottom) = corners[0], corners[-1]
    return (abs(_column(right) - _column(left)) + 1) * (abs(int(bottom) - int(top)) + 1)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
