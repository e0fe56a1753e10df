"""The ledger as figures: per enhet and konto, then per row of the uppställning, so that a return's utfall can be held against it.

A konto's figure ends in lines of the ledger's file: file, sha256, line numbers. A row is the sum of its konton.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from data_contracts.kommun import Enhet, Kommun
from transforms.figures import BERAKNAD, HUVUDBOK, Figure
from transforms.ledger.frames import result_signed
from transforms.ledger.placement import Placed
from transforms.period import Period

SERIE = "huvudbok"
"""The serie of what the ledger says, beside the return's utfall: same enhet, mått and rad."""

KONTO = "huvudbok_konto"
"""The mått of one konto of an enhet."""

RAD = "rad "
"""How a place in a text file begins: ``rad 12, 15``."""


def ledger_figures(placed: Sequence[Placed], kommun: Kommun, period: Period) -> tuple[Figure, ...]:
    """What the ledger has for each entered row of every enhet, accumulated from January: Σ of its konton.

    Drift is result-signed (income +, cost −), investeringar unsigned utgift (debit +). A row that no konto has moved is zero: a ledger
    leaves out accounts that have not moved.

    Source: kommun.yaml, huvudbok; docs/beslut/0002-tecken.md.
    Args:
        placed: rows of an accepted ledger that covers the period.
    """
    groups: dict[tuple[str, str, str], dict[str, list[Placed]]] = {}
    for row in placed:
        if row.rad:
            groups.setdefault((row.enhet, row.matt, row.rad), {}).setdefault(row.konto, []).append(row)
    figures: list[Figure] = []
    for enhet in kommun.enheter:
        for matt, rad, namn in _entered_rows(enhet, kommun):
            accounts = groups.get((enhet.kod, matt, rad), {})
            parts = [
                _account(period, enhet.kod, matt, f"{konto}.{rad}", konto, rows)
                for konto, rows in sorted(accounts.items())
            ]
            figures.extend(parts)
            figures.append(_row(period, enhet.kod, matt, rad, namn, parts))
    return tuple(figures)


def _entered_rows(enhet: Enhet, kommun: Kommun) -> Iterable[tuple[str, str, str]]:
    for matt, kod in (("drift", enhet.drift), ("investeringar", enhet.investeringar)):
        if kod is not None:
            for rad in kommun.uppstallning(kod).poster:
                yield matt, rad.kod, rad.namn


def _account(period: Period, enhet: str, matt: str, kod: str, konto: str, rows: Sequence[Placed]) -> Figure:
    """One konto behind one row. ``cell`` names its lines; ``ravarde`` says how many they are, and ``grupp`` the side it is turned to."""
    lines = sorted({line for row in rows for line in row.rader})
    ledger_ore = sum(row.ledger_ore for row in rows)
    return Figure(
        period=str(period),
        enhet=enhet,
        matt=KONTO,
        rad=kod,
        serie=SERIE,
        namn=f"konto {konto}",
        varde=ledger_ore if matt == "investeringar" else result_signed(ledger_ore),
        slag=HUVUDBOK,
        retur_sha256=rows[0].sha256,
        fil=rows[0].fil,
        cell=RAD + ", ".join(str(line) for line in lines),
        ravarde="debet plus" if matt == "investeringar" else "kredit plus",
        formel="summan av raderna i huvudboken",
    )


def _row(period: Period, enhet: str, matt: str, rad: str, namn: str, parts: Sequence[Figure]) -> Figure:
    return Figure(
        period=str(period),
        enhet=enhet,
        matt=matt,
        rad=rad,
        serie=SERIE,
        namn=namn,
        varde=sum(part.varde or 0 for part in parts),
        slag=BERAKNAD if parts else HUVUDBOK,
        formel="summan av kontona i huvudboken" if parts else "inget konto på raden har rört sig",
        indata=tuple((1, part.figure_id) for part in parts),
    )


def lines_of(figure: Figure) -> tuple[int, ...]:
    """The line numbers that a konto's figure stands on; none for other figures."""
    if not figure.cell.startswith(RAD):
        return ()
    return tuple(int(line) for line in figure.cell.removeprefix(RAD).split(", "))
