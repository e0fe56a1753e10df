"""Runs a command and watches, from outside, how much memory it and the processes it starts have at most (VmHWM), and their CPU time."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

_INTERVAL_S = 0.1
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
FORALDER, ARBETARE, SERVER, OVRIGA = "förälder", "arbetare", "Prefects server", "övriga"


@dataclass(frozen=True, slots=True)
class Watched:
    """A finished command: when it was started and ended (the machine's monotonic clock).

    Attributes:
        peak_mb: per kind of process, the most MB of one.
        cpu: per kind of process, the CPU seconds (user and system) of all of them, up to when each was last seen.
    """

    started: float
    ended: float
    peak_mb: dict[str, int]
    cpu: dict[str, float]


@dataclass(slots=True)
class _Process:
    """One process as last seen."""

    kind: str
    peak_mb: int = 0
    cpu: float = 0.0


@dataclass(slots=True)
class _Family:
    """The processes of a command."""

    root: int
    seen: dict[int, _Process] = field(default_factory=dict)


def watch(command: Sequence[str], folder: Path) -> Watched:
    """Run the command in a folder to its end, and that of the processes it started.

    Raises:
        subprocess.CalledProcessError: it failed (exit code 2 or more; 1 means findings).
    """
    started = time.monotonic()
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL) as process:
        family = _Family(process.pid)
        while process.poll() is None:
            _look(family)
            time.sleep(_INTERVAL_S)
        ended = time.monotonic()
        if process.returncode > 1:
            raise subprocess.CalledProcessError(process.returncode, command)
    kinds: dict[str, list[_Process]] = {}
    for seen in family.seen.values():
        kinds.setdefault(seen.kind, []).append(seen)
    return Watched(
        started,
        ended,
        {kind: max(one.peak_mb for one in of) for kind, of in kinds.items()},
        {kind: sum(one.cpu for one in of) for kind, of in kinds.items()},
    )


def _look(family: _Family) -> None:
    """Note memory and time so far of every process below the root. Both only grow, so a late look loses little."""
    root, parents = family.root, dict(_parents())
    for pid in sorted(parents):
        line = [pid]
        while line[-1] in parents and line[-1] != root:
            line.append(parents[line[-1]])
        if line[-1] != root:
            continue
        try:
            status = Path(f"/proc/{pid}/status").read_text()
            stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        seen = family.seen.setdefault(pid, _Process(OVRIGA))
        if command := _command(pid):  # a process that has ended has none, and is what it was
            seen.kind = FORALDER if pid == root else _kind(command, parents[pid])
        highest = next((int(row.split()[1]) // 1024 for row in status.splitlines() if row.startswith("VmHWM")), 0)
        seen.peak_mb = max(highest, seen.peak_mb)
        seen.cpu = max((int(stat[11]) + int(stat[12])) / _TICKS_PER_S, seen.cpu)


def _parents() -> list[tuple[int, int]]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            found.append((int(stat.parent.name), int(stat.read_text().rpartition(")")[2].split()[1])))
        except OSError:
            continue
    return found


def _kind(command: str, parent: int) -> str:
    """What a process is for: workers are forked by a fork server, and look like it."""
    if "closing_server" in command:
        return SERVER
    return ARBETARE if "forkserver" in _command(parent) else OVRIGA


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
