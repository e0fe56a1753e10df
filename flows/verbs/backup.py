"""``rodatraden sakerhetskopiera``: the whole home in one file."""

from __future__ import annotations

import argparse
from pathlib import Path

from adapters.kommun_config import load_kommun
from flows.steps.backup import SUFFIX, BackupFel, make_backup
from flows.terminal import PROGRESS, ExitCode, say
from flows.verbs import UserError, home_of
from flows.workplace import now


def run(arguments: argparse.Namespace) -> ExitCode:
    """Make the backup and say what is in it and how it is restored."""
    hem, moment = home_of(arguments), now()
    kommun = load_kommun(hem.kommun_yaml).kod
    target = arguments.fil or Path(f"{kommun}-{moment:%Y%m%dT%H%M%S}{SUFFIX}")
    try:
        with PROGRESS.step("Säkerhetskopierar och läser om kopian"):
            backup = make_backup(hem, kommun, target.absolute(), moment)
    except BackupFel as error:
        raise UserError(str(error)) from error
    size = f"{target.stat().st_size / 1_000_000:.1f}".replace(".", ",")
    say(f"Kopian: {target}, {size} MB")
    say(
        f"Innehåll: {backup.rader} rader ur databasen, {backup.objekt} objekt och {backup.filer} egna filer; schema {backup.schema}."
    )
    say(f"Förteckningens sha256: {backup.sha256}")
    say(f"Läs tillbaka på en tom maskin:  rodatraden aterstall {target} /srv/rodatraden/{kommun}")
    return ExitCode.DONE
