"""``rodatraden ny-kommun``: a home for a kommun, with an example's configuration as a start."""

from __future__ import annotations

import argparse

from flows.home import CHECKOUT, Hemfel, make_home
from flows.terminal import ExitCode, say
from flows.verbs import UserError


def run(arguments: argparse.Namespace) -> ExitCode:
    """Make the home and say what to do next."""
    try:
        hem = make_home(arguments.mapp.resolve(), CHECKOUT / "kommuner" / arguments.exempel)
    except Hemfel as error:
        raise UserError(str(error)) from error
    say(f"Hemmet är skapat: {hem.path}")
    say("Gör så här:")
    say(f"  1. Ändra {hem.kommun_yaml} till er kommun. Varje fel får rad och fält.")
    say(f"  2. Skriv budgetregistrets mall:  rodatraden --kommun {hem.path} mall 2026-01 --register")
    say(f"  3. Fyll i registret och lägg det i {hem.inkorg}")
    say(f"  4. Skriv returmallarna:          rodatraden --kommun {hem.path} mall 2026-01")
    say(f"  5. Lägg returerna i inkorgen:    rodatraden --kommun {hem.path} stang 2026-01")
    return ExitCode.DONE
