"""``rodatraden spara``: print a figure's trail and prove its end."""

from __future__ import annotations

import argparse

from flows.steps.trace import Link, trace
from flows.terminal import PROGRESS, ExitCode, say, say_error
from flows.verbs import UserError, home_of
from flows.workplace import open_workplace
from transforms.figure_id import parse_figure_id


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print the trail. 3 when it is broken anywhere."""
    try:
        key = parse_figure_id(arguments.id)
    except ValueError as error:
        raise UserError(str(error)) from error
    with PROGRESS.step("Läser om cellerna"), open_workplace(home_of(arguments)) as workplace:
        links = trace(workplace, str(key))
    if not links:
        raise UserError(f"Siffran {key} finns inte i någon stängning. Alla siffror: rodatraden siffror {key.period}")
    for link in links:
        _show(link)
    if any(link.broken for link in links):
        say_error("Spåret är brutet. Jämför lagret med säkerhetskopian innan någon siffra används.")
        return ExitCode.FAULT
    cells = sum(bool(link.source) for link in links)
    say(f"Spåret håller: {len(links)} led, {cells} celler lästa om ur oförändrade filer.")
    return ExitCode.DONE


def _show(link: Link) -> None:
    indent = "    " * link.depth
    say(f"{indent}{link.sign + ' ' if link.sign else ''}{link.name or link.figure_id}: {link.text}")
    say(f"{indent}  {link.figure_id}")
    if link.formel:
        say(f"{indent}  {link.formel if link.source else f'= {link.formel}'}")
    for line in link.source:
        say(f"{indent}  {line}")
    if link.proof:
        say(f"{indent}  {link.proof}")
