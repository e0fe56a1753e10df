"""One self-contained page in the look of the reports: a template, its own style, and the typefaces in it."""

from __future__ import annotations

import jinja2
from markupsafe import Markup

from adapters.rendering.errors import RenderingError
from adapters.rendering.html import TEMPLATES, environment, font_addresses, style


def render_page(name: str, what: str, **values: object) -> bytes:
    """The template ``NAME.html.jinja`` with ``NAME.css`` beside the reports' own style. The same values give the same bytes.

    Args:
        what: what the page is, for the error.

    Raises:
        RenderingError: R101, the template can't be filled.
    """
    own = (TEMPLATES / f"{name}.css").read_text(encoding="utf-8")
    css = Markup(f"{style('webb')}\n{own}")  # noqa: S704 - our own files
    try:
        page = environment().get_template(f"{name}.html.jinja")
        return page.render(stil=css, filer=font_addresses("webb"), **values).encode("utf-8")
    except jinja2.TemplateError as error:
        raise RenderingError("R101", what, f"mallen går inte att fylla: {error}") from error
