"""A period: one calendar month of one räkenskapsår."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

MANADER = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)
MANADER_KORT = ("jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec")
_FORM = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Year and month. ``Period.parse("2026-04")``; ``str(period)`` gives it back."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Period:
        """From 'ÅÅÅÅ-MM'. Raises ValueError with a Swedish sentence."""
        match = _FORM.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"perioden {text!r} ska skrivas som år och månad, till exempel 2026-04")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def containing(cls, day: dt.date) -> Period:
        """The period that a day falls in."""
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def text(self) -> str:
        """'april 2026'."""
        return f"{MANADER[self.month - 1]} {self.year}"

    @property
    def span_text(self) -> str:
        """The months up to and with this one: 'januari–augusti 2026'; for January 'januari 2026'."""
        return self.text if self.month == 1 else f"{MANADER[0]}\u2013{self.text}"

    @property
    def short_span_text(self) -> str:
        """As ``span_text`` for the head of a column: 'jan–aug 2026'."""
        first = "" if self.month == 1 else f"{MANADER_KORT[0]}\u2013"
        return f"{first}{MANADER_KORT[self.month - 1]} {self.year}"

    @property
    def short_last_day_text(self) -> str:
        """The last day for the head of a column: '31 aug 2026'."""
        return f"{self.last_day.day} {MANADER_KORT[self.month - 1]} {self.year}"

    @property
    def last_day(self) -> dt.date:
        """The period's last calendar day."""
        return dt.date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    @property
    def previous(self) -> Period:
        """The month before."""
        return Period(self.year - 1, 12) if self.month == 1 else Period(self.year, self.month - 1)

    @property
    def following(self) -> Period:
        """The month after."""
        return Period(self.year + 1, 1) if self.month == 12 else Period(self.year, self.month + 1)
