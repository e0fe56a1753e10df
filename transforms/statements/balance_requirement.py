"""Balanskravet: how much may be reserved, and deficits carried and restored over the years.

The lines 1–10 of the utredning are a form like any other (``transforms.statements.sums``). Here is what the law limits: the reservering,
and within how many years a negative balanskravsresultat must be restored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from data_contracts.bokslutsregler import Aterstallningsregel, Reservregel
from data_contracts.felkoder import Felkod
from data_contracts.findings import Finding
from transforms.belopp import exact_text
from transforms.figures import BERAKNAD, Figure, FigureIndex
from transforms.formulas import HOGST_NOLL, MINST_NOLL, MINSTA, SUMMA, andel_formula, evaluate
from transforms.statements.sums import Kolumn

BALANSKRAV = "balanskrav"
RESERV_HOGST = "reserv.hogst"
IB, UB, SYNNERLIGA, RESULTAT = "ib_underskott", "ub_underskott", "synnerliga_skal", "balanskravsresultat"

Term = tuple[int, Figure]


@dataclass(frozen=True, slots=True)
class _Column:
    """Where the figures of one column are made."""

    period: str
    enhet: str
    kolumn: Kolumn

    def figure(self, rad: str, namn: str, formel: str, terms: Sequence[Term]) -> Figure:
        """A computed figure of the column: the formula of its terms."""
        serie, vardear = self.kolumn
        made = Figure(
            period=self.period,
            enhet=self.enhet,
            matt=BALANSKRAV,
            rad=rad,
            serie=serie,
            vardear=vardear,
            namn=namn,
            varde=None,
            slag=BERAKNAD,
            formel=formel,
            indata=tuple((sign, figure.figure_id) for sign, figure in terms),
        )
        return replace(made, varde=evaluate(made, terms))


def reserve_limits(
    figures: FigureIndex, regel: Reservregel, enhet: str, period: str, kolumn: Kolumn = ("utfall", None)
) -> tuple[Figure, ...]:
    """How much may be reserved of the year's result: the lower of what årets resultat and the result after adjustments exceed the floor by.

    The floor is a share of skatteintäkter, generella statsbidrag och utjämning; a larger share when eget kapital with the
    ansvarsförbindelse is negative. With a ceiling, what the reserve already holds (``reserv.ingaende``) is taken from it. Positive
    amounts. Nothing where the enhet has no skatteintäkter.

    Source: kommunallagen (2017:725) 11 kap. 14 §, in the version of ``regel``.
    """
    serie, vardear = kolumn

    def known(form: str, rad: str) -> Figure | None:
        return figures.get(enhet, form, rad, serie, vardear)

    tax, grants = known("resultatrakning", "skatteintakter"), known("resultatrakning", "statsbidrag")
    results = (known("resultatrakning", "arets_resultat"), known(BALANSKRAV, "efter_justeringar"))
    if tax is None or grants is None or results[0] is None or results[1] is None:
        return ()
    column = _Column(period, enhet, kolumn)
    equity = known("balansrakning", "eget_kapital")
    pensions = known("balansrakning", "pensionsforpliktelser")
    whole = (equity.varde or 0) - ((pensions.varde or 0) if pensions is not None else 0) if equity is not None else 0
    share = regel.golv_negativt_eget_kapital_bp if whole < 0 else regel.golv_bp
    base = column.figure("reserv.bas", "Skatteintäkter, statsbidrag och utjämning", SUMMA, ((1, tax), (1, grants)))
    floor = column.figure("reserv.golv", f"Golv för reservering, {regel.referens}", andel_formula(share), ((1, base),))
    over = [
        column.figure(f"reserv.{rad}", f"{result.namn}, över golvet", MINST_NOLL, ((1, result), (-1, floor)))
        for rad, result in zip(("over_resultat", "over_justerat"), results, strict=True)
        if result is not None
    ]
    limits: list[Term] = [(1, figure) for figure in over]
    made = [base, floor, *over]
    if regel.tak_bp is not None:
        ceiling = column.figure("reserv.tak", "Reservens tak", andel_formula(regel.tak_bp), ((1, base),))
        held = known(BALANSKRAV, "reserv.ingaende")
        room = [(1, ceiling), *(((-1, held),) if held is not None else ())]
        left = column.figure("reserv.utrymme", "Utrymme under taket", MINST_NOLL, room)
        made += [ceiling, left]
        limits.append((1, left))
    return (*made, column.figure(RESERV_HOGST, f"Högsta reservering, {regel.referens}", MINSTA, limits))


def reserve_findings(
    figures: FigureIndex, regel: Reservregel, enhet: str, felkoder: Mapping[str, Felkod], unit: str
) -> tuple[Finding, ...]:
    """A finding (E852) when more is reserved than the law lets. ``till_reserv`` is stored negative.

    Source: kommunallagen (2017:725) 11 kap. 14 §.
    """
    reserved = figures.get(enhet, BALANSKRAV, "till_reserv", "utfall")
    limit = figures.get(enhet, BALANSKRAV, RESERV_HOGST, "utfall")
    if reserved is None or limit is None or reserved.varde is None or limit.varde is None:
        return ()
    if -reserved.varde <= limit.varde:
        return ()
    return (
        felkoder["E852"].finding(
            file=reserved.fil, sheet=reserved.blad, cell=reserved.cell, found=reserved.ravarde, period=reserved.period,
            reserverat=exact_text(-reserved.varde, unit), hogst=exact_text(limit.varde, unit), enhet=unit,
            referens=regel.referens,
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Underskott:
    """A deficit that is not restored: of which year, how much is left (negative), and the last year to restore it in."""

    ar: int
    kvar: Figure
    senast: int


@dataclass(frozen=True, slots=True)
class Aterstallning:
    """One year of the account of deficits: its figures, and the deficits left at its end, oldest first."""

    ar: int
    figures: tuple[Figure, ...]
    kvar: tuple[Underskott, ...]


def carry_deficits(
    figures: FigureIndex, enhet: str, period: str, years: Sequence[tuple[int, Kolumn]], regel: Aterstallningsregel
) -> tuple[Aterstallning, ...]:
    """Deficits over the years: what comes in, what the year's balanskravsresultat restores (oldest first), what goes out.

    UB = min(0, IB + balanskravsresultat + synnerliga skäl): a surplus beyond what is to be restored is not carried. Deficits are
    negative, synnerliga skäl positive. A year whose balanskravsresultat is missing ends the account.

    Source: kommunallagen (2017:725) 11 kap. 12–13 §§, in the version of ``regel``.
    Args:
        years: oldest first, each with its column. The oldest may have an entered IB; later ones take theirs from the year before.
    """
    account: list[Aterstallning] = []
    standing: tuple[Underskott, ...] = ()
    for place, (ar, kolumn) in enumerate(years):
        column = _Column(period, enhet, kolumn)
        result = figures.get(enhet, BALANSKRAV, RESULTAT, *kolumn)
        if result is None or result.varde is None:
            break
        if place == 0:
            standing = tuple(_entered(figures, enhet, kolumn, ar, regel))
        reasons = figures.get(enhet, BALANSKRAV, SYNNERLIGA, *kolumn)
        pool: list[Term] = [(1, result)]
        if reasons is not None and reasons.varde is not None:
            pool.append((1, reasons))
        made, standing = _one_year(column, ar, pool, standing, regel)
        account.append(Aterstallning(ar, made, standing))
    return tuple(account)


def _entered(
    figures: FigureIndex, enhet: str, kolumn: Kolumn, ar: int, regel: Aterstallningsregel
) -> Iterator[Underskott]:
    """Deficits from before the oldest year shown, taken as the year before's."""
    before = figures.get(enhet, BALANSKRAV, f"{IB}.tidigare", *kolumn)
    if before is not None and before.varde:
        yield Underskott(ar - 1, before, ar - 1 + regel.ar)


