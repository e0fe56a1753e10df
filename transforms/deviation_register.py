"""The avvikelseregister: each deviation over the kommun's limits is a case, carried from month to month until it is closed with evidence.

A case is born in the first month of the year in which its row is over the limit, and is seen again in every later month, over the limit
or not. Nothing closes it but a person's decision with evidence; a row that goes over the limit after that opens it again.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from data_contracts.kommun import Avvikelseregister, Eskalering
from transforms.period import Period

_ID = re.compile(r"AV-(\d{4})-([^-]+)-([a-z_]+)-(.+)")


class Handling(StrEnum):
    """What a person has decided on a case."""

    BESLUT = "beslut"
    """A political decision on it: organ, paragraph, date."""
    EFFEKT = "effekt"
    """The effect of its åtgärd has been measured."""
    STANGD = "stangd"
    OPPNAD = "oppnad"


class Marke(StrEnum):
    """What must catch the reader's eye, in words that the report prints."""

    OFORKLARAD = "oförklarad"
    UTAN_ATGARD = "åtgärd saknas"
    FORSENAD = "åtgärden försenad"
    UPPREPAD = "upprepad"
    UTAN_EFFEKT = "effekten inte mätt"
    LAGRE_EFFEKT = "lägre effekt än utlovat"
    ATERKOMMEN = "åter öppen"


@dataclass(frozen=True, slots=True)
class Observation:
    """One row's deviation as one closing saw it.

    Attributes:
        period: of the closing, ``2026-04``.
        enhet, avser, rad: the row; namn and enhet_namn are what the report calls them.
        helar_ore, period_ore, andring_ore, traff_ore: the four avvikelser, with their signs; None when missing.
        over: whether the row is over the kommun's limit this month.
        is_worse: whether the full year's avvikelse is a minus.
        kategori, orsak, atgard, ansvarig, klardatum: as the return says; '' (or None) when it does not.
        lovad_ore, uppnadd_ore: the effect of the åtgärd on the year's result, promised and reached; None when not given.
        lovad_id, uppnadd_id: the figures of those effects, '' when not given. Those of the avvikelser follow from the row.
    """

    period: str
    enhet: str
    avser: str
    rad: str
    namn: str
    enhet_namn: str
    helar_ore: int | None
    period_ore: int | None
    andring_ore: int | None
    traff_ore: int | None
    over: bool
    is_worse: bool
    kategori: str = ""
    orsak: str = ""
    atgard: str = ""
    ansvarig: str = ""
    klardatum: dt.date | None = None
    lovad_ore: int | None = None
    uppnadd_ore: int | None = None
    lovad_id: str = ""
    uppnadd_id: str = ""

    @property
    def arende_id(self) -> str:
        """The id of its case."""
        return arende_id(Period.parse(self.period).year, self.enhet, self.avser, self.rad)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person has decided on a case: by role, with text and evidence.

    Attributes:
        period: the newest closed month when it was decided: what the case looked like then, and from which month it is told of.
        underlag: the evidence, in words; a stored file of it has ``underlag_sha256``.
        paragraf: organ, date and paragraph of a political decision, ``KS 2026-05-04 § 12``.
        belopp_ore: a measured effect, else None.
    """

    arende_id: str
    slag: Handling
    period: str
    datum: dt.date
    roll: str
    text: str
    underlag: str = ""
    underlag_sha256: str = ""
    paragraf: str = ""
    belopp_ore: int | None = None
    konto: str = ""


@dataclass(frozen=True, slots=True)
class Arende:
    """One case as it stands at the end of a period.

    Attributes:
        id: stable through the year, ``AV-2026-TEN-drift-personal``.
        sedd: its observations, oldest first; the last may be of an earlier month when this month's return is missing.
        beslut: decisions on it up to the period, oldest first.
        oppen: whether it is open.
        alder: months since it was first over the limit, the first counted.
        i_rad: months in a row, up to the last seen, over the limit.
        marken: what must be seen, in the order of ``Marke``.
        till: the highest level that it has reached by the kommun's rule ('' when none), and ``regel`` that rule.
    """

    id: str
    sedd: tuple[Observation, ...]
    beslut: tuple[Decision, ...]
    oppen: bool
    alder: int
    i_rad: int
    marken: tuple[Marke, ...]
    till: str
    regel: Eskalering | None

    @property
    def senast(self) -> Observation:
        """The newest observation."""
        return self.sedd[-1]

    @property
    def uppnadd_ore(self) -> int | None:
        """The effect reached: the newest measured one, decided on or reported; None when none has been measured."""
        measured = [each.belopp_ore for each in self.beslut if each.slag is Handling.EFFEKT]
        return measured[-1] if measured else self.senast.uppnadd_ore


def arende_id(year: int, enhet: str, avser: str, rad: str) -> str:
    """The id of a case: one per row and year.

    Example:
        >>> arende_id(2026, "TEN", "drift", "personal")
        'AV-2026-TEN-drift-personal'
    """
    return f"AV-{year}-{enhet}-{avser}-{rad}"


def is_arende_id(text: str) -> bool:
    """True when the text has the form of a case's id."""
    return _ID.fullmatch(text) is not None


