"""The real command, as a new user runs it: a whole closing, then a second run that changes nothing. And nothing calls out."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.home import CHECKOUT

GUARD = """
import os, sys

def _seen(event, args, log=os.environ["RT_GUARD"]):
    if event == "socket.connect" and isinstance(args[1], tuple):
        host = str(args[1][0])
    elif event == "socket.getaddrinfo":
        host = args[0].decode() if isinstance(args[0], bytes) else str(args[0])
    else:
        return
    home = host in ("localhost", "::1", "None", "") or host.startswith("127.") or host == os.uname().nodename
    with open(log, "a") as file:
        file.write(f"{'hemma' if home else 'UT'} {host} {sys.argv[:1]}\\n")
    if not home:
        raise OSError(f"utgående anslutning till {host}")

sys.addaudithook(_seen)
with open(os.environ["RT_GUARD"], "a") as file:
    file.write(f"vakt {' '.join(sys.orig_argv)}\\n")
"""
"""Runs at the start of every Python process of the command: notes each address, and refuses those outside the machine."""


@dataclass(frozen=True)
class Run:
    """One run of the command, and what lay in the home after it."""

    code: int
    out: str
    err: str
    files: dict[str, str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def runs(folder: Path) -> tuple[Run, Run]:
    """``rodatraden demo`` twice in a folder of its own, watched."""
    (folder / "vakt").mkdir()
    (folder / "vakt" / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "DO_NOT_TRACK", "GX_"))
    }
    environment |= {"PYTHONPATH": f"{folder / 'vakt'}:{CHECKOUT}", "RT_GUARD": str(folder / "vakt.txt")}

    def demo() -> Run:
        done = subprocess.run(
            [sys.executable, "-m", "flows.cli", "demo", "--mapp", str(folder / "hem")],
            cwd=folder, env=environment, capture_output=True, text=True, timeout=400, check=False,
        )  # fmt: skip
        files = {
            str(path.relative_to(folder)): f"{hashlib.sha256(path.read_bytes()).hexdigest()} {path.stat().st_mtime_ns}"
            for part in ("inkorg", "utkast", "lager/objekt")
            for path in sorted((folder / "hem" / part).rglob("*"))
            if path.is_file()
        }
        return Run(done.returncode, done.stdout, done.stderr, files)

    return demo(), demo()


def test_demo_closes_the_month_and_says_where_the_reports_are_and_what_took_time(
    runs: tuple[Run, Run], folder: Path
) -> None:
    first, _ = runs
    assert first.code == 0, first.err
    assert re.search(r"^Returer: (\d+) av \1 förvaltningar\. Fynd: ", first.out, re.MULTILINE)
    named = [Path(line.strip()) for line in first.out.splitlines() if line.endswith(".pdf")]
    assert len(named) > 5
    assert all(path.read_bytes().startswith(b"%PDF") for path in named)
    assert all(path.with_suffix(suffix).is_file() for path in named for suffix in (".html", ".xlsx"))
    steps = re.findall(r"^  ✓ (.+?) +(\d+,\d) s$", first.err, re.MULTILINE)
    assert [name for name, _ in steps][1:] == [
        "Startar Prefect",
        "Hämtar och läser returer",
        "Kontrollerar mot kontraktet",
        "Skriver kvittenser",
        "Svarar avsändarna",
        "Räknar siffror, summor och avvikelser",
        "Bygger och gör PDF, webbsidor och xlsx",
        "Lägger fram utkasten",
    ]
    assert re.search(r"^Klart på \d+,\d s\.$", first.out, re.MULTILINE)
    assert not re.search(r"INFO|WARNING|ERROR|Traceback", first.out + first.err)


def test_a_second_demo_changes_nothing_says_so_and_takes_seconds(runs: tuple[Run, Run]) -> None:
    first, second = runs
    assert second.code == 0
    assert "Inget har ändrats sedan april 2026 stängdes; rapporterna gäller som de är." in second.out
    assert "varav 0 nya eller ändrade" in second.out
    assert second.files == first.files
    assert "Startar Prefect" not in second.err
    took = re.search(r"^Klart på (\d+),\d s\.$", second.out, re.MULTILINE)
    assert took
    assert int(took[1]) < 30


def test_no_process_of_the_closing_calls_out(runs: tuple[Run, Run], folder: Path) -> None:
    """The guard ran in the command, in Prefect's server and in the render workers' server; none asked for anything but this machine."""
    seen = (folder / "vakt.txt").read_text(encoding="utf-8").splitlines()
    watched = "\n".join(line for line in seen if line.startswith("vakt "))
    for process in ("flows.cli demo", "flows.closing_server", "multiprocessing.forkserver"):
        assert process in watched
    assert any(line.startswith("hemma 127.0.0.1") for line in seen)
    assert [line for line in seen if line.startswith("UT ")] == []
