"""The register of mått and of serier: stored sign, direction of the avvikelse, and the words for plus and minus.

Source: docs/beslut/0002-tecken.md; domain rules after RKR R14 (drift against budget) and usual practice for investments.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Matt:
    """One mått.

    Attributes:
        kod, namn: identity.
        direction: +1 when avvikelse = later − budget (drift, volymer), −1 when avvikelse = budget − later (investeringar).
        plus, minus: what a positive and a negative avvikelse is called.
        sign_rule: the sentence printed under every table.
    """

    kod: str
    namn: str
    direction: int
    plus: str
    minus: str
    sign_rule: str


DRIFT = Matt(
    "drift",
    "Drift",
    1,
    "överskott",
    "underskott",
    "Intäkter +, kostnader \u2212. Avvikelse = prognos \u2212 budget; plus är överskott.",
)
DRIFT_VERKSAMHET = Matt(
    "drift_verksamhet",
    "Drift per verksamhet",
    1,
    "överskott",
    "underskott",
    "Nettokostnad \u2212. Avvikelse = prognos \u2212 budget; plus är överskott.",
)
INVESTERING = Matt(
    "investeringar",
    "Investeringar",
    -1,
    "lägre utgift",
    "högre utgift",
    "Utgifter utan tecken. Avvikelse = budget \u2212 prognos; plus är lägre utgift än budget.",
)
VOLYM = Matt(
    "volymer",
    "Volymer",
    1,
    "högre volym",
    "lägre volym",
    "Avvikelse = prognos \u2212 budget; plus är högre volym, varken bättre eller sämre.",
)

MATT = {matt.kod: matt for matt in (DRIFT, DRIFT_VERKSAMHET, INVESTERING, VOLYM)}

SERIER = {
    "budget": "Budget helår",
    "periodbudget": "Periodbudget",
    "utfall": "Utfall perioden",
    "utfall_fg_ar": "Utfall föregående år",
    "prognos": "Prognos helår",
    "fg_prognos": "Föregående prognos",
    "bokslut": "Bokslut",
    "beslutad_budget": "Beslutad budget",
    "anslagsforandring": "Beslutad ändring",
    "avvikelse_helar": "Avvikelse prognos mot budget",
    "avvikelse_period": "Avvikelse utfall mot periodbudget",
    "andring_prognos": "Ändring mot föregående prognos",
    "traff": "Bokslut mot prognos",
}

AVVIKELSER = {
    "avvikelse_helar": ("prognos", "budget"),
    "avvikelse_period": ("utfall", "periodbudget"),
    "andring_prognos": ("prognos", "fg_prognos"),
    "traff": ("bokslut", "prognos"),
}
"""The four avvikelser: (later, earlier). Never one column."""
