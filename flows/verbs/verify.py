"""``rodatraden verifiera``: is everything as it was written?"""

from __future__ import annotations

import argparse
from pathlib import Path

from adapters.log_head import kept_heads
from flows.steps.verify import Verifierat, verify
from flows.terminal import PROGRESS, ExitCode, say, say_error
from flows.verbs import UserError, home_of, period_of
from flows.workplace import open_workplace
from transforms.audit_chain import Huvud, parse_head


def run(arguments: argparse.Namespace) -> ExitCode:
    """Check and tell. 3 when anything is broken."""
    period = str(period_of(arguments)) if arguments.period else ""
    if arguments.stickprov < 0:
        raise UserError("--stickprov ska vara 0 eller mer.")
    sample = None if arguments.alla else arguments.stickprov
    with (
        PROGRESS.step("Räknar om loggen, filerna och siffrorna"),
        open_workplace(home_of(arguments)) as workplace,
    ):
        checked = verify(workplace, period=period, sample=sample, against=_heads(arguments.mot))
    _tell(checked)
    return ExitCode.FAULT if checked.brott else ExitCode.DONE


def _heads(named: str | None) -> tuple[Huvud, ...]:
    """The heads that the words name: one as printed, or all of a file."""
    if named is None:
        return ()
    if Path(named).is_file():
        return kept_heads(Path(named))
    try:
        return (parse_head(named),)
    except ValueError as error:
        raise UserError(f"{error}, eller är en fil som inte finns.") from error


def _tell(checked: Verifierat) -> None:
    say(f"Granskningsloggen: {checked.huvud.nr} händelser, jämförd med {checked.huvuden} sparade huvuden.")
    say(f"Filer: {checked.objekt} lästa om, {checked.gallrade} gallrade.")
    say(f"Siffror: {checked.siffror} av {checked.siffror_finns} följda till sina celler.")
    say(f"Logghuvud: {checked.huvud}")
    for note in checked.noteringar:
        say(note)
    if checked.brott:
        say_error(f"BRUTET. Det första: {checked.brott[0]}")
        for brott in checked.brott[1:]:
            say_error(f"  även: {brott}")
    else:
        say("Allt håller.")
