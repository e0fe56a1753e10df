"""Declared corrections of a kommun's home: read for a closing, kept as an object, and proved again from the stored bytes."""

from __future__ import annotations

import datetime as dt
import hashlib

from ruamel.yaml import YAML

from adapters.kommun_config import load_model
from adapters.store import Closing
from data_contracts.rattelser import Rattelser
from flows.workplace import Workplace
from transforms.corrections import Corrections, entry_text
from transforms.period import Period


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
    """An event with the corrections that the closing has used: the figure, what was changed to what, and whose decision it is."""
    corrections = corrections_of(workplace, period)
    entries = [f"{entry.siffra}: {entry_text(entry)}, {entry.beslutad_av}" for _, entry in corrections.of(period)]
    if entries:
        told = {"closing_id": closing.id, "period": str(period), "fil": corrections.fil, "sha256": corrections.sha256}
        workplace.store.record_event(now, "rattelser_anvanda", {**told, "poster": entries})


def stored_entry(workplace: Workplace, sha256: str, place: str) -> str:
    """What the entry at ``place`` ("post 2") says in the stored bytes, whose hash is checked; '' when there is no such entry."""
    declared = Rattelser.model_validate(YAML(typ="safe", pure=True).load(workplace.objects.get(sha256)))
    number = int(place.removeprefix("post "))
    return entry_text(declared.rattelser[number - 1]) if number <= len(declared.rattelser) else ""
