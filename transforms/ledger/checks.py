"""What must hold inside one SIE file: vouchers balance, and balances agree with the vouchers and with each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from data_contracts.felkoder import Felkod
from data_contracts.findings import Finding
from transforms.belopp import belopp_text
from transforms.ledger.sie import Saldo, SieFile


def check_sie(sie: SieFile, felkoder: Mapping[str, Felkod]) -> SieFile:
    """The file with what these checks found added to its findings, in order of line.

    - every voucher sums to zero (E806)
    - opening balance + vouchers = closing balance, vouchers of a result account = its result (E812)
    - period balances of the year = result, or closing − opening balance (E813)
    - a balance stands once (E816), and its month lies in the year (E817; E801 for the ledger's own budget)
    - closing balances and results sum to what the opening balances do (E818), and those to zero (E819)

    An account without period balances is not compared with them. What a file does not hold is not compared. All exact, in öre.
    Source: SIE filformat utgåva 4B; bokföringens dubbla sida, lag (2018:597) 3 kap.
    """
    found = [
        *_unbalanced(sie, felkoder["E806"]),
        *_doubled(sie, felkoder["E816"]),
        *_outside(sie, felkoder),
        *_against_vouchers(sie, felkoder["E812"]),
        *_against_periods(sie, felkoder["E813"]),
        *_not_even(sie, felkoder),
    ]
    placed = sorted((*sie.findings, *found), key=lambda finding: (line_number(finding), finding.code))
    return replace(sie, findings=tuple(placed))


def line_number(finding: Finding) -> int:
    """The line that a finding of a ledger file points at; 0 for the whole file."""
    return int(finding.cell.removeprefix("rad ")) if finding.cell.startswith("rad ") else 0


def _place(sie: SieFile, line: int) -> dict[str, str]:
    return {"file": sie.fil, "cell": f"rad {line}"}


def _unbalanced(sie: SieFile, felkod: Felkod) -> Iterator[Finding]:
    for voucher in sie.verifikat:
        if voucher.difference_ore:
            name = " ".join(part for part in (voucher.serie, voucher.nummer) if part)
            yield felkod.finding(
                **_place(sie, voucher.rad), verifikat=name, belopp=belopp_text(voucher.difference_ore, "kr")
            )


def _doubled(sie: SieFile, felkod: Felkod) -> Iterator[Finding]:
    first: dict[tuple[object, ...], int] = {}
    for saldo in sie.saldon:
        key = (saldo.etikett, saldo.arsnr, saldo.period, saldo.konto, saldo.objekt)
        if key in first:
            yield felkod.finding(**_place(sie, saldo.rad), etikett=saldo.etikett, konto=saldo.konto, forsta=first[key])
        first.setdefault(key, saldo.rad)


def _outside(sie: SieFile, felkoder: Mapping[str, Felkod]) -> Iterator[Finding]:
    for saldo in sie.saldon:
        years = sie.rakenskapsar.get(saldo.arsnr)
        if saldo.period is not None and years is not None:
            first, last = (f"{day.year:04d}-{day.month:02d}" for day in years)
            if not first <= saldo.period <= last:
                felkod = felkoder["E801" if saldo.etikett == "PBUDGET" else "E817"]
                yield felkod.finding(**_place(sie, saldo.rad), manad=saldo.period, ar=f"{years[0]}–{years[1]}")


def _of(sie: SieFile, *etiketter: str, arsnr: int = 0) -> list[Saldo]:
    return [s for s in sie.saldon if s.etikett in etiketter and s.arsnr == arsnr and not s.objekt]


def _against_vouchers(sie: SieFile, felkod: Felkod) -> Iterator[Finding]:
    """Files of type 4 that hold the whole year's vouchers; a selection of vouchers (4I) has no balances to compare."""
    if not sie.verifikat:
        return
    moved: dict[str, int] = defaultdict(int)
    for voucher in sie.verifikat:
        for row in voucher.rader:
            if row.etikett == "TRANS":
                moved[row.konto] += row.ore
    opening = {saldo.konto: saldo.ore for saldo in _of(sie, "IB")}
    for saldo in _of(sie, "UB", "RES"):
        expected = moved[saldo.konto] + (opening.get(saldo.konto, 0) if saldo.etikett == "UB" else 0)
        if expected != saldo.ore:
            yield _difference(sie, felkod, saldo, expected)


def _against_periods(sie: SieFile, felkod: Felkod) -> Iterator[Finding]:
    for arsnr in sorted(sie.rakenskapsar):
        months = _of(sie, "PSALDO", arsnr=arsnr)
        whole = _of(sie, "UB", "RES", arsnr=arsnr)
        if not months or not whole:
            continue
        moved: dict[str, int] = defaultdict(int)
        for saldo in months:
            moved[saldo.konto] += saldo.ore
        opening = {saldo.konto: saldo.ore for saldo in _of(sie, "IB", arsnr=arsnr)}
        for saldo in whole:
            if saldo.konto not in moved:
                continue
            expected = moved[saldo.konto] + (opening.get(saldo.konto, 0) if saldo.etikett == "UB" else 0)
            if expected != saldo.ore:
                yield _difference(sie, felkod, saldo, expected)


def _difference(sie: SieFile, felkod: Felkod, saldo: Saldo, expected: int) -> Finding:
    return felkod.finding(
        **_place(sie, saldo.rad),
        etikett=saldo.etikett,
        konto=saldo.konto,
        star=belopp_text(saldo.ore, "kr"),
        vantat=belopp_text(expected, "kr"),
    )


def _not_even(sie: SieFile, felkoder: Mapping[str, Felkod]) -> Iterator[Finding]:
    for arsnr in sorted(sie.rakenskapsar):
        opening, closing = _of(sie, "IB", arsnr=arsnr), _of(sie, "UB", "RES", arsnr=arsnr)
        before, after = _total(opening), _total(closing)
        if opening and before:
            place = _place(sie, opening[0].rad)
            yield felkoder["E819"].finding(**place, arsnr=arsnr, belopp=belopp_text(before, "kr"))
        if closing and after != before:
            place = _place(sie, closing[0].rad)
            yield felkoder["E818"].finding(**place, arsnr=arsnr, belopp=belopp_text(after - before, "kr"))


def _total(rows: Iterable[Saldo]) -> int:
    return sum(saldo.ore for saldo in rows)
