"""Step 6b: views become HTML, PDF and xlsx in the pool of worker processes; what has not changed is not rendered again."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

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
    built: Sequence[BuiltReport],
    pool: RenderPool,
    now: dt.datetime,
    done: Callable[[str], None],
) -> Rendered:
    """Render each view whose content no report of the period has; link the others to this closing.

    Args:
        pool: warm workers, one per core.
        done: told the title of each finished report, for the progress shown.
    """
    kommun, period = workplace.kommun.kod, closing.period
    waiting: list[tuple[BuiltReport, Rapport, Lage]] = []
    for report in built:
        known = workplace.store.find_report_by_hash(kommun, period, report.kod, report.innehallshash)
        if known is not None:
            workplace.store.keep_report(closing.id, known.id)
            continue
        version = workplace.store.next_report_version(kommun, period, report.kod, report.innehallshash)
        view = _view(workplace, report.view_key)
        waiting.append((report, view, Lage(UTKAST, version, report.innehallshash)))
    waiting.sort(
        key=lambda item: len(item[1].spar), reverse=True
    )  # the largest first, so that the workers end together
    for (report, view, lage), files in zip(
        waiting, pool.render((view, lage) for _, view, lage in waiting), strict=True
    ):
        _save(workplace, closing, report, view, lage, files, now)
        done(view.titel)
    return Rendered(len(waiting), len(built) - len(waiting))


def _view(workplace: Workplace, key: str) -> Rapport:
    return TypeAdapter(Rapport).validate_json(workplace.objects.get(key))


def _save(
    workplace: Workplace,
    closing: Closing,
    report: BuiltReport,
    view: Rapport,
    lage: Lage,
    files: RenderedReport,
    now: dt.datetime,
) -> None:
    keys = [workplace.objects.put(content) for content in (files.pdf, files.html, files.spar_html, files.xlsx)]
    pdf, html, spar, xlsx = keys
    workplace.store.save_report(
        closing.id,
        NewReport(
            kommun=workplace.kommun.kod,
            period=closing.period,
            kod=report.kod,
            rapport_id=view.id,
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
    folder = workplace.hem.utkast(closing.period)
    folder.mkdir(parents=True, exist_ok=True)
    names: list[str] = []
    for report in workplace.store.reports_of(closing.id):
        for suffix, key in (
            (".pdf", report.pdf_sha256),
            (".html", report.html_sha256),
            ("-spar.html", report.spar_sha256),
            (".xlsx", report.xlsx_sha256),
        ):
            path = folder / f"{report.rapport_id}{suffix}"
            content = workplace.objects.get(key)
            if not path.is_file() or path.read_bytes() != content:
                path.write_bytes(content)
            names.append(path.name)
    return tuple(names)
