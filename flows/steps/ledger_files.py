"""One file of the ledger, whatever its form: SIE, or a table of period balances by the contract ``periodsaldon``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from adapters.contract_engine import check
from adapters.contract_files import load_contract
from adapters.csv_reader import looks_like_csv, read_csv
from adapters.sie import is_sie, line_of, lines_sum, read_sie
from adapters.workbook_reader.child import read_book_safely
from data_contracts.felkoder import Felkod
from data_contracts.findings import Finding, stops
from transforms.conversion import convert
from transforms.ledger.balances import LedgerFrames, ledger_frames
from transforms.ledger.frames import BALANCES, LEDGER, LEDGER_BUDGET
from transforms.ledger.sie import SieFile
from transforms.ledger.table import SALDON, prepare_table, read_table, rows_sum, table_checks, table_frames
from transforms.period import Period

_NOTHING = LedgerFrames(LEDGER.frame([]), LEDGER_BUDGET.frame([]), BALANCES.frame([]))


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """What a file says: its year, the last month that it covers, its frames when nothing stops it, and all that is wrong with it."""

    ar: int | None
    till_period: str | None
    frames: LedgerFrames
    findings: tuple[Finding, ...]


def read_ledger(
    content: bytes, name: str, dimensioner: Mapping[str, str], felkoder: Mapping[str, Felkod]
) -> LedgerFile:
    """The file by what its bytes are, never by its name.

    Args:
        dimensioner: koddel → dimension number of a SIE file (kommun.yaml).
    """
    if not is_sie(content) and _is_table(content):
        return _table(content, name, felkoder)
    sie = read_sie(content, name, felkoder)
    frames = _NOTHING if stops(sie.findings) else ledger_frames(sie, dimensioner)
    return LedgerFile(sie.ar, covered_to(sie), frames, sie.findings)


def _is_table(content: bytes) -> bool:
    return content.startswith(b"PK") or looks_like_csv(content)


def _table(content: bytes, name: str, felkoder: Mapping[str, Felkod]) -> LedgerFile:
    saldon, findings = _rows(content, name, felkoder)
    if stops(findings):
        return LedgerFile(None, None, _NOTHING, findings)
    frames = table_frames(saldon, str(saldon["retur"].iloc[0]) if len(saldon) else "")
    findings = (*findings, *table_checks(frames, felkoder, name))
    months = sorted(str(period) for period in frames.ledger["period"])
    return LedgerFile(int(months[-1][:4]) if months else None, months[-1] if months else None, frames, findings)


def _rows(content: bytes, name: str, felkoder: Mapping[str, Felkod]) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """The table's rows typed, and what the contract's rules say of them."""
    contract = load_contract("periodsaldon")
    book = read_csv(content, name, felkoder) if looks_like_csv(content) else read_book_safely(content, name, felkoder)
    raw = read_table(book, contract, felkoder)
    converted = convert(raw, contract, felkoder, unit="kr")
    saldon = converted.frames[SALDON]
    found = (
        check(contract, prepare_table(saldon, contract)).findings_by_retur.get(raw.sha256, ()) if len(saldon) else ()
    )
    return saldon, (*raw.findings, *converted.findings, *found)


def covered_to(sie: SieFile) -> str | None:
    """The last month that a SIE file covers: of its #OMFATTN, else the last month that anything has moved in."""
    if sie.omfattning is not None and sie.omfattning.year == sie.ar:
        return str(Period.containing(sie.omfattning))
    months = [saldo.period for saldo in sie.saldon if saldo.etikett == "PSALDO" and saldo.arsnr == 0 and saldo.period]
    months.extend(_month(row.datum or voucher.datum) for voucher in sie.verifikat for row in voucher.rader)
    return max(months, default=None)


def _month(day: dt.date) -> str:
    return str(Period.containing(day))


def proved_sum(
    content: bytes, name: str, numbers: Iterable[int], konto: str, felkoder: Mapping[str, Felkod]
) -> int | None:
    """Those lines of the stored bytes, read again and added up in öre; None when one is no line of that konto."""
    if is_sie(content) or not _is_table(content):
        return lines_sum(content, numbers, konto)
    return rows_sum(_rows(content, name, felkoder)[0], numbers, konto)


def shown_line(content: bytes, number: int) -> str:
    """A line of the file as it stands, for a person to read; '' for a workbook, whose rows have no text of their own."""
    return "" if content.startswith(b"PK") else (line_of(content, number) or "").strip()
