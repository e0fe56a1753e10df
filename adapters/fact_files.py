"""Reads a facts file (``kommuner/<kommun>/fakta/ÅÅÅÅ-MM.yaml``): strict, faults in Swedish with file, line, field.

Amounts are text as the source prints them ("-57 455", "0,3"), understood by the same rules as a cell of a return.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from transforms.belopp import NotANumber, parse_number
from transforms.fact_values import (
    TALKOLUMNER,
    TEXTKOLUMNER,
    Beslut,
    Facts,
    Inlamning,
    Kalla,
    Kommentarfakta,
    Radfakta,
    Registerfakta,
    Returfakta,
)
from transforms.period import Period
from transforms.raw_retur import CellKind, RawCell

_ROW = {"enhet", "rad", "kalla"}
_BESLUT = {"organ", "paragraf", "beslutsdatum"}


class FactsError(ValueError):
    """E012: the facts file can't be read as one. Names file, line and field, and what to do."""


class _Node:
    """A mapping of the file, with its place, that gives out its fields strictly."""

    def __init__(self, raw: object, path: str, where: str, line: int) -> None:
        self.path, self.where, self.line = path, where, line
        if not isinstance(raw, CommentedMap):
            raise self.error("ska vara en uppsättning fält")
        self.raw = raw

    def error(self, what: str, line: int | None = None) -> FactsError:
        place = f"{self.path}, rad {line or self.line}, {self.where or 'filen'}"
        return FactsError(f"E012 {place}: {what}. Rätta faktafilen och kör igen.")

    def line_of(self, field: str) -> int:
        return int(self.raw.lc.value(field)[0]) + 1 if field in self.raw else self.line

    def allow(self, fields: set[str]) -> None:
        for field in self.raw:
            if field not in fields:
                known = ", ".join(sorted(fields))
                raise self.error(f"fältet {field!r} är okänt; fälten är {known}", self.line_of(field))

    def text(self, field: str, *, default: str | None = None) -> str:
        value = self.raw.get(field, default)
        if value is None:
            raise self.error(f"fältet {field!r} saknas")
        if not isinstance(value, str):
            raise self.error(f"fältet {field!r} ska vara text inom citattecken, är {value!r}", self.line_of(field))
        return value.strip()

    def number(self, field: str) -> Decimal:
        text = self.text(field)
        try:
            number = parse_number(RawCell("", CellKind.TEXT, text))
        except NotANumber as error:
            raise self.error(f"fältet {field!r}: {text!r} är inget tal", self.line_of(field)) from error
        if number is None:
            raise self.error(f"fältet {field!r} är tomt; det som inte är känt utelämnas", self.line_of(field))
        return number

    def day(self, field: str) -> dt.date | None:
        value = self.raw.get(field)
        if value is not None and (not isinstance(value, dt.date) or isinstance(value, dt.datetime)):
            raise self.error(f"fältet {field!r} ska vara ett datum (ÅÅÅÅ-MM-DD), är {value!r}", self.line_of(field))
        return value

    def flag(self, field: str) -> bool:
        value = self.raw.get(field, False)
        if not isinstance(value, bool):
            raise self.error(f"fältet {field!r} ska vara true eller false, är {value!r}", self.line_of(field))
        return value

    def child(self, field: str) -> _Node | None:
        if field not in self.raw:
            return None
        return _Node(self.raw[field], self.path, f"{self.where}.{field}".lstrip("."), self.line_of(field))

    def children(self, field: str) -> Iterator[_Node]:
        items = self.raw.get(field, CommentedSeq())
        if not isinstance(items, CommentedSeq):
            raise self.error(f"fältet {field!r} ska vara en lista", self.line_of(field))
        for index, item in enumerate(items):
            line = int(items.lc.item(index)[0]) + 1
            yield _Node(item, self.path, f"{self.where}.{field}[{index + 1}]".lstrip("."), line)

    def named(self, field: str) -> Iterator[tuple[str, _Node]]:
        node = self.child(field)
        for name in node.raw if node else ():
            child = node.child(name) if node else None
            if child is not None:
                yield str(name), child


def load_facts(path: Path) -> Facts:
    """The facts of one file.

    Raises:
        FactsError: E012, the file is not YAML, a field is unknown, missing or of the wrong kind, an amount no number,
            a source is not listed, or a förvaltning both returns and is missing.
    """
    try:
        raw = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise FactsError(f"E012 {path}: filen är inte giltig YAML ({reason}). Rätta den och kör igen.") from error
    root = _Node(raw, str(path), "", 1)
    root.allow({"period", "kallor", "register", "returer", "saknas"})
    kallor = tuple(_kalla(kod, node) for kod, node in root.named("kallor"))
    known = {kalla.kod for kalla in kallor}
    register = root.child("register")
    if register is not None:
        register.allow({"budget", "anslagsforandringar", "bokslut"})
    returer = tuple(_retur(kod, node, known) for kod, node in root.named("returer"))
    saknas = tuple(str(kod) for kod in root.raw.get("saknas", ()))
    for kod in saknas:
        if any(retur.forvaltning == kod for retur in returer):
            raise root.error(f"förvaltningen {kod} både lämnar retur och står under saknas", root.line_of("saknas"))
    return Facts(
        period=_period(root),
        kallor=kallor,
        budget=_register(register, "budget", set(), known),
        anslagsforandringar=_register(register, "anslagsforandringar", {"lopnummer", "benamning"}, known),
        bokslut=_register(register, "bokslut", set(), known),
        returer=returer,
        saknas=saknas,
    )


