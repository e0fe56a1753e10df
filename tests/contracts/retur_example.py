"""Returns and budget registers built in code, as the reader would hand them over; sound until a case changes them."""

from __future__ import annotations

import copy
import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from openpyxl.utils import get_column_letter

from adapters.contract_files import load_contract, load_felkoder
from data_contracts.contract import Contract
from data_contracts.kommun import Kommun
from transforms.conversion import convert, volume_decimals
from transforms.earlier import Earlier, earlier_return
from transforms.interpretation import rows_from_json, to_json
from transforms.period import Period
from transforms.raw_retur import CellKind, RawCell, RawRetur, RawRow, RawTable

PERIOD = Period(2026, 4)
FORVALTNING = "PF"
FREE = "fri"
"""Rows whose key starts so have no hidden key: the sender's own."""

_SERIER = ("budget", "periodbudget", "utfall", "utfall_fg_ar", "prognos", "fg_prognos")
_DRIFT = {
    "intakter": 1000, "personal": -1500, "lokaler": -500, "kostnader": -2000, "nettokostnad": -1000, "kommunbidrag": 1000, "resultat": 0,
}  # fmt: skip
_INVESTERINGAR = {"fastigheter": 2000, "inventarier": 500, "it": 300, "totalt": 2800}

BUDGETS = {
    **{("X", "drift", kod): _DRIFT[kod] * 100_000 for kod in ("intakter", "personal", "lokaler", "kommunbidrag")},
    **{("X", "investeringar", kod): _INVESTERINGAR[kod] * 100_000 for kod in ("fastigheter", "inventarier", "it")},
}


_MALPLAN = {
    "schema_version": 1, "ar": 2026, "namn": "Målplan 2026",
    "mal": [
        {"kod": "vision", "namn": "Ett gott liv", "niva": "vision", "agare": "kommunchef"},
        {"kod": "franvaro", "namn": "Fler orkar", "niva": "fullmaktigemal", "over": "vision", "agare": "kommunchef", "enhet": "X"},
    ],
    "indikatorer": [
        {
            "kod": "sjuk", "namn": "Sjukfrånvaro", "mal": "franvaro", "enhet": "X", "typ": "resultat", "riktning": "lagre",
            "matt_enhet": "procent", "definition": "Andel av ordinarie tid.", "minst": 0, "hogst": 25, "malvarden": {2026: {"varde": 6}},
        },
        {
            "kod": "klagomal", "namn": "Klagomål", "mal": "franvaro", "enhet": "X", "typ": "resultat", "riktning": "lagre", "decimaler": 0,
            "matt_enhet": "klagomål", "definition": "Alla teman.", "kalla": "synpunkter", "kalla_kod": "klagomal",
            "malvarden": {2026: {"varde": 5}},
        },
    ],
    "aktiviteter": [
        {
            "kod": "halsa", "namn": "Hälsosamtal", "enhet": "X", "ansvarig": "enhetschef", "leder_till": "franvaro",
            "leveranser": [{"kod": "samtal", "namn": "Samtal med alla"}],
        },
    ],
}  # fmt: skip


_UPPFOLJNING = {
    "enkater": [{"kod": "nojd", "namn": "Nöjda", "enhet": "X", "matt_enhet": "%", "konsuppdelad": True}],
    "synpunkter": {"enheter": ["X"], "teman": [{"kod": "bemotande", "namn": "Bemötande"}]},
    "internkontroll": {
        "sannolikhet": [{"varde": v, "namn": f"steg {v}"} for v in (1, 2, 3, 4)],
        "konsekvens": [{"varde": v, "namn": f"steg {v}"} for v in (1, 2, 3)],
        "nivaer": [{"fran": 1, "namn": "låg"}, {"fran": 9, "namn": "hög"}],
        "risker": [{"kod": "jav", "namn": "Jäv", "enhet": "X", "kontrollmoment": "Stickprov"}], "referens": "påhittad",
    },
    "utforare": {
        "utforare": [
            {"kod": "egen", "namn": "Egen", "driftform": "egen_regi"}, {"kod": "bolag", "namn": "Bolaget", "driftform": "bolag"},
        ],
        "tal": [{"kod": "nojd", "namn": "Nöjda", "enhet": "X", "matt_enhet": "%", "utforare": ["egen", "bolag"]}],
    },
    "upphandlingar": ["X"],
}  # fmt: skip
_PERSONAL = {
    "totalt": (40, 6400, 320), "kvinnor": (25, 4000, 220), "man": (15, 2400, 100), "hogst_29": (10, 1600, 60),
    "fran_30_till_49": (18, 2900, 140), "minst_50": (12, 1900, 120),
}  # fmt: skip
"""Anställda, ordinarie arbetstid and sjukfrånvaro of each group: the groups of each division are the total."""


