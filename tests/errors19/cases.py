"""The nineteen errors of the domain handbook (4.3): for each a workbook that is refused or remarked on, and one that is let through."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import numbers

from adapters.workbook_fill import Formula, set_cells
from tests.errors19.example import Change, Values, cell, cells, place, workbook

OWN_ROW = "fri0"
HELHET = "TEK|drift|helhet"
_SUM = "TEK|kostnader"


@dataclass(frozen=True)
class Error:
    """One workbook with one error.

    Attributes:
        nr: which of the nineteen; code: the finding it must give.
        at: (table, row key, column) of the cell it points at; '' as row key for findings that point at no cell.
        to: the last cell's row key, when it points at a range.
        values: fields filled in otherwise than in the sound return; changes: of the finished workbook, in order.
        accepted: a near miss, the same way; by itself the sound return.
        own_row: whether the sender's own row of last month is there.
    """

    nr: int
    code: str
    at: tuple[str, str, str]
    values: Values = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    to: str = ""
    accepted: Values = field(default_factory=dict)
    accepted_changes: tuple[Change, ...] = ()
    own_row: bool = True
    name: str = ""

    @property
    def id(self) -> str:
        return f"{self.nr:02d}-{self.code}{self.name}"


def drift(row: str, **series: object) -> Values:
    return {
        ("drift", row, serie): value if isinstance(value, str) else Decimal(str(value))
        for serie, value in series.items()
    }


def comment(**texts: str) -> Values:
    return {("kommentarer", HELHET, column): text for column, text in texts.items()}


def start(name: str, value: str) -> Values:
    return {("start", name, "varde"): value}


def _times(factor: int, serie: str, values: Values) -> Values:
    """A whole column of Drift and its verksamheter in another unit; the template's sums follow."""
    return {
        key: value * factor
        for key, value in values.items()
        if key[0] in ("drift", "drift_verksamhet") and key[2] == serie and isinstance(value, Decimal)
    }


def _merged(book: Workbook) -> None:
    book["Drift"].merge_cells("G13:H13")


def _strange_column(book: Workbook) -> None:
    book["Drift"]["P13"] = "Kolla med lönekontoret"


def _hidden_rows(book: Workbook) -> None:
    book["Drift"].auto_filter.ref = "B5:K20"
    book["Drift"].row_dimensions[13].hidden = True


def _hidden_sheet(book: Workbook) -> None:
    book.create_sheet("Blad1").sheet_state = "hidden"


def _own_sheet(book: Workbook) -> None:
    book.create_sheet("Underlag")["A1"] = "Mina egna beräkningar"


def _with_part(name: str) -> Change:
    def changed(content: bytes) -> bytes:
        packed = BytesIO()
        with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
            for part in old.namelist():
                new.writestr(part, old.read(part))
            new.writestr(name, b"<externalLink/>")
        return packed.getvalue()

    return changed


def _formatted(table: str, row: str, column: str, value: object, number_format: str) -> Change:
    def changed(content: bytes) -> bytes:
        coordinate = place(table, row, column)

        def put(book: Workbook) -> None:
            target: Any = book[table.capitalize()][coordinate]
            target.value, target.number_format = value, number_format

        return workbook(put)(content)

    return changed


def _row_gone(row: str) -> Change:
    columns = (
        "_nyckel",
        "enhet",
        "kod",
        "benamning",
        "budget",
        "periodbudget",
        "utfall",
        "utfall_fg_ar",
        "prognos",
        "fg_prognos",
    )

    def changed(content: bytes) -> bytes:
        return set_cells(content, "Drift", {place("drift", row, column): None for column in columns})

    return changed


def _pasted_sum(content: bytes) -> bytes:
    """The sum's right value without its formula."""
    return set_cells(content, "Drift", {place("drift", _SUM, "prognos"): Decimal(-7270)})


def _short_sum(content: bytes) -> bytes:
    """A formula that leaves a row out, though its stored value is right."""
    return set_cells(
        content,
        "Drift",
        {place("drift", _SUM, "prognos"): Formula(place("drift", "TEK|personal", "prognos"), Decimal(-7270))},
    )


