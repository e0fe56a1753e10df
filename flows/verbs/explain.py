"""``rodatraden forklara``: a code in words, or the list of all codes."""

from __future__ import annotations

import argparse

from adapters.contract_files import all_codes, explain
from flows.terminal import ExitCode, say
from flows.verbs import UserError


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print one code's explanation, or every code with its title."""
    if arguments.kod is None:
        for code, title in sorted(all_codes().items()):
            say(f"{code}  {title}")
        return ExitCode.DONE
    explained = explain(arguments.kod.upper())
    if explained is None:
        raise UserError(f"Koden {arguments.kod.upper()} finns inte. Alla koder: rodatraden forklara")
    say(explained.text)
    return ExitCode.DONE
