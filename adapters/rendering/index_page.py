"""The page that lists what is published, in the look of the reports. The same reports give the same bytes."""

from __future__ import annotations

import jinja2
from markupsafe import Markup

from adapters.rendering.errors import RenderingError
from adapters.rendering.html import TEMPLATES, environment, font_addresses, style
from transforms.publication_index import Indexpost, by_period


def render_index(kommun: str, marke: str, accentfarg: str, poster: tuple[Indexpost, ...]) -> bytes:
    """The page, self-contained.

    Raises:
        RenderingError: R101, the template can't be filled.
    """
    own = Markup((TEMPLATES / "publicering.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
    css = Markup(f"{style('webb')}\n{own}")  # noqa: S704 - our own files
    try:
        page = environment().get_template("publicering.html.jinja")
        return page.render(
            kommun=kommun,
            marke=marke,
            accentfarg=accentfarg,
            perioder=by_period(poster),
            stil=css,
            filer=font_addresses("webb"),
        ).encode("utf-8")
    except jinja2.TemplateError as error:
        raise RenderingError("R101", "publiceringsmappen", f"mallen går inte att fylla: {error}") from error
