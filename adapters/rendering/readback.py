"""Reads a finished PDF back: the text of every marked content of every page, with its passport. Only files of our own engine.

Cross-reference stream, object streams, content streams and character maps are read as ISO 32000-1 has them; what is not understood is
an error, never a page without text. Nothing but the standard library.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from transforms.passport import Stycke

_REFERENCE = re.compile(rb"(\d+) 0 R")
_INTEGER = rb"\s+(\d+)"
_STREAM = re.compile(rb"\A(.*?>>)\s*stream\r?\n(.*)\Z", re.DOTALL)
_OPERATOR = re.compile(
    rb"/(?P<begin>[\w]+)\s+BMC\b"
    rb"|/(?P<tag>[\w]+)\s*<<(?P<properties>(?:\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f]*>|[^()<>])*)>>\s*BDC\b"
    rb"|(?P<end>\bEMC\b)|(?P<text_end>\bET\b)"
    rb"|/(?P<font>\S+) [\d.]+ Tf\b"
    rb"|\[(?P<shown>[^\]]*)\] TJ\b"
    rb"|/(?P<form>\S+) Do\b"
)
_PROPERTY = re.compile(rb"/(Siffra|Siffror|Fritext)\s*(?:\(((?:\\.|[^\\()])*)\)|<([0-9A-Fa-f]*)>)")
_HEX = re.compile(rb"<([0-9a-fA-F]*)>")
_CHARACTER = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_MAP_SECTION = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)


class UnreadablePdf(ValueError):
    """The file is none that our engine writes. A fault in the program."""


class _File:
    """The objects of a PDF, found by the cross-reference stream."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        start = content.rindex(b"startxref")
        head, table = self._at(int(content[start + 9 :].split()[0]))
        self.root = int(_need(rb"/Root" + _INTEGER, head))
        self._places = list(self._entries(table, int(_need(rb"/Size" + _INTEGER, head))))
        self._held: dict[int, list[bytes]] = {}

    @staticmethod
    def _entries(table: bytes, size: int) -> Iterator[tuple[int, int, int]]:
        """Kind, place and number within of every object; the engine writes them in fields of 1, n and 2 bytes."""
        width = len(table) // size
        for row in range(size):
            entry = table[row * width : (row + 1) * width]
            yield entry[0], int.from_bytes(entry[1:-2]), int.from_bytes(entry[-2:])

    def _at(self, offset: int) -> tuple[bytes, bytes]:
        """The dictionary and the decoded stream of the object that begins there."""
        end = self._content.index(b"endobj", offset)
        head = self._content[offset:end].partition(b"obj")[2]
        match = _STREAM.match(head)
        if match is None:
            return head, b""
        begin = offset + self._content[offset:end].index(b"obj") + 3 + match.start(2)
        raw = self._content[begin : begin + int(_need(rb"/Length" + _INTEGER, match[1]))]
        return match[1], zlib.decompress(raw) if b"/FlateDecode" in match[1] else raw

    def get(self, number: int) -> tuple[bytes, bytes]:
        """The dictionary and the decoded stream of an object."""
        kind, place, within = self._places[number]
        if kind == 1:
            return self._at(place)
        if place not in self._held:
            head, packed = self.get(place)
            first = int(_need(rb"/First" + _INTEGER, head))
            offsets = [int(value) for value in packed[:first].split()[1::2]]
            ends = [*offsets[1:], len(packed) - first]
            self._held[place] = [packed[first + a : first + b] for a, b in zip(offsets, ends, strict=True)]
        return self._held[place][within], b""

    def reference(self, key: bytes, head: bytes) -> int | None:
        """The object that a key of a dictionary refers to, or None."""
        match = re.search(rb"/" + key + rb"\s+(\d+) 0 R", head)
        return None if match is None else int(match[1])

    def dictionary(self, key: bytes, head: bytes) -> bytes:
        """A dictionary in a dictionary, written out or referred to; empty when there is none."""
        number = self.reference(key, head)
        if number is not None:
            return self.get(number)[0]
        match = re.search(rb"/" + key + rb"\s*<<([^<>]*)>>", head)
        return b"" if match is None else match[1]


def _need(pattern: bytes, text: bytes) -> bytes:
    match = re.search(pattern, text)
    if match is None:
        raise UnreadablePdf(f"PDF-filen saknar {pattern.decode()}")
    return match[1]


