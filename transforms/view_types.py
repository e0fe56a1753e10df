"""Views: what a report shows, as frozen dataclasses with ready text. Templates loop and branch over them and compute nothing.

Every number is a ``Tal`` that names its figure, so that the HTML can link it to its trail. Tuples only, so that a view is hashable
and its canonical JSON (``transforms.content_hash``) is stable.
"""

from __future__ import annotations

from dataclasses import dataclass

from transforms.view_goals import Maldel
from transforms.view_tal import Mening as Mening
from transforms.view_tal import Tal as Tal


@dataclass(frozen=True, slots=True)
class Kolumn:
    """One number column of a table."""

    kod: str
    rubrik: str


@dataclass(frozen=True, slots=True)
class Tabellrad:
    """One row. ``stil``: post, summa, total, rubrik, delvis (the sum of those that reported). ``celler``: one per column."""

    namn: str
    celler: tuple[Tal, ...]
    stil: str = "post"
    niva: int = 0
    not_text: str = ""


@dataclass(frozen=True, slots=True)
class Tabell:
    """A table. ``rubrik`` is the caption; ``enhet`` and ``teckenregel`` stand in it; ``noter`` under it."""

    id: str
    rubrik: str
    enhet: str
    teckenregel: str
    radrubrik: str
    kolumner: tuple[Kolumn, ...]
    rader: tuple[Tabellrad, ...]
    noter: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Yta:
    """A rectangle of a picture, in its units. ``stil``: overskott, underskott, budget (outlined), prognos (hatched)."""

    x: int
    y: int
    bredd: int
    hojd: int
    stil: str


@dataclass(frozen=True, slots=True)
class Linje:
    """A straight line of a picture. ``stil``: noll (the common zero), summa (above a total)."""

    x1: int
    y1: int
    x2: int
    y2: int
    stil: str


@dataclass(frozen=True, slots=True)
class Bildtext:
    """A text of a picture; ``x``, ``y`` is its anchor on the baseline.

    ``ankare``: start, middle or end. ``stil``: namn, etikett, stark (names and labels of totals), svag (words on the
    axis, missing values). ``figure_id``: on a number, the figure it shows.
    """

    x: int
    y: int
    text: str
    ankare: str
    stil: str
    figure_id: str = ""


@dataclass(frozen=True, slots=True)
class Bild:
    """A finished picture: shapes and texts with coordinates, computed by ``transforms.charts``."""

    bredd: int
    hojd: int
    textstorlek: int
    ytor: tuple[Yta, ...]
    linjer: tuple[Linje, ...]
    texter: tuple[Bildtext, ...]


@dataclass(frozen=True, slots=True)
class Diagram:
    """A horizontal bar chart in IBCS notation. ``slag``: avvikelse (signed from zero) or budget_prognos (pairs).

    ``alternativtext`` states the message; the numbers stand in the table ``tabell_id`` beside it. ``bred`` is for paper
    and wide screens, ``smal`` the same chart for a phone.
    """

    id: str
    slag: str
    rubrik: str
    enhet: str
    alternativtext: str
    tabell_id: str
    bred: Bild
    smal: Bild


@dataclass(frozen=True, slots=True)
class Nyckeltal:
    """A key figure of the first page: value with sign, comparison, one sentence."""

    namn: str
    varde: Tal
    enhet: str
    jamforelse: str
    mening: Mening
    lage: str = "neutral"
    """Told by shape and word, not by colour alone: plus, minus, noll, saknas, neutral."""
    lage_text: str = ""


@dataclass(frozen=True, slots=True)
class Avvikelsepost:
    """One avvikelse with its explanation.

    ``ska_forklaras``: over the kommun's limit. ``forklaring_saknas``: over the limit and no orsak given: plainly marked.
    ``atgard_saknas``: an underskott or a högre utgift without åtgärd.
    """

    enhet_namn: str
    rad_namn: str
    avser: str
    avvikelse: Tal
    budget: Tal
    prognos: Tal
    ord: str
    orsak: str
    atgard: str
    ska_forklaras: bool
    forklaring_saknas: bool
    atgard_saknas: bool = False
    enhet: str = ""
    """The unit that the three numbers are printed in: tkr, mnkr, barn."""
    i_helheten: bool = False
    """True when nothing but the comment on the whole explains it: shown as a row of a table, not as a block of its own."""


