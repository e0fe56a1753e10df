"""The ledger as a table of period balances (xlsx or csv): found by its headings, and turned to the same frames as a SIE file gives.

What is wrong in a row stands in the contract ``periodsaldon``; here is what no row tells by itself: headings, and sums that break.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from data_contracts.contract import Contract
from data_contracts.felkoder import Felkod
from data_contracts.findings import Finding
from data_contracts.frames import frame_columns
from transforms.belopp import belopp_text
from transforms.control_sheets import yes_no
from transforms.headed_table import read_headed
from transforms.ledger.balances import KODDELAR, LedgerFrames
from transforms.ledger.frames import BALANCES, LEDGER, LEDGER_BUDGET
from transforms.period import Period
from transforms.raw_retur import CellKind, RawBook, RawCell, RawRetur
from transforms.schemas import rows_of
from transforms.typed_rows import Frames

SALDON = "saldon"
Row = dict[str, Any]


def read_table(book: RawBook, contract: Contract, felkoder: Mapping[str, Felkod]) -> RawRetur:
    """The book's first sheet with the contract's headings, as rows with their cells (E824, E831)."""
    return read_headed(book, contract.table(SALDON), felkoder, missing="E824", unknown="E831", plain=_plain)


def _plain(cell: RawCell, column: str) -> RawCell:
    """A month that the workbook holds as a date is the month it shows; other cells are as they are."""
    if column == "manad" and cell.kind is CellKind.DATUM:
        return RawCell(cell.coordinate, CellKind.TEXT, cell.text[:7])
    return cell


def prepare_table(saldon: pd.DataFrame, contract: Contract) -> Frames:
    """The frame that the contract's rules run on: each row with what it is measured by."""
    table = contract.table(SALDON)
    rows: list[Row] = [
        {**row, "forvaltning": "", "period": "", "slag": row["slag"] or "period"} for row in rows_of(saldon)
    ]
    first = next((str(row["manad"])[:4] for row in rows if row["slag"] == "period"), "")
    seen: set[tuple[object, ...]] = set()
    for row in rows:
        key = (row["manad"], row["konto"], row["slag"], *(row[koddel] for koddel in KODDELAR))
        year = str(row["manad"])[:4]
        before = row["slag"] == "ub" and year.isdecimal() and first.isdecimal() and int(year) == int(first) - 1
        row |= {
            "manad_giltig": yes_no(_is_period(str(row["manad"]), str(row["slag"]))),
            "ar_stammer": yes_no(year == first or before or not first),
            "entydig": yes_no(key not in seen),
        }
        seen.add(key)
    return Frames({SALDON: frame_columns(table)}, {SALDON: rows})


def _is_period(text: str, slag: str) -> bool:
    if slag in ("ib", "ub"):
        return len(text) == 4 and text.isdecimal()
    try:
        return str(Period.parse(text)) == text
    except ValueError:
        return False


def table_frames(saldon: pd.DataFrame, sha256: str) -> LedgerFrames:
    """The rows as the ledger's frames: movements per month, balances per konto and year. There is no budget in them.

    Args:
        saldon: rows that no rule of the contract stops; ``belopp`` in öre, debit + credit −.
    """
    months: list[Row] = []
    balances: dict[tuple[int, str, str], Row] = {}
    for row in rows_of(saldon):
        origin = {"sha256": sha256, "fil": row["fil"], "rader": str(row["radnr"])}
        if (row["slag"] or "period") == "period":
            kodstrang = {koddel: row[koddel] or "" for koddel in ("konto", *KODDELAR)}
            year = int(str(row["manad"])[:4])
            months.append({"ar": year, "period": row["manad"], **kodstrang, "ledger_ore": row["belopp"], **origin})
            continue
        key = (int(row["manad"]), str(row["slag"]), str(row["konto"]))
        kept = balances.setdefault(key, {"ledger_ore": 0, **origin, "rader": ""})
        kept["ledger_ore"] += row["belopp"]
        kept["rader"] = ",".join(part for part in (kept["rader"], origin["rader"]) if part)
    ordered = sorted(months, key=lambda row: tuple(str(row[name]) for name in LEDGER.key))
    years = [
        {"ar": year, "slag": slag, "konto": konto, **balances[year, slag, konto]}
        for year, slag, konto in sorted(balances, key=lambda key: (-key[0], key[1], key[2]))
    ]
    return LedgerFrames(LEDGER.frame(ordered), LEDGER_BUDGET.frame([]), BALANCES.frame(years))


def table_checks(frames: LedgerFrames, felkoder: Mapping[str, Felkod], file: str) -> tuple[Finding, ...]:
    """What no row tells by itself: a month where debit and credit differ (E835), a balance that its months do not give (E836).

    Source: double entry; the same checks as of a SIE file (E818, E813).
    """
    rows = rows_of(LEDGER.check(frames.ledger))
    if not rows:
        return (felkoder["E837"].finding(file=file),)
    months: dict[str, int] = {}
    moved: dict[str, int] = {}
    for row in rows:
        months[row["period"]] = months.get(row["period"], 0) + row["ledger_ore"]
        moved[row["konto"]] = moved.get(row["konto"], 0) + row["ledger_ore"]
    unbalanced = [
        felkoder["E835"].finding(file=file, found=period, manad=period, belopp=belopp_text(ore, "kr"))
        for period, ore in sorted(months.items())
        if ore
    ]
    return (*unbalanced, *_broken_balances(frames, moved, rows[0]["ar"], felkoder, file))


def _broken_balances(
    frames: LedgerFrames, moved: Mapping[str, int], year: int, felkoder: Mapping[str, Felkod], file: str
) -> Iterator[Finding]:
    sides: dict[str, dict[str, Row]] = {"ib": {}, "ub": {}}
    for row in rows_of(BALANCES.check(frames.balances)):
        if row["ar"] == year:
            sides[row["slag"]][row["konto"]] = row
    for konto, row in sorted(sides["ub"].items()):
        expected = sides["ib"].get(konto, {"ledger_ore": 0})["ledger_ore"] + moved.get(konto, 0)
        if row["ledger_ore"] != expected:
            yield felkoder["E836"].finding(
                file=file,
                cell=f"rad {row['rader']}",
                found=konto,
                konto=konto,
                star=belopp_text(row["ledger_ore"], "kr"),
                vantat=belopp_text(expected, "kr"),
            )


def rows_sum(saldon: pd.DataFrame, numbers: Iterable[int], konto: str) -> int | None:
    """The amounts of those rows added up in öre; None when one is no row of that konto."""
    rows = {row["radnr"]: row for row in rows_of(saldon)}
    chosen: Sequence[Row | None] = [rows.get(number) for number in numbers]
    if any(row is None or row["konto"] != konto or row["belopp"] is None for row in chosen):
        return None
    return sum(int(row["belopp"]) for row in chosen if row is not None)
