"""The flow ``close-month``: one month from inbox to drafts, a task per step. Between tasks pass keys to the store, never frames.

Whoever imports this module has prepared Prefect's environment first (``flows.prefect_environment``).
"""

from __future__ import annotations

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact

from adapters.rendering import style_hash
from flows.after_run import told_of
from flows.closing_summary import ClosingSummary, as_json, as_markdown, summarise
from flows.collect_returns import board_task, collect_task, reply_task
from flows.home import open_home_at
from flows.retries import RETRIES
from flows.steps.approve import demand_open
from flows.steps.check import check_returns
from flows.steps.compute import closing_fingerprint, compute
from flows.steps.receipt import answer_period
from flows.steps.render import Rendered, lay_out, render
from flows.steps.report import build_reports
from flows.terminal import PROGRESS
from flows.workers import render_pool
from flows.workplace import now, open_workplace
from transforms.period import Period


@flow(name="close-month", flow_run_name="Stäng {period}")
def close_month(hem: str, period: str = "") -> ClosingSummary:
    """Close one month of one kommun, up to drafts that wait for approval.

    Args:
        hem: path of the kommun's home.
        period: ``2026-04``; without it (a scheduled run) the month before this one.
    """
    with told_of(hem, "Stäng månaden", period) as awaited:
        return _close(hem, awaited)


def _close(hem: str, period: str) -> ClosingSummary:
    seen = collect_task(hem, period).seen
    check_task(hem, period)
    receipts_task(hem, period, seen)
    reply_task(hem)
    closing_id = compute_task(hem, period)
    rendered = render_task(hem, closing_id)
    summary = finish_task(hem, closing_id, seen, rendered)
    board_task(hem, period)
    create_markdown_artifact(as_markdown(summary), key=f"stangning-{period}", description=f"Stängning {period}")
    return summary


@task(name="Kontrollera mot kontraktet", **RETRIES)
def check_task(hem: str, period: str) -> None:
    """Judge every return of the period that has not been judged yet."""
    with PROGRESS.step("Kontrollerar mot kontraktet"), open_workplace(open_home_at(hem)) as workplace:
        check_returns(workplace, Period.parse(period), now())


@task(name="Skriv kvittenser", **RETRIES)
def receipts_task(hem: str, period: str, seen: tuple[int, ...]) -> None:
    """A receipt for every return of the period, and a rättelsebok where something stops or must be explained."""
    with PROGRESS.step("Skriver kvittenser"), open_workplace(open_home_at(hem)) as workplace:
        answer_period(workplace, Period.parse(period), seen, now())


@task(name="Räkna siffror, summor och avvikelser")
def compute_task(hem: str, period: str) -> int:
    """Figures of the period under a new closing; its id."""
    with PROGRESS.step("Räknar siffror, summor och avvikelser"), open_workplace(open_home_at(hem)) as workplace:
        demand_open(workplace, period)
        month = Period.parse(period)
        return compute(workplace, month, closing_fingerprint(workplace, month, style_hash()), now()).id


@task(name="Bygg rapporterna och gör PDF, webbsidor och xlsx")
def render_task(hem: str, closing_id: int) -> Rendered:
    """Views are built, and what has changed is rendered by the pool of worker processes while the next views are built."""
    with PROGRESS.step("Bygger och gör PDF, webbsidor och xlsx"), open_workplace(open_home_at(hem)) as workplace:
        closing, pool = workplace.store.closing(closing_id), render_pool(workplace.hem.processer)
        built = build_reports(workplace, closing, style_hash())
        return render(workplace, closing, built, pool, now(), PROGRESS.within)


@task(name="Lägg fram utkasten", **RETRIES)
def finish_task(hem: str, closing_id: int, seen: tuple[int, ...], rendered: Rendered) -> ClosingSummary:
    """The drafts as files; the closing is done and waits for approval."""
    with PROGRESS.step("Lägger fram utkasten"), open_workplace(open_home_at(hem)) as workplace:
        closing = workplace.store.closing(closing_id)
        summary = summarise(workplace, closing, seen, rendered, lay_out(workplace, closing))
        workplace.store.finish_closing(closing_id, finished=now(), summary=as_json(summary))
        return summary
