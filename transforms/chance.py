"""Numbers that look drawn but follow from a seed and words: for made-up examples, the same every time and in any order."""

from __future__ import annotations

import zlib


def chance(seed: int, *words: str) -> int:
    """A whole number from 0 to 2³² − 1."""
    return zlib.crc32("|".join((str(seed), *words)).encode())


def drawn(seed: int, lowest: int, highest: int, *words: str) -> int:
    """A whole number from ``lowest`` to ``highest``, both included."""
    return lowest + chance(seed, *words) % (highest - lowest + 1)
