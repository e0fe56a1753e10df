"""Views to HTML: Jinja2 with every name defined and everything escaped. Templates place and branch; they compute nothing."""

from __future__ import annotations

import base64
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import jinja2
from markupsafe import Markup

from adapters.rendering.errors import RenderingError
from transforms.book_types import Bok
from transforms.view_parts import numbers_of
from transforms.view_types import Lage, Rapport
from transforms.views.trail_pages import page_name

TEMPLATES = Path(__file__).resolve().parents[2] / "report_templates"
FONT_FAMILY = "Rodatraden Sans"
FONTS = {400: "regular", 600: "semibold", 700: "bold"}
FONT_SCHEME = "typsnitt:"
MIN_CONTRAST = 4.5

Medium = Literal["tryck", "webb"]
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_PAPER = "#ffffff"
_TONE = "#f1f4f6"


@lru_cache(maxsize=1)
def _covered() -> frozenset[int]:
    """The characters that the bundled typeface carries."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    with TTFont(TEMPLATES / "typsnitt" / "regular.ttf") as font:
        return frozenset(font.getBestCmap()) | {0x0A}


def printable(value: object) -> object:
    """Text as it may stand on a page: composed, and a character that the typeface lacks written as its number.

    Example:
        >>> printable("a\u030a \U0001f600")
        'å [U+1F600]'
    """
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return printable_text(value)


def printable_text(value: str) -> str:
    """``printable`` of a text."""
    text = unicodedata.normalize("NFC", value)
    covered = _covered()
    if all(ord(char) in covered for char in text):
        return text
    return "".join(char if ord(char) in covered else f"[U+{ord(char):04X}]" for char in text)


@lru_cache(maxsize=1)
def environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        finalize=printable,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


@lru_cache(maxsize=4)
def style(medium: Medium, book: Literal["", "bok"] = "") -> Markup:
    parts = ("rapport.css", f"{medium}.css", *(("bok.css", f"bok-{medium}.css") if book else ()))
    return Markup("\n".join((TEMPLATES / part).read_text(encoding="utf-8") for part in parts))  # noqa: S704 - our own file


@lru_cache(maxsize=2)
def font_addresses(medium: Medium) -> tuple[tuple[int, Markup], ...]:
    """Weight and address of each font file: embedded on screen, fetched from the bundle on paper."""
    if medium == "tryck":
        return tuple((weight, Markup(f"{FONT_SCHEME}{name}.ttf")) for weight, name in FONTS.items())  # noqa: S704
    addresses = []
    for weight, name in FONTS.items():
        data = base64.b64encode((TEMPLATES / "typsnitt" / f"{name}.woff2").read_bytes()).decode("ascii")
        addresses.append((weight, Markup(f"data:font/woff2;base64,{data}")))  # noqa: S704 - base64 of our own file
    return tuple(addresses)


def _luminance(colour: str) -> float:
    """Relative luminance of '#rrggbb'. Source: WCAG 2.2, relative luminance."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours '#rrggbb', 1 to 21. Source: WCAG 2.2, contrast ratio."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def check(rapport: Rapport) -> None:
    """Refuses a view that would give a broken page: accent too light, number without trail, heading level skipped.

    Raises:
        RenderingError: R101, R102.
    """
    colour = rapport.accentfarg
    if not _COLOUR.fullmatch(colour) or min(contrast(colour, _PAPER), contrast(colour, _TONE)) < MIN_CONTRAST:
        raise RenderingError(
            "R102", rapport.id,
            f"accentfärgen {colour} har för låg kontrast mot vitt (minst 4,5 behövs). "
            "Välj en mörkare färg i kommun.yaml, profil, accentfarg.",
        )  # fmt: skip
    trails = {spar.figure_id for spar in rapport.spar}
    lost = sorted({tal.figure_id for tal in numbers_of((rapport.nyckeltal, rapport.sektioner))} - trails - {""})
    if lost:
        raise RenderingError("R101", rapport.id, f"siffran {lost[0]} visas men har inget spår ({len(lost)} saknas).")
    previous = 2
    for sektion in rapport.sektioner:
        if sektion.niva not in (2, 3) or sektion.niva > previous + 1:
            raise RenderingError("R101", rapport.id, f"avsnittet {sektion.id} har rubriknivå {sektion.niva}.")
        previous = sektion.niva
    for sektion in rapport.sektioner:
        for tabell in sektion.tabeller:
            for rad in tabell.rader:
                if rad.celler and len(rad.celler) != len(tabell.kolumner):
                    raise RenderingError(
                        "R101", rapport.id, f"tabellen {tabell.id}, raden {rad.namn!r} har fel antal celler."
                    )


def _render(template: str, rapport: Rapport, lage: Lage, medium: Medium, **extra: Any) -> bytes:
    try:
        page = (
            environment()
            .get_template(template)
            .render(
                rapport=rapport,
                lage=lage,
                medium=medium,
                stil=style(medium, "bok" if isinstance(rapport, Bok) else ""),
                typsnitt=font_addresses(medium),
                **extra,
            )
        )
    except (jinja2.TemplateError, KeyError) as error:
        raise RenderingError("R101", rapport.id, f"mallen {template} går inte att fylla: {error}") from error
    return page.encode("utf-8")


def render_html(rapport: Rapport, lage: Lage, medium: Medium) -> bytes:
    """The report as one self-contained page (webb), or as the source of the PDF (tryck)."""
    if isinstance(rapport, Bok):
        return _render(f"{rapport.kod.lower()}.html.jinja", rapport, lage, medium)
    return _render("rapport.html.jinja", rapport, lage, medium)


def render_spar(rapport: Rapport, lage: Lage, *, folder: str = "") -> bytes:
    """The trails of every figure in the report, as one self-contained page.

    Args:
        folder: where the spårsidor lie, as in what is published ("spar/"); '' where there are none, as beside a draft.
    """
    known = frozenset(spar.figure_id for spar in rapport.spar)
    return _render("spar.html.jinja", rapport, lage, "webb", kanda=known, mapp=folder, sidnamn=page_name)
