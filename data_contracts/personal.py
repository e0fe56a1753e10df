"""How a kommun reports its staff: groups, definitions and limits. The part ``personal`` of kommun.yaml.

The seven statutory measures have one definition. Frisknärvaro and årsarbetare have several, so that each kommun's own stands here, in
words that are printed beside the figures.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from data_contracts.modell import Kod, Modell, Namn

TOTALT = "totalt"
GRUPPER = {
    TOTALT: "Totalt",
    "kvinnor": "Kvinnor",
    "man": "Män",
    "hogst_29": "29 år eller yngre",
    "fran_30_till_49": "30–49 år",
    "minst_50": "50 år eller äldre",
}
"""The groups that the law lists: code and name, in the order of the table."""

INDELNINGAR = {"kön": ("kvinnor", "man"), "ålder": ("hogst_29", "fran_30_till_49", "minst_50")}
"""Each division of everyone into groups: together the groups of one are the total."""

FORMER = {"tillsvidare": "Tillsvidareanställda", "visstid": "Visstidsanställda", "timavlonade": "Timavlönade"}
"""The forms of employment that årsarbetare are given by."""

Text = Annotated[str, Field(min_length=10, max_length=400)]


class Frisknarvaro(Modell):
    """What the kommun means by frisknärvaro; definitions of different kinds can't be compared.

    ``hogst_sjukdagar``: share of the employed with at most ``dagar`` sick days. ``narvarotid``: 100 % − sjukfrånvaro.
    """

    slag: Literal["hogst_sjukdagar", "narvarotid"]
    dagar: int | None = Field(None, ge=0, le=30)
    text: Text = Field(description="Definitionen som den trycks i rapporten.")
    referens: Namn

    @model_validator(mode="after")
    def _days_where_counted(self) -> Frisknarvaro:
        if (self.dagar is None) != (self.slag == "narvarotid"):
            raise ValueError("dagar ska anges för hogst_sjukdagar, och bara då")
        return self


class Arsarbetare(Modell):
    """What the kommun means by an årsarbetare.

    ``sysselsattningsgrad``: Σ sysselsättningsgrad, given as årsarbetare. ``arbetad_tid``: worked hours ÷ ``timmar_per_ar``.
    """

    slag: Literal["sysselsattningsgrad", "arbetad_tid"] = "sysselsattningsgrad"
    timmar_per_ar: int | None = Field(None, ge=1000, le=2200)
    text: Text = Field("Årsarbetare är summan av de anställdas sysselsättningsgrader, omräknad till heltider.")
    referens: Namn = "Röda trådens förval."

    @model_validator(mode="after")
    def _hours_where_counted(self) -> Arsarbetare:
        if (self.timmar_per_ar is None) != (self.slag == "sysselsattningsgrad"):
            raise ValueError("timmar_per_ar ska anges för arbetad_tid, och bara då")
        return self


class PersonalRimlighet(Modell):
    """When figures of sick leave are implausible. What is not given here has Röda trådens own defaults."""

    sjukfranvaro_hogst_bp: int = Field(2500, ge=100, le=10_000, description="Högsta rimliga sjukfrånvaro; 2500 = 25 %.")
    timmar_per_del: int = Field(
        1, ge=0, le=100, description="Så många timmar per grupp får gruppernas summa skilja sig från totalen."
    )
    referens: Namn = "Röda trådens förval: ingen förvaltning väntas ha högre sjukfrånvaro än 25 procent."


class Personal(Modell):
    """The whole of ``personal`` in kommun.yaml. ``enheter``: those that report sick leave and årsarbetare."""

    enheter: Annotated[tuple[Kod, ...], Field(min_length=1)]
    decimaler: int = Field(1, ge=0, le=2, description="Så många decimaler procenttalen trycks med.")
    frisknarvaro: Frisknarvaro | None = None
    arsarbetare: Arsarbetare = Arsarbetare()
    rimlighet: PersonalRimlighet = PersonalRimlighet()
