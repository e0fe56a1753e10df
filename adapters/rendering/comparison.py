"""Two versions or months side by side, to HTML. The same comparison gives the same bytes."""

from __future__ import annotations

from adapters.rendering.page import render_page
from transforms.comparison import Jamforelse


def render_comparison(jamforelse: Jamforelse) -> bytes:
    """One self-contained page, in the look of the reports.

    Raises:
        RenderingError: R101, the template can't be filled.
    """
    return render_page("jamforelse", "jämförelse", j=jamforelse)
