"""The terminal in Swedish: a parser whose help and errors an economist can read, exit codes, and progress for what takes time."""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import NoReturn


class ExitCode(IntEnum):
    """What the program's exit code means."""

    DONE = 0
    FINDINGS = 1
    WRONG_USE = 2
    FAULT = 3


_ERRORS = (
    (r"one of the arguments (.*) is required", r"det saknas något av: \1"),
    (r"argument (\S+): ignored explicit argument (.*)", r"\1 tar inget värde, men fick \2"),
    (r"argument (\S+): expected (?:at least one argument|\d+ arguments?)", r"\1 behöver fler värden"),
    (r"argument (\S+): invalid \S+ value: (.*)", r"\1: \2 går inte att läsa"),
    (r"the following arguments are required: (.*)", r"det saknas: \1"),
    (r"unrecognized arguments: (.*)", r"okänt argument: \1"),
    (r"argument (\S+): invalid choice: (.*) \(choose from (.*)\)", r"\1: \2 finns inte. Välj bland \3"),
    (r"argument (\S+): expected one argument", r"\1 behöver ett värde"),
    (r"argument (\S+): not allowed with argument (\S+)", r"\1 kan inte användas tillsammans med \2"),
    (r"argument (\S+): (.*)", r"\1: \2"),
    (r"ambiguous option: (\S+) could match (.*)", r"\1 kan betyda flera: \2"),
)


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def add_usage(self, usage, actions, groups, prefix=None):  # type: ignore[no-untyped-def]
        super().add_usage(usage, actions, groups, "Användning: " if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """argparse in Swedish: headings, usage and errors; ``--hjalp`` beside ``--help``; wrong use exits with 2."""

    def __init__(self, **options: object) -> None:
        super().__init__(formatter_class=_Formatter, add_help=False, allow_abbrev=False, **options)  # type: ignore[arg-type]
        self._positionals.title = "Vad"
        self._optionals.title = "Val"
        self.add_argument("-h", "--help", "--hjalp", action="help", help="visa den här hjälpen")

    def error(self, message: str) -> NoReturn:
        """Say in Swedish what was wrong with the words given, and where help is."""
        for pattern, swedish in _ERRORS:
            if re.fullmatch(pattern, message):
                message = re.sub(pattern, swedish, message)
                break
        say_error(f"{message}.\nHjälp: {self.prog} --help")
        sys.exit(ExitCode.WRONG_USE)


def say(text: str = "") -> None:
    """A line on standard output: results."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def say_wrapped(text: str) -> None:
    """A line on standard output; on a terminal broken between words at its width, and indented as the line is. Elsewhere it stays whole."""
    if sys.stdout.isatty():
        indent = " " * (len(text) - len(text.lstrip()) + 2)
        width = max(40, min(shutil.get_terminal_size().columns, 110))
        text = textwrap.fill(text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    say(text)


def say_error(text: str) -> None:
    """A line on standard error."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


class Progress:
    """Steps with their times, on standard error as they happen; kept for the summary.

    On a terminal a running step shows its last word on one line; elsewhere each step is one line when it is done.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._live = sys.stderr.isatty()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time one step and say so."""
        began = time.monotonic()
        self._show(f"  … {name}")
        try:
            yield
        except BaseException:
            self._show("")
            raise
        self.seconds[name] = time.monotonic() - began
        self._line(f"  \u2713 {name:<44} {seconds_text(self.seconds[name]):>8}")

    def within(self, text: str) -> None:
        """How far the running step has come."""
        self._show(f"  … {text}")

    def _show(self, text: str) -> None:
        if self._live:
            sys.stderr.write(f"\r\033[K{text}")
            sys.stderr.flush()

    def _line(self, text: str) -> None:
        sys.stderr.write(f"\r\033[K{text}\n" if self._live else f"{text}\n")
        sys.stderr.flush()


PROGRESS = Progress()
"""The progress of this process."""


def seconds_text(seconds: float) -> str:
    """'3,4 s'."""
    return f"{seconds:.1f}".replace(".", ",") + " s"
