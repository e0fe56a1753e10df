"""``python -m benchmarks.annual``: Storlingonby's årsredovisning out of ledger, workbook and texts, and the bare rendering of its pages."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.closing.home import close_without_reports
from benchmarks.closing.measure import PREFECT, timed_bare, timed_closing
from benchmarks.closing.memory import SERVER
from benchmarks.closing.table import number
from data_contracts.bokslutsregler import ARSREDOVISNING
from flows.home import CHECKOUT, make_home, open_home
from flows.steps.example_year import ExampleYear, deliver_month, load_year
from flows.workplace import open_workplace
from transforms.period import Period

EXAMPLE = CHECKOUT / "kommuner" / "storlingonby"
DECEMBER = Period(2026, 12)
PARAGRAPHS = 8
"""Per verksamhet; the demo has fewer."""


def main() -> None:
    """Make the home once, measure each round on a copy of it, print each round."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.annual", description=__doc__)
    parser.add_argument("--omgangar", type=int, default=1, metavar="N", help="antal omgångar; var och en skrivs ut")
    parser.add_argument("--json", type=Path, metavar="FIL", help="skriv alla mätvärden till en fil")
    arguments = parser.parse_args()
    rounds = []
    with tempfile.TemporaryDirectory(prefix="annual-") as folder:
        work = Path(folder)
        print("Gör kommunen, returerna och huvudboken …", file=sys.stderr)
        _make_home(work / "mall")
        for at in range(1, arguments.omgangar + 1):
            print(f"Omgång {at} av {arguments.omgangar} …", file=sys.stderr)
            shutil.copytree(work / "mall", work / f"hem{at}")
            rounds.append(_measure(work / f"hem{at}"))
    print("\n\n".join(_table(one) for one in rounds))
    if arguments.json:
        arguments.json.write_text(json.dumps(rounds, ensure_ascii=False, indent=1) + "\n")


def _make_home(path: Path) -> None:
    """December closed as figures, and all that the books are made of in place."""
    hem = make_home(path, EXAMPLE)
    with open_workplace(hem) as workplace:
        deliver_month(workplace, _long(load_year(EXAMPLE, workplace.kommun)), DECEMBER)
    close_without_reports(hem, DECEMBER)


def _long(year: ExampleYear) -> ExampleYear:
    """The year with so much written of each verksamhet that the report is about a hundred pages."""
    stock = year.texter.namnder.model_copy(update={"stycken": PARAGRAPHS})
    return replace(year, texter=year.texter.model_copy(update={"namnder": stock}))


def _measure(path: Path) -> dict[str, Any]:
    hem = open_home(path)
    closing = timed_closing(hem, DECEMBER, ARSREDOVISNING)
    bare, _ = timed_bare(hem, DECEMBER, frozenset(), ARSREDOVISNING)
    return {"closing": closing, "bare": bare}


def _table(one: dict[str, Any]) -> str:
    """One round as Markdown: each step, the whole, and the share that is bare rendering."""
    closing, bare = one["closing"], one["bare"]
    wall = closing["seconds"] - closing["prefect"]
    cpu = sum(seconds for kind, seconds in closing["cpu"].items() if kind != SERVER)
    bare_cpu = sum(bare["cpu"].values())
    steps = [f"| {name} | {number(seconds)} |" for name, seconds in closing["steps"].items() if name != PREFECT]
    return "\n".join(
        (
            "| | |",
            "| --- | ---: |",
            *steps,
            f"| **Utan starten av Prefect, s** | {number(wall)} |",
            f"| Bar rendering av {int(bare['pages'])} sidor, s | {number(bare['seconds'])} |",
            f"| **Andel bar rendering, vägg** (mål ≥ 80 %) | {number(100 * bare['seconds'] / wall, 0)} % |",
            f"| Processortid, årsredovisningen, s | {number(cpu)} |",
            f"| Processortid, bar rendering, s | {number(bare_cpu)} |",
            f"| **Andel bar rendering, processortid** | {number(100 * bare_cpu / cpu, 0)} % |",
            *(f"| Mest minne, {kind}, MB | {number(peak, 0)} |" for kind, peak in closing["peak_mb"].items()),
            *(
                f"| Mest minne, bar rendering, {kind}, MB | {number(peak, 0)} |"
                for kind, peak in bare["peak_mb"].items()
            ),
        )
    )


if __name__ == "__main__":
    main()
