"""Investeringsredovisning out of the ledger: each project row with what has been spent, beside the register's budget of the year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from data_contracts.kommun import Kommun
from transforms.figures import BERAKNAD, HUVUDBOK, KOMMUNEN, Figure, combine
from transforms.ledger.figures import RAD
from transforms.ledger.placement import Placed
from transforms.ledger.statements import BOKKONTO
from transforms.period import Period

INVESTERINGSREDOVISNING = "investeringsredovisning"
SUMMA_INVESTERINGAR = "summa"


def investment_figures(
    placed: Sequence[Placed], budgets: Iterable[Figure], kommun: Kommun, period: Period
) -> tuple[Figure, ...]:
    """utfall and budget per enhet's row of investeringar (``sbn.gata.bro_storan``), and their sums.

    Utgifter unsigned: debit is plus. A row that neither the ledger nor the register has anything of is left out; one that the ledger has
    nothing of has utfall 0, one that the register does not know has no budget. A sum is missing when a part is.

    Source: LKBR 10 kap. 2 §; RKR R14.
    Args:
        placed: the ledger's rows up to the period (``placement.place``).
        budgets: the register's figures (``normalisation.figures_from_register``).
    """
    known = {(f.enhet, f.rad): f for f in budgets if (f.matt, f.serie) == ("investeringar", "budget")}
    made: list[Figure] = []
    for enhet in kommun.enheter:
        if enhet.investeringar is None:
            continue
        for rad in kommun.uppstallning(enhet.investeringar).poster:
            own = [row for row in placed if (row.matt, row.enhet, row.rad) == ("investeringar", enhet.kod, rad.kod)]
            budget = known.get((enhet.kod, rad.kod))
            if not own and (budget is None or budget.varde == 0):
                continue
            kod, namn = f"{enhet.kod.lower()}.{rad.kod}", f"{enhet.namn}: {rad.namn}"
            made += _row(period, kod, namn, own, budget)
    return (*made, *investment_sums(made, period))


def _row(period: Period, kod: str, namn: str, own: Sequence[Placed], budget: Figure | None) -> list[Figure]:
    """The row's utfall after its konton, and its budget where there is one."""
    model = Figure(str(period), KOMMUNEN, INVESTERINGSREDOVISNING, kod, "utfall", namn, 0, HUVUDBOK)
    if own:
        konton = [_konto(period, kod, konto, own) for konto in sorted({row.konto for row in own})]
        made = [*konton, _sum(model, konton, "summan av kontona i huvudboken")]
    else:
        made = [replace(model, formel="inget konto har rört sig")]
    return made if budget is None else [*made, _sum(replace(model, serie="budget"), [budget], "registrets budget")]


def _konto(period: Period, kod: str, konto: str, own: Sequence[Placed]) -> Figure:
    rows = [row for row in own if row.konto == konto]
    lines = sorted({line for row in rows for line in row.rader})
    return Figure(
        period=str(period), enhet=KOMMUNEN, matt=BOKKONTO, rad=f"{konto}.{INVESTERINGSREDOVISNING}.{kod}", serie="utfall",
        namn=f"konto {konto}", varde=sum(row.ledger_ore for row in rows), slag=HUVUDBOK, retur_sha256=rows[0].sha256,
        fil=rows[0].fil, cell=RAD + ", ".join(str(line) for line in lines), ravarde="debet plus",
        formel="summan av raderna i huvudboken",
    )  # fmt: skip


def investment_sums(made: Sequence[Figure], period: Period) -> list[Figure]:
    """utfall and budget of all projects together; nothing where a sum stands among the rows. Missing when a project's is.

    Source: LKBR 10 kap. 2 §: en samlad redovisning av investeringarna.
    """
    rows = [figure for figure in made if figure.matt == INVESTERINGSREDOVISNING and figure.enhet == KOMMUNEN]
    if any(figure.rad == SUMMA_INVESTERINGAR for figure in rows):
        return []
    sums = []
    for serie in ("utfall", "budget"):
        parts = [figure for figure in rows if figure.serie == serie]
        if parts:
            model = Figure(
                str(period),
                KOMMUNEN,
                INVESTERINGSREDOVISNING,
                SUMMA_INVESTERINGAR,
                serie,
                "Summa investeringar",
                0,
                BERAKNAD,
            )
            sums.append(_sum(model, parts, "summan av projekten"))
    return sums


def _sum(model: Figure, parts: Sequence[Figure], formel: str) -> Figure:
    terms = [(1, part) for part in parts]
    return replace(
        model, varde=combine(terms), slag=BERAKNAD, formel=formel, indata=tuple((1, part.figure_id) for part in parts)
    )
