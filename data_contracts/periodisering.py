"""How a year is spread over its months: seasonal keys, which rows follow which, and how the technical forecast is made of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from data_contracts.modell import Kod, Modell, Namn

Avser = Literal["drift", "investeringar"]
Vikt = Annotated[int, Field(ge=0, le=1_000_000)]

TOLFTEDELAR = "tolftedelar"
"""The key that needs no configuration: as much every month."""
MANUELL = "manuell"
"""Stands in the register where a key does, for a row whose months are entered on its sheet Periodbudget."""


class Periodnyckel(Modell):
    """A seasonal key: one weight per month, January first. The month's share is its weight of them all."""

    kod: Kod
    namn: Namn
    vikter: Annotated[tuple[Vikt, ...], Field(min_length=12, max_length=12)]
    referens: Namn = Field(description="Varifrån nyckeln kommer: beslut, eller vilka års utfall den är tagen ur.")

    @model_validator(mode="after")
    def _not_all_zero(self) -> Periodnyckel:
        if not any(self.vikter):
            raise ValueError(f"nyckeln {self.kod}: minst en månad ska ha vikt")
        if self.kod in (TOLFTEDELAR, MANUELL):
            raise ValueError(f"nyckeln får inte heta {self.kod}, som betyder något annat i registret")
        return self

    def through(self, month: int) -> int:
        """The weights of January up to and with the month."""
        return sum(self.vikter[:month])


EVEN = Periodnyckel.model_construct(
    kod=TOLFTEDELAR, namn="En tolftedel i månaden", vikter=(1,) * 12, referens="lika mycket varje månad"
)
"""Twelfths, as a key."""


class Urval(Modell):
    """Which rows a rule is for; what is left out is not limited."""

    avser: Avser = "drift"
    enheter: tuple[Kod, ...] = ()
    rader: tuple[Kod, ...] = ()

    def takes(self, avser: str, enhet: str, rad: str) -> bool:
        """True for a row that the rule is for."""
        return (
            avser == self.avser
            and (not self.enheter or enhet in self.enheter)
            and (not self.rader or rad in self.rader)
        )


class Fordelning(Urval):
    """The key of some rows."""

    nyckel: Kod


class Prognosregel(Urval):
    """How some rows' technical forecast is made.

    takt: utfall divided by the share of the year that the key says has gone. budgetrest: utfall and what is left of the budget.
    budget: the budget of the full year, for what is decided and not a matter of pace.
    """

    metod: Literal["takt", "budgetrest", "budget"]


class Periodisering(Modell):
    """The part ``periodisering``: keys, and which rows follow which. A row that no rule takes has twelfths.

    ``periodbudget``: where the period's budget comes from: the return (``retur``), or the register, spread by the keys (``register``).
    """

    nycklar: tuple[Periodnyckel, ...] = ()
    fordelning: tuple[Fordelning, ...] = ()
    periodbudget: Literal["retur", "register"] = "retur"

    @model_validator(mode="after")
    def _connected(self) -> Periodisering:
        known = [nyckel.kod for nyckel in self.nycklar]
        for place, kod in enumerate(known):
            if kod in known[:place]:
                raise ValueError(f"nyckeln {kod} finns två gånger")
        for rule in self.fordelning:
            if rule.nyckel not in (*known, TOLFTEDELAR):
                raise ValueError(f"fördelningen nämner nyckeln {rule.nyckel}, som inte finns")
        return self

    def nyckel(self, kod: str) -> Periodnyckel | None:
        """The key with that code, or None."""
        return EVEN if kod == TOLFTEDELAR else next((one for one in self.nycklar if one.kod == kod), None)

    def key_of(self, avser: str, enhet: str, rad: str) -> Periodnyckel:
        """The key of a row: that of the first rule that takes it, else twelfths."""
        rule = next((rule for rule in self.fordelning if rule.takes(avser, enhet, rad)), None)
        return (self.nyckel(rule.nyckel) if rule is not None else None) or EVEN


class Prognos(Modell):
    """The part ``prognos``: a technical forecast beside the controllers' own, and how well their forecasts have hit.

    A row is forecast by the first rule that takes it; one that no rule takes has no technical forecast.
    """

    teknisk: Annotated[tuple[Prognosregel, ...], Field(min_length=1)] = (Prognosregel(avser="drift", metod="takt"),)
    referens: Namn = "Röda trådens förval: utfall delat med nyckelns andel av året."

    def rule_of(self, avser: str, enhet: str, rad: str) -> Prognosregel | None:
        """The rule of a row, or None."""
        return next((rule for rule in self.teknisk if rule.takes(avser, enhet, rad)), None)


def named_codes(
    periodisering: Periodisering | None, prognos: Prognos | None
) -> Iterator[tuple[tuple[str | int, ...], Urval]]:
    """Every rule with its place in ``kommun.yaml``."""
    for place, spread_rule in enumerate(periodisering.fordelning if periodisering else ()):
        yield ("periodisering", "fordelning", place), spread_rule
    for place, rule in enumerate(prognos.teknisk if prognos else ()):
        yield ("prognos", "teknisk", place), rule
