"""The budget that the ledger itself holds (#PBUDGET) against the budget register: the same decision, kept in two places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from data_contracts.kommun import Enhet, Kommun, Uppstallning
from data_contracts.kommunbas import Kontoplan
from transforms.figures import Figure, FigureIndex, combine
from transforms.ledger.frames import result_signed
from transforms.ledger.placement import Placed, place
from transforms.ledger.reconciliation import Kontroll, tolerance_of
from transforms.period import Period


def placed_budget(budget: pd.DataFrame, kommun: Kommun, chart: Kontoplan, period: Period) -> tuple[Placed, ...]:
    """The ledger's budget of the whole year with its places; nothing where the file has none, or does not reach December.

    A budget that ends with the month of the file is that of a part of the year, and can't be held against the year's.

    Source: SIE filformat utgåva 4B, #PBUDGET: the month's budget.
    Args:
        budget: ``frames.LEDGER_BUDGET``.
    """
    year = Period(period.year, 12)
    if not (budget["period"] == str(year)).any():
        return ()
    return place(budget, kommun, chart, year)


def budget_checks(
    budget: Sequence[Placed], figures: FigureIndex, kommun: Kommun, period: Period
) -> tuple[Kontroll, ...]:
    """Per enhet the ledger's budget of the year against the register's, and what of the ledger's budget no row takes against nothing.

    Drift by the rows under its main row (before reglering), income +, cost −; investeringar unsigned. An enhet that neither has a budget
    for is not compared; one that only the register or only the ledger has is held against zero or against what is missing. Nothing where
    the ledger holds no budget.

    Source: LKBR 3 kap. 2 §: the bookkeeping is to be comparable with fullmäktige's budget; kommun.yaml, huvudbok: toleranser.
    Args:
        budget: ``placed_budget``.
        figures: with the register's ``budget`` per row: original and decisions up to the period's last day.
    """
    if not budget or not any(figure.serie == "budget" for figure in figures):
        return ()
    checks = [check for enhet in kommun.enheter for check in _of_enhet(budget, figures, enhet, kommun, period)]
    outside = -sum(row.ledger_ore for row in budget if row.matt in ("drift", "investeringar") and not row.rad)
    checks.append(
        _kontroll(
            "huvudboksbudget.utanfor_tabellerna",
            "Huvudbokens budget på ansvar, konton eller projekt som ingen rad tar emot",
            (outside, "Utan rad"),
            (0, "Ska vara"),
            (),
            kommun,
            period,
        )
    )
    return tuple(checks)


def _of_enhet(
    budget: Sequence[Placed], figures: FigureIndex, enhet: Enhet, kommun: Kommun, period: Period
) -> Iterator[Kontroll]:
    for matt, kod, what in (
        ("drift", enhet.drift, "driftens budget"),
        ("investeringar", enhet.investeringar, "investeringsbudget"),
    ):
        if kod is None:
            continue
        rows = _entered_under(kommun.uppstallning(kod))
        own = [row.ledger_ore for row in budget if (row.enhet, row.matt) == (enhet.kod, matt) and row.rad in rows]
        register = [
            (1, figure) for rad in sorted(rows) if (figure := figures.get(enhet.kod, matt, rad, "budget")) is not None
        ]
        if not own and not _has_value(register):
            continue
        ledger = sum(own)
        yield _kontroll(
            f"huvudboksbudget.{enhet.kod}.{matt}",
            f"{enhet.namn}, {what}",
            (ledger if matt == "investeringar" else result_signed(ledger), "Huvudbok"),
            (combine(register) if register else None, "Budgetregister"),
            (kommun.namnd_of(enhet.kod).kod,),
            kommun,
            period,
        )


def _has_value(register: Sequence[tuple[int, Figure]]) -> bool:
    return any(figure.varde for _, figure in register)


def _entered_under(uppstallning: Uppstallning) -> frozenset[str]:
    """The entered rows that the main row is made of."""
    under = {uppstallning.huvudrad}
    for rad in reversed(uppstallning.summation_order()):
        if rad.kod in under:
            under |= set(rad.delar)
    return frozenset(rad.kod for rad in uppstallning.poster if rad.kod in under)


def _kontroll(
    id: str,
    namn: str,
    vanster: tuple[int | None, str],
    hoger: tuple[int | None, str],
    namnder: tuple[str, ...],
    kommun: Kommun,
    period: Period,
) -> Kontroll:
    tolerans, referens = tolerance_of(kommun, period)
    return Kontroll(
        id=id, namn=namn, vanster_namn=vanster[1], hoger_namn=hoger[1], vanster=vanster[0], hoger=hoger[0],
        namnder=namnder, tolerans_ore=tolerans, referens=referens,
    )  # fmt: skip
