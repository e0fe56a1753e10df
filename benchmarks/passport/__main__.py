"""``python -m benchmarks.passport [ROUNDS]``: what links, ids and the reading back of one report's PDF cost, in processor time and bytes.

The same HTML for paper is laid out and written three ways, in turn: plain, with ids, with ids and links. Processor time, not the clock, so
that other work on the machine does not count; the ratio of medians is what to look at.
"""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections.abc import Callable

from adapters.rendering import check_numbers
from adapters.rendering.html import render_html
from adapters.rendering.pdf import render_pdf
from tests.sample_report import sample_report, sample_state

TIME = "2026-05-08T06:05:11Z"
_LINK = re.compile(r'<a class="(tal[^"]*)" href="[^"]*"([^>]*)>([^<]*)</a>')
_ID = re.compile(r' data-(?:siffra|siffror|fritext)="[^"]*"')


def without_links(page: str) -> str:
    """The numbers of tables as plain spans."""
    return _LINK.sub(r'<span class="\1"\2>\3</span>', page)


def without_ids(page: str) -> str:
    return _ID.sub("", without_links(page))


VARIANTS: dict[str, Callable[[str], str]] = {
    "utan länkar och pass": without_ids,
    "med pass": without_links,
    "med pass och länkar": str,
}


def main(rounds: int) -> None:
    """Print the table."""
    report, state = sample_report(), sample_state()
    page = render_html(report, state, "tryck").decode("utf-8")
    times: dict[str, list[float]] = {name: [] for name in (*VARIANTS, "tillbakaläsning")}
    sizes: dict[str, int] = {}
    pdf = b""
    for _ in range(rounds):
        for name, change in VARIANTS.items():
            began = time.process_time()
            pdf = render_pdf(report, state, change(page).encode("utf-8"), b"", TIME)
            times[name].append(time.process_time() - began)
            sizes[name] = len(pdf)
        began = time.process_time()
        check_numbers(pdf, report, state)
        times["tillbakaläsning"].append(time.process_time() - began)
    plain = statistics.median(times["utan länkar och pass"])
    print(f"{rounds} omgångar, processortid i sekunder (median) och byte\n")
    for name, measured in times.items():
        middle = statistics.median(measured)
        print(f"{name:24} {middle:7.3f} s  {middle / plain:5.3f}  {sizes.get(name, 0):8} byte")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