def provby() -> Kommun:
    """One förvaltning with one enhet that has every sheet, and another förvaltning with another enhet."""
    drift = [
        ("rubrik", "rubrik", ()), ("intakter", "intakt", ()), ("personal", "kostnad", ()), ("lokaler", "kostnad", ()),
        ("kostnader", "summa", ("personal", "lokaler")), ("nettokostnad", "summa", ("intakter", "kostnader")),
        ("kommunbidrag", "kommunbidrag", ()), ("resultat", "summa", ("nettokostnad", "kommunbidrag")),
    ]  # fmt: skip
    investeringar = [(kod, "utgift", ()) for kod in ("fastigheter", "inventarier", "it")]
    investeringar.append(("totalt", "summa", ("fastigheter", "inventarier", "it")))
    enhet = {"finansiering": "skattefinansierad", "drift": "d", "investeringar": "i"}
    limit = {"giltig_fran": "2026-01-01", "referens": "påhittad"}
    return Kommun.model_validate({
        "schema_version": 1, "kod": "provby", "namn": "Provby", "kommunkod": "9998",
        "enheter": [
            {
                **enhet, "kod": "X", "namn": "Nämnden X",
                "verksamheter": [{"kod": "v1", "namn": "Ett"}, {"kod": "v2", "namn": "Två"}],
                "volymer": [
                    {"kod": "barn", "namn": "Barn", "matt_enhet": "barn"},
                    {"kod": "timmar", "namn": "Timmar", "matt_enhet": "timmar", "decimaler": 1},
                ],
            },
            {**enhet, "kod": "Y", "namn": "Nämnden Y"},
        ],
        "namnder": [{"kod": "N", "namn": "Nämnd", "enheter": ["X", "Y"]}],
        "forvaltningar": [
            {"kod": FORVALTNING, "namn": "Provförvaltningen", "enheter": ["X"]},
            {"kod": "YF", "namn": "Den andra", "enheter": ["Y"], "returenhet": "kr"},
        ],
        "uppstallningar": [
            {"kod": kod, "namn": kod, "resultatrad": result, "rader": [{"kod": k, "namn": k, "typ": t, "delar": d} for k, t, d in rader]}
            for kod, result, rader in (("d", "resultat", drift), ("i", "totalt", investeringar))
        ],
        "granser": [
            {**limit, "avser": "drift", "belopp_tkr": 200, "procent_bp": 100},
            {**limit, "avser": "investeringar", "belopp_tkr": 500, "procent_bp": 0},
            {**limit, "avser": "volymer", "procent_bp": 1000},
        ],
        "kalender": {"retur_senast_arbetsdag": 7, "stangning_dag": 14},
        "malplaner": [_MALPLAN],
        "personal": {"enheter": ["X"]},
        "uppfoljning": _UPPFOLJNING,
        "bokslut": {"texter": [{"kod": "handelser", "namn": "Viktiga händelser"}]},
    })  # fmt: skip


_SUMS = {
    "drift": {
        "kostnader": ("personal", "lokaler"), "nettokostnad": ("intakter", "kostnader"), "resultat": ("nettokostnad", "kommunbidrag"),
    },
    "investeringar": {"totalt": ("fastigheter", "inventarier", "it")},
}  # fmt: skip
"""The parts of the sum rows of enhet X."""


def as_cell(value: Any, coordinate: str) -> RawCell:
    """A cell as the reader would give it."""
    if isinstance(value, RawCell):
        return RawCell(coordinate, value.kind, value.text, value.number, value.formula, value.number_format)
    if value is None:
        return RawCell(coordinate, CellKind.TOM)
    if isinstance(value, dt.date):
        return RawCell(coordinate, CellKind.DATUM, value.isoformat())
    if isinstance(value, int | Decimal):
        return RawCell(coordinate, CellKind.TAL, str(value), Decimal(value))
    return RawCell(coordinate, CellKind.TEXT, value)


