"""The state of an indikator: its value against the målvärde, by direction, strictness and yellow limit.

Measured states (uppfylld, delvis, ej uppfylld) and unmeasured ones (ej mätbar, mätning kommer, metodbyte, ej rapporterad) are never
mixed: a value that is not there is no grade.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from data_contracts.malplan import Indikator, Malvarde, Riktning


class Lage(StrEnum):
    """What can be said of an indikator or a goal, in the words of the return."""

    UPPFYLLD = "uppfylld"
    DELVIS = "delvis"
    EJ = "ej uppfylld"
    EJ_MATBAR = "ej mätbar"
    MATNING_KOMMER = "mätning kommer"
    METODBYTE = "metodbyte"
    EJ_RAPPORTERAD = "ej rapporterad"
    KAN_INTE_BEDOMAS = "kan inte bedömas"


GRADES = (Lage.EJ, Lage.DELVIS, Lage.UPPFYLLD)
"""The measured states, worst first."""
UNMEASURED = (Lage.EJ_MATBAR, Lage.MATNING_KOMMER, Lage.METODBYTE, Lage.EJ_RAPPORTERAD)
"""The states without a grade. They are counted apart and never count as delvis or zero."""
STATED = (Lage.EJ_MATBAR, Lage.MATNING_KOMMER, Lage.METODBYTE)
"""What a sender may say of the measuring itself."""


class Rapporttyp(StrEnum):
    """Month and delår look ahead to the whole year, the årsredovisning looks back."""

    MANAD = "manad"
    DELAR = "delar"
    AR = "ar"

    @property
    def is_forecast(self) -> bool:
        """True where the goal is judged by what the whole year is expected to give."""
        return self is not Rapporttyp.AR


@dataclass(frozen=True, slots=True)
class Matning:
    """What is known of an indikator in a report.

    Attributes:
        utfall, vardear: the latest known value and its year; None where there is none.
        prognos: the value expected for the whole year.
        fore: the latest value before, for an indikator that is judged by its trend.
        sagt: what the sender said of the measuring (``STATED``) or, for an indikator that is judged by hand, the grade; None otherwise.
    """

    utfall: Decimal | None = None
    vardear: int | None = None
    prognos: Decimal | None = None
    sagt: Lage | None = None
    fore: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Indikatorlage:
    """The state of an indikator and what it stands on.

    Attributes:
        lage: the computed state.
        grund: prognos, utfall or '' : which value was graded.
        vardear: the year of the value that was graded or, when none was, of the latest known value.
        kommer: when the measurement is expected, for ``mätning kommer``.
        skal: why there is no grade, or how the grade came about; a Swedish clause.
    """

    lage: Lage
    grund: str = ""
    vardear: int | None = None
    kommer: dt.date | None = None
    skal: str = ""


def grade(indikator: Indikator, varde: Decimal, mal: Malvarde) -> Lage:
    """The grade of a value against a målvärde.

    högre: met at or over it (strict: over), partly within the yellow limit under it. lägre: mirrored. intervall: inside it, partly
    within the limit outside. bibehåll: within the tolerans of it. ja/nej: 1 is yes. A relative limit is utfall/målvärde for högre and
    målvärde/utfall for lägre, and is only allowed with a målvärde over zero (the plan refuses others, E721).

    Source: domain rule 2.5, engine 1 and 2: lower målvärde 6,0 and utfall 6,8 is 88 %.
    """
    match indikator.riktning:
        case Riktning.HOGRE:
            distance = _required(mal) - varde
        case Riktning.LAGRE:
            distance = varde - _required(mal)
        case Riktning.INTERVALL:
            low, high = mal.fran or Decimal(0), mal.till or Decimal(0)
            distance = max(low - varde, varde - high)
        case Riktning.BIBEHALL:
            distance = abs(varde - _required(mal)) - (indikator.tolerans or Decimal(0))
        case Riktning.JA_NEJ | Riktning.BEDOMNING:
            return Lage.UPPFYLLD if varde >= 1 else Lage.EJ
    if distance < 0 or (distance == 0 and not indikator.strikt):
        return Lage.UPPFYLLD
    return Lage.DELVIS if _within_yellow(indikator, varde, mal, distance) else Lage.EJ


def _required(mal: Malvarde) -> Decimal:
    if mal.varde is None:
        raise ValueError("målvärdet är ett intervall, men indikatorns riktning är inte intervall")
    return mal.varde


def _within_yellow(indikator: Indikator, varde: Decimal, mal: Malvarde, distance: Decimal) -> bool:
    gul = indikator.gul
    if gul is None:
        return False
    if gul.slag != "relativ":
        return distance <= gul.varde
    target = _required(mal)
    if indikator.riktning is Riktning.HOGRE:
        return varde * 100 >= gul.varde * target
    return target * 100 >= gul.varde * varde


def trend(indikator: Indikator, before: Decimal, now: Decimal) -> int:
    """Whether the value has gone the right way: 1 better, 0 alike (within the tolerans), −1 worse.

    For an interval and for bibehåll, nearer the middle is better.
    Source: domain rule 2.5 (Malmö 2014, Sjöbo, Västerås: startvärde against the latest).
    """
    if abs(now - before) <= (indikator.tolerans or Decimal(0)):
        return 0
    return (1 if now > before else -1) * (-1 if indikator.riktning is Riktning.LAGRE else 1)


def indikator_state(
    indikator: Indikator, matning: Matning, ar: int, rapporttyp: Rapporttyp, rapportdag: dt.date
) -> Indikatorlage:
    """The computed state of an indikator in the report of a year.

    A forecasting report grades the prognos where there is one, else the value; the årsredovisning grades the value of the year. A value
    of an earlier year is graded only within the indikator's own lag; older, or of another method, it is shown but not graded.

    Source: domain rule 2.5, engine 3, 5 and 6.
    Args:
        ar: the report's year, whose målvärde applies.
        rapportdag: a measurement that is to be published after this day is awaited.
    """
    if indikator.riktning is Riktning.BEDOMNING:
        return _judged_by_hand(indikator, matning, rapportdag)
    unmeasured = _unmeasured(indikator, matning, ar, rapporttyp, rapportdag)
    if unmeasured is not None:
        return unmeasured
    use_prognos = rapporttyp.is_forecast and matning.prognos is not None
    varde = matning.prognos if use_prognos else matning.utfall
    year = ar if use_prognos else matning.vardear
    if indikator.bedoms_mot == "trend" and varde is not None:
        return _by_trend(indikator, matning.fore, varde, year)
    mal = Malvarde(varde=Decimal(1)) if indikator.riktning is Riktning.JA_NEJ else indikator.malvarde(ar)
    if varde is None or mal is None:
        return Indikatorlage(Lage.EJ_MATBAR, vardear=matning.vardear, skal=f"målplanen har inget målvärde för {ar}")
    return Indikatorlage(grade(indikator, varde, mal), "prognos" if use_prognos else "utfall", year)


def _by_trend(indikator: Indikator, fore: Decimal | None, varde: Decimal, year: int | None) -> Indikatorlage:
    """Better is met, worse is not, alike is what the plan says; without a value before there is nothing to compare with."""
    if fore is None:
        return Indikatorlage(Lage.EJ_MATBAR, vardear=year, skal="inget tidigare värde att jämföra med")
    gone = trend(indikator, fore, varde)
    lage = Lage(indikator.lika) if gone == 0 else Lage.UPPFYLLD if gone > 0 else Lage.EJ
    return Indikatorlage(lage, "trend", year)


def _judged_by_hand(indikator: Indikator, matning: Matning, rapportdag: dt.date) -> Indikatorlage:
    if matning.sagt is None:
        return _waiting(indikator, matning, rapportdag, "ingen bedömning är lämnad")
    return Indikatorlage(matning.sagt, "bedömning", matning.vardear)


def _unmeasured(
    indikator: Indikator, matning: Matning, ar: int, rapporttyp: Rapporttyp, rapportdag: dt.date
) -> Indikatorlage | None:
    """The state without a grade, or None when there is something to grade."""
    year = matning.vardear
    if matning.sagt in STATED:
        kommer = indikator.publiceras if matning.sagt is Lage.MATNING_KOMMER else None
        return Indikatorlage(matning.sagt, vardear=year, kommer=kommer, skal="enligt den som lämnat uppgiften")
    if rapporttyp.is_forecast and matning.prognos is not None:
        return None
    if matning.utfall is None or year is None:
        return _waiting(indikator, matning, rapportdag, "inget värde är lämnat")
    if indikator.metodbyte_ar is not None and year < indikator.metodbyte_ar <= ar:
        text = f"värdet från {year} är mätt med en annan metod än från {indikator.metodbyte_ar}"
        return Indikatorlage(Lage.METODBYTE, vardear=year, skal=text)
    if ar - year > indikator.efterslapning_ar:
        return _waiting(indikator, matning, rapportdag, f"senaste kända värde är från {year}")
    return None


def _waiting(indikator: Indikator, matning: Matning, rapportdag: dt.date, skal: str) -> Indikatorlage:
    """Mätning kommer when a date for it lies ahead, else ej rapporterad."""
    if indikator.publiceras is not None and indikator.publiceras > rapportdag:
        return Indikatorlage(Lage.MATNING_KOMMER, vardear=matning.vardear, kommer=indikator.publiceras, skal=skal)
    return Indikatorlage(Lage.EJ_RAPPORTERAD, vardear=matning.vardear, skal=skal)