def errors(sound: Callable[[], Values], march: Callable[[], Values]) -> list[Error]:
    """All of them. ``sound``, ``march``: the values of April's sound return and of March's."""
    unused = {key: value for key, value in sound().items() if key[1] == "VA|inventarier"}
    sign_turned = {key: -value for key, value in sound().items() if key[0] == "drift" and key[2] == "utfall_fg_ar"}
    investment = {("investeringar", "TEK|fastigheter", "prognos"): Decimal(8000)}
    off = drift("TEK|personal", utfall=-2000) | {("drift_verksamhet", "TEK|park", "utfall"): Decimal(-855)}
    last_month = {
        key: value for key, value in march().items() if key[2] in ("periodbudget", "utfall", "prognos", "utfall_fg_ar")
    }
    over = drift("TEK|personal", prognos=-5100) | {("drift_verksamhet", "TEK|park", "prognos"): Decimal(-1670)}
    under = drift("TEK|personal", prognos=-4500, utfall=-1500)
    under |= {
        ("drift_verksamhet", "TEK|park", "prognos"): Decimal(-1070),
        ("drift_verksamhet", "TEK|park", "utfall"): Decimal(-355),
    }
    without_own = {
        ("drift_verksamhet", "TEK|park", "prognos"): Decimal(-1400),
        ("drift_verksamhet", "TEK|park", "utfall"): Decimal(-454),
    }
    twice = {("fri1", "_nyckel"): "TEK|lokaler", ("fri1", "enhet"): "TEK", ("fri1", "kod"): "lokaler"}
    row_comment = {
        ("fri0", column): text
        for column, text in (
            ("enhet", "TEK"),
            ("avser", "drift"),
            ("kod", "personal"),
            ("orsak", "Lönerna ökar mer än väntat."),
        )
    }
    personal, fri = ("drift", "TEK|personal", "prognos"), ("drift", OWN_ROW, "kod")
    return [
        Error(1, "E360", ("drift", "TEK|taxor", "prognos"), _times(1000, "prognos", sound()), to="VA|reglering"),
        Error(
            1, "E362", ("drift", "TEK|taxor", "utfall_fg_ar"), _times(290, "utfall_fg_ar", sound()), to="VA|reglering"
        ),
        Error(
            2,
            "E321",
            ("investeringar", "TEK|inventarier", "utfall_fg_ar"),
            {("investeringar", "TEK|inventarier", "utfall_fg_ar"): Decimal(-1)},
        ),
        Error(2, "E361", ("drift", "TEK|taxor", "utfall_fg_ar"), sign_turned, to="VA|reglering"),
        Error(3, "E310", ("drift", "", ""), changes=(_row_gone("TEK|lokaler"),)),
        Error(3, "E129", ("drift", "fri1", "_nyckel"), changes=(cells("drift", twice),)),
        Error(
            3,
            "E302",
            ("kommentarer", "fri0", "kod"),
            changes=(cells("kommentarer", {**row_comment, ("fri0", "kod"): "hittepa"}),),
            accepted_changes=(cells("kommentarer", row_comment),),
        ),
        Error(3, "E311", ("drift", "", ""), without_own, own_row=False),
        Error(4, "E333", ("drift", _SUM, "prognos"), changes=(_pasted_sum,)),
        Error(4, "E333", ("drift", _SUM, "prognos"), changes=(_short_sum,), name="-kort"),
        Error(
            5,
            "E204",
            personal,
            changes=(cell(*personal, Formula("J15*2")),),
            accepted_changes=(cell(*personal, Formula("2*(0-2425)", Decimal(-4850))),),
        ),
        Error(
            6,
            "E201",
            personal,
            changes=(cell(*personal, "ca 120"),),
            accepted_changes=(cell(*personal, "\u22124\u00a0850,0"),),
        ),
        Error(6, "E207", personal, changes=(cell(*personal, "-"),)),
        Error(6, "E214", personal, changes=(cell(*personal, "-4 850 tkr"),)),
        Error(6, "E215", personal, changes=(cell(*personal, "-4.850,0"),)),
        Error(
            7,
            "E145",
            ("start", "kontrakt_version", "varde"),
            changes=(cell("start", "kontrakt_version", "varde", "0.9.0"),),
        ),
        Error(
            7, "E380", ("start", "period", "varde"), last_month, accepted=last_month | drift("TEK|lokaler", utfall=-601)
        ),
        Error(8, "E126", ("drift", "", "G13:H13"), changes=(workbook(_merged),)),
        Error(8, "E132", ("drift", "", "P13"), changes=(workbook(_strange_column),)),
        Error(8, "E128", ("drift", "", "13:13"), changes=(workbook(_hidden_rows),)),
        Error(8, "E133", ("", "", ""), changes=(workbook(_own_sheet),)),
        Error(8, "E127", ("", "", ""), changes=(workbook(_hidden_sheet),)),
        Error(8, "E115", ("", "", ""), changes=(_with_part("xl/externalLinks/externalLink1.xml"),)),
        Error(9, "E400", personal, over | comment(orsak="", atgard=""), accepted=over),
        Error(9, "E401", personal, over | comment(atgard=""), accepted=under | comment(atgard="")),
        Error(
            9,
            "E405",
            ("kommentarer", HELHET, "orsak"),
            over | comment(orsak="Överskott tack vare lägre personalkostnader."),
            accepted=over | comment(orsak="Underskott, trots lägre lokalkostnader."),
        ),
        Error(
            9,
            "E405",
            ("kommentarer", HELHET, "orsak"),
            under | comment(orsak="Underskott av dyrare vikarier."),
            accepted=under | comment(orsak="Överskott av billigare vikarier."),
            name="-plus",
        ),
        Error(
            9,
            "E408",
            ("kommentarer", HELHET, "orsak"),
            {key: value for key, value in march().items() if key[2] == "orsak"},
        ),
        Error(10, "E341", ("investeringar", "TEK|fastigheter", "prognos"), investment, to="TEK|inventarier"),
        Error(
            10,
            "E343",
            ("drift", "TEK|taxor", "prognos"),
            off,
            to="fri0",
            accepted=off
            | drift("TEK|personal", prognos=-4851)
            | {("drift_verksamhet", "TEK|park", "prognos"): Decimal(-1421)},
        ),
        Error(
            11,
            "E330",
            ("drift", _SUM, "prognos"),
            changes=(lambda book: set_cells(book, "Drift", {place("drift", _SUM, "prognos"): Decimal(-7290)}),),
        ),
        Error(
            11,
            "E332",
            ("drift_verksamhet", "TEK|gata", "prognos"),
            {("drift_verksamhet", "TEK|gata", "prognos"): Decimal(-4040)},
            to="TEK|park",
        ),
        Error(
            12,
            "E350",
            ("drift", "TEK|lokaler", "budget"),
            changes=(cell("drift", "TEK|lokaler", "budget", Decimal(-2500)),),
        ),
        Error(12, "E351", ("drift", "TEK|lokaler", "budget"), changes=(cell("drift", "TEK|lokaler", "budget", None),)),
        Error(12, "E352", ("drift", OWN_ROW, "budget"), changes=(cell("drift", OWN_ROW, "budget", Decimal(-20)),)),
        Error(
            12,
            "E353",
            ("volymer", "TEK|0410", "fg_prognos"),
            changes=(cell("volymer", "TEK|0410", "fg_prognos", Decimal(901)),),
        ),
        Error(
            13,
            "E208",
            ("kommentarer", HELHET, "klardatum"),
            {("kommentarer", HELHET, "klardatum"): "2026-09-31"},
            accepted={("kommentarer", HELHET, "klardatum"): "2026-09-30"},
        ),
        Error(13, "E502", ("start", "ifylld_datum", "varde"), start("ifylld_datum", "2026-02-30")),
        Error(
            14,
            "E340",
            ("investeringar", "VA|inventarier", "prognos"),
            changes=(cell("investeringar", "VA|inventarier", "prognos", None),),
            accepted={key: Decimal(0) for key in unused},
        ),
        Error(
            14, "E342", ("drift", "TEK|lokaler", "utfall_fg_ar"), drift("TEK|lokaler", utfall_fg_ar="Ej tillämpligt")
        ),
        Error(
            14,
            "E312",
            ("volymer", "TEK|0410", "utfall"),
            changes=(cell("volymer", "TEK|0410", "utfall", None),),
            accepted={("volymer", "TEK|0410", "utfall"): Decimal(0)},
        ),
        Error(
            16,
            "E406",
            ("kommentarer", HELHET, "orsak"),
            comment(orsak="Gäller placeringen av 121212-1212."),
            accepted=comment(orsak="Gäller avtal 121212-1213 om parker."),
        ),
        Error(
            16,
            "E407",
            ("kommentarer", HELHET, "atgard"),
            comment(atgard="Fråga kim@example.org om planen."),
            accepted=comment(atgard="Möte den 3-4 maj om 0,5 mnkr."),
        ),
        Error(17, "E206", personal, changes=(_formatted(*personal, 0.045, numbers.FORMAT_PERCENTAGE_00),)),
        Error(17, "E205", personal, changes=(_formatted(*personal, dt.date(2026, 5, 8), "yyyy-mm-dd"),)),
        Error(
            17,
            "E208",
            ("kommentarer", HELHET, "klardatum"),
            changes=(_formatted("kommentarer", HELHET, "klardatum", 46295, "General"),),
            name="-serienummer",
        ),
        Error(17, "E209", fri, changes=(_formatted(*fri, dt.date(2026, 5, 8), "yyyy-mm-dd"),)),
        Error(
            17,
            "E211",
            ("drift", OWN_ROW, "benamning"),
            changes=(_formatted("drift", OWN_ROW, "benamning", dt.date(2026, 2, 1), "yyyy-mm-dd"),),
        ),
        Error(
            17,
            "E218",
            fri,
            changes=(cells("drift", {(OWN_ROW, "kod"): Decimal(410)}),),
            accepted_changes=(cells("drift", {(OWN_ROW, "kod"): Decimal(4100)}),),
        ),
        Error(
            19,
            "E402",
            ("kommentarer", HELHET, "atgard"),
            comment(atgard="Skriv åtgärden här"),
            accepted=comment(atgard="Vi skriver nytt avtal i juni."),
        ),
    ]
