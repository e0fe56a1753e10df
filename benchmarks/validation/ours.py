"""The closing's own steps over the returns of a folder: ``python -m benchmarks.validation.ours HEM ANTAL FIL``."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.validation.returns import PERIOD, many
from flows.home import open_home_at
from flows.steps.check import check_returns
from flows.steps.collect import collect
from flows.workplace import now, open_workplace


def main(hem: str, number: str, result: str) -> None:
    """Collect (read by processes of their own, convert, store) and check; seconds of each, and what was found."""
    kommun = many(int(number))
    with open_workplace(open_home_at(hem)) as workplace:
        place = replace(workplace, kommun=kommun)
        began = time.monotonic()
        collected = collect(place, PERIOD, now())
        read = time.monotonic()
        checked = check_returns(place, PERIOD, now())
        ended = time.monotonic()
        found = sum(len(place.store.findings_for(retur_id)) for retur_id in collected.seen)
    measured = {"read": read - began, "check": ended - read, "seconds": ended - began, "files": len(collected.seen)}
    Path(result).write_text(json.dumps({**measured, "accepted": len(checked.godkanda), "findings": found}))


if __name__ == "__main__":
    main(*sys.argv[1:])
