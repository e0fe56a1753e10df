"""Which mails the calendar asks for today about the returns of a period, and what they say. Pure: the store decides what is sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import StrEnum

from data_contracts.kommun import Forvaltning, Kommun
from transforms.deadlines import Deadlines, is_working_day
from transforms.wording import Wording


class Slag(StrEnum):
    """What a mail is about."""

    MALL = "mall"
    PAMINNELSE = "paminnelse"
    FORSENAD = "forsenad"
    ESKALERING = "eskalering"

    @property
    def text(self) -> str:
        """The word for it: 'påminnelse'."""
        return {"paminnelse": "påminnelse", "forsenad": "besked om försening"}.get(self.value, self.value)


@dataclass(frozen=True, slots=True)
class Notis:
    """One mail that is due: its key in the store together with kommun and period."""

    forvaltning: str
    slag: Slag
    mottagare: str
    roll: str


@dataclass(frozen=True, slots=True)
class Brevtext:
    """What a mail says."""

    amne: str
    text: str


def due_kinds(days: Deadlines, local: dt.datetime, days_off: Set[dt.date]) -> tuple[Slag, ...]:
    """The kinds whose time is now: template and reminder until the return is due, late notices until the next month's templates.

    Nothing on a day off: what fell due then is sent the next working day.

    Args:
        local: now, in the kommun's time.
    """
    today = local.date()
    if not is_working_day(today, days_off) or today >= days.avslutas:
        return ()
    starts = (
        ((Slag.FORSENAD, days.forsenad), (Slag.ESKALERING, days.eskalering))
        if days.is_due(local)
        else ((Slag.MALL, days.mall), (Slag.PAMINNELSE, days.paminnelse))
    )
    return tuple(slag for slag, start in starts if today >= start)


def due_notices(kommun: Kommun, kinds: tuple[Slag, ...], accepted: Set[str]) -> tuple[Notis, ...]:
    """One mail per förvaltning without an accepted return, kind and recipient, in the order of the förvaltningar.

    Templates, reminders and late notices go to the förvaltning's own addresses (``avsandare``); the escalation to the kommun's.

    Args:
        accepted: codes of the förvaltningar that have an accepted return for the period.
    """
    return tuple(
        Notis(forvaltning.kod, slag, mottagare.adress, mottagare.roll)
        for forvaltning in kommun.forvaltningar
        if forvaltning.kod not in accepted
        for slag in kinds
        for mottagare in (kommun.kalender.eskalering_till if slag is Slag.ESKALERING else forvaltning.avsandare)
    )


def without_recipient(kommun: Kommun, kinds: tuple[Slag, ...]) -> tuple[str, ...]:
    """Where an address is missing for a mail that is due, as sentences for the terminal."""
    missing = [
        f"{forvaltning.namn} har ingen adress (avsandare i kommun.yaml) och får inga utskick."
        for forvaltning in kommun.forvaltningar
        if kinds and not forvaltning.avsandare
    ]
    if Slag.ESKALERING in kinds and not kommun.kalender.eskalering_till:
        missing.append("Ingen får besked om uteblivna returer: eskalering_till i kalendern i kommun.yaml är tom.")
    return tuple(missing)


def write_notice(
    wording: Wording, slag: Slag, kommun: Kommun, forvaltning: Forvaltning, days: Deadlines, stopped: Mapping[str, int]
) -> Brevtext:
    """Subject and text of one mail, from the patterns ``mall.amne``, ``mall.text`` and so on.

    Args:
        stopped: förvaltningar whose newest return is stopped, with its number of findings that stop it.
    """
    state = (
        wording.sentence("lage.stoppad", antal=str(stopped[forvaltning.kod]))
        if forvaltning.kod in stopped
        else wording.sentence("lage.saknas")
    ).text
    values = {
        "kommun": kommun.namn,
        "forvaltning": forvaltning.namn,
        "period": days.period.text,
        "senast": days.senast_text,
        "lage": state,
    }
    return Brevtext(*(_filled(wording, f"{slag}.{part}", values) for part in ("amne", "text")))


def _filled(wording: Wording, name: str, values: Mapping[str, str]) -> str:
    """The pattern with those of the values that it names."""
    pattern = wording.text(name)
    return wording.sentence(name, **{key: value for key, value in values.items() if f"{{{key}}}" in pattern}).text
