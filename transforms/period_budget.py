"""The register's budget spread over the months: by twelfths, by a seasonal key, or as the register says month by month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from data_contracts.kommun import Kommun
from data_contracts.periodisering import MANUELL
from transforms.corrections import AS_ENTERED
from transforms.figures import BERAKNAD, INLAMNAD, REGISTER, Figure, FigureIndex
from transforms.formulas import SUMMA, evaluate, spread_formula
from transforms.period import MANADER, Period
from transforms.schemas import rows_in

MANADSBUDGET = "manadsbudget"
"""The mått of one month of a row that is periodised by hand: rad is avser, row and month, ``drift.personal.03``."""
PERIODBUDGET = "periodbudget"
BESLUTAD = "periodbudget_beslutad"
MANADSKOLUMNER = tuple(f"m{month:02d}" for month in range(1, 13))

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Periodiserad:
    """How one row is periodised: by the key with that code, or by hand with its months' figures."""

    nyckel: str
    manader: tuple[Figure, ...] = ()


def periodisation_of(frames: Mapping[str, pd.DataFrame], kommun: Kommun, period: Period) -> dict[Key, Periodiserad]:
    """How the register says that each row is periodised; a row that it says nothing of follows the kommun's keys.

    Args:
        frames: the register's tables (beslutad_budget, periodbudget); amounts in öre.
    """
    months = {_key(row): _months(row, period) for row in rows_in(frames, "periodbudget")}
    said: dict[Key, Periodiserad] = {}
    for row in rows_in(frames, "beslutad_budget"):
        key, nyckel = _key(row), str(row.get("periodisering") or "")
        if nyckel == MANUELL and key in months:
            said[key] = Periodiserad(MANUELL, months[key])
        else:
            said[key] = Periodiserad(nyckel or kommun.periodisering.key_of(key[1], key[0], key[2]).kod)
    return said


def _key(row: Mapping[str, Any]) -> Key:
    return str(row["enhet"]), str(row["avser"]), str(row["kod"])


def _months(row: Mapping[str, Any], period: Period) -> tuple[Figure, ...]:
    enhet, avser, rad = _key(row)
    return tuple(
        Figure(
            period=str(period), enhet=enhet, matt=MANADSBUDGET, rad=f"{avser}.{rad}.{column[1:]}", serie="budget",
            namn=f"{row.get('benamning') or rad}, {MANADER[place]}", varde=row[column], slag=REGISTER,
            retur_sha256=str(row.get("retur") or ""), fil=str(row.get("fil") or ""), blad=str(row.get("blad") or ""),
            cell=str(row.get(f"{column}_cell") or ""), ravarde=str(row.get(f"{column}_ra") or ""),
        )
        for place, column in enumerate(MANADSKOLUMNER)
    )  # fmt: skip


def decided_months(frames: Mapping[str, pd.DataFrame]) -> dict[str, Period]:
    """The month of each anslagsförändring's decision, by löpnummer."""
    return {
        str(row["lopnummer"]): Period.parse(str(row["beslutsdatum"])[:7])
        for row in rows_in(frames, "anslagsforandringar")
        if row["beslutsdatum"]
    }


def period_budgets(
    budgets: Iterable[Figure],
    said: Mapping[Key, Periodiserad],
    decided: Mapping[str, Period],
    kommun: Kommun,
    period: Period,
) -> tuple[Figure, ...]:
    """periodbudget per enhet, mått and row: what of the aktuell budget lies in January up to the period.

    The decided budget is spread over the year by the row's key with the largest remainder, so that the twelve months sum to it exactly;
    or it is the months that the register states. A change is spread by the same key over the months from that of its decision: what has
    been reported is not periodised anew. A change of a row that is periodised by hand follows the kommun's key for the row.
    Missing where the budget is. Signs as the budget's.

    Source: docs/beslut/0026-periodbudget.md; the kommun's keys with their references.
    Args:
        budgets: the register's figures (``normalisation.figures_from_register``).
        said: how each row is periodised.
        decided: the month of each change's decision, by löpnummer; one before the year is January's.
    """
    index = FigureIndex(budgets)
    made: list[Figure] = []
    for budget in index:
        if budget.serie != "budget" or budget.matt not in ("drift", "investeringar"):
            continue
        key = (budget.enhet, budget.matt, budget.rad)
        fallback = kommun.periodisering.key_of(budget.matt, budget.enhet, budget.rad).kod
        made += _of_row(budget, index, said.get(key, Periodiserad(fallback)), decided, kommun, period)
    return tuple(made)


