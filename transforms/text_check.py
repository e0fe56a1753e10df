"""Written text against the figures of its section: a number that contradicts them is found, one that follows from them is approved.

A number is compared with the figure that its words point to: the row they name, the serie (budget, prognos, utfall, avvikelse) and the way
an avvikelse goes. What the words do not point out is never called wrong; it is ``okand``, and a person reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache

from data_contracts.textord import Textord
from transforms.text_mentions import Mention, find_mentions, sentences

AVVIKELSER = frozenset({"avvikelse_helar", "avvikelse_period", "andring_prognos", "traff"})
_ORE = {"kr": Decimal(100), "tkr": Decimal(100_000), "mnkr": Decimal(100_000_000), "mdkr": Decimal(100_000_000_000)}
_BP = {"procent": Decimal(100), "procentenheter": Decimal(100)}
_WORD = re.compile(r"[a-zåäöé]+")
_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")
_COMPOUND = re.compile(r"s?(?:verksamhet(?:en)?|kollektivet|kostnad(?:en|er|erna)?|intäkt(?:en|er|erna)?)")
_DISTINCT = 3
"""Digits by which a number that no words point to is recognised as one of the figures, and not met by chance."""
_DENIED = re.compile(r"\b(?:inget|inte|ej|utan|varken|risk för|täcka|om)\b[^.]*$")


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure that a text may speak of.

    Attributes:
        figure_id: its id.
        enhet, rad: names as the report prints them ("VA", "Personalkostnader"); ``rad`` is '' for the enhet's own result.
        serie: budget, prognos, utfall …, or one of the avvikelser.
        varde: whole öre, or hundredths of a percent.
        slag: 'ore' or 'bp'.
        hogre_ar_battre: for an avvikelse, what "högre" means: +1 plus, −1 minus. Costs and investments −1, income and results +1.
    """

    figure_id: str
    enhet: str
    rad: str
    serie: str
    varde: int
    slag: str = "ore"
    hogre_ar_battre: int = 1


@dataclass(frozen=True, slots=True)
class Section:
    """What a text is measured by. ``enhet``: the one that the text is about when it names none; ``unit``: of numbers without one;
    ``ar``: the year that the figures are of, of which utfall_fg_ar is the year before."""

    facts: tuple[Fact, ...]
    enhet: str
    ar: int
    unit: str = "tkr"


