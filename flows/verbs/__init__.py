"""What the verbs of the command line do: one module per verb, each with ``run(arguments) -> ExitCode``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from flows.home import Hem, Hemfel, open_home
from flows.terminal import ExitCode
from transforms.period import Period

if TYPE_CHECKING:
    from adapters.store import Closing
    from flows.workplace import Workplace


class UserError(RuntimeError):
    """Something the user can mend: its text is Swedish and says what to do next."""

    def __init__(self, text: str, exit_code: ExitCode = ExitCode.WRONG_USE) -> None:
        super().__init__(text)
        self.exit_code = exit_code


def home_of(arguments: argparse.Namespace) -> Hem:
    """The home that the words name. Raises UserError when there is none."""
    try:
        return open_home(arguments.kommun)
    except Hemfel as error:
        raise UserError(str(error)) from error


def period_of(arguments: argparse.Namespace) -> Period:
    """The period that the words name. Raises UserError when it can't be read."""
    try:
        return Period.parse(arguments.period)
    except ValueError as error:
        raise UserError(f"{error}.") from error


def closing_of(workplace: Workplace, period: Period, slag: str = "manad") -> Closing:
    """The period's last finished closing of that kind. Raises UserError when it has none."""
    closing = workplace.store.last_closing(workplace.kommun.kod, str(period), slag)
    if closing is None:
        verbs = {"delarsrapport": f"delar {period}", "arsredovisning": f"arsredovisning {period.year}"}
        raise UserError(
            f"{period.text} är inte stängd. Stäng den först: rodatraden {verbs.get(slag, f'stang {period}')}"
        )
    return closing
