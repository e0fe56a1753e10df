"""Open data: the figures of public views as JSON and CSV, each with its trail. Built from the views' own trails and nothing else."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from transforms.view_types import Rapport, Spar

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def trails_json(rapport: Rapport) -> str:
    """The trails of a report as JSON, for a machine: attached to its PDF. The same view gives the same text."""
    head = {
        "rapport": rapport.id,
        "kommun": rapport.kommun,
        "titel": rapport.titel,
        "underlag_tid": rapport.underlag_tid,
    }
    return _json({**head, "siffror": [as_row(spar) for spar in rapport.spar]})


def figures_json(trails: Iterable[Spar], kommun: str, period: str) -> str:
    """All public figures of a period as JSON."""
    return _json({"kommun": kommun, "period": period, "siffror": [as_row(spar) for spar in trails]})


def figures_csv(trails: Iterable[Spar]) -> str:
    """All public figures as CSV: semicolons and a byte order mark, as Swedish Excel wants it; nothing in it can become a formula."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(("id", "namn", "varde", "enhet", "decimaler", "text", "teckenregel", "formel", "indata", "kalla"))
    for spar in trails:
        inputs = " ".join(f"{part.tecken} {part.figure_id}" for part in spar.indata).removeprefix("+ ")
        values = (
            spar.figure_id, spar.namn, "" if spar.varde is None else str(spar.varde), spar.enhet, str(spar.decimaler),
            spar.text, spar.teckenregel, spar.formel, inputs, spar.kalla,
        )  # fmt: skip
        writer.writerow(value if place == 2 else _disarmed(value) for place, value in enumerate(values))
    return out.getvalue()


def as_row(spar: Spar) -> dict[str, Any]:
    """A figure as plain JSON: whole numbers in the smallest unit, null when missing or held back."""
    return {
        "id": spar.figure_id,
        "namn": spar.namn,
        "varde": spar.varde,
        "enhet": spar.enhet,
        "decimaler": spar.decimaler,
        "text": spar.text,
        "teckenregel": spar.teckenregel,
        "formel": spar.formel,
        "indata": [{"tecken": part.tecken, "id": part.figure_id} for part in spar.indata],
        "kalla": spar.kalla,
    }


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def _disarmed(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
