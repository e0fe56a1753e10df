"""Bytes of a SIE file to its records. Nothing that a file can hold raises: every fault is a finding with its line."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from adapters.sie.coding import (
    PC8,
    BrokenLine,
    code_page,
    control_sum,
    decoded_lines,
    fields_of,
    has_control_characters,
    is_sie,
    line_of,
)
from data_contracts.felkoder import Felkod
from data_contracts.findings import Finding
from transforms.ledger.checks import check_sie
from transforms.ledger.sie import TRANSAKTIONER, Dimension, Objekt, Saldo, SieFile, Transaktion, Verifikat

Fields = list[str | tuple[str, ...]]
"""A line's fields after its label."""

MAX_BYTES = 500_000_000
MAX_FINDINGS = 1_000
"""After so many findings the reading goes on, but only counts."""

_AMOUNT = re.compile(r"(-?)(\d{1,13})(?:\.(\d{1,2}))?0*")
_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})(0[1-9]|1[0-2])")
_YEAR_NUMBER = re.compile(r"-?\d{1,2}|0")
_TYPES = ("1", "2", "3", "4")

_KNOWN = re.compile(
    "FLAGGA|PROGRAM|FORMAT|GEN|SIETYP|PROSA|FTYP|FNR|ORGNR|BKOD|ADRESS|FNAMN|RAR|TAXAR|OMFATTN|KPTYP|VALUTA|KONTO|KTYP|ENHET|SRU|"
    "DIM|UNDERDIM|OBJEKT|IB|UB|OIB|OUB|RES|PSALDO|PBUDGET|VER|TRANS|RTRANS|BTRANS|KSUMMA"
)
"""The labels of revision 4B. Others are let by, as the standard asks, but never in silence."""


def read_sie(content: bytes, name: str, felkoder: Mapping[str, Felkod]) -> SieFile:
    """What the file says, and all that is wrong with it (``transforms.ledger.checks`` included).

    A file that can't be told to be SIE has no records, one finding that stops, and ``typ`` ''.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    reason = _refusal(content)
    if reason:
        return SieFile("", fil=name, sha256=sha256, findings=(felkoder["E800"].finding(file=name, orsak=reason),))
    reader = _Reader(name, felkoder)
    page = code_page(content)
    lines = decoded_lines(content, page)
    for number, line in enumerate(lines, start=1):
        reader.take(number, line)
    reader.finish(lines, page)
    return check_sie(reader.file(sha256), felkoder)


def _refusal(content: bytes) -> str:
    if not content.strip():
        return "den är tom"
    if len(content) > MAX_BYTES:
        return f"den är större än {MAX_BYTES // 1_000_000} MB"
    if not is_sie(content):
        return "den börjar inte med #FLAGGA"
    if has_control_characters(content.partition(b"\x1a")[0]):
        return "den innehåller tecken som ingen text har"
    return ""


class _Wrong(ValueError):
    """A field can't be used. The message is Swedish, what the field is and what it holds."""


