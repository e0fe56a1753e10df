"""Example workbooks: the templates filled with a facts file, as the förvaltningar would have filled them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path

from adapters.book_facts import Row as BookRow
from adapters.book_facts import load_book_facts
from adapters.contract_files import load_bokslutsregler
from adapters.kommun_config import load_model
from adapters.sie import write_sie
from adapters.workbook_fill import fill_template
from adapters.workbook_template import write_books, write_register
from data_contracts.bokslutsinstallning import Bokslutsinstallning
from flows.steps.collect import collect
from flows.steps.kolada import keep_page
from flows.steps.template import uncommented_template
from flows.workplace import Workplace, now
from transforms.fact_values import Facts, own_comments, register_rows, retur_values, utfall_of
from transforms.ledger.example import Exempelbok, example_ledger
from transforms.period import Period
from transforms.statements.closing import forms_of


def filled_register(workplace: Workplace, facts: Facts) -> bytes:
    """The year's budget register with the facts' decided budget, anslagsförändringar and bokslut."""
    return write_register(
        workplace.budgetregister, workplace.kommun, facts.period.year, register_rows(facts, workplace.kommun)
    )


def filled_books(workplace: Workplace, path: Path) -> bytes:
    """The workbook of the books with the rows of a facts file, named by the kommun's forms."""
    period, rows = load_book_facts(path, workplace.bokslut)
    return books_workbook(workplace, period, rows)


def books_workbook(workplace: Workplace, period: Period, rows: dict[str, list[BookRow]]) -> bytes:
    """The same of rows of any origin."""
    settings = workplace.kommun.bokslut or Bokslutsinstallning()
    for name, form in forms_of(settings, load_bokslutsregler(), period.last_day).items():
        names = {rad.kod: rad.namn for rad in form.rader}
        for row in rows.get(name, ()):
            row.setdefault("benamning", names.get(str(row["kod"]), ""))
    return write_books(workplace.bokslut, workplace.kommun, period, rows)


def filled_returns(workplace: Workplace, facts: Facts, forvaltningar: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Each förvaltning's return: the real template, prefilled from the register in the inbox, filled with its facts."""
    collect(workplace, facts.period, now())
    kommun = workplace.kommun.for_year(facts.period.year)
    for kod in forvaltningar:
        template = uncommented_template(workplace, kod, facts.period)
        values, comments = retur_values(facts, kommun, kod), own_comments(facts, kommun, kod)
        yield kod, fill_template(template, workplace.manadsretur, kommun, values, comments)


def seed_kolada(workplace: Workplace, example: Path, tid: dt.datetime) -> None:
    """The example's invented answer from Kolada in the cache; nothing where it has none. Again changes nothing."""
    page = example / "kolada.json"
    if page.is_file():
        keep_page(workplace, page.read_bytes(), page.name, tid)


EXEMPELBOK = "huvudbok_exempel.yaml"
"""Beside an example's kommun.yaml: what its made-up ledger books on."""


def filled_ledger(workplace: Workplace, example: Path, facts: Iterable[Facts]) -> bytes:
    """A SIE file of the example's made-up ledger for the month of these facts, agreeing with every utfall in them.

    Args:
        facts: the month's facts files; several where a return came late.
    """
    listed = list(facts)
    results = {key: ore for one in listed for key, ore in utfall_of(one).items()}
    period = listed[0].period
    book = load_model(example / EXEMPELBOK, Exempelbok)
    generated = period.last_day + dt.timedelta(days=8)
    return write_sie(example_ledger(book, results, period, workplace.kommun.namn), generated)
