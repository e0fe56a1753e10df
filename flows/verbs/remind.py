"""``rodatraden paminn``: the mails that the calendar asks for today about the returns of a period."""

from __future__ import annotations

import argparse

from adapters.store import UtskickStatus
from flows.remind_summary import as_lines
from flows.steps.board import publish_board
from flows.steps.check import check_returns
from flows.steps.collect import collect
from flows.steps.remind import remind
from flows.terminal import PROGRESS, ExitCode, say, say_error
from flows.verbs import home_of, period_of
from flows.workplace import now, open_workplace


def run(arguments: argparse.Namespace) -> ExitCode:
    """Take in what has come, so that nobody is reminded of what is there; then send, or tell what would be sent."""
    period = period_of(arguments)
    with open_workplace(home_of(arguments)) as workplace:
        with PROGRESS.step("Hämtar och kontrollerar returer"):
            collect(workplace, period, now())
            check_returns(workplace, period, now())
        if arguments.sand_om_osakra and not arguments.torrkor:
            count = workplace.store.resend_doubtful(workplace.kommun.kod, str(period), tid=now())
            say(f"{count} osäkra utskick skickas om.")
        reminded = remind(workplace, period, now, dry=arguments.torrkor)
        if not arguments.torrkor:
            publish_board(workplace, period, now())
    for line in as_lines(reminded):
        say(line)
    for one in reminded.failed:
        say_error(f"{one.notis.mottagare}: {one.fel}")
    if any(one.status is UtskickStatus.OSAKER for one in reminded.failed):
        say_error(f"Fråga mottagaren. Kom brevet inte fram: rodatraden paminn {period} --sand-om-osakra")
    return ExitCode.FAULT if reminded.failed else ExitCode.DONE
