"""A pool of warm worker processes for rendering: one per core, replaced when it has grown too large.

Workers are forked from a server that has already imported the engines, so a new one costs milliseconds. Results come in
the order of the jobs. A worker that dies is an error of the report it had, never a wait.
"""

from __future__ import annotations

import contextlib
import gc
import itertools
import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import TYPE_CHECKING, Self

from adapters.rendering.errors import RenderingError
from transforms.view_types import Lage, Rapport

if TYPE_CHECKING:
    from adapters.rendering import RenderedReport

_Job = tuple[Rapport, Lage]
_PRELOAD = ["adapters.rendering.html", "adapters.rendering.appendix", "adapters.rendering.pdf"]
_STOP_SECONDS = 10.0


def _resident_mb() -> int:
    """The memory that this process holds now (VmRSS), in MB."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) // 1024
    return 0


def _work(connection: Connection) -> None:
    """A worker's life: render what comes, answer with result or error and the memory held, end at None."""
    from adapters.rendering import render_report

    _collect_garbage_rarely()
    while (job := connection.recv()) is not None:
        rapport, lage = job
        answer: RenderedReport | RenderingError
        try:
            answer = render_report(rapport, lage)
        except RenderingError as error:
            answer = error
        except Exception as error:  # noqa: BLE001 - whatever it is, the parent must hear of it
            answer = RenderingError("R107", rapport.id, f"oväntat fel i renderingen: {error!r}")
        connection.send((answer, _resident_mb()))


def _collect_garbage_rarely() -> None:
    """Layout makes very many small objects: looking through them all, and the engines' own, often takes a sixth of the time."""
    gc.freeze()
    gc.set_threshold(200_000, 50, 50)


@dataclass
class _Worker:
    """A process, the line to it, and the job that it has: its place in the order and the report's id."""

    process: ForkServerProcess
    connection: Connection
    place: int = -1
    report: str = ""

    def stop(self) -> None:
        """Lets an idle worker end by itself, and ends a busy one."""
        if self.place < 0:
            with contextlib.suppress(OSError):
                self.connection.send(None)
            self.process.join(_STOP_SECONDS)
        if self.process.is_alive():
            self.process.kill()
        self.process.join()
        self.connection.close()


class _Ahead:
    """Jobs, some of which are asked for before there is a worker for them: a view takes time to build."""

    def __init__(self, jobs: Iterable[_Job]) -> None:
        self._jobs = iter(jobs)
        self._fetched: deque[_Job] = deque()

    def fetch(self, number: int) -> bool:
        """Asks for as many as it takes to have that number at hand; False when there are not so many left."""
        self._fetched.extend(itertools.islice(self._jobs, max(0, number - len(self._fetched))))
        return len(self._fetched) >= number

    def take(self) -> _Job:
        """The next one, which has been fetched."""
        return self._fetched.popleft()


@dataclass
class RenderPool:
    """Renders many reports on all cores. Use as a context manager.

    Attributes:
        workers: number of processes; one per core when None.
        recycle_mb: a worker that holds more than this after a report is replaced by a fresh one. A report adds 50–130 MB, so that
            none comes over 450.
    """

    workers: int | None = None
    recycle_mb: int = 320
    recycled: int = field(default=0, init=False)
    _idle: list[_Worker] = field(default_factory=list, init=False, repr=False)
    _context: ForkServerContext = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(_PRELOAD)
        self._size = self.workers or len(os.sched_getaffinity(0))

    def __enter__(self) -> Self:
        """Starts the workers, without waiting: the engines are imported while the caller does something else."""
        self._idle.extend(self._start() for _ in range(self._size))
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._idle:
            worker.stop()
        self._idle.clear()

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_work, args=(theirs,), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def _give(self, place: int, job: _Job) -> _Worker:
        """Hands a job to an idle worker, or to a new one when none is idle or the idle one has died meanwhile."""
        while self._idle:
            worker = self._idle.pop()
            try:
                worker.connection.send(job)
            except OSError:
                worker.stop()
                continue
            worker.place, worker.report = place, job[0].id
            return worker
        worker = self._start()
        worker.place, worker.report = place, job[0].id
        with contextlib.suppress(OSError):  # a worker that could not even start answers with its end
            worker.connection.send(job)
        return worker

    def _take(self, worker: _Worker) -> RenderedReport | RenderingError:
        """What a worker answers. It is idle again, or replaced when it has grown too large; a dead one answers R106."""
        try:
            answer, resident_mb = worker.connection.recv()
        except (EOFError, OSError):
            worker.stop()
            return RenderingError(
                "R106",
                worker.report,
                f"renderingsprocessen avslutades utan svar (utgångskod {worker.process.exitcode}). "
                "Kör om; om det händer igen är minnet sannolikt slut.",
            )
        worker.place = -1
        if resident_mb > self.recycle_mb:
            self.recycled += 1
            worker.stop()
        else:
            self._idle.append(worker)
        return answer

    def render(self, jobs: Iterable[_Job]) -> Iterator[RenderedReport]:
        """The reports in the order of the jobs, each of which is asked for while the workers are at those before it.

        Raises:
            RenderingError: at the place of the first report that failed; it names the report.
        """
        waiting = _Ahead(jobs)
        busy: dict[Connection, _Worker] = {}
        done: dict[int, RenderedReport | RenderingError] = {}
        turn = 0
        places = itertools.count()
        try:
            while True:
                while len(busy) < self._size and waiting.fetch(1):
                    worker = self._give(next(places), waiting.take())
                    busy[worker.connection] = worker
                if not busy:
                    return
                for number in range(1, self._size + 1):
                    if not waiting.fetch(number) or wait(busy, timeout=0):
                        break
                for connection in [connection for connection in wait(busy) if connection in busy]:
                    worker = busy.pop(connection)
                    place = worker.place
                    done[place] = self._take(worker)
                while turn in done:
                    answer = done.pop(turn)
                    if isinstance(answer, RenderingError):
                        raise answer
                    yield answer
                    turn += 1
        finally:
            for worker in busy.values():
                worker.stop()
