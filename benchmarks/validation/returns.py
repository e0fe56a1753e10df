"""Många, an invented kommun of as many förvaltningar as wanted, each with one return of six sheets and 300 rows on five of them."""

from __future__ import annotations

import datetime as dt
import io
import random
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from adapters.contract_files import load_contract
from adapters.workbook_fill import fill_template
from adapters.workbook_template import write_template
from benchmarks.closing.kommun import grans
from data_contracts.kommun import Enhet, Kommun
from transforms.fact_values import (
    Facts,
    Inlamning,
    Kalla,
    Radfakta,
    Returfakta,
    retur_values,
)
from transforms.period import Period

PERIOD = Period(2026, 4)
ROWS = 300
SEED = 20260430
COMMENTS = "xl/worksheets/sheet6.xml"
_FIRST = "Q000"
_KALLA = "slump"
_SERIER = ("periodbudget", "utfall", "utfall_fg_ar", "prognos")
_COURSE = {"periodbudget": Decimal(4), "utfall": Decimal(4), "utfall_fg_ar": Decimal(4), "prognos": Decimal(12)}


def many(number: int) -> Kommun:
    """The kommun. The förvaltningar are alike but for their codes."""
    one = _kommun()
    enhet, namnd, forvaltning = one.enheter[0], one.namnder[0], one.forvaltningar[0]
    codes = [f"Q{at:03d}" for at in range(number)]
    return one.model_copy(
        update={
            "enheter": tuple(enhet.model_copy(update={"kod": f"E{kod}"}) for kod in codes),
            "namnder": tuple(namnd.model_copy(update={"kod": f"N{kod}", "enheter": (f"E{kod}",)}) for kod in codes),
            "forvaltningar": tuple(
                forvaltning.model_copy(update={"kod": kod, "enheter": (f"E{kod}",)}) for kod in codes
            ),
        }
    )


@cache
def _kommun() -> Kommun:
    drift = [{"kod": f"d{at}", "namn": f"Kostnad {at}", "typ": "kostnad"} for at in range(ROWS - 1)]
    plan = [{"kod": f"p{at}", "namn": f"Projekt {at}", "typ": "utgift"} for at in range(ROWS - 1)]
    return Kommun.model_validate(
        {
            "schema_version": 1,
            "kod": "manga",
            "namn": "Många kommun",
            "kommunkod": "0097",
            "marke": "Påhittad kommun, för mätning",
            "enheter": [
                {
                    "kod": f"E{_FIRST}",
                    "namn": "En enhet",
                    "finansiering": "skattefinansierad",
                    "drift": "drift",
                    "investeringar": "investeringar",
                    "verksamheter": [{"kod": f"v{at}", "namn": f"Verksamhet {at}"} for at in range(ROWS)],
                    "volymer": [{"kod": f"m{at}", "namn": f"Volym {at}", "matt_enhet": "antal"} for at in range(ROWS)],
                }
            ],
            "namnder": [{"kod": f"N{_FIRST}", "namn": "En nämnd", "enheter": [f"E{_FIRST}"]}],
            "forvaltningar": [{"kod": _FIRST, "namn": "En förvaltning", "enheter": [f"E{_FIRST}"]}],
            "uppstallningar": [_uppstallning("drift", drift), _uppstallning("investeringar", plan)],
            "granser": [grans("drift"), grans("investeringar")],
            "kalender": {"retur_senast_arbetsdag": 7, "stangning_dag": 14},
        }
    )


def _uppstallning(kod: str, rows: list[dict[str, str]]) -> dict[str, object]:
    total = {"kod": "totalt", "namn": "Totalt", "typ": "summa", "delar": [row["kod"] for row in rows]}
    return {"kod": kod, "namn": kod.capitalize(), "resultatrad": "totalt", "rader": [*rows, total]}


def workbooks(number: int) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of the returns: one real template, filled, and its copies with codes of their own."""
    kommun, contract = _kommun(), load_contract("manadsretur")
    facts = _facts(kommun)
    template = write_template(contract, kommun, _FIRST, PERIOD, {})
    first = fill_template(template, contract, kommun, retur_values(facts, kommun, _FIRST), ())
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[COMMENTS] = _with_comments(parts[COMMENTS])
    for at in range(number):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content.replace(_FIRST.encode(), f"Q{at:03d}".encode()))
        yield f"retur-q{at:03d}.xlsx", packed.getvalue()


def _with_comments(sheet: bytes) -> bytes:
    """The sheet Kommentarer with rows below those that the template has: a comment on nearly every row of drift."""
    below = max(int(number) for number in re.findall(rb'<row r="(\d+)"', sheet)) + 1
    rows = []
    for at in range(ROWS - 1):
        texts = (f"E{_FIRST}", "drift", f"d{at}", f"Priset steg mer än väntat, rad {at}.", f"Avtal {at} ses över.")
        cells = "".join(
            f'<c r="{column}{below + at}" t="inlineStr"><is><t>{text}</t></is></c>'
            for column, text in zip("BCDEF", texts, strict=True)
        )
        rows.append(f'<row r="{below + at}">{cells}</row>')
    return sheet.replace(b"</sheetData>", "".join(rows).encode() + b"</sheetData>")


def _facts(kommun: Kommun) -> Facts:
    chance, enhet = random.Random(SEED), kommun.enheter[0]
    rows = [_fact("drift", enhet, f"d{at}", -chance.randint(10, 900), _SERIER) for at in range(ROWS - 1)]
    rows += [_fact("investeringar", enhet, f"p{at}", chance.randint(10, 900), _SERIER) for at in range(ROWS - 1)]
    rows += [_fact("volymer", enhet, volym.kod, chance.randint(10, 900), _SERIER) for volym in enhet.volymer]
    whole = {
        serie: sum((dict(row.varden)[serie] for row in rows if row.tabell == "drift"), Decimal(0)) for serie in _SERIER
    }
    parts = [_fact("drift_verksamhet", enhet, part.kod, -1, _SERIER) for part in enhet.verksamheter[1:]]
    rest = {serie: whole[serie] - sum((dict(part.varden)[serie] for part in parts), Decimal(0)) for serie in _SERIER}
    rows += [Radfakta("drift_verksamhet", enhet.kod, "v0", tuple(rest.items()), _KALLA), *parts]
    handed_in = Inlamning("Förvaltningsekonom", dt.date(2026, 5, 8), "klar")
    retur = Returfakta(_FIRST, handed_in, tuple(rows))
    source = Kalla(_KALLA, "Slumpade uppgifter för mätning", "benchmarks/validation", "tkr")
    return Facts(PERIOD, (source,), (), (), (), (retur,))


def _fact(tabell: str, enhet: Enhet, rad: str, a_month: int, serier: tuple[str, ...]) -> Radfakta:
    return Radfakta(tabell, enhet.kod, rad, tuple((serie, a_month * _COURSE[serie]) for serie in serier), _KALLA)


def make_home(path: Path) -> None:
    """A home whose kommun.yaml holds one förvaltning; ``many`` takes its place while measuring."""
    (path / "inkorg").mkdir(parents=True)
    with (path / "kommun.yaml").open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(_kommun().model_dump(mode="json"), file)
