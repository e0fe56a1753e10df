"""How tasks that touch the world are tried again, and when that may help."""

from __future__ import annotations

from typing import Any

from prefect import Task
from prefect.client.schemas.objects import State, TaskRun

from flows.faults import code_of

_MAY_PASS = ("", "E903", "E906", "E911")
"""Codes of what may be over in a moment: an inbox or the database out of reach; '' is what the world raises without a code."""


def may_pass(task: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:
    """True when trying again may help. What has another code of ours is the same the next time."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, Exception) and code_of(error) in _MAY_PASS


RETRIES: dict[str, Any] = {"retries": 2, "retry_delay_seconds": [5, 30], "retry_condition_fn": may_pass}
"""Options of a task that touches the world."""
