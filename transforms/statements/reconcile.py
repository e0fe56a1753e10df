"""What must agree between the statements: rule by rule and column by column, with the difference and what rounding can explain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from data_contracts.bokslutsregler import Avstamningsregel
from data_contracts.felkoder import Felkod
from data_contracts.findings import Finding
from transforms.belopp import exact_text
from transforms.figures import KOMMUNEN, Figure, FigureIndex, combine
from transforms.ledger.reconciliation import Kontroll, Utfall, judge
from transforms.statements.sums import Kolumn, tolerance
from transforms.statements.terms import signed_figures


@dataclass(frozen=True, slots=True)
class Avstamning:
    """One comparison between statements: the kontroll that is judged as every other, and the figures on its two sides."""

    kontroll: Kontroll
    kolumn: Kolumn
    vanster: tuple[tuple[int, Figure], ...]
    hoger: tuple[tuple[int, Figure], ...]

    @property
    def id(self) -> str:
        """Rule and column, ``likvida_ib/bokslut@2024``; what an acceptance names."""
        return self.kontroll.id

    @property
    def is_agreed(self) -> bool:
        """True when both are known and differ by no more than rounding."""
        (judged,) = judge((self.kontroll,), ())
        return judged.utfall in (Utfall.STAMMER, Utfall.INOM_TOLERANS)


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
        enhet: KOMMUNEN or the koncern.
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
        of, called = ("", "") if enhet == KOMMUNEN else (f"@{enhet}", ", koncernen")
        kontroll = Kontroll(
            id=f"{rule.kod}{of}/{serie}" + (f"@{vardear}" if vardear is not None else ""),
            namn=f"{rule.namn}{called}",
            vanster_namn="Redovisat",
            hoger_namn="Jämförs med",
            vanster=combine(left),
            hoger=combine(right),
            namnder=(),
            tolerans_ore=tolerance(len(left) + len(right) - 1, steg_ore),
            referens=rule.referens,
        )
        yield Avstamning(kontroll, column, left, right)


def reconciliation_findings(
    avstamningar: Iterable[Avstamning], felkoder: Mapping[str, Felkod], unit: str
) -> tuple[Finding, ...]:
    """A finding (E851) for each comparison that does not agree, placed on the cell of its first entered figure."""
    return tuple(
        _finding(felkoder["E851"], avstamning, unit)
        for avstamning in avstamningar
        if avstamning.kontroll.differens is not None and not avstamning.is_agreed
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
        namn=avstamning.kontroll.namn,
        kolumn=serie if vardear is None else f"{serie} {vardear}",
        vanster=exact_text(avstamning.kontroll.vanster or 0, unit),
        hoger=exact_text(avstamning.kontroll.hoger or 0, unit),
        skillnad=exact_text(avstamning.kontroll.differens or 0, unit),
        enhet=unit,
        period=place.period,
    )
