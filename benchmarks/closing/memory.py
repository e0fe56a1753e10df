"""Runs a command and watches, from outside, how much memory it and the processes it starts have at most (VmHWM)."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_INTERVAL_S = 0.1
FORALDER, ARBETARE, SERVER, OVRIGA = "förälder", "arbetare", "Prefects server", "övriga"


@dataclass(frozen=True, slots=True)
class Watched:
    """A finished command: when it was started and ended (the machine's monotonic clock), and per kind of process the most MB of one."""

    started: float
    ended: float
    peak_mb: dict[str, int]


def watch(command: Sequence[str], folder: Path) -> Watched:
    """Run the command in a folder to its end, and that of the processes it started.

    Raises:
        subprocess.CalledProcessError: it failed (exit code 2 or more; 1 means findings).
    """
    peak: dict[tuple[int, str], int] = {}
    started = time.monotonic()
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            _look(process.pid, peak)
            time.sleep(_INTERVAL_S)
        ended = time.monotonic()
        if process.returncode > 1:
            raise subprocess.CalledProcessError(process.returncode, command)
    kinds = {kind for _, kind in peak}
    return Watched(started, ended, {kind: max(mb for (_, of), mb in peak.items() if of == kind) for kind in kinds})


def _look(root: int, peak: dict[tuple[int, str], int]) -> None:
    """Note the peak so far of every process below the root. VmHWM only grows, so a late look loses little."""
    family = {root: FORALDER}
    parents = dict(_parents())
    for pid in sorted(parents):
        line = [pid]
        while line[-1] in parents and line[-1] != root:
            line.append(parents[line[-1]])
        if line[-1] != root:
            continue
        kind = family.get(pid) or _kind(pid, parents[pid])
        try:
            status = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            continue
        highest = next((int(row.split()[1]) // 1024 for row in status.splitlines() if row.startswith("VmHWM")), 0)
        peak[pid, kind] = max(highest, peak.get((pid, kind), 0))


def _parents() -> list[tuple[int, int]]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            found.append((int(stat.parent.name), int(stat.read_text().rpartition(")")[2].split()[1])))
        except OSError:
            continue
    return found


def _kind(pid: int, parent: int) -> str:
    """What a process is for: workers are forked by a fork server, and look like it."""
    if "closing_server" in _command(pid):
        return SERVER
    return ARBETARE if "forkserver" in _command(parent) else OVRIGA


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
