"""Charts: from amounts and their printed text to finished geometry. Horizontal bars in IBCS notation, integers only.

Every chart is laid out twice, for paper and for a phone. Room for the labels is set aside before the scale is chosen,
so a label can neither leave the picture nor meet a name. All bars of a chart share one scale and one zero.

Source: IBCS Standards 1.2, UN 3.3 and EX 2: budget outlined, prognos hatched, avvikelse as signed bars from zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from transforms.view_types import Bild, Bildtext, Diagram, Linje, Yta

SAKNAS = "uppgift saknas"
_GAP = 6
_THIN, _NARROW, _WIDE = frozenset(" \u00a0.,:;'|ijl"), frozenset("frtI()-/"), frozenset("mwMW@%&←→…")


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One signed bar: ``ore`` is None when missing. ``stil``: post or summa."""

    namn: str
    ore: int | None
    text: str
    stil: str = "post"
    figure_id: str = ""


@dataclass(frozen=True, slots=True)
class PairRow:
    """One pair of bars, budget and prognos, each None when missing. ``stil``: post or summa."""

    namn: str
    budget_ore: int | None
    budget_text: str
    prognos_ore: int | None
    prognos_text: str
    stil: str = "post"
    budget_id: str = ""
    prognos_id: str = ""


@dataclass(frozen=True, slots=True)
class _Bar:
    """A bar to be placed: its value, label, look and thickness."""

    ore: int | None
    label: str
    form: str
    hojd: int
    figure_id: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    """A name with its bars."""

    namn: str
    stil: str
    bars: tuple[_Bar, ...]


@dataclass(frozen=True, slots=True)
class _Form:
    """The measures of one layout; ``namn_bredd`` 0 puts the names above the bars."""

    bredd: int
    storlek: int
    namn_bredd: int
    luft: int


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where zero stands and how many units ``spann`` öre take."""

    noll_x: int
    plats: int
    spann: int

    def length(self, ore: int) -> int:
        """The length of a bar: at least one unit unless it is zero."""
        return max(1, abs(ore) * self.plats // self.spann) if ore else 0


_BRED = _Form(bredd=680, storlek=13, namn_bredd=228, luft=8)
_SMAL = _Form(bredd=360, storlek=14, namn_bredd=0, luft=12)


def text_width(text: str, size: int) -> int:
    """The width of a text, never too small: advances of the bold weight, rounded up.

    Example:
        >>> text_width("uppgift saknas", 13)
        94
    """
    per_mille = 0
    for char in text:
        if char in _THIN:
            per_mille += 300
        elif char in _NARROW:
            per_mille += 400
        elif char in _WIDE:
            per_mille += 980
        elif char.isupper():
            per_mille += 690
        else:
            per_mille += 580
    return -(-per_mille * size // 1000)


def _cut(text: str, size: int, room: int) -> str:
    """The text, shortened with an ellipsis when it is wider than the room."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def wrap_name(text: str, size: int, room: int) -> tuple[str, ...]:
    """A name on one or two lines, broken between words; the whole name stands in the table.

    Example:
        >>> wrap_name("Kultur- och fritidsnämnden", 13, 120)
        ('Kultur- och', 'fritidsnämnden')
    """
    words, first = text.split(" "), ""
    for index, word in enumerate(words):
        longer = f"{first} {word}".strip()
        if first and text_width(longer, size) > room:
            return _cut(first, size, room), _cut(" ".join(words[index:]), size, room)
        first = longer
    return (_cut(first, size, room),)


def _scale(bars: Sequence[_Bar], left: int, form: _Form, axis_words: tuple[str, str]) -> _Scale:
    """One scale for all bars, after the labels on either side of zero have got their room."""
    values = [bar.ore for bar in bars if bar.ore is not None]
    most, least = max([0, *values]), min([0, *values])
    left_labels = [bar.label for bar in bars if (bar.ore or 0) < 0] + ([axis_words[0]] if least < 0 else [])
    right_labels = [bar.label for bar in bars if (bar.ore or 0) >= 0] + ([axis_words[1]] if most > 0 else [])
    left_room = max((text_width(label, form.storlek) + _GAP for label in left_labels), default=0)
    right_room = max((text_width(label, form.storlek) + _GAP for label in right_labels), default=0)
    left_room, right_room = left_room + 1, right_room + 1  # a bar is drawn one unit long however small
    plats = form.bredd - left - left_room - right_room
    if plats < 1:
        raise ValueError(f"etiketterna lämnar ingen plats för staplarna i bredden {form.bredd}")
    spann = most - least
    before = -least * plats // spann if spann else plats // 2
    return _Scale(left + left_room + before, plats, spann)


