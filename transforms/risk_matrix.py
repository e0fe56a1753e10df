"""The picture of intern kontroll: sannolikhet upwards, konsekvens to the right, each risk by its number in its square. Integers only.

The level of a square is told by its tone and by its riskvärde in figures, so that no colour is needed to read it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data_contracts.uppfoljning import Internkontroll, Steg
from transforms.charts import wrap_name
from transforms.view_types import Bild, Bildtext, Diagram, Linje, Yta

_SIZE = 13


@dataclass(frozen=True, slots=True)
class _Form:
    bredd: int
    storlek: int
    namn_bredd: int
    ruta_hojd: int


_FORMS = (_Form(680, _SIZE, 130, 58), _Form(360, _SIZE, 74, 58))


def risk_matrix(
    id: str,
    rubrik: str,
    plan: Internkontroll,
    numbers: Mapping[tuple[int, int], Sequence[str]],
    alternativtext: str,
    tabell_id: str,
) -> Diagram:
    """The kommun's own scale as a grid.

    Args:
        numbers: the numbers of the risks by (sannolikhet, konsekvens).
    """
    pictures = [_layout(plan, numbers, form) for form in _FORMS]
    return Diagram(id, "riskmatris", rubrik, "sannolikhet × konsekvens", alternativtext, tabell_id, *pictures)


def _layout(plan: Internkontroll, numbers: Mapping[tuple[int, int], Sequence[str]], form: _Form) -> Bild:
    left, top = form.namn_bredd + 8, form.storlek + 12
    width = (form.bredd - left - 2) // len(plan.konsekvens)
    texts = [Bildtext(0, form.storlek, "Sannolikhet", "start", "svag")]
    shapes: list[Yta] = []
    lines: list[Linje] = []
    for row, chance in enumerate(reversed(plan.sannolikhet)):
        y = top + row * form.ruta_hojd
        texts += _named(chance, form, y)
        for column, harm in enumerate(plan.konsekvens):
            x = left + column * width
            value = chance.varde * harm.varde
            shapes.append(Yta(x, y, width - 3, form.ruta_hojd - 3, _tone(plan, value)))
            dark = plan.nivaer.index(plan.niva(value)) >= 2
            texts.append(Bildtext(x + 6, y + form.storlek + 3, str(value), "start", "ljus" if dark else "svag"))
            found = ", ".join(numbers.get((chance.varde, harm.varde), ()))
            if found:
                middle = (x + (width - 3) // 2, y + form.ruta_hojd // 2 + form.storlek // 2 + 2)
                texts.append(Bildtext(*middle, found, "middle", "ljus_stark" if dark else "stark"))
    bottom = top + form.ruta_hojd * len(plan.sannolikhet)
    for column, harm in enumerate(plan.konsekvens):
        x = left + column * width + (width - 3) // 2
        for place, part in enumerate(wrap_name(f"{harm.varde} {harm.namn}", form.storlek, width - 2)):
            texts.append(Bildtext(x, bottom + form.storlek + 2 + place * 16, part, "middle", "namn"))
    height = bottom + 2 * form.storlek + 26
    texts.append(Bildtext(form.bredd, height - 4, "Konsekvens", "end", "svag"))
    return Bild(form.bredd, height, form.storlek, tuple(shapes), tuple(lines), tuple(texts))


def _named(chance: Steg, form: _Form, y: int) -> list[Bildtext]:
    """The step's number and word beside its row of squares."""
    parts = wrap_name(f"{chance.varde} {chance.namn}", form.storlek, form.namn_bredd)
    start = y + form.ruta_hojd // 2 - 8 * (len(parts) - 1)
    return [Bildtext(0, start + 4 + place * 16, part, "start", "namn") for place, part in enumerate(parts)]


def _tone(plan: Internkontroll, value: int) -> str:
    """The name of the level's tone: 'niva-0' for the lowest, 'niva-3' for the fourth and all above."""
    return f"niva-{min(plan.nivaer.index(plan.niva(value)), 3)}"
