"""Numbers in Swedish prose: each with its unit, sign, precision, and the words of its own clause before and after it.

What is no figure (years, dates, paragraphs, numbers without unit) is not a mention, save decimals and signed numbers, which are read in
the section's unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from data_contracts.textord import Textord

_DIGITS = r"(?:[0-9]{1,3}(?:[\u0020\u00a0\u202f][0-9]{3})+(?![0-9])|[0-9]+)(?:,[0-9]+)?"
_MINUS = "\u2212\u2012\u2013-"
_SENTENCE = re.compile(r"(?<=[.!?])[\u0020\u00a0]+(?=[A-ZÅÄÖ])|\n+")
_CLAUSE = re.compile(r"[,;:()]|\b(?:och|men|medan|samt|vilket|varav)\b")


@dataclass(frozen=True, slots=True)
class Mention:
    """One number in a text.

    Attributes:
        start, end: where the number with its unit stands in the text.
        text: as it stands.
        value: unsigned, in ``enhet``.
        step: what the last shown digit is worth; for an integer that ends in zeros and keeps two digits, what the zeros hide.
        enhet: kr, tkr, mnkr, mdkr, procent, procentenheter; '' when the number has none and the section's holds.
        sign: −1 or +1 when a sign is written, else 0.
        about: '', 'ungefar', 'drygt' or 'knappt'.
        upper: the other end when a span is written ("10–12 mnkr"), else None.
        before, after: the words of the sentence on each side up to the next number, in lower case.
        clause: the words from the nearest comma or conjunction before, NUL, and those to the next one after, in lower case.
        sentence: the whole sentence in lower case; ``place`` is where in it the number stands.
    """

    start: int
    end: int
    text: str
    value: Decimal
    step: Decimal
    enhet: str
    sign: int
    about: str
    upper: Decimal | None
    before: str
    after: str
    clause: str
    sentence: str
    place: int


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Each sentence with the place where it begins. A line break ends a sentence; so does a point before a capital letter."""
    begin = 0
    for match in _SENTENCE.finditer(text):
        yield begin, text[begin : match.start()]
        begin = match.end()
    yield begin, text[begin:]


def find_mentions(text: str, words: Textord) -> tuple[Mention, ...]:
    """Every number in the text that can be a figure, in order.

    Example:
        >>> [m.text for m in find_mentions("År 2026 blir det 1,5 mnkr, § 12.", _EXAMPLE)]
        ['1,5 mnkr']
    """
    return tuple(mention for begin, sentence in sentences(text) for mention in _of_sentence(sentence, begin, words))


def _of_sentence(sentence: str, begin: int, words: Textord) -> Iterator[Mention]:
    lowered = sentence.lower()
    matches = [match for match in _pattern(tuple(words.enheter)).finditer(lowered) if _is_figure(match, lowered)]
    ends = [0, *(match.end() for match in matches)]
    starts = [*(match.start() for match in matches), len(lowered)]
    for place, match in enumerate(matches):
        before, after = lowered[ends[place] : match.start()], lowered[match.end() : starts[place + 1]]
        yield _mention(match, before, after, lowered, begin, words)


@cache
def _pattern(units: tuple[str, ...]) -> re.Pattern[str]:
    unit = "|".join(re.escape(each) for each in sorted(units, key=len, reverse=True))
    return re.compile(
        rf"(?<![\w.,/])(?P<sign>[+{_MINUS}][\u0020\u00a0]?)?(?P<number>{_DIGITS})"
        rf"(?:[\u0020\u00a0]?[\u2013\u2012-][\u0020\u00a0]?(?P<upper>{_DIGITS}))?"
        rf"(?:[\u0020\u00a0]?(?P<unit>{unit})(?![\wåäö]))?(?![0-9/])"
    )


def _is_figure(match: re.Match[str], sentence: str) -> bool:
    """True for a number with a unit; without one, for a single number with decimals or a sign that is no date, paragraph or chapter."""
    if match["unit"]:
        return True
    if match["upper"] or re.search(
        r"(?:§|kap\.?|sid\w*|punkt|version|kl\.?|nr|dnr)[\u0020\u00a0]?$", sentence[: match.start()]
    ):
        return False
    follows = sentence[match.end() : match.end() + 1]
    signed = bool(match["sign"]) and (match.start() == 0 or sentence[match.start() - 1] in " \u00a0(:\t")
    bullet = signed and not sentence[: match.start()].strip()
    return ("," in match["number"] or (signed and not bullet)) and follows not in ("-", ":", "\u2013")


def _mention(match: re.Match[str], before: str, after: str, sentence: str, begin: int, words: Textord) -> Mention:
    value = _decimal(match["number"])
    upper = _decimal(match["upper"]) if match["upper"] else None
    about = _about(before, words)
    sign = (match["sign"] or "").strip()
    if sign and sign != "+" and before[-1:].isalnum():
        sign = ""
    return Mention(
        start=begin + match.start(),
        end=begin + match.end(),
        text=match[0],
        value=value,
        step=_step(match["number"], value, about),
        enhet=words.enheter[match["unit"]] if match["unit"] else "",
        sign=0 if not sign else 1 if sign == "+" else -1,
        about=about,
        upper=upper,
        before=before,
        after=after,
        clause=_CLAUSE.split(before)[-1] + " \u0000 " + _CLAUSE.split(after)[0],
        sentence=sentence,
        place=match.start(),
    )


def _decimal(text: str) -> Decimal:
    return Decimal(re.sub(r"[\u0020\u00a0\u202f]", "", text).replace(",", "."))


def _step(text: str, value: Decimal, about: str) -> Decimal:
    """What the last shown digit is worth. Zeros at the end of an integer may hide digits, as long as two are left (one when "about")."""
    _, comma, fraction = text.partition(",")
    if comma:
        return Decimal(1).scaleb(-len(fraction))
    digits = str(int(value))
    kept = 1 if about else 2
    zeros = min(len(digits) - len(digits.rstrip("0")), max(len(digits) - kept, 0)) if int(value) else 0
    return Decimal(10) ** zeros


def _about(before: str, words: Textord) -> str:
    near = before.rstrip()
    kinds: Mapping[str, tuple[str, ...]] = {"ungefar": words.ungefar, "drygt": words.drygt, "knappt": words.knappt}
    for kind, said in kinds.items():
        if any(re.search(rf"(?<!\w){re.escape(word)}$", near) for word in said):
            return kind
    return ""


_EXAMPLE = Textord({"mnkr": "mnkr"}, (), (), (), {}, {}, (), frozenset(), frozenset(), (), frozenset(), frozenset(), {})
