"""``rodatraden medborgarsida``: how it goes for the kommun, for whoever lives there, on one page in plain Swedish."""

from __future__ import annotations

import argparse

from flows.steps.talks import citizen_page, write_view
from flows.terminal import PROGRESS, ExitCode, say
from flows.verbs import closing_of, home_of, period_of
from flows.workplace import open_workplace


def run(arguments: argparse.Namespace) -> ExitCode:
    """Write the page and say where it is."""
    hem, period = home_of(arguments), period_of(arguments)
    folder = arguments.ut or hem.samtal(str(period))
    with open_workplace(hem) as workplace:
        closing = closing_of(workplace, period)
        with PROGRESS.step("Skriver sidan"):
            written = write_view(citizen_page(workplace, closing), folder)
    for path in written:
        say(str(path))
    return ExitCode.DONE
