"""A month of plausible figures for every enhet of a kommun: seeded, so that each run measures the same work."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal

from benchmarks.closing.kommun import size_tkr
from data_contracts.kommun import Enhet, Kommun, RadTyp
from transforms.fact_values import (
    Beslut,
    Facts,
    Inlamning,
    Kalla,
    Kommentarfakta,
    Radfakta,
    Registerfakta,
    Returfakta,
)
from transforms.period import Period

SEED = 20260430
_KALLA = "slump"
_SHARES = {
    "intakter": 12,
    "personal": -66,
    "lokaler": -14,
    "kop_verksamhet": -18,
    "ovriga_kostnader": -11,
    "avskrivningar": -3,
    "finansnetto": 0,
}
"""Percent of an enhet's size. Kommunbidrag pays for the rest, so that the budget is in balance."""
_SERIER = ("budget", "periodbudget", "utfall", "utfall_fg_ar", "prognos")
_DRIFT_SERIER = _SERIER[1:]
_ORSAKER = (
    "Vakanser under årets första månader har inte kunnat tillsättas i den takt som var planerad, och köpen av "
    "bemanning har ökat i stället. Löneökningarna blev dessutom högre än uppräkningen i budget.",
    "Fler har behov av insatser än vad som antogs i budget, och insatserna blir mer omfattande. Ökningen började under hösten "
    "och har fortsatt under våren.",
    "Priserna i de nya avtalen ligger över indexuppräkningen. Volymerna följer plan, så hela avvikelsen är en priseffekt.",
    "Projektet startar senare än planerat för att upphandlingen överklagades. Utgifterna flyttas till nästa år.",
    "Statsbidraget för året blev lägre än väntat, och verksamheten har ännu inte kunnat anpassas till den nya nivån.",
)
_ATGARDER = (
    "Bemanningen ses över före sommaren, och inköpen prövas av avdelningschef till årets slut.",
    "En handlingsplan tas upp på nämndens möte i maj. Effekten väntas från september.",
    "Avtalet omförhandlas, och beställningarna samlas till färre leverantörer.",
)


def make_facts(kommun: Kommun, period: Period) -> Facts:
    """Budget register and every return of the period, with comments; later months differ a little from earlier ones."""
    chance = random.Random(f"{SEED} {period.year}")
    budgets = {enhet.kod: _drift_budget(enhet, chance) for enhet in kommun.enheter}
    plans = {enhet.kod: _plan(kommun, enhet, chance) for enhet in kommun.enheter}
    decision = Beslut("KF", "§ 112", dt.date(period.year - 1, 11, 24))
    register = [
        Registerfakta(kod, avser, rad, belopp, _KALLA, decision)
        for avser, given in (("drift", budgets), ("investeringar", plans))
        for kod, rows in given.items()
        for rad, belopp in rows.items()
    ]
    month = random.Random(f"{SEED} {period}")
    returns = []
    for forvaltning in kommun.forvaltningar:
        enheter = [kommun.enhet(kod) for kod in forvaltning.enheter]
        rows = [rad for e in enheter for rad in _rows(e, budgets[e.kod], plans[e.kod], period, month)]
        comments = [text for e in enheter for text in _comments(e, month)]
        handed_in = Inlamning("Förvaltningsekonom", dt.date(period.year, period.month + 1, 8), "klar")
        returns.append(Returfakta(forvaltning.kod, handed_in, tuple(rows), tuple(comments)))
    source = Kalla(_KALLA, "Slumpade uppgifter för mätning", "benchmarks/closing", "tkr")
    return Facts(period, (source,), tuple(register), (), (), tuple(returns))


