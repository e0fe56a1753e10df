"""Published or invented facts of a month, as values for the workbooks: which cell gets what.

A facts file (``kommuner/<kommun>/fakta/``) stands in for the senders where there are none: it holds only figures that
someone entered, each with its source. What was not published is not in it and stays blank in the return.
May import data_contracts and transforms only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from data_contracts.kommun import Enhet, Kommun
from transforms.enhet_rows import ROWS_OF_ENHET
from transforms.period import Period
from transforms.template_rows import HELHET, CellValue, FreeRow, row_key

CellKey = tuple[str, str, str]
"""Table, row key, column: ``("drift", "TEN|personal", "prognos")``."""

OMSKRIVEN = "(Omskrivet efter källan.)"
"""Ends every comment that is our own paraphrase, so that the mark travels with the return into the report."""

VARDEKOLUMNER = {
    "drift": ("periodbudget", "utfall", "utfall_fg_ar", "prognos"),
    "drift_verksamhet": ("budget", "periodbudget", "utfall", "utfall_fg_ar", "prognos"),
    "investeringar": ("periodbudget", "utfall", "utfall_fg_ar", "prognos"),
    "volymer": ("budget", "periodbudget", "utfall", "utfall_fg_ar", "prognos"),
}
"""Columns of the return that a sender fills, per table. Budget of drift and investeringar comes from the register."""

PLANKOLUMNER = {
    "indikatorer": ("utfall", "utfall_kvinnor", "utfall_man", "prognos"),
    "aktiviteter": ("fardiggrad",),
    "malbedomningar": (),
    "personal": (
        "anstallda",
        "ordinarie_tid",
        "sjuktid",
        "sjuktid_lang",
        "friska",
        "ordinarie_tid_fg_ar",
        "sjuktid_fg_ar",
        "sjuktid_lang_fg_ar",
    ),
    "arsarbetare": ("arsarbetare", "arsarbetare_fg_ar", "arbetad_tid", "arbetad_tid_fg_ar"),
    "enkater": ("utfall", "utfall_kvinnor", "utfall_man", "svarande", "tillfragade"),
    "synpunkter": ("forslag", "synpunkter", "klagomal"),
    "texter": (),
    "risker": ("sannolikhet", "konsekvens"),
    "utforare": ("utfall",),
    "upphandlingar": ("varde",),
}
"""The same for the sheets that the målplan and other parts of kommun.yaml give rows: the numbers."""

TEXTKOLUMNER = {
    "indikatorer": ("vardear", "bedomning", "kommentar"),
    "aktiviteter": ("levererad", "kommentar"),
    "malbedomningar": ("bedomning", "motivering", "atgard"),
    "enkater": ("vardear", "kommentar"),
    "synpunkter": ("kommentar",),
    "texter": ("text",),
    "risker": ("resultat", "atgard", "klardatum"),
    "utforare": ("vardear", "kommentar"),
    "upphandlingar": ("benamning", "forfarande", "lage", "leverantor", "avtal_fran", "avtal_till"),
}
"""And their texts."""

TALKOLUMNER = {**VARDEKOLUMNER, **PLANKOLUMNER}
"""All columns with numbers, per table."""

FRIA = "upphandlingar"
"""The sheet that has nothing but free rows."""

_EXPONENT = {"kr": 0, "tkr": 3, "mnkr": 6}


class FactMismatch(ValueError):
    """E011: a fact does not fit the kommun's configuration. The Swedish message names the fact and what to do."""


@dataclass(frozen=True, slots=True)
class Kalla:
    """Where facts come from.

    ``utgift_negativ``: the source prints investment utgifter with a minus, which is turned when the return is filled.
    """

    kod: str
    titel: str
    adress: str
    belopp_enhet: str
    utgift_negativ: bool = False


