"""The figure thread: from a figure to its formula, its inputs and, at the end, the cell in the unchanged bytes, read again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from adapters.workbook_reader import raw_content
from flows.workplace import Workplace
from transforms.figures import Figure
from transforms.views.trail import figure_name, figure_text


@dataclass(frozen=True, slots=True)
class Link:
    """One figure on the way. ``proof``: what opening the stored bytes again showed; '' where there is no cell."""

    depth: int
    sign: str
    figure_id: str
    name: str
    text: str
    formel: str
    source: tuple[str, ...]
    proof: str
    broken: bool


def trace(workplace: Workplace, figure_id: str) -> tuple[Link, ...]:
    """The whole trail of a figure, depth first. Empty when no finished closing holds it."""
    return tuple(_walk(workplace, figure_id, 0, ""))


def _walk(workplace: Workplace, figure_id: str, depth: int, sign: str) -> Iterator[Link]:
    found = workplace.store.find_figure(workplace.kommun.kod, figure_id)
    if found is None:
        if depth:
            yield Link(
                depth,
                sign,
                figure_id,
                "",
                "",
                "",
                (),
                "Siffran finns inte i någon stängning: spåret är brutet.",
                broken=True,
            )
        return
    figure = found.figure
    yield _link(workplace, figure, depth, sign)
    for part_sign, part in figure.indata:
        yield from _walk(workplace, part, depth + 1, "+" if part_sign > 0 else "\u2212")


def _link(workplace: Workplace, figure: Figure, depth: int, sign: str) -> Link:
    source: tuple[str, ...] = ()
    proof, broken = "", False
    if figure.cell:
        source = (
            f"fil     {figure.fil}",
            f"sha256  {figure.retur_sha256}",
            f"blad    {figure.blad}, cell {figure.cell}",
            f"innehåll {figure.ravarde!r}",
        )
        proof, broken = _prove(workplace, figure)
    return Link(
        depth,
        sign,
        figure.figure_id,
        figure_name(figure, workplace.kommun),
        figure_text(figure),
        figure.formel,
        source,
        proof,
        broken,
    )


def _prove(workplace: Workplace, figure: Figure) -> tuple[str, bool]:
    """Open the stored bytes again (their hash is checked) and compare the cell's content with what was read then."""
    content = workplace.objects.get(figure.retur_sha256)
    again = raw_content(content, figure.blad, figure.cell)
    if again == figure.ravarde:
        return "De lagrade byten är oförändrade och cellen innehåller detsamma.", False
    return f"BRUTET: cellen innehåller nu {again!r}.", True
