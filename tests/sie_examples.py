"""Small SIE files of our own: a year of one company with two objects, built as records, so that a test can break just one thing."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from adapters.contract_files import load_felkoder
from adapters.sie import read_sie, write_sie
from transforms.ledger.sie import Dimension, Saldo, SieFile, Transaktion, Verifikat

FELKODER = dict(load_felkoder())
GENERATED = dt.date(2026, 5, 8)
YEAR = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))


def vouchers() -> tuple[Verifikat, ...]:
    """Three vouchers: two purchases by two ansvar, and a struck and an added row in the third."""
    return (
        Verifikat(
            "A",
            "1",
            dt.date(2026, 1, 15),
            'Möbler "Blå"',
            (
                Transaktion("6410", 1_000_50, (("1", "210"), ("6", "9001"))),
                Transaktion("1930", -1_000_50),
            ),
        ),
        Verifikat(
            "A",
            "2",
            dt.date(2026, 2, 3),
            "Avgifter",
            (
                Transaktion("3110", -4_000_00, (("1", "210"),)),
                Transaktion("1930", 4_000_00, (), dt.date(2026, 3, 1)),
                Transaktion("6410", 500_00, (("1", "220"), ("7", "BUN"))),
                Transaktion("1930", -500_00),
            ),
        ),
        Verifikat(
            "A",
            "3",
            dt.date(2026, 4, 30),
            "Rättelse",
            (
                Transaktion("6410", 70_00, etikett="BTRANS"),
                Transaktion("6410", 80_00, etikett="RTRANS"),
                Transaktion("6410", 80_00, (("1", "220"),)),
                Transaktion("1930", -80_00),
            ),
        ),
    )


def transactions_file() -> SieFile:
    """Type 4: balances that agree with the vouchers."""
    return SieFile(
        typ="4",
        program="Exempel",
        foretag="Övningsbolaget Å",
        orgnr="000000-0000",
        rakenskapsar={0: YEAR, -1: (dt.date(2025, 1, 1), dt.date(2025, 12, 31))},
        konton={"1930": "Bank", "2010": "Eget kapital", "3110": "Avgifter", "6410": "Inventarier"},
        dimensioner={"1": Dimension("Ansvar"), "6": Dimension("Projekt"), "7": Dimension("Motpart", "1")},
        objekt={("1", "210"): "Förskola", ("1", "220"): "Skola", ("6", "9001"): "Ny skola", ("7", "BUN"): "BUN"},
        saldon=(
            Saldo("IB", 0, "1930", 10_000_00),
            Saldo("IB", 0, "2010", -10_000_00),
            Saldo("UB", 0, "1930", 12_419_50),
            Saldo("UB", 0, "2010", -10_000_00),
            Saldo("RES", 0, "3110", -4_000_00),
            Saldo("RES", 0, "6410", 1_580_50),
        ),
        verifikat=vouchers(),
    )


def object_balances_file() -> SieFile:
    """Type 3: the same year as month balances, of which part stands on objects."""
    months = (
        Saldo("PSALDO", 0, "6410", 1_000_50, (), "2026-01"),
        Saldo("PSALDO", 0, "6410", 700_00, (("1", "210"),), "2026-01"),
        Saldo("PSALDO", 0, "1930", -1_000_50, (), "2026-01"),
        Saldo("PSALDO", 0, "6410", 500_00, (("1", "220"), ("7", "BUN")), "2026-02"),
        Saldo("PSALDO", 0, "6410", 500_00, (), "2026-02"),
        Saldo("PSALDO", 0, "3110", -4_000_00, (("1", "210"),), "2026-02"),
        Saldo("PSALDO", 0, "3110", -4_000_00, (), "2026-02"),
        Saldo("PSALDO", 0, "1930", 3_500_00, (), "2026-02"),
        Saldo("PSALDO", 0, "6410", 80_00, (), "2026-04"),
        Saldo("PSALDO", 0, "1930", -80_00, (), "2026-04"),
        Saldo("PBUDGET", 0, "6410", 300_00, (), "2026-01"),
        Saldo("OUB", 0, "1930", 1_00, (("1", "210"),)),
    )
    whole = transactions_file()
    return replace(whole, typ="3", verifikat=(), saldon=(*whole.saldon, *months))


def content_of(sie: SieFile) -> bytes:
    return write_sie(sie, GENERATED)


def read(content: bytes, name: str = "huvudbok.se") -> SieFile:
    return read_sie(content, name, FELKODER)


def codes(sie: SieFile) -> list[tuple[str, str]]:
    """(code, place) of every finding, in order."""
    return [(finding.code, finding.cell) for finding in sie.findings]


def without_lines(sie: SieFile) -> SieFile:
    """The same records without what only a file gives them: line numbers, name, sha256."""
    return replace(
        sie,
        saldon=tuple(replace(saldo, rad=0) for saldo in sie.saldon),
        verifikat=tuple(
            replace(voucher, rad=0, rader=tuple(replace(row, rad=0) for row in voucher.rader))
            for voucher in sie.verifikat
        ),
        fil="",
        sha256="",
    )
