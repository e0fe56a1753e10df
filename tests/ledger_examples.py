"""Lingonby's made-up ledger for April 2026, whole or with something put in, for tests of the ledger's way."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from adapters.contract_files import load_kommunbas
from adapters.fact_files import load_facts
from adapters.kommun_config import load_kommun, load_model
from data_contracts.kommun import Kommun
from flows.home import CHECKOUT
from transforms.fact_values import utfall_of
from transforms.ledger.balances import LedgerFrames, ledger_frames
from transforms.ledger.example import Exempelbok, example_ledger
from transforms.ledger.placement import Placed, place
from transforms.ledger.sie import SieFile, Transaktion
from transforms.period import Period

LINGONBY = CHECKOUT / "kommuner" / "lingonby"
APRIL = Period(2026, 4)
CHART = load_kommunbas().chart(2026)


@cache
def lingonby() -> Kommun:
    return load_kommun(LINGONBY / "kommun.yaml")


@cache
def utfall() -> dict[tuple[str, str, str], int]:
    """April's utfall of all returns, the late one too."""
    parts = [utfall_of(load_facts(LINGONBY / "fakta" / f"{name}.yaml")) for name in ("2026-04", "2026-04_sen")]
    return parts[0] | parts[1]


@cache
def ledger(period: Period = APRIL) -> SieFile:
    book = load_model(LINGONBY / "huvudbok_exempel.yaml", Exempelbok)
    return example_ledger(book, utfall(), period, lingonby().namn)


def with_rows(sie: SieFile, *rows: Transaktion) -> SieFile:
    """The ledger with rows put into its last voucher, and the bank against them. Its balances are left out, since they no longer hold."""
    against = Transaktion("1940", -sum(row.ore for row in rows))
    *first, last = sie.verifikat
    return replace(sie, saldon=(), verifikat=(*first, replace(last, rader=(*last.rader, *rows, against))))


def frames(sie: SieFile) -> LedgerFrames:
    plan = lingonby().huvudbok
    assert plan is not None
    return ledger_frames(sie, plan.dimensioner.model_dump())


def placed(sie: SieFile, period: Period = APRIL) -> tuple[Placed, ...]:
    return place(frames(sie).ledger, lingonby(), CHART, period)
