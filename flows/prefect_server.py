"""A Prefect server of our own for the schedules: the one that Prefect starts by itself has no scheduler, so no run would ever come."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from flows.home import Hem
from flows.terminal import PROGRESS

_START_SECONDS = 180
_STOP_SECONDS = 20


class ServerFel(RuntimeError):
    """E909: the Prefect server did not start. The message is Swedish and names its log."""


@contextmanager
def prefect_server(hem: Hem) -> Iterator[str]:
    """The address of a Prefect server with its scheduler running; it ends with the context.

    One that PREFECT_API_URL names is used as it is. Must be entered before ``import prefect``, with the environment prepared.

    Raises:
        ServerFel: E909, it did not answer in time.
    """
    named = os.environ.get("PREFECT_API_URL")
    if named:
        yield named
        return
    port = _free_port()
    log = hem.path / "logg" / "prefect-server.txt"
    log.parent.mkdir(exist_ok=True)
    command = [
        sys.executable,
        "-m",
        "prefect",
        "server",
        "start",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-ui",
    ]
    with log.open("ab") as said:
        # A session of its own: Ctrl-C reaches us alone, and the server lives until the schedules are paused.
        server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True)
        try:
            with PROGRESS.step("Startar Prefects server"):
                _await(server, port, str(log))
            os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{port}/api"
            yield os.environ["PREFECT_API_URL"]
        finally:
            os.environ.pop("PREFECT_API_URL", None)
            _stop(server)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(server: subprocess.Popen[bytes], port: int, log: str) -> None:
    give_up = time.monotonic() + _START_SECONDS
    while server.poll() is None and time.monotonic() < give_up:
        if _answers(port):
            return
        time.sleep(0.2)
    raise ServerFel(f"E909 Prefects server startade inte. Läs {log}, rätta det som står sist och kör igen.")


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _stop(server: subprocess.Popen[bytes]) -> None:
    """End the server and all that it started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(server.pid, number)
        with suppress(subprocess.TimeoutExpired):
            server.wait(_STOP_SECONDS)
            return
