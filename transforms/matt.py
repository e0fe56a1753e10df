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
        found = [_FORMULAS[serie][0 if self.direction > 0 else 1] for serie in serier if serie in _FORMULAS]
        formulas = list(dict.fromkeys(found))
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
    **dict.fromkeys(
        ("andring_sjukfranvaro", "andring_sjukfranvaro_lang", "andring_arsarbetare"),
        ("ändring = i år \u2212 samma period föregående år", ""),
    ),
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

RAKENSKAPER = {
    "resultatrakning": "Resultaträkning",
    "balansrakning": "Balansräkning",
    "kassaflode": "Kassaflödesanalys",
    "balanskrav": "Balanskravsutredning",
    "noter": "Noter",
    "fem_ar": "Fem år",
    "driftredovisning": "Driftredovisning",
    "investeringsredovisning": "Investeringsredovisning",
    "koncernuppgifter": "Koncernuppgifter",
    "nyckeltal": "Nyckeltal",
    "personalmatt": "Personal",
    "bokslutsindikatorer": "Indikatorer",
    "rakenskapskonto": "Huvudboken",
}
"""Names of the mått of a closing of the books. Their sign rules stand in the forms (``data_contracts/bokslut/former.yaml``)."""

OTHER = {
    "indikatorer": "Mål",
    "aktiviteter": "Aktiviteter",
    "anslagsforandringar": "Anslagsförändring",
    "enkater": "Enkäter",
    "synpunkter": "Synpunkter",
    "risker": "Intern kontroll",
    "utforare": "Utförare",
    "upphandlingar": "Upphandlingar",
    "huvudbok_konto": "Huvudboken",
    "periodnyckel": "Periodnyckel",
    "manadsbudget": "Budget per månad",
    "prognosversion": "Prognosens version",
    "prognossakerhet": "Prognosernas träffsäkerhet",
    "prognoshistorik": "Prognoshistorik",
    **RAKENSKAPER,
}
"""Names of the mått that have no sign rule here: indikatorer, leveranser, decided changes of the budget, and the books."""

PERSONAL = Matt("personal", "Personal", 1, "ökning", "minskning", "", "högre än samma period föregående år")
ARSARBETARE = Matt("arsarbetare", "Årsarbetare", 1, "ökning", "minskning", "", "fler än samma period föregående år")
KOLADA = Matt("kolada", "Kolada", 1, "högre", "lägre", "", "högre, varken bättre eller sämre")

MATT = {matt.kod: matt for matt in (DRIFT, DRIFT_VERKSAMHET, INVESTERING, VOLYM, PERSONAL, ARSARBETARE, KOLADA)}

SERIER = {
    "budget": "Budget helår",
    "periodbudget": "Periodbudget",
    "periodbudget_beslutad": "Periodbudget av beslutad budget",
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
    "huvudbok": "Huvudbok perioden",
    "lovad_effekt": "Utlovad effekt av åtgärden i år",
    "uppnadd_effekt": "Uppnådd effekt av åtgärden",
    "avstamning": "Skillnad utfall mot huvudbok",
    "teknisk_prognos": "Teknisk prognos helår",
    "skillnad_teknisk": "Skillnad prognos mot teknisk prognos",
    "vikt_aret": "Årets vikter",
    "vikt_perioden": "Vikter till och med perioden",
    "fel": "Bokslut mot prognos",
    "fel_utan_tecken": "Bokslut mot prognos, utan tecken",
    "fel_andel": "Prognosens fel i procent av kommunbidraget",
    "medelfel": "Medelfel",
    "summa_fel": "Summan av felen utan tecken",
    "antal_prognoser": "Antal prognoser",
    "utfall_kvinnor": "Utfall kvinnor",
    "utfall_man": "Utfall män",
    "fardiggrad": "Färdiggrad",
    "anstallda": "Anställda",
    "ordinarie_tid": "Ordinarie arbetstid",
    "ordinarie_tid_fg_ar": "Ordinarie arbetstid föregående år",
    "sjuktid": "Sjukfrånvarotid",
    "sjuktid_fg_ar": "Sjukfrånvarotid föregående år",
    "sjuktid_lang": "Sjukfrånvarotid 60 dagar eller mer",
    "sjuktid_lang_fg_ar": "Sjukfrånvarotid 60 dagar eller mer föregående år",
    "friska": "Anställda med frisknärvaro",
    "sjukfranvaro": "Sjukfrånvaro",
    "sjukfranvaro_fg_ar": "Sjukfrånvaro föregående år",
    "sjukfranvaro_lang": "Andel 60 dagar eller mer",
    "sjukfranvaro_lang_fg_ar": "Andel 60 dagar eller mer föregående år",
    "andring_sjukfranvaro": "Ändring av sjukfrånvaron",
    "andring_sjukfranvaro_lang": "Ändring av andelen 60 dagar eller mer",
    "frisknarvaro": "Frisknärvaro",
    "arsarbetare": "Årsarbetare",
    "arsarbetare_fg_ar": "Årsarbetare föregående år",
    "andring_arsarbetare": "Ändring av årsarbetare",
    "arbetad_tid": "Arbetad tid",
    "arbetad_tid_fg_ar": "Arbetad tid föregående år",
    "timmar_per_ar": "Timmar per årsarbetare",
    "svarande": "Svarande",
    "tillfragade": "Tillfrågade",
    "forslag": "Förbättringsförslag",
    "synpunkter": "Synpunkter",
    "klagomal": "Klagomål",
    "sannolikhet": "Sannolikhet",
    "konsekvens": "Konsekvens",
    "riskvarde": "Riskvärde",
    "varde": "Värde",
    "varde_kvinnor": "Värde kvinnor",
    "varde_man": "Värde män",
    "antal_jamforda": "Antal jämförda kommuner",
    "medel_jamforda": "Medel för jämförda kommuner",
    "avvikelse_bokslut": "Avvikelse utfall mot budget",
    "malvarde": "Målvärde",
    "ackumulerat": "Ackumulerad utgift",
    "beslutad": "Beslutad totalutgift",
    "beraknad": "Beräknad totalutgift",
}

AVVIKELSER = {
    "avvikelse_helar": ("prognos", "budget"),
    "avvikelse_period": ("utfall", "periodbudget"),
    "andring_prognos": ("prognos", "fg_prognos"),
    "traff": ("bokslut", "prognos"),
}
"""The four avvikelser: (later, earlier). Never one column."""
