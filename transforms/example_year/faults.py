"""Errors planted in a month's returns, as senders make them: each changes one field, or a column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from transforms.example_year.settings import Fel
from transforms.fact_values import Facts, Kommentarfakta, Radfakta, Returfakta

KOMMENTARER = "kommentarer"
ALLA = "*"


def with_faults(facts: Facts, faults: Iterable[Fel]) -> Facts:
    """The facts with each error in the return of the förvaltning that reports its enhet.

    Raises:
        ValueError: an error touches no field of the returns.
    """
    returns = facts.returer
    for fault in faults:
        changed = tuple(_with_fault(one, fault) for one in returns)
        if changed == returns:
            raise ValueError(
                f"planterat fel {fault.kod}: {fault.enhet} {fault.tabell} {fault.rad} finns inte i returerna"
            )
        returns = changed
    return replace(facts, returer=returns)


def _with_fault(retur: Returfakta, fault: Fel) -> Returfakta:
    if fault.tabell == KOMMENTARER:
        comments = tuple(
            _comment(one, fault) if (one.enhet, one.kod) == (fault.enhet, fault.rad) else one
            for one in retur.kommentarer
        )
        return replace(retur, kommentarer=tuple(one for one in comments if one.orsak))
    return replace(retur, rader=tuple(_row(row, fault) for row in retur.rader))


def _comment(comment: Kommentarfakta, fault: Fel) -> Kommentarfakta:
    text = fault.text or ""
    return replace(comment, atgard=text) if fault.kolumn == "atgard" else replace(comment, orsak=text)


def _row(row: Radfakta, fault: Fel) -> Radfakta:
    if (row.enhet, row.tabell) != (fault.enhet, fault.tabell) or fault.rad not in (ALLA, row.rad):
        return row
    values = tuple((column, _value(value, fault) if column == fault.kolumn else value) for column, value in row.varden)
    return replace(row, varden=values)


def _value(value: Decimal | str, fault: Fel) -> Decimal | str:
    if fault.text is not None:
        return fault.text
    return value * fault.ganger if isinstance(value, Decimal) else value
