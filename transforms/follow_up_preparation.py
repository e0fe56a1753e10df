"""What the rows of the sheets Enkäter, Intern kontroll, Utförare and Upphandlingar are measured by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from data_contracts.kommun import Kommun
from data_contracts.uppfoljning import Steg
from transforms.control_sheets import Row, int_of, text_of, yes_no
from transforms.period import Period
from transforms.personal_data import has_personnummer

BRISTER = ("mindre brist", "brist", "inte utförd")
"""Results of a kontroll that call for an åtgärd."""
_OLDEST_YEARS = 15


def _year_columns(row: Row, period: Period) -> Row:
    """Whether a value has its year, and whether that can be: not after the period's, and not absurdly old."""
    year = text_of(row["vardear"])
    oldest = period.year - _OLDEST_YEARS
    return {
        "vardear_angivet": yes_no(year) if int_of(row["utfall"]) is not None else None,
        "vardear_rimligt": yes_no(year.isascii() and year.isdecimal() and oldest <= int(year) <= period.year)
        if year
        else None,
    }


def _enkat(row: Row, kommun: Kommun, period: Period) -> Row:
    fraga = next((part for part in kommun.uppfoljning.enkater if part.kod == text_of(row["kod"])), None)
    value = int_of(row["utfall"])
    exact = None if value is None else Decimal(value).scaleb(-(int_of(row["decimaler"]) or 0))
    answered, asked = int_of(row["svarande"]), int_of(row["tillfragade"])
    return {
        "utfall_inom": None if fraga is None or exact is None else yes_no(fraga.minst <= exact <= fraga.hogst),
        "svar_inom": None if answered is None or asked is None else yes_no(answered <= asked),
        **_year_columns(row, period),
        "kommentar_personnummer": yes_no(has_personnummer(text_of(row["kommentar"]))),
    }


def _synpunkt(row: Row, kommun: Kommun, period: Period) -> Row:
    return {"kommentar_personnummer": yes_no(has_personnummer(text_of(row["kommentar"])))}


def _risk(row: Row, kommun: Kommun, period: Period) -> Row:
    plan = kommun.uppfoljning.internkontroll
    chance, harm = int_of(row["sannolikhet"]), int_of(row["konsekvens"])
    lacks = text_of(row["resultat"]) in BRISTER
    return {
        "sannolikhet_giltig": _on_scale(chance, plan.sannolikhet if plan else ()),
        "konsekvens_giltig": _on_scale(harm, plan.konsekvens if plan else ()),
        "bedomning_hel": None if chance is None and harm is None else yes_no(chance is not None and harm is not None),
        "atgard_finns": yes_no(text_of(row["atgard"])) if lacks else None,
        "atgard_personnummer": yes_no(has_personnummer(text_of(row["atgard"]))),
    }


def _on_scale(value: int | None, scale: tuple[Steg, ...]) -> str | None:
    return None if value is None or not scale else yes_no(any(steg.varde == value for steg in scale))


def _utforare(row: Row, kommun: Kommun, period: Period) -> Row:
    return {
        **_year_columns(row, period),
        "kommentar_personnummer": yes_no(has_personnummer(text_of(row["kommentar"]))),
    }


def _upphandling(row: Row, kommun: Kommun, period: Period) -> Row:
    start, end = text_of(row["avtal_fran"]), text_of(row["avtal_till"])
    return {
        "avtalstid_rimlig": yes_no(start <= end) if start and end else None,
        "benamning_personnummer": yes_no(has_personnummer(text_of(row["benamning"]))),
    }


def _text(row: Row, kommun: Kommun, period: Period) -> Row:
    return {"text_personnummer": yes_no(has_personnummer(text_of(row["text"])))}


FOLLOW_UP_COLUMNS: Mapping[str, Callable[[Row, Kommun, Period], Row]] = {
    "enkater": _enkat,
    "synpunkter": _synpunkt,
    "risker": _risk,
    "utforare": _utforare,
    "upphandlingar": _upphandling,
    "texter": _text,
}
"""By table: the columns that stand beside what every sheet's rows are measured by."""
