"""``rodatraden schemalagg``: serve the flows on the times of the kommun's calendar, with a Prefect server on this machine."""

from __future__ import annotations

import argparse
import os

from adapters.kommun_config import load_kommun
from flows.home import CHECKOUT, Hem
from flows.prefect_environment import prepare_prefect
from flows.prefect_server import prefect_server
from flows.schedules import Schema, schedules
from flows.terminal import ExitCode, say
from flows.verbs import home_of
from flows.workplace import open_workplace


def run(arguments: argparse.Namespace) -> ExitCode:
    """Show the schedule, and serve it until interrupted unless only asked to show."""
    hem = home_of(arguments)
    wanted = schedules(load_kommun(hem.kommun_yaml).kalender)
    for schema in wanted:
        say(f"{schema.namn:<30} {schema.cron:<36} {schema.tidszon}")
    if arguments.visa:
        return ExitCode.DONE
    with open_workplace(hem):  # what no run could do is told now, not by the first one
        pass
    serve(hem, wanted)
    say("Schemat är avslutat och vilar tills det startas igen.")
    return ExitCode.DONE


def serve(hem: Hem, wanted: tuple[Schema, ...]) -> None:
    """Serve the flows on their schedules; returns when interrupted. What the runs have to say is written to the terminal."""
    prepare_prefect(hem, log_level="WARNING")
    os.chdir(CHECKOUT)  # a run finds its flow from here
    with prefect_server(hem) as address:
        import prefect

        say(f"Schemat körs mot {address} tills du avbryter med Ctrl-C.")
        prefect.serve(*deployments(hem, wanted), print_starting_message=False)


def deployments(hem: Hem, wanted: tuple[Schema, ...]):  # type: ignore[no-untyped-def]
    """One deployment per flow, with all its times; two runs of the same flow never overlap."""
    from prefect.schedules import Cron

    from flows.close_month import close_month
    from flows.collect_returns import collect_returns
    from flows.remind_returns import remind_returns
    from flows.send_reports import send_reports

    made = []
    for flow in (collect_returns, remind_returns, close_month, send_reports):
        times = [Cron(schema.cron, timezone=schema.tidszon) for schema in wanted if schema.flow == flow.name]
        made.append(
            flow.to_deployment(
                name=hem.path.name, schedules=times, parameters={"hem": str(hem.path)}, concurrency_limit=1
            )
        )
    return made
