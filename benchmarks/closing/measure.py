"""One round: the closing cold, the bare rendering of the same pages, the closing after a late return, and once more without news."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from adapters.rendering.html import render_html
from adapters.store import MANAD
from benchmarks.closing.memory import watch
from flows.home import CHECKOUT, Hem, open_home
from flows.steps.approve import view_of
from flows.steps.render import UTKAST
from flows.workplace import open_workplace
from transforms.period import Period
from transforms.view_types import Lage

PREFECT = "Startar Prefect"


def measure(path: Path, late: Path, period: Period) -> dict[str, Any]:
    """Seconds and MB of one round; the home is used up."""
    hem = open_home(path)
    cold = timed_closing(hem, period)
    bare, drawn = timed_bare(hem, period, frozenset())
    shutil.copytree(late, hem.inkorg, dirs_exist_ok=True)
    after_late = timed_closing(hem, period)
    bare_late, _ = timed_bare(hem, period, drawn)
    unchanged = timed_closing(hem, period)
    closings = {"cold": cold, "late": after_late, "unchanged": unchanged}
    return {"processes": hem.processer, **closings, "bare": bare, "bare_late": bare_late}


def timed_closing(hem: Hem, period: Period, rapport: str = "") -> dict[str, Any]:
    """A closing in a process of its own, as the steps of the terminal, and what is before, between and after them.

    Args:
        rapport: the report of the books that is closed; '' for the month.
    """
    done = _run("benchmarks.closing.once", str(hem.path), str(period), *([rapport] if rapport else []))
    steps = done["steps"]
    return {
        "seconds": done["seconds"],
        "prefect": steps.get(PREFECT, 0.0),
        "steps": {
            "Python och moduler": done["began"] - done["started"],
            **steps,
            "Mellan stegen": done["ended"] - done["began"] - sum(steps.values()),
            "Avslutar": done["finished"] - done["ended"],
        },
        "peak_mb": done["peak_mb"],
        "cpu": done["cpu"],
    }


def _run(module: str, first: str, second: str, *words: str) -> dict[str, Any]:
    """Run a module, and give what it wrote with its time from start to end and its memory."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        watched = watch([sys.executable, "-m", module, first, second, file.name, *words], CHECKOUT)
        written = json.loads(Path(file.name).read_text())
    whole = {"started": watched.started, "finished": watched.ended, "peak_mb": watched.peak_mb, "cpu": watched.cpu}
    return {"seconds": watched.ended - watched.started, **whole, **written}


def timed_bare(
    hem: Hem, period: Period, drawn: frozenset[str], slag: str = MANAD
) -> tuple[dict[str, Any], frozenset[str]]:
    """WeasyPrint alone over the reports of the last closing but those ``drawn`` before; and the hashes of them all."""
    with tempfile.TemporaryDirectory() as pages:
        hashes = _write_pages(hem, period, Path(pages), drawn, slag)
        return _run("benchmarks.closing.bare", pages, str(hem.processer)), hashes


def _write_pages(hem: Hem, period: Period, folder: Path, drawn: frozenset[str], slag: str) -> frozenset[str]:
    """The HTML for paper of those reports; the hashes of all."""
    with open_workplace(hem) as workplace:
        closing = workplace.store.last_closing(workplace.kommun.kod, str(period), slag)
        if closing is None:
            raise RuntimeError(f"{period} is not closed")
        reports = workplace.store.reports_of(closing.id)
        for report in reports:
            if report.innehallshash in drawn:
                continue
            view = view_of(workplace, report)
            page = render_html(view, Lage(UTKAST, report.version, report.innehallshash), "tryck")
            (folder / f"{view.id}.html").write_bytes(page)
        return frozenset(report.innehallshash for report in reports)
