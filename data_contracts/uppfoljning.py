"""What a kommun follows up besides money, goals and staff: surveys, synpunkter, intern kontroll, utförare and procurements.

Parts of kommun.yaml. Each gives the return a sheet, for the enheter that it names and no others.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from data_contracts.modell import Kod, Modell, Namn

Riktning = Literal["hogre", "lagre", "ingen"]


class Enkatfraga(Modell):
    """One question (or index) of a survey among those that the verksamhet is for."""

    kod: Kod
    namn: Namn
    enhet: Kod
    matt_enhet: Namn = Field(description="Ordet eller tecknet bakom talet: %, index.")
    decimaler: int = Field(0, ge=0, le=2)
    minst: Decimal = Decimal(0)
    hogst: Decimal = Decimal(100)
    konsuppdelad: bool = False
    mal: Kod | None = Field(None, description="Målet i målplanen vars sida frågan visas på.")


class Tema(Modell):
    """What synpunkter are about."""

    kod: Kod
    namn: Namn
    mal: Kod | None = Field(None, description="Målet i målplanen vars sida temat visas på.")


class Synpunkter(Modell):
    """Förbättringsförslag, synpunkter and klagomål: counted per enhet and theme."""

    enheter: Annotated[tuple[Kod, ...], Field(min_length=1)]
    teman: Annotated[tuple[Tema, ...], Field(min_length=1)]


class Steg(Modell):
    """One step of a scale: its number and its word."""

    varde: int = Field(ge=1, le=5)
    namn: Namn


class Riskniva(Modell):
    """From this riskvärde on (sannolikhet × konsekvens) the risk is of this level. ``direkt``: reported to the nämnd at once."""

    fran: int = Field(ge=1, le=25)
    namn: Namn
    direkt: bool = False


class Risk(Modell):
    """One risk of the year's plan, its kontrollmoment, and the goals that it threatens (codes of the målplan)."""

    kod: Kod
    namn: Namn
    enhet: Kod
    kategori: Namn = "verksamhet"
    kontrollmoment: Namn
    mal: tuple[Kod, ...] = ()


class Internkontroll(Modell):
    """The plan for intern kontroll: the kommun's own scale, levels and risks. ``referens``: the decision."""

    sannolikhet: Annotated[tuple[Steg, ...], Field(min_length=2, max_length=5)]
    konsekvens: Annotated[tuple[Steg, ...], Field(min_length=2, max_length=5)]
    nivaer: Annotated[tuple[Riskniva, ...], Field(min_length=1, max_length=5)]
    risker: Annotated[tuple[Risk, ...], Field(min_length=1)]
    referens: Namn

    @model_validator(mode="after")
    def _whole_scales(self) -> Internkontroll:
        for name, scale in (("sannolikhet", self.sannolikhet), ("konsekvens", self.konsekvens)):
            if [steg.varde for steg in scale] != list(range(1, len(scale) + 1)):
                raise ValueError(f"skalan för {name} ska ha stegen 1, 2, 3 … i ordning")
        froms = [niva.fran for niva in self.nivaer]
        if froms[0] != 1 or froms != sorted(set(froms)):
            raise ValueError("nivåerna ska börja på 1 och ha stigande fran")
        return self

    def niva(self, riskvarde: int) -> Riskniva:
        """The level of a riskvärde."""
        return max((niva for niva in self.nivaer if niva.fran <= riskvarde), key=lambda niva: niva.fran)


class Utforare(Modell):
    """Who carries a verksamhet out."""

    kod: Kod
    namn: Namn
    driftform: Literal["egen_regi", "lov", "entreprenad", "bolag"]


class Utforartal(Modell):
    """One measure that is the same for several utförare. ``indikator``: that whose målvärde all are held against."""

    kod: Kod
    namn: Namn
    enhet: Kod
    matt_enhet: Namn
    decimaler: int = Field(0, ge=0, le=2)
    riktning: Riktning = "hogre"
    utforare: Annotated[tuple[Kod, ...], Field(min_length=2)]
    indikator: Kod | None = None


class Utforarjamforelse(Modell):
    """The same measures for everyone who carries out a verksamhet, side by side."""

    utforare: Annotated[tuple[Utforare, ...], Field(min_length=2)]
    tal: Annotated[tuple[Utforartal, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _known(self) -> Utforarjamforelse:
        known = {part.kod for part in self.utforare}
        for tal in self.tal:
            for kod in tal.utforare:
                if kod not in known:
                    raise ValueError(f"{tal.kod} nämner utföraren {kod}, som inte finns")
        return self


class Uppfoljning(Modell):
    """The whole of ``uppfoljning`` in kommun.yaml."""

    enkater: tuple[Enkatfraga, ...] = ()
    synpunkter: Synpunkter | None = None
    internkontroll: Internkontroll | None = None
    utforare: Utforarjamforelse | None = None
    upphandlingar: tuple[Kod, ...] = Field((), description="Enheter som redovisar upphandlingar för nämnden.")

    def named_enheter(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Every enhet that a part names, with its place."""
        for place, fraga in enumerate(self.enkater):
            yield ("enkater", place, "enhet"), fraga.enhet
        for place, kod in enumerate(self.synpunkter.enheter if self.synpunkter else ()):
            yield ("synpunkter", "enheter", place), kod
        for place, risk in enumerate(self.internkontroll.risker if self.internkontroll else ()):
            yield ("internkontroll", "risker", place, "enhet"), risk.enhet
        for place, tal in enumerate(self.utforare.tal if self.utforare else ()):
            yield ("utforare", "tal", place, "enhet"), tal.enhet
        for place, kod in enumerate(self.upphandlingar):
            yield ("upphandlingar", place), kod
