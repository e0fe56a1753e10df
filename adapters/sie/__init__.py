"""SIE files, types 1–4 and 4I, revision 4B: read, written, and a line of the unchanged bytes read again.

Why a parser of our own: docs/beslut/ (SIE).
"""

from __future__ import annotations

from adapters.sie.coding import is_sie, line_of
from adapters.sie.reading import lines_sum, read_sie
from adapters.sie.writing import write_sie

__all__ = ["is_sie", "line_of", "lines_sum", "read_sie", "write_sie"]
