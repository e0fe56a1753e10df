"""A kommun is configuration: the form of ``kommun.yaml``. Adding a kommun needs no code.

Frozen pydantic models that refuse unknown fields. ``adapters.kommun_config`` reads the file and turns pydantic's errors into Swedish
with file, line and field; the same models give the JSON schema for editors.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Literal, TypeVar

from pydantic import Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from data_contracts.bokslutsinstallning import Bokslutsinstallning
from data_contracts.huvudboksplan import Huvudboksplan, overlapping
from data_contracts.kolada import Kolada
from data_contracts.malbedomning import Malbedomning
from data_contracts.malplan import Malplan
from data_contracts.modell import Farg, Kod, Modell, Namn, SammanhangsFel, Tid
from data_contracts.periodisering import Periodisering, Prognos, named_codes
from data_contracts.personal import Personal
from data_contracts.uppfoljning import Uppfoljning


class Finansiering(StrEnum):
    """How an enhet is paid for: decides the group it is summed in."""

    SKATT = "skattefinansierad"
    AVGIFT = "avgiftsfinansierad"
    FINANSIERINGEN = "finansieringen"


class RadTyp(StrEnum):
    """What a row is. Decides the expected sign, the sum rules and how the row is set."""

    INTAKT = "intakt"
    KOSTNAD = "kostnad"
    BIDRAG = "kommunbidrag"
    FINANS = "finansnetto"
    REGLERING = "reglering"
    UTGIFT = "utgift"
    RESULTAT = "resultat"
    """A result entered as it stands, where nothing below it is reported."""
    RUBRIK = "rubrik"
    SUMMA = "summa"


class Rad(Modell):
    """One row of an uppställning. A summa names its parts; every other row is entered."""

    kod: Kod
    namn: Namn
    typ: RadTyp
    delar: tuple[Kod, ...] = ()
    niva: int = Field(0, ge=0, le=3, description="Indrag i tabellen.")

    @model_validator(mode="after")
    def _parts_only_on_sums(self) -> Rad:
        if (self.typ is RadTyp.SUMMA) != bool(self.delar):
            raise ValueError(f"rad {self.kod}: delar ska finnas på summarader och bara där")
        return self


class Uppstallning(Modell):
    """An ordered list of rows, shared by all enheter that use it."""

    kod: Kod
    namn: Namn
    rader: Annotated[tuple[Rad, ...], Field(min_length=1)]
    resultatrad: Kod = Field(
        description="Raden som bär enheten upp till kommunens tabell (resultat eller totala utgifter)."
    )

    @model_validator(mode="after")
    def _connected(self) -> Uppstallning:
        seen: set[str] = set()
        for rad in self.rader:
            if rad.kod in seen:
                raise ValueError(f"uppställning {self.kod}: raden {rad.kod} finns två gånger")
            seen.add(rad.kod)
        for rad in self.rader:
            for del_kod in rad.delar:
                if del_kod not in seen:
                    raise ValueError(f"uppställning {self.kod}: raden {rad.kod} summerar {del_kod}, som inte finns")
        if self.resultatrad not in seen:
            raise ValueError(f"uppställning {self.kod}: resultatraden {self.resultatrad} finns inte")
        self.summation_order()
        return self

    def rad(self, kod: str) -> Rad:
        """The row with that code; KeyError when there is none."""
        for rad in self.rader:
            if rad.kod == kod:
                return rad
        raise KeyError(kod)

    @property
    def poster(self) -> tuple[Rad, ...]:
        """The entered rows."""
        return tuple(rad for rad in self.rader if rad.typ not in (RadTyp.SUMMA, RadTyp.RUBRIK))

    @property
    def summor(self) -> tuple[Rad, ...]:
        """The sum rows, in the order of the table."""
        return tuple(rad for rad in self.rader if rad.typ is RadTyp.SUMMA)

    @property
    def huvudrad(self) -> Kod:
        """The row that tells how it ends: the resultatrad, or the sum before reglering where the result is settled to zero."""
        result = self.rad(self.resultatrad)
        parts = [self.rad(kod) for kod in result.delar]
        if any(part.typ is RadTyp.REGLERING for part in parts):
            return next((part.kod for part in parts if part.typ is RadTyp.SUMMA), result.kod)
        return result.kod

    def sums_over(self, kod: str) -> tuple[Rad, ...]:
        """The sum rows that a row is part of, directly or through other sums, nearest first."""
        over: list[Rad] = []
        below = {kod}
        for summa in self.summation_order():
            if below & set(summa.delar):
                over.append(summa)
                below.add(summa.kod)
        return tuple(over)

    def summation_order(self) -> tuple[Rad, ...]:
        """Sum rows so that parts come before wholes; a ring is an error."""
        done = {rad.kod for rad in self.rader if rad.typ is not RadTyp.SUMMA}
        left, ordered = list(self.summor), []
        while left:
            ready = [rad for rad in left if all(kod in done for kod in rad.delar)]
            if not ready:
                raise ValueError(f"uppställning {self.kod}: summorna {[rad.kod for rad in left]} går i ring")
            ordered.extend(ready)
            done |= {rad.kod for rad in ready}
            left = [rad for rad in left if rad not in ready]
        return tuple(ordered)


class Verksamhet(Modell):
    """A verksamhet that an enhet reports its net cost by."""

    kod: Kod
    namn: Namn


class Volym(Modell):
    """A volume that an enhet reports: barn, timmar, placeringar."""

    kod: Kod
    namn: Namn
    matt_enhet: Namn = Field(description="Ordet bakom talet: barn, elever, timmar.")
    decimaler: int = Field(0, ge=0, le=2)
    personuppgift: bool = Field(
        False, description="Antalet är en grupp av personer: utfall om få personer visas inte i det som publiceras."
    )


class Enhet(Modell):
    """One row of the kommun's tables: a nämnd, or a part of one with its own financing."""

    kod: Kod
    namn: Namn
    finansiering: Finansiering
    drift: Kod = Field(description="Driftens uppställning.")
    investeringar: Kod | None = Field(
        None, description="Investeringarnas uppställning; utelämnas när enheten inte har några."
    )
    investeringar_not: str = Field("", description="Vad som står i rapporten när enheten inte har några investeringar.")
    investering_visas: Literal["utgift_positiv", "utgift_negativ"] = "utgift_positiv"
    verksamheter: tuple[Verksamhet, ...] = ()
    volymer: tuple[Volym, ...] = ()


