"""Figures of what an åtgärd is to give and has given: the amounts that a return writes beside its comments, each with its cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from data_contracts.kommun import Kommun
from transforms.control_sheets import int_of, text_of
from transforms.figures import INLAMNAD, Figure
from transforms.period import Period
from transforms.schemas import rows_in

LOVAD, UPPNADD = "lovad_effekt", "uppnadd_effekt"
EFFEKTER = (LOVAD, UPPNADD)
"""The effect on the year's result, promised and reached so far; öre, plus is better, whatever the row's own sign is."""
_TABLE = "kommentarer"


def figures_of_effects(frames: Mapping[str, pd.DataFrame], kommun: Kommun, period: Period) -> tuple[Figure, ...]:
    """One figure per comment and effect that is filled in, under the row that the comment is on (``helhet`` for the whole).

    Missing: a blank cell gives no figure, since no row is expected to have an åtgärd.

    Source: the kommun's own rule for åtgärder (kommun.yaml, avvikelseregister).

    Args:
        frames: per table, rows of the accepted returns of the period; amounts in öre.
    """
    known = {enhet.kod for enhet in kommun.enheter}
    return tuple(
        figure for row in rows_in(frames, _TABLE) if text_of(row["enhet"]) in known for figure in _effects(row, period)
    )


def _effects(row: Mapping[str, Any], period: Period) -> Iterator[Figure]:
    for serie in EFFEKTER:
        value = int_of(row.get(serie))
        if value is not None:
            yield Figure(
                period=str(period),
                enhet=text_of(row["enhet"]),
                matt=text_of(row["avser"]),
                rad=text_of(row["kod"]),
                serie=serie,
                namn=text_of(row.get("benamning")) or text_of(row["kod"]),
                varde=value,
                slag=INLAMNAD,
                retur_sha256=text_of(row.get("retur")),
                fil=text_of(row.get("fil")),
                blad=text_of(row.get("blad")),
                cell=text_of(row.get(f"{serie}_cell")),
                ravarde=text_of(row.get(f"{serie}_ra")),
            )
