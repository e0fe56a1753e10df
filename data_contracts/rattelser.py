"""Declared corrections: the form of ``rattelser/ÅÅÅÅ.yaml`` in a kommun's home. A figure may be corrected without touching the return."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from data_contracts.modell import Modell, Namn

Varde = Annotated[str | int, Field(union_mode="left_to_right")]


class Rattelse(Modell):
    """One correction of one figure. It holds only as long as the figure is what ``fran`` says."""

    siffra: Namn = Field(description="Siffrans id, till exempel 2026-04/TEN/drift/personal/prognos.")
    fran: Varde = Field(
        description='Värdet som det står i returen, eller "uppgift saknas". Tal med decimaler sätts inom citattecken.'
    )
    till: Varde = Field(description="Värdet som ska gälla.")
    enhet: Literal["kr", "tkr", "mnkr", ""] = Field("", description="Beloppens enhet; utelämnas för volymer.")
    skal: Annotated[str, Field(min_length=10, max_length=500, description="Varför, i en hel sats. Trycks i rapporten.")]
    beslutad_av: Namn = Field(description="Rollen som har beslutat, aldrig ett personnamn.")
    datum: dt.date = Field(description="När det beslutades.")


class Rattelser(Modell):
    """All corrections of a year's periods."""

    rattelser: tuple[Rattelse, ...] = ()