@dataclass
class Book:
    """A workbook in the making: rows by table and row name, values by column."""

    contract: Contract
    rows: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)

    def set(self, table: str, name: str, **values: Any) -> Book:
        """Change cells of a row; a row that is not there is added (free when its name starts with ``fri``)."""
        self.rows.setdefault(table, {}).setdefault(name, {}).update(values)
        return self

    def set_all(self, table: str, serie: str, values: dict[str, Any]) -> Book:
        """One serie of many rows of enhet X."""
        for kod, value in values.items():
            self.set(table, f"X|{kod}", **{serie: value})
        return self

    def remove(self, table: str, name: str) -> Book:
        """Delete a row."""
        del self.rows[table][name]
        return self

    def double(self, table: str, name: str) -> Book:
        """Insert a copy of a row, hidden key and all."""
        self.rows[table][f"{name} "] = dict(self.rows[table][name])
        return self

    def place(self, table: str, name: str, column: str) -> str:
        """The coordinate of a cell."""
        columns = [c.name for c in self.contract.table(table).columns]
        letter = get_column_letter(2 + columns.index(column))
        return f"{letter}{7 + list(self.rows[table]).index(name)}"

    def raw(self, name: str) -> RawRetur:
        """The workbook as read."""
        tables = []
        for table in self.contract.tables:
            rows = []
            for number, row in enumerate(self.rows.get(table.name, {}), start=7):
                cells = {
                    c.name: as_cell(self._summed(table.name, row, c.name), self.place(table.name, row, c.name))
                    for c in table.columns
                }
                rows.append(RawRow(number, "" if row.startswith(FREE) else row.strip(), cells))
            tables.append(RawTable(table.name, table.sheet, tuple(rows)))
        return RawRetur(f"{name}.xlsx", name, tuple(tables), ())

    def _summed(self, table: str, row: str, column: str) -> Any:
        """The content of a cell; in a sum row the number stands behind the template's formula."""
        value = self.rows[table][row].get(column)
        parts = _SUMS.get(table, {}).get(row.strip().removeprefix("X|"), ())
        if column not in _SERIER or not parts or not isinstance(value, int | Decimal):
            return value
        cells = ",".join(self.place(table, f"X|{part}", column) for part in parts if f"X|{part}" in self.rows[table])
        return RawCell("", CellKind.TAL, str(value), Decimal(value), f'=IF(COUNT({cells})=0,"",SUM({cells}))')

    def copy(self) -> Book:
        """An independent copy."""
        return Book(self.contract, copy.deepcopy(self.rows))