def arende_year(arende_id: str) -> int:
    """The year that a case belongs to."""
    return int(arende_id.split("-")[1])


def build_register(
    seen: Mapping[str, Sequence[Observation]],
    decisions: Iterable[Decision],
    period: Period,
    rules: Avvikelseregister,
) -> tuple[Arende, ...]:
    """Every case of the period's year: open ones first, the highest level first, then the largest deviation.

    Missing: a month that was never closed is no observation, and breaks no row of months; a missing amount is never over a limit.

    Source: kommunallagen 6 kap. 1, 6 and 11 §§ (uppsikt, nämndens ansvar); the kommun's own rule with its reference
    (kommun.yaml, avvikelseregister).

    Args:
        seen: observations by period, of closings up to and including ``period``; others are left out.
        decisions: on any case, in order of time; those of later periods are left out.
        rules: the kommun's.
    """
    said: dict[str, list[Decision]] = {}
    for decision in decisions:
        if Period.parse(decision.period) <= period:
            said.setdefault(decision.arende_id, []).append(decision)
    history: dict[str, list[Observation]] = {}
    for month in sorted(seen):
        if Period.parse(month).year == period.year and Period.parse(month) <= period:
            for observation in seen[month]:
                history.setdefault(observation.arende_id, []).append(observation)
    cases = [
        _case(key, _from_birth(observations), tuple(said.get(key, ())), period, rules)
        for key, observations in history.items()
        if any(observation.over for observation in observations)
    ]
    return tuple(sorted(cases, key=_order))


def _order(case: Arende) -> tuple[bool, int, int, str]:
    levels = ("kf", "ks", "namnd", "")
    return (not case.oppen, levels.index(case.till), -abs(case.senast.helar_ore or 0), case.id)


def _from_birth(observations: Sequence[Observation]) -> tuple[Observation, ...]:
    first = next(place for place, observation in enumerate(observations) if observation.over)
    return tuple(observations[first:])


def _case(
    key: str, sedd: tuple[Observation, ...], beslut: tuple[Decision, ...], period: Period, rules: Avvikelseregister
) -> Arende:
    closed_in = _closed_in(beslut)
    back = closed_in is not None and any(each.over and Period.parse(each.period) > closed_in for each in sedd)
    oppen = closed_in is None or back
    i_rad = _in_a_row(sedd)
    alder = _months(Period.parse(sedd[0].period), period)
    regel = _escalation(sedd[-1], i_rad, rules) if oppen else None
    marken = _marks(sedd[-1], beslut, i_rad, period, rules) if oppen else ()
    if back:
        marken = (*marken, Marke.ATERKOMMEN)
    return Arende(key, sedd, beslut, oppen, alder, i_rad, marken, regel.till if regel else "", regel)


def _closed_in(beslut: Sequence[Decision]) -> Period | None:
    """The month in which it was last closed, unless a person has opened it since."""
    last = next((each for each in reversed(beslut) if each.slag in (Handling.STANGD, Handling.OPPNAD)), None)
    return Period.parse(last.period) if last is not None and last.slag is Handling.STANGD else None


def _in_a_row(sedd: Sequence[Observation]) -> int:
    count = 0
    for observation in reversed(sedd):
        if not observation.over:
            break
        count += 1
    return count


def _months(first: Period, last: Period) -> int:
    return (last.year - first.year) * 12 + last.month - first.month + 1


def _escalation(seen: Observation, i_rad: int, rules: Avvikelseregister) -> Eskalering | None:
    """The rule of the highest level whose months and amount are both reached, for a deviation to the worse."""
    size = abs(seen.helar_ore) if seen.helar_ore is not None and seen.is_worse else 0
    reached = [
        rule for rule in rules.eskalering if i_rad >= rule.efter_manader and size >= rule.belopp_tkr * 100_000 and size
    ]
    return max(reached, key=lambda rule: ("namnd", "ks", "kf").index(rule.till), default=None)


def _marks(
    seen: Observation, beslut: Sequence[Decision], i_rad: int, period: Period, rules: Avvikelseregister
) -> tuple[Marke, ...]:
    measured = [each.belopp_ore for each in beslut if each.slag is Handling.EFFEKT]
    reached = measured[-1] if measured else seen.uppnadd_ore
    due = seen.klardatum is not None and seen.klardatum <= period.last_day
    found = {
        Marke.OFORKLARAD: seen.over and not seen.orsak,
        Marke.UTAN_ATGARD: seen.over and seen.is_worse and bool(seen.orsak) and not seen.atgard,
        Marke.FORSENAD: due and seen.over,
        Marke.UPPREPAD: i_rad >= rules.upprepad_manader,
        Marke.UTAN_EFFEKT: due and seen.lovad_ore is not None and reached is None,
        Marke.LAGRE_EFFEKT: seen.lovad_ore is not None and reached is not None and reached < seen.lovad_ore,
    }
    return tuple(mark for mark, holds in found.items() if holds)
