"""Declared corrections of a kommun's home: read for a closing, kept as an object, and proved again from the stored bytes."""

from __future__ import annotations

import datetime as dt
import hashlib

from ruamel.yaml import YAML

from adapters.kommun_config import load_model
from adapters.store import Closing
from data_contracts.rattelser import Rattelser
from flows.steps.deadlines import local_time
from flows.workplace import Workplace
from transforms.corrections import CORRECTION, Corrections, entry_text
from transforms.figures import Figure
from transforms.period import Period

USED = "rattelser_anvanda"
"""The event of a closing that used corrections."""


def corrections_of(workplace: Workplace, period: Period) -> Corrections:
    """What ``rattelser/ÅÅÅÅ.yaml`` says of the period's year; nothing when there is no such file.

    Raises:
        KonfigurationsFel: E010, the file has something that may not stand there.
    """
    path = workplace.hem.rattelser(period.year)
    if not path.is_file():
        return Corrections()
    declared = load_model(path, Rattelser)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Corrections(declared.rattelser, f"{path.parent.name}/{path.name}", digest)


def keep_corrections(workplace: Workplace, corrections: Corrections, period: Period) -> None:
    """The file's bytes among the objects, when something in it is for the period: what the trail ends in."""
    if corrections.of(period):
        workplace.objects.put(workplace.hem.rattelser(period.year).read_bytes())


def log_corrections(workplace: Workplace, closing: Closing, period: Period, now: dt.datetime) -> None:
    """An event with the corrections that the closing has used: the figure, the change, and whose decision the file says that it is.

    The event's own account is who brought them into the closing: the file is written by hand, so that its ``beslutad_av`` is a statement.
    """
    corrections = corrections_of(workplace, period)
    entries = [f"{entry.siffra}: {entry_text(entry)}, {entry.beslutad_av}" for _, entry in corrections.of(period)]
    if entries:
        told = {"closing_id": closing.id, "period": str(period), "fil": corrections.fil, "sha256": corrections.sha256}
        workplace.store.record_event(now, USED, {**told, "poster": entries})


def brought_in(workplace: Workplace, change: Figure) -> str:
    """By whom a correction first came into a closing, as the log has it; '' when it has nothing of it.

    Args:
        change: the figure of the correction, ``…_rattelse``.
    """
    start = f"{change.figure_id.removesuffix(CORRECTION)}: {change.ravarde}, "
    for link in workplace.store.journal(USED):
        for entry in link.detaljer["poster"]:
            if entry.startswith(start) and f"Beslutad av {entry.removeprefix(start).strip()} " in change.formel:
                day = local_time(workplace.kommun.kalender, link.tid)
                role = link.roll or "utan roll i behorighet.yaml"
                return f"först använd {day:%Y-%m-%d kl. %H.%M} av kontot {link.anvandare}, {role}, händelse {link.nr} i granskningsloggen"
    return ""


def stored_entry(workplace: Workplace, sha256: str, place: str) -> str:
    """What the entry at ``place`` ("post 2") says in the stored bytes, whose hash is checked; '' when there is no such entry."""
    declared = Rattelser.model_validate(YAML(typ="safe", pure=True).load(workplace.objects.get(sha256)))
    number = int(place.removeprefix("post "))
    return entry_text(declared.rattelser[number - 1]) if number <= len(declared.rattelser) else ""
