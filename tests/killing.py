"""A process of its own that is killed by SIGKILL at a chosen call, so that nothing of it is tidied up."""

from __future__ import annotations

import os
import signal
import warnings
from collections.abc import Callable
from typing import Any, Literal


def killed(owner: Any, name: str, when: Literal["before", "after"], turn: int, run: Callable[[], object]) -> bool:
    """Fork, and run there until the ``turn``:th call of ``owner.name``: die before it, or when it has returned. True when it died so.

    Whether the call belongs to a class or to a module makes no difference; this process is left as it was.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        try:
            setattr(owner, name, _deadly(getattr(owner, name), when, turn))
            run()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def _deadly(original: Callable[..., Any], when: str, turn: int) -> Callable[..., Any]:
    calls = iter(range(1, 10_000))

    def deadly(*args: Any, **options: Any) -> Any:
        last = next(calls) == turn
        if last and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*args, **options)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return deadly
