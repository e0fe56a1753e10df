"""``rodatraden resultatdialog``: the pack that a nämnd talks about its result from, for one nämnd or all that have goals."""

from __future__ import annotations

import argparse
from pathlib import Path

from flows.steps.talks import dialogues, write_view
from flows.terminal import PROGRESS, ExitCode, say
from flows.verbs import UserError, closing_of, home_of, period_of
from flows.verbs.goals import without_plan
from flows.workplace import open_workplace


def run(arguments: argparse.Namespace) -> ExitCode:
    """Write the packs and say where they are."""
    hem, period = home_of(arguments), period_of(arguments)
    folder = arguments.ut or hem.samtal(str(period))
    with open_workplace(hem) as workplace:
        known = [namnd.kod for namnd in workplace.kommun.namnder]
        if arguments.namnd is not None and arguments.namnd not in known:
            raise UserError(f"Nämnden {arguments.namnd} finns inte. Välj bland {', '.join(known)}.")
        if workplace.kommun.malplan(period.year) is None:
            raise UserError(without_plan(period.year))
        closing = closing_of(workplace, period)
        written: list[Path] = []
        with PROGRESS.step("Skriver resultatdialoger"):
            for view in dialogues(workplace, closing, known if arguments.namnd is None else [arguments.namnd]):
                written.extend(write_view(view, folder))
    for path in written:
        say(str(path))
    if not written:
        say("Ingen av nämnderna har mål i årets målplan, så det finns inget att samtala om.")
    return ExitCode.DONE
