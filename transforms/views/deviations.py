"""Avvikelser with orsak and åtgärd: which rows are over the kommun's limit, and what is said about them."""

from __future__ import annotations

from collections.abc import Iterator

from data_contracts.kommun import Enhet, Rad, RadTyp, Uppstallning
from transforms.avvikelse import must_be_explained
from transforms.figures import Figure
from transforms.matt import MATT
from transforms.view_types import Avvikelsepost, Kommentar
from transforms.views.context import HELHET, Forklaring, ReportContext, tal

WHOLE = "Kommentar"
"""Heading of the comment on the whole."""


def entered_rows(context: ReportContext, enhet: Enhet, avser: str) -> Iterator[tuple[str, str]]:
    """Code and name of every row that the enhet enters for drift or investeringar, its own rows last; not the reglering.

    Reglering mirrors the result before it, so its avvikelse says nothing of its own. A project carries its category's name.
    """
    uppstallning = uppstallning_of(context, enhet, avser)
    if uppstallning is None:
        return
    for rad in uppstallning.poster:
        if rad.typ is not RadTyp.REGLERING:
            yield rad.kod, _with_category(uppstallning, rad) if avser == "investeringar" else rad.namn
    for figure in context.figures.own_rows(enhet.kod, avser):
        yield figure.rad, figure.namn


def uppstallning_of(context: ReportContext, enhet: Enhet, avser: str) -> Uppstallning | None:
    """The enhet's uppställning of drift or investeringar, or None."""
    kod = enhet.drift if avser == "drift" else enhet.investeringar if avser == "investeringar" else None
    return None if kod is None else context.kommun.uppstallning(kod)


def _with_category(uppstallning: Uppstallning, rad: Rad) -> str:
    """'Reinvestering: Vattenverk'; the row's own name when nothing but the total stands over it."""
    over = [summa for summa in uppstallning.sums_over(rad.kod) if summa.kod != uppstallning.resultatrad]
    return f"{over[0].namn}: {rad.namn}" if over else rad.namn


def judged_rows(context: ReportContext, enhet: Enhet, avser: str) -> Iterator[tuple[str, str]]:
    """The rows that are judged: entered ones, and the row that tells how it ends when it is a sum."""
    if avser == "volymer":
        for volym in enhet.volymer:
            yield volym.kod, volym.namn
        return
    uppstallning = uppstallning_of(context, enhet, avser)
    if uppstallning is None:
        return
    main = uppstallning.rad(uppstallning.huvudrad)
    if main.typ is RadTyp.SUMMA and len(uppstallning.poster) > 1:
        yield main.kod, main.namn
    yield from entered_rows(context, enhet, avser)


def avvikelser_of(context: ReportContext, enhet: Enhet, unit: str) -> tuple[Avvikelsepost, ...]:
    """The enhet's rows over the limit, largest first within drift, investeringar and volymer."""
    posts: list[Avvikelsepost] = []
    for avser in ("drift", "investeringar", "volymer"):
        rows = judged_rows(context, enhet, avser)
        over = [(figure, namn) for rad, namn in rows if (figure := over_limit(context, enhet, avser, rad)) is not None]
        over.sort(key=lambda item: -abs(item[0].varde or 0))
        posts.extend(
            _post(
                context,
                enhet,
                figure,
                unit,
                names=(namn, enhet.namn),
                said=explained(context, enhet, avser, figure.rad),
            )
            for figure, namn in over
        )
    return tuple(posts)


def avvikelser_of_kommun(context: ReportContext, unit: str) -> tuple[Avvikelsepost, ...]:
    """Per enhet of the whole kommun, how drift and investeringar end, where that is over the limit; rows stand in the nämnd's report."""
    posts: list[Avvikelsepost] = []
    for avser in ("drift", "investeringar"):
        for enhet in context.kommun.enheter:
            uppstallning = uppstallning_of(context, enhet, avser)
            figure = over_limit(context, enhet, avser, uppstallning.huvudrad) if uppstallning is not None else None
            if figure is None:
                continue
            said = context.forklaringar.get((enhet.kod, avser, figure.rad)) or context.forklaringar.get(
                (enhet.kod, avser, HELHET)
            )
            posts.append(_post(context, enhet, figure, unit, names=(enhet.namn, figure.namn), said=said))
    return tuple(posts)


