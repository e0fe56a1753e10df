"""Open data: the figures of public views as JSON and CSV, each with its trail. Built from the views' own trails and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from transforms.view_types import Rapport, Spar

_COLUMNS = ("id", "namn", "varde", "enhet", "decimaler", "text", "teckenregel", "formel", "indata", "kalla")
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
    lines = [";".join(_COLUMNS)]
    for spar in trails:
        inputs = " ".join(f"{part.tecken} {part.figure_id}" for part in spar.indata).removeprefix("+ ")
        texts = (spar.text, spar.teckenregel, spar.formel, inputs, spar.kalla)
        value = "" if spar.varde is None else str(spar.varde)
        cells = (spar.figure_id, spar.namn, value, spar.enhet, str(spar.decimaler), *texts)
        lines.append(";".join(text if text == value else _quoted(_disarmed(text)) for text in cells))
    return "\ufeff" + "".join(f"{line}\r\n" for line in lines)


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


def _quoted(text: str) -> str:
    """The text as a CSV field: in quotation marks where it holds a separator, a mark or a line end."""
    return '"' + text.replace('"', '""') + '"' if any(char in text for char in ';"\r\n') else text
