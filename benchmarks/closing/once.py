"""One closing in a process of its own, as ``rodatraden stang`` runs it: ``python -m benchmarks.closing.once HEM PERIOD FIL``."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from flows.home import open_home_at
from flows.terminal import PROGRESS
from flows.verbs.close import close
from transforms.period import Period


def main(hem: str, period: str, result: str) -> int:
    """Close and write when it began and ended (the machine's monotonic clock) and the seconds of each step."""
    began = time.monotonic()
    code = close(open_home_at(hem), Period.parse(period))
    Path(result).write_text(json.dumps({"began": began, "ended": time.monotonic(), "steps": PROGRESS.seconds}))
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
