"""Which version of a return counts, and why, in a sentence for receipts, the board and the reports' underlag."""

from __future__ import annotations

import datetime as dt


def counting_sentence(version: int, newest: int, choice: tuple[str, dt.date, str] | None) -> str:
    """Why a version counts; '' when there is just one accepted.

    Args:
        version: the one that counts; ``newest``: the newest accepted one.
        choice: role, day and reason of whoever chose it; None when nobody did.

    Example:
        >>> counting_sentence(2, 2, None), counting_sentence(1, 1, None)
        ('Version 2 räknas: den är den nyaste godkända.', '')
        >>> counting_sentence(1, 2, ("Controller", dt.date(2026, 5, 12), "fel fil"))
        'Version 1 räknas i stället för version 2: vald av Controller 2026-05-12. Skäl: fel fil'
    """
    if choice is not None:
        role, day, reason = choice
        return (
            f"Version {version} räknas i stället för version {newest}: vald av {role} {day.isoformat()}. Skäl: {reason}"
        )
    return f"Version {version} räknas: den är den nyaste godkända." if version > 1 else ""
