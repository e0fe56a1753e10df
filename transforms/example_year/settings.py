"""``exempelar.yaml`` beside an invented kommun's kommun.yaml: how large its year is, what deviates, what is written, and which errors are
planted. Everything else is drawn by the seed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from data_contracts.modell import Kod, Modell, Namn

Manad = Annotated[int, Field(ge=1, le=12)]
Promille = Annotated[int, Field(ge=-1000, le=1000)]


class Enhetsar(Modell):
    """One enhet's year.

    Attributes:
        storlek_tkr: what its drift costs; the rows are shares of it.
        andelar: promille of the size by row, where other than those of the uppställning.
        investeringar: budget in tkr by row. volymer: the year's number by volume.
        bestand: volumes that are a number at each time, not one that grows through the year.
        anstallda: persons employed; none reports no staff.
    """

    storlek_tkr: int = Field(gt=0)
    andelar: dict[Kod, Promille] = Field({})
    investeringar: dict[Kod, int] = Field({})
    volymer: dict[Kod, int] = Field({})
    bestand: tuple[Kod, ...] = ()
    anstallda: int = Field(0, ge=0)


class Finansiering(Modell):
    """The enhet that pays the others: their kommunbidrag, and a result that the first row makes come out."""

    enhet: Kod
    bidragsrad: Kod
    namndrad: Kod = Field(description="Raden som tar emot bidraget hos de andra.")
    skatterad: Kod
    resultat_tkr: int
    rader_tkr: dict[Kod, int]


class Avsteg(Modell):
    """A row that does not follow its budget, from a month on, and what its sender says of it."""

    enhet: Kod
    matt: Literal["drift", "investeringar", "volymer"] = "drift"
    rad: Kod
    fran_manad: Manad
    promille: Promille = Field(description="Så mycket större (−: mindre) än budget en månad är.")
    orsak: Namn
    atgard: Namn
    orsakskategori: str
    ansvarig: Namn
    klardatum: dt.date


class Anslag(Modell):
    """A decision that moves money during the year: the financing pays more kommunbidrag for one row."""

    enhet: Kod
    rad: Kod
    tkr: int
    benamning: Namn
    paragraf: Namn
    datum: dt.date


class Utveckling(Modell):
    """Where an indikator ends the year. ``arssumma``: it is known only when the year is over."""

    slut: Decimal
    arssumma: bool = False


class Fel(Modell):
    """An error planted in a return: the field, what stands there instead, and the code that it must be found by.

    ``rad`` '*' is every row of the förvaltning's enheter on the sheet; ``ganger`` multiplies what stood there.
    """

    vad: Namn
    kod: str
    enhet: Kod
    tabell: Kod
    rad: str
    kolumn: Kod
    text: str | None = None
    ganger: int = 1


class Planterat(Modell):
    """The month whose returns hold the planted errors."""

    manad: Manad
    fel: tuple[Fel, ...]


class Notrad(Modell):
    """A row of a note: the sum of some konton, as the statement's own rows have them.

    ``slag``: how they stand at the end (``ub``), stood at the beginning (``ib``), what has moved (``forandring``), or the year's result.
    """

    konton: tuple[Kod, ...] = ()
    slag: Literal["ub", "ib", "forandring", "resultat"] = "ub"


class Bolagsar(Modell):
    """The statements of a company in tusental, and what the kommun paid for its shares and for how much equity."""

    resultatrakning: dict[Kod, int]
    balansrakning: dict[Kod, int]
    anskaffningsvarde: int
    forvarvat_eget_kapital: int


class Koncernpost(Modell):
    """A post between the kommun and a company, in tusental, as each has booked it."""

    post: Kod
    form: Literal["resultatrakning", "balansrakning"]
    bolag: Kod
    bolagets_rad: Kod
    bolagets_tkr: int
    kommunens_rad: Kod
    kommunens_tkr: int


class Totalutgift(Modell):
    """A project over several years: spent before this one, decided and expected in all. Tusental."""

    tidigare: int
    beslutad: int
    beraknad: int


class Bokslutsmal(Modell):
    """A financial goal and what was assessed of it at the end of the year, with how it looked at the delår."""

    kod: Kod
    benamning: Namn
    bedomning: str
    motivering: Namn


class Bokslutsar(Modell):
    """What the books have that the ledger has not.

    Attributes:
        aldre: rows of fem_ar in tusental: two, three and four years ago.
        resultat_tva_ar_sedan: årets resultat two years ago, tusental.
        koncern_fore: by form, the rows of the koncern's statements of last year in tusental.
        noter: the rows of the noter by 'note.row'. fasta_noter: amounts of the year and of last year, tusental.
    """

    aldre: dict[Kod, tuple[int, int, int]]
    resultat_tva_ar_sedan: int
    noter: dict[str, Notrad]
    fasta_noter: dict[str, tuple[int, int]] = Field({})
    totalutgifter: dict[str, Totalutgift] = Field({})
    bolag: dict[Kod, Bolagsar]
    koncernposter: tuple[Koncernpost, ...] = ()
    koncern_fore: dict[Kod, dict[Kod, int]] = Field({})
    finansiella_mal: tuple[Bokslutsmal, ...] = ()


class Exempelar(Modell):
    """The whole of ``exempelar.yaml``."""

    fro: int
    ar: int
    kalla: Namn
    organ: Namn
    paragraf: Namn
    beslutsdatum: dt.date
    andelar: dict[Kod, dict[Kod, Promille]]
    enheter: dict[Kod, Enhetsar]
    finansiering: Finansiering
    avsteg: tuple[Avsteg, ...] = ()
    anslag: tuple[Anslag, ...] = ()
    lagesbilder: tuple[Namn, ...] = ()
    indikatorer: dict[Kod, Utveckling] = Field({})
    planterat: Planterat | None = None
    bokslut: Bokslutsar | None = None