class _Reader:
    """Takes the lines one by one. ``_values`` gathers what becomes the fields of SieFile."""

    def __init__(self, name: str, felkoder: Mapping[str, Felkod]) -> None:
        self._name, self._felkoder = name, felkoder
        self._findings: list[Finding] = []
        self._unheard: dict[str, int] = {}
        self._values: dict[str, Any] = {"typ": "", "program": "", "foretag": "", "orgnr": "", "omfattning": None}
        self._format: tuple[int, str] | None = None
        self._rakenskapsar: dict[int, tuple[dt.date, dt.date]] = {}
        self._konton: dict[str, str] = {}
        self._dimensioner: dict[str, Dimension] = {}
        self._objekt: dict[tuple[str, str], str] = {}
        self._saldon: list[Saldo] = []
        self._verifikat: list[Verifikat] = []
        self._head: tuple[str, str, dt.date, str, int] | None = None
        self._rows: list[Transaktion] = []
        self._open = self._has_kind = False
        self._sums: list[tuple[int, str]] = []
        self._unknown: dict[str, int] = {}

    def take(self, number: int, line: str) -> None:
        """One line of the file."""
        text = line.strip()
        if not text:
            return
        if text in ("{", "}"):
            self._brace(number, text)
            return
        try:
            fields = fields_of(text)
            label = fields[0] if fields else ""
            if not isinstance(label, str) or not label.startswith("#"):
                raise _Wrong("raden börjar inte med en etikett")
            self._record(number, label[1:].upper(), fields[1:])
        except (_Wrong, BrokenLine) as error:
            self._find("E805", number, text, orsak=str(error))

    def _record(self, number: int, label: str, fields: Fields) -> None:
        if label in TRANSAKTIONER:
            self._transaction(number, label, fields)
        elif label == "VER":
            self._voucher(number, fields)
        elif label in _HANDLERS:
            _HANDLERS[label](self, number, label, fields)
        elif not _KNOWN.fullmatch(label):
            self._unknown.setdefault(label, number)

    def _brace(self, number: int, brace: str) -> None:
        if brace == "{" and self._head is not None and not self._open:
            self._open = True
        elif brace == "}" and self._open:
            self._close()
        else:
            self._find("E815", number, brace)

    def _voucher(self, number: int, fields: Fields) -> None:
        if self._open:
            self._find("E815", number, "#VER")
            self._close()
        self._head = (
            _text(fields, 0),
            _text(fields, 1),
            _day(_text(fields, 2), "verifikationsdatum"),
            _text(fields, 3),
            number,
        )
        self._rows = []

    def _transaction(self, number: int, label: str, fields: Fields) -> None:
        if not self._open:
            self._find("E815", number, f"#{label}")
            return
        day = _text(fields, 3)
        self._rows.append(
            Transaktion(
                konto=_konto(fields, 0),
                objekt=_objects(fields, 1),
                ore=_ore(_text(fields, 2)),
                datum=_day(day, "transaktionsdatum") if day else None,
                text=_text(fields, 4),
                etikett=label,
                rad=number,
            )
        )

    def _close(self) -> None:
        if self._head is not None:
            serie, nummer, datum, text, line = self._head
            self._verifikat.append(Verifikat(serie, nummer, datum, text, tuple(self._rows), line))
        self._head, self._rows, self._open = None, [], False

    def _find(self, code: str, number: int, found: str, **values: Any) -> None:
        if len(self._findings) < MAX_FINDINGS:
            cell = f"rad {number}" if number else ""
            finding = self._felkoder[code].finding(file=self._name, cell=cell, found=found[:200], **values)
            self._findings.append(finding)
        else:
            self._unheard[code] = self._unheard.get(code, 0) + 1

    # What each label does

    def _name_of(self, number: int, label: str, fields: Fields) -> None:
        self._values[{"PROGRAM": "program", "FNAMN": "foretag", "ORGNR": "orgnr"}[label]] = _text(fields, 0)

    def _form(self, number: int, label: str, fields: Fields) -> None:
        self._format = (number, _text(fields, 0))

    def _kind(self, number: int, label: str, fields: Fields) -> None:
        self._has_kind = True
        kind = _text(fields, 0)
        if kind not in _TYPES:
            self._find("E809", number, kind)
        else:
            self._values["typ"] = kind

    def _years(self, number: int, label: str, fields: Fields) -> None:
        first, last = _day(_text(fields, 1), "räkenskapsårets start"), _day(_text(fields, 2), "räkenskapsårets slut")
        if not first <= last:
            raise _Wrong("räkenskapsåret slutar före det börjar")
        self._rakenskapsar[_arsnr(_text(fields, 0))] = (first, last)

    def _covers(self, number: int, label: str, fields: Fields) -> None:
        self._values["omfattning"] = _day(_text(fields, 0), "omfattningens datum")

    def _account(self, number: int, label: str, fields: Fields) -> None:
        self._konton[_konto(fields, 0)] = _text(fields, 1)

    def _dimension(self, number: int, label: str, fields: Fields) -> None:
        over = _text(fields, 2) if label == "UNDERDIM" else ""
        self._dimensioner[_needed(fields, 0, "dimensionsnummer")] = Dimension(_text(fields, 1), over)

    def _object(self, number: int, label: str, fields: Fields) -> None:
        key = (_needed(fields, 0, "dimensionsnummer"), _needed(fields, 1, "objektnummer"))
        self._objekt[key] = _text(fields, 2)

    def _balance(self, number: int, label: str, fields: Fields) -> None:
        arsnr = _arsnr(_text(fields, 0))
        at, period = 1, None
        objects: Objekt = ()
        if label in ("PSALDO", "PBUDGET"):
            period, at = _month(_text(fields, 1)), 2
        konto = _konto(fields, at)
        if label in ("PSALDO", "PBUDGET", "OIB", "OUB"):
            at += 1
            objects = _objects(fields, at)
        self._saldon.append(Saldo(label, arsnr, konto, _ore(_text(fields, at + 1)), objects, period, number))

    def _sum(self, number: int, label: str, fields: Fields) -> None:
        self._sums.append((number, _text(fields, 0)))

    def finish(self, lines: list[str], page: str) -> None:
        """What can be told only when the whole file has been read."""
        if self._open or self._head is not None:
            self._find("E815", len(lines), "filens slut")
            self._close()
        if not self._has_kind:
            self._find("E809", 0, "")
        if page != PC8:
            self._find("E802", self._format[0] if self._format else 0, "", teckentabell=_PAGES[page])
        if self._format is None or self._format[1] != "PC8":
            self._find("E803", self._format[0] if self._format else 0, self._format[1] if self._format else "")
        if self._saldon and 0 not in self._rakenskapsar:
            self._find("E810", self._saldon[0].rad, "")
        for label, number in self._unknown.items():
            self._find("E804", number, f"#{label}")
        for konto, number in self._undeclared().items():
            self._find("E811", number, konto)
        self._check_sum(lines, page)
        for code, count in self._unheard.items():
            self._findings.append(self._felkoder["E814"].finding(file=self._name, felkod=code, antal=count))

    def _undeclared(self) -> dict[str, int]:
        used: dict[str, int] = {}
        for saldo in self._saldon:
            used.setdefault(saldo.konto, saldo.rad)
        for voucher in self._verifikat:
            for row in voucher.rader:
                used.setdefault(row.konto, row.rad)
        return {konto: number for konto, number in used.items() if self._konton and konto not in self._konton}

    def _check_sum(self, lines: list[str], page: str) -> None:
        if not self._sums:
            return
        (first, start), *rest = self._sums
        if start or len(rest) != 1 or not rest[0][1].isdecimal():
            self._find("E808", rest[-1][0] if rest else first, "")
            return
        last, stated = rest[0]
        counted = control_sum(lines[first : last - 1], page)
        if counted != int(stated):
            self._find("E807", last, stated, raknad=counted)

    def file(self, sha256: str) -> SieFile:
        """All that has been read."""
        kind = self._values.pop("typ")
        only_vouchers = kind == "4" and not self._saldon
        return SieFile(
            "4I" if only_vouchers else kind,
            **self._values,
            rakenskapsar=self._rakenskapsar,
            konton=self._konton,
            dimensioner=self._dimensioner,
            objekt=self._objekt,
            saldon=tuple(self._saldon),
            verifikat=tuple(self._verifikat),
            fil=self._name,
            sha256=sha256,
            findings=tuple(self._findings),
        )


