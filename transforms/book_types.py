"""Views of the delårsrapport and the årsredovisning: a report with cover, table of contents, statements, written text and requirements.

A ``Bok`` is a ``Rapport`` whose sections can hold more; the same trails, hashes and appendix hold for it.
"""

from __future__ import annotations

from dataclasses import dataclass

from transforms.view_types import Nyckeltal, Rapport, Sektion, Tabell, Tabellrad
from transforms.written_text import WrittenText


@dataclass(frozen=True, slots=True)
class Bokrad(Tabellrad):
    """A row of a statement. ``hanvisning``: the number of its note, as printed; ``not_id`` where it stands."""

    hanvisning: str = ""
    not_id: str = ""


@dataclass(frozen=True, slots=True)
class Boktabell(Tabell):
    """A table whose rows may refer to noter. ``med_noter``: it has a column for them."""

    rader: tuple[Bokrad, ...] = ()
    med_noter: bool = False


@dataclass(frozen=True, slots=True)
class Kravpost:
    """One requirement as the report shows it.

    Attributes:
        lage: uppfyllt, saknas, godtaget (missing, and accepted with ``skal``) or ej_aktuellt (its condition does not hold).
        plats_id, plats: where it is met: the id of the section or table, and its heading.
    """

    kod: str
    krav: str
    referens: str
    lage: str
    lage_text: str
    plats_id: str = ""
    plats: str = ""
    skal: str = ""


@dataclass(frozen=True, slots=True)
class Avstamningspost:
    """One comparison of the statements as the report shows it. ``lage``: stammer, avrundning, skiljer, saknas, godtagen."""

    id: str
    namn: str
    kolumn: str
    vanster: str
    hoger: str
    skillnad: str
    lage: str
    lage_text: str
    referens: str = ""
    skal: str = ""


@dataclass(frozen=True, slots=True)
class Boksektion(Sektion):
    """One section. ``niva`` 2 is a part that begins on a new page, 3 a chapter; written texts come first of all.

    Attributes:
        texter: written texts of the section.
        kort: key figures of the year.
        krav: the list of requirements.
        avstamning: the comparisons.
    """

    tabeller: tuple[Boktabell, ...] = ()
    texter: tuple[WrittenText, ...] = ()
    kort: tuple[Nyckeltal, ...] = ()
    krav: tuple[Kravpost, ...] = ()
    avstamning: tuple[Avstamningspost, ...] = ()


@dataclass(frozen=True, slots=True)
class Omslag:
    """The cover: what, whose, for when; a line of the kommun's own, and who decides."""

    rubrik: str
    organisation: str
    period: str
    ledord: str
    beslut: str


@dataclass(frozen=True, slots=True)
class Bok(Rapport):
    """A whole delårsrapport or årsredovisning, before state and version are known."""

    sektioner: tuple[Boksektion, ...]
    omslag: Omslag
