"""The four avvikelser, never one column: helår, period, ändring and träff; and which of them must be explained."""

from __future__ import annotations

from dataclasses import replace

from data_contracts.kommun import Grans
from transforms.figures import BERAKNAD, Figure, FigureIndex, combine
from transforms.matt import AVVIKELSER, MATT, SERIER

_MINUS = "\u2212"


def compute_avvikelser(figures: FigureIndex) -> tuple[Figure, ...]:
    """Avvikelse per enhet, mått and rad: later − earlier for drift and volymer, earlier − later for investeringar.

    - ``avvikelse_helar`` prognos against budget, full year
    - ``avvikelse_period`` utfall against periodbudget
    - ``andring_prognos`` prognos against föregående prognos
    - ``traff`` bokslut against the prognos of the same year

    Plus means överskott (drift), lägre utgift (investeringar), högre volym (volymer). Missing when either operand is missing.

    Source: domain rule after RKR R14 and kommunal practice; docs/beslut/0002-tecken.md.
    """
    computed: list[Figure] = []
    for serie, (later_serie, earlier_serie) in AVVIKELSER.items():
        for later in figures:
            if later.serie != later_serie or later.matt not in MATT:
                continue
            earlier = figures.get(later.enhet, later.matt, later.rad, earlier_serie, later.vardear)
            if earlier is None:
                continue
            computed.append(_avvikelse(serie, later, earlier))
    return tuple(computed)


def _avvikelse(serie: str, later: Figure, earlier: Figure) -> Figure:
    first, second = (later, earlier) if MATT[later.matt].direction > 0 else (earlier, later)
    formel = f"{SERIER[first.serie].lower()} {_MINUS} {SERIER[second.serie].lower()}"
    return replace(
        later,
        serie=serie,
        varde=combine(((1, first), (-1, second))),
        slag=BERAKNAD,
        formel=formel,
        indata=((1, first.figure_id), (-1, second.figure_id)),
        retur_sha256="",
        fil="",
        blad="",
        cell="",
        ravarde=next((figure.ravarde for figure in (later, earlier) if figure.is_not_applicable), ""),
    )


def must_be_explained(avvikelse_ore: int | None, budget_ore: int | None, grans: Grans | None) -> bool:
    """True when |avvikelse| ≥ the limit in kronor and ≥ the limit in share of |budget|.

    A budget of zero (or a missing one) can't be divided by: then the limit in kronor decides alone. A missing avvikelse can't be
    judged and is False; the report marks the missing figure itself.

    Source: the kommun's own limit with its reference (kommun.yaml, granser).
    """
    if avvikelse_ore is None or avvikelse_ore == 0 or grans is None:
        return False
    if abs(avvikelse_ore) < grans.belopp_tkr * 100_000:
        return False
    if not budget_ore:
        return True
    return abs(avvikelse_ore) * 10_000 >= grans.procent_bp * abs(budget_ore)
