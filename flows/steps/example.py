"""Example workbooks: the templates filled with a facts file, as the förvaltningar would have filled them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path

from adapters.workbook_fill import fill_template
from adapters.workbook_template import write_register
from flows.steps.collect import collect
from flows.steps.kolada import keep_page
from flows.steps.template import return_template
from flows.workplace import Workplace, now
from transforms.fact_values import Facts, own_comments, register_rows, retur_values


def filled_register(workplace: Workplace, facts: Facts) -> bytes:
    """The year's budget register with the facts' decided budget, anslagsförändringar and bokslut."""
    return write_register(
        workplace.budgetregister, workplace.kommun, facts.period.year, register_rows(facts, workplace.kommun)
    )


def filled_returns(workplace: Workplace, facts: Facts, forvaltningar: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Each förvaltning's return: the real template, prefilled from the register in the inbox, filled with its facts."""
    collect(workplace, facts.period, now())
    kommun = workplace.kommun.for_year(facts.period.year)
    for kod in forvaltningar:
        template = return_template(workplace, kod, facts.period)
        values, comments = retur_values(facts, kommun, kod), own_comments(facts, kommun, kod)
        yield kod, fill_template(template, workplace.manadsretur, kommun, values, comments)


def seed_kolada(workplace: Workplace, example: Path, tid: dt.datetime) -> None:
    """The example's invented answer from Kolada in the cache; nothing where it has none. Again changes nothing."""
    page = example / "kolada.json"
    if page.is_file():
        keep_page(workplace, page.read_bytes(), page.name, tid)
