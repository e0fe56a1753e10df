"""What a closing sees of each judged row: the four avvikelser, whether it is over the limit, and what is said and promised of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from data_contracts.kommun import Enhet
from transforms.deviation_register import Observation
from transforms.effect_figures import EFFEKTER
from transforms.matt import AVVIKELSER, VOLYM
from transforms.views.context import HELHET, ReportContext
from transforms.views.deviations import explained, judged_rows, over_limit, uppstallning_of


@dataclass(frozen=True, slots=True)
class Atgardsuppgift:
    """What a comment of a return says beside orsak and åtgärd: the kind of orsak, who answers, and when it is done."""

    kategori: str = ""
    ansvarig: str = ""
    klardatum: dt.date | None = None


NOTHING = Atgardsuppgift()


def observations(
    context: ReportContext, uppgifter: Mapping[tuple[str, str, str], Atgardsuppgift], followed: frozenset[str]
) -> tuple[Observation, ...]:
    """One observation per row that is over the kommun's limit, or whose case is followed since an earlier month of the year.

    Missing: a row whose avvikelse for the full year is missing is not seen this month; its case is carried without it.

    Source: the kommun's limits (kommun.yaml, granser) and its register (avvikelseregister).

    Args:
        context: figures and explanations of the closing, as returned.
        uppgifter: by (enhet, avser, rad).
        followed: ids of the cases that earlier months of the year have.
    """
    seen = (
        observation
        for enhet in context.kommun.enheter
        for avser in ("drift", "investeringar", VOLYM.kod)
        for observation in _of_enhet(context, enhet, avser, uppgifter)
    )
    return tuple(one for one in seen if one.over or one.arende_id in followed)


def _of_enhet(
    context: ReportContext, enhet: Enhet, avser: str, uppgifter: Mapping[tuple[str, str, str], Atgardsuppgift]
) -> Iterator[Observation]:
    for rad, namn in judged_rows(context, enhet, avser):
        amounts = {serie: _amount(context, (enhet.kod, avser, rad), serie) for serie in AVVIKELSER}
        helar = amounts["avvikelse_helar"]
        if helar is None:
            continue
        said = explained(context, enhet, avser, rad)
        whole = context.forklaringar.get((enhet.kod, avser, HELHET))
        orsak = "" if said is None else whole.orsak if said.i_helheten and whole is not None else said.orsak
        place = _commented_at(context, enhet, avser, rad)
        own = uppgifter.get(place, NOTHING)
        lovad, uppnadd = (context.figures.get(*place, serie) for serie in EFFEKTER)
        yield Observation(
            period=str(context.period),
            enhet=enhet.kod,
            avser=avser,
            rad=rad,
            namn=namn,
            enhet_namn=enhet.namn,
            helar_ore=helar,
            period_ore=amounts["avvikelse_period"],
            andring_ore=amounts["andring_prognos"],
            traff_ore=amounts["traff"],
            over=over_limit(context, enhet, avser, rad) is not None,
            is_worse=helar < 0 and avser != VOLYM.kod,
            kategori=own.kategori,
            orsak=orsak,
            atgard="" if said is None else said.atgard,
            ansvarig=own.ansvarig,
            klardatum=own.klardatum,
            lovad_ore=None if lovad is None else lovad.varde,
            uppnadd_ore=None if uppnadd is None else uppnadd.varde,
            lovad_id="" if lovad is None else lovad.figure_id,
            uppnadd_id="" if uppnadd is None else uppnadd.figure_id,
        )


def _commented_at(context: ReportContext, enhet: Enhet, avser: str, rad: str) -> tuple[str, str, str]:
    """Where what is said of a row stands: on itself, but for the end result without a comment of its own on the whole."""
    own, uppstallning = (enhet.kod, avser, rad), uppstallning_of(context, enhet, avser)
    is_main = uppstallning is not None and rad == uppstallning.huvudrad
    return (enhet.kod, avser, HELHET) if is_main and own not in context.forklaringar else own


def _amount(context: ReportContext, row: tuple[str, str, str], serie: str) -> int | None:
    """The row's figure of the serie; how last year's prognos hit stands under that year."""
    year = context.period.year - 1 if serie == "traff" else None
    figure = context.figures.get(*row, serie, year)
    return None if figure is None else figure.varde