def over_limit(context: ReportContext, enhet: Enhet, avser: str, rad: str) -> Figure | None:
    """The row's avvikelse for the full year when it must be explained, else None."""
    avvikelse = context.figures.get(enhet.kod, avser, rad, "avvikelse_helar")
    budget = context.figures.get(enhet.kod, avser, rad, "budget")
    if avvikelse is None or budget is None:
        return None
    return avvikelse if must_be_explained(avvikelse.varde, budget.varde, context.grans(avser)) else None


def explained(context: ReportContext, enhet: Enhet, avser: str, rad: str) -> Forklaring | None:
    """What is said of a row: on itself, on a sum that it is part of, on the whole; of the end result also on its parts.

    Source: docs/beslut/0010-forklaringar.md.
    """
    own = context.forklaringar.get((enhet.kod, avser, rad))
    if own is not None and own.orsak:
        return own
    uppstallning = uppstallning_of(context, enhet, avser)
    for summa in uppstallning.sums_over(rad) if uppstallning is not None else ():
        said = context.forklaringar.get((enhet.kod, avser, summa.kod))
        if said is not None and said.orsak:
            return Forklaring(context.wording.sentence("forklaras_i_summa", summa=summa.namn).text, said.atgard)
    whole = context.forklaringar.get((enhet.kod, avser, HELHET))
    if whole is not None and whole.orsak:
        return Forklaring("", whole.atgard, i_helheten=True)
    if uppstallning is not None and rad == uppstallning.huvudrad and _has_explained_part(context, enhet, avser):
        return Forklaring(context.wording.text("forklaras_av_raderna"), "")
    return own


def _has_explained_part(context: ReportContext, enhet: Enhet, avser: str) -> bool:
    """True when some entered row over the limit has a comment of its own."""
    return any(
        (said := context.forklaringar.get((enhet.kod, avser, rad))) is not None and bool(said.orsak)
        for rad, _ in entered_rows(context, enhet, avser)
        if over_limit(context, enhet, avser, rad) is not None
    )


def _post(
    context: ReportContext, enhet: Enhet, figure: Figure, unit: str, *, names: tuple[str, str], said: Forklaring | None
) -> Avvikelsepost:
    """The post of one avvikelse. ``names``: its heading, and what it is part of."""
    avser, rad = figure.matt, figure.rad
    matt = MATT[avser]
    turned = avser == "investeringar" and enhet.investering_visas == "utgift_negativ"
    orsak, atgard = ("", "") if said is None else (said.orsak, said.atgard)
    is_worse = (figure.varde or 0) < 0
    return Avvikelsepost(
        rad_namn=names[0],
        enhet_namn=names[1],
        avser=matt.namn,
        avvikelse=tal(figure, unit, plus=True),
        budget=tal(context.figures.get(enhet.kod, avser, rad, "budget"), unit, turned=turned),
        prognos=tal(context.figures.get(enhet.kod, avser, rad, "prognos"), unit, turned=turned),
        ord=matt.minus if is_worse else matt.plus,
        orsak=orsak,
        atgard=atgard,
        ska_forklaras=True,
        forklaring_saknas=not orsak and not (said is not None and said.i_helheten),
        atgard_saknas=is_worse and avser != "volymer" and not atgard,
        enhet=unit if figure.enhet_matt == "ore" else figure.enhet_matt,
        i_helheten=said is not None and said.i_helheten,
    )


def general_comments(context: ReportContext, enhet: Enhet, avser: str) -> tuple[Kommentar, ...]:
    """The comments beside a table: on the whole, on sums, and on rows that are not over the limit (those stand with their avvikelse)."""
    shown: list[Kommentar] = []
    uppstallning = uppstallning_of(context, enhet, avser)
    rows = dict(judged_rows(context, enhet, avser))
    if uppstallning is not None:
        rows = {**{rad.kod: rad.namn for rad in uppstallning.rader}, **rows}
    for kod, namn in {HELHET: WHOLE, **rows}.items():
        said = context.forklaringar.get((enhet.kod, avser, kod))
        if said is not None and (kod == HELHET or over_limit(context, enhet, avser, kod) is None):
            shown.append(Kommentar(namn, said.orsak, said.atgard))
    return tuple(shown)
