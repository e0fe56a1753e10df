"""The flow ``collect-returns``: what lies in the inbox is stored, registered, judged and answered; nothing is closed."""

from __future__ import annotations

from prefect import flow, task

from flows.home import open_home_at
from flows.retries import RETRIES
from flows.steps.board import publish_board
from flows.steps.collect import Collected, collect
from flows.steps.receipt import answer_new
from flows.terminal import PROGRESS
from flows.workplace import now, open_workplace
from transforms.period import Period


@flow(name="collect-returns", flow_run_name="Hämta returer")
def collect_returns(hem: str, period: str = "") -> tuple[int, ...]:
    """Collect once. Ids of the workbooks that lie in the inbox.

    Args:
        hem: path of the kommun's home.
        period: the month awaited, for files that do not tell their own; without it the month before this one.
    """
    awaited = Period.parse(period) if period else Period.containing(now().date()).previous
    collected = collect_task(hem, str(awaited))
    if collected.new:
        answer_task(hem, collected.new)
    board_task(hem, str(awaited))
    return collected.seen


@task(name="Hämta returer", **RETRIES)
def collect_task(hem: str, period: str) -> Collected:
    """Store and register what is new; ids of all that lies in the inbox, and of the new."""
    with PROGRESS.step("Hämtar och läser returer"), open_workplace(open_home_at(hem)) as workplace:
        return collect(workplace, Period.parse(period), now())


@task(name="Kontrollera och skriv kvittenser", **RETRIES)
def answer_task(hem: str, new: tuple[int, ...]) -> None:
    """Judge the new returns and write their receipts."""
    with PROGRESS.step("Kontrollerar och skriver kvittenser"), open_workplace(open_home_at(hem)) as workplace:
        answer_new(workplace, new, now())


@task(name="Skriv Stängningstavlan", **RETRIES)
def board_task(hem: str, period: str) -> str:
    """The period's board in the home's ``tavla``; its path."""
    with open_workplace(open_home_at(hem)) as workplace:
        return str(publish_board(workplace, Period.parse(period), now()))
