"""The rules of a closing of the books as data: limits dated by law, nyckeltal with printed definitions, what must agree, and the noter.

Read from ``data_contracts/bokslut/*.yaml`` by ``adapters.contract_files``. Frozen pydantic models that refuse unknown fields.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Protocol, TypeVar

from pydantic import BeforeValidator, Field

from data_contracts.modell import Kod, Modell, Namn
from data_contracts.uppstallningsform import Form

ARSREDOVISNING, DELARSRAPPORT = "arsredovisning", "delarsrapport"
"""The reports of the books, by their kod in the rules."""

_TERM = re.compile(r"(-?)([a-z_]+)/([a-z0-9_.]+)(@fg)?")


@dataclass(frozen=True, slots=True)
class Term:
    """One row of a statement in a formula. ``fg``: of the year before."""

    tecken: int
    form: str
    rad: str
    fg: bool = False


def parse_term(text: Any) -> Term:
    """A term as written in the YAML: 'form/rad', with − in front when subtracted and @fg for the year before.

    Example:
        >>> parse_term("-balansrakning/fordringar@fg")
        Term(tecken=-1, form='balansrakning', rad='fordringar', fg=True)
    """
    if isinstance(text, Term):
        return text
    match = _TERM.fullmatch(str(text))
    if match is None:
        raise ValueError(f"{text!r} är ingen term; skriv form/rad, till exempel -balansrakning/fordringar@fg")
    return Term(-1 if match[1] else 1, match[2], match[3], bool(match[4]))


TermText = Annotated[Term, BeforeValidator(parse_term)]
Termer = Annotated[tuple[TermText, ...], Field(min_length=1)]


class Nyckeltalsdefinition(Modell):
    """One nyckeltal: a quotient in percent, with the definition that is printed beside it."""

    kod: Kod
    namn: Namn
    definition: Annotated[str, Field(min_length=1, max_length=400)]
    taljare: Termer
    namnare: Termer
    decimaler: int = Field(1, ge=0, le=2)


class Avstamningsregel(Modell):
    """Two sums of rows that must be equal. ``koncern``: also in the koncern's statements."""

    kod: Kod
    namn: Namn
    vanster: Termer
    hoger: Termer
    referens: Namn
    koncern: bool = False


class Kassaflodesrad(Modell):
    """A row of the kassaflöde that follows from the other statements: the sum of its terms."""

    rad: Kod
    termer: Termer
    referens: Namn


class Reservregel(Modell):
    """How much a kommun may reserve, from the day that the law applies. Shares of skatteintäkter, statsbidrag and utjämning."""

    kod: Kod
    namn: Namn
    galler_fran: dt.date
    golv_bp: int = Field(ge=0)
    golv_negativt_eget_kapital_bp: int = Field(ge=0)
    tak_bp: int | None = Field(ge=0)
    referens: Namn


class Aterstallningsregel(Modell):
    """Within how many years a negative balanskravsresultat must be restored."""

    galler_fran: dt.date
    ar: int = Field(ge=1, le=10)
    referens: Namn


class Skattesats(Modell):
    """The rate of the deferred tax in obeskattade reserver."""

    galler_fran: dt.date
    bp: int = Field(ge=0, le=10_000)
    referens: Namn


class Koncernregel(Modell):
    """How bolag and kommunalförbund are consolidated."""

    metod: str = Field(pattern="^proportionell$")
    referens: Namn


class Lagregler(Modell):
    """The limits of ``regler.yaml``."""

    reserver: tuple[Reservregel, ...]
    aterstallning: tuple[Aterstallningsregel, ...]
    skatt_obeskattade: tuple[Skattesats, ...]
    koncern: Koncernregel


class Notkrav(Modell):
    """One note of the register: what it specifies, who asks for it, and when it must be there.

    ``villkor``: alltid; beloppet (when the row that it specifies has an amount); eller ett ord ur bokslutets uppgifter, such as koncern.
    """

    kod: Kod
    namn: Namn
    krav: Namn
    referens: Namn
    rad: TermText | None = None
    villkor: Kod = "alltid"


Rapportkod = Literal["arsredovisning", "delarsrapport"]


class Krav(Modell):
    """One requirement on what a report must hold, and the sections or tables that meet it.

    ``kolumner``: columns that the table must have to meet it: a resultaträkning without budget is none that R17 asks for.
    """

    kod: Kod
    rapport: tuple[Rapportkod, ...]
    krav: Namn
    referens: Namn
    mots_av: tuple[Kod, ...]
    kolumner: tuple[Kod, ...] = ()
    villkor: Kod = "alltid"


class Kapitel(Modell):
    """One chapter of a report; its code is the id of its section and of its written text."""

    kod: Kod
    rubrik: Namn


class Del(Modell):
    """One part of a report, which begins on a new page."""

    kod: Kod
    rubrik: Namn
    kapitel: tuple[Kapitel, ...]


@dataclass(frozen=True, slots=True)
class Rapportordning:
    """The parts of one report in order."""

    kod: str
    delar: tuple[Del, ...]


@dataclass(frozen=True, slots=True)
class Bokslutsregler:
    """All of ``data_contracts/bokslut``."""

    former: tuple[Form, ...]
    lag: Lagregler
    nyckeltal: tuple[Nyckeltalsdefinition, ...]
    avstamning: tuple[Avstamningsregel, ...]
    noter: tuple[Notkrav, ...]
    krav: tuple[Krav, ...] = ()
    rapporter: tuple[Rapportordning, ...] = ()
    kassaflode: tuple[Kassaflodesrad, ...] = ()


class Dated(Protocol):
    """A rule that applies from a day."""

    @property
    def galler_fran(self) -> dt.date:
        """The first day."""


Rule = TypeVar("Rule", bound=Dated)


def valid_rule(rules: Iterable[Rule], day: dt.date) -> Rule | None:
    """The newest of the rules that applies on a day, or None."""
    return max((rule for rule in rules if rule.galler_fran <= day), key=lambda rule: rule.galler_fran, default=None)
