"""``python -m benchmarks.control``: seconds from file to answer for one return, clean and with findings.

Two returns of six sheets: a common one, and one with 300 rows on five of its sheets. In a process that has its libraries, as the inbox
flow has, and as a cold command, where the import of libraries is shown by itself.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ruamel.yaml import YAML

from adapters.contract_engine import warm_up
from adapters.rendering.receipt import receipt_html, receipt_text
from adapters.workbook_fill import set_cells
from benchmarks.closing.facts import make_facts
from benchmarks.closing.home import APRIL
from benchmarks.closing.kommun import storkoping
from benchmarks.validation.returns import make_home, workbooks
from flows.home import CHECKOUT, Hem, open_home
from flows.steps.check import check_register
from flows.steps.collect import collect
from flows.steps.control import control, unwritten
from flows.steps.example import filled_register, filled_returns
from flows.workplace import now, open_workplace

ROUNDS = 7
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_IMPORT = re.compile(r"^import time:\s+(\d+) \|", re.MULTILINE)
WRONG = {"J9": "ca 120", "H9": "12 500 kr", "J10": "1.234,5"}


def main() -> None:
    """Make the returns, measure, print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.control", description=__doc__)
    parser.add_argument("--omgangar", type=int, default=ROUNDS, metavar="N", help="mätningar av varje, medianen skrivs")
    rounds = parser.parse_args().omgangar
    warm_up()
    print("| retur | sekunder | processorsekunder | fynd |")
    print("| --- | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory(prefix="kontroll-") as folder:
        for name, made in (("vanlig", _common), ("300 rader på fem blad", _large)):
            hem, clean = made(Path(folder) / made.__name__)
            _measure(hem, name, clean, rounds)


def _common(path: Path) -> tuple[Hem, bytes]:
    """A home of Storköping with its register, and the first return of six sheets."""
    (path / "inkorg").mkdir(parents=True)
    with (path / "kommun.yaml").open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(storkoping().model_dump(mode="json"), file)
    hem = open_home(path)
    with open_workplace(hem) as workplace:
        facts = make_facts(workplace.kommun, APRIL)
        (path / "inkorg" / "register.xlsx").write_bytes(filled_register(workplace, facts))
        collect(workplace, APRIL, now())
        check_register(workplace, APRIL, now())
        (_, content), *_ = filled_returns(workplace, facts, [facts.returer[0].forvaltning])
    return hem, content


def _large(path: Path) -> tuple[Hem, bytes]:
    """A home of Många, and its one return."""
    make_home(path)
    ((_, content),) = workbooks(1)
    return open_home(path), content


def _measure(hem: Hem, name: str, clean: bytes, rounds: int) -> None:
    for state, content in (("", clean), (", med fynd", set_cells(clean, "Drift", WRONG))):
        seconds, cpu, found = _warm(hem, content, rounds)
        _say(f"{name}{state}, i flödets process", seconds, cpu, str(found))
        path = hem.path / "retur.xlsx"
        path.write_bytes(content)
        whole, imports, cpu = _cold(hem, path)
        _say(f"{name}{state}, som kommando: import", imports, None, "")
        _say(f"{name}{state}, som kommando: resten", whole - imports, cpu, "")


def _say(what: str, seconds: float, cpu: float | None, found: str) -> None:
    numbers = [f"{seconds:.2f}", "" if cpu is None else f"{cpu:.2f}"]
    print(f"| {what} | {' | '.join(number.replace('.', ',') for number in numbers)} | {found} |", flush=True)


def _warm(hem: Hem, content: bytes, rounds: int) -> tuple[float, float, int]:
    """Median of wall and of CPU seconds (the reading process with it) from bytes to kvittens and rättelsebok, and the findings."""
    with open_workplace(hem) as own, unwritten(own) as workplace:

        def once() -> int:
            (one,) = control(workplace, [("retur.xlsx", content)], APRIL, with_corrections=True, done=lambda name: None)
            receipt_text(one.kvittens)
            receipt_html(one.kvittens)
            return len(one.findings)

        found = once()
        timed = [_timed(once) for _ in range(rounds)]
    return statistics.median(wall for wall, _ in timed), statistics.median(cpu for _, cpu in timed), found


def _timed(act: Callable[[], object]) -> tuple[float, float]:
    begun, cpu = time.perf_counter(), _cpu()
    act()
    return time.perf_counter() - begun, _cpu() - cpu


def _cpu() -> float:
    """CPU seconds of this process and the reading processes that it has."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if os.getpid() in (int(path.parent.name), int(fields[1])):
            ticks += int(fields[11]) + int(fields[12])
    return ticks / _TICKS_PER_S


def _cold(hem: Hem, path: Path) -> tuple[float, float, float]:
    """Wall seconds of the whole command and of its import of libraries, and CPU seconds of the whole."""
    words = [
        sys.executable,
        "-X",
        "importtime",
        "-m",
        "flows.cli",
        "--kommun",
        hem.path,
        "kontrollera",
        path,
        "--rattelse",
        hem.path / "ut",
    ]
    before, begun = os.times(), time.perf_counter()
    told = subprocess.run(words, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    whole, after = time.perf_counter() - begun, os.times()
    imports = sum(int(microseconds) for microseconds in _IMPORT.findall(told.stderr)) / 1_000_000
    if told.returncode not in (0, 1) or not imports:
        raise RuntimeError(told.stderr)
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return whole, imports, cpu


if __name__ == "__main__":
    main()