def _drift_budget(enhet: Enhet, chance: random.Random) -> dict[str, Decimal]:
    size = size_tkr(enhet.kod)
    rows = {rad: Decimal(size * share * chance.randint(90, 110) // 10_000) for rad, share in _SHARES.items()}
    return {**rows, "kommunbidrag": -sum(rows.values(), Decimal(0))}


def _plan(kommun: Kommun, enhet: Enhet, chance: random.Random) -> dict[str, Decimal]:
    entered = [rad.kod for rad in kommun.uppstallning(enhet.investeringar or "").rader if rad.typ is RadTyp.UTGIFT]
    return {kod: Decimal(chance.randint(2, 180) * 100) for kod in entered}


def _rows(
    enhet: Enhet, budget: dict[str, Decimal], plan: dict[str, Decimal], period: Period, chance: random.Random
) -> Iterator[Radfakta]:
    drift = {rad: _course(belopp, period, chance) for rad, belopp in budget.items()}
    drift["kommunbidrag"] = dict.fromkeys(_SERIER, budget["kommunbidrag"]) | {
        serie: _whole(budget["kommunbidrag"] * period.month / 12)
        for serie in ("periodbudget", "utfall", "utfall_fg_ar")
    }
    for rad, course in drift.items():
        yield _fact("drift", enhet, rad, {serie: course[serie] for serie in _DRIFT_SERIER})
    costs = [course for rad, course in drift.items() if rad not in ("kommunbidrag", "finansnetto")]
    parts = _split(
        {serie: sum((c[serie] for c in costs), Decimal(0)) for serie in _SERIER}, len(enhet.verksamheter), chance
    )
    for verksamhet, part in zip(enhet.verksamheter, parts, strict=True):
        yield _fact("drift_verksamhet", enhet, verksamhet.kod, part)
    for rad, belopp in plan.items():
        course = _course(belopp, period, chance)
        yield _fact("investeringar", enhet, rad, {serie: course[serie] for serie in _DRIFT_SERIER})
    for volym in enhet.volymer:
        yield _fact("volymer", enhet, volym.kod, _course(Decimal(chance.randint(40, 9000)), period, chance))


def _fact(tabell: str, enhet: Enhet, rad: str, varden: dict[str, Decimal]) -> Radfakta:
    return Radfakta(tabell, enhet.kod, rad, tuple(varden.items()), _KALLA)


def _course(budget: Decimal, period: Period, chance: random.Random) -> dict[str, Decimal]:
    """A row's year: as planned for most rows, well off for some."""
    off = Decimal(chance.choice((100, 100, 99, 101, 102, 96, 107))) / 100
    so_far = Decimal(period.month) / 12
    return {
        "budget": budget,
        "periodbudget": _whole(budget * so_far),
        "utfall": _whole(budget * so_far * off),
        "utfall_fg_ar": _whole(budget * so_far * Decimal("0.97")),
        "prognos": _whole(budget * off),
    }


def _whole(value: Decimal) -> Decimal:
    return value.to_integral_value()


def _split(whole: dict[str, Decimal], parts: int, chance: random.Random) -> list[dict[str, Decimal]]:
    """The whole in parts that sum to it exactly, in every serie."""
    weights = [chance.randint(2, 9) for _ in range(parts)]
    split = [{serie: _whole(value * weight / sum(weights)) for serie, value in whole.items()} for weight in weights[1:]]
    rest = {serie: value - sum(part[serie] for part in split) for serie, value in whole.items()}
    return [rest, *split]


def _comments(enhet: Enhet, chance: random.Random) -> Iterator[Kommentarfakta]:
    """A comment on each whole, and on the rows that most often are off."""
    rows = [("drift", kod) for kod in ("helhet", "personal", "kop_verksamhet", "ovriga_kostnader")]
    rows += [("investeringar", kod) for kod in ("helhet", "k0.p0", "k1.p0", "k2.p0")]
    rows += [("volymer", volym.kod) for volym in enhet.volymer[:1]]
    for avser, kod in rows:
        yield Kommentarfakta(
            enhet.kod, avser, kod, _KALLA, chance.choice(_ORSAKER), chance.choice(_ATGARDER), dt.date(2026, 10, 31)
        )
