"""``rodatraden forklara``: a code in words, or the list of all codes."""

from __future__ import annotations

import argparse

from adapters.contract_files import all_codes, explain
from flows.terminal import ExitCode, say
from flows.verbs import UserError


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print one code's explanation, or every code with its title; with ``--markdown`` the page docs/felkoder.md."""
    if arguments.markdown:
        say(as_markdown())
        return ExitCode.DONE
    if arguments.kod is None:
        for code, title in all_codes().items():
            say(f"{code}  {title}")
        return ExitCode.DONE
    explained = explain(arguments.kod)
    if explained is None:
        raise UserError(f"Koden {arguments.kod.upper()} finns inte. Alla koder: rodatraden forklara")
    say(explained.text)
    return ExitCode.DONE


def as_markdown() -> str:
    """Every code with its explanation, as docs/felkoder.md has it."""
    lines = [
        "# Felkoder",
        "",
        "Den här sidan skrivs av `rodatraden forklara --markdown > docs/felkoder.md` ur kontrakten och felkodskatalogen;",
        "ändra texterna där. Ett … står för det som meddelandet fyller i: värdet, raden, bladet.",
        "",
        "Allvar: *stoppar* håller returen utanför stängningen, *ska förklaras* kräver en kommentar, *notering* är bara en upplysning.",
    ]
    for code in all_codes():
        explained = explain(code)
        if explained is not None:
            heading, severity, *rest = explained.text.split("\n")
            lines += ["", f"## {heading}", "", severity]
            lines += [line if not line else f"- {line}" for line in rest]
    return "\n".join(lines)