class Verdict(StrEnum):
    """How a number in a text stands to the figures."""

    STAMMER = "stämmer"
    FEL_TAL = "E880"
    FEL_ENHET = "E881"
    FEL_TECKEN = "E882"
    FEL_AVRUNDNING = "E883"
    OKAND = "E884"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One number (or one claim without number) judged. ``fact``: the figure it was measured by, if any."""

    start: int
    end: int
    text: str
    verdict: Verdict
    fact: Fact | None


def check_text(text: str, section: Section, words: Textord) -> tuple[Judgement, ...]:
    """Every number in the text, and every claim of över- or underskott without number, judged by the section's figures, in order of place.

    Sign: an avvikelse is compared with its sign by the words around it; other figures by size alone, unless a minus is written.
    Missing: a figure without value is no fact and judges nothing.
    """
    judged = [_judge(mention, section, words) for mention in find_mentions(text, words)]
    judged += _claims(text, section, words)
    return tuple(sorted(judged, key=lambda each: each.start))


def _judge(mention: Mention, section: Section, words: Textord) -> Judgement:
    verdict, fact = _verdict(mention, section, words)
    return Judgement(mention.start, mention.end, mention.text, verdict, fact)


def _verdict(mention: Mention, section: Section, words: Textord) -> tuple[Verdict, Fact | None]:
    year = _year(mention)
    facts = [fact for fact in section.facts if _comparable(mention, fact, section) and _of_year(fact, year, section)]
    topic, named = _about_what(mention, facts, section, words)
    serie = _serie(mention, words)
    close = [fact for fact in topic if not serie or _is_of(fact, serie)]
    way = _way(mention, words)
    fitting = [fact for fact in close if _fits(mention, fact, section)]
    for fact in fitting:
        if _same_way(fact, mention, way):
            return Verdict.STAMMER, fact
    if fitting:
        return Verdict.FEL_TECKEN, fitting[0]
    if serie and close and named and not mention.before.rstrip().endswith(words.gransar):
        return _what_is_wrong(mention, close, section)
    elsewhere = next((f for f in facts if _fits(mention, f, section) and _same_way(f, mention, way)), None)
    if elsewhere is not None and _digits(mention) >= _DISTINCT:
        return Verdict.STAMMER, elsewhere
    return Verdict.OKAND, None


def _what_is_wrong(mention: Mention, close: Sequence[Fact], section: Section) -> tuple[Verdict, Fact]:
    """In which way a number differs from the figures that its words point to."""
    for fact in close:
        if any(_fits(mention, fact, section, factor) for factor in (Decimal(1000), Decimal(1) / 1000)):
            return Verdict.FEL_ENHET, fact
    for fact in close:
        if _misses_by_rounding(mention, fact, section):
            return Verdict.FEL_AVRUNDNING, fact
    unit = _unit(mention, section)
    return Verdict.FEL_TAL, min(close, key=lambda fact: abs(_shown(fact, unit) - mention.value))


# --- Size --------------------------------------------------------------------------------------------------------------


def _unit(mention: Mention, section: Section) -> str:
    return mention.enhet or section.unit


def _comparable(mention: Mention, fact: Fact, section: Section) -> bool:
    return (_unit(mention, section) in _BP) == (fact.slag == "bp")


def _shown(fact: Fact, unit: str) -> Decimal:
    """The figure's size in the mention's unit, exact."""
    return abs(fact.varde) / (_BP[unit] if fact.slag == "bp" else _ORE[unit])


def _fits(mention: Mention, fact: Fact, section: Section, factor: Decimal = Decimal(1)) -> bool:
    """True when the number is the figure rounded half away from zero to the digits shown, or as near as its "drygt" or "cirka" says."""
    size, value, step = _shown(fact, _unit(mention, section)), mention.value * factor, mention.step * factor
    if mention.upper is not None:
        return value <= size <= mention.upper * factor
    if mention.about == "drygt":
        return value <= size < value + step or _rounded(size, step) == value <= size
    if mention.about == "knappt":
        return value - step < size <= value
    if mention.about:
        return abs(size - value) <= step / 2
    return _rounded(size, step) == value


def _rounded(size: Decimal, step: Decimal) -> Decimal:
    return (size / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step


def _misses_by_rounding(mention: Mention, fact: Fact, section: Section) -> bool:
    """True when the number is off by at most one in its last digit, and that is small beside the figure: cut off or rounded wrongly."""
    size = _shown(fact, _unit(mention, section))
    return abs(_rounded(size, mention.step) - mention.value) <= mention.step and mention.step * 10 <= size


def _digits(mention: Mention) -> int:
    """Significant digits of the number."""
    return len(str(abs(int(mention.value / mention.step))))


# --- Which figure ------------------------------------------------------------------------------------------------------


def _about_what(
    mention: Mention, facts: Sequence[Fact], section: Section, words: Textord
) -> tuple[tuple[Fact, ...], bool]:
    """The facts of the enhet and row that the words name, and whether they name one wholly.

    The clause goes before the words since the last number, and those before the sentence up to the number. Without a row it is the
    enhet's own result, and named only when a word of the clause says so.
    """
    whole = mention.sentence[: mention.place]
    enheter = _named_enheter(mention.clause, facts, words) or _named_enheter(whole, facts, words) or {section.enhet}
    for text in (mention.clause, mention.before, whole):
        rader = _named_rows(text, facts, words)
        chosen = tuple(fact for fact in facts if fact.rad in rader and fact.enhet in enheter)
        if chosen:
            return chosen, not _is_narrowed(text, chosen[0].rad, words)
    own = tuple(fact for fact in facts if not fact.rad and fact.enhet in enheter)
    return own, bool(words.resultatord & frozenset(_WORD.findall(mention.clause + " " + mention.before)))


def _is_narrowed(text: str, rad: str, words: Textord) -> bool:
    """True when the row's name of one word is followed by words that make it a part of the row: "kostnader för IT"."""
    said = _WORD.findall(text)
    for name in _names(rad, words):
        if len(name) == 1:
            for place, word in enumerate(said[:-2]):
                if _inflected(name[0], word, words.andelser) and said[place + 1] in words.avgransar:
                    return said[place + 2] not in ("helåret", "året", "perioden")
    return False