@dataclass(frozen=True, slots=True)
class Beslut:
    """A decision: organ, § and date. Empty where it was not published."""

    organ: str = ""
    paragraf: str = ""
    beslutsdatum: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Registerfakta:
    """One amount of the budget register, as the source prints it.

    ``lopnummer`` and ``benamning`` are for anslagsförändringar only.
    """

    enhet: str
    avser: str
    rad: str
    belopp: Decimal
    kalla: str
    beslut: Beslut = Beslut()
    lopnummer: str = ""
    benamning: str = ""


@dataclass(frozen=True, slots=True)
class Radfakta:
    """The published values of one row of one table, by column, as the source prints them."""

    tabell: str
    enhet: str
    rad: str
    varden: tuple[tuple[str, Decimal | str], ...]
    kalla: str


@dataclass(frozen=True, slots=True)
class Kommentarfakta:
    """A comment. ``omskriven``: paraphrased, never copied."""

    enhet: str
    avser: str
    kod: str
    kalla: str
    orsak: str = ""
    atgard: str = ""
    klardatum: dt.date | None = None
    orsakskategori: str = ""
    ansvarig: str = ""
    lovad_effekt: Decimal | None = None
    uppnadd_effekt: Decimal | None = None
    omskriven: bool = False


@dataclass(frozen=True, slots=True)
class Inlamning:
    """What the sender writes on the sheet Start."""

    roll: str
    datum: dt.date
    status: str


