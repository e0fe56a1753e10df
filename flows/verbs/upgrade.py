"""``rodatraden uppgradera``: the database brought to this program's schema, after a backup."""

from __future__ import annotations

import argparse
from pathlib import Path

from adapters.kommun_config import load_kommun
from adapters.store import Store
from adapters.store.tables import HEAD
from flows.steps.backup import SUFFIX, BackupFel, make_backup
from flows.terminal import PROGRESS, ExitCode, say
from flows.verbs import UserError, home_of
from flows.workplace import now


def run(arguments: argparse.Namespace) -> ExitCode:
    """Back up and upgrade; say from what to what, or that nothing had to be done."""
    hem, moment = home_of(arguments), now()
    with Store(hem.databas) as store:
        store.prepare()
        before = store.schema_revision()
    if before == HEAD:
        say(f"Databasen har redan schemat {HEAD}. Inget behöver göras.")
        return ExitCode.DONE
    kommun = load_kommun(hem.kommun_yaml).kod
    target = arguments.kopia or hem.path / f"{kommun}-fore-{HEAD}-{moment:%Y%m%dT%H%M%S}{SUFFIX}"
    try:
        with PROGRESS.step("Säkerhetskopierar före uppgraderingen"):
            make_backup(hem, kommun, Path(target).absolute(), moment)
    except BackupFel as error:
        raise UserError(str(error)) from error
    with PROGRESS.step("Uppgraderar databasen"), Store(hem.databas) as store:
        store.upgrade()
    say(f"Databasen är uppgraderad från schemat {before or 'inget'} till {HEAD}. Kopian från före: {target}")
    return ExitCode.DONE
