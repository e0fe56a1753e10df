"""The made-up year of an invented kommun (``exempelar.yaml``): facts, ledger and workbooks of any of its months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from adapters.kommun_config import load_model
from adapters.sie import write_sie
from data_contracts.kommun import Kommun
from flows.steps.example import EXEMPELBOK
from transforms.example_year.course import Course, year_course
from transforms.example_year.facts import example_facts
from transforms.example_year.faults import with_faults
from transforms.example_year.ledger import year_ledgers
from transforms.example_year.settings import Exempelar
from transforms.fact_values import Facts
from transforms.ledger.example import Exempelbok
from transforms.period import Period

EXEMPELAR = "exempelar.yaml"


@dataclass(frozen=True, slots=True)
class ExampleYear:
    """An example's year: its configuration, its settings, what each row comes to, and what its ledger books on."""

    kommun: Kommun
    plan: Exempelar
    course: Course
    bok: Exempelbok

    @property
    def periods(self) -> Iterator[Period]:
        """The months of the year."""
        return (Period(self.plan.ar, month) for month in range(1, 13))


def has_year(example: Path) -> bool:
    """True for an example whose months are made, not read from facts files."""
    return (example / EXEMPELAR).is_file()


def load_year(example: Path, kommun: Kommun) -> ExampleYear:
    """The year that stands beside an example's kommun.yaml."""
    plan = load_model(example / EXEMPELAR, Exempelar)
    return ExampleYear(kommun, plan, year_course(kommun, plan), load_model(example / EXEMPELBOK, Exempelbok))


def facts_of_month(year: ExampleYear, period: Period) -> Facts:
    """The month's facts, with the errors that are planted in it."""
    facts = example_facts(year.kommun, year.plan, year.course, period)
    planted = year.plan.planterat
    return facts if planted is None or planted.manad != period.month else with_faults(facts, planted.fel)


def ledger_of_month(year: ExampleYear, period: Period) -> bytes:
    """A SIE file of the year up to and with the month."""
    _, this = year_ledgers(year.bok, year.course, period, year.kommun.namn)
    return write_sie(this, period.last_day + dt.timedelta(days=8))
