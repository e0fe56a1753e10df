"""WeasyPrint alone over the same pages: ``python -m benchmarks.closing.bare MAPP PROCESSER FIL``.

Nothing but parsing, layout and writing of PDF/A-3a, in as many processes as the closing has, forked from a server that has imported
WeasyPrint, largest page first, with the garbage collector's threshold raised as in the closing. No attachment, no check, no xlsx.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import sys
import time
from pathlib import Path

from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

TYPEFACES = Path(__file__).resolve().parents[2] / "report_templates" / "typsnitt"
SCHEME = "typsnitt:"


class _Fetcher(URLFetcher):  # type: ignore[misc]
    """The bundled typeface, as the closing finds it."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The typeface's bytes."""
        if url.startswith(SCHEME):
            data = (TYPEFACES / url.removeprefix(SCHEME)).read_bytes()
            return URLFetcherResponse(url, data, {"Content-Type": "font/ttf"})
        return super().fetch(url, headers)


def ready(_: int) -> None:
    """What a worker does before the clock starts."""
    gc.set_threshold(200_000, 50, 50)


def render(path: Path) -> tuple[int, int]:
    """Pages and bytes of the PDF."""
    document = HTML(string=path.read_text("utf-8"), url_fetcher=_Fetcher()).render(pdf_variant="pdf/a-3a")
    return len(document.pages), len(document.write_pdf(pdf_variant="pdf/a-3a"))


def main(folder: str, processes: str, result: str) -> None:
    """Render every page of the folder and write how long it took, without and with the start of the processes."""
    pages = sorted(Path(folder).glob("*.html"), key=lambda path: path.stat().st_size, reverse=True)
    started = time.monotonic()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["weasyprint"])
    with context.Pool(int(processes)) as pool:
        pool.map(ready, range(int(processes)), chunksize=1)
        began = time.monotonic()
        counted = pool.map(render, pages, chunksize=1)
        ended = time.monotonic()
    measured = {
        "seconds": ended - began,
        "with_start": ended - started,
        "reports": len(counted),
        "pages": sum(count for count, _ in counted),
        "pages_most": max(count for count, _ in counted),
    }
    Path(result).write_text(json.dumps(measured))


if __name__ == "__main__":
    main(*sys.argv[1:])
