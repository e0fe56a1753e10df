"""The first page: key figures and generated sentences, every number of which names its figure."""

from __future__ import annotations

from collections.abc import Sequence

from data_contracts.kommun import Enhet, RadTyp
from transforms.figures import KOMMUNEN, RESULTAT, RESULTAT_INRAPPORTERADE, SKATT, Figure
from transforms.matt import DRIFT, INVESTERING, Matt
from transforms.summation import result_of
from transforms.view_types import Avvikelsepost, Mening, Nyckeltal, Tal
from transforms.views.context import ReportContext, absolute, tal
from transforms.views.deviations import entered_rows, over_limit
from transforms.wording import listed

LAGE_TEXT = {"plus": "över budget", "minus": "under budget", "noll": "enligt budget", "saknas": "uppgift saknas"}


def main_row(context: ReportContext, enhet: Enhet) -> str:
    """The row that tells how the enhet's drift ends: its result, before reglering where the result is settled to zero."""
    return context.kommun.uppstallning(enhet.drift).huvudrad


def is_settled(context: ReportContext, enhet: Enhet) -> bool:
    """True when the enhet's result is settled against the abonnentkollektiv."""
    return main_row(context, enhet) != context.kommun.uppstallning(enhet.drift).resultatrad


def direction(figure: Figure | None) -> str:
    """plus, minus, noll or saknas, by the stored value of an avvikelse."""
    if figure is None or figure.varde is None:
        return "saknas"
    return "plus" if figure.varde > 0 else "minus" if figure.varde < 0 else "noll"


def drift_sentences(context: ReportContext, enhet: Enhet, unit: str) -> tuple[Mening, ...]:
    """How the enhet's drift is expected to end, where it deviates most, and what changed since last time."""
    row = main_row(context, enhet)
    avvikelse = context.figures.get(enhet.kod, "drift", row, "avvikelse_helar")
    state = direction(avvikelse)
    said: list[Mening] = []
    if avvikelse is None or state == "saknas":
        return (context.wording.sentence("drift_saknas", enhet=enhet.namn),)
    if is_settled(context, enhet):
        said.append(
            context.wording.sentence(
                "drift_reglering",
                enhet=enhet.namn,
                enhet_belopp=unit,
                prognos=tal(context.figures.get(enhet.kod, "drift", row, "prognos"), unit),
                budget=tal(context.figures.get(enhet.kod, "drift", row, "budget"), unit),
            )
        )
    elif state == "noll":
        said.append(context.wording.sentence("drift_noll", enhet=enhet.namn))
    else:
        said.append(
            context.wording.sentence(
                f"drift_{state}", enhet=enhet.namn, avvikelse=absolute(avvikelse, unit), enhet_belopp=unit
            )
        )
    largest = _largest(context, enhet, unit)
    if largest is not None:
        said.append(largest)
    change = context.figures.get(enhet.kod, "drift", row, "andring_prognos")
    if change is not None and change.varde:
        said.append(
            context.wording.sentence(
                "andring_prognos", enhet=enhet.namn, andring=tal(change, unit, plus=True), enhet_belopp=unit
            )
        )
    return tuple(said)


def budget_use(context: ReportContext, enhet: Enhet, unit: str) -> tuple[Mening, ...]:
    """'Till och med april har Vård och omsorg använt 13 900 tkr av årets 41 000 tkr.': the enhet's costs, by the first sum of costs alone.

    Nothing where its uppställning has no such sum, or where a value is missing: the page then says so elsewhere.
    """
    form = context.kommun.uppstallning(enhet.drift)
    costs = next((s.kod for s in form.summor if all(form.rad(kod).typ is RadTyp.KOSTNAD for kod in s.delar)), "")
    used, budget = (context.figures.get(enhet.kod, "drift", costs, serie) for serie in ("utfall", "budget"))
    if used is None or budget is None or used.varde is None or budget.varde is None:
        return ()
    values = {"utfall": absolute(used, unit), "budget": absolute(budget, unit)}
    return (
        context.wording.sentence(
            "mal_budget", period=context.period.text, enhet=enhet.namn, enhet_belopp=unit, **values
        ),
    )


