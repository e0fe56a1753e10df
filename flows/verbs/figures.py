"""``rodatraden siffror``: every figure of a period, computed ones too, with unit, sign rule and origin."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterable
from typing import Any

from flows.terminal import ExitCode, say
from flows.verbs import closing_of, home_of, period_of
from flows.workplace import open_workplace
from transforms.figures import Figure, from_frame, operator_text
from transforms.matt import MATT


def run(arguments: argparse.Namespace) -> ExitCode:
    """Write the figures of the period's last closing to standard output."""
    period = period_of(arguments)
    with open_workplace(home_of(arguments)) as workplace:
        closing = closing_of(workplace, period)
        rows = [as_row(figure) for figure in from_frame(workplace.store.load_figures(closing.id))]
    if arguments.csv:
        _write_csv(rows)
    else:
        say(json.dumps({"period": str(period), "siffror": rows}, ensure_ascii=False, indent=1))
    return ExitCode.DONE


def as_row(figure: Figure) -> dict[str, Any]:
    """A figure as plain JSON: whole numbers in the smallest unit, null when missing."""
    return {
        "id": figure.figure_id,
        "namn": figure.namn,
        "varde": figure.varde,
        "enhet": "öre" if figure.enhet_matt == "ore" else figure.enhet_matt,
        "decimaler": 0 if figure.enhet_matt == "ore" else figure.decimaler,
        "teckenregel": MATT[figure.matt].sign_rule(figure.serie) if figure.matt in MATT else "",
        "slag": figure.slag,
        "formel": figure.formel,
        "indata": [{"tecken": operator_text(sign), "id": figure_id} for sign, figure_id in figure.indata],
        "fil": figure.fil,
        "sha256": figure.retur_sha256,
        "blad": figure.blad,
        "cell": figure.cell,
    }


def _write_csv(rows: Iterable[dict[str, Any]]) -> None:
    """Semicolons and a byte order mark, as Swedish Excel wants it; text that a program could run as a formula is disarmed."""
    sys.stdout.write("\ufeff")
    writer: Any = None
    for row in rows:
        flat = {**row, "indata": _sum_text(row["indata"])}
        if writer is None:
            writer = csv.DictWriter(sys.stdout, list(flat), delimiter=";", lineterminator="\r\n")
            writer.writeheader()
        writer.writerow({name: _disarmed(value) for name, value in flat.items()})


def _sum_text(parts: Iterable[dict[str, str]]) -> str:
    """'a + b − c'; a first minus is written, a first plus is not."""
    return " ".join(f"{part['tecken']} {part['id']}" for part in parts).removeprefix("+ ")


def _disarmed(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
