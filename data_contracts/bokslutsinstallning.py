"""How a kommun closes its books: the part ``bokslut`` of ``kommun.yaml``. What is not given has the law's forms and usual practice.

Frozen pydantic models that refuse unknown fields, as the rest of the configuration.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from data_contracts.modell import Kod, Modell, Namn
from data_contracts.uppstallningsform import Anpassning, Formrad

Serie = Literal[
    "budget", "periodbudget", "utfall", "avvikelse_bokslut", "avvikelse_period", "avvikelse_helar", "prognos",
    "utfall_fg_ar", "bokslut", "bokslut_2", "bokslut_3", "bokslut_4",
]  # fmt: skip
Kolumner = Annotated[tuple[Serie, ...], Field(min_length=1, max_length=8)]
"""Columns in their order, of both reports: those that a period has no figures for are left out."""


class Notuppgift(Modell):
    """One note: its rows, and which of them must equal the row that the register says the note specifies."""

    kod: Kod = Field(description="Notens kod i registret över noter, eller en egen.")
    rubrik: Namn
    nummer: int = Field(ge=1, le=99)
    rader: tuple[Formrad, ...] = ()
    summa: Kod | None = Field(None, description="Raden som ska vara lika med raden i räkenskaperna.")
    kolumner: Kolumner = ("utfall", "bokslut")


class Egen(Modell):
    """A table of the kommun's own in the statements' manner: driftredovisning, fem år."""

    rader: Annotated[tuple[Formrad, ...], Field(min_length=1)]
    kolumner: Kolumner = ("utfall", "budget", "bokslut")


class Textavsnitt(Modell):
    """A section that the verksamheter write on the return's sheet Texter."""

    kod: Kod
    namn: Namn


class Nyckeltalsval(Modell):
    """Which nyckeltal are shown, with how many decimals."""

    kod: Kod
    decimaler: int = Field(1, ge=0, le=2)
    namn: Namn | None = None


class Foretag(Modell):
    """A bolag or kommunalförbund of the koncern."""

    kod: Kod
    namn: Namn
    andel_bp: int = Field(ge=1, le=10_000, description="Ägarandel i hundradels procent; 10 000 = 100 %.")


class Bokslutsinstallning(Modell):
    """The whole of ``bokslut``.

    Attributes:
        avrundning: what entered amounts are rounded to when they are published figures; none when they are exact.
        uppgifter: conditions that hold, for the register of noter and the list of requirements (koncern, leasing …).
        delperiod: the month that the statutory delårsrapport ends with.
    """

    organisation: Namn = "kommunen"
    beslutande: Namn = "kommunfullmäktige"
    rapportenhet: Literal["kr", "tkr", "mnkr"] = "tkr"
    avrundning: Literal["kr", "tkr", "mnkr"] | None = None
    kalla: Literal["arbetsbok", "huvudbok"] = Field(
        "arbetsbok",
        description="Varifrån resultat- och balansräkning och kassaflöde kommer: arbetsboken eller huvudboken.",
    )
    delperiod: int = Field(
        8, ge=6, le=8, description="Delårsrapportens sista månad; minst halva och högst två tredjedelar av året."
    )
    former: dict[Kod, Anpassning] = Field({}, description="Hur kommunen använder lagens uppställningsformer.")
    kolumner: dict[Kod, Kolumner] = Field({}, description="Kolumnernas ordning per räkning.")
    noter: tuple[Notuppgift, ...] = ()
    driftredovisning: Egen | None = None
    fem_ar: Egen | None = None
    nyckeltal: tuple[Nyckeltalsval, ...] = ()
    foretag: tuple[Foretag, ...] = ()
    uppgifter: tuple[Kod, ...] = ()
    kapitel: tuple[Kod, ...] = Field(
        (), description="Kapitlens ordning; utelämnas när rekommendationens ordning gäller."
    )
    texter: tuple[Textavsnitt, ...] = Field(
        (), description="Avsnitten på returens blad Texter; utelämnas när texterna bara kommer som filer."
    )
    ledord: str = Field("", max_length=200, description="En rad under rubriken på omslaget.")

    @model_validator(mode="after")
    def _distinct(self) -> Bokslutsinstallning:
        for what, koder in (
            ("noten", [note.kod for note in self.noter]),
            ("textavsnittet", [part.kod for part in self.texter]),
            ("nyckeltalet", [value.kod for value in self.nyckeltal]),
            ("företaget", [company.kod for company in self.foretag]),
        ):
            for place, kod in enumerate(koder):
                if kod in koder[:place]:
                    raise ValueError(f"{what} {kod} finns två gånger")
        numbers = [note.nummer for note in self.noter]
        if len(numbers) != len(set(numbers)):
            raise ValueError("två noter har samma nummer")
        return self