def _largest(context: ReportContext, enhet: Enhet, unit: str) -> Mening | None:
    """The two rows that deviate most, of those over the limit; None when there is none."""
    over: list[tuple[Figure, str]] = []
    for rad, namn in entered_rows(context, enhet, "drift"):
        figure = over_limit(context, enhet, "drift", rad)
        if figure is not None:
            over.append((figure, namn))
    over.sort(key=lambda item: -abs(item[0].varde or 0))
    if len(over) < 2:
        return None
    pattern = context.wording.sentence("drift_storst", enhet=enhet.namn, rader="\0")
    rows: list[str | Tal] = []
    for number, (figure, namn) in enumerate(over[:2]):
        rows.extend([" och " if number else "", f"{namn.lower()} (", tal(figure, unit, plus=True), f" {unit})"])
    parts = [item for part in pattern.delar for item in (rows if part == "\0" else [part])]
    return Mening(tuple(parts))


def investering_sentence(context: ReportContext, enhet: Enhet, unit: str) -> Mening | None:
    """How the enhet's investeringar are expected to end; None when it has none."""
    avvikelse = result_of(context.figures, enhet, "investeringar", "avvikelse_helar", context.kommun)
    budget = result_of(context.figures, enhet, "investeringar", "budget", context.kommun)
    if avvikelse is None or budget is None:
        return None
    state = direction(avvikelse)
    if state == "saknas":
        return context.wording.sentence("investering_saknas", enhet=enhet.namn)
    values: dict[str, str | Tal] = {"enhet": enhet.namn, "budget": absolute(budget, unit), "enhet_belopp": unit}
    if state != "noll":
        values["avvikelse"] = absolute(avvikelse, unit)
    return context.wording.sentence(f"investering_{state}", **values)


def count_sentences(
    context: ReportContext, enheter: Sequence[Enhet], posts: Sequence[Avvikelsepost]
) -> tuple[Mening, ...]:
    """How many avvikelser are over the limit, and to how many the explanation is missing."""
    if context.grans("drift") is None and context.grans("investeringar") is None:
        return (context.wording.sentence("avvikelser_utan_gransvarde"),)
    if not posts:
        all_in = all(context.has_return(enhet) for enhet in enheter)
        return (context.wording.sentence("avvikelser_inga" if all_in else "avvikelser_inga_av_lamnade"),)
    said = [_count(context, "avvikelser_antal", "avvikelser_en", len(posts))]
    missing = sum(post.forklaring_saknas for post in posts)
    if missing:
        said.append(_count(context, "forklaring_saknas_antal", "forklaring_saknas_en", missing))
    return tuple(said)


def _count(context: ReportContext, many: str, one: str, count: int) -> Mening:
    return context.wording.sentence(one) if count == 1 else context.wording.sentence(many, antal=str(count))


def missing_return_sentences(context: ReportContext, enheter: Sequence[Enhet]) -> tuple[Mening, ...]:
    """One sentence per förvaltning whose return is missing, naming the enheter that it leaves blank."""
    said: list[Mening] = []
    for forvaltning in context.kommun.forvaltningar:
        blank = [enhet.namn for enhet in enheter if enhet.kod in forvaltning.enheter and not context.has_return(enhet)]
        if blank:
            said.append(context.wording.sentence("retur_saknas", forvaltning=forvaltning.namn, enheter=listed(blank)))
    return tuple(said)


def drift_card(context: ReportContext, enhet: Enhet, unit: str) -> Nyckeltal:
    """Card: the enhet's avvikelse prognos against budget."""
    row = main_row(context, enhet)
    avvikelse = context.figures.get(enhet.kod, "drift", row, "avvikelse_helar")
    prognos = context.figures.get(enhet.kod, "drift", row, "prognos")
    budget = context.figures.get(enhet.kod, "drift", row, "budget")
    label = "före reglering" if is_settled(context, enhet) else "mot budget"
    return _card(f"{enhet.namn}, drift {label}", avvikelse, prognos, budget, unit, DRIFT)


