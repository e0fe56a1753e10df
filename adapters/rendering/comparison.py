"""Two versions or months side by side, to HTML. The same comparison gives the same bytes."""

from __future__ import annotations

import jinja2
from markupsafe import Markup

from adapters.rendering.errors import RenderingError
from adapters.rendering.html import TEMPLATES, environment, font_addresses, style
from transforms.comparison import Jamforelse


def render_comparison(jamforelse: Jamforelse) -> bytes:
    """One self-contained page, in the look of the reports.

    Raises:
        RenderingError: R101, the template can't be filled.
    """
    own = Markup((TEMPLATES / "jamforelse.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
    css = Markup(f"{style('webb')}\n{own}")  # noqa: S704 - our own files
    try:
        page = environment().get_template("jamforelse.html.jinja")
        return page.render(j=jamforelse, stil=css, filer=font_addresses("webb")).encode("utf-8")
    except jinja2.TemplateError as error:
        raise RenderingError("R101", "jämförelse", f"mallen går inte att fylla: {error}") from error
