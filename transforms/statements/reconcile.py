"""What must agree between the statements: rule by rule and column by column, with the difference and what rounding can explain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from data_contracts.bokslutsregler import Avstamningsregel
from data_contracts.felkoder import Felkod
from data_contracts.findings import Finding
from transforms.belopp import exact_text
from transforms.figures import Figure, FigureIndex, combine
from transforms.statements.sums import Kolumn, tolerance
from transforms.statements.terms import signed_figures


@dataclass(frozen=True, slots=True)
class Avstamning:
    """One comparison. ``skillnad_ore`` = left − right; None when either is missing.

    Attributes:
        id: rule and column, ``likvida_ib/bokslut@2024``; what an acceptance names.
        tolerans_ore: what the rounding of the source can explain.
    """

    id: str
    namn: str
    referens: str
    kolumn: Kolumn
    vanster: tuple[tuple[int, Figure], ...]
    hoger: tuple[tuple[int, Figure], ...]
    vanster_ore: int | None
    hoger_ore: int | None
    tolerans_ore: int

    @property
    def skillnad_ore(self) -> int | None:
        """Left minus right in öre; None when either is missing."""
        if self.vanster_ore is None or self.hoger_ore is None:
            return None
        return self.vanster_ore - self.hoger_ore

    @property
    def is_agreed(self) -> bool:
        """True when both are known and differ by no more than rounding."""
        return self.skillnad_ore is not None and abs(self.skillnad_ore) <= self.tolerans_ore


def reconcile(
    figures: FigureIndex,
    rules: Iterable[Avstamningsregel],
    enhet: str,
    year: int,
    steg_ore: int,
    columns: Iterable[Kolumn],
) -> tuple[Avstamning, ...]:
    """Every rule in every column where the statements have all its rows.

    Sign: as stored. A comparison with a missing value is kept, and agrees with nothing.

    Source: LKBR 4 kap. 4 § (ingående balans = utgående balans, ingen kvittning); the rules' own references.
    Args:
        steg_ore: what the entered amounts are rounded to; 0 when exact.
    """
    listed = tuple(columns)
    return tuple(found for rule in rules for found in _compared(figures, rule, enhet, year, steg_ore, listed))


def _compared(
    figures: FigureIndex, rule: Avstamningsregel, enhet: str, year: int, steg_ore: int, columns: tuple[Kolumn, ...]
) -> Iterator[Avstamning]:
    for column in columns:
        left, right = (signed_figures(figures, terms, enhet, column, year) for terms in (rule.vanster, rule.hoger))
        if left is None or right is None:
            continue
        serie, vardear = column
        yield Avstamning(
            id=f"{rule.kod}/{serie}" + (f"@{vardear}" if vardear is not None else ""),
            namn=rule.namn,
            referens=rule.referens,
            kolumn=column,
            vanster=left,
            hoger=right,
            vanster_ore=combine(left),
            hoger_ore=combine(right),
            tolerans_ore=tolerance(len(left) + len(right) - 1, steg_ore),
        )


def reconciliation_findings(
    avstamningar: Iterable[Avstamning], felkoder: Mapping[str, Felkod], unit: str
) -> tuple[Finding, ...]:
    """A finding (E851) for each comparison that does not agree, placed on the cell of its first entered figure."""
    return tuple(
        _finding(felkoder["E851"], avstamning, unit)
        for avstamning in avstamningar
        if avstamning.skillnad_ore is not None and not avstamning.is_agreed
    )


def _finding(felkod: Felkod, avstamning: Avstamning, unit: str) -> Finding:
    entered = [figure for _, figure in (*avstamning.vanster, *avstamning.hoger) if figure.cell]
    place = entered[0] if entered else avstamning.vanster[0][1]
    serie, vardear = avstamning.kolumn
    return felkod.finding(
        file=place.fil,
        sheet=place.blad,
        cell=place.cell,
        found=place.ravarde,
        namn=avstamning.namn,
        kolumn=serie if vardear is None else f"{serie} {vardear}",
        vanster=exact_text(avstamning.vanster_ore or 0, unit),
        hoger=exact_text(avstamning.hoger_ore or 0, unit),
        skillnad=exact_text(avstamning.skillnad_ore or 0, unit),
        enhet=unit,
        period=place.period,
    )
