"""Statements by their forms: every sum row of every column, from the entered rows, and what does not add up.

Where the source gives rounded amounts (a published statement in tkr) it gives its sums too, and a sum is more exact than its rounded
parts. Such a stated sum stands on a row of its own (``kod.redovisad``). When it differs from the parts by no more than rounding can
explain, the difference becomes a visible figure (``kod.avrundning``), one of the sum's inputs; when it differs by more it is a finding
and the sum is that of the parts. See docs/beslut/0016-avrundade-kallor.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from data_contracts.felkoder import Felkod
from data_contracts.findings import Finding
from data_contracts.uppstallningsform import Form, Formrad
from transforms.belopp import exact_text
from transforms.figures import BERAKNAD, Figure, FigureIndex, combine
from transforms.formulas import SUMMA

REDOVISAD = ".redovisad"
AVRUNDNING = ".avrundning"
MED_AVRUNDNING = "summan av delarna och källans avrundning"
SKILLNAD = "redovisad summa minus delarna"
ENBART_SUMMAN = "redovisad summa; källan anger inte delarna"

Kolumn = tuple[str, int | None]
"""serie and värdeår: one column of a statement."""


@dataclass(frozen=True, slots=True)
class Summerad:
    """A statement added up: the computed figures, and what does not agree."""

    figures: tuple[Figure, ...]
    findings: tuple[Finding, ...]


def sum_statement(
    entered: FigureIndex, form: Form, enhet: str, steg_ore: int, felkoder: Mapping[str, Felkod], unit: str
) -> Summerad:
    """Every sum row of one enhet's statement, per column: Σ its parts.

    Sign: as the form stores it. A sum with a missing part is missing; a part that is "ej tillämpligt" is left out.

    Source: the form's own reference (LKBR 5, 6 and 8 kap.); LKBR 4 kap. 4 § on not netting.
    Args:
        steg_ore: what the entered amounts are rounded to, in öre (100 000 for whole tkr); 0 when they are exact, and then a stated
            sum must agree to the öre.
        unit: kr, tkr or mnkr, for the findings' texts.
    """
    figures: list[Figure] = []
    findings: list[Finding] = []
    for serie, vardear in columns_of(entered, form, enhet):
        known: dict[str, Figure] = {}
        for rad in form.summation_order():
            parts = [known.get(kod) or entered.get(enhet, form.kod, kod, serie, vardear) for kod in rad.delar]
            stated = entered.get(enhet, form.kod, f"{rad.kod}{REDOVISAD}", serie, vardear)
            made = _sum_row(rad, parts, stated, steg_ore)
            if made is None:
                continue
            known[rad.kod] = made[-1]
            figures.extend(made)
            if stated is None or not _disagrees(stated, made[-1]):
                continue
            as_stated = [entered.get(enhet, form.kod, f"{kod}{REDOVISAD}", serie, vardear) for kod in rad.delar]
            if not _agrees_with_stated(stated, parts, as_stated, steg_ore):
                findings.append(_finding(felkoder["E850"], form, rad, stated, made[-1], unit))
    return Summerad(tuple(figures), tuple(findings))


def columns_of(entered: FigureIndex, form: Form, enhet: str) -> tuple[Kolumn, ...]:
    """The columns that some row of the enhet's statement has a figure in, in the order of the figures."""
    rows = {rad.kod for rad in form.rader} | {f"{rad.kod}{REDOVISAD}" for rad in form.rader}
    found = ((f.serie, f.vardear) for f in entered if f.enhet == enhet and f.matt == form.kod and f.rad in rows)
    return tuple(dict.fromkeys(found))


