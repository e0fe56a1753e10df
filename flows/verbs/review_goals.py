"""``rodatraden granska-mal``: the SMARTA-granskning of a year's målplan. It advises; it stops nothing."""

from __future__ import annotations

import argparse

from flows.steps.goals import review
from flows.terminal import ExitCode, say
from flows.verbs import UserError, home_of
from flows.verbs.goals import without_plan
from flows.workplace import open_workplace


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print what breaks the tree and what can be said of each goal's wording."""
    with open_workplace(home_of(arguments)) as workplace:
        plan = workplace.kommun.malplan(arguments.ar)
        if plan is None:
            raise UserError(without_plan(arguments.ar))
        found = review(workplace, plan)
    say(f"{plan.namn}: {len(plan.mal)} mål, {len(plan.indikatorer)} indikatorer, {len(found)} anmärkningar")
    for finding in found:
        say(str(finding))
    return ExitCode.DONE
