"""A kommun's own blankett as data: where in its sheets the figures stand, in which unit and with which signs.

One file per blankett in the kommun's folder ``blanketter``. A blankett may have several versions, which differ in sheets and headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from data_contracts.kommun import Kommun
from data_contracts.modell import Kod, Modell, Namn

Tabellnamn = Literal["drift", "drift_verksamhet", "investeringar", "volymer"]
Serie = Literal["budget", "periodbudget", "utfall", "utfall_fg_ar", "prognos", "fg_prognos"]
Bokstav = Annotated[str, Field(pattern=r"^[A-Z]{1,2}$", description="Kolumnens bokstav.")]
Rubrik = Annotated[str, Field(min_length=1, max_length=200, description="Rubriken som den står; {ar} är periodens år.")]
Skal = Annotated[str, Field(min_length=1, max_length=300, description="Varför det utelämnas.")]
Fel = tuple[tuple[str | int, ...], str]


class Kalla(Modell):
    """Where a fact about the whole file stands: one of a fixed value, a cell, a column that is the same on every row, the file name."""

    fast: str | None = Field(None, min_length=1)
    cell: str | None = Field(None, pattern=r"^[^!]+![A-Z]{1,2}[0-9]{1,5}$", description="Blad!B2")
    kolumn: Rubrik | None = None
    filnamn: str | None = Field(None, min_length=1, description="Reguljärt uttryck med en grupp.")
    oversatt: dict[str, str] = Field({}, description="Vad som står i filen, och vad det betyder.")

    @model_validator(mode="after")
    def _one_source(self) -> Kalla:
        given = [self.fast, self.cell, self.kolumn, self.filnamn]
        if sum(value is not None for value in given) != 1:
            raise ValueError("ange ett av fast, cell, kolumn och filnamn")
        if self.filnamn is not None:
            try:
                groups = re.compile(self.filnamn).groups
            except re.error as error:
                raise ValueError(f"filnamn är inget reguljärt uttryck ({error})") from error
            if groups != 1:
                raise ValueError("filnamn ska ha exakt en grupp, inom parentes")
        return self


class AvvikelseKolumn(Modell):
    """The blankett's own avvikelse, where plus is överskott (for investeringar a lower utgift). It is recomputed, never taken in.

    In result signs it is ``av`` − ``mot``: for a cost without sign, and for an investering, ``mot`` − ``av`` (budget − utfall).
    """

    rubrik: Rubrik
    av: Serie = Field(description="Serien som jämförs: utfall eller prognos.")
    mot: Serie = Field(description="Serien som den jämförs med, oftast budget.")


class BrettBlad(Modell):
    """A sheet with a row per code or name and a column per serie."""

    form: Literal["bred"]
    blad: Namn
    tabell: Tabellnamn
    enhet: Kod | None = Field(None, description="Enheten, när hela bladet gäller en; annars enhetskolumn.")
    enhetskolumn: Rubrik | None = None
    radkolumn: Bokstav = Field("A", description="Kolumnen där radernas namn eller koder står.")
    serier: Annotated[dict[Serie, Rubrik], Field(min_length=1)]
    avvikelse: AvvikelseKolumn | None = None
    rader: Annotated[dict[str, Kod], Field(min_length=1, description="Vad som står på raden, och radens kod.")]
    utelamnas: dict[str, Skal] = Field({}, description="Rader som inte läses, med skäl.")
    enheter: dict[str, Kod] = Field({}, description="Vad som står i enhetskolumnen, och enhetens kod.")

    @model_validator(mode="after")
    def _one_enhet(self) -> BrettBlad:
        if (self.enhet is None) == (self.enhetskolumn is None):
            raise ValueError("ange antingen enhet eller enhetskolumn")
        if (self.enhetskolumn is None) != (not self.enheter):
            raise ValueError("enheter anges när bladet har en enhetskolumn, och bara då")
        return self


class LangtBlad(Modell):
    """A sheet, or a csv, with one value per row: whose, which row, which serie."""

    form: Literal["lang"]
    blad: str = Field("", description="Bladets namn; tomt för csv.")
    tabell: Tabellnamn
    enhetskolumn: Rubrik
    radkolumn: Rubrik
    seriekolumn: Rubrik
    vardekolumn: Rubrik
    enheter: Annotated[dict[str, Kod], Field(min_length=1)]
    rader: Annotated[dict[str, Kod], Field(min_length=1)]
    serier: Annotated[dict[str, Serie], Field(min_length=1)]
    utelamnas: dict[str, Skal] = Field(
        {}, description="Koder för enheter, rader eller serier som inte läses, med skäl."
    )


Blad = Annotated[BrettBlad | LangtBlad, Field(discriminator="form")]


class BlankettVersion(Modell):
    """One version of the blankett: a file is of it when every sheet and every heading is there."""

    version: Namn
    blad: Annotated[tuple[Blad, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _each_table_once(self) -> BlankettVersion:
        tables = [blad.tabell for blad in self.blad]
        for tabell in tables:
            if tables.count(tabell) > 1:
                raise ValueError(f"tabellen {tabell} finns på två blad")
        return self


class Blankett(Modell):
    """The whole of one file in ``blanketter``."""

    schema_version: Literal[1]
    namn: Namn
    filslag: Literal["xlsx", "csv"]
    enhet: Literal["kr", "tkr", "mnkr"]
    tecken: Literal["resultat", "kostnader_utan_tecken"] = Field(
        "resultat", description="resultat: kostnader med minus. kostnader_utan_tecken vänds när filen läses."
    )
    vand_rader: tuple[Kod, ...] = Field((), description="Fler rader som står med omvänt tecken, t.ex. nettokostnader.")
    decimaltecken: Literal[",", "."] = Field(",", description="I tal som står som text.")
    forvaltning: Kalla
    period: Kalla
    versioner: Annotated[tuple[BlankettVersion, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _budget_is_shown(self) -> Blankett:
        for version in self.versioner:
            for blad in version.blad:
                series = set(blad.serier) if isinstance(blad, BrettBlad) else set(blad.serier.values())
                if blad.tabell in ("drift", "investeringar") and "budget" not in series:
                    raise ValueError(f"version {version.version}: tabellen {blad.tabell} ska ha serien budget")
                if self.filslag == "csv" and not (isinstance(blad, LangtBlad) and not blad.blad):
                    raise ValueError(f"version {version.version}: en csv har form lang och inget blad")
        return self

    def unknown(self, kommun: Kommun) -> Iterator[Fel]:
        """What the blankett names that kommun.yaml does not have: path in the file, and a Swedish sentence without full stop."""
        known = {enhet.kod for enhet in kommun.enheter}
        if self.forvaltning.fast is not None and self.forvaltning.fast not in _offices(kommun):
            yield ("forvaltning", "fast"), f"förvaltningen {self.forvaltning.fast} finns inte i kommun.yaml"
        for text, kod in self.forvaltning.oversatt.items():
            if kod not in _offices(kommun):
                yield ("forvaltning", "oversatt", text), f"förvaltningen {kod} finns inte i kommun.yaml"
        for place, version in enumerate(self.versioner):
            for inner, blad in enumerate(version.blad):
                where = ("versioner", place, "blad", inner)
                named: list[tuple[tuple[str, ...], str]]
                named = [(("enhet",), blad.enhet)] if isinstance(blad, BrettBlad) and blad.enhet else []
                named += [(("enheter", text), kod) for text, kod in blad.enheter.items()]
                for path, kod in named:
                    if kod not in known:
                        yield (*where, *path), f"enheten {kod} finns inte i kommun.yaml"
                enheter = [kod for _, kod in named if kod in known]
                rows = {rad for kod in enheter for rad in _rows(kommun, kod, blad.tabell)}
                for text, rad in blad.rader.items():
                    if enheter and rad not in rows:
                        yield (*where, "rader", text), f"raden {rad} finns inte i enhetens {blad.tabell} i kommun.yaml"


def _offices(kommun: Kommun) -> set[str]:
    return {forvaltning.kod for forvaltning in kommun.forvaltningar}


def _rows(kommun: Kommun, enhet_kod: str, tabell: str) -> set[str]:
    """The codes of the rows that an enhet has in a table, sums too."""
    enhet = kommun.enhet(enhet_kod)
    if tabell == "drift_verksamhet":
        return {one.kod for one in enhet.verksamheter}
    if tabell == "volymer":
        return {one.kod for one in enhet.volymer}
    kod = enhet.drift if tabell == "drift" else enhet.investeringar
    return set() if kod is None else {rad.kod for rad in kommun.uppstallning(kod).rader}
