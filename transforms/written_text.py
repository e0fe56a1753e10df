"""Written text as it came from a person, in the only form that a report takes: headings, paragraphs, lists, and emphasis within them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class BlockKind(StrEnum):
    """What a block is."""

    RUBRIK = "rubrik"
    STYCKE = "stycke"
    PUNKT = "punkt"
    NUMMER = "nummer"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text with the same emphasis."""

    text: str
    stark: bool = False
    kursiv: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph or list item. ``niva``: of a heading 1–3 within its section, of a list item its depth from 1; else 0."""

    kind: BlockKind
    runs: tuple[Run, ...]
    niva: int = 0

    @property
    def text(self) -> str:
        """The block as plain text."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class WrittenText:
    """What a person has written for one section of a report.

    Attributes:
        sektion: id of the section it belongs to.
        block: its blocks in order; none when nothing was written.
        fil, sha256: the file it came from, and the hash of its bytes; '' when it came from a return.
        blad, cell: where in a return it stood; '' otherwise.
    """

    sektion: str
    block: tuple[Block, ...]
    fil: str = ""
    sha256: str = ""
    blad: str = ""
    cell: str = ""

    @property
    def text(self) -> str:
        """The whole as plain text, a line for each block."""
        return "\n".join(block.text for block in self.block)


def plain_written_text(
    text: str, sektion: str, *, fil: str = "", sha256: str = "", blad: str = "", cell: str = ""
) -> WrittenText:
    """Text of a cell as paragraphs: each line that is not empty is one; a line that begins with '- ' or '• ' is a list item.

    Example:
        >>> [block.kind.value for block in plain_written_text("Läget\\n- el\\n- vatten", "handelser").block]
        ['stycke', 'punkt', 'punkt']
    """
    blocks = []
    for line in text.splitlines():
        words = " ".join(line.split())
        if words[:2] in ("- ", "• ", "* "):
            blocks.append(Block(BlockKind.PUNKT, (Run(words[2:]),), 1))
        elif words:
            blocks.append(Block(BlockKind.STYCKE, (Run(words),)))
    return WrittenText(sektion, tuple(blocks), fil, sha256, blad, cell)