def _place_bar(bar: _Bar, scale: _Scale, y: int, form: _Form, stil: str) -> tuple[tuple[Yta, ...], Bildtext]:
    """The rectangle of a bar (none for zero and missing) and the label at its end."""
    baseline = y + (bar.hojd + form.storlek * 7 // 10) // 2
    if bar.ore is None:
        return (), Bildtext(scale.noll_x + _GAP, baseline, bar.label, "start", "svag", bar.figure_id)
    look = "stark" if stil == "summa" else "etikett"
    length = scale.length(bar.ore)
    x = scale.noll_x - length if bar.ore < 0 else scale.noll_x
    shapes = (Yta(x, y, length, bar.hojd, bar.form),) if length else ()
    if bar.ore < 0:
        return shapes, Bildtext(x - _GAP, baseline, bar.label, "end", look, bar.figure_id)
    return shapes, Bildtext(x + length + _GAP, baseline, bar.label, "start", look, bar.figure_id)


def _axis(scale: _Scale, words: tuple[str, str], bars: Sequence[_Bar], form: _Form) -> tuple[Bildtext, ...]:
    """The words for the two sides of zero, over the bars; only a side that is used gets its word."""
    texts = []
    if any((bar.ore or 0) < 0 for bar in bars) and words[0]:
        texts.append(Bildtext(scale.noll_x - _GAP, form.storlek, words[0], "end", "svag"))
    if any((bar.ore or 0) > 0 for bar in bars) and words[1]:
        texts.append(Bildtext(scale.noll_x + _GAP, form.storlek, words[1], "start", "svag"))
    return tuple(texts)


def _layout(rows: Sequence[_Row], form: _Form, words: tuple[str, str]) -> Bild:
    """The whole picture: names, bars, labels, the common zero line, and a rule above a total.

    The zero line runs through where the names stand beside it, and is broken where they stand above the bars.
    """
    bars = [bar for row in rows for bar in row.bars]
    name_room = form.namn_bredd or form.bredd
    names = [wrap_name(row.namn, form.storlek, name_room) for row in rows]
    left = max((text_width(line, form.storlek) for lines in names for line in lines), default=0) + 2 * _GAP
    scale = _scale(bars, left if form.namn_bredd else 0, form, words)
    line = form.storlek * 5 // 4
    texts = list(_axis(scale, words, bars, form))
    y = top = line + _GAP if texts else _GAP
    shapes: list[Yta] = []
    lines: list[Linje] = []
    for row, name in zip(rows, names, strict=True):
        look = "stark" if row.stil == "summa" else "namn"
        if row.stil == "summa":
            lines.append(Linje(0, y - form.luft // 2, form.bredd, y - form.luft // 2, "summa"))
        name_height, bar_height = line * len(name), sum(bar.hojd for bar in row.bars)
        row_height = max(name_height, bar_height) if form.namn_bredd else name_height + bar_height + 4
        name_y = y + (row_height - name_height) // 2 if form.namn_bredd else y
        bar_y = y + (row_height - bar_height) // 2 if form.namn_bredd else y + name_height + 4
        texts += [Bildtext(0, name_y + i * line + form.storlek, part, "start", look) for i, part in enumerate(name)]
        if not form.namn_bredd:
            lines.append(Linje(scale.noll_x, bar_y - 2, scale.noll_x, bar_y + bar_height + 2, "noll"))
        for bar in row.bars:
            shape, label = _place_bar(bar, scale, bar_y, form, row.stil)
            shapes += shape
            texts.append(label)
            bar_y += bar.hojd
        y += row_height + form.luft
    if form.namn_bredd:
        lines.append(Linje(scale.noll_x, top - 4, scale.noll_x, y - form.luft + 4, "noll"))
    return Bild(form.bredd, y, form.storlek, tuple(shapes), tuple(lines), tuple(texts))


def avvikelse_chart(
    id: str,
    rubrik: str,
    enhet: str,
    rows: Sequence[ChartRow],
    alternativtext: str,
    tabell_id: str,
    *,
    plus_ord: str = "överskott",
    minus_ord: str = "underskott",
) -> Diagram:
    """Signed bars from a common zero, one per row, plus to the right; the words for plus and minus stand over the axis.

    A missing avvikelse has no bar and reads 'uppgift saknas'; a zero has no bar and reads its text.

    Raises:
        ValueError: no rows, or labels so long that no room is left for bars.
    """
    if not rows:
        raise ValueError(f"diagrammet {id} har inga rader")
    placed = [_Row(row.namn, row.stil, (_signed(row),)) for row in rows]
    words = (f"← {minus_ord}", f"{plus_ord} →")
    pictures = [_layout(placed, form, words) for form in (_BRED, _SMAL)]
    return Diagram(id, "avvikelse", rubrik, enhet, alternativtext, tabell_id, *pictures)


def _signed(row: ChartRow) -> _Bar:
    """The bar of an avvikelse; its look follows its sign."""
    if row.ore is None:
        return _Bar(None, SAKNAS, "", 18, row.figure_id)
    return _Bar(row.ore, row.text, "underskott" if row.ore < 0 else "overskott", 18, row.figure_id)


def _pair(row: PairRow, prefix: tuple[str, str]) -> _Row:
    """Budget over prognos; the prefix names them, on the first row in place of a legend."""
    budget = SAKNAS if row.budget_ore is None else row.budget_text
    prognos = SAKNAS if row.prognos_ore is None else row.prognos_text
    bars = (
        _Bar(row.budget_ore, f"{prefix[0]}{budget}", "budget", 13, row.budget_id),
        _Bar(row.prognos_ore, f"{prefix[1]}{prognos}", "prognos", 13, row.prognos_id),
    )
    return _Row(row.namn, row.stil, bars)


def budget_prognos_chart(
    id: str, rubrik: str, enhet: str, rows: Sequence[PairRow], alternativtext: str, tabell_id: str
) -> Diagram:
    """Pairs of bars from a common zero: budget outlined, prognos hatched; income to the right, cost to the left.

    The labels of the first row say which bar is which, so there is no legend. Missing values read 'uppgift saknas'.

    Raises:
        ValueError: no rows, or labels so long that no room is left for bars.
    """
    if not rows:
        raise ValueError(f"diagrammet {id} har inga rader")
    placed = [_pair(rows[0], ("budget\u00a0", "prognos\u00a0")), *(_pair(row, ("", "")) for row in rows[1:])]
    pictures = [_layout(placed, form, ("", "")) for form in (_BRED, replace(_SMAL, luft=14))]
    return Diagram(id, "budget_prognos", rubrik, enhet, alternativtext, tabell_id, *pictures)


def year_chart(
    id: str,
    rubrik: str,
    enhet: str,
    rows: Sequence[PairRow],
    years: tuple[str, str],
    alternativtext: str,
    tabell_id: str,
) -> Diagram:
    """Pairs of bars from a common zero: last year light (the pair's first), this year solid. Missing values read as their text.

    The labels of the first row say which year is which, so there is no legend.

    Raises:
        ValueError: no rows, or labels so long that no room is left for bars.
    """
    if not rows:
        raise ValueError(f"diagrammet {id} har inga rader")
    placed = [
        _years(rows[0], (f"{years[0]}\u00a0\u00a0", f"{years[1]}\u00a0\u00a0")),
        *(_years(row, ("", "")) for row in rows[1:]),
    ]
    pictures = [_layout(placed, form, ("", "")) for form in (_BRED, replace(_SMAL, luft=14))]
    return Diagram(id, "ar", rubrik, enhet, alternativtext, tabell_id, *pictures)


def _years(row: PairRow, prefix: tuple[str, str]) -> _Row:
    bars = (
        _Bar(row.budget_ore, f"{prefix[0]}{row.budget_text or SAKNAS}", "fg_ar", 13),
        _Bar(row.prognos_ore, f"{prefix[1]}{row.prognos_text or SAKNAS}", "utfall", 15),
    )
    return _Row(row.namn, row.stil, bars)
