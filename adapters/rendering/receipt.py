"""Receipts to HTML and plain text. The same receipt gives the same bytes."""

from __future__ import annotations

import hashlib
from functools import lru_cache

import jinja2

from adapters.rendering.html import TEMPLATES
from adapters.rendering.page import render_page
from transforms.receipt import Kvittens


@lru_cache(maxsize=1)
def _plain() -> jinja2.Environment:
    """For letters in plain text, where nothing is markup and nothing is escaped."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 - plain text
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )


def receipt_look() -> str:
    """sha256 over the templates of receipts, so that another look gives other receipts."""
    parts = sorted(TEMPLATES.glob("kvittens.*"))
    return hashlib.sha256(b"".join(hashlib.sha256(part.read_bytes()).digest() for part in parts)).hexdigest()


def receipt_text(kvittens: Kvittens) -> str:
    """The receipt as a letter: lines of at most 78 characters but for addresses and file names, Unix line ends."""
    text = _plain().get_template("kvittens.txt.jinja").render(k=kvittens)
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def receipt_html(kvittens: Kvittens) -> bytes:
    """The receipt as one self-contained page, in the look of the reports.

    Raises:
        RenderingError: R101, the template can't be filled.
    """
    return render_page("kvittens", "kvittens", k=kvittens)
