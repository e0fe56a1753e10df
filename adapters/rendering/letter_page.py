"""A mail as a page: real headings and lists, nothing fetched from anywhere."""

from __future__ import annotations

import jinja2

from adapters.rendering.errors import RenderingError
from adapters.rendering.html import environment
from transforms.delivery_letter import Brevtext


def render_letter(brev: Brevtext, accentfarg: str) -> str:
    """The mail's HTML part. Its styles stand in it, since mail programs take no others.

    Raises:
        RenderingError: R101, the template can't be filled.
    """
    try:
        return environment().get_template("leverans.brev.html.jinja").render(brev=brev, accentfarg=accentfarg)
    except jinja2.TemplateError as error:
        raise RenderingError("R101", "brevet", f"mallen går inte att fylla: {error}") from error
