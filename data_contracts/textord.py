"""The words by which written text is read against figures. The words themselves live in ``textord.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

UNITS = ("kr", "tkr", "mnkr", "mdkr", "procent", "procentenheter")
_FIELDS = {
    "enheter",
    "ungefar",
    "drygt",
    "knappt",
    "serier",
    "riktning",
    "pastar",
    "resultatord",
    "avgransar",
    "andelser",
    "gransar",
    "valfria",
    "synonymer",
}


class TextordError(ValueError):
    """E001: the word list itself is wrong. The message is Swedish and names the part."""


@dataclass(frozen=True, slots=True)
class Textord:
    """The word list, in lower case.

    Attributes:
        enheter: a unit as written → one of ``UNITS``.
        ungefar, drygt, knappt: words before a number that is about, somewhat over or somewhat under.
        serier: serie → words before and words after a number that tell it is of that serie, in order of precedence.
        riktning: battre, samre, lagre, hogre → words that tell which way an avvikelse goes.
        pastar: words by which a sentence without numbers claims an överskott or underskott.
        resultatord: words that tell that a sentence speaks of the enhet's whole result.
        avgransar: words that after a row's name narrow it to a part of the row.
        gransar: words right before a number that is a limit, and no figure ("minst 22 mnkr").
        andelser: endings in which two forms of one word may differ, the empty one among them.
        valfria: words of a row's name that a text may leave out.
        synonymer: a row's name → other names of the same row.
    """

    enheter: Mapping[str, str]
    ungefar: tuple[str, ...]
    drygt: tuple[str, ...]
    knappt: tuple[str, ...]
    serier: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
    riktning: Mapping[str, tuple[str, ...]]
    pastar: tuple[str, ...]
    resultatord: frozenset[str]
    avgransar: frozenset[str]
    gransar: tuple[str, ...]
    andelser: frozenset[str]
    valfria: frozenset[str]
    synonymer: Mapping[str, tuple[str, ...]]


def parse_textord(raw: Mapping[str, Any], place: str) -> Textord:
    """The word list from its YAML. Raises TextordError (E001) when a part is missing, unknown or of the wrong form."""
    if set(raw) != _FIELDS:
        raise TextordError(f"E001 {place}: delarna ska vara {', '.join(sorted(_FIELDS))}.")
    unknown = sorted(set(raw["enheter"].values()) - set(UNITS))
    if unknown:
        raise TextordError(f"E001 {place}, enheter: {', '.join(unknown)} finns inte. Välj bland {', '.join(UNITS)}.")
    if set(raw["riktning"]) != {"battre", "samre", "lagre", "hogre"}:
        raise TextordError(f"E001 {place}, riktning: ska ha battre, samre, lagre och hogre.")
    for serie, words in raw["serier"].items():
        if set(words) != {"fore", "efter"}:
            raise TextordError(f"E001 {place}, serier, {serie}: ska ha fore och efter.")
    return Textord(
        enheter=dict(raw["enheter"]),
        ungefar=tuple(raw["ungefar"]),
        drygt=tuple(raw["drygt"]),
        knappt=tuple(raw["knappt"]),
        serier={serie: (tuple(words["fore"]), tuple(words["efter"])) for serie, words in raw["serier"].items()},
        riktning={way: tuple(words) for way, words in raw["riktning"].items()},
        pastar=tuple(raw["pastar"]),
        resultatord=frozenset(raw["resultatord"]),
        avgransar=frozenset(raw["avgransar"]),
        gransar=tuple(raw["gransar"]),
        andelser=frozenset(("", *raw["andelser"])),
        valfria=frozenset(raw["valfria"]),
        synonymer={name: tuple(others) for name, others in raw["synonymer"].items()},
    )
