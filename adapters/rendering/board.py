"""Stängningstavlan to HTML. The same board gives the same bytes."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.rendering.page import render_page
from transforms.closing_board import Tavla


@dataclass(frozen=True, slots=True)
class Manadslank:
    """A link to the board of another month, in the same folder."""

    adress: str
    text: str


def render_board(tavla: Tavla, manader: tuple[Manadslank, ...]) -> bytes:
    """The board as one self-contained page, in the look of the reports. ``manader``: the other months, newest first.

    Raises:
        RenderingError: R101, the template can't be filled.
    """
    return render_page("tavla", f"tavla {tavla.period}", t=tavla, manader=manader)