def _one_year(
    column: _Column, ar: int, pool: Sequence[Term], standing: Sequence[Underskott], regel: Aterstallningsregel
) -> tuple[tuple[Figure, ...], tuple[Underskott, ...]]:
    incoming = column.figure(
        IB, "Ingående underskott att återställa", SUMMA, [(1, deficit.kvar) for deficit in standing]
    )
    if not standing:
        incoming = _nothing(incoming)
    restoring = column.figure("aterstallning.medel", "Att återställa med", MINST_NOLL, pool)
    new = column.figure(f"underskott.{ar}", f"Underskott från {ar}", HOGST_NOLL, pool)
    made: list[Figure] = [incoming, restoring, new]
    left: list[Underskott] = []
    taken: list[Term] = []
    before: Figure | None = None
    for deficit in standing:
        taken.append((1, deficit.kvar))
        so_far = column.figure(
            f"aterstallning.till_{deficit.ar}", f"Kvar till och med {deficit.ar}", HOGST_NOLL, [*taken, (1, restoring)]
        )
        parts = [(1, so_far), *(((-1, before),) if before is not None else ())]
        rest = column.figure(f"underskott.{deficit.ar}", f"Underskott från {deficit.ar}", SUMMA, parts)
        made += [so_far, rest]
        if rest.varde:
            left.append(Underskott(deficit.ar, rest, deficit.senast))
        before = so_far
    if new.varde:
        left.append(Underskott(ar, new, ar + regel.ar))
    outgoing = column.figure(UB, "Utgående underskott att återställa", HOGST_NOLL, [(1, incoming), *pool])
    return (*made, outgoing), tuple(left)


def _nothing(figure: Figure) -> Figure:
    """No deficits come in: nothing, which is known, and so zero."""
    return replace(figure, varde=0, formel="inga underskott att återställa")