def _named_rows(text: str, facts: Iterable[Fact], words: Textord) -> set[str]:
    """The rows whose every word stands in the text; of several the ones with most words."""
    said = frozenset(_WORD.findall(text))
    found: dict[str, int] = {}
    for rad in {fact.rad for fact in facts if fact.rad}:
        for name in _names(rad, words):
            if name and all(
                any(_inflected(word, other, words.andelser) or _compound(word, other) for other in said)
                for word in name
            ):
                found[rad] = max(found.get(rad, 0), sum(map(len, name)))
    most = max(found.values(), default=0)
    return {rad for rad, length in found.items() if length == most}


def _names(rad: str, words: Textord) -> list[tuple[str, ...]]:
    """A row's names as words, without those a text may leave out."""
    lowered = rad.lower()
    content = " ".join(word for word in _WORD.findall(lowered) if word not in words.valfria)
    others = words.synonymer.get(lowered, ()) + words.synonymer.get(content, ())
    return [tuple(name.split()) for name in (content, *others)]


def _named_enheter(text: str, facts: Iterable[Fact], words: Textord) -> set[str]:
    """The enheter whose every word stands in the text; of several the ones with most words."""
    said = frozenset(_WORD.findall(text))
    found: dict[str, int] = {}
    for enhet in {fact.enhet for fact in facts}:
        name = [word for word in _WORD.findall(enhet.lower()) if word not in words.valfria]
        if name and all(
            any(_inflected(word, other, words.andelser) or _compound(word, other) for other in said) for word in name
        ):
            found[enhet] = len(name)
    most = max(found.values(), default=0)
    return {enhet for enhet, length in found.items() if length == most}


