"""``rodatraden sand`` and ``sand-om``: settled reports go out, each recipient once; again only by a person's word."""

from __future__ import annotations

import argparse
import datetime as dt
from zoneinfo import ZoneInfo

from adapters.store import SandningStatus
from data_contracts.behorighet import Steg
from flows.rights import demand
from flows.send_summary import as_lines
from flows.steps.approve import report_of
from flows.steps.board import publish_board
from flows.steps.deliver import Distribuerat, distribute, set_embargo
from flows.terminal import PROGRESS, ExitCode, say, say_error
from flows.verbs import UserError, home_of, period_of
from flows.verbs.approve import named_kod
from flows.workplace import Workplace, now, open_workplace


def run(arguments: argparse.Namespace) -> ExitCode:
    """Send, tell what would be sent, or send again. 3 when something was refused or is in doubt."""
    period = period_of(arguments)
    with open_workplace(home_of(arguments)) as workplace:
        kod = None if arguments.rapport is None else named_kod(workplace, arguments.rapport)
        dry = arguments.verb == "sand" and arguments.torrkor
        if not dry:
            demand(workplace, Steg.SANDA, now(), kod)
        if arguments.verb == "sand-om":
            _plan_again(workplace, str(period), kod or "", arguments)
        if arguments.verb == "sand" and arguments.embargo:
            _embargo(workplace, str(period), kod, arguments)
        with PROGRESS.step("Sänder fastställda rapporter"):
            done = distribute(workplace, str(period), now, dry=dry, kod=kod)
        if not dry:
            publish_board(workplace, period, now())
    return _tell(done, str(period))


def _plan_again(workplace: Workplace, period: str, kod: str, arguments: argparse.Namespace) -> None:
    report = report_of(workplace, period, kod)
    if not arguments.skal.strip():
        raise UserError("Ange varför med --skal. Skälet står i granskningsloggen.")
    for one in workplace.store.sendings_for(workplace.kommun.kod, period):
        if (one.rapport_id, one.version, one.mottagare) == (report.rapport_id, report.version, arguments.till):
            workplace.store.resend_sending(one.id, arguments.skal, tid=now())
            return
    raise UserError(f"{arguments.till} har inte stått som mottagare av {report.rapport_id} version {report.version}.")


def _embargo(workplace: Workplace, period: str, kod: str | None, arguments: argparse.Namespace) -> None:
    if kod is None:
        raise UserError("Embargo sätts för en rapport i taget. Ange nämndens kod, eller kommunen.")
    try:
        until = dt.datetime.fromisoformat(arguments.embargo)
    except ValueError as error:
        raise UserError(f'"{arguments.embargo}" är ingen tid. Skriv till exempel 2026-05-20T08:00.') from error
    if until.tzinfo is None:
        until = until.replace(tzinfo=ZoneInfo(workplace.kommun.kalender.tidszon))
    set_embargo(workplace, report_of(workplace, period, kod), until, now())


def _tell(done: Distribuerat, period: str) -> ExitCode:
    for line in as_lines(done, period):
        say(line)
    for one in done.failed:
        say_error(f"{one.till.mottagare}: {one.fel}")
    if any(one.status in (SandningStatus.OSAKER, SandningStatus.NEKAD) for one in done.failed):
        say_error(
            f'Fråga mottagaren. Ska rapporten sändas om: rodatraden sand-om {period} RAPPORT --till ADRESS --skal "…"'
        )
    return ExitCode.FAULT if done.failed else ExitCode.DONE
