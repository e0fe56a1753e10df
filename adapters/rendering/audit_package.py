"""The first page of the package for revisorerna, to HTML. The same data gives the same bytes."""

from __future__ import annotations

import jinja2
from markupsafe import Markup

from adapters.rendering.errors import RenderingError
from adapters.rendering.html import TEMPLATES, environment, font_addresses, style
from transforms.audit_package import Granskning


def render_index(granskning: Granskning) -> bytes:
    """One page in the look of the reports; its search reads the list of figures that lies beside the spårsidor.

    Raises:
        RenderingError: R101, the template can't be filled.
    """
    own = Markup((TEMPLATES / "granskning.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
    css = Markup(f"{style('webb')}\n{own}")  # noqa: S704 - our own files
    try:
        page = environment().get_template("granskning.html.jinja")
        return page.render(g=granskning, stil=css, filer=font_addresses("webb")).encode("utf-8")
    except jinja2.TemplateError as error:
        raise RenderingError("R101", "granskningspaket", f"mallen går inte att fylla: {error}") from error
