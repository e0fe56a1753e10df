"""``rodatraden aterstall``: a home out of a backup, in an empty folder."""

from __future__ import annotations

import argparse

from adapters.store import LagringsFel
from flows.steps.backup import BackupFel, check_backup, restore_backup
from flows.terminal import PROGRESS, ExitCode, say
from flows.verbs import UserError


def run(arguments: argparse.Namespace) -> ExitCode:
    """Restore, or with ``--prova`` only see that the backup is whole."""
    try:
        if arguments.prova:
            backup = check_backup(arguments.fil)
            say(
                f"Kopian är hel: {backup.kommun}, {backup.skapad}, {backup.rader} rader, {backup.objekt} objekt, {backup.filer} egna filer."
            )
            return ExitCode.DONE
        if arguments.mapp is None:
            raise UserError("Ange mappen som hemmet ska läsas tillbaka till, eller --prova för att bara pröva kopian.")
        with PROGRESS.step("Läser tillbaka"):
            backup, hem = restore_backup(arguments.fil, arguments.mapp.resolve())
    except (BackupFel, LagringsFel) as error:
        raise UserError(str(error)) from error
    say(f"Hemmet är tillbaka: {hem.path}, som det var {backup.skapad}.")
    say(f"Pröva att allt är som det var:  rodatraden --kommun {hem.path} verifiera")
    return ExitCode.DONE
