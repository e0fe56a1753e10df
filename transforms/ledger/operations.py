"""Driftredovisning out of the ledger: intäkter, kostnader and nettokostnad per nämnd, beside the register's budget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from data_contracts.kommun import Finansiering, Kommun, Namnd, RadTyp
from data_contracts.uppstallningsform import Formrad
from transforms.figures import BERAKNAD, HUVUDBOK, KOMMUNEN, Figure, combine
from transforms.ledger.figures import RAD
from transforms.ledger.frames import result_signed
from transforms.ledger.placement import Placed
from transforms.ledger.statements import BOKKONTO
from transforms.period import Period
from transforms.period_budget import PERIODBUDGET

DRIFTREDOVISNING = "driftredovisning"
_SIDES = (
    ("intakter", "Intäkter", ("3",), RadTyp.INTAKT),
    ("kostnader", "Kostnader", ("4", "5", "6", "7"), RadTyp.KOSTNAD),
)
"""Row, name, the classes of Kommun-Bas that it is made of, and the type of the budget's rows."""


def operation_rows(kommun: Kommun) -> tuple[Formrad, ...]:
    """The rows: per nämnd that runs something its intäkter, kostnader and nettokostnad, and the whole.

    Source: LKBR 10 kap. 1 §: driftredovisningen stäms av mot fullmäktiges budget per nämnd.
    """
    boards = _boards(kommun)
    rows: list[Formrad] = []
    for namnd in boards:
        kod = _kod(namnd)
        rows.append(Formrad(kod=f"{kod}.rubrik", namn=namnd.namn, rubrik=True))
        rows += [Formrad(kod=f"{kod}.{side}", namn=namn, niva=1) for side, namn, _, _ in _SIDES]
        parts = tuple(f"{kod}.{side}" for side, _, _, _ in _SIDES)
        rows.append(Formrad(kod=net_row(namnd), namn="Nettokostnad", delar=parts, stil="summa"))
    whole = tuple(net_row(namnd) for namnd in boards)
    rows.append(Formrad(kod="summa", namn="Summa nettokostnad", delar=whole, stil="total"))
    return tuple(rows)


def _boards(kommun: Kommun) -> tuple[Namnd, ...]:
    """The nämnder with an enhet that is no financing."""
    return tuple(namnd for namnd in kommun.namnder if _enheter(namnd, kommun))


def _enheter(namnd: Namnd, kommun: Kommun) -> tuple[str, ...]:
    return tuple(kod for kod in namnd.enheter if kommun.enhet(kod).finansiering is not Finansiering.FINANSIERINGEN)


def net_row(namnd: Namnd) -> str:
    """The row of a nämnd's nettokostnad."""
    return f"{_kod(namnd)}.netto"


def _kod(namnd: Namnd) -> str:
    return namnd.kod.lower()


def operation_figures(
    placed: Sequence[Placed], budgets: Iterable[Figure], kommun: Kommun, period: Period
) -> tuple[Figure, ...]:
    """utfall, budget and the period's budget per nämnd and side: Σ of its konton, and Σ of the register's rows.

    Income +, cost −. Konton of class 3 are intäkter, 4–7 kostnader, posts with other nämnder among them; class 8 (skatter, finans,
    kommunbidrag) is in neither, and no more is the enhet of the financing. The budget of a side is missing when a row of it is.

    Source: LKBR 10 kap. 1 §; Kommun-Bas, klass 3–7; docs/beslut/0002-tecken.md.
    Args:
        placed: the ledger's rows up to the period (``placement.place``).
        budgets: the register's figures (``normalisation.figures_from_register``), and what of them lies in the period where the kommun
            takes that from the register (``period_budget.period_budgets``).
    """
    known = [figure for figure in budgets if figure.serie in ("budget", PERIODBUDGET) and figure.matt == "drift"]
    made: list[Figure] = []
    for namnd in _boards(kommun):
        enheter = _enheter(namnd, kommun)
        for side, namn, classes, typ in _SIDES:
            rad = f"{_kod(namnd)}.{side}"
            groups: dict[str, list[Placed]] = {}
            for row in placed:
                if row.matt == "drift" and row.enhet in enheter and row.konto[:1] in classes:
                    groups.setdefault(row.konto, []).append(row)
            konton = [_konto(period, rad, konto, rows) for konto, rows in sorted(groups.items())]
            model = Figure(str(period), KOMMUNEN, DRIFTREDOVISNING, rad, "utfall", namn, 0, HUVUDBOK)
            made += [*konton, _sum(model, konton, "summan av kontona i huvudboken")]
            for serie in ("budget", PERIODBUDGET):
                own = [f for f in known if f.serie == serie and f.enhet in enheter and _is_of(f, typ, kommun)]
                if own:
                    made.append(_sum(replace(model, serie=serie), own, "summan av budgetens rader"))
    return tuple(made)


def _is_of(figure: Figure, typ: RadTyp, kommun: Kommun) -> bool:
    uppstallning = kommun.uppstallning(kommun.enhet(figure.enhet).drift)
    kinds: Mapping[str, RadTyp] = {rad.kod: rad.typ for rad in uppstallning.poster}
    return kinds.get(figure.rad) is typ


def _konto(period: Period, rad: str, konto: str, rows: Sequence[Placed]) -> Figure:
    lines = sorted({line for row in rows for line in row.rader})
    return Figure(
        period=str(period), enhet=KOMMUNEN, matt=BOKKONTO, rad=f"{konto}.{DRIFTREDOVISNING}.{rad}", serie="utfall",
        namn=f"konto {konto}", varde=result_signed(sum(row.ledger_ore for row in rows)), slag=HUVUDBOK,
        retur_sha256=rows[0].sha256, fil=rows[0].fil, cell=RAD + ", ".join(str(line) for line in lines),
        ravarde="kredit plus", formel="summan av raderna i huvudboken",
    )  # fmt: skip


def _sum(model: Figure, parts: Sequence[Figure], formel: str) -> Figure:
    if not parts:
        return replace(model, formel="inget konto har rört sig")
    terms = [(1, part) for part in parts]
    return replace(
        model, varde=combine(terms), slag=BERAKNAD, formel=formel, indata=tuple((1, part.figure_id) for part in parts)
    )
