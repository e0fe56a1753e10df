"""Whether a målplan holds together: every level connected, every goal with something that shows if it is reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from data_contracts.felkoder import Felkod
from data_contracts.findings import Finding
from data_contracts.malplan import UNDER, Malplan, Niva
from transforms.goal_plan import chain_of, plan_lock

_ROOTS = (Niva.VISION, Niva.FULLMAKTIGEMAL)


def tree_findings(plan: Malplan, felkoder: Mapping[str, Felkod]) -> tuple[Finding, ...]:
    """Everything that breaks the röda tråd, in the order of the plan.

    E722 a goal that hangs under nothing; E723 a goal under a level it can't stand under; E724 a goal without indikator, goals under it
    or an effektkedja; E725 an aktivitet that reaches no goal; E726 an effekt that nothing leads to; E727 more goals than the plan's
    own limit; E729 a goal that does not hold for the plan's year; E730 a decided plan that is not what it was locked as.

    Source: domain rule 5 (effektkedja, röd tråd, för många spretiga mål).
    """
    file = f"malplan/{plan.ar}.yaml"
    found: list[Finding] = []

    def note(code: str, **values: Any) -> None:
        found.append(felkoder[code].finding(file=file, **values))

    reached = {chain_of(plan, aktivitet)[-1] for aktivitet in plan.aktiviteter if chain_of(plan, aktivitet)}
    for mal in plan.mal:
        if mal.over is None and not _is_root(plan, mal.niva):
            note("E722", mal=mal.kod, niva=mal.niva.value)
        if mal.over is not None and plan.malet(mal.over).niva not in UNDER[mal.niva]:
            note("E723", mal=mal.kod, niva=mal.niva.value, over=mal.over, over_niva=plan.malet(mal.over).niva.value)
        if not (mal.giltig_fran or plan.ar) <= plan.ar <= (mal.giltig_till or plan.ar):
            note("E729", mal=mal.kod, fran=mal.giltig_fran or "", till=mal.giltig_till or "", ar=plan.ar)
        if not plan.under(mal.kod) and not plan.indikatorer_of(mal.kod) and mal.kod not in reached:
            note("E724", mal=mal.kod)
    goals = {mal.kod for mal in plan.mal}
    for aktivitet in plan.aktiviteter:
        chain = chain_of(plan, aktivitet)
        if not chain or chain[-1] not in goals:
            note("E725", aktivitet=aktivitet.kod, vag=" → ".join((aktivitet.kod, *chain)))
    for kod in _effects_without_cause(plan):
        note("E726", effekt=kod)
    if plan.beslut is not None and plan.las != plan_lock(plan):
        note("E730", las=plan_lock(plan), version=plan.version)
    if len(plan.mal) > plan.max_mal:
        note("E727", antal=len(plan.mal), grans=plan.max_mal)
    return tuple(found)


def _is_root(plan: Malplan, niva: Niva) -> bool:
    """The vision is the root; in a plan without one, fullmäktige's goals are."""
    has_vision = any(mal.niva is Niva.VISION for mal in plan.mal)
    return niva is Niva.VISION if has_vision else niva in _ROOTS


def _effects_without_cause(plan: Malplan) -> Iterator[str]:
    led_to = {part.leder_till for part in plan.aktiviteter} | {part.leder_till for part in plan.effekter}
    return (effekt.kod for effekt in plan.effekter if effekt.kod not in led_to)
