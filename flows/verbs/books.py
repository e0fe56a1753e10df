"""``rodatraden delar`` and ``rodatraden arsredovisning``: close the books and lay out the statutory report as a draft."""

from __future__ import annotations

import argparse
import time

from data_contracts.bokslutsregler import ARSREDOVISNING, DELARSRAPPORT
from flows.home import Hem
from flows.prefect_environment import prepare_prefect
from flows.prefect_server import closing_server
from flows.terminal import PROGRESS, ExitCode, say, say_error, seconds_text
from flows.verbs import UserError, home_of, period_of
from flows.warm_up import collect_garbage_rarely, warm_up
from transforms.period import Period


def run(arguments: argparse.Namespace) -> ExitCode:
    """Close the books of the period, or keep that something is accepted."""
    hem = home_of(arguments)
    rapport = ARSREDOVISNING if arguments.verb == "arsredovisning" else DELARSRAPPORT
    period = _year(arguments) if rapport == ARSREDOVISNING else period_of(arguments)
    if arguments.godta:
        return _accept(hem, period, arguments)
    return close_books(hem, period, rapport)


def _year(arguments: argparse.Namespace) -> Period:
    if not arguments.ar.isdecimal() or len(arguments.ar) != 4:
        raise UserError(f"{arguments.ar!r} är inget år. Skriv till exempel: rodatraden arsredovisning 2025")
    return Period(int(arguments.ar), 12)


def _accept(hem: Hem, period: Period, arguments: argparse.Namespace) -> ExitCode:
    from flows.steps.books import accept
    from flows.workplace import now, open_workplace

    if not (arguments.skal or "").strip():
        raise UserError("Ett godtagande behöver ett skäl: --godta KOD --skal TEXT")
    with open_workplace(hem) as workplace:
        done = accept(workplace, period, arguments.godta, arguments.skal.strip(), now())
    say(f"Godtaget: {done.id}. Skäl: {done.skal} ({done.roll}). Kör om rapporten, så står det i den.")
    return ExitCode.DONE


def close_books(hem: Hem, period: Period, rapport: str) -> ExitCode:
    """Run the flow and print what it came to. 1 when something must be mended or accepted before approval."""
    collect_garbage_rarely()
    began = time.monotonic()
    prepare_prefect(hem)
    with PROGRESS.step("Startar Prefect"):
        server = closing_server(hem)
        warm_up(hem)
        from flows.close_books import close_delar, close_year

        if server is not None:
            server.wait()
    flow = close_year if rapport == ARSREDOVISNING else close_delar
    summary = flow(str(hem.path), str(period))
    say(f"Siffror: {summary.siffror}. Rapporten är {'ny eller ändrad' if summary.rendered else 'oförändrad'}.")
    if summary.tackning:
        say(f"Täckning: {summary.tackning}.")
    for line in summary.findings:
        say(f"  {line}")
    for line in summary.missing:
        say(f"  Saknas: {line}")
    if summary.okanda_tal:
        say(f"Tal i texterna som ingen siffra har hittats för, och som någon bör läsa: {summary.okanda_tal}.")
    say(f"Utkast i {summary.folder}, väntar på granskning.")
    say(f"Klart på {seconds_text(time.monotonic() - began)}.")
    if summary.is_open:
        say_error(
            "Rapporten kan inte godkännas än. Komplettera den, eller godta det som saknas med --godta och --skal."
        )
    return ExitCode.FINDINGS if summary.is_open else ExitCode.DONE
