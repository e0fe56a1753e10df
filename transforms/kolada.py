"""Values from Kolada: what has been revised since they were fetched last, where the kommun stands among others, and figures of them.

Quartiles compare kommuner with each other. They say nothing of whether a goal is met, and never share words or colours with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from data_contracts.kolada import Jamford, Kolada, Koladatal
from transforms.figures import BERAKNAD, DIVISOR, KOMMUNEN, REGISTER, Figure, computed_value

KOLADA = "kolada"
"""The mått of these figures; the row is the nyckeltal's id, the year stands in the figure's värdeår."""
OMRADE = "KOLADA."
"""Begins what stands for another kommun in the figure ids."""
SERIER = {"T": "varde", "K": "varde_kvinnor", "M": "varde_man"}
"""Kolada's letter for everyone, women and men, and the serie that holds it."""
SIDA = "kolada.json"
"""What stands as the file of a value: a page of Kolada's answer, stored unchanged."""
JAMFORDA = f"{OMRADE}JAMFORDA"
"""Stands where an enhet's code does for the compared kommuner together."""


class Kvartil(StrEnum):
    """Where a value stands among those it is compared with."""

    BAST = "bästa fjärdedelen"
    MITT = "mellersta hälften"
    SAMST = "sämsta fjärdedelen"
    OKANT = "kan inte bedömas"


MINST_JAMFORDA = 4
"""So many values make four quarters."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One value as Kolada gives it: the decimal number as text, '' where there is none. ``kon``: T, K or M."""

    nyckeltal: str
    omrade: str
    ar: int
    kon: str
    varde: str
    status: str = ""

    @property
    def key(self) -> tuple[str, str, int, str]:
        """What the versions of a value are versions of."""
        return (self.nyckeltal, self.omrade, self.ar, self.kon)


@dataclass(frozen=True, slots=True)
class KoladaVarde:
    """An observation as the cache holds it.

    Attributes:
        version: 1 for the first value that was seen, one more for every revision.
        sha256: the page of Kolada's answer, unchanged, in the object store; '' for a value that has been withdrawn.
        hamtad: the day it was fetched, ISO.
        tidigare: the value of the version before; None for the first.
    """

    observation: Observation
    version: int
    sha256: str
    hamtad: str
    tidigare: str | None = None

    @property
    def is_revised(self) -> bool:
        """True when there was another value before."""
        return self.tidigare is not None


WITHDRAWN = "borttagen"
"""The status of a value that Kolada had and has no longer."""


def changed(stored: Iterable[KoladaVarde], fetched: Sequence[Observation], scope: Iterable[str]) -> list[Observation]:
    """What of an answer is new or revised, and what the answer has withdrawn; sorted by key.

    Args:
        stored: the newest version of every value in the cache.
        fetched: the whole answer for the nyckeltal of ``scope``: a value that the cache has and it has not is withdrawn.
    """
    newest = {value.observation.key: value.observation for value in stored}
    asked, found = set(scope), {one.key: one for one in fetched}
    new = [one for key, one in found.items() if newest.get(key) != one]
    gone = [
        Observation(*key, varde="", status=WITHDRAWN)
        for key, one in newest.items()
        if key[0] in asked and key not in found and one.status != WITHDRAWN
    ]
    return sorted([*new, *gone], key=lambda one: one.key)


MEDLEM_AR = 0
"""Stands as the year of a membership: a group has the members that it has now, and the cache keeps what it had before."""


def membership(grupp: str, kod: str, namn: str) -> Observation:
    """That a kommun belongs to one of Kolada's groups, in the form of the cache's values."""
    return Observation(grupp, kod, MEDLEM_AR, "T", "1", namn)


def with_members(kolada: Kolada | None, values: Iterable[KoladaVarde], kommunkod: str) -> Kolada | None:
    """The comparison with the members of its group in the cache, but the kommun itself; as it is where it names its kommuner.

    Source: Kolada's municipality groups (liknande kommuner and others), as fetched last.
    """
    if kolada is None or kolada.jamforelse.grupp is None:
        return kolada
    members = [
        Jamford(kod=value.observation.omrade, namn=value.observation.status)
        for value in values
        if value.observation.nyckeltal == kolada.jamforelse.grupp
        and value.observation.varde
        and value.observation.omrade != kommunkod
    ]
    found = kolada.jamforelse.model_copy(update={"kommuner": tuple(sorted(members, key=lambda member: member.kod))})
    return kolada.model_copy(update={"jamforelse": found})


