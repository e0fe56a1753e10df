"""Measures the reading: ``python -m benchmarks.reading --mutationer 2000``, ``--mapp PATH``, ``--hastighet``.

Exit code 1 when a mutation did not end as its generator said, when the reading process died over a file, or a file took over ten seconds.
"""

from __future__ import annotations

import argparse
import io
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from openpyxl import load_workbook

from adapters.contract_files import load_contract, load_felkoder
from adapters.workbook_fill import set_cells
from adapters.workbook_reader import read_workbook
from adapters.workbook_reader.child import read_workbook_safely
from adapters.workbook_reader.container import inspect
from adapters.workbook_reader.opening import OpenedWorkbook
from tests.mutations.generator import SEED, generate
from tests.mutations.judging import Outcome, judge
from tests.workbook_examples import edited, filled

SLOW_SECONDS = 10.0
BATCH = 250
DATA_ROWS = 300
ROUNDS = 5


def main() -> int:
    """What was asked for, measured and printed; the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.reading", description=__doc__)
    parser.add_argument("--mutationer", type=int, metavar="ANTAL", help="mutationer av giltiga returer")
    parser.add_argument("--mapp", type=Path, help="läs varje fil i en mapp med främmande arbetsböcker")
    parser.add_argument("--hastighet", action="store_true", help="läsning av en retur med 6 blad om 300 rader")
    asked = parser.parse_args()
    faults = measure_mutations(asked.mutationer) if asked.mutationer else 0
    faults += measure_folder(asked.mapp) if asked.mapp else 0
    if asked.hastighet or not (asked.mutationer or asked.mapp):
        measure_speed()
    return 1 if faults else 0


def measure_mutations(number: int) -> int:
    """Counts by kind of mutation and outcome; how many did not end as said."""
    begun = time.perf_counter()
    outcomes: list[Outcome] = []
    mutations = list(generate(number))
    for start in range(0, number, BATCH):
        outcomes += judge(mutations[start : start + BATCH])
    kinds = Counter(outcome.mutation.kind.value for outcome in outcomes)
    refused = sum(1 for outcome in outcomes if outcome.stopped_by)
    faults = [outcome for outcome in outcomes if outcome.fault]
    deaths = sum("E134" in outcome.stopped_by for outcome in outcomes)
    slowest = max(outcome.seconds for outcome in outcomes)
    print(f"{len(outcomes)} mutationer, frö {SEED}: {dict(kinds)}")
    print(
        f"vägrade {refused}, lagrade exakt {sum(not o.stopped_by and not o.fault for o in outcomes)}, annat än sagt {len(faults)}"
    )
    print(f"koder: {dict(sorted(Counter(code for o in outcomes for code in o.stopped_by).items()))}")
    print(f"döda läsprocesser {deaths}, långsammast {slowest:.2f} s, allt {time.perf_counter() - begun:.0f} s")
    for outcome in faults:
        print(f"  {outcome.mutation.name} ({outcome.mutation.forvaltning}): {outcome.fault}")
    return len(faults) + deaths + (slowest > SLOW_SECONDS)


def measure_folder(folder: Path) -> int:
    """Each file of a folder of foreign workbooks: what the reading says, how long it took, and whether one opening gives what two do."""
    contract, felkoder = load_contract("manadsretur"), load_felkoder()
    codes: Counter[str] = Counter()
    faults, compared, slowest = 0, 0, 0.0
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        begun = time.perf_counter()
        findings = read_workbook_safely(content, path.name, contract, felkoder).findings
        seconds = time.perf_counter() - begun
        slowest = max(slowest, seconds)
        codes.update({finding.code for finding in findings})
        same = differing_cells(content) if inspect(content) is None else None
        compared += same is not None
        faults += ("E134" in {finding.code for finding in findings}) + (seconds > SLOW_SECONDS) + bool(same)
        told = "" if not same else f"  OLIKA openpyxl: {same[:3]}"
        print(
            f"{seconds:6.2f} s  {', '.join(sorted({f.code for f in findings})) or 'inget att anmärka'}  {path.name}{told}"
        )
    print(
        f"{dict(sorted(codes.items()))}; långsammast {slowest:.2f} s; {compared} jämförda cell för cell med openpyxl; fel {faults}"
    )
    return faults


def differing_cells(content: bytes) -> list[str] | None:
    """Cells whose value or formula two full loadings by openpyxl give otherwise than our one opening; None when openpyxl can't load it."""
    try:
        values, formulas = (
            load_workbook(io.BytesIO(content), data_only=only, keep_links=False) for only in (True, False)
        )
    except Exception:  # noqa: BLE001 - a pivot table that openpyxl can't load, which our opening never asks for
        return None
    book = OpenedWorkbook(content)
    differing: list[str] = []
    for sheet in formulas.worksheets:
        ours = {cell.coordinate: cell for cell in book.read(sheet.title).cells.values()}
        for place, cell in sheet._cells.items():
            value = getattr(values[sheet.title]._cells.get(place), "value", None)
            formula = (getattr(cell.value, "text", cell.value) or "=") if cell.data_type == "f" else ""
            mine = ours.get(cell.coordinate)
            kept = mine is not None and (bool(mine.text) or bool(mine.formula))
            if cell.hyperlink is None and (
                kept != (value not in (None, "") or bool(formula)) or (mine and mine.formula != formula)
            ):
                differing.append(f"{sheet.title}!{cell.coordinate}")
    return differing


def large_return() -> bytes:
    """A return with six sheets of 300 rows."""

    def enlarge(workbook: object) -> None:
        sheets = [*workbook.worksheets[1:], workbook.create_sheet("Eget 1"), workbook.create_sheet("Eget 2")]  # type: ignore[attr-defined]
        for sheet in sheets[:5]:
            for row in range(sheet.max_row + 1, DATA_ROWS + 1):
                for column in range(1, 12):
                    sheet.cell(row, column, f"text {row}" if column < 5 else row * 1.25)

    return set_cells(edited(enlarge), "Start", {"C30": "x"})


def measure_speed() -> None:
    """Milliseconds for the steps of reading one large return, medians."""
    contract, felkoder, content = load_contract("manadsretur"), load_felkoder(), large_return()
    job = (content, "retur.xlsx", contract, felkoder)
    begun = time.perf_counter()
    read_workbook_safely(*job)
    print(f"första filen, med läsprocessens start: {(time.perf_counter() - begun) * 1000:.0f} ms")
    steps: list[tuple[str, Callable[[], object]]] = [
        ("gränser och behållare (inspect)", lambda: inspect(content)),
        (
            "openpyxl, två laddningar",
            lambda: [load_workbook(io.BytesIO(content), data_only=only) for only in (True, False)],
        ),
        ("read_workbook i processen", lambda: read_workbook(*job)),
        ("read_workbook_safely, varm läsprocess", lambda: read_workbook_safely(*job)),
        ("read_workbook_safely, vanlig retur", lambda: read_workbook_safely(filled(), *job[1:])),
    ]
    for name, step in steps:
        times = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            step()
            times.append(time.perf_counter() - begun)
        print(f"{statistics.median(times) * 1000:7.0f} ms  {name}")


if __name__ == "__main__":
    sys.exit(main())
