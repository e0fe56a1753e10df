"""The process-wide pool of render workers: started early, kept warm over closings, closed with the process."""

from __future__ import annotations

import atexit
from functools import cache

from adapters.rendering import RenderPool


@cache
def render_pool(processes: int) -> RenderPool:
    """The one pool of this process with that many workers; the first call starts it."""
    pool = RenderPool(processes)
    pool.__enter__()
    atexit.register(pool.__exit__, None, None, None)
    return pool
