"""How the states of a goal's parts become the goal's own, by the kommun's rule. What is missing never raises a grade."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from data_contracts.malplan import Regel, Strategi
from transforms.goal_states import GRADES, Lage

HUNDREDTHS = 10_000
"""One whole in hundredths of a percent."""


@dataclass(frozen=True, slots=True)
class Del:
    """One part of a goal: an indikator, or a goal under it (``ar_mal``)."""

    kod: str
    lage: Lage
    vikt: int = 1
    ar_mal: bool = False

    @property
    def is_measured(self) -> bool:
        """True when the part has a grade."""
        return self.lage in GRADES


@dataclass(frozen=True, slots=True)
class Sammanvagning:
    """The computed state of a goal, and why.

    Attributes:
        lage: None where the rule is ``manuell``: then only a person can say.
        skal: how it came about, a Swedish clause.
        uppfyllda, delvis, ej, ovriga: how many parts are in each measured state, and how many in none.
    """

    lage: Lage | None
    skal: str
    uppfyllda: int
    delvis: int
    ej: int
    ovriga: int

    @property
    def antal(self) -> int:
        """How many parts the goal has."""
        return self.uppfyllda + self.delvis + self.ej + self.ovriga


def roll_up(delar: Sequence[Del], regel: Regel | None, tackning: str | None) -> Sammanvagning:
    """A goal's computed state from its parts.

    Parts without a grade could be anything. The rule is tried with each of them met and with each of them not met: only when both give
    the same grade is it the goal's. Else it cannot be judged, unless the kommun's rule says that what is missing counts as not met.
    Under the rule's least coverage (share of the weight that is measured) nothing is judged.

    Source: domain rule 2.5, engine 3 and 4.
    Args:
        tackning: whether the goals under it cover the whole goal (träffbild): hel, delvis or None where no one has said.
    """
    if regel is None or regel.strategi is Strategi.MANUELL:
        return _with(delar, None, "målet bedöms av den som svarar för det")
    if not delar:
        return _with(delar, Lage.KAN_INTE_BEDOMAS, "målet har varken indikatorer eller mål under sig")
    total = sum(part.vikt for part in delar)
    measured = sum(part.vikt for part in delar if part.is_measured)
    if measured == 0 or measured * HUNDREDTHS < regel.lagsta_tackning_bp * total:
        count = sum(part.is_measured for part in delar)
        return _with(delar, Lage.KAN_INTE_BEDOMAS, _too_few(count, len(delar)))
    if regel.strategi is Strategi.TVA_STEG and tackning is None and any(part.ar_mal for part in delar):
        return _with(delar, Lage.KAN_INTE_BEDOMAS, "träffbilden är inte bedömd")
    worst = _judge(list(_filled(delar, Lage.EJ)), regel, tackning)
    best = _judge(list(_filled(delar, Lage.UPPFYLLD)), regel, tackning)
    if worst is best:
        return _with(delar, worst, _by_rule(delar, regel, tackning))
    if regel.saknade == "ej_uppfyllda":
        return _with(delar, worst, f"{_by_rule(delar, regel, tackning)}; det som saknas räknas som ej uppfyllt")
    return _with(delar, Lage.KAN_INTE_BEDOMAS, "det som saknas avgör")


def _by_rule(delar: Sequence[Del], regel: Regel, tackning: str | None) -> str:
    """'1 av 2 delar är uppfylld', and whether the goals under it cover it where the rule asks."""
    met = sum(part.lage is Lage.UPPFYLLD for part in delar)
    said = f"{met} av {len(delar)} {'del' if len(delar) == 1 else 'delar'} är {'uppfylld' if 1 in (met, len(delar)) else 'uppfyllda'}"
    if regel.strategi is Strategi.TVA_STEG and tackning == "delvis":
        said += ", och målen under täcker inte hela målet"
    return said


def _too_few(measured: int, of: int) -> str:
    """'ingen av 2 delar är mätt', 'bara 1 av 3 delar är mätt', 'den enda delen är inte mätt'."""
    if of == 1:
        return "den enda delen är inte mätt"
    return (
        f"bara {measured} av {of} delar är {'mätt' if measured == 1 else 'mätta'}"
        if measured
        else f"ingen av {of} delar är mätt"
    )


def _filled(delar: Sequence[Del], lage: Lage) -> Iterator[Del]:
    for part in delar:
        yield part if part.is_measured else Del(part.kod, lage, part.vikt, part.ar_mal)


def _judge(delar: Sequence[Del], regel: Regel, tackning: str | None) -> Lage:
    """The grade of parts that all have one."""
    total = sum(part.vikt for part in delar)
    met = sum(part.vikt for part in delar if part.lage is Lage.UPPFYLLD)
    partly = sum(part.vikt for part in delar if part.lage is Lage.DELVIS)
    match regel.strategi:
        case Strategi.SAMSTA:
            return min((part.lage for part in delar), key=GRADES.index)
        case Strategi.ANDEL:
            return _by_limits(met * HUNDREDTHS, (met + partly) * HUNDREDTHS, total, regel)
        case Strategi.VAGT_MEDEL:
            mean = (2 * met + partly) * HUNDREDTHS
            return _by_limits(mean, mean, 2 * total, regel)
        case Strategi.TVA_STEG if tackning == "delvis" and met == total:
            return Lage.DELVIS
    if met == total:
        return Lage.UPPFYLLD
    return Lage.DELVIS if met + partly > 0 else Lage.EJ


def _by_limits(met: int, at_least_partly: int, total: int, regel: Regel) -> Lage:
    if met >= regel.andel_uppfylld_bp * total:
        return Lage.UPPFYLLD
    return Lage.DELVIS if at_least_partly >= regel.andel_delvis_bp * total else Lage.EJ


def _with(delar: Sequence[Del], lage: Lage | None, skal: str) -> Sammanvagning:
    met, partly, unmet = (sum(part.lage is state for part in delar) for state in (Lage.UPPFYLLD, Lage.DELVIS, Lage.EJ))
    return Sammanvagning(lage, skal, met, partly, unmet, len(delar) - met - partly - unmet)
