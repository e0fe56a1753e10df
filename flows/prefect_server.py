"""Prefect servers of our own, one process each on a free port of this machine.

A closing needs the interface alone. The schedules need the scheduler too, which the server that Prefect would start by itself also lacks:
no run would ever come. Ours is started before anything of Prefect is imported, so that the two load side by side.
"""

from __future__ import annotations

import atexit
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache

from flows.home import CHECKOUT, Hem
from flows.terminal import PROGRESS

_START_SECONDS = 180
_STOP_SECONDS = 20
_WITH_SCHEDULER = ("prefect", "server", "start", "--no-ui", "--host", "127.0.0.1", "--port")
_INTERFACE_ALONE = ("flows.closing_server",)


class ServerFel(RuntimeError):
    """E909: the Prefect server did not start. The message is Swedish and names its log."""


class PrefectServer:
    """A server on its way up. ``address`` holds from the start; nothing answers there before ``wait`` has returned."""

    def __init__(self, hem: Hem, command: tuple[str, ...]) -> None:
        self._port = _free_port()
        self._log = hem.path / "logg" / "prefect-server.txt"
        self._log.parent.mkdir(exist_ok=True)
        self.address = f"http://127.0.0.1:{self._port}/api"
        with self._log.open("ab") as said:
            # A session of its own: Ctrl-C reaches us alone, and the server lives until we are done.
            self._process = subprocess.Popen(
                [sys.executable, "-m", *command, str(self._port)],
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Return when it answers.

        Raises:
            ServerFel: E909, it did not in time, or ended.
        """
        give_up = time.monotonic() + _START_SECONDS
        while self._process.poll() is None and time.monotonic() < give_up:
            if self._answers():
                return
            time.sleep(0.05)
        raise ServerFel(f"E909 Prefects server startade inte. Läs {self._log}, rätta det som står sist och kör igen.")

    def stop(self) -> None:
        """End the server and all that it started."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOP_SECONDS)
                return

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=5)
        try:
            connection.request("GET", "/api/health")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


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
    server = PrefectServer(hem, _WITH_SCHEDULER)
    try:
        with PROGRESS.step("Startar Prefects server"):
            server.wait()
        os.environ["PREFECT_API_URL"] = server.address
        yield server.address
    finally:
        os.environ.pop("PREFECT_API_URL", None)
        server.stop()


@cache
def closing_server(hem: Hem) -> PrefectServer | None:
    """A server for the closings of this process: starting when first asked for, stopped with the process.

    None when PREFECT_API_URL names one. Must be called before ``import prefect``, with the environment prepared.
    """
    if os.environ.get("PREFECT_API_URL"):
        return None
    server = PrefectServer(hem, _INTERFACE_ALONE)
    os.environ["PREFECT_API_URL"] = server.address
    atexit.register(server.stop)
    return server


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
