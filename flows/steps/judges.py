"""Processes that judge: where there are more workbooks than the rules judge at once, one process per core judges its share of them.

Each is an interpreter of our own (``python -m flows.steps.judges``), so it makes no difference what started this one. The rule engine is
imported there and not here, and each holds one share at a time, so that memory does not grow with the number of returns.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from itertools import chain
from multiprocessing.connection import Connection
from typing import Self, TypeVar

from adapters.contract_engine import ContractEngineError, warm_up
from flows.home import CHECKOUT
from flows.steps.judgement import Judgement, Measure, judge
from transforms.conversion import Converted

Job = tuple[Mapping[str, Converted], Measure]
Asked = TypeVar("Asked")


def judged_in_turn(jobs: Iterator[tuple[Asked, Job]], processes: int) -> Iterator[tuple[Asked, Judgement]]:
    """Each job's judgement beside what was asked for, in order: a single job's by this process, many by processes of their own.

    Raises:
        ContractEngineError: E102, the engine gave no clean answer, or a process ended without one.
    """
    first, second = next(jobs, None), next(jobs, None)
    if first is None:
        return
    if second is None:
        yield first[0], judge(*first[1])
        return
    with Judges(processes) as judges:
        yield from judges.in_turn(chain((first, second), jobs))


class Judges:
    """So many judging processes. Use as a context manager."""

    def __init__(self, processes: int) -> None:
        self._all = [_Judge() for _ in range(processes)]
        self._idle = deque(self._all)

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes' numbers."""
        return tuple(one.pid for one in self._all)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for one in self._all:
            one.end()

    def in_turn(self, jobs: Iterator[tuple[Asked, Job]]) -> Iterator[tuple[Asked, Judgement]]:
        """As ``judged_in_turn``; the jobs are made, and the judgements used, while the processes judge."""
        busy: deque[tuple[Asked, _Judge]] = deque()
        for asked, job in jobs:
            if not self._idle:
                yield self._answered(busy)
            one = self._idle.popleft()
            one.ask(job)
            busy.append((asked, one))
        while busy:
            yield self._answered(busy)

    def _answered(self, busy: deque[tuple[Asked, _Judge]]) -> tuple[Asked, Judgement]:
        asked, one = busy.popleft()
        self._idle.append(one)
        return asked, one.answer()


class _Judge:
    """One judging process and the line to it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        paths = [str(CHECKOUT), *filter(None, [os.environ.get("PYTHONPATH")])]
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "flows.steps.judges", str(theirs.fileno())],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        self._connection, self._is_ready = Connection(ours.detach()), False
        self.pid = self._process.pid

    def ready(self) -> None:
        if not self._is_ready:
            self._is_ready = bool(self._received())

    def ask(self, job: Job) -> None:
        self.ready()
        try:
            self._connection.send(job)
        except OSError as error:
            raise self._gone() from error

    def answer(self) -> Judgement:
        answer = self._received()
        if isinstance(answer, Judgement):
            return answer
        raise ContractEngineError(str(answer))

    def end(self) -> None:
        self._connection.close()
        self._process.kill()
        self._process.wait()

    def _received(self) -> object:
        try:
            return self._connection.recv()
        except (EOFError, OSError) as error:
            raise self._gone() from error

    def _gone(self) -> ContractEngineError:
        code = self._process.wait()
        return ContractEngineError(
            f"E102 kontrollen avslutades utan svar (utgångskod {code}). Kör om; händer det igen är minnet sannolikt slut."
        )


def serve(connection: Connection) -> None:
    """The process's life: judge what comes, until the line closes. What interrupts the closing ends it by ending the closing."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warm_up()
    connection.send("redo")
    while True:
        try:
            job = connection.recv()
        except EOFError:
            return
        try:
            answer: Judgement | str = judge(*job)
        except ContractEngineError as error:
            answer = str(error)
        connection.send(answer)


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])))
