"""``rodatraden gallra``: what the kommun's plan says shall not be kept any longer."""

from __future__ import annotations

import argparse

from data_contracts.behorighet import Steg
from flows.rights import demand
from flows.steps.gallring import due_for_removal, remove
from flows.terminal import ExitCode, say
from flows.verbs import UserError, home_of
from flows.workplace import now, open_workplace


def run(arguments: argparse.Namespace) -> ExitCode:
    """Replace what is due by tombstones, or only tell of it."""
    with open_workplace(home_of(arguments)) as workplace:
        if not workplace.kommun.gallring:
            raise UserError("E926 kommun.yaml har ingen plan för gallring. Lägg in gallring med år och referens.")
        due = due_for_removal(workplace, now())
        for item in due:
            say(f"{item.vad}  {item.sha256}  ({item.regel.ar} år, {item.regel.referens})")
        if not arguments.torrkor:
            demand(workplace, Steg.GALLRA, now())
            remove(workplace, due, arguments.beslut, now())
    say(f"{len(due)} filer {'skulle gallras' if arguments.torrkor else 'gallrade'}.")
    return ExitCode.DONE
