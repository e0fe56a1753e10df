"""One closing in a process of its own, as ``rodatraden stang`` runs it: ``python -m benchmarks.closing.once HEM PERIOD FIL``.

With the name of a report of the books last, as ``rodatraden delar`` and ``arsredovisning`` run it.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from flows.home import open_home_at
from flows.terminal import PROGRESS
from flows.verbs.books import close_books
from flows.verbs.close import close
from transforms.period import Period


def main(hem: str, period: str, result: str, rapport: str = "") -> int:
    """Close and write when it began and ended (the machine's monotonic clock) and the seconds of each step."""
    began = time.monotonic()
    home, month = open_home_at(hem), Period.parse(period)
    code = close_books(home, month, rapport) if rapport else close(home, month)
    Path(result).write_text(json.dumps({"began": began, "ended": time.monotonic(), "steps": PROGRESS.seconds}))
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
