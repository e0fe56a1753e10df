"""An amount spread over parts by weights, with the largest remainder: whole öre that sum to exactly the amount."""

from __future__ import annotations

from collections.abc import Sequence

TOLFTEDELAR = (1,) * 12
"""The even key: as much every month."""


def spread(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Parts of ``total`` in proportion to the weights, each within one of its exact share, summing to it exactly.

    Each part is the share rounded towards zero; what is left goes, one at a time, to the parts with the largest remainder, the earlier
    first where they are equal. The sign of the total is that of every part.

    Source: largest remainder (Hamilton); docs/beslut/ (periodisering).
    Args:
        total: whole öre, either sign.
        weights: not negative, at least one above zero.
    Raises:
        ValueError: a weight is negative, or all are zero.
    Example:
        >>> spread(-100, (1, 1, 1))
        (-34, -33, -33)
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must not be negative, and not all zero")
    shares = [divmod(abs(total) * weight, whole) for weight in weights]
    left = abs(total) - sum(share for share, _ in shares)
    first = sorted(range(len(shares)), key=lambda place: (-shares[place][1], place))[:left]
    sign = -1 if total < 0 else 1
    return tuple(sign * (share + (place in first)) for place, (share, _) in enumerate(shares))
