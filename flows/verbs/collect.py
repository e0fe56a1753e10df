"""``rodatraden hamta``: look into the inbox once, judge and answer what is new, without closing anything."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from adapters.store import ReturRecord, ReturStatus
from flows.steps.board import publish_board
from flows.steps.collect import collect_reachable
from flows.terminal import PROGRESS, ExitCode, say
from flows.verbs import home_of
from flows.workplace import Workplace, now, open_workplace
from transforms.period import Period

if TYPE_CHECKING:
    from flows.steps.receipt import WrittenReceipt


def run(arguments: argparse.Namespace) -> ExitCode:
    """Register what is new, judge it, write its receipts and tell of it. 1 when something new is stopped."""
    with open_workplace(home_of(arguments)) as workplace:
        with PROGRESS.step("Hämtar och läser returer"):
            collected, fault = collect_reachable(workplace, Period.containing(now().date()).previous, now())
        receipts = _receipts(workplace, collected.new) if collected.new else {}
        replies = _replies(workplace)
        publish_board(workplace, Period.containing(now().date()).previous, now())
        new = [workplace.store.retur(retur_id) for retur_id in collected.new]
    known = len(collected.seen) - len(new)
    say(f"{_files(len(new), 'ny fil', 'nya filer')}, {_files(known, 'känd', 'kända')} sedan tidigare.")
    for record in new:
        verdict = "stoppad" if record.status is ReturStatus.STOPPAD else "godkänd"
        say(f"  {record.fil}: {_whose(record)}, version {record.version}, sha256 {record.sha256[:12]}, {verdict}")
        say(f"    kvittens: {receipts[record.id].brev}")
        if receipts[record.id].rattelsebok is not None:
            say(f"    rättelsebok: {receipts[record.id].rattelsebok}")
    for text in collected.left:
        say(f"Lämnas: {text}")
    for text in replies:
        say(text)
    if fault is not None:
        raise fault
    return ExitCode.FINDINGS if any(record.status is ReturStatus.STOPPAD for record in new) else ExitCode.DONE


def _receipts(workplace: Workplace, new: tuple[int, ...]) -> dict[int, WrittenReceipt]:
    """The receipts of the new workbooks; the rules' engine takes a few seconds to load and is only loaded for them."""
    from flows.steps.receipt import answer_new

    with PROGRESS.step("Kontrollerar och skriver kvittenser"):
        return {receipt.retur_id: receipt for receipt in answer_new(workplace, new, now())}


def _replies(workplace: Workplace) -> tuple[str, ...]:
    """The answers to those who mailed, told in lines."""
    if not workplace.store.unanswered(workplace.kommun.kod):
        return ()
    from flows.steps.answer import answer_lines

    return answer_lines(workplace, now)


def _files(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _whose(record: ReturRecord) -> str:
    if record.ar is not None:
        return f"budgetregistret för {record.ar}"
    return f"{record.forvaltning or 'okänd avsändare'}, {record.period or 'okänd period'}"
