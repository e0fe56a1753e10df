"""The words for the state of a goal or indikator: a forecast is worded as a forecast, a verdict as a verdict, by the report's type."""

from __future__ import annotations

from data_contracts.malplan import Lagesord
from transforms.goal_states import Lage, Rapporttyp

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
