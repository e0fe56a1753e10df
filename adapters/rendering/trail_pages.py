"""Spårsidor to HTML: a page per figure with the whole tree down to its cells, a page per return, and a search that needs no server.

A figure's branch is written once and used in every tree that it stands in. The same book gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator

import jinja2
from markupsafe import Markup

from adapters.rendering.errors import RenderingError
from adapters.rendering.html import TEMPLATES, environment, font_addresses, style
from transforms.view_types import Spar
from transforms.views.trail_pages import Sparbok, page_name, return_page_name, search_script

INDEX, SCRIPT, STYLE, LIST = "index.html", "sok.js", "spar.css", "sparlista.js"


def render_trail_pages(book: Sparbok) -> Iterator[tuple[str, bytes]]:
    """File name and content of every page of the book; they lie in one folder, beside the reports' own.

    Raises:
        RenderingError: R101, a template can't be filled.
    """
    try:
        yield from _Pages(book).all()
    except jinja2.TemplateError as error:
        raise RenderingError("R101", "spårsidor", f"mallen går inte att fylla: {error}") from error


class _Pages:
    """The templates, filled from one book."""

    def __init__(self, book: Sparbok) -> None:
        self._book = book
        self._environment = environment()
        self._macros = self._environment.get_template("sparsida.grenar.jinja").module
        self._branches: dict[str, Markup] = {}
        self._shared = {
            "bok": book,
            "sidnamn": page_name,
            "retursida": return_page_name,
            "intern": book.inre is not None,
        }

    def all(self) -> Iterator[tuple[str, bytes]]:
        """Every file, the pages of figures last."""
        yield STYLE, self._style()
        yield SCRIPT, (TEMPLATES / "sparsida.sok.js").read_bytes()
        yield LIST, search_script(self._book).encode("utf-8")
        yield INDEX, self._page("sparsida.index.html.jinja")
        for sha256, retur in self._book.returer.items():
            findings = () if self._book.inre is None else self._book.inre.fynd.get(sha256, ())
            content = self._page(
                "sparsida.retur.html.jinja", retur=retur, siffror=self._book.figures_of(sha256), fynd=findings
            )
            yield return_page_name(sha256), content
        for spar in self._book.spar.values():
            yield page_name(spar.figure_id), self._figure(spar)

    def _figure(self, spar: Spar) -> bytes:
        inner = self._book.inre
        return self._page(
            "sparsida.siffra.html.jinja",
            s=spar,
            adress=spar.plats.rpartition("!")[2],
            grenar=self._branches_of(spar),
            utsnitt=() if inner is None else inner.utsnitt.get(spar.figure_id, ()),
            fynd=self._book.findings_at(spar),
        )

    def _branches_of(self, spar: Spar) -> Markup:
        """The inputs of a figure, each with its own inputs, down to the cells."""
        if spar.figure_id not in self._branches:
            known = self._book.spar
            parts = [
                (
                    part,
                    known.get(part.figure_id),
                    self._branches_of(known[part.figure_id]) if part.figure_id in known else "",
                )
                for part in spar.indata
            ]
            cell = () if self._book.inre is None else self._book.inre.utsnitt.get(spar.figure_id, ())
            self._branches[spar.figure_id] = Markup(  # noqa: S704 - the macro escapes what it is given
                self._macros.grenar(parts, page_name, return_page_name, cell if parts else ())  # type: ignore[attr-defined]
            )
        return self._branches[spar.figure_id]

    def _page(self, template: str, **values: object) -> bytes:
        return self._environment.get_template(template).render(**self._shared, **values).encode("utf-8")

    def _style(self) -> bytes:
        """The look of the reports, once for all pages."""
        fonts = "\n".join(
            f"@font-face {{ font-family: 'Rodatraden Sans'; font-weight: {weight}; src: url({address}); }}"
            for weight, address in font_addresses("webb")
        )
        own = (TEMPLATES / "sparsida.css").read_text(encoding="utf-8")
        accent = f":root {{ --accent: {self._book.accentfarg}; }}"
        return f"{fonts}\n{accent}\n{style('webb')}\n{own}".encode()