def sound_retur() -> Book:
    """A return of FORVALTNING for PERIOD without a single finding; amounts in tkr, every serie alike."""
    book = Book(load_contract("manadsretur"))
    start = {
        "kommun_kod": "provby", "kommun_namn": "Provby", "forvaltning_kod": FORVALTNING, "forvaltning_namn": "Provförvaltningen",
        "period": "2026-04", "belopp_enhet": "tkr", "kontrakt_id": book.contract.id, "kontrakt_version": book.contract.version,
        "ifylld_av_roll": "förvaltningsekonom", "ifylld_datum": dt.date(2026, 5, 8), "status": "klar",
    }  # fmt: skip
    for name, value in start.items():
        book.set("start", name, varde=value)
    amounts = {"drift": _DRIFT, "investeringar": _INVESTERINGAR, "drift_verksamhet": {"v1": -600, "v2": -400}}
    for table, values in amounts.items():
        for kod, value in values.items():
            book.set(table, f"X|{kod}", enhet="X", kod=kod, **dict.fromkeys(_SERIER, value))
    for kod, volume, unit in (("barn", 120, "barn"), ("timmar", Decimal("10.5"), "timmar")):
        book.set("volymer", f"X|{kod}", enhet="X", kod=kod, matt_enhet=unit, **dict.fromkeys(_SERIER, volume))
    book.set(
        "kommentarer",
        "X|drift|helhet",
        enhet="X",
        avser="drift",
        kod="helhet",
        orsak="Fler barn än budgeterat i förskolan.",
    )
    indicator = {"utfall": Decimal("6.2"), "utfall_kvinnor": 7, "utfall_man": 5, "vardear": "2026", "prognos": 6}
    book.set("indikatorer", "X|sjuk", enhet="X", kod="sjuk", **indicator)
    book.set("indikatorer", "X|klagomal", enhet="X", kod="klagomal", prognos=4)
    book.set("aktiviteter", "X|samtal", enhet="X", kod="samtal", levererad="ja", fardiggrad=100)
    book.set(
        "malbedomningar", "X|franvaro", enhet="X", kod="franvaro", bedomning="delvis", motivering="Färre sjuka i vår."
    )
    for kod, (anstallda, tid, sjuk) in _PERSONAL.items():
        hours = {"ordinarie_tid": tid, "sjuktid": sjuk, "ordinarie_tid_fg_ar": tid, "sjuktid_fg_ar": sjuk}
        book.set("personal", f"X|{kod}", enhet="X", kod=kod, anstallda=anstallda, sjuktid_lang=sjuk // 4, **hours)
    book.set("personal", "X|totalt", friska=20)
    for kod in ("tillsvidare", "visstid", "timavlonade"):
        book.set("arsarbetare", f"X|{kod}", enhet="X", kod=kod, arsarbetare=Decimal("12.5"))
    survey = {
        "utfall": 79,
        "utfall_kvinnor": 80,
        "utfall_man": 78,
        "svarande": 60,
        "tillfragade": 90,
        "vardear": "2025",
    }
    book.set("enkater", "X|nojd", enhet="X", kod="nojd", **survey)
    book.set("synpunkter", "X|bemotande", enhet="X", kod="bemotande", forslag=1, synpunkter=2, klagomal=0)
    book.set("texter", "X|handelser", enhet="X", kod="handelser", text="En ny förskola öppnade i mars.")
    book.set("risker", "X|jav", enhet="X", kod="jav", sannolikhet=2, konsekvens=3, resultat="utan anmärkning")
    for utforare in ("egen", "bolag"):
        book.set("utforare", f"X|nojd.{utforare}", enhet="X", kod=f"nojd.{utforare}", utfall=79, vardear="2025")
    book.set("kommentarer", "X|drift|helhet", atgard="Två avdelningar slås samman.", klardatum=dt.date(2026, 9, 30))
    return book


def earlier_months(*books: Book) -> Earlier:
    """What the closings before PERIOD hold of FORVALTNING: one return each, newest first."""
    contract, returns = load_contract("manadsretur"), []
    for book in books:
        converted = convert(
            book.raw("tidigare"), contract, load_felkoder(), unit="tkr", decimals=volume_decimals(provby())
        )
        returns.append(
            earlier_return(rows_from_json(to_json(converted)), {table.name: table.key for table in contract.tables})
        )
    prognoser = {
        (enhet, table, kod): int(row["prognos"])
        for table in ("drift", "drift_verksamhet", "investeringar", "volymer")
        for (enhet, kod), row in (returns[0].rows[table] if returns else {}).items()
        if row["prognos"] is not None
    }
    return Earlier({FORVALTNING: tuple(returns)}, prognoser)


def sound_register() -> Book:
    """A budget register for 2026 without a single finding; every row is the sender's own."""
    book = Book(load_contract("budgetregister"))
    start = {"kommun_kod": "provby", "kommun_namn": "Provby", "ar": "2026", "kontrakt_id": book.contract.id}
    for name, value in {**start, "kontrakt_version": book.contract.version}.items():
        book.set("start", name, varde=value)
    decision = {"organ": "KF", "paragraf": "§ 112", "beslutsdatum": dt.date(2025, 11, 24)}
    row = {
        "enhet": "X",
        "avser": "drift",
        "kod": "intakter",
        "belopp": 1000,
        "belopp_enhet": "tkr",
        "benamning": "Intäkter",
    }
    book.set("beslutad_budget", "fri1", **row, **decision, periodisering="manuell")
    months = {f"m{month:02d}": 1000 if month == 1 else 0 for month in range(1, 13)}
    key = {name: row[name] for name in ("enhet", "avser", "kod", "belopp_enhet", "benamning")}
    book.set("periodbudget", "fri1", **key, **months)
    book.set("anslagsforandringar", "fri1", lopnummer="1", **row, **{**decision, "beslutsdatum": dt.date(2026, 2, 23)})
    book.set("bokslut", "fri1", **{**row, "kod": "resultat"}, kalla="Årsredovisning 2025")
    return book
