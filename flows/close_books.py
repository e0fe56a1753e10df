"""The flows ``close-delar`` and ``close-year``: the books of a period from workbook to draft of the statutory report, a task per step.

Whoever imports this module has prepared Prefect's environment first (``flows.prefect_environment``).
"""

from __future__ import annotations

from dataclasses import replace

from prefect import flow, task

from adapters.rendering import style_hash
from data_contracts.bokslutsregler import ARSREDOVISNING, DELARSRAPPORT
from flows.collect_returns import collect_task
from flows.home import open_home_at
from flows.retries import RETRIES
from flows.steps.approve import demand_open
from flows.steps.books import BookSummary, books_fingerprint, build_books, check_books, compute_books
from flows.steps.render import lay_out, render
from flows.terminal import PROGRESS
from flows.workers import render_pool
from flows.workplace import now, open_workplace
from transforms.period import Period


@flow(name="close-delar", flow_run_name="Delårsrapport {period}")
def close_delar(hem: str, period: str) -> BookSummary:
    """The delårsrapport of a period, up to a draft that waits for approval."""
    return _close(hem, period, DELARSRAPPORT)


@flow(name="close-year", flow_run_name="Årsredovisning {period}")
def close_year(hem: str, period: str) -> BookSummary:
    """The årsredovisning of a year, up to a draft that waits for approval. ``period``: the year's last month."""
    return _close(hem, period, ARSREDOVISNING)


def _close(hem: str, period: str, rapport: str) -> BookSummary:
    collect_task(hem, period)
    check_books_task(hem, period)
    closing_id = compute_books_task(hem, period, rapport)
    return finish_books_task(hem, closing_id, render_books_task(hem, closing_id, rapport))


@task(name="Kontrollera bokslutets arbetsbok", **RETRIES)
def check_books_task(hem: str, period: str) -> None:
    """Judge every version of the workbook that has not been judged yet."""
    with PROGRESS.step("Kontrollerar bokslutets arbetsbok"), open_workplace(open_home_at(hem)) as workplace:
        check_books(workplace, Period.parse(period), now())


@task(name="Räkna räkenskaperna")
def compute_books_task(hem: str, period: str, rapport: str) -> int:
    """Figures of the books under a new closing; its id."""
    with PROGRESS.step("Räknar räkenskaperna"), open_workplace(open_home_at(hem)) as workplace:
        demand_open(workplace, period, rapport)
        month = Period.parse(period)
        record = check_books(workplace, month, now())
        fingerprint = books_fingerprint(workplace, record, month, rapport, style_hash())
        return compute_books(workplace, record, month, rapport, fingerprint, now()).id


@task(name="Bygg rapporten och gör PDF, webbsida och xlsx")
def render_books_task(hem: str, closing_id: int, rapport: str) -> BookSummary:
    """The view in the object store, rendered when it has changed; what is left to do."""
    with PROGRESS.step("Gör rapporten"), open_workplace(open_home_at(hem)) as workplace:
        closing = workplace.store.closing(closing_id)
        built, summary = build_books(workplace, closing, rapport, style_hash())
        rendered = render(workplace, closing, [built], render_pool(workplace.hem.processer), now(), PROGRESS.within)
        return replace(summary, rendered=rendered.new > 0)


@task(name="Lägg fram rapporten", **RETRIES)
def finish_books_task(hem: str, closing_id: int, summary: BookSummary) -> BookSummary:
    """The draft as files; the closing is done and waits for approval."""
    with PROGRESS.step("Lägger fram utkastet"), open_workplace(open_home_at(hem)) as workplace:
        closing = workplace.store.closing(closing_id)
        finished = replace(summary, files=lay_out(workplace, closing))
        workplace.store.finish_closing(
            closing_id,
            finished=now(),
            summary={"rapport": summary.rapport, "saknas": list(summary.missing), "skiljer": list(summary.findings)},
        )
        return finished
