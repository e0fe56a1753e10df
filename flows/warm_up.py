"""What a closing on the terminal does for its own speed: it collects garbage rarely, and starts what it will need before it needs it."""

from __future__ import annotations

import atexit
import gc
import threading

from flows.home import Hem


def collect_garbage_rarely() -> None:
    """Spare the collector the modules and frames of a closing, which live to its end: a fifth of the imports, and seconds at the exit."""
    gc.set_threshold(200_000, 50, 50)
    atexit.register(gc.freeze)


def warm_up(hem: Hem) -> None:
    """Start the reading and rendering processes and import the contract engine, while the caller waits for Prefect."""
    threading.Thread(target=_warm, args=(hem,), daemon=True).start()


def _warm(hem: Hem) -> None:
    from adapters import contract_engine
    from adapters.workbook_reader import child
    from flows.workers import render_pool

    child.warm_up(hem.processer)
    render_pool(hem.processer)
    contract_engine.warm_up()
