"""The bytes of a SIE file: code page, lines, fields, and the control sum over the fields."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from functools import lru_cache

PC8 = "cp437"
"""What ``#FORMAT PC8`` means."""

_ANSI = frozenset(b"\xe5\xe4\xf6\xc5\xc4\xd6\xe9\xfc")
_DOS = frozenset(b"\x86\x84\x94\x8f\x8e\x99\x82\x81")
"""å ä ö Å Ä Ö é ü in Windows' code page, and in CP437. The former are Greek letters and frames in CP437, which no ledger writes."""

_FIELD = re.compile(r'"((?:[^"\\]|\\.)*)"|([{}])|([^\s{}"]+)')
_NOTHING_BETWEEN = re.compile(r"\s*")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x19\x1b-\x1f]")


def is_sie(content: bytes) -> bool:
    """True when the bytes begin as a SIE file does, whatever the file is called."""
    return content.lstrip(b"\xef\xbb\xbf \t\r\n")[:8].upper().startswith((b"#FLAGGA", b"#KSUMMA"))


def has_control_characters(content: bytes) -> bool:
    """True for what is no text: NUL and other control characters."""
    return _CONTROL.search(content) is not None


def code_page(content: bytes) -> str:
    """The code page that the bytes are written in: cp437, utf-8 or cp1252, by the letters they hold. ASCII alone is cp437."""
    if content.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    high = [byte for byte in content if byte >= 0x80]
    if not high:
        return PC8
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        ansi, dos = (sum(byte in letters for byte in high) for letters in (_ANSI, _DOS))
        return "cp1252" if ansi > dos else PC8
    return "utf-8"


def decoded_lines(content: bytes, page: str) -> list[str]:
    """The file's lines without their ends, as text. Line 1 is the first. What follows an end-of-file mark (0x1A) is not there."""
    text = content.partition(b"\x1a")[0].decode(page, "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def line_of(content: bytes, number: int) -> str | None:
    """A line of the stored bytes as text, read again; None when the file has no such line."""
    lines = _lines(content)
    return lines[number - 1] if 0 < number <= len(lines) else None


@lru_cache(maxsize=2)
def _lines(content: bytes) -> list[str]:
    return decoded_lines(content, code_page(content))


class BrokenLine(ValueError):
    """The line's fields can't be told apart: a quote or a brace is not closed. The message is Swedish."""


def fields_of(line: str) -> list[str | tuple[str, ...]]:
    """The fields of a line; an object list ``{1 "A" 6 "B"}`` is a tuple. In quotes, ``\\"`` stands for a quote.

    Raises:
        BrokenLine: a quote or brace without its fellow.
    """
    fields: list[str | tuple[str, ...]] = []
    inner: list[str] | None = None
    at = 0
    for match in _FIELD.finditer(line):
        if not _NOTHING_BETWEEN.fullmatch(line, at, match.start()):
            raise BrokenLine("ett citattecken saknar sin avslutning")
        at = match.end()
        quoted, brace, word = match.groups()
        if brace == "{":
            if inner is not None:
                raise BrokenLine("en klammer öppnas inuti en annan")
            inner = []
        elif brace == "}":
            if inner is None:
                raise BrokenLine("en klammer stängs som inte har öppnats")
            fields.append(tuple(inner))
            inner = None
        else:
            value = quoted.replace('\\"', '"') if word is None else word
            (fields if inner is None else inner).append(value)  # type: ignore[attr-defined]
    if not _NOTHING_BETWEEN.fullmatch(line, at):
        raise BrokenLine("ett citattecken saknar sin avslutning")
    if inner is not None:
        raise BrokenLine("en klammer stängs inte")
    return fields


def control_sum(lines: Iterable[str], page: str) -> int:
    """CRC-32 over the labels and fields of the lines, without quotes, braces, blanks and line ends.

    Source: SIE filformat utgåva 4B, kontrollsummering; proved on the eight real files that carry a sum.
    """
    crc = 0
    for line in lines:
        for quoted, brace, word in _FIELD.findall(line):
            if not brace:
                crc = zlib.crc32((word or quoted.replace('\\"', '"')).encode(page, "replace"), crc)
    return crc
