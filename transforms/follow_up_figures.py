"""Figures of staff, surveys, synpunkter, risks, utförare and procurements: one for each expected cell, with the cell it was read from.

May import data_contracts and transforms only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from data_contracts.kommun import Enhet, Kommun
from transforms.control_sheets import int_of, text_of
from transforms.enhet_rows import ROWS_OF_ENHET, EnhetRow
from transforms.figures import BERAKNAD, FACTOR, INLAMNAD, Figure, computed_value
from transforms.period import Period
from transforms.schemas import rows_in

TIM, ANTAL = "timmar", "personer"
SERIER_OF: Mapping[str, Mapping[str, tuple[str, int | None]]] = {
    "personal": {
        "anstallda": (ANTAL, 0), "ordinarie_tid": (TIM, 2), "sjuktid": (TIM, 2), "sjuktid_lang": (TIM, 2), "friska": (ANTAL, 0),
        "ordinarie_tid_fg_ar": (TIM, 2), "sjuktid_fg_ar": (TIM, 2), "sjuktid_lang_fg_ar": (TIM, 2),
    },
    "arsarbetare": {
        "arsarbetare": ("årsarbetare", 2), "arsarbetare_fg_ar": ("årsarbetare", 2), "arbetad_tid": (TIM, 2),
        "arbetad_tid_fg_ar": (TIM, 2),
    },
    "enkater": {
        "utfall": ("", None), "utfall_kvinnor": ("", None), "utfall_man": ("", None), "svarande": (ANTAL, 0), "tillfragade": (ANTAL, 0),
    },
    "synpunkter": {"forslag": ("förslag", 0), "synpunkter": ("synpunkter", 0), "klagomal": ("klagomål", 0)},
    "risker": {"sannolikhet": ("steg", 0), "konsekvens": ("steg", 0)},
    "utforare": {"utfall": ("", None)},
}  # fmt: skip
"""By table: the serier with unit and decimals; '' and None where they are the row's own."""

ENKATER, SYNPUNKTER = "enkater", "synpunkter"
RISKVARDE = "riskvarde"
UPPHANDLINGAR = "upphandlingar"
_BY_GENDER = ("utfall_kvinnor", "utfall_man")
_OLDER = ("utfall", "utfall_kvinnor", "utfall_man")
"""Serier whose row states the year that they are of."""


def figures_of_follow_up(frames: Mapping[str, pd.DataFrame], kommun: Kommun, period: Period) -> tuple[Figure, ...]:
    """One figure per expected row and serie, and per own row of Upphandlingar; riskvärde = sannolikhet × konsekvens.

    A blank cell or a missing return gives a figure without value. A value of another year than the period's carries its year.

    Source: for riskvärde the kommun's own scale (uppfoljning.internkontroll in kommun.yaml, with its decision).
    Args:
        frames: per table, rows of the accepted returns of the period.
        kommun: gives the expected rows.
    """
    figures: list[Figure] = []
    undivided = {fraga.kod: _BY_GENDER for fraga in kommun.uppfoljning.enkater if not fraga.konsuppdelad}
    for table, serier in SERIER_OF.items():
        cells = {(text_of(row["enhet"]), text_of(row["kod"])): row for row in rows_in(frames, table)}
        for enhet in kommun.enheter:
            for expected in ROWS_OF_ENHET[table](kommun, enhet):
                origin = cells.get((enhet.kod, expected.kod), {})
                for serie, form in serier.items():
                    if serie in undivided.get(expected.kod, ()):
                        continue
                    figures.append(_figure(period, (enhet, table, serie), expected, form, origin))
                if table == "risker":
                    figures.append(_riskvarde(figures[-2], figures[-1]))
    return (*figures, *_procurements(frames, kommun, period))


def _figure(
    period: Period,
    place: tuple[Enhet, str, str],
    expected: EnhetRow,
    form: tuple[str, int | None],
    origin: Mapping[str, Any],
) -> Figure:
    enhet, table, serie = place
    unit, decimals = form
    stated = text_of(origin.get("vardear"))
    year = int(stated) if stated.isascii() and stated.isdecimal() else period.year
    return Figure(
        period=str(period),
        enhet=enhet.kod,
        matt=table,
        rad=expected.kod,
        serie=serie,
        namn=expected.labels["benamning"],
        varde=int_of(origin.get(serie)),
        slag=INLAMNAD,
        enhet_matt=unit or expected.labels["matt_enhet"],
        decimaler=expected.decimals if decimals is None else decimals,
        vardear=year if serie in _OLDER and year != period.year else None,
        **_origin(origin, serie),
    )


def _origin(row: Mapping[str, Any], column: str) -> dict[str, Any]:
    return {
        "retur_sha256": text_of(row.get("retur")),
        "fil": text_of(row.get("fil")),
        "blad": text_of(row.get("blad")),
        "cell": text_of(row.get(f"{column}_cell")),
        "ravarde": text_of(row.get(f"{column}_ra")),
    }


def _riskvarde(chance: Figure, harm: Figure) -> Figure:
    terms = ((1, chance), (FACTOR, harm))
    return Figure(
        period=chance.period,
        enhet=chance.enhet,
        matt=chance.matt,
        rad=chance.rad,
        serie=RISKVARDE,
        namn=chance.namn,
        varde=computed_value(terms, "", 0),
        slag=BERAKNAD,
        enhet_matt="riskvärde",
        decimaler=0,
        formel="sannolikhet × konsekvens",
        indata=tuple((sign, figure.figure_id) for sign, figure in terms),
    )


def _procurements(frames: Mapping[str, pd.DataFrame], kommun: Kommun, period: Period) -> Iterator[Figure]:
    """The value of each procurement that is listed."""
    for row in rows_in(frames, UPPHANDLINGAR):
        if text_of(row["enhet"]) in kommun.uppfoljning.upphandlingar:
            yield Figure(
                period=str(period),
                enhet=text_of(row["enhet"]),
                matt=UPPHANDLINGAR,
                rad=text_of(row["kod"]),
                serie="varde",
                namn=text_of(row["benamning"]) or text_of(row["kod"]),
                varde=int_of(row["varde"]),
                slag=INLAMNAD,
                **_origin(row, "varde"),
            )
