"""The part of ``kommun.yaml`` that says how the kommun's ledger is read: koddelar to enheter and rows, and the tolerance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from data_contracts.modell import Kod, Modell, Namn


class Kodintervall(Modell):
    """Codes from ``fran`` to ``till``, both included: a longer code is compared by as many characters as they have."""

    fran: Kod
    till: Kod

    @model_validator(mode="after")
    def _in_order(self) -> Kodintervall:
        if len(self.fran) != len(self.till) or self.fran > self.till:
            raise ValueError(f"intervallet {self.fran}–{self.till}: fran och till ska vara lika långa, och fran först")
        return self

    def holds(self, kod: str) -> bool:
        """True for a code in the interval."""
        return len(kod) >= len(self.fran) and self.fran <= kod[: len(self.fran)] <= self.till


class Ansvarsintervall(Kodintervall):
    """The ansvar of an enhet."""

    enhet: Kod


class Kontointervall(Kodintervall):
    """The accounts behind a row of the drift's uppställning; ``enheter`` empty: of every enhet that has the row."""

    rad: Kod
    enheter: tuple[Kod, ...] = ()


class Rakenskapsintervall(Kodintervall):
    """The accounts behind a row of the books, where the kommun's own chart says more than Kommun-Bas by table. ``rad`` '' for what is in
    no statement."""

    form: Literal["resultatrakning", "balansrakning", ""]
    rad: str = Field(max_length=60)
    referens: Namn


class Projektintervall(Kodintervall):
    """The projects behind a row of the investeringar of an enhet."""

    enhet: Kod
    rad: Kod


class Verksamhetsintervall(Kodintervall):
    """The verksamheter of the kodsträng behind a verksamhet of an enhet."""

    enhet: Kod
    verksamhet: Kod


class Dimensioner(Modell):
    """Which dimension of a SIE file holds which koddel. 1 and 6 are reserved in SIE; the others are the kommun's own."""

    ansvar: str = "1"
    verksamhet: str = ""
    projekt: str = "6"
    motpart: str = ""


class Tolerans(Modell):
    """How far a return may be from the ledger. Dated, with its reference; the newest valid holds."""

    giltig_fran: dt.date
    belopp_kr: int = Field(ge=0)
    referens: Namn


class Huvudboksplan(Modell):
    """How the kommun's ledger is read: ansvar to enhet, konto to row, projekt to investering, and what a motpart within the kommun is."""

    dimensioner: Dimensioner = Dimensioner()
    ansvar: Annotated[tuple[Ansvarsintervall, ...], Field(min_length=1)]
    konton: Annotated[tuple[Kontointervall, ...], Field(min_length=1)]
    rakenskaper: tuple[Rakenskapsintervall, ...] = Field(
        (), description="Konto till rad i resultat- och balansräkningen; går före Kommun-Bas efter tabell."
    )
    verksamheter: tuple[Verksamhetsintervall, ...] = ()
    projekt: tuple[Projektintervall, ...] = ()
    interna_motparter: tuple[Ansvarsintervall, ...] = ()
    investeringskonton: tuple[Kodintervall, ...] = ()
    toleranser: Annotated[tuple[Tolerans, ...], Field(min_length=1)]

    def tolerans(self, day: dt.date) -> Tolerans | None:
        """The newest tolerance valid on a day, or None."""
        valid = [tolerans for tolerans in self.toleranser if tolerans.giltig_fran <= day]
        return max(valid, key=lambda tolerans: tolerans.giltig_fran, default=None)


def overlapping(field: str, intervals: tuple[Kodintervall, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Intervals that begin inside another: a code would be of both."""
    for place, one in enumerate(intervals):
        for other in intervals:
            if other is not one and other.holds(one.fran):
                text = f"intervallet {one.fran}–{one.till} överlappar {other.fran}–{other.till}"
                yield ("huvudbok", field, place, "fran"), text
