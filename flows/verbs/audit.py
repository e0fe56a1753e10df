"""``rodatraden granska``: the package for revisorerna, with the script that checks it."""

from __future__ import annotations

import argparse

from adapters.store import MANAD, Closing
from flows.steps.audit_package import EVENT, build_package
from flows.terminal import PROGRESS, ExitCode, say
from flows.verbs import closing_of, home_of, period_of
from flows.workplace import now, open_workplace


def run(arguments: argparse.Namespace) -> ExitCode:
    """Write the package of the period's last closing, and its hashes in the log and on the screen."""
    period = period_of(arguments)
    with PROGRESS.step("Gör granskningspaketet"), open_workplace(home_of(arguments)) as workplace:
        closing = closing_of(workplace, period, arguments.rapport or MANAD)
        made = build_package(workplace, closing)
        path = arguments.ut or workplace.hem.path / "granskning" / f"{_name(closing)}.zip"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made.innehall)
        details = {"closing_id": closing.id, "kommun": workplace.kommun.kod, "period": closing.period}
        workplace.store.record_event(now(), EVENT, {**details, "manifest": made.manifest, "antal": made.filer})
    say(f"{path}")
    say(f"{made.filer} filer och {made.siffror} siffror. Manifest: {made.manifest}")
    say("Lämna manifestets sha256 till revisorerna på annan väg, och be dem köra:")
    say(f"  python3 verify.py {path.name} --manifest {made.manifest}")
    say("Paketet visar celler ur returerna. Publicera det inte.")
    return ExitCode.DONE


def _name(closing: Closing) -> str:
    kind = "" if closing.slag == MANAD else f"-{closing.slag}"
    return f"granskning-{closing.kommun}-{closing.period}{kind}"
