"""The file outside the store where the audit log's head is kept: a line per time that the log has grown, never written over."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from transforms.audit_chain import Huvud, parse_head


class LogghuvudFel(RuntimeError):
    """E928: the file of heads can't be read or written. The message is Swedish."""


def keep_head(path: Path, head: Huvud, tid: dt.datetime) -> None:
    """Add the head to the file, on the disk itself before this returns. A line that was cut off earlier makes room for it.

    Raises:
        LogghuvudFel: E928, the file can't be written; what the log tells of has been done all the same.
    """
    line = f"{head} {tid.astimezone(dt.UTC).isoformat(timespec='seconds')}\n".encode("ascii")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            file.seek(0)
            file.truncate(file.read().rfind(b"\n") + 1)
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise LogghuvudFel(
            f"E928 Granskningsloggens huvud går inte att skriva i {path} ({error.strerror}). Det som gjordes är gjort och står i loggen. "
            "Rätta mappen eller logghuvud i installningar.yaml."
        ) from error


def kept_heads(path: Path) -> tuple[Huvud, ...]:
    """The heads that a file holds, in order; none where there is no file. A last line that was cut off when written is left out.

    Raises:
        LogghuvudFel: E928, the file can't be read, or a line is no head.
    """
    if not path.exists():
        return ()
    try:
        lines = path.read_text(encoding="ascii").split("\n")
        return tuple(parse_head(line.split(" ")[0]) for line in lines[:-1] if line.strip())
    except (OSError, ValueError) as error:
        raise LogghuvudFel(
            f"E928 Filen {path} går inte att läsa som logghuvuden: {error}. Jämför den med säkerhetskopian."
        ) from error
