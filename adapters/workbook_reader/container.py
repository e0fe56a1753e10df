"""What a file is, judged by its bytes and within limits, before any workbook library is let loose on it.

Every part is streamed through a plain XML parser in constant memory, so that document types, entities and unreasonable numbers of
cells are met here and nowhere later.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers import expat

MIB = 1024 * 1024
MAX_FILE = 10 * MIB
MAX_EXPANDED = 50 * MIB
MAX_RATIO = 100
RATIO_FROM = MIB
MAX_PARTS = 200
MAX_CELLS = 300_000

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_ZIP = b"PK\x03\x04"
_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
_CHUNK = 64 * 1024
_CONTENT_TYPES = "[Content_Types].xml"
_WORKBOOK = b"spreadsheetml.sheet.main+xml"
_STRICT = "http://purl.oclc.org/ooxml/"
_PROGRAMS = ("vbaproject", "xl/activex/", "xl/embeddings/", "xl/macrosheets/", "xl/dialogsheets/", "xl/ctrlprops/")
_LINKS = ("xl/externallinks/", "xl/connections.xml", "xl/querytables/")
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
            cells = 0
            for entry in archive.infolist():
                cells += _scan(archive, entry.filename)
                if cells > MAX_CELLS:
                    raise _Refused("E119", grans=MAX_CELLS, **{"del": entry.filename})
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


def _scan(archive: zipfile.ZipFile, name: str) -> int:
    """How many cells a part holds or spreads over (merged areas and links); 0 for what is no XML.

    Raises:
        _Refused: E110 strict form, E113 broken XML, E116 document type, E119 too many cells.
    """
    scan = _PartScan(name)
    with archive.open(name) as stream:
        head = stream.read(_CHUNK)
        if not head.lstrip(_BEFORE_XML).startswith(b"<"):
            return 0
        try:
            while head:
                scan.parser.Parse(head, False)
                head = stream.read(_CHUNK)
            scan.parser.Parse(b"", True)
        except expat.ExpatError as error:
            if name.lower().endswith(".vml"):
                return 0
            raise _Refused("E113", orsak=f"{name} är inte hel") from error
    return scan.cells


class _PartScan:
    """Counts cells in one part and refuses what no workbook holds."""

    def __init__(self, name: str) -> None:
        self.name, self.cells, self._depth = name, 0, 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._entity

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, local = tag.rpartition(" ")
        if not self._depth and local == "workbook" and space.startswith(_STRICT):
            raise _Refused("E110", orsak="den är sparad som Strict Open XML")
        self._depth = 1
        if local == "c":
            self.cells += 1
        elif local in ("mergeCell", "hyperlink"):
            self.cells += _area(attributes.get("ref", ""))
        if self.cells > MAX_CELLS:
            raise _Refused("E119", grans=MAX_CELLS, **{"del": self.name})

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
