"""The readable id of a figure, by one stated grammar.

    period "/" enhet "/" matt "/" rad "/" serie [ "@" värdeår ]

``2026-04/TEN/drift/personal/prognos``; ``2026-04/VON/drift/arets_resultat/bokslut@2025``. Each part is percent-encoded where it holds
anything but letters a–z, digits, ``_``, ``.`` and ``-``; the year is there only when the value is of another year than the period's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote, unquote

_PART = r"(?:[A-Za-z0-9_.\-]|%[0-9A-F]{2})+"
_FORM = re.compile(rf"(\d{{4}}-\d{{2}})/({_PART})/({_PART})/({_PART})/([a-z_]+)(?:@(\d{{4}}))?")


@dataclass(frozen=True, slots=True)
class FigureKey:
    """The parts of a figure id."""

    period: str
    enhet: str
    matt: str
    rad: str
    serie: str
    vardear: int | None = None

    def __str__(self) -> str:
        parts = "/".join(_quoted(part) for part in (self.enhet, self.matt, self.rad))
        year = f"@{self.vardear}" if self.vardear is not None else ""
        return f"{self.period}/{parts}/{self.serie}{year}"


@cache
def _quoted(part: str) -> str:
    """The part with all but a–z, digits, ``_``, ``.`` and ``-`` percent-encoded. There are few parts and very many ids."""
    return quote(part, safe="_.-").replace("~", "%7E")


def parse_figure_id(text: str) -> FigureKey:
    """The parts of an id. Raises ValueError with a Swedish sentence when the text is no figure id."""
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise ValueError(
            f"{text!r} är inget siffer-id. Det skrivs period/enhet/mått/rad/serie, till exempel 2026-04/TEN/drift/personal/prognos."
        )
    period, enhet, matt, rad, serie, year = match.groups()
    return FigureKey(period, unquote(enhet), unquote(matt), unquote(rad), serie, int(year) if year else None)