_PAGES = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}

_HANDLERS: dict[str, Callable[..., None]] = {
    **dict.fromkeys(("PROGRAM", "FNAMN", "ORGNR"), _Reader._name_of),
    "FORMAT": _Reader._form,
    "SIETYP": _Reader._kind,
    "RAR": _Reader._years,
    "OMFATTN": _Reader._covers,
    "KONTO": _Reader._account,
    **dict.fromkeys(("DIM", "UNDERDIM"), _Reader._dimension),
    "OBJEKT": _Reader._object,
    **dict.fromkeys(("IB", "UB", "RES", "OIB", "OUB", "PSALDO", "PBUDGET"), _Reader._balance),
    "KSUMMA": _Reader._sum,
}


def _text(fields: Fields, at: int) -> str:
    """The field there; '' when the line is shorter."""
    value = fields[at] if at < len(fields) else ""
    if not isinstance(value, str):
        raise _Wrong(f"fält {at + 1} är en objektlista, där ett värde skulle stå")
    return value.strip()


def _needed(fields: Fields, at: int, what: str) -> str:
    value = _text(fields, at)
    if not value:
        raise _Wrong(f"{what} saknas")
    return value


def _konto(fields: Fields, at: int) -> str:
    return _needed(fields, at, "konto")


def _objects(fields: Fields, at: int) -> Objekt:
    value = fields[at] if at < len(fields) else None
    if not isinstance(value, tuple):
        raise _Wrong("objektlistan inom klamrar saknas")
    if len(value) % 2:
        raise _Wrong("objektlistan har en dimension utan objekt")
    return tuple((value[i].strip(), value[i + 1].strip()) for i in range(0, len(value), 2))


def _ore(text: str) -> int:
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise _Wrong(f"beloppet {text!r} är inte ett tal med punkt och högst två decimaler")
    minus, whole, fraction = match.groups()
    ore = int(whole) * 100 + int((fraction or "0").ljust(2, "0"))
    return -ore if minus else ore


def _day(text: str, what: str) -> dt.date:
    match = _DAY.fullmatch(text)
    try:
        if match is not None:
            return dt.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        pass
    raise _Wrong(f"{what} {text!r} är inget datum (ÅÅÅÅMMDD)")


def _month(text: str) -> str:
    match = _MONTH.fullmatch(text)
    if match is None:
        raise _Wrong(f"perioden {text!r} är ingen månad (ÅÅÅÅMM)")
    return f"{match[1]}-{match[2]}"


def _arsnr(text: str) -> int:
    if not _YEAR_NUMBER.fullmatch(text):
        raise _Wrong(f"årsnumret {text!r} är inte 0, -1, -2 …")
    return int(text)


_AMOUNT_FIELD = {"TRANS": (1, 3), "PSALDO": (3, 5), "PBUDGET": (3, 5), "IB": (2, 3), "UB": (2, 3), "RES": (2, 3)}
"""Where konto and amount stand, counted from the label."""


def lines_sum(content: bytes, numbers: Iterable[int], konto: str) -> int | None:
    """The amounts of those lines of the stored bytes, read again and added up in öre; None when one is no line of that konto."""
    total = 0
    for number in numbers:
        try:
            fields = fields_of(line_of(content, number) or "")
            konto_at, amount_at = _AMOUNT_FIELD[str(fields[0])[1:].upper()]
            if fields[konto_at] != konto:
                return None
            total += _ore(_text(fields, amount_at))
        except (BrokenLine, _Wrong, KeyError, IndexError):
            return None
    return total
