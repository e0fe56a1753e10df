"""What the rows of the sheets Mål, Aktiviteter and Målbedömning are measured by: the målplan's definitions, the year, the reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from data_contracts.kommun import Kommun
from data_contracts.malplan import Indikator
from transforms.control_sheets import Row, int_of, text_of, yes_no
from transforms.period import Period
from transforms.personal_data import has_personnummer

PROCENT = "procent"
OLDEST_YEARS = 15
"""A value older than this many years is taken for a slip of the pen. Own limit: the oldest series in use is shorter."""
LEAST, MOST = Decimal(1) / 3, Decimal(3)
"""A share written for a percentage is told by a value that would be near the målvärde if it were a hundred times larger. Own limit."""


def indikator_columns(row: Row, kommun: Kommun, period: Period) -> Row:
    """Computed columns of the sheet Mål; missing where there is nothing to judge."""
    indikator = _indikator(kommun, text_of(row["kod"]))
    utfall, prognos = (_number(row, name) for name in ("utfall", "prognos"))
    year = text_of(row["vardear"])
    return {
        "utfall_inom": _inside(indikator, utfall),
        "prognos_inom": _inside(indikator, prognos),
        "kvinnor_inom": _inside(indikator, _number(row, "utfall_kvinnor")),
        "man_inom": _inside(indikator, _number(row, "utfall_man")),
        "procent_rimlig": None
        if indikator is None or utfall is None
        else yes_no(not is_share(indikator, utfall, period)),
        "vardear_angivet": yes_no(year) if utfall is not None else None,
        "vardear_rimligt": yes_no(_is_year(year, period)) if year else None,
        "bedomning_motiverad": yes_no(text_of(row["kommentar"])) if text_of(row["bedomning"]) else None,
        "kommentar_personnummer": yes_no(has_personnummer(text_of(row["kommentar"]))),
        "hamtas": yes_no(indikator.hamtas) if indikator is not None and utfall is not None else None,
        "prognos_procent_rimlig": None
        if indikator is None or prognos is None
        else yes_no(not is_share(indikator, prognos, period)),
    }


def aktivitet_columns(row: Row, kommun: Kommun, period: Period) -> Row:
    """Computed columns of the sheet Aktiviteter."""
    done = int_of(row["fardiggrad"])
    delivered = text_of(row["levererad"]) == "ja"
    return {
        "fardig_stammer": yes_no(done == 100) if delivered and done is not None else None,
        "kommentar_personnummer": yes_no(has_personnummer(text_of(row["kommentar"]))),
    }


def malbedomning_columns(row: Row, kommun: Kommun, period: Period) -> Row:
    """Computed columns of the sheet Målbedömning."""
    return {
        "bedomning_motiverad": yes_no(text_of(row["motivering"])) if text_of(row["bedomning"]) else None,
        "motivering_personnummer": yes_no(has_personnummer(text_of(row["motivering"]))),
        "atgard_personnummer": yes_no(has_personnummer(text_of(row["atgard"]))),
    }


GOAL_COLUMNS: Mapping[str, Callable[[Row, Kommun, Period], Row]] = {
    "indikatorer": indikator_columns,
    "aktiviteter": aktivitet_columns,
    "malbedomningar": malbedomning_columns,
}
"""By table: the columns that stand beside what every sheet's rows are measured by."""


def is_share(indikator: Indikator, utfall: Decimal, period: Period) -> bool:
    """True when a percentage seems to be written as a share of one: 0,045 where the målvärde is about 4,5.

    The value is at most 1, and a hundred times it lies within a third and three times the målvärde (or, without one, the latest
    earlier value), which itself is over 1.
    """
    mal = indikator.malvarde(period.year)
    known = [mal.varde or mal.fran] if mal else []
    known += [value.varde for value in sorted(indikator.historik, key=lambda value: -value.ar)]
    expected = next((value for value in known if value is not None), None)
    if indikator.matt_enhet != PROCENT or expected is None or expected <= 1 or not 0 < utfall <= 1:
        return False
    return expected * LEAST <= utfall * 100 <= expected * MOST


def _indikator(kommun: Kommun, kod: str) -> Indikator | None:
    return next((part for plan in kommun.malplaner for part in plan.indikatorer if part.kod == kod), None)


def _number(row: Mapping[str, Any], name: str) -> Decimal | None:
    value = int_of(row[name])
    return None if value is None else Decimal(value).scaleb(-(int_of(row["decimaler"]) or 0))


def _inside(indikator: Indikator | None, value: Decimal | None) -> str | None:
    return None if indikator is None or value is None else yes_no(indikator.allows(value))


def _is_year(text: str, period: Period) -> bool:
    return text.isascii() and text.isdecimal() and period.year - OLDEST_YEARS <= int(text) <= period.year
