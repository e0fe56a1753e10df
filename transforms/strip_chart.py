"""A strip per row: where one value stands among others on the same scale, better to the right. Integers only.

Each row has a scale of its own, since its unit is its own; the ends of the scale stand as text. Laid out twice, for paper and phone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from transforms.charts import text_width, wrap_name
from transforms.view_types import Bild, Bildtext, Diagram, Linje, Yta

_SIZE = 13
_MARK = 11
_DOT = 7


@dataclass(frozen=True, slots=True)
class StripRow:
    """One row. ``varden``: the others' values with text; ``eget``: ours or None. ``battre``: 1 when higher is better, else −1."""

    namn: str
    eget: int | None
    text: str
    varden: tuple[tuple[int, str], ...]
    battre: int = 1


@dataclass(frozen=True, slots=True)
class _Form:
    bredd: int
    storlek: int
    namn_bredd: int


_FORMS = (_Form(680, _SIZE, 228), _Form(360, _SIZE + 1, 0))


def strip_chart(
    id: str, rubrik: str, enhet: str, rows: Sequence[StripRow], alternativtext: str, tabell_id: str
) -> Diagram:
    """Light marks for the others, a dark one for ours with its text over it, the worst and the best value at the ends.

    Raises:
        ValueError: no rows.
    """
    if not rows:
        raise ValueError(f"diagrammet {id} har inga rader")
    pictures = [_layout(rows, form) for form in _FORMS]
    return Diagram(id, "jamforelse", rubrik, enhet, alternativtext, tabell_id, *pictures)


def _layout(rows: Sequence[StripRow], form: _Form) -> Bild:
    texts: list[Bildtext] = []
    shapes: list[Yta] = []
    lines: list[Linje] = []
    left = form.namn_bredd + 12 if form.namn_bredd else 0
    ends = [_ends(row) for row in rows]
    room = max(text_width(text, form.storlek) for pair in ends for _, text in pair) + 8
    start, stop = left + room, form.bredd - room
    y, line = 4, form.storlek * 5 // 4
    for row, pair in zip(rows, ends, strict=True):
        name = wrap_name(row.namn, form.storlek, form.namn_bredd or form.bredd)
        top = y if form.namn_bredd else y + line * len(name) + 2
        middle = top + line + _MARK // 2 + 2
        name_y = middle - line * len(name) // 2 if form.namn_bredd else y
        texts += [Bildtext(0, name_y + i * line + form.storlek, part, "start", "namn") for i, part in enumerate(name)]
        lines.append(Linje(start, middle, stop, middle, "tunn"))
        baseline = middle + form.storlek * 35 // 100
        texts.append(Bildtext(start - 8, baseline, pair[0][1], "end", "svag"))
        texts.append(Bildtext(stop + 8, baseline, pair[1][1], "start", "svag"))
        shapes += [
            Yta(_place(value, pair, start, stop) - _DOT // 2, middle - _DOT // 2, _DOT, _DOT, "jamford")
            for value, _ in row.varden
        ]
        texts.append(_own(row, pair, (start, stop), middle, shapes, form))
        y = max(middle + _MARK, name_y + line * len(name)) + 8
    return Bild(form.bredd, y, form.storlek, tuple(shapes), tuple(lines), tuple(texts))


def _ends(row: StripRow) -> tuple[tuple[int, str], tuple[int, str]]:
    """The worst and the best of all the values, each with its text."""
    values = [*row.varden, *(((row.eget, row.text),) if row.eget is not None else ())]
    ordered = sorted(values or [(0, "")], key=lambda pair: pair[0] * row.battre)
    return ordered[0], ordered[-1]


def _place(value: int, pair: tuple[tuple[int, str], tuple[int, str]], start: int, stop: int) -> int:
    """Where on the strip a value stands, the worst to the left; the middle when all are alike."""
    (worst, _), (best, _) = pair
    if worst == best:
        return (start + stop) // 2
    return start + (value - worst) * (stop - start) // (best - worst)


def _own(
    row: StripRow,
    pair: tuple[tuple[int, str], tuple[int, str]],
    span: tuple[int, int],
    middle: int,
    shapes: list[Yta],
    form: _Form,
) -> Bildtext:
    """Our mark and its text; 'uppgift saknas' in the middle where there is none."""
    over = middle - _MARK // 2 - 4
    if row.eget is None:
        return Bildtext(sum(span) // 2, over, "uppgift saknas", "middle", "svag")
    x = _place(row.eget, pair, *span)
    shapes.append(Yta(x - _MARK // 2, middle - _MARK // 2, _MARK, _MARK, "egen"))
    half = text_width(row.text, form.storlek) // 2
    return Bildtext(min(max(x, half), form.bredd - half), over, row.text, "middle", "etikett")
