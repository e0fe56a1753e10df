"""A SIE file as records: the neutral form between the file (``adapters.sie``) and the frames (``transforms.ledger.frames``).

Amounts are whole öre with the ledger's own sign: debit +, credit −. Nothing is turned here.

Source: SIE-gruppen, SIE filformat utgåva 4B (2008-09-30).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from data_contracts.findings import Finding

SALDOETIKETTER = ("IB", "UB", "RES", "OIB", "OUB", "PSALDO", "PBUDGET")
"""Labels that carry a balance. PSALDO and PBUDGET are a month's change; the others a whole year's."""

TRANSAKTIONER = ("TRANS", "RTRANS", "BTRANS")
"""Labels of voucher rows. RTRANS (added) is followed by the same row as TRANS, and BTRANS (struck) counts no more: only TRANS counts."""

Objekt = tuple[tuple[str, str], ...]
"""(dimension, object) pairs in the file's order."""


@dataclass(frozen=True, slots=True)
class Saldo:
    """One balance row. ``arsnr`` 0 is the year of the file, −1 the one before. ``period`` is None for a whole year's balance."""

    etikett: str
    arsnr: int
    konto: str
    ore: int
    objekt: Objekt = ()
    period: str | None = None
    rad: int = 0


@dataclass(frozen=True, slots=True)
class Transaktion:
    """One row of a voucher. ``datum`` is None when the row has none of its own: then the voucher's holds."""

    konto: str
    ore: int
    objekt: Objekt = ()
    datum: dt.date | None = None
    text: str = ""
    etikett: str = "TRANS"
    rad: int = 0


@dataclass(frozen=True, slots=True)
class Verifikat:
    """One voucher with its rows."""

    serie: str
    nummer: str
    datum: dt.date
    text: str = ""
    rader: tuple[Transaktion, ...] = ()
    rad: int = 0

    @property
    def difference_ore(self) -> int:
        """Σ of the rows that count: 0 in a voucher that balances."""
        return sum(row.ore for row in self.rader if row.etikett == "TRANS")


@dataclass(frozen=True, slots=True)
class Dimension:
    """A koddel of the file. ``over``: the number of the dimension it is part of (#UNDERDIM), else ''."""

    namn: str
    over: str = ""


@dataclass(frozen=True, slots=True)
class SieFile:
    """What one SIE file says.

    Attributes:
        typ: 1 årssaldon, 2 periodsaldon, 3 objektsaldon, 4 transaktioner; ``4I`` vouchers only.
        rakenskapsar: årsnr → first and last day.
        konton: konto → name; dimensioner: number → koddel; objekt: (dimension, object) → name.
        omfattning: the last day that the balances cover, when the file says.
        findings: all that is wrong with it, in order of line.
    """

    typ: str
    program: str = ""
    foretag: str = ""
    orgnr: str = ""
    rakenskapsar: Mapping[int, tuple[dt.date, dt.date]] = field(default_factory=dict)
    konton: Mapping[str, str] = field(default_factory=dict)
    dimensioner: Mapping[str, Dimension] = field(default_factory=dict)
    objekt: Mapping[tuple[str, str], str] = field(default_factory=dict)
    saldon: tuple[Saldo, ...] = ()
    verifikat: tuple[Verifikat, ...] = ()
    omfattning: dt.date | None = None
    fil: str = ""
    sha256: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def ar(self) -> int | None:
        """The calendar year in which the file's own räkenskapsår ends; None without #RAR 0."""
        years = self.rakenskapsar.get(0)
        return None if years is None else years[1].year
