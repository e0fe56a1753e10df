"""A målplan: the form of ``malplan/ÅÅÅÅ.yaml``. The tree of goals, its indikatorer, the effektkedjor, and the rules that they are
judged by.

What a plan says of itself is checked here (``SammanhangsFel``); whether the tree holds together as a röd tråd is judged in
``transforms.goal_tree``, since a plan on its way to a decision may still have loose ends.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from data_contracts.modell import Kod, Modell, Namn, SammanhangsFel

Ar = Annotated[int, Field(ge=1990, le=2100)]
Loc = tuple[str | int, ...]
Fel = Iterator[tuple[Loc, str]]


class Niva(StrEnum):
    """The levels of the tree, from the whole kommun's vision down to the unit's åtagande."""

    VISION = "vision"
    FULLMAKTIGEMAL = "fullmaktigemal"
    NAMNDMAL = "namndmal"
    BOLAGSMAL = "bolagsmal"
    VERKSAMHETSMAL = "verksamhetsmal"
    ATAGANDE = "atagande"


UNDER: dict[Niva, tuple[Niva, ...]] = {
    Niva.VISION: (),
    Niva.FULLMAKTIGEMAL: (Niva.VISION,),
    Niva.NAMNDMAL: (Niva.FULLMAKTIGEMAL,),
    Niva.BOLAGSMAL: (Niva.FULLMAKTIGEMAL,),
    Niva.VERKSAMHETSMAL: (Niva.NAMNDMAL, Niva.BOLAGSMAL),
    Niva.ATAGANDE: (Niva.NAMNDMAL, Niva.BOLAGSMAL, Niva.VERKSAMHETSMAL),
}
"""Which levels a goal may stand under."""


class Riktning(StrEnum):
    """Which way an indikator should go."""

    HOGRE = "hogre"
    LAGRE = "lagre"
    INTERVALL = "intervall"
    BIBEHALL = "bibehall"
    JA_NEJ = "ja_nej"
    BEDOMNING = "bedomning"


class Strategi(StrEnum):
    """How the states of a goal's parts become the goal's own."""

    ALLA = "alla"
    ANDEL = "andel"
    SAMSTA = "samsta"
    VAGT_MEDEL = "vagt_medel"
    TVA_STEG = "tva_steg"
    MANUELL = "manuell"


class Beslut(Modell):
    """A decision: who, when, which paragraph."""

    organ: Namn
    datum: dt.date
    paragraf: Namn


class Regel(Modell):
    """How goals are judged from their parts: their indikatorer and the goals under them.

    ``andel``: met when at least ``andel_uppfylld_bp`` of the measured parts are met, partly when at least ``andel_delvis_bp`` are.
    ``vagt_medel``: uppfylld counts 100, delvis 50, ej 0, by weight; the same two limits against the mean.
    ``tva_steg``: met only when the goals under it cover it (``tackning: hel``) and all of them are met.
    """

    kod: Kod
    namn: Namn
    strategi: Strategi
    andel_uppfylld_bp: int = Field(10_000, ge=1, le=10_000, description="Hundradels procent; 8000 = 80 %.")
    andel_delvis_bp: int = Field(5_000, ge=1, le=10_000)
    lagsta_tackning_bp: int = Field(
        5_000, ge=0, le=10_000, description="Så stor del av delarna ska vara mätta; annars kan målet inte bedömas."
    )
    saknade: Literal["avgor", "ej_uppfyllda"] = Field(
        "avgor", description="Delar utan värde: kan de avgöra bedöms målet inte, eller räknas de som ej uppfyllda."
    )
    delar_efter: Literal["faststalld", "beraknad"] = Field(
        "faststalld", description="Om delarna räknas efter den fastställda bedömningen eller bara den beräknade."
    )
    referens: Namn

    @model_validator(mode="after")
    def _ordered(self) -> Regel:
        if self.andel_delvis_bp > self.andel_uppfylld_bp:
            raise ValueError(f"regeln {self.kod}: andel_delvis_bp får inte vara större än andel_uppfylld_bp")
        return self


class Mal(Modell):
    """One goal of the tree, the vision among them. ``tackning``: whether the goals under it cover the whole of it (träffbild)."""

    kod: Kod
    namn: Namn
    niva: Niva
    over: Kod | None = Field(None, description="Målet som det här målet bidrar till; visionen har inget.")
    perspektiv: Literal["ekonomi", "personal", "verksamhet"] | None = None
    agare: Namn = Field(description="Den roll som svarar för målet: kommunchef, förvaltningschef, VD.")
    enhet: Kod | None = Field(None, description="Enheten vars retur bedömer målet; utelämnas för kommunens egna mål.")
    bidrar: tuple[Kod, ...] = Field((), description="Andra enheter som bidrar.")
    giltig_fran: Ar | None = None
    giltig_till: Ar | None = None
    regel: Kod | None = Field(None, description="Annan regel än nivåns.")
    vikt: int = Field(1, ge=1, le=100)
    tackning: Literal["hel", "delvis"] | None = None
    ambition: Literal["utmaning", "standard"] | None = None
    forutsattningar: tuple[Namn, ...] = ()
    motstrider: tuple[Kod, ...] = Field((), description="Mål som drar åt andra hållet.")


class Gul(Modell):
    """How far from the målvärde an indikator may be and still be delvis uppfylld.

    ``absolut``: in the indikator's own unit. ``procentenheter``: the same, for indikatorer in procent. ``relativ``: at least this many
    percent of the way (80: utfall/målvärde ≥ 80 %, for lägre målvärde/utfall).
    """

    slag: Literal["absolut", "relativ", "procentenheter"]
    varde: Decimal = Field(gt=0)


class Malvarde(Modell):
    """The målvärde of one year: a number, an interval, or the yes that is wanted."""

    varde: Decimal | None = None
    fran: Decimal | None = None
    till: Decimal | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Malvarde:
        interval = self.fran is not None and self.till is not None
        if (self.varde is None) != interval:
            raise ValueError("ett målvärde har varde, eller både fran och till")
        if self.fran is not None and self.till is not None and self.fran > self.till:
            raise ValueError(f"målvärdets fran ({self.fran}) är större än till ({self.till})")
        return self


class Matvarde(Modell):
    """A value of an earlier year."""

    ar: Ar
    varde: Decimal
    kvinnor: Decimal | None = None
    man: Decimal | None = None


class Indikator(Modell):
    """One indikator, with everything that its state is computed from.

    ``minst`` and ``hogst`` bound what the definition allows. ``malvarden`` by year; none for ``bedomning``, and for ``ja_nej`` the yes
    itself is the målvärde. ``tolerans``: how far from the målvärde still is kept, for ``bibehall``.
    """

    kod: Kod
    namn: Namn
    mal: Kod
    enhet: Kod = Field(description="Enheten vars retur lämnar värdet.")
    typ: Literal["resurs", "process", "resultat"]
    riktning: Riktning
    strikt: bool = Field(False, description="true: målvärdet självt räcker inte (< eller >).")
    matt_enhet: Namn = Field(description="procent, index, dagar …")
    decimaler: int = Field(1, ge=0, le=4)
    minst: Decimal | None = None
    hogst: Decimal | None = None
    malvarden: dict[Ar, Malvarde] = Field({}, description="Målvärdet per år.")
    tolerans: Decimal | None = Field(None, ge=0)
    gul: Gul | None = None
    bedoms_mot: Literal["malvarde", "trend"] = Field(
        "malvarde", description="trend: mot värdet före, i stället för ett mål."
    )
    lika: Literal["delvis", "ej mätbar"] = Field(
        "delvis", description="Läget när trenden varken är bättre eller sämre."
    )
    vikt: int = Field(1, ge=1, le=100)
    kalla: Literal["egen", "scb", "kolada", "enkat", "synpunkter"] = "egen"
    kalla_kod: str = Field(
        "",
        max_length=40,
        description="Källans egen beteckning: N15419 i Kolada, enkätfrågans kod, tema.klagomal för synpunkter. Med den hämtas värdet.",
    )
    radighet: Literal["egen", "delad", "extern"] = "egen"
    publiceras: dt.date | None = Field(None, description="När årets värde väntas.")
    efterslapning_ar: int = Field(0, ge=0, le=5, description="Så många år äldre än rapportåret värdet brukar vara.")
    definition: Annotated[str, Field(min_length=1, max_length=1000)]
    definition_version: int = Field(1, ge=1)
    metodbyte_ar: Ar | None = Field(None, description="Första året med en ny metod: äldre värden går inte att jämföra.")
    konsuppdelad: bool = False
    prioritet: int | None = Field(None, ge=1, le=9)
    standardniva: bool = Field(False, description="Nivån ska behållas, inte höjas.")
    historik: tuple[Matvarde, ...] = ()

    @model_validator(mode="after")
    def _form(self) -> Indikator:
        fel = [*self._malvarden_fel(), *self._gul_fel(), *self._range_fel()]
        if fel:
            raise SammanhangsFel(fel)
        return self

    def _malvarden_fel(self) -> Fel:
        for ar, mal in self.malvarden.items():
            interval = mal.fran is not None
            if interval != (self.riktning is Riktning.INTERVALL) or self.riktning in (
                Riktning.JA_NEJ,
                Riktning.BEDOMNING,
            ):
                yield (("malvarden", ar), f"målvärdet för {ar} passar inte riktningen {self.riktning.value}")
        if (self.tolerans is not None) != (self.riktning is Riktning.BIBEHALL):
            yield ("tolerans",), "tolerans hör till riktningen bibehall, och bara dit"

    def _gul_fel(self) -> Fel:
        if self.gul is None:
            return
        if self.riktning not in (Riktning.HOGRE, Riktning.LAGRE):
            if self.gul.slag == "relativ" or self.riktning in (Riktning.JA_NEJ, Riktning.BEDOMNING):
                yield ("gul",), f"en sådan gul gräns kan inte användas med riktningen {self.riktning.value}"
        elif self.gul.slag == "relativ":
            if self.gul.varde >= 100:
                yield ("gul", "varde"), "en relativ gul gräns är en andel av målvärdet i procent, under 100"
            for ar, mal in self.malvarden.items():
                if mal.varde is not None and mal.varde <= 0:
                    text = f"målvärdet för {ar} är {mal.varde}: en relativ gul gräns kräver ett målvärde över noll"
                    yield ("malvarden", ar), f"E721 {text}; använd absolut eller procentenheter"
        if self.gul.slag == "procentenheter" and self.matt_enhet != "procent":
            yield ("gul", "slag"), "procentenheter kan bara användas när matt_enhet är procent"

    def _range_fel(self) -> Fel:
        if self.minst is not None and self.hogst is not None and self.minst > self.hogst:
            yield ("minst",), "minst är större än hogst"
        for ar, mal in self.malvarden.items():
            for value in (mal.varde, mal.fran, mal.till):
                if value is not None and not self.allows(value):
                    yield ("malvarden", ar), f"målvärdet {value} ligger utanför det som definitionen tillåter"

    def allows(self, value: Decimal) -> bool:
        """True when the definition's range holds the value."""
        return (self.minst is None or value >= self.minst) and (self.hogst is None or value <= self.hogst)

    @property
    def hamtas(self) -> bool:
        """True when its values are taken from the kommun's cache of Kolada, a survey or the synpunkter, and not from the sheet Mål."""
        return self.kalla in ("kolada", "enkat", "synpunkter") and bool(self.kalla_kod)

    def malvarde(self, ar: int) -> Malvarde | None:
        """The målvärde of the year, or None when the plan sets none."""
        return self.malvarden.get(ar)


