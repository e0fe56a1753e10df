"""What is said of goals beside the figures: the senders' own assessments and comments, the leveranser, and what a person has fixed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from data_contracts.felkoder import Felkod
from data_contracts.findings import Finding
from data_contracts.malbedomning import Malbedomning
from data_contracts.malplan import Malplan
from transforms.control_sheets import text_of
from transforms.goal_states import Lage
from transforms.period import Period
from transforms.public_view import public_text
from transforms.schemas import rows_in


@dataclass(frozen=True, slots=True)
class Sagt:
    """What a sender says of one indikator. ``lage`` None when only a comment is given. roll, tid: who filled the return in, and when."""

    lage: Lage | None
    kommentar: str
    roll: str
    tid: str


@dataclass(frozen=True, slots=True)
class Faststalld:
    """An assessment of a goal that a person has fixed, with reason, role and time. ``kalla``: file, sheet and cell, or the file."""

    mal: str
    lage: Lage
    skal: str
    roll: str
    tid: str
    kalla: str
    atgard: str = ""


@dataclass(frozen=True, slots=True)
class Givet:
    """All of it. ``leveranser``: (ja, nej or '', comment) by code."""

    sagt: Mapping[str, Sagt] = field(default_factory=dict)
    leveranser: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    malbedomningar: tuple[Faststalld, ...] = ()


def given_of(frames: Mapping[str, pd.DataFrame], plan: Malplan, own: Iterable[Malbedomning], period: Period) -> Givet:
    """What the period's accepted returns and the kommun's own assessments say.

    Args:
        frames: per table, rows of the accepted returns.
        own: the assessments of malplan/ÅÅÅÅ-bedomningar.yaml; those of other periods are left out.
    """
    who = _signatures(frames)
    koder = {indikator.kod for indikator in plan.indikatorer}
    sagt = {
        text_of(row["kod"]): Sagt(
            _lage(row["bedomning"]), text_of(row["kommentar"]), *who.get(text_of(row["retur"]), ("", ""))
        )
        for row in rows_in(frames, "indikatorer")
        if text_of(row["kod"]) in koder and (text_of(row["bedomning"]) or text_of(row["kommentar"]))
    }
    leveranser = {
        text_of(row["kod"]): (text_of(row["levererad"]), text_of(row["kommentar"]))
        for row in rows_in(frames, "aktiviteter")
    }
    fixed = [
        Faststalld(
            text_of(row["kod"]), lage, text_of(row["motivering"]), *who.get(text_of(row["retur"]), ("", "")),
            f"fil {text_of(row['fil'])}, blad {text_of(row['blad'])}, cell {text_of(row['bedomning_cell'])}", text_of(row["atgard"]),
        )
        for row in rows_in(frames, "malbedomningar")
        if (lage := _lage(row["bedomning"])) is not None
    ]  # fmt: skip
    fixed += [
        Faststalld(item.mal, Lage(item.lage), item.skal, item.roll, item.datum.isoformat(), "malplan", item.atgard)
        for item in own
        if item.period == str(period)
    ]
    return Givet(sagt, leveranser, tuple(fixed))


def published(givet: Givet) -> Givet:
    """The same with every text as it may be published: personal data and what can't be shown taken out (``transforms.public_view``)."""
    return Givet(
        {kod: replace(said, kommentar=public_text(said.kommentar)) for kod, said in givet.sagt.items()},
        {kod: (answer, public_text(comment)) for kod, (answer, comment) in givet.leveranser.items()},
        tuple(
            replace(item, skal=public_text(item.skal), atgard=public_text(item.atgard)) for item in givet.malbedomningar
        ),
    )


def doubled_assessments(givet: Givet, felkod: Felkod) -> tuple[Finding, ...]:
    """E728 per goal that has more than one fixed assessment: none of them counts until one is taken away."""
    by_goal: dict[str, list[Faststalld]] = {}
    for item in givet.malbedomningar:
        by_goal.setdefault(item.mal, []).append(item)
    return tuple(
        felkod.finding(mal=kod, stallen="; ".join(item.kalla for item in listed))
        for kod, listed in by_goal.items()
        if len(listed) > 1
    )


def _signatures(frames: Mapping[str, pd.DataFrame]) -> dict[str, tuple[str, str]]:
    """Role and day by return."""
    fields: dict[str, dict[str, str]] = {}
    for row in rows_in(frames, "start"):
        fields.setdefault(text_of(row["retur"]), {})[text_of(row["falt"])] = text_of(row["varde"])
    return {retur: (named.get("ifylld_av_roll", ""), named.get("ifylld_datum", "")) for retur, named in fields.items()}


def _lage(value: object) -> Lage | None:
    text = text_of(value)
    return Lage(text) if text in set(Lage) else None
