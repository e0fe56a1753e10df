"""``rodatraden kor-om``: earlier versions of reports made again from the store, byte for byte, or what differs in the environment."""

from __future__ import annotations

import argparse

from flows.steps.rebuild import Omkorning, OmkorningsFel, rebuild, wanted
from flows.terminal import PROGRESS, ExitCode, say, say_error
from flows.verbs import UserError, home_of, period_of
from flows.workplace import open_workplace

_SHOWN = 20
"""Differences of the environment that are listed before the rest are counted."""


def run(arguments: argparse.Namespace) -> ExitCode:
    """Make the versions again and hold them against the stored ones. 3 when a byte differs."""
    period = period_of(arguments)
    with PROGRESS.step("Gör om stängningen"), open_workplace(home_of(arguments)) as workplace:
        try:
            done = rebuild(workplace, wanted(workplace, period, arguments.version, arguments.rapport))
        except OmkorningsFel as error:
            raise UserError(str(error)) from error
    for one in done.rapporter:
        name = f"{one.record.rapport_id} version {one.record.version}"
        say(f"{name}: {'samma byte som i lagret' if not one.skiljer else 'SKILJER: ' + ', '.join(one.skiljer)}")
        if arguments.ut is not None:
            arguments.ut.mkdir(parents=True, exist_ok=True)
            for file, content in one.filer.items():
                (arguments.ut / file).write_bytes(content)
    _tell_environment(done)
    return ExitCode.DONE if done.is_same else ExitCode.FAULT


def _tell_environment(done: Omkorning) -> None:
    """What differs: the cause where bytes differ, else something to know of."""
    if not done.miljo:
        say(
            "Miljön är densamma: program, bibliotek och system. Konfiguration, kontrakt och mallar är de som gällde då."
        )
        if not done.is_same:
            say_error("E989 Byten skiljer fast miljön är densamma. Något i lagret har ändrats: rodatraden verifiera")
        return
    said = say if done.is_same else say_error
    said("Miljön skiljer sig från den som rapporterna gjordes i:")
    for one in done.miljo[:_SHOWN]:
        said(f"  {one}")
    if len(done.miljo) > _SHOWN:
        said(f"  … och {len(done.miljo) - _SHOWN} till")
    if done.is_same:
        say("Det ändrar inte en byte.")