class Mottagare(Modell):
    """Who gets the nämnd's report: a role and an address, never a person's name."""

    roll: Namn
    adress: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]


class Namnd(Modell):
    """A political board that answers for one or more enheter and gets a report of its own."""

    kod: Kod
    namn: Namn
    enheter: Annotated[tuple[Kod, ...], Field(min_length=1)]
    rapportenhet: Literal["tkr", "mnkr"] = "tkr"
    har_rapport: bool = True
    mottagare: tuple[Mottagare, ...] = ()


class Forvaltning(Modell):
    """An office that sends one return a month, for one or more enheter (of one or more nämnder)."""

    kod: Kod
    namn: Namn
    enheter: Annotated[tuple[Kod, ...], Field(min_length=1)]
    returenhet: Literal["kr", "tkr", "mnkr"] = "tkr"
    avsandare: tuple[Mottagare, ...] = ()


class Grans(Modell):
    """A limit over which an avvikelse must be explained: |avvikelse| ≥ belopp and ≥ procent of the row's budget."""

    giltig_fran: dt.date
    avser: Literal["drift", "investeringar", "volymer"]
    belopp_tkr: int = Field(0, ge=0)
    procent_bp: int = Field(0, ge=0, description="Andel av radens budget i hundradels procent; 100 = 1 %.")
    referens: Namn


class Eskalering(Modell):
    """When a deviation to the worse goes up a level: so many months in a row over the limit, and so large for the full year."""

    till: Literal["namnd", "ks", "kf"]
    efter_manader: int = Field(ge=1, le=12)
    belopp_tkr: int = Field(0, ge=0)
    referens: Namn


class Avvikelseregister(Modell):
    """How deviations over the limits are followed from month to month."""

    upprepad_manader: int = Field(2, ge=2, le=12, description="Månader i rad över gränsen som kallas upprepad.")
    eskalering: tuple[Eskalering, ...] = ()
    referens: Namn


class Rimlighet(Modell):
    """When a return is implausible beside the budget and earlier months. What is not given here has Röda trådens own defaults."""

    storlek_ganger: int = Field(
        300, ge=10, le=900, description="Så många gånger större eller mindre än väntat räknas som fel enhet."
    )
    samma_prognos_returer: int = Field(
        3, ge=2, le=12, description="Antal returer i rad, denna inräknad, med samma prognos på varje rad."
    )
    referens: Namn = (
        "Röda trådens förval: kronor i stället för tusental ger en kvot kring 1 000, en tidig månads utfall en kvot "
        "kring 0,1; tre returer är ett kvartal."
    )


