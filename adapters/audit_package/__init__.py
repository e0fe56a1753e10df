"""The script that checks the package for revisorerna with Python's standard library alone; it lies in the package beside the files."""

from __future__ import annotations

from pathlib import Path


def verifier() -> bytes:
    """``verify.py``, as it lies in the package."""
    return (Path(__file__).parent / "verify.py").read_bytes()
