"""``rodatraden sparsidor``: the internal reading of a period's reports, in which every number leads to its cell."""

from __future__ import annotations

import argparse

from flows.steps.publication import lay_out_internal
from flows.terminal import PROGRESS, ExitCode, say
from flows.verbs import closing_of, home_of, period_of
from flows.workplace import open_workplace


def run(arguments: argparse.Namespace) -> ExitCode:
    """Lay out reports and spårsidor of the period's last closing in the home's ``internt/PERIOD``."""
    period = period_of(arguments)
    with PROGRESS.step("Lägger ut spårsidor"), open_workplace(home_of(arguments)) as workplace:
        closing = closing_of(workplace, period)
        folder = workplace.hem.internt(str(period))
        names = lay_out_internal(workplace, closing, folder)
    say(f"{len(names)} filer i {folder}. Börja med {folder / 'spar' / 'index.html'}.")
    say("Sidorna visar celler ur returerna och är för ekonomikontoret och revisorerna. Publicera dem inte.")
    return ExitCode.DONE
