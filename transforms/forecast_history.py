"""Earlier years' prognoser that were typed in: the rows measured by the contract, and as figures that the track record stands on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from data_contracts.contract import Contract
from data_contracts.frames import frame_columns
from data_contracts.kommun import Kommun
from transforms.control_sheets import yes_no
from transforms.figures import REGISTER, Figure, FigureIndex
from transforms.forecast_record import HISTORIK, Utfallsar
from transforms.period import Period
from transforms.schemas import rows_of
from transforms.typed_rows import Frames

_SERIER = (("prognos", "Driftens resultat"), ("bokslut", "Driftens resultat"), ("budget", "Kommunbidrag"))
INSKRIVEN = "inskriven ur "
"""How the formula of a typed figure begins, before its source."""


def prepare_history(rows: pd.DataFrame, contract: Contract, kommun: Kommun) -> Frames:
    """The frame that the contract's rules run on: each row with what it is measured by."""
    known = {enhet.kod for enhet in kommun.enheter}
    seen: set[tuple[str, str, int | str]] = set()
    made: list[dict[str, Any]] = []
    for row in rows_of(rows):
        ar, manad = str(row["ar"] or ""), _month(str(row["manad"] or ""))
        key = (str(row["enhet"]), ar, manad or str(row["manad"]))
        made.append(
            {
                **row,
                "forvaltning": "",
                "period": "",
                "enhet_hor_till": yes_no(row["enhet"] in known),
                "ar_stammer": yes_no(len(ar) == 4 and ar.isdecimal()),
                "manad_giltig": yes_no(manad),
                "entydig": yes_no(key not in seen),
            }
        )
        seen.add(key)
    table = contract.table(HISTORIK)
    return Frames({HISTORIK: frame_columns(table)}, {HISTORIK: made})


def _month(text: str) -> int:
    """1–12; 0 when it is no month."""
    return int(text) if text.isdecimal() and 1 <= int(text) <= 12 else 0


def history_figures(rows: pd.DataFrame, kommun: Kommun, period: Period, fil: str, sha256: str) -> tuple[Figure, ...]:
    """Per enhet and earlier year of the same month: prognos, bokslut and, where it is known, kommunbidrag. Result-signed, öre.

    Source: the document that each row names.
    Args:
        rows: rows that no rule of the contract stops.
        fil: the file as it is named in what is published.
    """
    made: list[Figure] = []
    for row in rows_of(rows):
        ar = int(str(row["ar"]))
        if _month(str(row["manad"])) != period.month or ar >= period.year:
            continue
        rad = kommun.uppstallning(kommun.enhet(str(row["enhet"])).drift).resultatrad
        made += [
            Figure(
                period=str(period), enhet=str(row["enhet"]), matt=HISTORIK, rad=rad, serie=serie, vardear=ar,
                namn=namn, varde=int(row[serie]), slag=REGISTER, formel=f"{INSKRIVEN}{row['kalla']}",
                retur_sha256=sha256, fil=fil, blad=str(row["blad"] or ""), cell=str(row[f"{serie}_cell"] or ""),
                ravarde=str(row[f"{serie}_ra"] or ""),
            )
            for serie, namn in _SERIER
            if row[serie] is not None
        ]  # fmt: skip
    return tuple(made)


def typed_years(figures: FigureIndex, closed: Iterable[Utfallsar]) -> tuple[Utfallsar, ...]:
    """The years of the history that the store has no closings of, newest first: what the kommun itself has closed goes before."""
    known = {year.ar for year in closed}
    years = {figure.vardear for figure in figures if figure.matt == HISTORIK and figure.vardear is not None}
    return tuple(Utfallsar(ar, figures, figures, HISTORIK) for ar in sorted(years - known, reverse=True))
