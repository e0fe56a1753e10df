"""The rows that configuration gives an enhet on a sheet of the return: one function per table, and everything else follows.

A sheet whose rows are listed here stands in a förvaltning's template only when one of its enheter has rows. The template, the rows
that are expected of a return, the codes that are known, and the decimals of its numbers are all read from here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from data_contracts.kommun import Enhet, Finansiering, Kommun
from data_contracts.malplan import Indikator, Leverans, Riktning
from data_contracts.personal import FORMER, GRUPPER
from transforms.belopp import decimal_text

KALLOR = {"kolada": "Kolada", "enkat": "enkäten", "synpunkter": "synpunkterna"}
"""The sources that values are taken from, in words."""


@dataclass(frozen=True, slots=True)
class EnhetRow:
    """One row: its code, what the template writes beside it by column key, and the decimals of its numbers."""

    kod: str
    labels: Mapping[str, str] = field(default_factory=dict)
    decimals: int = 0


def _verksamheter(kommun: Kommun, enhet: Enhet) -> tuple[EnhetRow, ...]:
    return tuple(EnhetRow(part.kod, {"benamning": part.namn}) for part in enhet.verksamheter)


def _volymer(kommun: Kommun, enhet: Enhet) -> tuple[EnhetRow, ...]:
    return tuple(
        EnhetRow(part.kod, {"benamning": part.namn, "matt_enhet": part.matt_enhet}, part.decimaler)
        for part in enhet.volymer
    )


def _indikatorer(kommun: Kommun, enhet: Enhet) -> tuple[EnhetRow, ...]:
    return tuple(
        EnhetRow(
            part.kod,
            {
                "benamning": f"{part.namn}{_fetched(part)}",
                "matt_enhet": part.matt_enhet,
                "malvarde": malvarde_text(part, plan.ar),
            },
            part.decimaler,
        )
        for plan in kommun.malplaner
        for part in plan.indikatorer
        if part.enhet == enhet.kod
    )


def _fetched(indikator: Indikator) -> str:
    """What the sender is told beside an indikator whose utfall comes from elsewhere."""
    return f" (utfallet hämtas ur {KALLOR[indikator.kalla]})" if indikator.hamtas else ""


def _aktiviteter(kommun: Kommun, enhet: Enhet) -> tuple[EnhetRow, ...]:
    """A row per leverans of the enhet's aktiviteter, with the day it is due; one for the aktivitet itself where it lists no leverans."""
    rows: list[EnhetRow] = []
    for plan in kommun.malplaner:
        for aktivitet in plan.aktiviteter:
            if aktivitet.enhet == enhet.kod:
                names = {part.kod: _due(part) for part in aktivitet.leveranser} or {aktivitet.kod: aktivitet.namn}
                rows += [EnhetRow(kod, {"benamning": namn, "aktivitet": aktivitet.namn}) for kod, namn in names.items()]
    return tuple(rows)


def _due(leverans: Leverans) -> str:
    """What is to be delivered, and the day that the plan sets for it."""
    return leverans.namn if leverans.klar is None else f"{leverans.namn} (klar senast {leverans.klar.isoformat()})"


def _malbedomningar(kommun: Kommun, enhet: Enhet) -> tuple[EnhetRow, ...]:
    return tuple(
        EnhetRow(mal.kod, {"benamning": mal.namn})
        for plan in kommun.malplaner
        for mal in plan.mal
        if mal.enhet == enhet.kod
    )


def _personal(kommun: Kommun, enhet: Enhet) -> tuple[EnhetRow, ...]:
    reports = kommun.personal is not None and enhet.kod in kommun.personal.enheter
    return tuple(EnhetRow(kod, {"benamning": namn}) for kod, namn in GRUPPER.items()) if reports else ()


def _arsarbetare(kommun: Kommun, enhet: Enhet) -> tuple[EnhetRow, ...]:
    reports = kommun.personal is not None and enhet.kod in kommun.personal.enheter
    return tuple(EnhetRow(kod, {"benamning": namn}) for kod, namn in FORMER.items()) if reports else ()


