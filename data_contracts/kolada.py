"""Which nyckeltal a kommun takes from Kolada and whom it compares itself with. The part ``kolada`` of kommun.yaml."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from data_contracts.modell import Kod, Modell, Namn

Kommunkod = Annotated[str, Field(pattern=r"^\d{4}$")]


class Koladatal(Modell):
    """One nyckeltal. ``namnd``: in whose report it stands; without it in the kommun's alone. ``kkik``: part of KKiK."""

    kod: Annotated[str, Field(pattern=r"^[NU]\d{5}$", description="Koladas beteckning, till exempel N15033.")]
    namn: Namn
    matt_enhet: Namn = Field(description="Ordet eller tecknet bakom talet: %, kr/inv, dagar.")
    decimaler: int = Field(0, ge=0, le=2)
    riktning: Literal["hogre", "lagre", "ingen"] = Field(
        description="Vilket håll som är bättre; ingen när inget är det."
    )
    konsuppdelat: bool = False
    kkik: bool = False
    namnd: Kod | None = None


class Jamford(Modell):
    """Another kommun."""

    kod: Kommunkod
    namn: Namn


class Jamforelse(Modell):
    """Whom the kommun compares itself with, and why those: kommuner by name, or one of Kolada's own groups, whose members are fetched."""

    namn: Namn
    kommuner: Annotated[tuple[Jamford, ...], Field(max_length=60)] = ()
    grupp: str | None = Field(
        None,
        pattern=r"^G\d{1,8}$",
        description="Koladas kommungrupp, till exempel G35888; medlemmarna hämtas till lagret.",
    )
    referens: Namn

    @model_validator(mode="after")
    def _one_way(self) -> Jamforelse:
        if bool(self.kommuner) == (self.grupp is not None):
            raise ValueError("jämförelsen har antingen kommuner eller en grupp")
        return self


class Kolada(Modell):
    """The whole of ``kolada`` in kommun.yaml. ``ar``: how many years back values are fetched and shown."""

    nyckeltal: Annotated[tuple[Koladatal, ...], Field(min_length=1)]
    jamforelse: Jamforelse
    ar: int = Field(5, ge=1, le=15)
    erkannande: Namn = Field(
        "Källa: Kolada, Rådet för främjande av kommunala analyser (RKA), CC BY 4.0.",
        description="Texten som licensen kräver att värdena visas med.",
    )

    @model_validator(mode="after")
    def _once(self) -> Kolada:
        for what, koder in (
            ("nyckeltalet", [tal.kod for tal in self.nyckeltal]),
            ("kommunen", [kommun.kod for kommun in self.jamforelse.kommuner]),
        ):
            twice = sorted({kod for kod in koder if koder.count(kod) > 1})
            if twice:
                raise ValueError(f"{what} {', '.join(twice)} finns två gånger")
        return self
