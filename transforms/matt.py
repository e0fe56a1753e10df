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
        stored: the signs of the values themselves, in words.
        plus_means: what plus means for an avvikelse, in words.
    """

    kod: str
    namn: str
    direction: int
    plus: str
    minus: str
    stored: str
    plus_means: str

    def sign_rule(self, *serier: str, shown: str = "") -> str:
        """The sentence printed with values of those serier: the signs, each avvikelse's formula, and what plus means.

        Args:
            serier: those shown; the ones that are no avvikelse need no formula.
            shown: the signs as this table shows them, when it turns them.
        Example:
            >>> DRIFT.sign_rule("utfall", "avvikelse_period")
            'Intäkter +, kostnader −. Avvikelse = utfall − budget för perioden; plus är överskott.'
        """
        formulas = [_FORMULAS[serie][0 if self.direction > 0 else 1] for serie in serier if serie in _FORMULAS]
        signs = shown or self.stored
        if not formulas:
            return signs
        sentence = f"{', '.join(formulas)}; plus är {self.plus_means}."
        return f"{signs} {sentence[0].upper()}{sentence[1:]}".strip()


_FORMULAS = {
    "avvikelse_helar": ("avvikelse = prognos \u2212 budget", "avvikelse = budget \u2212 prognos"),
    "avvikelse_period": (
        "avvikelse = utfall \u2212 budget för perioden",
        "avvikelse = budget för perioden \u2212 utfall",
    ),
    "andring_prognos": ("ändring = prognos \u2212 föregående prognos", "ändring = föregående prognos \u2212 prognos"),
    "traff": ("träff = bokslut \u2212 prognos", "träff = prognos \u2212 bokslut"),
}
"""Each avvikelse in words, for direction +1 and −1."""

DRIFT = Matt("drift", "Drift", 1, "överskott", "underskott", "Intäkter +, kostnader \u2212.", "överskott")
DRIFT_VERKSAMHET = Matt(
    "drift_verksamhet", "Drift per verksamhet", 1, "överskott", "underskott", "Nettokostnad \u2212.", "överskott"
)
INVESTERING = Matt(
    "investeringar",
    "Investeringar",
    -1,
    "lägre utgift",
    "högre utgift",
    "Utgifter utan tecken.",
    "lägre utgift än budget",
)
VOLYM = Matt("volymer", "Volymer", 1, "högre volym", "lägre volym", "", "högre volym, varken bättre eller sämre")

OTHER = {"indikatorer": "Mål", "aktiviteter": "Aktiviteter", "anslagsforandringar": "Anslagsförändring"}
"""Names of the mått that have no sign rule: values of indikatorer, how far leveranser have come, decided changes of the budget."""

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
    "utfall_kvinnor": "Utfall kvinnor",
    "utfall_man": "Utfall män",
    "fardiggrad": "Färdiggrad",
}

AVVIKELSER = {
    "avvikelse_helar": ("prognos", "budget"),
    "avvikelse_period": ("utfall", "periodbudget"),
    "andring_prognos": ("prognos", "fg_prognos"),
    "traff": ("bokslut", "prognos"),
}
"""The four avvikelser: (later, earlier). Never one column."""
