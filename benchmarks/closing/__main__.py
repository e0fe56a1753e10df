"""``python -m benchmarks.closing``: close a kommun with 15 förvaltningar, and compare with the bare rendering of the same pages."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.closing.home import APRIL, make_home
from benchmarks.closing.measure import measure
from benchmarks.closing.table import summary, table


def main() -> None:
    """Make the kommun once, measure each round on a copy of it, print the medians."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.closing", description=__doc__)
    parser.add_argument("--omgangar", type=int, default=1, metavar="N", help="antal omgångar; medianen skrivs ut")
    parser.add_argument("--json", type=Path, metavar="FIL", help="skriv alla mätvärden till en fil")
    arguments = parser.parse_args()
    rounds = []
    with tempfile.TemporaryDirectory(prefix="closing-") as folder:
        work = Path(folder)
        print("Gör kommunen och fyller mallarna …", file=sys.stderr)
        make_home(work / "mall", work / "sen")
        for number in range(1, arguments.omgangar + 1):
            print(f"Omgång {number} av {arguments.omgangar} …", file=sys.stderr)
            hem = work / f"hem{number}"
            shutil.copytree(work / "mall", hem)
            rounds.append(measure(hem, work / "sen", APRIL))
    result = summary(rounds)
    print(table(result))
    if arguments.json:
        arguments.json.write_text(json.dumps({"median": result, "rounds": rounds}, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