class Smatal(Modell):
    """How large a group of persons may be and still be held back in what is published."""

    hogst_personer: int = Field(
        10, ge=1, le=100, description="Uppgifter om grupper med högst så många personer visas inte."
    )
    referens: Namn = (
        "Högst tio anställda: prop. 2002/03:6, lag (2018:597) om kommunal bokföring och redovisning 11 kap."
    )


class Gallringsregel(Modell):
    """How long the bytes of returns are kept, by the kommun's own plan (informationshanteringsplan)."""

    avser: Literal["returer"] = "returer"
    ar: int = Field(ge=1, le=99, description="Hela år efter returens år.")
    referens: Namn


class Kalender(Modell):
    """The kommun's one calendar. Days are working days after the end of the period, or before and after the due day; times are local."""

    tidszon: Literal["Europe/Stockholm"] = "Europe/Stockholm"
    retur_senast_arbetsdag: int = Field(ge=1, le=25)
    retur_senast_tid: Tid = "12:00"
    mall_arbetsdagar_fore: int = Field(
        5, ge=1, le=20, description="Mallen skickas så många arbetsdagar före sista dagen."
    )
    paminnelse_arbetsdagar_fore: int = Field(1, ge=0, le=10, description="Påminnelse före sista dagen; 0 är samma dag.")
    forsenad_arbetsdagar_efter: int = Field(1, ge=1, le=10, description="Besked om försenad retur.")
    eskalering_arbetsdagar_efter: int = Field(2, ge=1, le=20, description="Besked till eskalering_till.")
    eskalering_till: tuple[Mottagare, ...] = ()
    utskick_tid: Tid = "07:30"
    lokala_lediga_dagar: tuple[dt.date, ...] = Field(
        (), description="Lediga dagar utöver helgdagarna, t.ex. en klämdag."
    )
    sammantraden: dict[Kod, tuple[dt.date, ...]] = Field(
        {}, description="Nämndens sammanträdesdagar, efter nämndens kod."
    )
    hamtning_tider: tuple[Tid, ...] = ("07:00", "12:00", "16:00")
    stangning_dag: int = Field(ge=1, le=28, description="Dag i månaden efter perioden.")
    stangning_tid: Tid = "06:00"
    perioder: tuple[Annotated[int, Field(ge=1, le=12)], ...] = tuple(range(1, 13))

    @model_validator(mode="after")
    def _in_order(self) -> Kalender:
        if self.paminnelse_arbetsdagar_fore >= self.mall_arbetsdagar_fore:
            raise ValueError(
                "paminnelse_arbetsdagar_fore ska vara mindre än mall_arbetsdagar_fore: mallen går ut först"
            )
        if self.eskalering_arbetsdagar_efter < self.forsenad_arbetsdagar_efter:
            raise ValueError("eskalering_arbetsdagar_efter får inte vara mindre än forsenad_arbetsdagar_efter")
        return self


class Profil(Modell):
    """How the kommun's reports look."""

    accentfarg: Farg = "#1f4e79"
    vapen_svg: str | None = Field(None, description="Fil bredvid kommun.yaml; utelämnas när vapnet inte får användas.")


Part = TypeVar("Part", Enhet, Namnd, Forvaltning, Uppstallning)


def _with_code(parts: tuple[Part, ...], kod: str) -> Part:
    """The part with that code; KeyError when there is none."""
    for part in parts:
        if part.kod == kod:
            return part
    raise KeyError(kod)


