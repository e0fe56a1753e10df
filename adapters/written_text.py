"""Written text from Word (.docx) and Markdown (.md) files: headings, paragraphs, lists and emphasis survive, nothing else gets in.

What a file has beside that (pictures, tables, notes, comments, links' addresses) is left out and told of; a file that may do harm is not
opened at all. Bytes are judged before any library sees them.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Collection, Mapping
from html.parser import HTMLParser
from pathlib import PurePosixPath

from data_contracts.felkoder import Felkod
from data_contracts.findings import Finding
from transforms.written_text import Block, BlockKind, Run, WrittenText

MIB = 1024 * 1024
MAX_FILE = 10 * MIB
MAX_EXPANDED = 50 * MIB
MAX_PARTS = 500
MAX_LEVEL = 3
"""Heading levels that a text may have of its own, below the heading of its section."""

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_STRONG, _EMPHASIS = frozenset({"strong", "b"}), frozenset({"em", "i"})
_TEXT = {*_HEADINGS, "p", "li", "ul", "ol", "br", *_STRONG, *_EMPHASIS}
_TOLD = {
    "img": "bilder",
    "table": "tabeller",
    "a": "länkars adresser",
    "blockquote": "indragna citat",
    "pre": "kodstycken",
    "hr": "linjer",
}
_SILENT = frozenset({"tr", "td", "th", "tbody", "thead", "sup", "sub", "code", "s", "u", "dl", "dt", "dd"})
_ACTIVE = re.compile(r"vbaproject|activex|/embeddings/|oleobject", re.IGNORECASE)


def read_written_text(
    content: bytes, name: str, sektioner: Collection[str], felkoder: Mapping[str, Felkod]
) -> tuple[WrittenText | None, tuple[Finding, ...]]:
    """The text of one file, and all that was found. The file's name without its ending is the id of the section.

    Args:
        content: the file's bytes.
        name: its name, ``handelser.docx``; of a path only the last part counts.
        sektioner: ids of the sections that take written text.
        felkoder: the catalogue of codes.
    Returns:
        None beside at least one finding that stops, when nothing of the file can be used.
    """
    path = PurePosixPath(name)
    if path.stem not in sektioner:
        known = ", ".join(sorted(sektioner))
        return None, (felkoder["E886"].finding(file=name, found=path.stem, varde=path.stem, finns=known),)
    refusal = _refusal(content, path.suffix.lower())
    if refusal:
        return None, (felkoder["E887"].finding(file=name, orsak=refusal),)
    try:
        html = _from_word(content) if path.suffix.lower() == ".docx" else _from_markdown(content)
    except _Unreadable as error:
        return None, (felkoder["E887"].finding(file=name, orsak=str(error)),)
    blocks, lost = _blocks(html)
    findings = tuple(felkoder["E885"].finding(file=name, found=vad, vad=vad) for vad in lost)
    if not blocks:
        return None, (*findings, felkoder["E888"].finding(file=name))
    return WrittenText(path.stem, blocks, path.name, hashlib.sha256(content).hexdigest()), findings


class _Unreadable(Exception):
    """Why a file can't be read, in Swedish."""


def _refusal(content: bytes, suffix: str) -> str:
    """Why the bytes are not opened, or ''."""
    if suffix not in (".docx", ".md"):
        return f"filtypen {suffix or 'utan ändelse'} tas inte emot, bara .docx och .md"
    if len(content) > MAX_FILE:
        return f"filen är större än {MAX_FILE // MIB} MB"
    if suffix == ".md":
        return ""
    if content.startswith(_OLE):
        return "filen är lösenordsskyddad eller sparad i det gamla formatet doc"
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _archive_refusal(archive)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError):
        return "filen är ingen hel Word-fil"


def _archive_refusal(archive: zipfile.ZipFile) -> str:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_EXPANDED:
        return "filen är orimligt stor uppackad"
    if any(_ACTIVE.search(part.filename) for part in parts):
        return "filen innehåller makron eller inbäddade program"
    if "word/document.xml" not in archive.namelist():
        return "filen är inget Word-dokument"
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            text = archive.read(part)
            if len(text) > MAX_EXPANDED or b"<!DOCTYPE" in text or b"<!ENTITY" in text or b"\x00" in text[:200]:
                return f"delen {part.filename} har ett innehåll som inget vanligt Word-dokument har"
    return ""


