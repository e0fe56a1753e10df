"""What the rows of the sheets Enkäter, Intern kontroll, Utförare and Upphandlingar are measured by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from data_contracts.kommun import Kommun
from data_contracts.uppfoljning import Steg
from transforms.control_sheets import Row, int_of, text_of
from transforms.period import Period
from transforms.personal_data import has_personnummer

BRISTER = ("mindre brist", "brist", "inte utförd")
"""Results of a kontroll that call for an åtgärd."""
_OLDEST_YEARS = 15


def _yes(value: object) -> str:
    return "ja" if value else "nej"


def _year_columns(row: Row, period: Period) -> Row:
    """Whether a value has its year, and whether that can be: not after the period's, and not absurdly old."""
    year = text_of(row["vardear"])
    oldest = period.year - _OLDEST_YEARS
    return {
        "vardear_angivet": _yes(year) if int_of(row["utfall"]) is not None else None,
        "vardear_rimligt": _yes(year.isascii() and year.isdecimal() and oldest <= int(year) <= period.year)
        if year
        else None,
    }


def _enkat(row: Row, kommun: Kommun, period: Period) -> Row:
    fraga = next((part for part in kommun.uppfoljning.enkater if part.kod == text_of(row["kod"])), None)
    value = int_of(row["utfall"])
    exact = None if value is None else Decimal(value).scaleb(-(int_of(row["decimaler"]) or 0))
    answered, asked = int_of(row["svarande"]), int_of(row["tillfragade"])
    return {
        "utfall_inom": None if fraga is None or exact is None else _yes(fraga.minst <= exact <= fraga.hogst),
        "svar_inom": None if answered is None or asked is None else _yes(answered <= asked),
        **_year_columns(row, period),
        "kommentar_personnummer": _yes(has_personnummer(text_of(row["kommentar"]))),
    }


def _synpunkt(row: Row, kommun: Kommun, period: Period) -> Row:
    return {"kommentar_personnummer": _yes(has_personnummer(text_of(row["kommentar"])))}


def _risk(row: Row, kommun: Kommun, period: Period) -> Row:
    plan = kommun.uppfoljning.internkontroll
    chance, harm = int_of(row["sannolikhet"]), int_of(row["konsekvens"])
    lacks = text_of(row["resultat"]) in BRISTER
    return {
        "sannolikhet_giltig": _on_scale(chance, plan.sannolikhet if plan else ()),
        "konsekvens_giltig": _on_scale(harm, plan.konsekvens if plan else ()),
        "bedomning_hel": None if chance is None and harm is None else _yes(chance is not None and harm is not None),
        "atgard_finns": _yes(text_of(row["atgard"])) if lacks else None,
        "atgard_personnummer": _yes(has_personnummer(text_of(row["atgard"]))),
    }


def _on_scale(value: int | None, scale: tuple[Steg, ...]) -> str | None:
    return None if value is None or not scale else _yes(any(steg.varde == value for steg in scale))


def _utforare(row: Row, kommun: Kommun, period: Period) -> Row:
    return {
        **_year_columns(row, period),
        "kommentar_personnummer": _yes(has_personnummer(text_of(row["kommentar"]))),
    }


def _upphandling(row: Row, kommun: Kommun, period: Period) -> Row:
    start, end = text_of(row["avtal_fran"]), text_of(row["avtal_till"])
    return {
        "avtalstid_rimlig": _yes(start <= end) if start and end else None,
        "benamning_personnummer": _yes(has_personnummer(text_of(row["benamning"]))),
    }


def _text(row: Row, kommun: Kommun, period: Period) -> Row:
    return {"text_personnummer": _yes(has_personnummer(text_of(row["text"])))}


FOLLOW_UP_COLUMNS: Mapping[str, Callable[[Row, Kommun, Period], Row]] = {
    "enkater": _enkat,
    "synpunkter": _synpunkt,
    "risker": _risk,
    "utforare": _utforare,
    "upphandlingar": _upphandling,
    "texter": _text,
}
"""By table: the columns that stand beside what every sheet's rows are measured by."""
