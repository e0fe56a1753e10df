"""Views of goals: what the report shows of the goal thread, as frozen dataclasses with ready text."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.view_tal import Mening, Tal


@dataclass(frozen=True, slots=True)
class Marke:
    """A state as it is shown: shape and words together; ``ton`` only helps with a colour (god, delvis, dalig, ingen)."""

    form: str
    text: str
    ton: str


@dataclass(frozen=True, slots=True)
class Punkt:
    """A point of a curve, with the figure that it shows. ``slag``: utfall or prognos (hollow). ``text_dy``: its text, from the point."""

    x: int
    y: int
    text: str
    ar: str
    slag: str
    figure_id: str
    text_dy: int


@dataclass(frozen=True, slots=True)
class Kurvmal:
    """The målvärde of a curve: a line, or a band for an interval (``hojd`` over 0). ``slut``: where it ends; ``text_y``: its word."""

    x: int
    slut: int
    bredd: int
    y: int
    hojd: int
    text_y: int


@dataclass(frozen=True, slots=True)
class Kurva:
    """A small chart of one indikator over the years. ``mal``: its målvärde, or None."""

    bredd: int
    hojd: int
    punkter: tuple[Punkt, ...]
    mal: Kurvmal | None
    alternativtext: str


@dataclass(frozen=True, slots=True)
class Indikatorvy:
    """One indikator. ``tidigare``: the years before, oldest first. ``ar``: the year of the latest value, with its age in words."""

    kod: str
    namn: str
    enhet: str
    tidigare: tuple[tuple[str, Tal], ...]
    utfall: Tal
    ar: str
    prognos: Tal
    malvarde: str
    marke: Marke
    beraknad: Marke | None
    trend: str
    delat: tuple[tuple[str, Tal], ...]
    skal: str
    kommentar: str
    kurva: Kurva | None
    definition: str = ""
    """How it is measured, whether it is a level to keep, who has power over it, and its priority."""
    kalla: str = ""
    """Where the value is taken from, with what the source asks to be said; '' when the sender gave it."""


@dataclass(frozen=True, slots=True)
class Leveransvy:
    """One leverans of an effektkedja."""

    namn: str
    svar: str
    marke: Marke
    fardiggrad: Tal
    kommentar: str


@dataclass(frozen=True, slots=True)
class Effektvy:
    """An effekt of an effektkedja. ``indikator``, ``marke``: what shows it and how that stands; '' and None where nothing does."""

    slag: str
    namn: str
    indikator: str
    marke: Marke | None


@dataclass(frozen=True, slots=True)
class Kedjevy:
    """An effektkedja: aktivitet, its leveranser, the effekter, and the goal at the end."""

    aktivitet: str
    ansvarig: str
    leveranser: tuple[Leveransvy, ...]
    effekter: tuple[Effektvy, ...]
    mal: str


@dataclass(frozen=True, slots=True)
class Malvy:
    """One goal under the question "Blev det som vi ville?".

    Attributes:
        fakta: level, perspective, years, who answers for it, and who contributes.
        vag: the goals over it, the vision first.
        marke: the state that counts; ``beraknad`` the rule's, shown when a person has fixed another.
        bedomd, regel: how the state came about, and the rule with its decision.
        ville, varfor, nu: paragraphs; ``blev``: sentences with numbers.
        marken: what is implausible, in words.
    """

    id: str
    namn: str
    fakta: str
    vag: tuple[str, ...]
    marke: Marke
    beraknad: Marke | None
    bedomd: str
    regel: str
    ville: tuple[str, ...]
    blev: tuple[Mening, ...]
    varfor: tuple[str, ...]
    nu: tuple[str, ...]
    indikatorer: tuple[Indikatorvy, ...]
    kedjor: tuple[Kedjevy, ...]
    marken: tuple[str, ...]
    under: tuple[Nodvy, ...]
    roster: tuple[Mening, ...] = ()
    """What those whom the verksamhet is for say: surveys and synpunkter."""
    utforare: tuple[Mening, ...] = ()
    """The goal's measures for each utförare, side by side."""
    risker: tuple[Mening, ...] = ()
    """The risks of the plan for intern kontroll that threaten the goal, highest first."""


@dataclass(frozen=True, slots=True)
class Nodvy:
    """A goal of the tree picture, with those under it."""

    namn: str
    niva_text: str
    marke: Marke | None
    lank: str
    under: tuple[Nodvy, ...]


@dataclass(frozen=True, slots=True)
class Tavelrad:
    """A goal of the måltavla with its indikatorer."""

    namn: str
    lank: str
    marke: Marke
    beraknad: Marke | None
    delar: str
    indikatorer: tuple[Indikatorvy, ...]


@dataclass(frozen=True, slots=True)
class Maltavla:
    """All goals of a report at a glance. ``ar``: the years of the columns before the latest value.

    ``har_varden``: False where no goal has an indikator of its own, and only the states are shown. ``kolumner``: how many columns stand
    before the state's.
    """

    id: str
    rubrik: str
    ingress: str
    ar: tuple[str, ...]
    rader: tuple[Tavelrad, ...]
    har_varden: bool
    kolumner: int


@dataclass(frozen=True, slots=True)
class Maldel:
    """What a section shows of goals: the board, the tree, one goal, or effektkedjor."""

    tavla: Maltavla | None = None
    trad: tuple[Nodvy, ...] = ()
    mal: Malvy | None = None
    kedjor: tuple[Kedjevy, ...] = ()
