"""The flow ``collect-returns``: what lies in the inbox is stored and registered; nothing is closed."""

from __future__ import annotations

from prefect import flow, task

from flows.home import open_home_at
from flows.retries import RETRIES
from flows.steps.collect import collect
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
    return collect_task(hem, str(awaited))


@task(name="Hämta returer", **RETRIES)
def collect_task(hem: str, period: str) -> tuple[int, ...]:
    """Store and register what is new; ids of all that lies in the inbox."""
    with PROGRESS.step("Hämtar och läser returer"), open_workplace(open_home_at(hem)) as workplace:
        return collect(workplace, Period.parse(period), now()).seen
