"""Stängningstavlan as a view: how far a month's closing has come, per förvaltning. Ready text; no senders, no values from the returns."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from data_contracts.findings import Severity
from data_contracts.kommun import Forvaltning, Kommun
from transforms.deadlines import Deadlines
from transforms.legal_dates import Lagfrist
from transforms.period import MANADER

_DAGAR = ("mån", "tis", "ons", "tors", "fre", "lör", "sön")
_FYND = {
    Severity.STOPPAR: ("stoppar", "stoppar"),
    Severity.FORKLARAS: ("ska förklaras", "ska förklaras"),
    Severity.NOTERING: ("notering", "noteringar"),
}


class ReturLage(StrEnum):
    """Where a förvaltning's return stands, in the order of the progress bar."""

    GODKAND = "godkand"
    MOTTAGEN = "mottagen"
    RATTAS = "rattas"
    VANTAS = "vantas"
    FORSENAD = "forsenad"
    SAKNAS = "saknas"
    """Not there when the month was closed after the due time."""

    @property
    def text(self) -> str:
        """The word for it: 'Att rätta'."""
        return _LAGEN[self][0]


_LAGEN = {
    ReturLage.GODKAND: ("Godkänd", "är godkänd", "är godkända"),
    ReturLage.MOTTAGEN: ("Mottagen", "väntar på kontroll", "väntar på kontroll"),
    ReturLage.RATTAS: ("Att rätta", "ska rättas", "ska rättas"),
    ReturLage.VANTAS: ("Väntas", "väntas", "väntas"),
    ReturLage.FORSENAD: ("Försenad", "är försenad", "är försenade"),
    ReturLage.SAKNAS: ("Saknas", "saknas", "saknas"),
}
"""The word for each state, and what one and several are said to be."""


@dataclass(frozen=True, slots=True)
class Inkommen:
    """One version of a förvaltning's return. ``mottagen`` in local time; ``status`` as in the store; ``fynd`` by severity."""

    forvaltning: str
    version: int
    mottagen: dt.datetime
    status: str
    fynd: Mapping[Severity, int]
    vald: str = ""
    """The choice by which it counts, in a sentence; '' when it counts because it is the newest accepted."""


@dataclass(frozen=True, slots=True)
class RapportLage:
    """The state of a nämnd's newest report; ``kod`` '' for the kommun's."""

    kod: str
    tillstand: str
    version: int


@dataclass(frozen=True, slots=True)
class Steg:
    """One day of the calendar. ``lage``: passerad, idag or kommande."""

    namn: str
    datum: str
    datum_text: str
    lage: str
    lage_text: str


@dataclass(frozen=True, slots=True)
class NamndRad:
    """A nämnd that the förvaltning reports for. ``sammantrade``: '' when no meeting is in the calendar."""

    namn: str
    rapport: str
    finns: bool
    sammantrade: str


@dataclass(frozen=True, slots=True)
class Fyndtal:
    """How many findings of one severity."""

    slag: str
    text: str
    antal: int


@dataclass(frozen=True, slots=True)
class TavlaRad:
    """One förvaltning. Empty texts where there is nothing to tell."""

    kod: str
    namn: str
    lage: ReturLage
    lage_text: str
    anmarkning: str
    mall_skickad: str
    mottagen: str
    version: int | None
    fynd: tuple[Fyndtal, ...]
    namnder: tuple[NamndRad, ...]


@dataclass(frozen=True, slots=True)
class Tavla:
    """The whole board of one month.

    Attributes:
        delar: the state of each förvaltning in the order of the bar: one piece each.
        ingress: the month in one or two sentences; framsteg: the bar in words.
        uppdaterad: local time of the run that wrote it.
    """

    kommun: str
    marke: str
    accentfarg: str
    period: str
    period_text: str
    ingress: str
    framsteg: str
    antal_godkanda: int
    antal: int
    delar: tuple[ReturLage, ...]
    steg: tuple[Steg, ...]
    rader: tuple[TavlaRad, ...]
    kommunrapport: str
    frister: tuple[Lagfrist, ...]
    uppdaterad: str
    uppdaterad_text: str


@dataclass(frozen=True, slots=True)
class Underlag:
    """What the board is made from.

    Attributes:
        returer: every version that has come for the period.
        mall_skickad: local time when a förvaltning's template first went out.
        rapporter: the reports of the newest closing, the kommun's with kod ''.
        stangd: local time of the newest finished closing, or None.
        frister: the law's days for the period's report.
    """

    returer: Sequence[Inkommen]
    mall_skickad: Mapping[str, dt.datetime]
    rapporter: Sequence[RapportLage]
    stangd: dt.datetime | None
    frister: tuple[Lagfrist, ...] = ()


def build_board(kommun: Kommun, days: Deadlines, underlag: Underlag, local: dt.datetime) -> Tavla:
    """The board of the period at a time.

    A return is late from the due time on, and missing once the month has been closed after it. A förvaltning with an accepted return
    stands as accepted also when a newer version is stopped; the row says so.

    Source: the kommun's own calendar (``kommun.yaml``, kalender).

    Args:
        local: now, in the kommun's time.
    """
    rows = tuple(_row(kommun, forvaltning, days, underlag, local) for forvaltning in kommun.forvaltningar)
    states = [row.lage for row in rows]
    accepted = states.count(ReturLage.GODKAND)
    return Tavla(
        kommun=kommun.namn,
        marke=kommun.marke,
        accentfarg=kommun.profil.accentfarg,
        period=str(days.period),
        period_text=days.period.text,
        ingress=_lead(states, days, local),
        framsteg=f"{accepted} av {len(rows)} returer godkända",
        antal_godkanda=accepted,
        antal=len(rows),
        delar=tuple(sorted(states, key=list(ReturLage).index)),
        steg=_steps(days, local),
        rader=rows,
        kommunrapport=_report(next((one for one in underlag.rapporter if one.kod == ""), None)),
        frister=underlag.frister,
        uppdaterad=local.isoformat(timespec="minutes"),
        uppdaterad_text=_time(local),
    )


