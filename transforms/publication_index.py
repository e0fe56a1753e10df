"""The index of what is published: the reports by period, as rows for a page and for a machine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Indexpost:
    """One published report in its newest published version. Its files are ``PERIOD/ID.html``, ``.pdf`` and ``.xlsx``."""

    rapport_id: str
    titel: str
    period: str
    period_text: str
    version: int
    tillstand: str
    innehallshash: str

    @property
    def adress(self) -> str:
        """Where it lies, without ending."""
        return f"{self.period}/{self.rapport_id}"


def by_period(poster: Sequence[Indexpost]) -> tuple[tuple[str, tuple[Indexpost, ...]], ...]:
    """The reports under the text of their period, newest period first, in the order given within it."""
    periods = sorted({(post.period, post.period_text) for post in poster}, reverse=True)
    return tuple((text, tuple(post for post in poster if post.period == period)) for period, text in periods)


def index_json(poster: Sequence[Indexpost]) -> str:
    """The index for a machine; the same reports give the same text."""
    rows = sorted(poster, key=lambda post: (post.period, post.rapport_id), reverse=True)
    return json.dumps([asdict(post) for post in rows], ensure_ascii=False, indent=1, sort_keys=True) + "\n"
