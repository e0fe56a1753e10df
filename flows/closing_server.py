"""The Prefect server of a closing, as a program of its own: ``python -m flows.closing_server PORT``. Ends at SIGTERM.

It is the temporary server that Prefect would start by itself, without what a closing never uses, and with few garbage collections while
its many modules are imported (a fifth of the time).
"""

from __future__ import annotations

import gc
import os
import sys

_TEMPORARY = {
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT__SERVER_FINAL": "1",
    "PREFECT_UI_ENABLED": "false",
    "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
}


def main(port: int) -> None:
    """Serve Prefect's interface on this machine alone."""
    os.environ.update(_TEMPORARY)
    gc.set_threshold(200_000, 50, 50)
    import uvicorn

    uvicorn.run("prefect.server.api.server:create_app", factory=True, host="127.0.0.1", port=port, log_level="error")


if __name__ == "__main__":
    main(int(sys.argv[1]))
