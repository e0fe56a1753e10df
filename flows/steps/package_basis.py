"""What a package for revisorerna is made of, read once: the log, the closings that the figures look back on, views and returns."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import pandas as pd

from adapters.store import MANAD, Closing, ReportRecord, ReturRecord
from flows.steps.approve import view_of
from flows.steps.environment import environment_of
from flows.workplace import Workplace
from transforms.audit_chain import Huvud, Lank
from transforms.deviation_register import arende_year
from transforms.environment import Miljo
from transforms.figure_id import parse_figure_id
from transforms.figures import Figure, from_frame
from transforms.period import Period
from transforms.view_types import Rapport

EVENT = "granskningspaket_gjort"


class PackageBasis:
    """What one closing's package is made of. What several of its files need is read once."""

    def __init__(self, workplace: Workplace, closing: Closing) -> None:
        self.workplace, self.closing = workplace, closing
        self.store, self.objects = workplace.store, workplace.objects
        self.period = Period.parse(closing.period)
        self.reports = sorted(self.store.reports_of(closing.id), key=lambda one: workplace.kommun.plats(one.kod))
        self._frames: dict[int, pd.DataFrame] = {}
        self._environments: dict[int, Miljo | None] = {}

    @property
    def head(self) -> str:
        """The log's head, as far as the package has it: ``17:ab12…``."""
        return str(Huvud(self.links[-1].nr, self.links[-1].hash))

    def frame(self, closing: Closing) -> pd.DataFrame:
        """The figures of a closing that the package holds."""
        if closing.id not in self._frames:
            self._frames[closing.id] = self.store.load_figures(closing.id)
        return self._frames[closing.id]

    @cached_property
    def links(self) -> tuple[Lank, ...]:
        """The log up to its newest event that is not the making of a package, so that making one again gives the same bytes."""
        links = list(self.store.journal())
        while links and links[-1].vad == EVENT:
            links.pop()
        return tuple(links)

    @cached_property
    def periods(self) -> dict[str, tuple[Closing, ...]]:
        """The closing of each month that the figures look back on, as it stood for this one; the books' before that of their month."""
        own = (self.closing,) if self.month in (None, self.closing) else (self.closing, self.month)
        found = {self.closing.period: own}
        waiting = list(own)
        while waiting:
            for figure in self.figures(waiting.pop()):
                for _, part in figure.indata:
                    period = parse_figure_id(part).period
                    before = None if period in found else self.store.closing_before(self.closing, period)
                    if before is not None:
                        found[period] = (before,)
                        waiting.append(before)
        return dict(sorted(found.items()))

    @cached_property
    def closings(self) -> tuple[Closing, ...]:
        """Every closing whose figures the package holds."""
        return tuple(closing for listed in self.periods.values() for closing in listed)

    @cached_property
    def month(self) -> Closing | None:
        """The month's closing that the reports stand on: this one, or what the books look at; None where there was none."""
        if self.closing.slag == MANAD:
            return self.closing
        return self.store.closing_before(self.closing, self.closing.period)

    def figures(self, closing: Closing) -> tuple[Figure, ...]:
        """The figures of a closing, one by one."""
        return from_frame(self.frame(closing))

    @cached_property
    def views(self) -> list[tuple[ReportRecord, Rapport]]:
        """Each report of the closing with what it shows."""
        return [(record, view_of(self.workplace, record)) for record in self.reports]

    @cached_property
    def returns(self) -> frozenset[int]:
        """The ids of the period's returns, and of its workbook of the books, in every version."""
        return frozenset(one.id for one in self.records)

    @cached_property
    def records(self) -> tuple[ReturRecord, ...]:
        """The period's returns in every version, and the workbook of the books where the closing is theirs."""
        kommun, period = self.workplace.kommun.kod, self.closing.period
        books = () if self.closing.slag == MANAD else self.store.books_chain(kommun, period)
        return (*self.store.returns_for(kommun, period), *books)

    def environment(self, closing_id: int) -> Miljo | None:
        """What a closing was made with; None for one that is older than the keeping of it."""
        if closing_id not in self._environments:
            closing = self.closing if closing_id == self.closing.id else self.store.closing(closing_id)
            self._environments[closing_id] = environment_of(self.workplace, closing)
        return self._environments[closing_id]

    @cached_property
    def decisions(self) -> Sequence[Any]:
        """The decisions on the year's cases up to the closing's month."""
        return [
            one
            for one in self.store.decisions(self.workplace.kommun.kod)
            if arende_year(one.arende_id) == self.period.year and one.period <= self.closing.period
        ]


def plain_json(value: Any) -> bytes:
    """A file of the package: the same value gives the same bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")
