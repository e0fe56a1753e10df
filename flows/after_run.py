"""What follows every scheduled run, whatever became of it: the summary by mail to the economy office.

Whoever imports this module has prepared Prefect's environment first (``flows.prefect_environment``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prefect import task
from prefect.runtime import flow_run

from adapters.mail import MailFel
from flows.home import open_home_at
from flows.steps.health import Korning, send_health
from flows.terminal import PROGRESS, say
from flows.workplace import now, open_workplace
from transforms.period import Period


@contextmanager
def told_of(hem: str, namn: str, period: str) -> Iterator[str]:
    """Around the body of a flow: the month it is about; and a scheduled run is told of when it has ended, also when it was broken off.

    Args:
        namn: what the run is called in the mail.
        period: as the flow was asked; '' for a scheduled run, which is about the month before this one.
    """
    awaited = period or str(Period.containing(now().date()).previous)
    fault: Exception | None = None
    try:
        yield awaited
    except Exception as error:  # noqa: BLE001 - whatever it is, the economy office must hear of it
        fault = error
    if not period:
        run = Korning(str(flow_run.id), namn, awaited, "" if fault is None else str(fault))
        try:
            health_task(hem, run)
        except MailFel:
            if fault is None:
                raise
    if fault is not None:
        raise fault


@task(name="Skicka lägesbrev")
def health_task(hem: str, run: Korning) -> None:
    """Mail the summary of the run, once to each recipient."""
    with PROGRESS.step("Skickar lägesbrev"), open_workplace(open_home_at(hem)) as workplace:
        lines = send_health(workplace, run, now)
    for line in lines:
        say(line)
