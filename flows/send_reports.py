"""The flow ``send-reports``: what is settled and not under embargo goes out, each recipient once however often it runs.

Whoever imports this module has prepared Prefect's environment first (``flows.prefect_environment``).
"""

from __future__ import annotations

from prefect import flow, task

from data_contracts.behorighet import Steg
from flows.after_run import told_of
from flows.home import open_home_at
from flows.rights import demand
from flows.send_summary import as_lines
from flows.steps.approve import reports_of, standing
from flows.steps.board import publish_board
from flows.steps.deliver import distribute
from flows.terminal import PROGRESS, say
from flows.workplace import Workplace, now, open_workplace
from transforms.approval import Tillstand
from transforms.period import Period


@flow(name="send-reports", flow_run_name="Sänd fastställda rapporter")
def send_reports(hem: str, period: str = "") -> int:
    """Send what people have settled. How many deliveries were made.

    Args:
        hem: path of the kommun's home.
        period: ``2026-04``; without it (a scheduled run) every month that has a settled report that is not sent.
    """
    with told_of(hem, "Sänd fastställda rapporter", period):
        with open_workplace(open_home_at(hem)) as workplace:
            periods = (period,) if period else settled_periods(workplace)
        return sum(send_task(hem, one) for one in periods)


def settled_periods(workplace: Workplace) -> tuple[str, ...]:
    """The months with a settled report that has not been sent out."""
    links = workplace.store.journal()
    closed = sorted({closing.period for closing in workplace.store.finished_closings(workplace.kommun.kod)})
    return tuple(
        period
        for period in closed
        if any(
            standing(workplace, report, links).tillstand is Tillstand.FASTSTALLD
            for report in reports_of(workplace, period)
        )
    )


@task(name="Sänd fastställda rapporter")
def send_task(hem: str, period: str) -> int:
    """Send one month's settled reports, and show it on Stängningstavlan."""
    with PROGRESS.step("Sänder fastställda rapporter"), open_workplace(open_home_at(hem)) as workplace:
        demand(workplace, Steg.SANDA, now())
        done = distribute(workplace, period, now, dry=False)
        publish_board(workplace, Period.parse(period), now())
    for line in as_lines(done, period):
        say(line)
    return sum(one.is_new for one in done.sandningar)
