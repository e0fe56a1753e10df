"""Numbers and sentences of views: the parts that every other part is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tal:
    """A printed number.

    Attributes:
        text: as printed, with U+2212, NBSP and decimal comma; 'uppgift saknas' when the figure is missing; 'ej tillämpligt' when its
            sender said so; '' where there is no figure.
        figure_id: the figure it shows; '' where there is none.
        saknas: True when the figure is missing.
        ore: the exact value (öre or the volume's smallest unit) for charts and the xlsx; None when missing.
        decimaler: decimals of a volume's ``ore``; 2 for amounts.
    """

    text: str
    figure_id: str = ""
    saknas: bool = False
    ore: int | None = None
    decimaler: int = 2


@dataclass(frozen=True, slots=True)
class Mening:
    """A generated sentence: plain text and numbers in order."""

    delar: tuple[str | Tal, ...]

    @property
    def text(self) -> str:
        """The sentence as plain text."""
        return "".join(part if isinstance(part, str) else part.text for part in self.delar)
