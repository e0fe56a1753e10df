"""SMARTA-granskning: whether goals are specific, measurable, accepted, realistic, dated, owned and right in kind.

It reads words, so it advises and never stops. ``Ord`` are the words it looks for; they are configuration of the program with a source
(``data_contracts/malsprak.yaml``), not of this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from data_contracts.felkoder import Felkod
from data_contracts.findings import Finding
from data_contracts.malplan import Indikator, Mal, Malplan, Niva, Riktning

_NUMBER = re.compile(r"\d")
_SPLIT = re.compile(r"[^a-zåäöé]+")


@dataclass(frozen=True, slots=True)
class Malsprak:
    """The words of the granskning: beginnings of words.

    Attributes:
        aktivitet: verbs of doing: what starts so is an aktivitet, not a goal.
        luddigt: words that can't be measured.
        riktning: words that tell which way.
        tid: words that tell when.
    """

    aktivitet: tuple[str, ...]
    luddigt: tuple[str, ...]
    riktning: tuple[str, ...]
    tid: tuple[str, ...]


def lint_text(text: str, sprak: Malsprak) -> tuple[str, ...]:
    """The codes that a goal's wording alone calls for, worst first.

    E740 an aktivitet in disguise; E741 no number; E742 no direction; E743 no date; E744 words that can't be measured.

    Source: domain rule 5, seed 3 (SMARTA; "upprättas", "utveckla" is an aktivitet).
    """
    words = [word for word in _SPLIT.split(text.casefold()) if word]
    codes = []
    if any(word.startswith(sprak.aktivitet) for word in words):
        codes.append("E740")
    has_number = bool(_NUMBER.search(text))
    if not has_number:
        codes.append("E741")
    if not any(word.startswith(sprak.riktning) for word in words):
        codes.append("E742")
    if not any(word.startswith(sprak.tid) for word in words) and not re.search(r"\b20\d\d\b", text):
        codes.append("E743")
    if any(word.startswith(sprak.luddigt) for word in words) and not has_number:
        codes.append("E744")
    return tuple(codes)


def lint_plan(plan: Malplan, sprak: Malsprak, felkoder: Mapping[str, Felkod]) -> tuple[Finding, ...]:
    """Advice on every goal of a plan but the vision, in the plan's order.

    What a goal's wording lacks, its indikatorer and those of the goals under it may give: a målvärde is a number and a date, a riktning
    a direction. E745 an owner who
    is no role; E746 a goal without ambition (challenge or standard); E747 goals that pull against each other; E748 a goal with more
    indikatorer than anyone can follow; E749 a lone indikator over which the kommun has no rådighet.

    Source: domain rule 5 (seed 1: challenge or standard, kontraproduktiva mål, rådighet; seed 3: SMARTA).
    """
    found: list[Finding] = []
    for mal in plan.mal:
        if mal.niva is Niva.VISION:
            continue
        for code in (*_worded(mal, plan, sprak), *_shaped(mal, plan)):
            found.append(felkoder[code].finding(file=f"malplan/{plan.ar}.yaml", found=mal.namn, mal=mal.kod))
    return tuple(found)


def _worded(mal: Mal, plan: Malplan, sprak: Malsprak) -> Iterator[str]:
    measures = _measures_under(mal, plan)
    has_target = any(part.malvarden or part.riktning is Riktning.JA_NEJ for part in measures)
    given = {"E741", "E743"} if has_target else set()
    if measures:
        given |= {"E742"}
    if has_target:
        given |= {"E744"}
    return (code for code in lint_text(mal.namn, sprak) if code not in given)


def _measures_under(mal: Mal, plan: Malplan) -> list[Indikator]:
    """The indikatorer of the goal and of all goals under it."""
    below = [part for under in plan.under(mal.kod) for part in _measures_under(under, plan)]
    return [*plan.indikatorer_of(mal.kod), *below]


MANY = 7
"""More indikatorer than this for one goal is more than anyone can hold together. Own limit, after the advice of few and clear goals."""


def _shaped(mal: Mal, plan: Malplan) -> Iterator[str]:
    measures = plan.indikatorer_of(mal.kod)
    if re.search(r"\b[A-ZÅÄÖ][a-zåäö]+ [A-ZÅÄÖ][a-zåäö]+\b", mal.agare):
        yield "E745"
    if mal.ambition is None and measures and not any(part.standardniva for part in measures):
        yield "E746"
    if mal.motstrider:
        yield "E747"
    if len(measures) > MANY:
        yield "E748"
    if measures and all(part.radighet == "extern" for part in measures):
        yield "E749"
