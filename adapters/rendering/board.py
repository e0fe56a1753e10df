"""Stängningstavlan to HTML. The same board gives the same bytes."""

from __future__ import annotations

from dataclasses import dataclass

import jinja2
from markupsafe import Markup

from adapters.rendering.errors import RenderingError
from adapters.rendering.html import TEMPLATES, environment, font_addresses, style
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
    own = Markup((TEMPLATES / "tavla.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
    css = Markup(f"{style('webb')}\n{own}")  # noqa: S704 - our own files
    try:
        page = environment().get_template("tavla.html.jinja")
        return page.render(t=tavla, manader=manader, stil=css, filer=font_addresses("webb")).encode("utf-8")
    except jinja2.TemplateError as error:
        raise RenderingError("R101", f"tavla {tavla.period}", f"mallen går inte att fylla: {error}") from error
