"""What has not been reported on the sheets of goals, staff, surveys, intern kontroll and utförare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from data_contracts.kommun import Enhet
from transforms.figures import INLAMNAD, Figure
from transforms.goal_states import Lage
from transforms.matt import SERIER
from transforms.view_types import Mening
from transforms.views.context import ReportContext
from transforms.wording import listed

BLAD: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "personal": ("Personal", ("anstallda", "ordinarie_tid", "sjuktid", "sjuktid_lang")),
    "arsarbetare": ("Årsarbetare", ("arsarbetare",)),
    "enkater": ("Enkäter", ("utfall",)),
    "synpunkter": ("Synpunkter", ("forslag", "synpunkter", "klagomal")),
    "risker": ("Intern kontroll", ("sannolikhet", "konsekvens")),
    "utforare": ("Utförare", ("utfall",)),
}
"""By table: the sheet's name, and the columns that every row should have."""
_TOTAL_ONLY = ("sjuktid_lang",)
"""Columns that the law asks for of everyone together alone."""
_RESULTAT = {"utfall": "resultat"}
_NAMED = 3


def follow_up_gaps(context: ReportContext, reported: Sequence[Enhet]) -> Iterator[Mening]:
    """A sentence per enhet, sheet and column with blank rows; indikatorer without a value and leveranser without an answer.

    A measurement that is awaited, or that cannot be made, is no gap: somebody has said so.
    """
    for enhet in reported:
        yield from _goals(context, enhet)
        for matt, (blad, serier) in BLAD.items():
            yield from _sheet(context, enhet, matt, blad, serier)


def _goals(context: ReportContext, enhet: Enhet) -> Iterator[Mening]:
    bilder = context.mal.bilder.values() if context.mal is not None else ()
    values = [
        part.indikator.namn
        for bild in bilder
        for part in bild.indikatorer
        if part.indikator.enhet == enhet.kod and part.beraknad.lage is Lage.EJ_RAPPORTERAD
    ]
    answers = [
        part.namn
        for bild in bilder
        for part in bild.leveranser
        if part.aktivitet.enhet == enhet.kod and not part.levererad
    ]
    for blad, kolumn, missing in (("Mål", "årets värde", values), ("Aktiviteter", "svar", answers)):
        if missing:
            yield _sentence(context, enhet, blad, kolumn, missing, len(missing))


def _sheet(context: ReportContext, enhet: Enhet, matt: str, blad: str, serier: Sequence[str]) -> Iterator[Mening]:
    rows = {
        serie: [
            figure
            for figure in context.figures.series(enhet.kod, matt, serie)
            if figure.slag == INLAMNAD and (serie not in _TOTAL_ONLY or figure.rad == "totalt")
        ]
        for serie in serier
    }
    blank = {serie: [figure.namn for figure in found if _is_blank(figure)] for serie, found in rows.items()}
    if any(rows.values()) and all(len(blank[serie]) == len(rows[serie]) for serie in serier):
        yield context.wording.sentence("ej_blad", blad=blad, enhet=enhet.namn)
        return
    for serie in serier:
        if blank[serie]:
            kolumn = _RESULTAT.get(serie, SERIER[serie].lower())
            yield _sentence(context, enhet, blad, kolumn, blank[serie], len(rows[serie]))


def _is_blank(figure: Figure) -> bool:
    return figure.varde is None and not figure.is_not_applicable and not figure.skyddad


def _sentence(
    context: ReportContext, enhet: Enhet, blad: str, kolumn: str, missing: Sequence[str], rows: int
) -> Mening:
    shown = listed(missing) if len(missing) <= _NAMED else f"{len(missing)} av {rows} rader"
    values = {"tabell": blad, "kolumn": kolumn, "enhet": enhet.namn, "rader": shown}
    return context.wording.sentence("ej_rader", **values)
