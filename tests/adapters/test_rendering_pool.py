"""The pool of worker processes: order, errors, recycling, death."""

import dataclasses
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from adapters.rendering import RenderingError, RenderPool, render_report
from tests.sample_report import sample_report, sample_state
from transforms.view_types import Sektion

ROOT = Path(__file__).resolve().parents[2]


def small(name: str, **changes):
    """A report of one page."""
    return dataclasses.replace(
        sample_report(), id=name, nyckeltal=(), spar=(), sektioner=(Sektion("a", f"Avsnitt {name}"),), **changes
    )


@pytest.fixture(scope="module")
def pool():
    with RenderPool(workers=2) as pool:
        yield pool


def children_of(pool):
    return [worker.process.pid for worker in pool._idle]


def test_reports_come_in_order_and_are_the_same_as_without_a_pool(pool):
    jobs = [(sample_report(), sample_state()), *((small(f"r{number}"), sample_state()) for number in range(6))]
    rendered = list(pool.render(jobs))
    assert rendered[0] == render_report(*jobs[0])
    assert [part.html.count(f"Avsnitt r{number}".encode()) > 0 for number, part in enumerate(rendered[1:])] == [
        True
    ] * 6
    assert len(children_of(pool)) == 2


def test_no_jobs_give_no_reports(pool):
    assert list(pool.render([])) == []


def test_the_next_report_is_asked_for_before_there_is_a_worker_for_it():
    asked = []

    def jobs():
        for number in range(4):
            asked.append(number)
            yield small(f"r{number}"), sample_state()

    with RenderPool(workers=1) as pool:
        results = pool.render(jobs())
        next(results)
        assert asked == [0, 1]
        assert len(list(results)) == 3


def test_workers_start_with_the_pool():
    with RenderPool(workers=2) as pool:
        assert len(children_of(pool)) == 2


def test_workers_stay_warm(pool):
    list(pool.render([(small("a"), sample_state()), (small("b"), sample_state())]))
    before = set(children_of(pool))
    list(pool.render([(small("c"), sample_state())]))
    assert set(children_of(pool)) == before


def test_an_error_names_its_report_and_comes_at_its_place(pool):
    jobs = [
        (small("bra"), sample_state()),
        (small("ful", accentfarg="#ffff00"), sample_state()),
        (small("sen"), sample_state()),
    ]
    results = pool.render(jobs)
    assert b"Avsnitt bra" in next(results).html
    with pytest.raises(RenderingError, match=r"^R102 ful: ") as caught:
        next(results)
    assert (caught.value.code, caught.value.report) == ("R102", "ful")
    assert b"Avsnitt igen" in next(pool.render([(small("igen"), sample_state())])).html


def test_an_unforeseen_error_in_a_worker_is_told(pool):
    broken = dataclasses.replace(small("trasig"), sektioner=(None,))
    with pytest.raises(RenderingError, match=r"^R107 trasig: oväntat fel"):
        list(pool.render([(broken, sample_state())]))


def test_a_killed_worker_is_an_error_and_not_a_wait():
    with RenderPool(workers=1) as pool:
        list(pool.render([(small("a"), sample_state())]))
        pid = children_of(pool)[0]
        os.kill(pid, signal.SIGSTOP)
        results = pool.render([(small("offret"), sample_state())])
        threading.Timer(1, os.kill, (pid, signal.SIGKILL)).start()
        began = time.monotonic()
        with pytest.raises(RenderingError, match=r"^R106 offret: .*utgångskod -9"):
            next(results)
        assert time.monotonic() - began < 30
        assert b"Avsnitt nasta" in next(pool.render([(small("nasta"), sample_state())])).html


def test_a_worker_that_died_while_idle_is_replaced():
    with RenderPool(workers=1) as pool:
        list(pool.render([(small("a"), sample_state())]))
        worker = pool._idle[0]
        os.kill(worker.process.pid, signal.SIGKILL)
        worker.process.join()
        assert b"Avsnitt b" in next(pool.render([(small("b"), sample_state())])).html


def test_a_worker_over_the_limit_is_replaced_and_nothing_is_lost():
    with RenderPool(workers=1, recycle_mb=1) as pool:
        rendered = list(pool.render([(small(f"r{number}"), sample_state()) for number in range(3)]))
        assert pool.recycled == 3
        assert children_of(pool) == []
    assert len(rendered) == 3


def test_jobs_are_taken_as_workers_get_free_not_all_at_once(pool):
    taken = []

    def jobs():
        for number in range(8):
            taken.append(number)
            yield small(f"r{number}"), sample_state()

    results = pool.render(jobs())
    next(results)
    assert len(taken) < 8
    results.close()
    assert len(list(pool.render([(small("efter"), sample_state())]))) == 1


def test_leaving_the_pool_ends_its_processes():
    with RenderPool(workers=2) as pool:
        list(pool.render([(small("a"), sample_state()), (small("b"), sample_state())]))
        processes = [worker.process for worker in pool._idle]
    assert [process.exitcode for process in processes] == [0] * len(processes)


def test_it_works_from_a_plain_script(tmp_path):
    script = tmp_path / "skript"
    script.write_text(
        "import sys\n"
        "from adapters.rendering import RenderPool\n"
        "from tests.sample_report import sample_report, sample_state\n"
        "if __name__ == '__main__':\n"
        "    with RenderPool(workers=1) as pool:\n"
        "        print(len(next(pool.render([(sample_report(), sample_state())])).pdf))\n",
        encoding="utf-8",
    )
    run = subprocess.run(
        [sys.executable, str(script)], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) > 10_000
