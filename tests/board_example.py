"""Boards of the example kommun Alingsås, April 2026 (8 förvaltningar): before the due time, late, and complete."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from adapters.kommun_config import load_kommun
from adapters.working_days import days_off
from data_contracts.findings import Severity
from data_contracts.kommun import Kommun
from flows.home import CHECKOUT
from transforms.closing_board import Inkommen, RapportLage, Tavla, Underlag, build_board
from transforms.deadlines import Deadlines, deadlines
from transforms.period import Period

STOCKHOLM = ZoneInfo("Europe/Stockholm")
APRIL = Period(2026, 4)
NOTES = {Severity.FORKLARAS: 4, Severity.NOTERING: 1}


def kommun() -> Kommun:
    """Alingsås with one nämnd's meetings."""
    read = load_kommun(CHECKOUT / "kommuner" / "alingsas" / "kommun.yaml")
    meetings = {read.namnder[0].kod: (dt.date(2026, 4, 21), dt.date(2026, 5, 26))}
    return read.model_copy(update={"kalender": read.kalender.model_copy(update={"sammantraden": meetings})})


def days() -> Deadlines:
    """April's days: due on Wednesday 13 May."""
    return deadlines(kommun().kalender, APRIL, days_off(2025, 2027))


def local(day: int, time: str = "08:00", month: int = 5) -> dt.datetime:
    """A time in 2026 as the clocks in Alingsås show it."""
    return dt.datetime.combine(dt.date(2026, month, day), dt.time.fromisoformat(time), STOCKHOLM)


def koder() -> list[str]:
    """The förvaltningar in order."""
    return [forvaltning.kod for forvaltning in kommun().forvaltningar]


def retur(
    kod: str, day: int, status: str = "godkand", version: int = 1, fynd: dict[Severity, int] | None = None
) -> Inkommen:
    """A version that came on a day of May."""
    return Inkommen(kod, version, local(day, "10:12"), status, fynd or {})


def board(
    returer: Sequence[Inkommen] = (),
    *,
    at: dt.datetime,
    stangd: dt.datetime | None = None,
    rapporter: Sequence[RapportLage] = (),
) -> Tavla:
    """The board at a time; the templates went out on 6 May."""
    sent = dict.fromkeys(koder(), local(6, "07:30"))
    return build_board(kommun(), days(), Underlag(returer, sent, rapporter, stangd), at)


def during() -> Tavla:
    """The day before the return is due: some in, one to mend, one not judged yet."""
    one, two, three, four, *_ = koder()
    returer = (
        retur(one, 8),
        retur(two, 11, fynd=NOTES),
        retur(three, 11, "stoppad", fynd={Severity.STOPPAR: 12, **NOTES}),
        retur(four, 12, "mottagen"),
    )
    return board(returer, at=local(12, "11:00"))


def late() -> Tavla:
    """Two days after: most are in, one with a newer stopped version, one to mend, two late."""
    koder_ = koder()
    returer = (
        *(retur(kod, 8 + place % 3, fynd=NOTES if place % 2 else {}) for place, kod in enumerate(koder_[:6])),
        retur(koder_[0], 13, "stoppad", 2, {Severity.STOPPAR: 1}),
        retur(koder_[6], 12, "stoppad", fynd={Severity.STOPPAR: 3}),
    )
    return board(returer, at=local(15, "09:00"))


def closed_without() -> Tavla:
    """Closed with one missing; every nämnd has its draft."""
    reports = tuple(RapportLage(namnd.kod, "utkast", 1) for namnd in kommun().namnder if namnd.har_rapport)
    returer = tuple(retur(kod, 11) for kod in koder()[:-1])
    return board(
        returer, at=local(15, "09:00"), stangd=local(15, "06:04"), rapporter=(*reports, RapportLage("", "utkast", 1))
    )


def complete() -> Tavla:
    """Everything in, one after the due time, and the reports approved."""
    reports = tuple(RapportLage(namnd.kod, "fastställd", 2) for namnd in kommun().namnder if namnd.har_rapport)
    returer = tuple(
        retur(kod, 11 if place else 15, fynd=NOTES if place == 2 else {}) for place, kod in enumerate(koder())
    )
    return board(returer, at=local(20), stangd=local(19), rapporter=(*reports, RapportLage("", "fastställd", 3)))
