"""``rodatraden las-malplan``: a filled in workbook of the målplan, checked cell by cell, becomes ``malplan/ÅÅÅÅ.yaml``."""

from __future__ import annotations

import argparse

from data_contracts.findings import stops
from flows.steps.plan_workbook import lay_plan, read_plan_workbook
from flows.terminal import PROGRESS, ExitCode, say
from flows.verbs import UserError, home_of
from flows.workplace import open_workplace


def run(arguments: argparse.Namespace) -> ExitCode:
    """Check the workbook; write the plan when nothing stops it and no check alone was asked for."""
    try:
        content = arguments.fil.read_bytes()
    except OSError as error:
        raise UserError(f"Filen {arguments.fil} går inte att läsa: {error.strerror}.") from error
    with open_workplace(home_of(arguments)) as workplace:
        with PROGRESS.step("Läser målplanen"):
            read = read_plan_workbook(workplace, content, arguments.fil.name)
        for finding in read.fynd:
            say(str(finding))
        if read.plan is None or stops(read.fynd):
            say("Planen är inte skriven. Rätta cellerna ovan och läs in arbetsboken igen.")
            return ExitCode.FINDINGS
        if arguments.prova:
            say("Planen går att läsa in. Inget är skrivet.")
            return ExitCode.DONE
        try:
            for path in lay_plan(workplace, read.plan):
                say(str(path))
        except FileExistsError as error:
            raise UserError(
                f"{error} är beslutad. Höj version i arbetsboken och skriv ändringen med sitt beslut på bladet Ändringar."
            ) from error
    return ExitCode.DONE