@dataclass(frozen=True, slots=True)
class Kommentar:
    """A written comment from a return."""

    rubrik: str
    orsak: str
    atgard: str


@dataclass(frozen=True, slots=True)
class Underlag:
    """One returned workbook that the report stands on."""

    namn: str
    fil: str
    mottagen: str
    version: str
    sha256: str
    status: str


@dataclass(frozen=True, slots=True)
class Rattelserad:
    """One declared correction: the figure by name, its value as entered and as corrected, why, and who decided when."""

    namn: str
    fran: Tal
    till: Tal
    enhet: str
    beslut: str


@dataclass(frozen=True, slots=True)
class Sektion:
    """One section with a heading; blocks are shown in the order of the fields below. ``niva`` 2 or 3."""

    id: str
    rubrik: str
    niva: int = 2
    meningar: tuple[Mening, ...] = ()
    punkter: tuple[Mening, ...] = ()
    diagram: tuple[Diagram, ...] = ()
    tabeller: tuple[Tabell, ...] = ()
    avvikelser: tuple[Avvikelsepost, ...] = ()
    kommentarer: tuple[Kommentar, ...] = ()
    underlag: tuple[Underlag, ...] = ()
    rattelser: tuple[Rattelserad, ...] = ()
    ny_sida: bool = False
    mal: tuple[Maldel, ...] = ()


@dataclass(frozen=True, slots=True)
class SparIndata:
    """One input of a computed figure, in a trail."""

    figure_id: str
    tecken: str
    namn: str
    text: str


@dataclass(frozen=True, slots=True)
class Spar:
    """The public trail of one figure: what it is, its formula and inputs, or the cell it was read from (no raw content)."""

    figure_id: str
    namn: str
    text: str
    formel: str
    teckenregel: str
    indata: tuple[SparIndata, ...]
    kalla: str
    """'fil x.xlsx, blad Drift, cell F17, sha256 …' for entered figures, else ''."""
    varde: int | None = None
    """The exact value in the unit's smallest part; None when missing or held back."""
    enhet: str = ""
    """'öre', or the volume's own unit."""
    decimaler: int = 0
    retur: str = ""
    """sha256 of the return that an entered figure was read from; '' for others."""
    plats: str = ""
    """'Drift!F17': the cell in it."""


@dataclass(frozen=True, slots=True)
class Rapport:
    """A whole report, before state and version are known. This is what the innehållshash is computed over.

    Attributes:
        id: file-name-safe id, ``manadsrapport-2026-04-ten``.
        kod: the nämnd's code, or '' for the kommun.
        slag: 'Månadsrapport'.
        kommun, namn, period_text: page head.
        titel: the one h1.
        marke: text that stands on every page, or ''.
        accentfarg: '#rrggbb'.
        nyckeltal: four to six key figures of the first page.
        sektioner: in order; the first is the sammanfattning.
        spar: the trails of every figure shown, sorted by id.
        underlag_tid: ISO time of the newest input; the PDF's date (never the clock).
    """

    id: str
    kod: str
    slag: str
    kommun: str
    namn: str
    period_text: str
    titel: str
    marke: str
    accentfarg: str
    nyckeltal: tuple[Nyckeltal, ...]
    sektioner: tuple[Sektion, ...]
    spar: tuple[Spar, ...]
    underlag_tid: str


@dataclass(frozen=True, slots=True)
class Lage:
    """The state of a report: outside the innehållshash. ``tillstand``: utkast, granskad, fastställd, distribuerad, rättad.

    ``signaturer``: who has reviewed and settled it, a sentence each; ``logghuvud``: the audit log's head when it was settled;
    ``adress``: where this version is published, for the links of its PDF. All are empty for a draft, and ``adress`` where nothing is.
    """

    tillstand: str
    version: int
    innehallshash: str
    signaturer: tuple[str, ...] = ()
    logghuvud: str = ""
    adress: str = ""

    @property
    def kort_hash(self) -> str:
        """The first twelve characters of the innehållshash, as printed."""
        return self.innehallshash[:12]
