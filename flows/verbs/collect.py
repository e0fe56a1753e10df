"""``rodatraden hamta``: look into the inbox once, without closing anything."""

from __future__ import annotations

import argparse

from adapters.store import ReturRecord
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
    known = len(collected.seen) - len(new)
    say(f"{_files(len(new), 'ny fil', 'nya filer')}, {_files(known, 'känd', 'kända')} sedan tidigare.")
    for record in new:
        say(f"  {record.fil}: {_whose(record)}, version {record.version}, sha256 {record.sha256[:12]}")
    return ExitCode.DONE


def _files(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _whose(record: ReturRecord) -> str:
    if record.ar is not None:
        return f"budgetregistret för {record.ar}"
    return f"{record.forvaltning or 'okänd avsändare'}, {record.period or 'okänd period'}"
