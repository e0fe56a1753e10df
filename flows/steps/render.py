"""Step 6b: views become HTML, PDF and xlsx in the pool of worker processes; what has not changed is not rendered again."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from adapters.publication import Publication
from adapters.rendering import RenderedReport, RenderPool
from adapters.store import Closing, NewReport
from flows.steps.report import BuiltReport
from flows.workplace import Workplace
from transforms.view_types import Lage, Rapport

UTKAST = "utkast"


@dataclass(frozen=True, slots=True)
class Rendered:
    """How many reports were made anew, and how many stood unchanged."""

    new: int
    unchanged: int


def render(
    workplace: Workplace,
    closing: Closing,
    built: Iterable[BuiltReport],
    pool: RenderPool,
    now: dt.datetime,
    done: Callable[[str], None],
) -> Rendered:
    """Render each view whose content no report of the period has; link the others to this closing.

    Args:
        built: the views, in the order to render them; the next is asked for while the workers are at those before it.
        pool: warm workers, one per core.
        done: told the title of each finished report, for the progress shown.
    """
    kommun, period = workplace.kommun.kod, closing.period
    waiting: deque[tuple[BuiltReport, Lage]] = deque()
    unchanged: list[BuiltReport] = []

    def changed() -> Iterator[tuple[Rapport, Lage]]:
        for report in built:
            kod, content = report.view.kod, report.innehallshash
            known = workplace.store.find_report_by_hash(kommun, period, kod, content)
            if known is not None:
                workplace.store.keep_report(closing.id, known.id)
                unchanged.append(report)
                continue
            lage = Lage(UTKAST, workplace.store.next_report_version(kommun, period, kod, content), content)
            waiting.append((report, lage))
            yield report.view, lage

    new = 0
    for files in pool.render(changed()):
        report, lage = waiting.popleft()
        _save(workplace, closing, report, lage, files, now)
        done(report.view.titel)
        new += 1
    return Rendered(new, len(unchanged))


def _save(
    workplace: Workplace,
    closing: Closing,
    report: BuiltReport,
    lage: Lage,
    files: RenderedReport,
    now: dt.datetime,
) -> None:
    keys = [workplace.objects.put(content) for content in files.named(report.view.id).values()]
    pdf, html, spar, xlsx = keys
    workplace.store.save_report(
        closing.id,
        NewReport(
            kommun=workplace.kommun.kod,
            period=closing.period,
            kod=report.view.kod,
            rapport_id=report.view.id,
            version=lage.version,
            innehallshash=report.innehallshash,
            view_json=report.view_key,
            pdf_sha256=pdf,
            html_sha256=html,
            spar_sha256=spar,
            xlsx_sha256=xlsx,
            filhash=hashlib.sha256("\n".join(keys).encode()).hexdigest(),
            tillstand=lage.tillstand,
        ),
        tid=now,
    )


def lay_out(workplace: Workplace, closing: Closing) -> tuple[str, ...]:
    """The drafts of a closing as files in the home's ``utkast/PERIOD``; a file that is already right is left alone."""
    folder = Publication(str(workplace.hem.utkast(closing.period)))
    names: list[str] = []
    for report in workplace.store.reports_of(closing.id):
        for name, key in report.filer.items():
            folder.lay(name, workplace.objects.get(key))
            names.append(name)
    return tuple(names)
