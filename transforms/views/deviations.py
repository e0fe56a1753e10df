"""Avvikelser with orsak and åtgärd: which rows are over the kommun's limit, and what is said about them."""

from __future__ import annotations

from collections.abc import Iterator

from data_contracts.kommun import Enhet
from transforms.avvikelse import must_be_explained
from transforms.figures import Figure
from transforms.matt import MATT
from transforms.view_types import Avvikelsepost, Kommentar
from transforms.views.context import HELHET, Forklaring, ReportContext, tal


def entered_rows(context: ReportContext, enhet: Enhet, avser: str) -> Iterator[tuple[str, str]]:
    """Code and name of every row that the enhet enters for drift or investeringar, its own rows last."""
    kod = enhet.drift if avser == "drift" else enhet.investeringar
    if kod is not None:
        for rad in context.kommun.uppstallning(kod).poster:
            yield rad.kod, rad.namn
        for figure in context.figures.own_rows(enhet.kod, avser):
            yield figure.rad, figure.namn


def volym_rows(context: ReportContext, enhet: Enhet) -> Iterator[tuple[str, str]]:
    """Code and name of every volume of the enhet."""
    for volym in enhet.volymer:
        yield volym.kod, f"{volym.namn} ({volym.matt_enhet})"


def avvikelser_of(context: ReportContext, enhet: Enhet, unit: str) -> tuple[Avvikelsepost, ...]:
    """The enhet's rows over the limit, largest first within drift, investeringar and volymer."""
    posts: list[Avvikelsepost] = []
    for avser in ("drift", "investeringar", "volymer"):
        rows = volym_rows(context, enhet) if avser == "volymer" else entered_rows(context, enhet, avser)
        over = [
            (figure, rad, namn) for rad, namn in rows if (figure := _over_limit(context, enhet, avser, rad)) is not None
        ]
        over.sort(key=lambda item: -abs(item[0].varde or 0))
        posts.extend(_post(context, enhet, avser, rad, namn, figure, unit) for figure, rad, namn in over)
    return tuple(posts)


def _over_limit(context: ReportContext, enhet: Enhet, avser: str, rad: str) -> Figure | None:
    avvikelse = context.figures.get(enhet.kod, avser, rad, "avvikelse_helar")
    budget = context.figures.get(enhet.kod, avser, rad, "budget")
    if avvikelse is None or budget is None:
        return None
    return avvikelse if must_be_explained(avvikelse.varde, budget.varde, context.grans(avser)) else None


def explanation(context: ReportContext, enhet: str, avser: str, rad: str) -> Forklaring | None:
    """The comment on the row itself, or None. The comment on the whole is shown beside the table and explains no single row."""
    return context.forklaringar.get((enhet, avser, rad))


def _post(
    context: ReportContext, enhet: Enhet, avser: str, rad: str, namn: str, figure: Figure, unit: str
) -> Avvikelsepost:
    said = explanation(context, enhet.kod, avser, rad)
    matt = MATT[avser]
    turned = avser == "investeringar" and enhet.investering_visas == "utgift_negativ"
    orsak = said.orsak if said is not None else ""
    return Avvikelsepost(
        enhet_namn=enhet.namn,
        rad_namn=namn,
        avser=matt.namn,
        avvikelse=tal(figure, unit, plus=True),
        budget=tal(context.figures.get(enhet.kod, avser, rad, "budget"), unit, turned=turned),
        prognos=tal(context.figures.get(enhet.kod, avser, rad, "prognos"), unit, turned=turned),
        ord=matt.plus if (figure.varde or 0) > 0 else matt.minus,
        orsak=orsak,
        atgard=said.atgard if said is not None else "",
        ska_forklaras=True,
        forklaring_saknas=not orsak,
    )


def general_comments(context: ReportContext, enhet: Enhet, avser: str) -> tuple[Kommentar, ...]:
    """The comment on the whole, and comments on rows that are not over the limit (those over it stand with their avvikelse)."""
    shown: list[Kommentar] = []
    whole = context.forklaringar.get((enhet.kod, avser, HELHET))
    if whole is not None:
        shown.append(Kommentar("Kommentar", whole.orsak, whole.atgard))
    rows = volym_rows(context, enhet) if avser == "volymer" else entered_rows(context, enhet, avser)
    for rad, namn in rows:
        said = context.forklaringar.get((enhet.kod, avser, rad))
        if said is not None and _over_limit(context, enhet, avser, rad) is None:
            shown.append(Kommentar(namn, said.orsak, said.atgard))
    return tuple(shown)
