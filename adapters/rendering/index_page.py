"""The page that lists what is published, in the look of the reports. The same reports give the same bytes."""

from __future__ import annotations

from adapters.rendering.page import render_page
from transforms.publication_index import Indexpost, by_period


def render_index(kommun: str, marke: str, accentfarg: str, poster: tuple[Indexpost, ...]) -> bytes:
    """The page, self-contained.

    Raises:
        RenderingError: R101, the template can't be filled.
    """
    shown = {"kommun": kommun, "marke": marke, "accentfarg": accentfarg, "perioder": by_period(poster)}
    return render_page("publicering", "publiceringsmappen", **shown)