def _sum_row(
    rad: Formrad, parts: list[Figure | None], stated: Figure | None, steg_ore: int
) -> tuple[Figure, ...] | None:
    """The row's figure last, before it the rounding that is one of its inputs.

    None when the column knows nothing of the row, or when its source says that there is no such sum.
    """
    if stated is not None and stated.is_not_applicable:
        return None
    given = [part for part in parts if part is not None and not part.is_not_applicable]
    model = next((figure for figure in (stated, *parts) if figure is not None), None)
    if model is None:
        return None
    total = replace(
        _plain(model), rad=rad.kod, namn=rad.namn, formel=SUMMA, indata=tuple((1, part.figure_id) for part in given)
    )
    if stated is not None and stated.varde is not None and not given:
        return (replace(total, varde=stated.varde, formel=ENBART_SUMMAN, indata=((1, stated.figure_id),)),)
    total = replace(total, varde=combine((1, part) for part in given))
    if stated is None or stated.varde is None or total.varde is None or stated.varde == total.varde:
        return (total,)
    if abs(stated.varde - total.varde) > tolerance(len(given), steg_ore):
        return (total,)
    rounding = replace(
        total,
        rad=f"{rad.kod}{AVRUNDNING}",
        namn=f"Avrundning i källan, {rad.namn}",
        varde=stated.varde - total.varde,
        formel=SKILLNAD,
        indata=((1, stated.figure_id), *((-sign, figure_id) for sign, figure_id in total.indata)),
    )
    whole = replace(total, varde=stated.varde, formel=MED_AVRUNDNING, indata=(*total.indata, (1, rounding.figure_id)))
    return (rounding, whole)


def _plain(model: Figure) -> Figure:
    """A computed figure with the column of another and no origin of its own."""
    return Figure(
        model.period, model.enhet, model.matt, model.rad, model.serie, model.namn, None, BERAKNAD, vardear=model.vardear
    )


def tolerance(parts: int, steg_ore: int) -> int:
    """How much a rounded sum and its rounded parts may differ: half a step for each of them, in whole steps.

    Example:
        >>> tolerance(3, 100_000)
        200000
    """
    return (parts + 1) // 2 * steg_ore


def _disagrees(stated: Figure, computed: Figure) -> bool:
    return stated.varde is not None and computed.varde is not None and stated.varde != computed.varde


def _agrees_with_stated(
    stated: Figure, parts: list[Figure | None], as_stated: list[Figure | None], steg_ore: int
) -> bool:
    """Whether the sum agrees with its parts as the source states them: then the fault is in a part, which has its own finding."""
    values = [
        other if other is not None and other.varde is not None else part
        for part, other in zip(parts, as_stated, strict=True)
        if part is not None and not part.is_not_applicable
    ]
    total = combine((1, value) for value in values)
    return total is not None and abs((stated.varde or 0) - total) <= tolerance(len(values), steg_ore)


def _finding(felkod: Felkod, form: Form, rad: Formrad, stated: Figure, computed: Figure, unit: str) -> Finding:
    stated_ore, computed_ore = stated.varde or 0, computed.varde or 0
    return felkod.finding(
        file=stated.fil,
        sheet=stated.blad,
        cell=stated.cell,
        found=stated.ravarde or exact_text(stated_ore, unit),
        form=form.namn,
        rad=rad.namn,
        kolumn=column_text(stated),
        redovisad=exact_text(stated_ore, unit),
        beraknad=exact_text(computed_ore, unit),
        skillnad=exact_text(stated_ore - computed_ore, unit),
        enhet=unit,
        period=stated.period,
    )


def column_text(figure: Figure) -> str:
    """A column in words: 'utfall', 'budget', 'bokslut 2024'."""
    return f"{figure.serie} {figure.vardear}" if figure.vardear is not None else figure.serie


def roundings(figures: FigureIndex, form: Form, enhet: str) -> Iterator[Figure]:
    """The rounding differences of one enhet's statement, in the order of the form."""
    for rad in form.rader:
        for serie, vardear in columns_of(figures, form, enhet):
            figure = figures.get(enhet, form.kod, f"{rad.kod}{AVRUNDNING}", serie, vardear)
            if figure is not None:
                yield figure
