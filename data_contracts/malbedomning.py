"""Assessments of goals that are fixed at the economy office, not in a return: the form of ``malplan/ÅÅÅÅ-bedomningar.yaml``.

The goals of the whole kommun belong to no förvaltning's return; what kommunstyrelsen or fullmäktige says of them stands here, with
reason, role and day.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, model_validator

from data_contracts.modell import Kod, Modell, Namn, SammanhangsFel


class Malbedomning(Modell):
    """One goal's assessment in the report of one period."""

    mal: Kod
    period: Annotated[str, Field(pattern=r"^\d{4}-\d{2}$")]
    lage: Literal["uppfylld", "delvis", "ej uppfylld", "ej mätbar"]
    skal: Namn = Field(description="Varför målet bedöms så; trycks bredvid bedömningen.")
    atgard: str = Field("", max_length=1000, description="Vad som görs nu.")
    roll: Namn
    datum: dt.date


class Malbedomningar(Modell):
    """The whole file."""

    schema_version: Literal[1]
    bedomningar: tuple[Malbedomning, ...] = ()

    @model_validator(mode="after")
    def _one_each(self) -> Malbedomningar:
        seen: set[tuple[str, str]] = set()
        fel: list[tuple[tuple[str | int, ...], str]] = []
        for place, item in enumerate(self.bedomningar):
            if (item.mal, item.period) in seen:
                text = f"E728 målet {item.mal} är bedömt två gånger för {item.period}"
                fel.append((("bedomningar", place, "mal"), text))
            seen.add((item.mal, item.period))
        if fel:
            raise SammanhangsFel(fel)
        return self