class Leverans(Modell):
    """What an aktivitet delivers: reported yes or no."""

    kod: Kod
    namn: Namn
    klar: dt.date | None = None


class Aktivitet(Modell):
    """The first link of an effektkedja: aktivitet → leverans → effekt → mål. ``leder_till``: an effekt, or a goal directly."""

    kod: Kod
    namn: Namn
    enhet: Kod
    ansvarig: Namn
    leder_till: Kod | None = None
    leveranser: tuple[Leverans, ...] = ()


class Effekt(Modell):
    """A link of an effektkedja. ``leder_till``: another effekt or a goal."""

    kod: Kod
    namn: Namn
    slag: Literal["tidig", "langsiktig"]
    leder_till: Kod | None = None
    indikator: Kod | None = None


class Andring(Modell):
    """A change of the plan after it was decided. ``version``: the version that the change makes."""

    version: int = Field(ge=2)
    beslut: Beslut
    avser: tuple[Kod, ...] = Field(min_length=1, description="Koderna för det som ändrades.")
    skal: Namn


class Lagesord(Modell):
    """The kommun's own words for the states, where they are other than the usual: in forecasting reports, and in the årsredovisning."""

    prognos: dict[str, Namn] = Field({}, description="Läge: ord, i månads- och delårsrapport.")
    dom: dict[str, Namn] = Field({}, description="Läge: ord, i årsredovisningen.")


