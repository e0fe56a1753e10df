"""Reading in a process of its own gives the same as reading here, and whatever a file does to it ends as a finding."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest

from adapters.contract_files import load_contract, load_felkoder
from adapters.workbook_reader import child, read_workbook
from adapters.workbook_reader.child import MIB, Limits, ReadingFault, ReadingPool
from tests.workbook_examples import filled, repacked

ROOT = Path(__file__).parents[2]
DRIFT = "xl/worksheets/sheet2.xml"


@pytest.fixture
def pool():
    """Pools of reading processes with limits of one's own, ended afterwards."""
    pools = []

    def make(**limits):
        pools.append(ReadingPool(Limits(**limits)))
        return pools[-1]

    yield make
    for each in pools:
        each.close()


def job(content, name="retur.xlsx"):
    return content, name, load_contract("manadsretur"), load_felkoder()


def children():
    """Process ids of the reading processes that this one has started."""
    listed = set()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has just ended
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid() and b"adapters.workbook_reader" in (process / "cmdline").read_bytes():
                listed.add(int(process.name))
    return listed


@cache
def large():
    """As many cells as may be: some seconds of reading and some hundred MB, within every limit of the container."""
    chance = random.Random(3)
    rows = (
        b"<row>%b</row>" % b"".join(b"<c><v>%d</v></c>" % chance.getrandbits(40) for _ in range(100))
        for _ in range(2_900)
    )
    return repacked(change=[(DRIFT, lambda xml: xml.replace(b"</sheetData>", b"".join(rows) + b"</sheetData>", 1))])


def processor_seconds(process):
    """What a process has used so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("content", [filled(), b"", filled()[:-200], b"%PDF", repacked(drop=[DRIFT])])
def test_the_child_gives_what_reading_here_gives(pool, content):
    assert pool().read(*job(content)) == read_workbook(*job(content))


def test_the_process_is_kept_warm_and_replaced_after_its_files(pool):
    before = children()
    ours = pool(files=2)
    seen = []
    for _ in range(4):
        ours.warm_up()
        seen += children() - before
        ours.read(*job(filled()))
    assert seen[0] == seen[1] != seen[2] == seen[3]


def test_threads_read_at_the_same_time_each_in_a_process(pool):
    before, ours = children(), pool()
    with ThreadPoolExecutor(2) as threads:
        names = [f"{number}.xlsx" for number in range(8)]
        assert [retur.file for retur in threads.map(lambda name: ours.read(*job(filled(), name)), names)] == names
    assert 1 <= len(children() - before) <= 2


@pytest.mark.parametrize(
    ("limits", "content", "reason"),
    [
        ({"seconds": 1}, large, "den tog längre tid än 1 sekunder"),
        ({"memory": 200 * MIB}, large, "den tog mer minne än 200 MB"),
        ({"answer": 1000}, filled, "uppgifterna i den är orimligt många"),
    ],
)
def test_a_file_beyond_a_limit_is_a_finding_and_the_next_file_is_read(pool, limits, content, reason):
    ours = pool(**limits)
    (finding,) = ours.read(*job(content())).findings
    assert (finding.code, finding.file) == ("E134", "retur.xlsx")
    assert reason in finding.message
    assert [finding.code for finding in ours.read(*job(b"")).findings] == ["E111"]


def test_the_limits_are_the_agreed_ones():
    assert Limits() == Limits(memory=2048 * MIB, seconds=60, answer=256 * MIB, files=200)


def test_a_process_that_died_idle_costs_no_return(pool):
    before, ours = children(), pool()
    ours.read(*job(filled()))
    for process in children() - before:
        os.kill(process, signal.SIGKILL)
    assert ours.read(*job(filled())).findings == ()


def test_a_process_that_dies_twice_over_a_file_is_a_finding(pool):
    before, ours, ended = children(), pool(), threading.Event()
    ours.read(*job(filled()))
    started = max(processor_seconds(process) for process in children() - before)

    def kill():
        """End every process that has used three times what it takes to start one: it is then in the midst of the large file."""
        while not ended.wait(0.02):
            for process in children() - before:
                with contextlib.suppress(OSError):  # it has just ended
                    if processor_seconds(process) > 3 * started:
                        os.kill(process, signal.SIGSEGV)

    with ThreadPoolExecutor(1) as threads:
        killing = threads.submit(kill)
        try:
            retur = ours.read(*job(large()))
        finally:
            ended.set()
        killing.result()
    (finding,) = retur.findings
    assert finding.code == "E134"
    assert "utgångskod -11" in finding.message


def test_a_process_that_cannot_start_is_the_systems_fault_not_the_files(pool, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(ReadingFault, match=r"^E910 .*utgångskod 1.*inte i någon retur\.$"):
        pool().read(*job(filled()))


PROGRAM = """
from pathlib import Path
from adapters.contract_files import load_contract, load_felkoder
from adapters.workbook_reader.child import read_workbook_safely
retur = read_workbook_safely(Path("retur.xlsx").read_bytes(), "retur.xlsx", load_contract("manadsretur"), load_felkoder())
print(retur.sha256, len(retur.tables))
"""


@pytest.mark.parametrize("way", ["stdin", "script", "-c"])
def test_it_makes_no_difference_how_the_parent_was_started_nor_where(tmp_path, way):
    (tmp_path / "retur.xlsx").write_bytes(filled())
    (tmp_path / "program").write_text(PROGRAM)
    (tmp_path / "adapters").mkdir()
    (tmp_path / "adapters" / "__init__.py").write_text("raise SystemExit('en annan mapp')")
    arguments = {"stdin": ["-"], "script": ["program"], "-c": ["-c", PROGRAM]}[way]
    ran = subprocess.run(
        [sys.executable, "-P", "-W", "error", *arguments], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        input=PROGRAM, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    here = read_workbook(*job(filled()))
    assert (ran.stdout, ran.stderr) == (f"{here.sha256} {len(here.tables)}\n", "")


def test_the_child_ends_with_its_parent(tmp_path):
    program = (
        PROGRAM
        + "import os, sys\nprint(child._POOL._idle[0]._process.pid)\nsys.stdout.flush()\nos.kill(os.getpid(), 9)\n"
    )
    (tmp_path / "retur.xlsx").write_bytes(filled())
    ran = subprocess.run(
        [sys.executable, "-c", "from adapters.workbook_reader import child\n" + program],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    process = Path("/proc") / ran.stdout.split()[-1]
    for _ in range(100):
        if not process.exists() or "Z" in (process / "stat").read_text().rpartition(")")[2].split()[0]:
            break
        time.sleep(0.05)
    else:
        pytest.fail("läsprocessen lever vidare utan den som startade den")


def test_the_module_s_own_pool_is_one(pool):
    assert child.read_workbook_safely(*job(filled())) == read_workbook(*job(filled()))
