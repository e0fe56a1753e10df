"""Columns over years: time runs to the right, utfall is solid, the newest year dark and earlier ones light, labels on the columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from transforms.charts import text_width
from transforms.view_types import Bild, Bildtext, Diagram, Linje, Yta

_GAP = 6
_LINE = 5
"""A text line is 5/4 of its size."""


@dataclass(frozen=True, slots=True)
class YearColumn:
    """One year: its name, the value that decides the height (any scale, the same for all), and its text. None = uppgift saknas."""

    namn: str
    varde: int | None
    text: str


def year_chart(
    id: str, rubrik: str, enhet: str, columns: Sequence[YearColumn], alternativtext: str, tabell_id: str
) -> Diagram:
    """Columns from a common zero line, one per year, oldest first; below the line when negative.

    Raises:
        ValueError: no columns.
    """
    if not columns:
        raise ValueError(f"diagrammet {id} har inga kolumner")
    pictures = [_layout(columns, width, 150, size) for width, size in ((330, 12), (330, 13))]
    return Diagram(id, "ar", rubrik, enhet, alternativtext, tabell_id, *pictures)


def _layout(columns: Sequence[YearColumn], width: int, height: int, size: int) -> Bild:
    values = [column.varde or 0 for column in columns]
    top, bottom = max(0, *values), min(0, *values)
    span = (top - bottom) or 1
    line = size * _LINE // 4
    above = line + _GAP
    below = line + _GAP if bottom < 0 else 0
    zero = above + height * top // span
    slot = width // len(columns)
    bar = min(slot * 6 // 10, 56)
    shapes: list[Yta] = []
    texts: list[Bildtext] = []
    for place, column in enumerate(columns):
        middle = place * slot + slot // 2
        newest = place == len(columns) - 1
        look = "stark" if newest else "etikett"
        if column.varde is None:
            texts.append(Bildtext(middle, zero - _GAP, _short(column.text, size, slot), "middle", "svag"))
        else:
            length = max(1, abs(column.varde) * height // span) if column.varde else 0
            y = zero - length if column.varde > 0 else zero
            if length:
                shapes.append(Yta(middle - bar // 2, y, bar, length, "utfall" if newest else "tidigare"))
            label = zero + length + size if column.varde < 0 else y - _GAP + 1
            texts.append(Bildtext(middle, label, column.text, "middle", look))
        year = above + height + below + line
        texts.append(Bildtext(middle, year, column.namn, "middle", "stark" if newest else "namn"))
    total = above + height + below + line + _GAP
    return Bild(width, total, size, tuple(shapes), (Linje(0, zero, width, zero, "noll"),), tuple(texts))


def _short(text: str, size: int, room: int) -> str:
    """'uppgift saknas', or 'saknas' where the whole does not fit."""
    return text if text_width(text, size) <= room else text.rpartition(" ")[2]