def _in_ring(kod: str, onward: Mapping[str, str | None]) -> bool:
    """True when one comes back to the code by going onward from it."""
    seen: set[str] = set()
    at = onward.get(kod)
    while at is not None and at not in seen:
        if at == kod:
            return True
        seen.add(at)
        at = onward.get(at)
    return False


class Malplan(Modell):
    """The whole of one year's målplan."""

    schema_version: Literal[1]
    ar: Ar
    namn: Namn
    version: int = Field(1, ge=1)
    beslut: Beslut | None = Field(None, description="Utelämnas tills planen är beslutad.")
    andringar: tuple[Andring, ...] = ()
    las: str = Field("", pattern=r"^([0-9a-f]{64})?$", description="Planens lås när den är beslutad; se granska-mal.")
    lagesord: Lagesord = Lagesord()
    max_mal: int = Field(30, ge=1, le=500, description="Fler mål än så ger en varning.")
    regler: tuple[Regel, ...] = ()
    regel_per_niva: dict[Niva, Kod] = Field({}, description="Regeln som gäller för målen på en nivå.")
    mal: Annotated[tuple[Mal, ...], Field(min_length=1)]
    indikatorer: tuple[Indikator, ...] = ()
    aktiviteter: tuple[Aktivitet, ...] = ()
    effekter: tuple[Effekt, ...] = ()

    @model_validator(mode="after")
    def _connected(self) -> Malplan:
        fel = [*self._doubled(), *self._unknown(), *self._unknown_links(), *self._rings(), *self._versions()]
        if fel:
            raise SammanhangsFel(fel)
        return self

    def _doubled(self) -> Fel:
        seen: dict[str, str] = {}
        parts: tuple[tuple[str, tuple[Mal | Indikator | Aktivitet | Effekt, ...]], ...] = (
            ("mal", self.mal),
            ("indikatorer", self.indikatorer),
            ("aktiviteter", self.aktiviteter),
            ("effekter", self.effekter),
        )
        for field, listed in parts:
            for place, part in enumerate(listed):
                if part.kod in seen:
                    yield (field, place, "kod"), f"koden {part.kod} finns redan, bland {seen[part.kod]}"
                seen.setdefault(part.kod, field)
        for place, aktivitet in enumerate(self.aktiviteter):
            for inner, leverans in enumerate(aktivitet.leveranser):
                if leverans.kod in seen:
                    loc = ("aktiviteter", place, "leveranser", inner, "kod")
                    yield loc, f"koden {leverans.kod} finns redan, bland {seen[leverans.kod]}"
                seen.setdefault(leverans.kod, "leveranser")
        rules = [regel.kod for regel in self.regler]
        for place, kod in enumerate(rules):
            if kod in rules[:place]:
                yield ("regler", place, "kod"), f"regeln {kod} finns två gånger"

    def _unknown(self) -> Fel:
        goals = {mal.kod for mal in self.mal}
        rules = {regel.kod for regel in self.regler}
        for niva, kod in self.regel_per_niva.items():
            if kod not in rules:
                yield ("regel_per_niva", niva.value), f"regeln {kod} finns inte"
        for place, mal in enumerate(self.mal):
            if mal.over is not None and mal.over not in goals:
                yield ("mal", place, "over"), f"målet {mal.kod} står under {mal.over}, som inte finns"
            if mal.regel is not None and mal.regel not in rules:
                yield ("mal", place, "regel"), f"regeln {mal.regel} finns inte"
            for inner, kod in enumerate(mal.motstrider):
                if kod not in goals:
                    yield ("mal", place, "motstrider", inner), f"målet {kod} finns inte"
        for place, indikator in enumerate(self.indikatorer):
            if indikator.mal not in goals:
                yield ("indikatorer", place, "mal"), f"indikatorn {indikator.kod} mäter {indikator.mal}, som inte finns"

    def _unknown_links(self) -> Fel:
        measures = {indikator.kod for indikator in self.indikatorer}
        targets = {mal.kod for mal in self.mal} | {effekt.kod for effekt in self.effekter}
        links: tuple[tuple[str, tuple[Aktivitet | Effekt, ...]], ...] = (
            ("aktiviteter", self.aktiviteter),
            ("effekter", self.effekter),
        )
        for field, listed in links:
            for place, link in enumerate(listed):
                if link.leder_till is not None and link.leder_till not in targets:
                    yield (field, place, "leder_till"), f"{link.kod} leder till {link.leder_till}, som inte finns"
        for place, effekt in enumerate(self.effekter):
            if effekt.indikator is not None and effekt.indikator not in measures:
                yield ("effekter", place, "indikator"), f"indikatorn {effekt.indikator} finns inte"

    def _rings(self) -> Fel:
        over = {mal.kod: mal.over for mal in self.mal}
        for place, mal in enumerate(self.mal):
            if _in_ring(mal.kod, over):
                yield ("mal", place, "over"), f"E720 målet {mal.kod} står under sig självt"
        onward = {effekt.kod: effekt.leder_till for effekt in self.effekter}
        for place, effekt in enumerate(self.effekter):
            if _in_ring(effekt.kod, onward):
                yield ("effekter", place, "leder_till"), f"E720 effekten {effekt.kod} leder tillbaka till sig själv"

    def _versions(self) -> Fel:
        logged = {andring.version for andring in self.andringar}
        if self.andringar and self.beslut is None:
            yield ("andringar",), "en plan som inte är beslutad har inga ändringar att logga"
        for version in sorted(set(range(2, self.version + 1)) - logged):
            yield ("version",), f"version {version} står inte bland ändringarna"
        for place, andring in enumerate(self.andringar):
            if andring.version > self.version:
                yield ("andringar", place, "version"), f"planen har version {self.version}, som är äldre än ändringen"

    def malet(self, kod: str) -> Mal:
        """The goal with that code; KeyError when there is none."""
        for mal in self.mal:
            if mal.kod == kod:
                return mal
        raise KeyError(kod)

    def indikatorn(self, kod: str) -> Indikator:
        """The indikator with that code; KeyError when there is none."""
        for indikator in self.indikatorer:
            if indikator.kod == kod:
                return indikator
        raise KeyError(kod)

    def under(self, kod: str) -> tuple[Mal, ...]:
        """The goals directly under a goal, in the plan's order."""
        return tuple(mal for mal in self.mal if mal.over == kod)

    def indikatorer_of(self, kod: str) -> tuple[Indikator, ...]:
        """The indikatorer of a goal, in the plan's order."""
        return tuple(indikator for indikator in self.indikatorer if indikator.mal == kod)

    def regel_of(self, mal: Mal) -> Regel | None:
        """The rule that judges a goal: its own, else its level's; None where the plan gives none (then it is judged by hand)."""
        kod = mal.regel or self.regel_per_niva.get(mal.niva)
        return next((regel for regel in self.regler if regel.kod == kod), None)
