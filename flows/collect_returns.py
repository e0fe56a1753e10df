"""The flow ``collect-returns``: what lies in the inbox is stored, registered, judged and answered; nothing is closed."""

from __future__ import annotations

from prefect import flow, task

from adapters.inbox import InkorgsFel
from adapters.mailbox import BrevladeFel
from flows.after_run import told_of
from flows.home import open_home_at
from flows.retries import RETRIES
from flows.steps.answer import answer_lines
from flows.steps.board import publish_board
from flows.steps.collect import Collected, collect, collect_reachable
from flows.steps.receipt import answer_new
from flows.terminal import PROGRESS, say
from flows.ways import HemlighetsFel
from flows.workplace import now, open_workplace
from transforms.period import Period


@flow(name="collect-returns", flow_run_name="Hämta returer")
def collect_returns(hem: str, period: str = "") -> tuple[int, ...]:
    """Collect once. Ids of the workbooks that lie in the inbox.

    Args:
        hem: path of the kommun's home.
        period: the month awaited, for files that do not tell their own; without it the month before this one.
    """
    with told_of(hem, "Hämta returer", period) as awaited:
        return _collect(hem, awaited)


def _collect(hem: str, awaited: str) -> tuple[int, ...]:
    fault: Exception | None = None
    try:
        collected = collect_task(hem, awaited)
    except (InkorgsFel, BrevladeFel, HemlighetsFel) as error:
        fault, collected = error, reachable_task(hem, awaited)
    if collected.new:
        receipts_task(hem, collected.new)
    reply_task(hem)
    board_task(hem, awaited)
    if fault is not None:
        raise fault
    return collected.seen


@task(name="Hämta returer", **RETRIES)
def collect_task(hem: str, period: str) -> Collected:
    """Store and register what is new; ids of all that lies in the inbox, and of the new."""
    with PROGRESS.step("Hämtar och läser returer"), open_workplace(open_home_at(hem)) as workplace:
        collected = collect(workplace, Period.parse(period), now())
    for text in collected.left:
        say(f"Lämnas: {text}")
    return collected


@task(name="Hämta det som går att nå")
def reachable_task(hem: str, period: str) -> Collected:
    """What the ways that can be read have, so that it is answered though another way is down."""
    with PROGRESS.step("Hämtar det som går att nå"), open_workplace(open_home_at(hem)) as workplace:
        return collect_reachable(workplace, Period.parse(period), now())[0]


@task(name="Svara avsändarna", **RETRIES)
def reply_task(hem: str) -> None:
    """Mail the kvittenser back to those who mailed their returns, each once."""
    with PROGRESS.step("Svarar avsändarna"), open_workplace(open_home_at(hem)) as workplace:
        lines = answer_lines(workplace, now)
    for line in lines:
        say(line)


@task(name="Kontrollera och skriv kvittenser", **RETRIES)
def receipts_task(hem: str, new: tuple[int, ...]) -> None:
    """Judge the new returns and write their receipts."""
    with PROGRESS.step("Kontrollerar och skriver kvittenser"), open_workplace(open_home_at(hem)) as workplace:
        answer_new(workplace, new, now())


@task(name="Skriv Stängningstavlan", **RETRIES)
def board_task(hem: str, period: str) -> str:
    """The period's board in the home's ``tavla``; its path."""
    with open_workplace(open_home_at(hem)) as workplace:
        return str(publish_board(workplace, Period.parse(period), now()))