def _enkater(kommun: Kommun, enhet: Enhet) -> tuple[EnhetRow, ...]:
    return tuple(
        EnhetRow(part.kod, {"benamning": part.namn, "matt_enhet": part.matt_enhet}, part.decimaler)
        for part in kommun.uppfoljning.enkater
        if part.enhet == enhet.kod
    )


def _synpunkter(kommun: Kommun, enhet: Enhet) -> tuple[EnhetRow, ...]:
    asked = kommun.uppfoljning.synpunkter
    if asked is None or enhet.kod not in asked.enheter:
        return ()
    return tuple(EnhetRow(tema.kod, {"benamning": tema.namn}) for tema in asked.teman)


def _risker(kommun: Kommun, enhet: Enhet) -> tuple[EnhetRow, ...]:
    plan = kommun.uppfoljning.internkontroll
    return tuple(
        EnhetRow(risk.kod, {"benamning": risk.namn, "kontrollmoment": risk.kontrollmoment})
        for risk in (plan.risker if plan else ())
        if risk.enhet == enhet.kod
    )


def _utforare(kommun: Kommun, enhet: Enhet) -> tuple[EnhetRow, ...]:
    """A row per measure and utförare: 'nojdhet.omsorgsbolaget'."""
    plan = kommun.uppfoljning.utforare
    if plan is None:
        return ()
    names = {part.kod: part.namn for part in plan.utforare}
    return tuple(
        EnhetRow(
            utforar_rad(tal.kod, kod),
            {"benamning": tal.namn, "utforare_namn": names[kod], "matt_enhet": tal.matt_enhet},
            tal.decimaler,
        )
        for tal in plan.tal
        if tal.enhet == enhet.kod
        for kod in tal.utforare
    )


def _texter(kommun: Kommun, enhet: Enhet) -> tuple[EnhetRow, ...]:
    """The sections of the reports' texts, where the kommun takes them from the returns; finansieringen has none."""
    if kommun.bokslut is None or enhet.finansiering is Finansiering.FINANSIERINGEN:
        return ()
    return tuple(EnhetRow(part.kod, {"benamning": part.namn}) for part in kommun.bokslut.texter)


def utforar_rad(tal: str, utforare: str) -> str:
    """The code of a measure's row for one utförare."""
    return f"{tal}.{utforare}"


ROWS_OF_ENHET: Mapping[str, Callable[[Kommun, Enhet], tuple[EnhetRow, ...]]] = {
    "drift_verksamhet": _verksamheter,
    "volymer": _volymer,
    "indikatorer": _indikatorer,
    "aktiviteter": _aktiviteter,
    "malbedomningar": _malbedomningar,
    "personal": _personal,
    "arsarbetare": _arsarbetare,
    "enkater": _enkater,
    "synpunkter": _synpunkter,
    "risker": _risker,
    "utforare": _utforare,
    "texter": _texter,
}
"""By table name: the rows of an enhet, in order. Drift and investeringar have uppställningar instead."""


def malvarde_text(indikator: Indikator, ar: int) -> str:
    """The year's målvärde as people read it: '≥ 95,0', '< 6', '40–45', 'ja'; 'inget' where the plan sets none.

    Example:
        ``malvarde_text(sjukfranvaro, 2026)`` is ``'< 6,0'`` for a strict lower målvärde of 6 with one decimal.
    """
    if indikator.riktning is Riktning.JA_NEJ:
        return "ja"
    mal = indikator.malvarde(ar)
    if mal is None:
        return "bedöms" if indikator.riktning is Riktning.BEDOMNING else "inget"
    if mal.fran is not None and mal.till is not None:
        return f"{decimal_text(mal.fran, indikator.decimaler)}–{decimal_text(mal.till, indikator.decimaler)}"
    value = decimal_text(mal.varde, indikator.decimaler) if mal.varde is not None else ""
    if indikator.riktning is Riktning.BIBEHALL:
        return f"{value} ± {decimal_text(indikator.tolerans, indikator.decimaler)}" if indikator.tolerans else value
    sign = {
        (Riktning.HOGRE, False): "≥", (Riktning.HOGRE, True): ">", (Riktning.LAGRE, False): "≤", (Riktning.LAGRE, True): "<",
    }[indikator.riktning, indikator.strikt]  # fmt: skip
    return f"{sign}\u00a0{value}"
