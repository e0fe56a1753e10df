"""Normalise: validated frames become figures, one for each expected cell, each with its origin.

Every row that the kommun's configuration expects gets a figure for every serie; where the return is missing or the cell is blank its
value is missing. Sum rows of the sheets are not taken in: sums are computed (``transforms.summation``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from data_contracts.kommun import Enhet, Kommun
from transforms.figures import BERAKNAD, INLAMNAD, REGISTER, Figure
from transforms.period import Period

RETUR_SERIER = {
    "drift": ("periodbudget", "utfall", "utfall_fg_ar", "prognos", "fg_prognos"),
    "investeringar": ("periodbudget", "utfall", "utfall_fg_ar", "prognos", "fg_prognos"),
    "drift_verksamhet": ("budget", "periodbudget", "utfall", "utfall_fg_ar", "prognos", "fg_prognos"),
    "volymer": ("budget", "periodbudget", "utfall", "utfall_fg_ar", "prognos", "fg_prognos"),
}
"""Which serier the return fills per mått. Budget of drift and investeringar comes from the register alone."""


def figures_from_returns(frames: Mapping[str, pd.DataFrame], kommun: Kommun, period: Period) -> tuple[Figure, ...]:
    """One figure per expected row and serie, and per own row of a sender.

    Args:
        frames: per table, rows of the accepted returns of the period (``transforms.conversion``); amounts in öre, result-signed for
            drift, unsigned utgift for investeringar. A missing return has no rows.
        kommun: gives the expected rows.
        period: the period that is closed.
    Returns:
        Figures with slag ``inlamnad``; ``varde`` None where the cell is blank or the return is missing.
    """
    cells = dict(_cells(frames))
    own = {key[:3]: key for key in cells}
    figures: list[Figure] = []
    for enhet in kommun.enheter:
        for matt, rad, namn, unit, decimals in _expected_rows(enhet, kommun):
            for serie in RETUR_SERIER[matt]:
                origin = cells.get((enhet.kod, matt, rad, serie), {})
                figures.append(_figure(period, enhet.kod, matt, rad, serie, namn, unit, decimals, origin))
                own.pop((enhet.kod, matt, rad), None)
        for enhet_kod, matt, rad in sorted(own):
            if enhet_kod != enhet.kod or _is_declared(enhet, matt, rad, kommun):
                continue
            figures.extend(_own_row(period, enhet, matt, rad, cells))
    return tuple(figures)


def _own_row(
    period: Period, enhet: Enhet, matt: str, rad: str, cells: Mapping[tuple[str, str, str, str], Mapping[str, Any]]
) -> Iterator[Figure]:
    for serie in ("budget", *RETUR_SERIER[matt]) if matt in ("drift", "investeringar") else RETUR_SERIER[matt]:
        origin = cells.get((enhet.kod, matt, rad, serie), {})
        unit, decimals = (
            ("ore", 2)
            if matt != "volymer"
            else (str(origin.get("matt_enhet") or "antal"), int(origin.get("decimaler") or 0))
        )
        yield _figure(period, enhet.kod, matt, rad, serie, str(origin.get("namn") or rad), unit, decimals, origin)


def _figure(
    period: Period,
    enhet: str,
    matt: str,
    rad: str,
    serie: str,
    namn: str,
    unit: str,
    decimals: int,
    origin: Mapping[str, Any],
) -> Figure:
    return Figure(
        period=str(period),
        enhet=enhet,
        matt=matt,
        rad=rad,
        serie=serie,
        namn=namn,
        varde=origin.get("varde"),
        slag=INLAMNAD,
        enhet_matt=unit,
        decimaler=decimals,
        grupp=str(origin.get("grupp") or ""),
        retur_sha256=str(origin.get("retur", "")),
        fil=str(origin.get("fil", "")),
        blad=str(origin.get("blad", "")),
        cell=str(origin.get("cell", "")),
        ravarde=str(origin.get("ravarde", "")),
    )


def _expected_rows(enhet: Enhet, kommun: Kommun) -> Iterator[tuple[str, str, str, str, int]]:
    """mått, rad, namn, unit and decimals of every row that the enhet is to report."""
    for matt, uppstallning in (("drift", enhet.drift), ("investeringar", enhet.investeringar)):
        if uppstallning is not None:
            for rad in kommun.uppstallning(uppstallning).poster:
                yield matt, rad.kod, rad.namn, "ore", 2
    for verksamhet in enhet.verksamheter:
        yield "drift_verksamhet", verksamhet.kod, verksamhet.namn, "ore", 2
    for volym in enhet.volymer:
        yield "volymer", volym.kod, volym.namn, volym.matt_enhet, volym.decimaler


def _is_declared(enhet: Enhet, matt: str, rad: str, kommun: Kommun) -> bool:
    """True for rows that stand in the configuration, sums and headings too."""
    if matt in ("drift", "investeringar"):
        kod = enhet.drift if matt == "drift" else enhet.investeringar
        return kod is not None and any(item.kod == rad for item in kommun.uppstallning(kod).rader)
    declared = enhet.verksamheter if matt == "drift_verksamhet" else enhet.volymer
    return any(item.kod == rad for item in declared)


def _cells(frames: Mapping[str, pd.DataFrame]) -> Iterator[tuple[tuple[str, str, str, str], dict[str, Any]]]:
    """Every figure cell of the frames by enhet, mått, rad and serie."""
    for matt, serier in RETUR_SERIER.items():
        frame = frames.get(matt)
        if frame is None:
            continue
        for row in frame.to_dict("records"):
            for serie in {"budget", *serier}:
                value = row[serie]
                yield (
                    (str(row["enhet"]), matt, str(row["kod"]), serie),
                    {
                        "varde": None if pd.isna(value) else int(value),
                        "namn": _text(row.get("benamning")),
                        "grupp": _text(row.get("grupp")),
                        "matt_enhet": _text(row.get("matt_enhet")),
                        "decimaler": None if pd.isna(row.get("decimaler", pd.NA)) else int(row["decimaler"]),
                        "retur": row["retur"],
                        "fil": row["fil"],
                        "blad": row["blad"],
                        "cell": _text(row[f"{serie}_cell"]),
                        "ravarde": _text(row[f"{serie}_ra"]),
                    },
                )


def _text(value: object) -> str:
    return "" if value is None or pd.isna(value) else str(value)  # type: ignore[call-overload]


def figures_from_register(frames: Mapping[str, pd.DataFrame], kommun: Kommun, period: Period) -> tuple[Figure, ...]:
    """Budget and last year's bokslut per enhet and row.

    budget = beslutad budget + anslagsförändringar decided up to the last day of the period. A row without beslutad budget has none,
    whatever changes there are. Where there are changes, they and the original stand as figures of their own.

    Args:
        frames: the register's tables (beslutad_budget, anslagsforandringar, bokslut); amounts in öre. Empty when there is no register.
    Returns:
        Figures with serie ``budget`` for every entered row of drift and investeringar, and ``bokslut`` where the register has one.
    """
    decided = {(str(r["enhet"]), str(r["avser"]), str(r["kod"])): r for r in _records(frames, "beslutad_budget")}
    changes = [
        r for r in _records(frames, "anslagsforandringar") if _text(r["beslutsdatum"]) <= period.last_day.isoformat()
    ]
    figures: list[Figure] = []
    for enhet in kommun.enheter:
        for matt, rad, namn, _, _ in _expected_rows(enhet, kommun):
            if matt not in ("drift", "investeringar"):
                continue
            key = (enhet.kod, matt, rad)
            own = [r for r in changes if (str(r["enhet"]), str(r["avser"]), str(r["kod"])) == key]
            figures.extend(_budget(period, key, namn, decided.get(key), own))
    for row in _records(frames, "bokslut"):
        key = (str(row["enhet"]), str(row["avser"]), str(row["kod"]))
        figures.append(_register_figure(period, key, "bokslut", _text(row["benamning"]), row, vardear=period.year - 1))
    return tuple(figures)


def _records(frames: Mapping[str, pd.DataFrame], table: str) -> list[dict[str, Any]]:
    frame = frames.get(table)
    return [] if frame is None else [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def _budget(
    period: Period, key: tuple[str, str, str], namn: str, decided: dict[str, Any] | None, changes: list[dict[str, Any]]
) -> list[Figure]:
    if not changes:
        return [_register_figure(period, key, "budget", namn, decided)]
    original = _register_figure(period, key, "beslutad_budget", namn, decided)
    parts = [original]
    for row in changes:
        change_key = (key[0], "anslagsforandringar", str(row["lopnummer"]))
        parts.append(_register_figure(period, change_key, "anslagsforandring", _text(row["benamning"]), row))
    values = [part.varde for part in parts]
    total = None if None in values else sum(value for value in values if value is not None)
    enhet, matt, rad = key
    budget = Figure(
        period=str(period),
        enhet=enhet,
        matt=matt,
        rad=rad,
        serie="budget",
        namn=namn,
        varde=total,
        slag=BERAKNAD,
        formel="beslutad budget + anslagsförändringar",
        indata=tuple((1, part.figure_id) for part in parts),
    )
    return [*parts, budget]


def _register_figure(
    period: Period,
    key: tuple[str, str, str],
    serie: str,
    namn: str,
    row: dict[str, Any] | None,
    vardear: int | None = None,
) -> Figure:
    row = row or {}
    value = row.get("belopp")
    return Figure(
        period=str(period),
        enhet=key[0],
        matt=key[1],
        rad=key[2],
        serie=serie,
        namn=namn,
        vardear=vardear,
        varde=None if value is None or pd.isna(value) else int(value),
        slag=REGISTER,
        formel=_decision(row),
        retur_sha256=str(row.get("retur", "")),
        fil=str(row.get("fil", "")),
        blad=str(row.get("blad", "")),
        cell=_text(row.get("belopp_cell")),
        ravarde=_text(row.get("belopp_ra")),
    )


def _decision(row: Mapping[str, Any]) -> str:
    """'beslut KF 2026-02-23 § 14' of a row of the register; '' when it names none."""
    parts = [_text(row.get(name)) for name in ("organ", "beslutsdatum", "paragraf")]
    return " ".join(["beslut", *(part for part in parts if part)]) if any(parts) else ""
