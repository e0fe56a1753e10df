"""The words for the state of a goal or indikator: a forecast is worded as a forecast, a verdict as a verdict, by the report's type."""

from __future__ import annotations

import datetime as dt

from data_contracts.malplan import Beslut, Lagesord, Malplan
from transforms.goal_states import Lage, Rapporttyp
from transforms.view_goals import Marke

_FORECAST = {
    Lage.UPPFYLLD: "bedöms uppfyllas",
    Lage.DELVIS: "bedöms delvis uppfyllas",
    Lage.EJ: "bedöms inte uppfyllas",
}
_VERDICT = {Lage.UPPFYLLD: "är uppfyllt", Lage.DELVIS: "är delvis uppfyllt", Lage.EJ: "är inte uppfyllt"}
_OTHERS = {
    Lage.EJ_MATBAR: "kan inte mätas",
    Lage.MATNING_KOMMER: "mätning kommer",
    Lage.METODBYTE: "mäts på ett nytt sätt",
    Lage.EJ_RAPPORTERAD: "är inte rapporterat",
    Lage.KAN_INTE_BEDOMAS: "kan inte bedömas",
}
SHAPES = {
    Lage.UPPFYLLD: "ring_fylld",
    Lage.DELVIS: "ring_halv",
    Lage.EJ: "ring_kryss",
    Lage.EJ_MATBAR: "streck",
    Lage.MATNING_KOMMER: "klocka",
    Lage.METODBYTE: "pilar",
    Lage.EJ_RAPPORTERAD: "tom",
    Lage.KAN_INTE_BEDOMAS: "fraga",
}
"""The shape of each state: it is told by shape and words, and colour only helps."""

TONES = {
    Lage.UPPFYLLD: "god",
    Lage.DELVIS: "delvis",
    Lage.EJ: "dalig",
    **dict.fromkeys(_OTHERS, "ingen"),
}
"""The colour that helps: teal, brown, red, and grey for what has no grade."""


def state_words(lage: Lage, typ: Rapporttyp, own: Lagesord | None = None) -> str:
    """'bedöms uppfyllas' in a månads- or delårsrapport, 'är uppfyllt' in an årsredovisning; the kommun's own words where it has any.

    Source: domain rule 2.5, engine 5 (Vårgårda's årsredovisning still said that goals were expected to be met).
    Example:
        >>> state_words(Lage.DELVIS, Rapporttyp.DELAR), state_words(Lage.DELVIS, Rapporttyp.AR)
        ('bedöms delvis uppfyllas', 'är delvis uppfyllt')
    """
    words = (own.prognos if typ.is_forecast else own.dom) if own else {}
    usual = _FORECAST if typ.is_forecast else _VERDICT
    return words.get(lage.value) or usual.get(lage) or _OTHERS[lage]


def delivery_text(levererad: str, klar: dt.date | None, *, late: bool) -> str:
    """'levererat', 'inte levererat än, ska vara klart 2026-10-01', 'försenat, skulle ha varit klart 2026-03-31', 'uppgift saknas'."""
    if levererad != "nej":
        return "levererat" if levererad == "ja" else "uppgift saknas"
    if late:
        return f"försenat, skulle ha varit klart {klar}"
    return "inte levererat än" if klar is None else f"inte levererat än, ska vara klart {klar}"


def decision_text(plan: Malplan) -> str:
    """'version 2, beslutad KF 2025-11-24 § 113 och senast ändrad KF 2026-02-23 § 21'; 'version 1, inte beslutad'."""
    if plan.beslut is None:
        return f"version {plan.version}, inte beslutad"
    text = f"version {plan.version}, beslutad {_decision(plan.beslut)}"
    newest = max(plan.andringar, key=lambda change: change.version, default=None)
    return text if newest is None else f"{text} och senast ändrad {_decision(newest.beslut)}"


def _decision(beslut: Beslut) -> str:
    return f"{beslut.organ} {beslut.datum} {beslut.paragraf}"


def mark(lage: Lage, typ: Rapporttyp, own: Lagesord | None = None) -> Marke:
    """A state as it is shown: its shape, its words and the colour that helps."""
    return Marke(SHAPES[lage], state_words(lage, typ, own), TONES[lage])
