"""Indikatorer, goals and plans in a few words, for tests of the goal thread."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from data_contracts.malplan import Indikator, Malplan, Regel
from transforms.goal_states import Indikatorlage, Matning, Rapporttyp, indikator_state

DAG = dt.date(2026, 5, 15)


def indikator(riktning: str = "hogre", mal: Any = 80, **more: Any) -> Indikator:
    """An indikator with the målvärde of 2026: a number, or (from, to)."""
    target = {"fran": mal[0], "till": mal[1]} if isinstance(mal, tuple) else {"varde": mal}
    return Indikator.model_validate(
        {
            "kod": "i", "namn": "Indikator", "mal": "m", "enhet": "X", "typ": "resultat", "riktning": riktning,
            "matt_enhet": "procent", "definition": "Enligt provet.", "malvarden": {} if mal is None else {2026: target}, **more,
        }
    )  # fmt: skip


def state(part: Indikator, utfall: Any = None, *, ar: int | None = 2026, **more: Any) -> Indikatorlage:
    """The state by the utfall of a year; in the årsredovisning unless ``typ`` says otherwise."""
    typ = more.pop("typ", Rapporttyp.AR)
    varde = None if utfall is None else Decimal(str(utfall))
    prognos = more.pop("prognos", None)
    matning = Matning(
        varde, None if varde is None else ar, None if prognos is None else Decimal(str(prognos)), more.pop("sagt", None)
    )
    return indikator_state(part, matning, 2026, typ, more.pop("dag", DAG))


def regel(strategi: str, **more: Any) -> Regel:
    """A rule with that strategy."""
    return Regel.model_validate({"kod": "r", "namn": "regeln", "strategi": strategi, "referens": "prov", **more})


def plan(*mal: tuple[str, str, str | None], **more: Any) -> Malplan:
    """A plan of goals given as (code, level, over)."""
    goals = [{"kod": kod, "namn": kod, "niva": niva, "over": over, "agare": "kommunchef"} for kod, niva, over in mal]
    return Malplan.model_validate({"schema_version": 1, "ar": 2026, "namn": "Plan", "mal": goals, **more})