def _period(root: _Node) -> Period:
    try:
        return Period.parse(root.text("period"))
    except ValueError as error:
        if isinstance(error, FactsError):
            raise
        raise root.error(str(error), root.line_of("period")) from error


def _kalla(kod: str, node: _Node) -> Kalla:
    node.allow({"titel", "adress", "enhet", "utgift_negativ"})
    enhet = node.text("enhet")
    if enhet not in ("kr", "tkr", "mnkr"):
        raise node.error(f"fältet 'enhet' ska vara kr, tkr eller mnkr, är {enhet!r}", node.line_of("enhet"))
    return Kalla(kod, node.text("titel"), node.text("adress"), enhet, node.flag("utgift_negativ"))


def _known_kalla(node: _Node, known: set[str]) -> str:
    kalla = node.text("kalla")
    if kalla not in known:
        raise node.error(f"källan {kalla!r} står inte under kallor", node.line_of("kalla"))
    return kalla


def _register(register: _Node | None, field: str, extra: set[str], known: set[str]) -> tuple[Registerfakta, ...]:
    rows: list[Registerfakta] = []
    for node in register.children(field) if register else ():
        node.allow(_ROW | _BESLUT | extra | {"avser", "belopp"})
        beslut = Beslut(node.text("organ", default=""), node.text("paragraf", default=""), node.day("beslutsdatum"))
        rows.append(
            Registerfakta(
                enhet=node.text("enhet"),
                avser=node.text("avser"),
                rad=node.text("rad"),
                belopp=node.number("belopp"),
                kalla=_known_kalla(node, known),
                beslut=beslut,
                **{name: node.text(name) for name in extra},
            )
        )
    return tuple(rows)


def _retur(kod: str, node: _Node, known: set[str]) -> Returfakta:
    node.allow({"inlamning", "kommentarer", *TALKOLUMNER})
    rader = [_rad(tabell, child, known) for tabell in TALKOLUMNER for child in node.children(tabell)]
    kommentarer = [_kommentar(child, known) for child in node.children("kommentarer")]
    return Returfakta(kod, _inlamning(node), tuple(rader), tuple(kommentarer))


def _inlamning(node: _Node) -> Inlamning:
    child = node.child("inlamning")
    if child is None:
        raise node.error("fältet 'inlamning' saknas")
    child.allow({"roll", "datum", "status"})
    datum = child.day("datum")
    if datum is None:
        raise child.error("fältet 'datum' saknas")
    return Inlamning(child.text("roll"), datum, child.text("status"))


def _rad(tabell: str, node: _Node, known: set[str]) -> Radfakta:
    numbers, texts = TALKOLUMNER[tabell], TEXTKOLUMNER.get(tabell, ())
    node.allow(_ROW | {*numbers, *texts})
    varden: tuple[tuple[str, Decimal | str], ...]
    varden = tuple((column, node.number(column)) for column in numbers if column in node.raw)
    varden += tuple((column, node.text(column)) for column in texts if column in node.raw)
    if not varden:
        raise node.error(f"raden har inget värde; minst ett av {', '.join((*numbers, *texts))} ska finnas")
    return Radfakta(tabell, node.text("enhet"), node.text("rad"), varden, _known_kalla(node, known))


def _kommentar(node: _Node, known: set[str]) -> Kommentarfakta:
    texts, numbers = ("orsakskategori", "ansvarig"), ("lovad_effekt", "uppnadd_effekt")
    node.allow({"enhet", "avser", "kod", "orsak", "atgard", "klardatum", "kalla", "omskriven", *texts, *numbers})
    avser = node.text("avser")
    if avser not in ("drift", "investeringar", "volymer"):
        line = node.line_of("avser")
        raise node.error(f"fältet 'avser' ska vara drift, investeringar eller volymer, är {avser!r}", line)
    kommentar: dict[str, Any] = {name: node.text(name, default="") for name in ("orsak", "atgard")}
    if not any(kommentar.values()):
        raise node.error("kommentaren har varken orsak eller åtgärd")
    kommentar |= {name: node.text(name, default="") for name in texts}
    kommentar |= {name: node.number(name) for name in numbers if name in node.raw}
    return Kommentarfakta(
        enhet=node.text("enhet"),
        avser=avser,
        kod=node.text("kod"),
        kalla=_known_kalla(node, known),
        klardatum=node.day("klardatum"),
        omskriven=node.flag("omskriven"),
        **kommentar,
    )
