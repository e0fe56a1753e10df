"""What Prefect is told before it is imported: offline, no telemetry, its files in the kommun's home, and a server started by itself.

An address in PREFECT_API_URL (a server that IT keeps) is left as it is.
"""

from __future__ import annotations

import os

from flows.home import Hem

_ALWAYS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
    "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
}


def prepare_prefect(hem: Hem, log_level: str = "CRITICAL") -> None:
    """Set Prefect's environment for this process and those it starts. Must run before ``import prefect``.

    Args:
        log_level: the least grave of Prefect's own (English) lines that is written; on the terminal our own messages say it all.
    """
    for name, value in _ALWAYS.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", log_level)
    os.environ.setdefault("PREFECT_HOME", str(hem.path / ".prefect"))