def investering_card(context: ReportContext, enhet: Enhet, unit: str) -> Nyckeltal | None:
    """Card: the enhet's investeringar against budget; None when it has none."""
    figures = [
        result_of(context.figures, enhet, "investeringar", serie, context.kommun)
        for serie in ("avvikelse_helar", "prognos", "budget")
    ]
    if figures[0] is None:
        return None
    return _card(f"{enhet.namn}, investeringar", figures[0], figures[1], figures[2], unit, INVESTERING)


def _card(
    namn: str, avvikelse: Figure | None, prognos: Figure | None, budget: Figure | None, unit: str, matt: Matt
) -> Nyckeltal:
    state = direction(avvikelse)
    words = {"plus": matt.plus, "minus": matt.minus, "noll": LAGE_TEXT["noll"], "saknas": LAGE_TEXT["saknas"]}
    sentence = Mening(("Prognos ", tal(prognos, unit), ", budget ", tal(budget, unit), f" {unit}."))
    return Nyckeltal(namn, tal(avvikelse, unit, plus=True), unit, "prognos mot budget", sentence, state, words[state])


def group_card(context: ReportContext, grupp: str, matt: Matt, namn: str, unit: str) -> Nyckeltal:
    """Card: a group of the kommun against budget; of those that reported, when the whole is missing."""
    rad = RESULTAT
    figure = context.figures.get(grupp, matt.kod, RESULTAT, "avvikelse_helar")
    if figure is not None and figure.varde is None:
        rad, namn = RESULTAT_INRAPPORTERADE, f"{namn} (summa inrapporterade)"
    avvikelse, prognos, budget = (
        context.figures.get(grupp, matt.kod, rad, s) for s in ("avvikelse_helar", "prognos", "budget")
    )
    return _card(namn, avvikelse, prognos, budget, unit, matt)


def kommun_sentences(context: ReportContext, unit: str) -> tuple[Mening, ...]:
    """How the kommun is expected to end the year: result, the skattefinansierade part, investeringar."""
    figures = context.figures
    said: list[Mening] = []
    result = [figures.get(KOMMUNEN, "drift", RESULTAT, serie) for serie in ("prognos", "budget", "avvikelse_helar")]
    if result[2] is not None and result[2].varde is not None:
        said.append(
            context.wording.sentence(
                "kommun_resultat",
                prognos=tal(result[0], unit),
                budget=tal(result[1], unit),
                avvikelse=tal(result[2], unit, plus=True),
                enhet_belopp=unit,
            )
        )
    else:
        partial = figures.get(KOMMUNEN, "drift", RESULTAT_INRAPPORTERADE, "avvikelse_helar")
        reported = figures.get(KOMMUNEN, "drift", RESULTAT_INRAPPORTERADE, "prognos")
        if reported is None or not reported.indata:
            said.append(context.wording.sentence("kommun_resultat_okant"))
        else:
            said.append(
                context.wording.sentence(
                    "kommun_resultat_saknas",
                    antal=str(len(reported.indata)),
                    alla=str(len(context.kommun.enheter)),
                    avvikelse=tal(partial, unit, plus=True),
                    enhet_belopp=unit,
                )
            )
    skatt = figures.get(SKATT, "drift", RESULTAT, "avvikelse_helar")
    if skatt is not None and skatt.varde is not None:
        said.append(
            context.wording.sentence("kommun_namnder", avvikelse=tal(skatt, unit, plus=True), enhet_belopp=unit)
        )
    prognos, budget = (figures.get(KOMMUNEN, "investeringar", RESULTAT, serie) for serie in ("prognos", "budget"))
    if prognos is not None and prognos.varde is not None:
        said.append(
            context.wording.sentence(
                "kommun_investeringar", prognos=tal(prognos, unit), budget=tal(budget, unit), enhet_belopp=unit
            )
        )
    elif prognos is not None:
        said.append(context.wording.sentence("kommun_investeringar_saknas"))
    return tuple(said)
