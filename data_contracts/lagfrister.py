"""The law's days for the reports: the form of ``lagfrister.yaml``."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field, model_validator

from data_contracts.modell import Modell, Namn


class LagRegel(Modell):
    """One dated rule: so many months after the period, or a day of the year after it."""

    rapport: Literal["delarsrapport", "arsredovisning"]
    text: Namn
    manader_efter_period: int | None = Field(None, ge=1, le=12)
    manad: int | None = Field(None, ge=1, le=12)
    dag: int | None = Field(None, ge=1, le=31)
    giltig_fran: dt.date
    referens: Namn

    @model_validator(mode="after")
    def _one_way(self) -> LagRegel:
        if (self.manader_efter_period is None) == (self.manad is None or self.dag is None):
            raise ValueError("en lagfrist har antingen manader_efter_period eller manad och dag")
        return self


class Lagfrister(Modell):
    """The whole file."""

    regler: tuple[LagRegel, ...]