def _of_row(
    budget: Figure,
    index: FigureIndex,
    how: Periodiserad,
    decided: Mapping[str, Period],
    kommun: Kommun,
    period: Period,
) -> Iterator[Figure]:
    original = index.get(budget.enhet, budget.matt, budget.rad, "beslutad_budget")
    if original is None:
        yield from _decided(budget, PERIODBUDGET, how, kommun, period)
        return
    parts = list(_decided(replace(original, serie="budget", rad=budget.rad), BESLUTAD, how, kommun, period, original))
    weights = _weights(how.nyckel, budget, kommun)
    for _, part in budget.indata[1:]:
        change = index.by_id(part)
        if change is not None:
            first = max(decided.get(change.rad, Period(period.year, 1)), Period(period.year, 1)).month
            parts.append(_spread(change, PERIODBUDGET, weights, first, period))
    yield from parts
    terms = [(1, part) for part in parts if part.matt != MANADSBUDGET]
    total = replace(
        budget, serie=PERIODBUDGET, slag=BERAKNAD, formel=SUMMA, varde=None,
        indata=tuple((sign, part.figure_id) for sign, part in terms),
    )  # fmt: skip
    yield replace(total, varde=evaluate(total, terms))


def _decided(
    budget: Figure, serie: str, how: Periodiserad, kommun: Kommun, period: Period, source: Figure | None = None
) -> Iterator[Figure]:
    """The decided budget's part of the period, and before it the months that it is the sum of."""
    if how.nyckel == MANUELL and how.manader:
        yield from how.manader
        terms = [(1, month) for month in how.manader[: period.month]]
        total = replace(
            _plain(budget), serie=serie, formel=SUMMA, indata=tuple((sign, month.figure_id) for sign, month in terms)
        )
        yield replace(total, varde=evaluate(total, terms))
        return
    yield _spread(source or budget, serie, _weights(how.nyckel, budget, kommun), 1, period)


def _weights(nyckel: str, budget: Figure, kommun: Kommun) -> tuple[int, ...]:
    known = kommun.periodisering.nyckel(nyckel)
    return (known or kommun.periodisering.key_of(budget.matt, budget.enhet, budget.rad)).vikter


def _spread(source: Figure, serie: str, weights: tuple[int, ...], first: int, period: Period) -> Figure:
    """What of an amount, spread from its first month to December, lies up to the period. Even where the key has no weight left."""
    left = tuple(weight if month >= first else 0 for month, weight in enumerate(weights, start=1))
    if not any(left):
        left = tuple(int(month >= first) for month in range(1, 13))
    made = replace(
        _plain(source), serie=serie, formel=spread_formula(left, period.month), indata=((1, source.figure_id),)
    )
    return replace(made, varde=evaluate(made, ((1, source),)))


def _plain(figure: Figure) -> Figure:
    """The figure as a computed one: no value and no cell of its own."""
    return replace(
        figure, varde=None, slag=BERAKNAD, formel="", indata=(), retur_sha256="", fil="", blad="", cell="",
        ravarde=figure.ravarde if figure.is_not_applicable else "",
    )  # fmt: skip


def with_period_budgets(figures: Iterable[Figure], made: Iterable[Figure]) -> tuple[Figure, ...]:
    """The figures with the register's period budget in place of the returns'.

    What a return says stays as a figure of its own (``periodbudget_inlamnad``) where it says something else; the register's own rows
    alone are replaced, so a sender's own row keeps its budget.
    """
    register = {figure.key: figure for figure in made}
    kept: list[Figure] = []
    for figure in figures:
        own = register.get(figure.key)
        if own is None:
            kept.append(figure)
        elif figure.slag == INLAMNAD and figure.varde is not None and figure.varde != own.varde:
            kept.append(replace(figure, serie=f"{PERIODBUDGET}{AS_ENTERED}"))
    return (*kept, *register.values())
