"""Goals and staff of the made-up year as the workbook of the books has them: summed of what the returns say."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from data_contracts.kommun import Kommun
from data_contracts.malplan import Indikator, Malplan, Niva, Riktning
from data_contracts.personal import GRUPPER, TOTALT
from transforms.example_year.goals import DELVIS, UPPFYLLD, assessment, indikator_value
from transforms.example_year.settings import Bokslutsar, Exempelar
from transforms.example_year.staff import staff_numbers
from transforms.figures import KOMMUNEN
from transforms.period import Period
from transforms.template_rows import CellValue

BookRow = dict[str, CellValue | None]
_UPPNATT, _DELVIS, _EJ = "uppnatt", "delvis", "ej"
_ROWS = {
    TOTALT: ("sjuk_total", "Total sjukfrånvaro"),
    "kvinnor": ("sjuk_kvinnor", "Kvinnor"),
    "man": ("sjuk_man", "Män"),
    "hogst_29": ("sjuk_29", GRUPPER["hogst_29"]),
    "fran_30_till_49": ("sjuk_30_49", GRUPPER["fran_30_till_49"]),
    "minst_50": ("sjuk_50", GRUPPER["minst_50"]),
}


def people_rows(kommun: Kommun, plan: Exempelar, bokslut: Bokslutsar, period: Period) -> dict[str, list[BookRow]]:
    """The tables personalmatt, bokslutsmal and bokslutsindikatorer."""
    malplan = next(one for one in kommun.malplaner if one.ar == period.year)
    return {
        "personalmatt": list(_staff(plan, period.month)),
        "bokslutsmal": list(_goals(plan, bokslut, malplan)),
        "bokslutsindikatorer": [_indikator(plan, malplan, one, period.month) for one in malplan.indikatorer],
    }


def _staff(plan: Exempelar, month: int) -> Iterator[BookRow]:
    employing = [enhet for enhet, year in plan.enheter.items() if year.anstallda]
    groups: dict[str, dict[str, int]] = {kod: {} for kod in GRUPPER}
    for enhet in employing:
        for kod, numbers in staff_numbers(plan, enhet, month).items():
            for name, number in numbers.items():
                groups[kod][name] = groups[kod].get(name, 0) + number
    for kod, (rad, namn) in _ROWS.items():
        of = groups[kod]
        row = _measure(rad, namn, "%", _percent(of, "sjuktid", "ordinarie_tid"), _before(of))
        yield row if kod == TOTALT else {**row, "antal_personer": Decimal(of["anstallda"])}
    whole = groups[TOTALT]
    long = (_percent(whole, "sjuktid_lang", "sjuktid"), _percent(whole, "sjuktid_lang_fg_ar", "sjuktid_fg_ar"))
    yield _measure("sjuk_60", "60 dagar eller mer, andel av den totala", "%", *long)
    employed = Decimal(whole["anstallda"])
    yield _measure("anstallda", "Anställda", "personer", employed, None)
    yield _measure("friska", "Anställda med högst fem sjukdagar", "personer", Decimal(whole["friska"]), None)


def _before(of: dict[str, int]) -> Decimal:
    return _percent(of, "sjuktid_fg_ar", "ordinarie_tid_fg_ar")


def _percent(of: dict[str, int], part: str, whole: str) -> Decimal:
    return round(Decimal(100 * of[part]) / of[whole], 1)


def _measure(kod: str, namn: str, unit: str, now: Decimal, before: Decimal | None) -> BookRow:
    row: BookRow = {"enhet": KOMMUNEN, "kod": kod, "benamning": namn, "matt_enhet": unit, "utfall": now}
    return row if before is None else {**row, "bokslut": before}


def _goals(plan: Exempelar, bokslut: Bokslutsar, malplan: Malplan) -> Iterator[BookRow]:
    """Fullmäktige's goals by those below them, and the financial ones as assessed."""
    for mal in malplan.mal:
        if mal.niva is Niva.FULLMAKTIGEMAL:
            below = [assessment(plan, malplan, one.kod) for one in malplan.mal if one.over == mal.kod]
            reached = below.count(UPPFYLLD)
            said = _UPPNATT if reached == len(below) else _DELVIS if reached or DELVIS in below else _EJ
            yield {"enhet": KOMMUNEN, "kod": mal.kod, "benamning": mal.namn, "slag": "verksamhet", "bedomning": said}
    for own in bokslut.finansiella_mal:
        yield {
            "enhet": KOMMUNEN, "kod": own.kod, "benamning": own.benamning, "slag": "finansiellt",
            "bedomning": own.bedomning, "motivering": own.motivering,
        }  # fmt: skip


def _indikator(plan: Exempelar, malplan: Malplan, indikator: Indikator, month: int) -> BookRow:
    goal = next(one for one in malplan.mal if one.kod == indikator.mal)
    row: BookRow = {
        "enhet": KOMMUNEN,
        "kod": indikator.kod,
        "benamning": indikator.namn,
        "mal": goal.over,
        "matt_enhet": indikator.matt_enhet,
        "villkor": "hogst" if indikator.riktning is Riktning.LAGRE else "minst",
        "malvarde": Decimal(str(indikator.malvarden[malplan.ar].varde)),
        "bokslut": Decimal(str(indikator.historik[-1].varde)),
    }
    value = indikator_value(plan, indikator, month)
    return row if value is None else {**row, "utfall": value}