def quartile(own: int | None, others: Sequence[int], riktning: str) -> Kvartil:
    """Where a value stands among all the compared, itself among them.

    In the best quarter when fewer than 25 % are strictly better; in the worst when fewer than 25 % are strictly worse. Where both hold,
    since many have the same value, it is in the middle. Too few values, or a nyckeltal without a better end: can't be judged.

    Source: KKiK, the best 25 % and the worst 25 % of the compared (kkik.se, presentation of results).
    Example:
        >>> quartile(90, [70, 75, 80, 85], "hogre").value, quartile(70, [75, 80, 85, 90], "hogre").value
        ('bästa fjärdedelen', 'sämsta fjärdedelen')
    """
    if own is None or riktning == "ingen" or len(others) + 1 < MINST_JAMFORDA:
        return Kvartil.OKANT
    sign = 1 if riktning == "hogre" else -1
    better = sum(sign * (value - own) > 0 for value in others)
    worse = sum(sign * (value - own) < 0 for value in others)
    everyone = len(others) + 1
    best, worst = better * 4 < everyone, worse * 4 < everyone
    if best == worst:
        return Kvartil.MITT
    return Kvartil.BAST if best else Kvartil.SAMST


def figures_from_kolada(
    values: Iterable[KoladaVarde], kolada: Kolada | None, kommunkod: str, period: str
) -> tuple[Figure, ...]:
    """A figure per value of the asked nyckeltal, the kommun's own and those of the compared, and the compared kommuner's mean.

    The mean is unweighted, over those that have a value for the year; it stands beside how many they are.

    Args:
        values: the newest version of each value in the cache.
        kommunkod: the kommun's own four digits.
        period: of the closing; the value's own year stands as its värdeår.
    """
    if kolada is None:
        return ()
    asked = {tal.kod: tal for tal in kolada.nyckeltal}
    compared = {omrade.kod for omrade in kolada.jamforelse.kommuner}
    figures: dict[tuple[str, int, str], list[Figure]] = {}
    own: list[Figure] = []
    for value in sorted(values, key=lambda value: value.observation.key):
        one, tal = value.observation, asked.get(value.observation.nyckeltal)
        if tal is None or one.omrade not in compared | {kommunkod}:
            continue
        figure = _figure(value, tal, KOMMUNEN if one.omrade == kommunkod else f"{OMRADE}{one.omrade}", period)
        own.append(figure)
        if one.omrade != kommunkod:
            figures.setdefault((tal.kod, one.ar, figure.serie), []).append(figure)
    means = [
        part for (kod, _, serie), group in figures.items() if serie == SERIER["T"] for part in _mean(group, asked[kod])
    ]
    return (*own, *means)


def _figure(value: KoladaVarde, tal: Koladatal, enhet: str, period: str) -> Figure:
    one = value.observation
    revised = (
        f"; reviderat, version {value.version}, tidigare {value.tidigare or 'inget värde'}" if value.is_revised else ""
    )
    return Figure(
        period=period,
        enhet=enhet,
        matt=KOLADA,
        rad=tal.kod,
        serie=SERIER[one.kon],
        namn=tal.namn,
        varde=scaled_value(one.varde, tal.decimaler),
        slag=REGISTER,
        enhet_matt=tal.matt_enhet,
        decimaler=tal.decimaler,
        vardear=one.ar,
        formel=f"Kolada, hämtat {value.hamtad}{revised}",
        retur_sha256=value.sha256,
        fil=SIDA if value.sha256 else "",
        blad=tal.kod if value.sha256 else "",
        cell=f"{one.omrade}/{one.ar}/{one.kon}" if value.sha256 else "",
        ravarde=one.varde,
    )


def scaled_value(text: str, decimals: int) -> int | None:
    """A decimal number as text in 10^−decimals, rounded half away from zero; None when there is none."""
    return int(Decimal(text).scaleb(decimals).quantize(Decimal(1), ROUND_HALF_UP)) if text else None


def _mean(group: Sequence[Figure], tal: Koladatal) -> tuple[Figure, ...]:
    """How many have a value, and their mean; nothing when none has."""
    known = [figure for figure in group if figure.varde is not None]
    if not known:
        return ()
    like = known[0]
    count = Figure(
        period=like.period, enhet=JAMFORDA, matt=KOLADA, rad=tal.kod, serie="antal_jamforda", namn=tal.namn,
        varde=len(known), slag=BERAKNAD, enhet_matt="kommuner", decimaler=0, vardear=like.vardear,
        formel="antal jämförda kommuner med värde",
    )  # fmt: skip
    terms = [*((1, figure) for figure in known), (DIVISOR, count)]
    mean = Figure(
        period=like.period, enhet=JAMFORDA, matt=KOLADA, rad=tal.kod, serie="medel_jamforda", namn=tal.namn,
        varde=computed_value(terms, tal.matt_enhet, tal.decimaler), slag=BERAKNAD, enhet_matt=tal.matt_enhet, decimaler=tal.decimaler,
        vardear=like.vardear, formel="ovägt medelvärde av de jämförda kommunerna",
        indata=tuple((sign, figure.figure_id) for sign, figure in terms),
    )  # fmt: skip
    return (count, mean)
