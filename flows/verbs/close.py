"""``rodatraden stang``: close a month on this machine; Prefect's server starts and stops by itself."""

from __future__ import annotations

import argparse
import time
from dataclasses import replace

from flows.home import Hem
from flows.prefect_environment import prepare_prefect
from flows.prefect_server import closing_server
from flows.terminal import PROGRESS, ExitCode, say, say_error, seconds_text
from flows.verbs import home_of, period_of
from flows.warm_up import collect_garbage_rarely, warm_up
from transforms.period import Period


def run(arguments: argparse.Namespace) -> ExitCode:
    """Close the period, or say that nothing has changed since the last closing."""
    return close(home_of(arguments), period_of(arguments), forced=arguments.tvinga)


def close(hem: Hem, period: Period, *, forced: bool = False) -> ExitCode:
    """Close one month and print what it came to. 1 when some return is stopped, else 0."""
    collect_garbage_rarely()
    began = time.monotonic()
    summary = None if forced else _standing(hem, period)
    if summary is not None:
        summary = replace(summary, nya=0)
        say(f"Inget har ändrats sedan {period.text} stängdes; rapporterna gäller som de är.")
    else:
        _demand_open(hem, period)
        summary = _closed(hem, period)
    from flows.closing_summary import advice, as_lines

    for line in as_lines(summary):
        say(line)
    say(f"Klart på {seconds_text(time.monotonic() - began)}.")
    for line in advice(summary):
        say_error(line)
    return ExitCode.FINDINGS if summary.is_stopped else ExitCode.DONE


def _standing(hem: Hem, period: Period):  # type: ignore[no-untyped-def]
    """The summary of the last closing, when the inbox and all that it stood on are the same and its files lie there; else None."""
    from adapters.rendering import style_hash
    from flows.closing_summary import from_json
    from flows.steps.answer import answer_lines
    from flows.steps.board import publish_board
    from flows.steps.collect import collect, has_unseen
    from flows.steps.compute import closing_fingerprint
    from flows.steps.receipt import answer_period
    from flows.steps.render import lay_out
    from flows.workplace import now, open_workplace

    with open_workplace(hem) as workplace:
        if has_unseen(workplace):
            return None
        collected = collect(workplace, period, now())
        last = workplace.store.last_closing(workplace.kommun.kod, str(period))
        if collected.new or last is None or last.summary is None:
            return None
        if last.fingerprint != closing_fingerprint(workplace, period, style_hash()):
            return None
        lay_out(workplace, last)
        answer_period(workplace, period, collected.seen, now())
        for line in (*(f"Lämnas: {text}" for text in collected.left), *answer_lines(workplace, now)):
            say(line)
        publish_board(workplace, period, now())
        return from_json(last.summary)


def _demand_open(hem: Hem, period: Period) -> None:
    from flows.steps.approve import demand_open
    from flows.workplace import open_workplace

    with open_workplace(hem) as workplace:
        demand_open(workplace, str(period))


def _closed(hem: Hem, period: Period):  # type: ignore[no-untyped-def]
    """Run the flow. Prefect's server, the contract engine and the render workers warm up while Prefect itself is imported."""
    prepare_prefect(hem)
    with PROGRESS.step("Startar Prefect"):
        server = closing_server(hem)
        warm_up(hem)
        from flows.close_month import close_month

        if server is not None:
            server.wait()
    return close_month(str(hem.path), str(period))