def _from_word(content: bytes) -> str:
    import mammoth

    try:
        return str(
            mammoth.convert_to_html(io.BytesIO(content), convert_image=mammoth.images.img_element(_no_picture)).value
        )
    except Exception as error:
        raise _Unreadable(f"Word-filen är skadad ({type(error).__name__})") from error


def _no_picture(_: object) -> dict[str, str]:
    """A picture's place, without the picture."""
    return {"src": ""}


def _from_markdown(content: bytes) -> str:
    from markdown_it import MarkdownIt

    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _Unreadable("filen är inte sparad som UTF-8") from None
    return str(MarkdownIt("commonmark", {"html": False}).render(text))


def _blocks(html: str) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """The blocks of cleaned HTML, and what the cleaning left out, in words."""
    import nh3

    seen = _Tags()
    seen.feed(html)
    lost = tuple(
        dict.fromkeys(_TOLD.get(tag, f"element av slaget {tag}") for tag in seen.tags if tag not in _TEXT | _SILENT)
    )
    reader = _Blocks()
    reader.feed(nh3.clean(html, tags=_TEXT | {"td", "th"}, attributes={}))
    reader.close()
    return reader.finished(), lost


class _Tags(HTMLParser):
    """The names of all elements, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)


class _Blocks(HTMLParser):
    """Blocks out of cleaned HTML. Heading levels are closed up, so that none is skipped."""

    def __init__(self) -> None:
        super().__init__()
        self._blocks: list[Block] = []
        self._runs: list[Run] = []
        self._kind, self._level = BlockKind.STYCKE, 0
        self._lists: list[str] = []
        self._strong = self._emphasis = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _STRONG:
            self._strong += 1
        elif tag in _EMPHASIS:
            self._emphasis += 1
        elif tag == "br":
            self._runs.append(Run(" "))
        else:
            self._end_block()
            if tag in ("ul", "ol"):
                self._lists.append(tag)
            elif tag == "li":
                kind = BlockKind.NUMMER if self._lists[-1:] == ["ol"] else BlockKind.PUNKT
                self._kind, self._level = kind, max(len(self._lists), 1)
            elif tag in _HEADINGS:
                self._kind, self._level = BlockKind.RUBRIK, _HEADINGS[tag]

    def handle_endtag(self, tag: str) -> None:
        if tag in _STRONG:
            self._strong -= 1
        elif tag in _EMPHASIS:
            self._emphasis -= 1
        elif tag != "br":
            self._end_block()
            if tag in ("ul", "ol") and self._lists:
                self._lists.pop()

    def handle_data(self, data: str) -> None:
        self._runs.append(Run(re.sub(r"[\t\r\n ]+", " ", data), self._strong > 0, self._emphasis > 0))

    def _end_block(self) -> None:
        runs = _trimmed(self._runs)
        if runs:
            self._blocks.append(Block(self._kind, runs, self._level))
            self._kind, self._level = BlockKind.STYCKE, 0
        self._runs = []

    def finished(self) -> tuple[Block, ...]:
        """All blocks; headings from level 1 and never more than one step deeper than the one before."""
        self._end_block()
        levelled, stack = [], list[int]()
        for block in self._blocks:
            if block.kind is BlockKind.RUBRIK:
                stack = [level for level in stack if level < block.niva] + [block.niva]
                levelled.append(Block(block.kind, block.runs, min(len(stack), MAX_LEVEL)))
            else:
                levelled.append(block)
        return tuple(levelled)


def _trimmed(runs: list[Run]) -> tuple[Run, ...]:
    """Runs joined where their emphasis is the same, without white space at either end or doubled."""
    joined: list[Run] = []
    for run in runs:
        text = run.text.lstrip(" ") if not joined or joined[-1].text.endswith(" ") else run.text
        if joined and (run.stark, run.kursiv) == (joined[-1].stark, joined[-1].kursiv):
            joined[-1] = Run(joined[-1].text + text, run.stark, run.kursiv)
        elif text:
            joined.append(Run(text, run.stark, run.kursiv))
    while joined and not joined[-1].text.rstrip(" "):
        joined.pop()
    if joined:
        joined[-1] = Run(joined[-1].text.rstrip(" "), joined[-1].stark, joined[-1].kursiv)
    return tuple(joined)