class Kommun(Modell):
    """The whole of ``kommun.yaml``."""

    schema_version: Literal[1]
    kod: Kod
    namn: Namn
    kommunkod: Annotated[str, Field(pattern=r"^\d{4}$")]
    marke: str = Field(
        "", description="Text som står på varje sida, t.ex. att rapporten är återskapad ur publicerade uppgifter."
    )
    profil: Profil = Profil()
    kommun_rapportenhet: Literal["tkr", "mnkr"] = "mnkr"
    periodavgransning_not: str = ""
    enheter: Annotated[tuple[Enhet, ...], Field(min_length=1)]
    namnder: Annotated[tuple[Namnd, ...], Field(min_length=1)]
    forvaltningar: Annotated[tuple[Forvaltning, ...], Field(min_length=1)]
    uppstallningar: Annotated[tuple[Uppstallning, ...], Field(min_length=1)]
    granser: tuple[Grans, ...] = ()
    avvikelseregister: Avvikelseregister | None = Field(
        None, description="Utelämnas när avvikelser inte följs från månad till månad."
    )
    rimlighet: Rimlighet = Rimlighet()
    smatal: Smatal = Smatal()
    ekonomikontor: tuple[Mottagare, ...] = Field(
        (), description="Ekonomikontorets adresser: får mejla budgetregistret och vilken förvaltnings retur som helst."
    )
    periodisering: Periodisering = Periodisering()
    prognos: Prognos | None = Field(
        None, description="Teknisk prognos och prognosernas träffsäkerhet; utelämnas när de inte ska visas."
    )
    personal: Personal | None = None
    kolada: Kolada | None = None
    uppfoljning: Uppfoljning = Uppfoljning()
    mottagare: tuple[Mottagare, ...] = Field(
        (), description="De som får kommunens rapport, delårsrapporten och årsredovisningen."
    )
    kalender: Kalender
    bokslut: Bokslutsinstallning | None = Field(
        None, description="Hur räkenskaperna stängs; utelämnas när bara månadsrapporter görs."
    )
    malplaner: SkipJsonSchema[tuple[Malplan, ...]] = Field(
        (), description="Läses ur filerna i malplan/ bredvid kommun.yaml, en per år."
    )
    tidigare_malplaner: SkipJsonSchema[tuple[Malplan, ...]] = Field(
        (), description="Läses ur malplan/ÅÅÅÅ-vN.yaml: versioner som en senare har ersatt."
    )
    huvudbok: Huvudboksplan | None = None
    gallring: tuple[Gallringsregel, ...] = ()
    malbedomningar: SkipJsonSchema[tuple[Malbedomning, ...]] = Field(
        (), description="Läses ur malplan/ÅÅÅÅ-bedomningar.yaml: bedömningar av kommunens egna mål."
    )

    @model_validator(mode="after")
    def _connected(self) -> Kommun:
        fel = [
            *self._doubled_codes(),
            *self._unknown_uppstallningar(),
            *self._wrong_owners(),
            *self._unknown_meetings(),
            *self._unknown_in_ledger_plan(),
            *self._unknown_in_parts(),
        ]
        if fel:
            raise SammanhangsFel(fel)
        return self

    def _doubled_codes(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        for field, kind, koder in (
            ("enheter", "enheten", [enhet.kod for enhet in self.enheter]),
            ("namnder", "nämnden", [namnd.kod for namnd in self.namnder]),
            ("forvaltningar", "förvaltningen", [forvaltning.kod for forvaltning in self.forvaltningar]),
            ("uppstallningar", "uppställningen", [uppstallning.kod for uppstallning in self.uppstallningar]),
        ):
            for place, kod in enumerate(koder):
                if kod in koder[:place]:
                    yield (field, place, "kod"), f"{kind} {kod} finns två gånger"

    def _unknown_uppstallningar(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        known = {uppstallning.kod for uppstallning in self.uppstallningar}
        for place, enhet in enumerate(self.enheter):
            for field, kod in (("drift", enhet.drift), ("investeringar", enhet.investeringar)):
                if kod is not None and kod not in known:
                    yield (
                        ("enheter", place, field),
                        f"enheten {enhet.kod} använder uppställningen {kod}, som inte finns",
                    )

    def _wrong_owners(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        known = {enhet.kod for enhet in self.enheter}
        both: tuple[tuple[str, str, tuple[Namnd | Forvaltning, ...]], ...] = (
            ("namnder", "nämnd", self.namnder),
            ("forvaltningar", "förvaltning", self.forvaltningar),
        )
        for field, kind, owners in both:
            owned = [kod for owner in owners for kod in owner.enheter]
            for place, owner in enumerate(owners):
                for inner, kod in enumerate(owner.enheter):
                    if kod not in known:
                        yield (field, place, "enheter", inner), f"en {kind} nämner enheten {kod}, som inte finns"
            for place, enhet in enumerate(self.enheter):
                if owned.count(enhet.kod) != 1:
                    text = f"enheten {enhet.kod} ska höra till exakt en {kind}, hör till {owned.count(enhet.kod)}"
                    yield ("enheter", place, "kod"), text

    def _unknown_meetings(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        known = {namnd.kod for namnd in self.namnder}
        for kod in self.kalender.sammantraden:
            if kod not in known:
                yield ("kalender", "sammantraden", kod), f"sammanträden anges för nämnden {kod}, som inte finns"

    def _unknown_in_ledger_plan(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        if self.huvudbok is None:
            return
        known = {enhet.kod for enhet in self.enheter}
        rows = {rad.kod for uppstallning in self.uppstallningar for rad in uppstallning.poster}
        for field in ("ansvar", "verksamheter", "projekt", "interna_motparter"):
            for place, part in enumerate(getattr(self.huvudbok, field)):
                if part.enhet not in known:
                    yield ("huvudbok", field, place, "enhet"), f"huvudboken nämner enheten {part.enhet}, som inte finns"
        for field in ("konton", "projekt"):
            for place, part in enumerate(getattr(self.huvudbok, field)):
                if part.rad not in rows:
                    yield ("huvudbok", field, place, "rad"), f"huvudboken nämner raden {part.rad}, som inte finns"
        for field in ("ansvar", "projekt"):
            yield from overlapping(field, getattr(self.huvudbok, field))

    def _unknown_in_parts(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Enheter, nämnder and rows that personal, kolada, uppfoljning, periodisering and prognos name."""
        enheter, namnder = {enhet.kod for enhet in self.enheter}, {namnd.kod for namnd in self.namnder}
        for place, kod in enumerate(self.personal.enheter if self.personal else ()):
            if kod not in enheter:
                yield ("personal", "enheter", place), f"personal nämner enheten {kod}, som inte finns"
        for place, tal in enumerate(self.kolada.nyckeltal if self.kolada else ()):
            if tal.namnd is not None and tal.namnd not in namnder:
                yield ("kolada", "nyckeltal", place, "namnd"), f"kolada nämner nämnden {tal.namnd}, som inte finns"
        for loc, kod in self.uppfoljning.named_enheter():
            if kod not in enheter:
                yield ("uppfoljning", *loc), f"uppfoljning nämner enheten {kod}, som inte finns"
        rader = {rad.kod for uppstallning in self.uppstallningar for rad in uppstallning.poster}
        for loc, rule in named_codes(self.periodisering, self.prognos):
            yield from (
                ((*loc, "enheter"), f"regeln nämner enheten {kod}, som inte finns")
                for kod in rule.enheter
                if kod not in enheter
            )
            yield from (
                ((*loc, "rader"), f"regeln nämner raden {kod}, som inte fylls i någonstans")
                for kod in rule.rader
                if kod not in rader
            )

    def enhet(self, kod: str) -> Enhet:
        """The enhet with that code; KeyError when there is none."""
        return _with_code(self.enheter, kod)

    def namnd(self, kod: str) -> Namnd:
        """The nämnd with that code; KeyError when there is none."""
        return _with_code(self.namnder, kod)

    def plats(self, kod: str) -> int:
        """Where a report stands among the kommun's: its nämnd's place, from 0; after them the kommun's own and the books'."""
        koder = [namnd.kod for namnd in self.namnder]
        return koder.index(kod) if kod in koder else len(koder)

    def mottagare_av(self, kod: str) -> tuple[Mottagare, ...]:
        """Those who get a report: the nämnd's own for a nämnd's code, else (the kommun's report, the books) the kommun's."""
        return next((namnd.mottagare for namnd in self.namnder if namnd.kod == kod), self.mottagare)

    @property
    def delperiod(self) -> int:
        """The month that the statutory delårsrapport ends with; August where the kommun has not said another."""
        return 8 if self.bokslut is None else self.bokslut.delperiod

    def forvaltning(self, kod: str) -> Forvaltning:
        """The förvaltning with that code; KeyError when there is none."""
        return _with_code(self.forvaltningar, kod)

    def uppstallning(self, kod: str) -> Uppstallning:
        """The uppställning with that code; KeyError when there is none."""
        return _with_code(self.uppstallningar, kod)

    def namnd_of(self, enhet_kod: str) -> Namnd:
        """The nämnd that answers for an enhet."""
        return next(namnd for namnd in self.namnder if enhet_kod in namnd.enheter)

    def forvaltning_of(self, enhet_kod: str) -> Forvaltning:
        """The förvaltning that returns an enhet."""
        return next(forvaltning for forvaltning in self.forvaltningar if enhet_kod in forvaltning.enheter)

    def malplan(self, ar: int) -> Malplan | None:
        """The målplan of that year, or None when the kommun has none."""
        return next((plan for plan in self.malplaner if plan.ar == ar), None)

    def for_year(self, ar: int) -> Kommun:
        """The kommun with that year's målplan alone: what a return of the year has rows for."""
        if all(plan.ar == ar for plan in self.malplaner):
            return self
        return self.model_copy(update={"malplaner": tuple(plan for plan in self.malplaner if plan.ar == ar)})

    def gransvarde(self, avser: str, period_slut: dt.date) -> Grans | None:
        """The newest limit valid on the period's last day, or None."""
        valid = [grans for grans in self.granser if grans.avser == avser and grans.giltig_fran <= period_slut]
        return max(valid, key=lambda grans: grans.giltig_fran, default=None)
