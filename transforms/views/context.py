"""What a report is built from, and the one way a figure becomes a ``Tal``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from data_contracts.kommun import Enhet, Grans, Kommun
from transforms.belopp import antal_text, belopp_text
from transforms.deviation_register import Arende
from transforms.figures import Figure, FigureIndex
from transforms.goal_assessment import Malstyrning
from transforms.ledger.reconciliation import Avstamningsrad
from transforms.period import Period
from transforms.view_types import Spar, Tal
from transforms.wording import Wording

SAKNAS = "uppgift saknas"
SKYDDAD = "visas inte"
EJ_TILLAMPLIGT = "ej tillämpligt"
HELHET = "helhet"


@dataclass(frozen=True, slots=True)
class ReturInfo:
    """One return as the report names it. ``mottagen``: local time as text. ``status``: godkand or stoppad."""

    forvaltning: str
    fil: str
    mottagen: str
    mottagen_iso: str
    version: int
    sha256: str
    status: str
    antal_fel: int = 0
    vald: str = ""
    """The choice by which this version counts, in a sentence; '' when it is the newest accepted."""


@dataclass(frozen=True, slots=True)
class Forklaring:
    """A written comment of a return. ``i_helheten``: the row has none of its own, but the comment on the whole covers it."""

    orsak: str
    atgard: str
    i_helheten: bool = False


@dataclass(frozen=True, slots=True)
class ReportContext:
    """Everything the views of one closing are built from; nothing else is looked at.

    ``forklaringar``: by (enhet, avser, rad). ``returer``: the newest return per förvaltning, and the register's under ''.
    ``figures``: those of the public view; ``skyddade``: the ids of those held back there.
    ``trails``: by figure id, those made so far; most figures stand in several reports.
    """

    kommun: Kommun
    period: Period
    figures: FigureIndex
    forklaringar: Mapping[tuple[str, str, str], Forklaring]
    returer: tuple[ReturInfo, ...]
    wording: Wording
    mal: Malstyrning | None = None
    skyddade: frozenset[str] = frozenset()
    texter: Mapping[tuple[str, str, str], Mapping[str, str]] = field(default_factory=dict)
    """What the sheets of uppföljning say in words, by (table, enhet, kod) and column."""
    avstamningar: tuple[Avstamningsrad, ...] = ()
    """The avstämningsmatris; empty when the kommun has no ledger for the period."""
    arenden: tuple[Arende, ...] = ()
    """The avvikelseregister of the period; empty when the kommun keeps none."""
    prognosversioner: Mapping[str, str] = field(default_factory=dict)
    """When each earlier month of the year was closed, in words, by period: the versions of the prognos."""
    trails: dict[str, Spar] = field(default_factory=dict)

    def grans(self, avser: str) -> Grans | None:
        """The limit for what must be explained, valid on the period's last day."""
        return self.kommun.gransvarde(avser, self.period.last_day)

    def returns_of(self, enheter: Iterable[Enhet]) -> tuple[ReturInfo, ...]:
        """The register and the returns that hold figures of the enheter: what a report on them stands on."""
        senders = {"", *(self.kommun.forvaltning_of(enhet.kod).kod for enhet in enheter)}
        return tuple(retur for retur in self.returer if retur.forvaltning in senders)

    def has_return(self, enhet: Enhet) -> bool:
        """True when an accepted return of the enhet's förvaltning is in the closing."""
        forvaltning = self.kommun.forvaltning_of(enhet.kod).kod
        return any(retur.forvaltning == forvaltning and retur.status == "godkand" for retur in self.returer)


def tal(figure: Figure | None, unit: str, *, plus: bool = False, turned: bool = False) -> Tal:
    """A figure as printed in kr, tkr or mnkr (a volume in its own unit). ``turned``: shown with the opposite sign.

    A figure that is None is not applicable: an empty cell. A figure without value is "uppgift saknas", "visas inte" where it is
    held back, or "ej tillämpligt" where its sender said so.
    """
    if figure is None:
        return Tal("")
    if figure.is_not_applicable:
        return Tal(EJ_TILLAMPLIGT, figure.figure_id)
    if figure.skyddad:
        return Tal(SKYDDAD, figure.figure_id, saknas=True)
    if figure.varde is None:
        return Tal(SAKNAS, figure.figure_id, saknas=True)
    value = -figure.varde if turned else figure.varde
    if figure.enhet_matt == "ore":
        return Tal(belopp_text(value, unit, plus=plus), figure.figure_id, ore=value)
    return Tal(antal_text(value, figure.decimaler, plus=plus), figure.figure_id, ore=value, decimaler=figure.decimaler)


def absolute(figure: Figure, unit: str) -> Tal:
    """A figure in a sentence whose words already say the direction: printed without sign."""
    if figure.varde is None:
        return tal(figure, unit)
    return Tal(belopp_text(abs(figure.varde), unit), figure.figure_id, ore=figure.varde)


def year_text(context: ReportContext, figure: Figure | None) -> str:
    """The year that a value is of, with its age where it is not this year's; '' for a missing value."""
    if figure is None or figure.varde is None:
        return ""
    year = figure.vardear or context.period.year
    age = context.period.year - year
    return str(year) if not age else f"{year} ({age} år gammalt)"
