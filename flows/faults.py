"""The last stop of every error: a Swedish line with code and what to do, the right exit code, and the traceback kept in a file."""

from __future__ import annotations

import datetime as dt
import errno
import os
import re
import tempfile
import traceback
from pathlib import Path

from flows.terminal import ExitCode, say_error

_CODED = re.compile(r"([ER]\d{3}) ")
MENDABLE = frozenset(
    {
        "E010",
        "E011",
        "E012",
        "E138",
        "E181",
        "E182",
        "E183",
        "E184",
        "E730",
        "E731",
        "E763",
        "E903",
        "E904",
        "E912",
        "E913",
        "E926",
        "E931",
        "E933",
        "E934",
        "E935",
        "E936",
        "E937",
        "E938",
        "E950",
        "E951",
        "E954",
        "R102",
    }
)
"""Codes of what the user mends in the kommun's own files: wrong use, not a fault in the system."""


def code_of(error: BaseException) -> str:
    """The code that the error's message begins with, '' when it is none of ours."""
    match = _CODED.match(str(error))
    return match[1] if match else ""


def report(error: Exception, home: Path | None) -> ExitCode:
    """Tell of an error that stopped the verb. What the user can't mend is kept in a file, in the home when there is one."""
    if _is_full(error):
        told = f"E952 Disken är full. Frigör utrymme och kör om; det som redan är sparat är helt. ({error})"
        say_error(str(error) if code_of(error) == "E952" else told)
        return ExitCode.FAULT
    code = code_of(error)
    if code in MENDABLE:
        say_error(str(error))
        return ExitCode.WRONG_USE
    said = str(error) if code else "E908 Fel i systemet: något hände som programmet inte är gjort för."
    say_error(f"{said}\nFelfil: {_kept(error, home)}")
    say_error("Kör kommandot igen. Står felet kvar, skicka felfilen till den som förvaltar programmet.")
    return ExitCode.FAULT


def _is_full(error: BaseException) -> bool:
    """True when the error, or what it came of, is that a disk is full."""
    cause: BaseException | None = error
    while cause is not None:
        if code_of(cause) == "E952" or (isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT)):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _kept(error: Exception, home: Path | None) -> Path:
    text = "".join(traceback.format_exception(error))
    stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    name = f"fel-{stamp}-{os.getpid()}.txt"
    for folder in (home / "logg" if home else None, Path(tempfile.gettempdir()) / "rodatraden"):
        try:
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text(text, encoding="utf-8")
                return folder / name
        except OSError:
            continue
    return Path(os.devnull)
