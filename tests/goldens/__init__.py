"""Goldens of two finished reports at four depths: the view, its HTML, the text of each page, the picture of each page.

Each is made from the view of a real closing. Hashes of workbooks and content are set to a constant first, so that a golden changes only
when what a reader sees does. Look at every changed picture before you commit: ``python -m tests.goldens`` writes them anew.
"""

from __future__ import annotations

import dataclasses
import io
import json
import re
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, ImageChops, ImageStat
from pydantic import TypeAdapter

from adapters.rendering import render_report
from flows.workplace import open_workplace
from tests.closings import Closed
from tests.pdf_reading import page_texts
from transforms.view_types import Lage, Rapport

FOLDER = Path(__file__).resolve().parent
DIFFERENCES = FOLDER.parent / "_diff"
REPORTS = (("alingsas", "TEN"), ("lingonby", "KS"))

DPI = 70
TILE = 8
"""Side in pixels of the squares that two pictures are compared by (3 mm on paper)."""
TILE_TOLERANCE = 48
"""How far (of 255) the mean colour of a square may be from the golden's.

The rasteriser and the typeface come with the packages, so only the placing of glyphs by the machine's Pango and HarfBuzz differs
(Debian 12 has 1.50 and 6, Ubuntu 24.04 has 1.52 and 8): less than a pixel. A lost bar, rule or word is far beyond.
"""

_SHA256 = re.compile(r"\b[0-9a-f]{64}\b")
_CONSTANT = "0123456789abcdef" * 4


def golden_files(closed: Closed, kod: str) -> dict[str, bytes]:
    """Every golden of one report by file name."""
    with open_workplace(closed.hem) as workplace:
        text = workplace.objects.get(closed.report(kod).view_json).decode()
    view = TypeAdapter(Rapport).validate_json(_SHA256.sub(_CONSTANT, text))
    rendered = render_report(view, Lage("utkast", 1, _CONSTANT))
    body = rendered.html.decode().partition("<body")[2]
    pages = [f"===== sida {number}\n{page}\n" for number, page in enumerate(page_texts(rendered.pdf), 1)]
    files = {
        "vy.json": _lines(dataclasses.asdict(view)).encode() + b"\n",
        "rapport.html": f"<body{body}".encode(),
        "text.txt": "".join(pages).encode(),
    }
    return files | {f"sida-{number:02}.png": png for number, png in enumerate(_pictures(rendered.pdf), 1)}


def _lines(value: Any, indent: int = 0) -> str:
    """JSON where whatever holds no list or object stands on one line."""
    if isinstance(value, dict) and any(isinstance(part, dict | list | tuple) for part in value.values()):
        opened, closed = "{}"
        parts = [f"{json.dumps(name)}: {_lines(part, indent + 1)}" for name, part in sorted(value.items())]
    elif isinstance(value, list | tuple) and value:
        opened, closed = "[]"
        parts = [_lines(part, indent + 1) for part in value]
    else:
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    inner = ",\n".join(" " * (indent + 1) + part for part in parts)
    return f"{opened}\n{inner}\n{' ' * indent}{closed}"


def _pictures(pdf: bytes) -> list[bytes]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_png(page.render(scale=DPI / 72).to_pil()) for page in document]
    finally:
        document.close()


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.convert("RGB").quantize(64, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def picture_difference(actual: bytes, golden: bytes) -> tuple[float, bytes]:
    """The largest difference of any square (0–255; 255 when the sizes differ), and a picture of where they differ."""
    ours, theirs = (Image.open(io.BytesIO(content)).convert("RGB") for content in (actual, golden))
    if ours.size != theirs.size:
        return 255.0, actual
    size = (ours.width // TILE, ours.height // TILE)
    tiles = [picture.resize(size, Image.Resampling.BOX) for picture in (ours, theirs)]
    difference = ImageChops.difference(*tiles)
    largest = max(high for _, high in ImageStat.Stat(difference).extrema)
    return float(largest), _png(difference.resize(ours.size, Image.Resampling.NEAREST))
