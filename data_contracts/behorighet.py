"""Who may do what: the form of ``behorighet.yaml`` in a kommun's home. An account of the operating system has a role, a role its steps.

It stands beside kommun.yaml and not in it: only IT should be able to change it, and it is no part of what a report says.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from data_contracts.modell import Kod, Modell, Namn


class Steg(StrEnum):
    """What takes a right of its own."""

    GRANSKA = "granska"
    FASTSTALLA = "faststalla"
    ATERKALLA = "aterkalla"
    OPPNA = "oppna"
    """Open a closed period."""
    BESLUT = "beslut"
    """Record a political decision or the revisorer's assessment."""
    SANDA = "sanda"
    GALLRA = "gallra"
    VALJ_VERSION = "valj_version"
    """Let another version of a return than the newest accepted one count."""
    GODTA = "godta"
    """Let a difference, a gap or a finding stand, with a reason."""
    AVVIKELSE = "avvikelse"
    """Decide on a case of the avvikelseregister."""


class Konto(Modell):
    """One account: its role, what it may do, and the public half of the key that it signs with."""

    anvandare: Annotated[str, Field(min_length=1, max_length=64, description="Kontots namn i operativsystemet.")]
    roll: Namn
    far: tuple[Steg, ...] = Field((), description="Vad rollen får göra.")
    namnder: tuple[Kod, ...] | None = Field(None, description="Bara de nämndernas rapporter; utelämnas för alla.")
    nyckel: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = Field(
        None, description="Kontots öppna nyckel (Ed25519), som rodatraden nyckel skriver ut."
    )


class Behorighet(Modell):
    """The whole of ``behorighet.yaml``."""

    referens: Namn = Field(description="Beslutet bakom: delegationsordning eller attestordning, med paragraf.")
    fyra_ogon: bool = Field(True, description="Den som fastställer får inte vara den som har granskat.")
    konton: tuple[Konto, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> Behorighet:
        names = [konto.anvandare for konto in self.konton]
        keys = [konto.nyckel for konto in self.konton if konto.nyckel]
        for what, values in (("kontot", names), ("nyckeln", keys)):
            for value in values:
                if values.count(value) > 1:
                    raise ValueError(f"{what} {value} finns två gånger")
        return self

    def konto(self, anvandare: str) -> Konto | None:
        """The account with that name, or None when it has no role here."""
        return next((konto for konto in self.konton if konto.anvandare == anvandare), None)

    def roll(self, anvandare: str) -> str:
        """The account's role; '' when it has none."""
        konto = self.konto(anvandare)
        return "" if konto is None else konto.roll
