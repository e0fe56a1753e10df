"""What a made-up enhet says of its goals: values of indikatorer on their way, leveranser when they are due, and its own assessments."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from data_contracts.kommun import Enhet, Kommun
from data_contracts.malplan import Indikator, Malplan, Riktning
from transforms.example_year.settings import Exempelar
from transforms.fact_values import Radfakta
from transforms.period import Period

ASSESSED = (4, 8, 12)
"""Months whose returns assess the goals: tertial and delår, and the year."""
UPPFYLLD, DELVIS, EJ = "uppfylld", "delvis", "ej uppfylld"
_REASONS = {
    UPPFYLLD: "Utvecklingen går åt rätt håll, och målvärdet väntas nås under året.",
    DELVIS: "Utvecklingen går åt rätt håll, men målvärdet väntas inte nås i år.",
    EJ: "Utvecklingen går åt fel håll, och målvärdet nås inte.",
}
_ACTION = "Arbetet fortsätter enligt planen, och följs upp varje månad."


def goal_rows(kommun: Kommun, plan: Exempelar, enhet: Enhet, period: Period, kalla: str) -> Iterator[Radfakta]:
    """The rows of the sheets Indikatorer, Aktiviteter and Målbedömningar."""
    malplan = next((one for one in kommun.malplaner if one.ar == period.year), None)
    if malplan is None:
        return
    for indikator in malplan.indikatorer:
        if indikator.enhet == enhet.kod:
            yield Radfakta("indikatorer", enhet.kod, indikator.kod, tuple(_values(plan, indikator, period)), kalla)
    yield from _leveranser(malplan, enhet, period, kalla)
    if period.month in ASSESSED:
        for mal in malplan.mal:
            if mal.enhet == enhet.kod:
                said = assessment(plan, malplan, mal.kod)
                values = (("bedomning", said), ("motivering", _REASONS[said]))
                action = () if said == UPPFYLLD else (("atgard", _ACTION),)
                yield Radfakta("malbedomningar", enhet.kod, mal.kod, (*values, *action), kalla)


def indikator_value(plan: Exempelar, indikator: Indikator, month: int) -> Decimal | None:
    """Where the indikator stands: on a straight line from last year's value to the year's end. None while it is not known."""
    course = plan.indikatorer[indikator.kod]
    if course.arssumma and month < 12:
        return None
    before = Decimal(str(indikator.historik[-1].varde))
    return round(before + (course.slut - before) * month / 12, indikator.decimaler)


def _values(plan: Exempelar, indikator: Indikator, period: Period) -> Iterator[tuple[str, Decimal | str]]:
    value = indikator_value(plan, indikator, period.month)
    if value is not None:
        yield from (("utfall", value), ("vardear", str(period.year)))
    yield "prognos", round(plan.indikatorer[indikator.kod].slut, indikator.decimaler)


def _leveranser(malplan: Malplan, enhet: Enhet, period: Period, kalla: str) -> Iterator[Radfakta]:
    for aktivitet in malplan.aktiviteter:
        for leverans in aktivitet.leveranser if aktivitet.enhet == enhet.kod else ():
            due = leverans.klar or period.last_day
            done = due <= period.last_day
            share = min(90, 100 * period.month // due.month)
            said: tuple[tuple[str, Decimal | str], ...] = (
                (("levererad", "ja"), ("fardiggrad", Decimal(100)))
                if done
                else (("levererad", "nej"), ("fardiggrad", Decimal(share)), ("kommentar", "Enligt plan."))
            )
            yield Radfakta("aktiviteter", enhet.kod, leverans.kod, said, kalla)


def assessment(plan: Exempelar, malplan: Malplan, mal: str) -> str:
    """Of a goal by where its indikatorer end the year: all at their target, some of them, or none nearer than last year."""
    own = [one for one in malplan.indikatorer if one.mal == mal]
    reached = [is_reached(plan, one, malplan.ar) for one in own]
    if all(reached):
        return UPPFYLLD
    return DELVIS if any(reached) or all(_is_better(plan, one) for one in own) else EJ


def is_reached(plan: Exempelar, indikator: Indikator, ar: int) -> bool:
    """True when the year's end is at the target or better."""
    end, target = plan.indikatorer[indikator.kod].slut, indikator.malvarden[ar].varde
    return _ahead(indikator, end, Decimal(str(target)))


def _is_better(plan: Exempelar, indikator: Indikator) -> bool:
    return _ahead(indikator, plan.indikatorer[indikator.kod].slut, Decimal(str(indikator.historik[-1].varde)))


def _ahead(indikator: Indikator, value: Decimal, other: Decimal) -> bool:
    return value <= other if indikator.riktning is Riktning.LAGRE else value >= other