def _lead(states: Sequence[ReturLage], days: Deadlines, local: dt.datetime) -> str:
    counts = Counter(states)
    if counts[ReturLage.GODKAND] == len(states):
        return "Alla returer är godkända."
    others = [
        f"{counts[lage]} {_LAGEN[lage][1 if counts[lage] == 1 else 2]}"
        for lage in ReturLage
        if lage is not ReturLage.GODKAND and counts[lage]
    ]
    listed = others[0] if len(others) == 1 else f"{', '.join(others[:-1])} och {others[-1]}"
    due = "skulle ha varit inne" if days.is_due(local) else "ska vara inne senast"
    accepted = counts[ReturLage.GODKAND]
    return (
        f"{accepted} av {len(states)} returer är {'godkänd' if accepted == 1 else 'godkända'}, {listed}. "
        f"Returerna {due} {_day(days.senast)} kl. {days.senast_tid:%H.%M}."
    )


def _steps(days: Deadlines, local: dt.datetime) -> tuple[Steg, ...]:
    today = local.date()
    words = {"passerad": "passerad", "idag": "i dag", "kommande": "kommande"}
    listed = (
        ("Perioden slut", days.periodslut, ""),
        ("Mall ut", days.mall, ""),
        ("Påminnelse", days.paminnelse, ""),
        ("Retur senast", days.senast, f" kl. {days.senast_tid:%H.%M}"),
        ("Försenad", days.forsenad, ""),
        ("Eskalering", days.eskalering, ""),
    )
    return tuple(
        Steg(name, day.isoformat(), _day(day) + time, state, words[state])
        for name, day, time in listed
        for state in ["idag" if day == today else "passerad" if day < today else "kommande"]
    )


def _row(kommun: Kommun, forvaltning: Forvaltning, days: Deadlines, underlag: Underlag, local: dt.datetime) -> TavlaRad:
    versions = sorted(
        (one for one in underlag.returer if one.forvaltning == forvaltning.kod), key=lambda one: one.version
    )
    counted = next((one for one in reversed(versions) if one.status == "godkand"), None)
    shown = counted or (versions[-1] if versions else None)
    lage = _state(shown, days, underlag.stangd, local)
    sent = underlag.mall_skickad.get(forvaltning.kod)
    return TavlaRad(
        kod=forvaltning.kod,
        namn=forvaltning.namn,
        lage=lage,
        lage_text=lage.text,
        anmarkning=_remark(lage, shown, versions, days, local),
        mall_skickad="" if sent is None else _time(sent),
        mottagen="" if shown is None else _time(shown.mottagen),
        version=None if shown is None else shown.version,
        fynd=() if shown is None else _findings(shown.fynd),
        namnder=tuple(_namnder(kommun, forvaltning, days, underlag.rapporter)),
    )


def _state(shown: Inkommen | None, days: Deadlines, closed: dt.datetime | None, local: dt.datetime) -> ReturLage:
    if shown is not None:
        states = {"godkand": ReturLage.GODKAND, "stoppad": ReturLage.RATTAS}
        return states.get(shown.status, ReturLage.MOTTAGEN)
    if not days.is_due(local):
        return ReturLage.VANTAS
    return ReturLage.SAKNAS if closed is not None and days.is_due(closed) else ReturLage.FORSENAD


def _remark(
    lage: ReturLage, shown: Inkommen | None, versions: Sequence[Inkommen], days: Deadlines, local: dt.datetime
) -> str:
    if shown is None:
        return ""
    newest = versions[-1]
    if shown.vald:
        return shown.vald
    if lage is ReturLage.GODKAND and newest.status == "stoppad":
        return f"En nyare version, {newest.version}, är stoppad och räknas inte."
    if lage is ReturLage.RATTAS and days.is_due(local):
        return "Sista tiden har gått ut."
    if days.is_due(versions[0].mottagen):
        return "Kom efter sista tiden."
    return ""


def _findings(counts: Mapping[Severity, int]) -> tuple[Fyndtal, ...]:
    return tuple(
        Fyndtal(severity.name.lower(), _FYND[severity][counts[severity] != 1], counts[severity])
        for severity in Severity
        if counts.get(severity)
    )


def _namnder(
    kommun: Kommun, forvaltning: Forvaltning, days: Deadlines, reports: Iterable[RapportLage]
) -> Iterable[NamndRad]:
    newest = {report.kod: report for report in reports}
    meetings = {meeting.namnd: meeting.datum for meeting in days.sammantraden}
    for namnd in kommun.namnder:
        if set(namnd.enheter) & set(forvaltning.enheter):
            meeting = meetings.get(namnd.kod)
            yield NamndRad(
                namn=namnd.namn,
                rapport=_report(newest.get(namnd.kod)) if namnd.har_rapport else "ingen egen rapport",
                finns=namnd.kod in newest,
                sammantrade="" if meeting is None else _day(meeting),
            )


def _report(report: RapportLage | None) -> str:
    return "ingen rapport än" if report is None else f"{report.tillstand}, version {report.version}"


def _day(day: dt.date) -> str:
    """'tis 12 maj'."""
    return f"{_DAGAR[day.weekday()]} {day.day} {MANADER[day.month - 1]}"


def _time(time: dt.datetime) -> str:
    """'tis 12 maj kl. 08.12'."""
    return f"{_day(time.date())} kl. {time:%H.%M}"
