"""Reading in a process of its own, with limits of memory and time: no file can take the closing down with it.

The process is started once and kept warm over files: its libraries cost more to import than a return to read. It is an interpreter of
our own (``python -m adapters.workbook_reader``), so it makes no difference what started the parent: console script, pytest or Prefect.
"""

from __future__ import annotations

import atexit
import gc
import hashlib
import os
import pickle
import resource
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from adapters.workbook_reader import read_book, read_workbook
from data_contracts.contract import Contract
from data_contracts.felkoder import Felkod
from transforms.raw_retur import RawBook, RawRetur

MIB = 1024 * 1024
_ROOT = Path(__file__).resolve().parents[2]
_OUT_OF_MEMORY, _TOO_MUCH = 75, 76
"""Exit codes by which the process tells why it gave no answer; what has no memory left can't tell it otherwise."""


_RETUR, _BOK = "retur", "bok"
_JOBS: Mapping[str, Callable[..., RawRetur | RawBook]] = {_RETUR: read_workbook, _BOK: read_book}
"""What the process can be asked for."""


class ReadingFault(RuntimeError):
    """The reading process can't be started: a fault in the system, never a file's. The message is Swedish, with its code."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one reading process may use.

    Attributes:
        memory: bytes of address space.
        seconds: whole seconds of wall clock per file.
        answer: bytes that what was read may take, on its way back.
        files: how many files before the process is replaced by a fresh one.
    """

    memory: int = 2048 * MIB
    seconds: int = 60
    answer: int = 256 * MIB
    files: int = 200


@dataclass(frozen=True, slots=True)
class _Stopped:
    """Why a file was not read to the end: in Swedish, without a full stop. ``again``: another try may end otherwise."""

    orsak: str
    again: bool = False


def _why(outcome: RawRetur | RawBook | _Stopped) -> str:
    return outcome.orsak if isinstance(outcome, _Stopped) else ""


class ReadingPool:
    """Reading processes kept warm: as many as there are threads that read at the same time, started when needed."""

    def __init__(self, limits: Limits = Limits()) -> None:
        self._limits = limits
        self._idle: list[_Process] = []
        self._lock = threading.Lock()
        os.register_at_fork(after_in_child=self._forget)

    def read(self, content: bytes, file_name: str, contract: Contract, felkoder: Mapping[str, Felkod]) -> RawRetur:
        """As ``read_workbook``; a file that breaks the limits, or the process, is refused with E134.

        A process that dies without a word may have been killed for another's memory, so the file gets a second one.

        Raises:
            ReadingFault: E910 the process can't be started.
        """
        outcome = self._outcome((_RETUR, content, file_name, contract, dict(felkoder)))
        if isinstance(outcome, RawRetur):
            return outcome
        finding = felkoder["E134"].finding(file=file_name, orsak=_why(outcome))
        return RawRetur(file_name, hashlib.sha256(content).hexdigest(), (), (finding,))

    def read_book(self, content: bytes, file_name: str, felkoder: Mapping[str, Felkod]) -> RawBook:
        """As ``adapters.workbook_reader.read_book``, within the same limits as ``read``."""
        outcome = self._outcome((_BOK, content, file_name, dict(felkoder)))
        if isinstance(outcome, RawBook):
            return outcome
        finding = felkoder["E134"].finding(file=file_name, orsak=_why(outcome))
        return RawBook(file_name, hashlib.sha256(content).hexdigest(), {}, (finding,))

    def _outcome(self, job: tuple[Any, ...]) -> RawRetur | RawBook | _Stopped:
        outcome: RawRetur | RawBook | _Stopped = _Stopped("", again=True)
        for _ in range(2):
            if isinstance(outcome, _Stopped) and outcome.again:
                process = self._take()
                outcome = process.read(job)
                self._give_back(process)
        return outcome

    def warm_up(self, processes: int = 1) -> None:
        """Start so many processes now, without waiting for them: they import while the caller does something else."""
        for process in [self._take() for _ in range(processes)]:
            self._give_back(process)

    def close(self) -> None:
        """End the idle processes."""
        with self._lock:
            idle, self._idle = self._idle, []
        for process in idle:
            process.end()

    def _take(self) -> _Process:
        with self._lock:
            return self._idle.pop() if self._idle else _Process(self._limits)

    def _give_back(self, process: _Process) -> None:
        if process.left > 0:
            with self._lock:
                self._idle.append(process)
        else:
            process.end()

    def _forget(self) -> None:
        """In a forked copy of this program the processes are not ours to talk with."""
        for process in self._idle:
            process.connection.close()
        self._idle, self._lock = [], threading.Lock()


class _Process:
    """One reading process and the line to it. ``left``: how many more files it may read."""

    def __init__(self, limits: Limits) -> None:
        self.left = limits.files
        self._limits, self._is_ready = limits, False
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "adapters.workbook_reader",
                 *map(str, (theirs.fileno(), limits.memory, limits.seconds, limits.answer))],
                env=_environment(), pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            )  # fmt: skip
        self.connection = Connection(ours.detach())

    def read(self, job: tuple[Any, ...]) -> RawRetur | RawBook | _Stopped:
        """What the process read, or why it ended without an answer."""
        self.left -= 1
        try:
            if not self._is_ready:
                self._is_ready = bool(self.connection.recv())
            self.connection.send(job)
            answer: RawRetur | RawBook = self.connection.recv()
        except (EOFError, OSError):
            return self._ended()
        return answer

    def end(self) -> None:
        """Let the process go. It ends by itself when its line closes; one that does not is ended."""
        self.connection.close()
        try:
            self._process.wait(1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _ended(self) -> _Stopped:
        self.left = 0
        self.end()
        code = self._process.returncode
        if not self._is_ready:
            raise ReadingFault(
                f"E910 Läsningen av arbetsböcker går inte att starta (utgångskod {code}). "
                "Felet ligger i programmet eller i datorns minne, inte i någon retur."
            )
        reasons = {
            -signal.SIGALRM: f"den tog längre tid än {self._limits.seconds} sekunder",
            _OUT_OF_MEMORY: f"den tog mer minne än {self._limits.memory // MIB} MB",
            _TOO_MUCH: "uppgifterna i den är orimligt många",
        }
        if code in reasons:
            return _Stopped(reasons[code])
        return _Stopped(f"läsningen avslutades i förtid (utgångskod {code})", again=True)


def _environment() -> dict[str, str]:
    """The parent's, with our own code first, and numerical libraries that start no threads (each takes address space)."""
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def serve(connection: Connection, memory: int, seconds: int, answer: int) -> None:
    """The process's life: read what comes within the limits and answer, until the line closes.

    The clock is the kernel's alarm, which ends the process also where Python code would not get to run, and when nobody is left to end it.
    Garbage is collected between files: in the midst of one it takes a third of the time.
    """
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    gc.disable()
    connection.send("redo")
    try:
        while True:
            job = connection.recv()
            signal.alarm(seconds)
            packed = pickle.dumps(_JOBS[job[0]](*job[1:]), pickle.HIGHEST_PROTOCOL)
            if len(packed) > answer:
                os._exit(_TOO_MUCH)
            connection.send_bytes(packed)
            signal.alarm(0)
            del job, packed
            gc.collect()
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


_POOL = ReadingPool()
atexit.register(_POOL.close)
read_workbook_safely = _POOL.read
read_book_safely = _POOL.read_book
warm_up = _POOL.warm_up
