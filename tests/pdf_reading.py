"""A finished PDF read back: the text of each page, and its tables through the tags, as a screen reader meets them."""

from __future__ import annotations

import ctypes
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium


@dataclass
class PdfTable:
    """A table as printed, its parts on several pages joined. Texts have plain spaces."""

    caption: str
    head: tuple[str, ...] = ()
    rows: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def cells(self) -> dict[tuple[str, str], list[str]]:
        """By the row's label and the column's heading, in order of the rows (a label may stand twice)."""
        found: dict[tuple[str, str], list[str]] = {}
        for label, values in self.rows:
            for heading, value in zip(self.head[1:], values, strict=True):
                found.setdefault((label, heading), []).append(value)
        return found


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page with plain spaces and line ends."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [plain(page.get_textpage().get_text_bounded()) for page in document]
    finally:
        document.close()


def plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\u00a0", " ")


def tables(pdf: bytes) -> list[PdfTable]:
    """The tables of a tagged PDF in reading order. A part on a new page has no caption and goes on with the table before it."""
    texts = _marked_texts(pdf)
    found: list[PdfTable] = []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for element in _elements(document.Root.StructTreeRoot, "/Table"):
            caption = " ".join(_text(element, texts, only="/Caption").split())
            if caption:
                found.append(PdfTable(caption))
            for row in _elements(element, "/TR"):
                cells = [(str(cell.S), " ".join(_text(cell, texts).split())) for cell in _children(row)]
                if all(kind == "/TH" for kind, _ in cells):
                    found[-1].head = tuple(text for _, text in cells)
                else:
                    found[-1].rows.append((cells[0][1], tuple(text for _, text in cells[1:])))
    return found


_BLOCKS = ("/H1", "/H2", "/H3", "/H4", "/Caption", "/TR", "/P", "/LI", "/Figure")


@dataclass(frozen=True)
class Block:
    """A heading, paragraph, caption, row or picture: its tag, the page it begins on (from 1) and its text."""

    kind: str
    page: int
    text: str


def blocks(pdf: bytes) -> list[Block]:
    """Everything with text or picture in reading order."""
    texts = _marked_texts(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        pages = {page.obj.objgen: number for number, page in enumerate(document.pages, 1)}
        return list(_blocks(document.Root.StructTreeRoot, texts, pages))


def _blocks(element: Any, texts: dict[tuple[Any, int], str], pages: dict[Any, int]) -> Iterator[Block]:
    for child in _children(element):
        if not isinstance(child, pikepdf.Dictionary):
            continue
        kind = str(child.get("/S"))
        if kind not in _BLOCKS:
            yield from _blocks(child, texts, pages)
            continue
        text = " ".join(_text(child, texts).split())
        if text or kind == "/Figure":
            yield Block(kind.removeprefix("/"), pages[child.Pg.objgen], text)


def _children(element: Any) -> Iterator[Any]:
    kids = element.get("/K", pikepdf.Array())
    yield from kids if isinstance(kids, pikepdf.Array) else [kids]


def _elements(element: Any, kind: str) -> Iterator[Any]:
    for child in _children(element):
        if isinstance(child, pikepdf.Dictionary):
            if child.get("/S") == kind:
                yield child
            else:
                yield from _elements(child, kind)


def _text(element: Any, texts: dict[tuple[Any, int], str], only: str = "") -> str:
    if only:
        return "".join(_text(child, texts) for child in list(_elements(element, only))[:1])
    parts = []
    for child in _children(element):
        if isinstance(child, pikepdf.Dictionary):
            parts.append(_text(child, texts))
        elif not isinstance(child, pikepdf.Object):
            parts.append(texts.get((element.Pg.objgen, int(child)), ""))
    return " ".join(parts)


def _marked_texts(pdf: bytes) -> dict[tuple[Any, int], str]:
    """The text of every marked content, by its page's object and its number there."""
    texts: dict[tuple[Any, int], str] = {}
    with pikepdf.open(io.BytesIO(pdf)) as document:
        names = [page.obj.objgen for page in document.pages]
    document = pypdfium2.PdfDocument(pdf)
    try:
        for name, page in zip(names, document, strict=True):
            textpage = page.get_textpage()
            for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=4):
                key = (name, pdfium.FPDFPageObj_GetMarkedContentID(item.raw))
                texts[key] = texts.get(key, "") + plain(_object_text(item, textpage))
    finally:
        document.close()
    return texts


def _object_text(item: Any, textpage: Any) -> str:
    size = pdfium.FPDFTextObj_GetText(item.raw, textpage.raw, None, 0)
    buffer = (ctypes.c_ushort * (size // 2))()
    pdfium.FPDFTextObj_GetText(item.raw, textpage.raw, buffer, size)
    return bytes(buffer).decode("utf-16-le").rstrip("\0")
