"""The figure's passport: every number of a finished page is accounted for, or the report stops.

A number is a known figure printed as its figure is printed; a page number (in a book with a table of contents, of any of its pages); one
of a text of the view (names, dates, references, counts of the wording); or written text inside its marked span.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from itertools import groupby

from transforms.book_types import Bok
from transforms.view_goals import Punkt
from transforms.view_parts import parts_of
from transforms.view_types import Avvikelsepost, Bild, Bildtext, Kommentar, Lage, Mening, Rapport, Tal

_DIGIT = re.compile(r"\d")
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(r"[+\u2212-]?[\d,]+%?")
"""A number alone, squeezed: in a picture of figures it must name its own."""
_OWN_WORDS = re.compile(r"^sida\d+\(\d+\)$|version\d+\W*innehåll")
"""Page number and state, squeezed: they must be this page's and this report's own."""
_LABELS = ("Filens sha256",)
"""Fixed words of the templates that have digits in them."""
_WRITTEN = {Avvikelsepost: ("orsak", "atgard"), Kommentar: ("orsak", "atgard")}
"""Where a view holds text that someone has written."""


@dataclass(frozen=True, slots=True)
class Stycke:
    """A piece of text as it stands on a finished page, with its passport.

    Attributes:
        sida: page, from 1.
        text: as read back.
        siffra: the figure that it says it shows; '' for none.
        siffror: the figures that its picture says it shows.
        fritext: True inside the span of written text.
        bild: True in a picture.
    """

    sida: int
    text: str
    siffra: str = ""
    siffror: tuple[str, ...] = ()
    fritext: bool = False
    bild: bool = False


def unaccounted(
    stycken: Iterable[Stycke], sidor: int, rapport: Rapport, lage: Lage, printable: Callable[[str], str] = str
) -> tuple[Stycke, ...]:
    """The pieces that hold a number that nothing accounts for; none when all is well.

    Args:
        sidor: how many pages there are.
        printable: what the renderer does to a text that the typeface lacks characters for.
    """
    known = _Known.of(rapport, lage, printable)
    return tuple(stycke for stycke in stycken if not known.accounts_for(stycke, sidor))


@dataclass(frozen=True, slots=True)
class _Known:
    """All that may stand on the pages of one report, squeezed: figures by id, texts of the view, and written texts."""

    figures: dict[str, frozenset[str]]
    pictures: frozenset[str]
    texts: str
    written: str
    numbers: frozenset[str]
    refers_to_pages: bool

    @classmethod
    def of(cls, rapport: Rapport, lage: Lage, printable: Callable[[str], str]) -> _Known:
        figures: dict[str, set[str]] = {}
        pictures: set[str] = set()
        texts: list[str] = list(_composed(rapport, lage))
        written: list[str] = []
        for part in parts_of((rapport.nyckeltal, rapport.sektioner)):
            if isinstance(part, Tal | Bildtext) and part.figure_id:
                figures.setdefault(part.figure_id, set()).add(_squeezed(printable(part.text)))
            elif isinstance(part, Punkt):
                figures.setdefault(part.figure_id, set()).add(_squeezed(printable(part.text)))
                pictures.add(_squeezed(part.ar))
            elif isinstance(part, Bild):
                pictures.update(_names_in(part, printable))
            elif isinstance(part, Tal):
                texts.append(part.text)
            texts.extend(_own_texts(part))
            written.extend(_written_texts(part))

        def joined(group: list[str]) -> str:
            return "\n".join(text for text in (_squeezed(printable(each)) for each in group) if _has_digit(text))

        numbers = frozenset(number for text in texts for number in _DIGITS.findall(printable(text)))
        return cls(
            {name: frozenset(shown) for name, shown in figures.items()},
            frozenset(pictures),
            joined(texts),
            joined(written),
            numbers,
            isinstance(rapport, Bok),
        )

    def accounts_for(self, stycke: Stycke, sidor: int) -> bool:
        """True when the piece holds no number, or one that is accounted for."""
        text = _squeezed(stycke.text)
        if stycke.siffra:
            return text in self.figures.get(stycke.siffra, ())
        if not _has_digit(text):
            return True
        if stycke.bild:
            return text in self.pictures or any(text in self.figures.get(name, ()) for name in stycke.siffror)
        if stycke.fritext:
            return text in self.written
        if text == f"sida{stycke.sida}({sidor})" or text in self.texts:
            return True
        page = text.removeprefix(",").removeprefix("sida").strip(".")
        if self.refers_to_pages and page.isdecimal() and 1 <= int(page) <= sidor:
            return True
        return not _OWN_WORDS.search(text) and self.numbers.issuperset(_DIGITS.findall(stycke.text))


def _names_in(bild: Bild, printable: Callable[[str], str]) -> set[str]:
    """The texts of a picture that may stand without a figure: names; in a picture that shows no figures, such as a matrix, all."""
    found = {_squeezed(printable(text.text)) for text in bild.texter if not text.figure_id}
    has_figures = any(text.figure_id for text in bild.texter)
    return {text for text in found if not (has_figures and _NUMBER.fullmatch(text))}


def _composed(rapport: Rapport, lage: Lage) -> Iterator[str]:
    """Texts that the templates put together of several."""
    yield f"Version {lage.version}, innehåll {lage.kort_hash}"
    yield f"{lage.tillstand} · version {lage.version} · innehåll {lage.kort_hash}"
    yield from lage.signaturer
    yield f"Signaturerna gäller innehållet {lage.innehallshash}. Granskningsloggens huvud: {lage.logghuvud}"
    yield f"{rapport.kommun} · {rapport.namn}"
    yield f"{rapport.slag} {rapport.period_text}"
    yield from _LABELS
    yield from (rapport.kommun, rapport.namn, rapport.titel, rapport.marke, rapport.period_text)


def _own_texts(part: object) -> Iterator[str]:
    """The texts of one dataclass of a view, but for figures, pictures and what someone has written."""
    if isinstance(part, Tal | Bild | Bildtext | Punkt) or not is_dataclass(part):
        return
    if isinstance(part, Mening):
        yield from _runs(part)
        return
    for field in fields(part):
        value = getattr(part, field.name)
        if field.name in _WRITTEN.get(type(part), ()):
            continue
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, str))


def _runs(mening: Mening) -> Iterator[str]:
    """The texts of a sentence between its numbers, each whole."""
    for is_text, parts in groupby(mening.delar, key=lambda part: isinstance(part, str)):
        if is_text:
            yield "".join(part for part in parts if isinstance(part, str))


def _written_texts(part: object) -> Iterator[str]:
    yield from (getattr(part, name) for name in _WRITTEN.get(type(part), ()))


def _has_digit(text: str) -> bool:
    return _DIGIT.search(text) is not None


def _squeezed(text: str) -> str:
    """Without white space, soft hyphens and case: what line breaks and styles leave of a text."""
    composed = unicodedata.normalize("NFC", text).replace("\u00ad", "").casefold()
    return "".join(composed.split())
