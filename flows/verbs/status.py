"""``rodatraden lage``: how far a month's closing has come, per förvaltning; the same as Stängningstavlan shows."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from flows.steps.board import board_of
from flows.terminal import ExitCode, say
from flows.verbs import home_of, period_of
from flows.workplace import now, open_workplace
from transforms.closing_board import ReturLage, Tavla, TavlaRad

_BAR = {
    ReturLage.GODKAND: "█",
    ReturLage.MOTTAGEN: "▓",
    ReturLage.RATTAS: "▒",
    ReturLage.VANTAS: "·",
    ReturLage.FORSENAD: "!",
    ReturLage.SAKNAS: "×",
}


def run(arguments: argparse.Namespace) -> ExitCode:
    """Show the month as it stands; nothing is collected or written."""
    with open_workplace(home_of(arguments)) as workplace:
        tavla = board_of(workplace, period_of(arguments), now())
    if arguments.json:
        say(json.dumps(asdict(tavla), ensure_ascii=False, indent=2))
    else:
        for line in as_lines(tavla):
            say(line)
    return ExitCode.DONE


def as_lines(tavla: Tavla) -> tuple[str, ...]:
    """The board in the terminal: the bar, and the förvaltningar with their reports."""
    width = max(len(row.namn) for row in tavla.rader)
    bar = "".join(_BAR[lage] for lage in tavla.delar)
    lines = [f"{tavla.kommun}, {tavla.period_text}", f"[{bar}] {tavla.framsteg}", tavla.ingress, ""]
    for row in tavla.rader:
        lines.append(f"{row.namn:<{width}}  {_BAR[row.lage]} {row.lage_text:<10} {_details(row)}".rstrip())
        if row.anmarkning:
            lines.append(f"{'':<{width}}    {row.anmarkning}")
    lines.extend(["", "Rapporter"])
    names = {namnd.namn: namnd.rapport for row in tavla.rader for namnd in row.namnder}
    wide = max(map(len, names))
    lines.extend(f"{name:<{wide}}  {report}" for name, report in names.items())
    lines.append(f"{'Kommunen':<{wide}}  {tavla.kommunrapport}")
    return tuple(lines)


def _details(row: TavlaRad) -> str:
    parts = [f"mall {row.mall_skickad}" if row.mall_skickad else "mall inte skickad"]
    if row.mottagen:
        parts.append(f"mottagen {row.mottagen}, version {row.version}")
        parts.append(", ".join(f"{one.antal} {one.text}" for one in row.fynd) or "inga fynd")
    return "; ".join(parts)
