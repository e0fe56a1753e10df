"""Records as a SIE file: ``#FORMAT PC8``, CP437, with the control sum around it. For examples, tests and what is sent on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from adapters.sie.coding import PC8, control_sum
from transforms.ledger.sie import Objekt, Saldo, SieFile, Transaktion


def write_sie(sie: SieFile, generated: dt.date, *, program: str = "Röda tråden", end: str = "\r\n") -> bytes:
    """The file's bytes. The same records give the same bytes; the day is told, not asked for.

    Raises:
        UnicodeEncodeError: a text holds a character that PC8 does not have.
    """
    body = list(_lines(sie, generated, program))
    total = control_sum(body, PC8)
    return end.join(["#FLAGGA 0", "#KSUMMA", *body, f"#KSUMMA {total}", ""]).encode(PC8)


def _lines(sie: SieFile, generated: dt.date, program: str) -> Iterator[str]:
    yield f'#PROGRAM {_quoted(sie.program or program)} "1.0"'
    yield "#FORMAT PC8"
    yield f"#GEN {_day(generated)}"
    yield f"#SIETYP {sie.typ[:1]}"
    if sie.orgnr:
        yield f"#ORGNR {_quoted(sie.orgnr)}"
    yield f"#FNAMN {_quoted(sie.foretag)}"
    for arsnr, (first, last) in sie.rakenskapsar.items():
        yield f"#RAR {arsnr} {_day(first)} {_day(last)}"
    if sie.omfattning is not None:
        yield f"#OMFATTN {_day(sie.omfattning)}"
    for konto, namn in sie.konton.items():
        yield f"#KONTO {_quoted(konto)} {_quoted(namn)}"
    for nummer, dimension in sie.dimensioner.items():
        if dimension.over:
            yield f"#UNDERDIM {_quoted(nummer)} {_quoted(dimension.namn)} {_quoted(dimension.over)}"
        else:
            yield f"#DIM {_quoted(nummer)} {_quoted(dimension.namn)}"
    for (nummer, objekt), namn in sie.objekt.items():
        yield f"#OBJEKT {_quoted(nummer)} {_quoted(objekt)} {_quoted(namn)}"
    yield from (_saldo(saldo) for saldo in sie.saldon)
    for voucher in sie.verifikat:
        head = (_quoted(voucher.serie), _quoted(voucher.nummer), _day(voucher.datum), _quoted(voucher.text))
        yield f"#VER {' '.join(head)}"
        yield "{"
        yield from (_row(row) for row in voucher.rader)
        yield "}"


def _saldo(saldo: Saldo) -> str:
    month = "" if saldo.period is None else f"{saldo.period.replace('-', '')} "
    objects = f"{_objects(saldo.objekt)} " if saldo.etikett in ("PSALDO", "PBUDGET", "OIB", "OUB") else ""
    return f"#{saldo.etikett} {saldo.arsnr} {month}{_quoted(saldo.konto)} {objects}{_amount(saldo.ore)}"


def _row(row: Transaktion) -> str:
    day = '""' if row.datum is None else _day(row.datum)
    return f"   #{row.etikett} {_quoted(row.konto)} {_objects(row.objekt)} {_amount(row.ore)} {day} {_quoted(row.text)}"


def _objects(objekt: Objekt) -> str:
    return "{" + " ".join(f"{_quoted(nummer)} {_quoted(kod)}" for nummer, kod in objekt) + "}"


def _quoted(text: str) -> str:
    escaped = text.replace('"', '\\"')
    return f'"{escaped}"'


def _amount(ore: int) -> str:
    """Kronor with a point and two decimals."""
    return f"{'-' if ore < 0 else ''}{abs(ore) // 100}.{abs(ore) % 100:02d}"


def _day(day: dt.date) -> str:
    return f"{day:%Y%m%d}"