@dataclass(frozen=True, slots=True)
class Returfakta:
    """One förvaltning's return."""

    forvaltning: str
    inlamning: Inlamning
    rader: tuple[Radfakta, ...]
    kommentarer: tuple[Kommentarfakta, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """A facts file. ``saknas``: förvaltningar whose return is missing on purpose."""

    period: Period
    kallor: tuple[Kalla, ...]
    budget: tuple[Registerfakta, ...]
    anslagsforandringar: tuple[Registerfakta, ...]
    bokslut: tuple[Registerfakta, ...]
    returer: tuple[Returfakta, ...]
    saknas: tuple[str, ...] = ()

    def kalla(self, kod: str) -> Kalla:
        """The source with that code; KeyError when there is none."""
        return {kalla.kod: kalla for kalla in self.kallor}[kod]

    def retur(self, forvaltning_kod: str) -> Returfakta | None:
        """The förvaltning's return, or None when the file has none."""
        return next((retur for retur in self.returer if retur.forvaltning == forvaltning_kod), None)


def convert_unit(value: Decimal, source: str, target: str) -> Decimal:
    """The same amount in another unit (kr, tkr, mnkr), exactly.

    Example:
        >>> convert_unit(Decimal("0.3"), "mnkr", "tkr")
        Decimal('300')
        >>> convert_unit(Decimal("-57455"), "tkr", "mnkr")
        Decimal('-57.455')
    """
    shifted = value.scaleb(_EXPONENT[source] - _EXPONENT[target])
    text = format(shifted, "f")
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def retur_values(facts: Facts, kommun: Kommun, forvaltning_kod: str) -> dict[CellKey, CellValue]:
    """Every value that one förvaltning's return gets, in the förvaltning's returenhet.

    Drift keeps its sign, investeringar are unsigned utgifter, volumes have no unit of money. A row without a fact gets
    nothing. Comments on a whole enhet are among them; those on single rows are ``own_comments``.

    Source: the facts file; the direction of investeringar after docs/beslut/0002-tecken.md.
    Args:
        facts: the month's facts.
        kommun: gives the förvaltning's enheter, their rows and the returenhet.
        forvaltning_kod: whose return.
    Returns:
        (table, row key, column) → value; empty when the facts hold no return for the förvaltning.
    Raises:
        FactMismatch: E011, a fact names an enhet that the förvaltning does not report or a row that is not entered.
    """
    retur = facts.retur(forvaltning_kod)
    if retur is None:
        return {}
    forvaltning = kommun.forvaltning(forvaltning_kod)
    start = retur.inlamning
    values: dict[CellKey, CellValue] = {
        ("start", "ifylld_av_roll", "varde"): start.roll,
        ("start", "ifylld_datum", "varde"): start.datum,
        ("start", "status", "varde"): start.status,
    }
    for rad in retur.rader:
        if rad.tabell == FRIA:
            continue
        _require_row(kommun, forvaltning.enheter, rad.tabell, rad.enhet, rad.rad, forvaltning_kod)
        for column, value in rad.varden:
            key = (rad.tabell, row_key(rad.enhet, rad.rad), column)
            if key in values:
                twice = f"{' '.join(key)} står två gånger i faktafilen"
                raise FactMismatch(f"E011 {forvaltning_kod}: {twice}. Ta bort den ena.")
            values[key] = _in_unit(value, rad.tabell, facts.kalla(rad.kalla), forvaltning.returenhet)
    for kommentar in retur.kommentarer:
        if kommentar.kod == HELHET:
            row = row_key(kommentar.enhet, kommentar.avser, HELHET)
            values.update({("kommentarer", row, column): value for column, value in _comment_texts(kommentar).items()})
    return values


def own_comments(facts: Facts, kommun: Kommun, forvaltning_kod: str) -> tuple[FreeRow, ...]:
    """What one förvaltning's return has on free rows: comments on single rows, and procurements.

    Source: the facts file.
    Raises:
        FactMismatch: E011, a comment is about a row that the förvaltning does not report.
    """
    retur = facts.retur(forvaltning_kod)
    enheter = kommun.forvaltning(forvaltning_kod).enheter
    rows: list[FreeRow] = []
    for kommentar in retur.kommentarer if retur else ():
        if kommentar.kod == HELHET:
            continue
        _require_row(kommun, enheter, kommentar.avser, kommentar.enhet, kommentar.kod, forvaltning_kod)
        content = {"avser": kommentar.avser, "kod": kommentar.kod, **_comment_texts(kommentar)}
        rows.append(FreeRow("kommentarer", kommentar.enhet, content))
    for rad in retur.rader if retur else ():
        if rad.tabell == FRIA:
            kalla, unit = facts.kalla(rad.kalla), kommun.forvaltning(forvaltning_kod).returenhet
            values = {column: _in_unit(value, rad.tabell, kalla, unit) for column, value in rad.varden}
            rows.append(FreeRow(FRIA, rad.enhet, {"kod": rad.rad, **values}))
    return tuple(rows)


def _in_unit(value: Decimal | str, tabell: str, kalla: Kalla, unit: str) -> Decimal | str:
    if isinstance(value, str) or tabell == "volymer" or (tabell in PLANKOLUMNER and tabell != FRIA):
        return value
    amount = convert_unit(value, kalla.belopp_enhet, unit)
    return -amount if tabell == "investeringar" and kalla.utgift_negativ and amount else amount


def _comment_texts(kommentar: Kommentarfakta) -> dict[str, CellValue]:
    """The filled columns of a comment; a paraphrase carries its mark after the last text."""
    texts = {name: text for name, text in (("orsak", kommentar.orsak), ("atgard", kommentar.atgard)) if text}
    if kommentar.omskriven:
        last = list(texts)[-1]
        texts[last] = f"{texts[last]} {OMSKRIVEN}"
    names = ("klardatum", "orsakskategori", "ansvarig", "lovad_effekt", "uppnadd_effekt")
    others = {name: value for name in names if (value := getattr(kommentar, name)) not in (None, "")}
    return {**texts, **others}


def _require_row(kommun: Kommun, enheter: tuple[str, ...], tabell: str, enhet: str, rad: str, var: str) -> None:
    if enhet not in enheter:
        own = ", ".join(enheter)
        raise FactMismatch(f"E011 {var}: enheten {enhet} hör inte dit. Enheterna är {own}. Rätta faktafilen.")
    known = entered_rows(kommun, kommun.enhet(enhet), tabell)
    if rad not in known:
        problem = f"{enhet} har ingen rad {rad} att fylla i under {tabell}"
        raise FactMismatch(f"E011 {var}: {problem}. Raderna är {', '.join(known)}. Rätta faktafilen.")


def entered_rows(kommun: Kommun, enhet: Enhet, tabell: str) -> dict[str, str]:
    """Code → name of the rows that someone enters for an enhet, per table of the return."""
    if tabell in ROWS_OF_ENHET:
        return {row.kod: row.labels["benamning"] for row in ROWS_OF_ENHET[tabell](kommun, enhet)}
    kod = {"drift": enhet.drift, "investeringar": enhet.investeringar}[tabell]
    return {} if kod is None else {rad.kod: rad.namn for rad in kommun.uppstallning(kod).poster}


def register_rows(facts: Facts, kommun: Kommun) -> Mapping[str, list[dict[str, CellValue]]]:
    """Rows of the budget register per table, with the columns of its contract.

    Tables: beslutad_budget, anslagsforandringar, bokslut. Each row keeps the unit of its source. What is not known (a §
    that was not published) is left out of the row.

    Source: the facts file; RKR R14 (anslagsförändring as a decision of its own).
    Raises:
        FactMismatch: E011, a fact names an enhet or a row that is not there.
    """
    return {
        "beslutad_budget": [_register_row(fact, facts, kommun) for fact in facts.budget],
        "anslagsforandringar": [_register_row(fact, facts, kommun) for fact in facts.anslagsforandringar],
        "bokslut": [
            {**_register_row(fact, facts, kommun), "kalla": facts.kalla(fact.kalla).titel} for fact in facts.bokslut
        ],
    }


def _register_row(fact: Registerfakta, facts: Facts, kommun: Kommun) -> dict[str, CellValue]:
    enheter = {enhet.kod: enhet for enhet in kommun.enheter}
    if fact.enhet not in enheter:
        raise FactMismatch(f"E011 register: enheten {fact.enhet} finns inte i kommun.yaml. Rätta faktafilen.")
    names = _names(kommun, enheter[fact.enhet], fact.avser)
    if fact.rad not in names:
        problem = f"{fact.enhet} har ingen rad {fact.rad} under {fact.avser}"
        raise FactMismatch(f"E011 register: {problem}. Rätta faktafilen.")
    kalla = facts.kalla(fact.kalla)
    belopp = _in_unit(fact.belopp, fact.avser, kalla, kalla.belopp_enhet)
    row: dict[str, CellValue | None] = {
        "lopnummer": fact.lopnummer,
        "enhet": fact.enhet,
        "avser": fact.avser,
        "kod": fact.rad,
        "benamning": fact.benamning or names[fact.rad],
        "belopp": belopp,
        "belopp_enhet": kalla.belopp_enhet,
        "organ": fact.beslut.organ,
        "paragraf": fact.beslut.paragraf,
        "beslutsdatum": fact.beslut.beslutsdatum,
    }
    return {column: value for column, value in row.items() if value is not None and value != ""}


def _names(kommun: Kommun, enhet: Enhet, avser: str) -> dict[str, str]:
    """Code → name of an uppställning's rows, sums too: bokslut is given on the resultatrad."""
    kod = {"drift": enhet.drift, "investeringar": enhet.investeringar}.get(avser)
    return {} if kod is None else {rad.kod: rad.namn for rad in kommun.uppstallning(kod).rader}


def utfall_of(facts: Facts) -> dict[tuple[str, str, str], int]:
    """Every utfall of drift and investeringar in öre by (enhet, mått, rad), with the return's signs."""
    units = {kalla.kod: kalla for kalla in facts.kallor}
    utfall: dict[tuple[str, str, str], int] = {}
    for retur in facts.returer:
        for row in retur.rader:
            value = dict(row.varden).get("utfall")
            if isinstance(value, Decimal) and row.tabell in ("drift", "investeringar"):
                source = units[row.kalla]
                turned = -1 if source.utgift_negativ and row.tabell == "investeringar" else 1
                utfall[row.enhet, row.tabell, row.rad] = turned * int(value.scaleb(_EXPONENT[source.belopp_enhet] + 2))
    return utfall