@dataclass
class _Reader:
    """Follows the operators of content streams; gives a Stycke as each marked content (in a picture: each text) ends."""

    file: _File
    page: int
    fonts: dict[int, dict[int, str]]
    found: list[Stycke] = field(default_factory=list)
    _marks: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    _text: str = ""

    def read(self, content: bytes, resources: bytes) -> None:
        names = {
            name: int(number)
            for name, number in re.findall(rb"/([^\s/]+)\s+(\d+) 0 R", self.file.dictionary(b"Font", resources))
        }
        forms = {
            name: int(number)
            for name, number in re.findall(rb"/([^\s/]+)\s+(\d+) 0 R", self.file.dictionary(b"XObject", resources))
        }
        characters: dict[int, str] = {}
        for match in _OPERATOR.finditer(content):
            if (shown := match["shown"]) is not None:
                self._text += "".join(_decoded(shown, characters))
            elif match["font"]:
                characters = self._characters(names[match["font"]])
            elif match["tag"] or match["begin"]:
                self._flush()
                self._marks.append(((match["tag"] or match["begin"]).decode(), _properties(match["properties"] or b"")))
            elif match["end"]:
                self._flush()
                self._marks.pop()
            elif match["text_end"] and self._marks and self._marks[-1][0] == "Figure":
                self._flush()
            elif match["form"] in forms:
                self._form(forms[match["form"]])
        if not self._marks:
            self._flush()

    def _form(self, number: int) -> None:
        head, content = self.file.get(number)
        if b"/Form" in head:
            resources = self.file.reference(b"Resources", head)
            self.read(content, head if resources is None else self.file.get(resources)[0])

    def _characters(self, number: int) -> dict[int, str]:
        """What each glyph of a font stands for."""
        if number not in self.fonts:
            table = self.file.get(int(_need(rb"/ToUnicode" + _INTEGER, self.file.get(number)[0])))[1]
            sections = b"".join(_MAP_SECTION.findall(table))
            if b"beginbfrange" in table or not sections:
                raise UnreadablePdf("PDF-filens teckentabell har en form som motorn inte brukar skriva")
            self.fonts[number] = {
                int(a, 16): bytes.fromhex(b.decode()).decode("utf-16-be") for a, b in _CHARACTER.findall(sections)
            }
        return self.fonts[number]

    def _flush(self) -> None:
        if self._text.strip():
            tag, properties = self._marks[-1] if self._marks else ("", {})
            self.found.append(
                Stycke(
                    self.page, self._text, properties.get("Siffra", ""), tuple(properties.get("Siffror", "").split()),
                    "Fritext" in properties, tag == "Figure",
                )
            )  # fmt: skip
        self._text = ""


def _decoded(shown: bytes, characters: dict[int, str]) -> Iterator[str]:
    """The text of glyphs, four hex digits each. A glyph that stands for nothing known is an error."""
    for run in _HEX.findall(shown):
        for place in range(0, len(run), 4):
            glyph = int(run[place : place + 4], 16)
            if glyph not in characters:
                raise UnreadablePdf(f"PDF-filen visar en glyf ({glyph}) som inget tecken hör till")
            yield characters[glyph]


def _properties(text: bytes) -> dict[str, str]:
    """The passport among the properties of a marked content."""
    found = {}
    for name, literal, digits in _PROPERTY.findall(text):
        if digits:
            found[name.decode()] = bytes.fromhex(digits.decode()).decode("utf-16")
        else:
            found[name.decode()] = re.sub(rb"\\(.)", rb"\1", literal).decode("ascii")
    return found


def read_back(content: bytes) -> tuple[int, tuple[Stycke, ...]]:
    """The number of pages of a finished PDF, and all its text by marked content, page by page.

    Raises:
        UnreadablePdf: the file has something that our engine does not write.
    """
    file = _File(content)
    pages = [int(number) for number in _REFERENCE.findall(_need(rb"/Kids\s*\[(.*?)\]", _pages(file)))]
    found: list[Stycke] = []
    fonts: dict[int, dict[int, str]] = {}
    for number, page in enumerate(pages, start=1):
        head = file.get(page)[0]
        content_number, resources = file.reference(b"Contents", head), file.reference(b"Resources", head)
        if content_number is None or resources is None:
            raise UnreadablePdf(f"PDF-filens sida {number} saknar innehåll")
        reader = _Reader(file, number, fonts)
        reader.read(file.get(content_number)[1], file.get(resources)[0])
        found.extend(reader.found)
    return len(pages), tuple(found)


def _pages(file: _File) -> bytes:
    return file.get(int(_need(rb"/Pages" + _INTEGER, file.get(file.root)[0])))[0]
