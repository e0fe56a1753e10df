"""What a person accepts with a reason: a requirement that is not met, or a difference between the statements."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Godtagande:
    """One acceptance. ``id``: what is accepted (``krav:r15-2``, ``avstamning:likvida_ib/utfall``); ``roll``: by whom, never a name."""

    id: str
    skal: str
    roll: str
    tid: str
