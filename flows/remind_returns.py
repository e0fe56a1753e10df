"""The flow ``remind-returns``: templates, reminders and late notices of the day, each once however often it runs."""

from __future__ import annotations

from prefect import flow, task

from adapters.mail import MailFel
from flows.after_run import told_of
from flows.close_month import check_task
from flows.collect_returns import collect_task
from flows.home import open_home_at
from flows.remind_summary import as_lines
from flows.retries import RETRIES
from flows.steps.board import publish_board
from flows.steps.deadlines import current_periods
from flows.steps.remind import remind
from flows.terminal import PROGRESS, say
from flows.workplace import now, open_workplace
from transforms.period import Period


@flow(name="remind-returns", flow_run_name="Skicka mallar och påminnelser")
def remind_returns(hem: str, period: str = "") -> int:
    """Send what the calendar asks for today. How many mails were sent.

    Args:
        hem: path of the kommun's home.
        period: ``2026-04``; without it (a scheduled run) last month, and this one when its templates go out before it ends.
    """
    with told_of(hem, "Skicka mallar och påminnelser", period):
        with open_workplace(open_home_at(hem)) as workplace:
            periods = (Period.parse(period),) if period else current_periods(workplace, now())
        return sum(_one_period(hem, str(one)) for one in periods)


def _one_period(hem: str, period: str) -> int:
    collect_task(hem, period)
    check_task(hem, period)
    return remind_task(hem, period)


@task(name="Skicka utskick", **RETRIES)
def remind_task(hem: str, period: str) -> int:
    """Send what is due about one period, and show it on Stängningstavlan.

    Raises:
        MailFel: E930–E932, the first of the mails that did not leave; those that did are not sent again.
    """
    with PROGRESS.step("Skickar utskick"), open_workplace(open_home_at(hem)) as workplace:
        reminded = remind(workplace, Period.parse(period), now, dry=False)
        publish_board(workplace, Period.parse(period), now())
    for line in as_lines(reminded):
        say(line)
    if reminded.failed:
        raise MailFel(reminded.failed[0].fel)
    return sum(one.is_new for one in reminded.utfall)
