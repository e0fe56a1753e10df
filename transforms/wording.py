"""Generated sentences: patterns from ``report_templates/ordalydelse.yaml`` filled with numbers that name their figures."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transforms.view_types import Mening, Tal


class WordingError(ValueError):
    """E104: a pattern is missing, or its places and the values given are not the same. A fault in the program or the wording."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The patterns of all sentences and fixed texts, by name."""

    patterns: Mapping[str, str]

    def sentence(self, name: str, **values: str | Tal) -> Mening:
        """The named pattern with its {places} filled; every place must have a value and every value a place."""
        parts: list[str | Tal] = []
        used: set[str] = set()
        for literal, place, _, _ in string.Formatter().parse(self.text(name)):
            if literal:
                parts.append(literal)
            if place is not None:
                if place not in values:
                    raise WordingError(f"E104 {name}: platsen {{{place}}} har inget värde.")
                used.add(place)
                parts.append(values[place])
        if used != set(values):
            raise WordingError(f"E104 {name}: värdena {sorted(set(values) - used)} har ingen plats.")
        return Mening(tuple(parts))

    def filled(self, name: str, **values: str) -> str:
        """The named pattern filled, as plain text: for letters and documents, whose numbers name no figures."""
        return self.sentence(name, **values).text

    def text(self, name: str) -> str:
        """A fixed text; WordingError when there is none of that name."""
        try:
            return self.patterns[name]
        except KeyError:
            raise WordingError(f"E104 texten {name!r} finns inte i ordalydelse.yaml.") from None


def listed(words: Sequence[str]) -> str:
    """Words in a row: 'a', 'a och b', 'a, b och c'."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} och {words[-1]}"
