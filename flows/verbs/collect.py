"""``rodatraden hamta``: look into the inbox once, without closing anything."""

from __future__ import annotations

import argparse

from flows.steps.collect import collect
from flows.terminal import PROGRESS, ExitCode, say
from flows.verbs import home_of
from flows.workplace import now, open_workplace
from transforms.period import Period


def run(arguments: argparse.Namespace) -> ExitCode:
    """Register what is new and tell of it."""
    with PROGRESS.step("Hämtar och läser returer"), open_workplace(home_of(arguments)) as workplace:
        collected = collect(workplace, Period.containing(now().date()).previous, now())
        new = [workplace.store.retur(retur_id) for retur_id in collected.new]
    say(f"{len(new)} nya filer, {len(collected.seen) - len(new)} kända sedan tidigare.")
    for record in new:
        whose = f"{record.forvaltning or 'okänd avsändare'}, {record.period or record.ar or 'okänd period'}"
        say(f"  {record.fil}: {whose}, version {record.version}, sha256 {record.sha256[:12]}")
    return ExitCode.DONE
