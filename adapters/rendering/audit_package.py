"""The first page of the package for revisorerna, to HTML. The same data gives the same bytes."""

from __future__ import annotations

from adapters.rendering.page import render_page
from transforms.audit_package import Granskning


def render_index(granskning: Granskning) -> bytes:
    """One page in the look of the reports; its search reads the list of figures that lies beside the spårsidor.

    Raises:
        RenderingError: R101, the template can't be filled.
    """
    return render_page("granskning", "granskningspaket", g=granskning)