@cache
def _inflected(word: str, other: str, endings: frozenset[str]) -> bool:
    """True when the two are forms of one word: alike but for Swedish endings."""
    if word == other:
        return True
    same = next((i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    return any(
        word[cut:] in endings and other[cut:] in endings and word[:cut] == other[:cut] for cut in range(same, 3, -1)
    )


def _compound(word: str, other: str) -> bool:
    """True when a name is the first part of a compound that says what it is: avfallsverksamheten, personalkostnaderna."""
    return len(word) > 4 and other.startswith(word) and _COMPOUND.fullmatch(other[len(word) :]) is not None


# --- Serie and way -----------------------------------------------------------------------------------------------------


def _serie(mention: Mention, words: Textord) -> str:
    """The serie that the nearest words point to: those after the number, then the nearest before it; '' when none does."""
    after = " ".join(mention.after.split()[:7])
    head = _clause_of(after)
    for serie, (_, said_after) in words.serier.items():
        if any(re.match(rf"(?:\w+ ){{0,2}}{re.escape(word)}(?!\w)", head) for word in said_after):
            return serie
    nearest, place = "", -1
    for serie, (said_before, _) in words.serier.items():
        for word in said_before:
            for match in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", mention.before):
                if match.start() > place:
                    nearest, place = serie, match.start()
    if nearest == "budget" and _is_deviation_from_budget(mention.before[:place], words):
        return "avvikelse"
    return nearest


def _clause_of(after: str) -> str:
    return re.split(r"[,;()]", after)[0].strip()


def _is_deviation_from_budget(before: str, words: Textord) -> bool:
    """True for "överstiger budget med": the avvikelse's word stands just before budget."""
    tail = " ".join(before.split()[-3:])
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", tail) for word in words.serier["avvikelse"][0])


def _is_of(fact: Fact, serie: str) -> bool:
    """True when the figure is of the serie. Överskott and underskott are also said of an enhet's result itself."""
    if serie == "avvikelse":
        return fact.serie in AVVIKELSER - {"andring_prognos"} or (not fact.rad and fact.serie != "andring_prognos")
    return fact.serie == serie


def _year(mention: Mention) -> int | None:
    """The year that the words nearest the number name, those after it first; None when they name none."""
    after = _YEAR.search(" ".join(mention.after.split()[:4]))
    before = _YEAR.findall(" ".join(mention.clause.split("\u0000")[0].split()[-5:]))
    return int(after[0]) if after else int(before[-1]) if before else None


def _of_year(fact: Fact, year: int | None, section: Section) -> bool:
    if year is None or year == section.ar:
        return True
    return year == section.ar - 1 and fact.serie == "utfall_fg_ar"


def _way(mention: Mention, words: Textord) -> str:
    """battre, samre, lagre, hogre or '': the way that the words nearest the number say."""
    found: list[tuple[int, str]] = []
    before, after = mention.before, _clause_of(" ".join(mention.after.split()[:6]))
    for way, said in words.riktning.items():
        for word in said:
            form = rf"(?<!\w){re.escape(word)}(?!\w)"
            found += [(len(before) - match.end(), way) for match in re.finditer(form, before)]
            found += [(match.start(), way) for match in re.finditer(form, after)]
    return min(found, default=(0, ""))[1]


def _same_way(fact: Fact, mention: Mention, way: str) -> bool:
    """False when the words or the written sign say another sign than the figure's.

    A level is unsigned in prose unless a minus is written, save an enhet's own result, which överskott and underskott tell apart.
    """
    sign = (fact.varde > 0) - (fact.varde < 0)
    if sign == 0:
        return True
    if fact.serie in AVVIKELSER:
        said = {"battre": 1, "samre": -1, "hogre": fact.hogre_ar_battre, "lagre": -fact.hogre_ar_battre}.get(way, sign)
        return mention.sign in (0, sign) and said == sign
    if fact.slag == "ore" and not fact.rad and way in ("battre", "samre") and not mention.sign:
        return (way == "battre") == (sign > 0)
    return mention.sign != -1 or sign < 0


# --- Claims without numbers --------------------------------------------------------------------------------------------


def _claims(text: str, section: Section, words: Textord) -> list[Judgement]:
    """Sentences such as "Nämnden redovisar ett överskott" that say another sign than the enhet's own avvikelse."""
    claimed = re.compile(
        rf"\b(?:{'|'.join(words.pastar)})\b[^.,;0-9]{{0,40}}?\b(överskott|underskott)\b(?![^.,;]*[0-9])"
    )
    found = []
    for begin, sentence in sentences(text):
        lowered = sentence.lower()
        match = claimed.search(lowered)
        if match is None or _DENIED.search(lowered[: match.start(1)]):
            continue
        enheter = _named_enheter(lowered, section.facts, words) or {section.enhet}
        own = [
            f for f in section.facts if not f.rad and f.enhet in enheter and f.serie == "avvikelse_helar" and f.varde
        ]
        if own and not _named_rows(lowered, section.facts, words):
            fact = own[0]
            right = (fact.varde > 0) == (match[1] == "överskott")
            verdict = Verdict.STAMMER if right else Verdict.FEL_TECKEN
            found.append(Judgement(begin + match.start(1), begin + match.end(1), match[1], verdict, fact))
    return found
