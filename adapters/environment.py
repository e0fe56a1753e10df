"""The environment that a closing is made in: every file and version that can change a byte of its reports."""

from __future__ import annotations

import ctypes
import hashlib
import platform
import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOMS = ("data_contracts", "transforms", "adapters", "flows")
TEMPLATES = "report_templates"
_LOCKED = re.compile(r"^([a-z0-9._-]+)==", re.MULTILINE)
_DATA = (".yaml", ".yml", ".json")
_ENGINES: tuple[tuple[str, str, str, type[ctypes.c_char_p] | type[ctypes.c_int]], ...] = (
    ("pango", "libpango-1.0.so.0", "pango_version_string", ctypes.c_char_p),
    ("harfbuzz", "libharfbuzz.so.0", "hb_version_string", ctypes.c_char_p),
    ("fontconfig", "libfontconfig.so.1", "FcGetVersion", ctypes.c_int),
)
"""System libraries that lay out text: name, file, and the function that gives the version."""


@cache
def data_files(checkout: Path) -> tuple[tuple[str, bytes], ...]:
    """Contracts, catalogues, templates, styles, wording and fonts: what the program reads beside its code, by place."""
    return tuple((path.relative_to(checkout).as_posix(), path.read_bytes()) for path in _files(checkout, _is_data))


@cache
def code_hashes(checkout: Path) -> dict[str, str]:
    """sha256 of every source file of the program, by place."""
    return {
        path.relative_to(checkout).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in _files(checkout, lambda path: path.suffix == ".py")
    }


def copy_code(checkout: Path, to: Path) -> None:
    """The program's source files, and nothing else, at another place."""
    for path in _files(checkout, lambda path: path.suffix == ".py"):
        target = to / path.relative_to(checkout)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())


@cache
def library_versions(checkout: Path) -> dict[str, str]:
    """The installed version of every library that the lock file names; '' for one that is not installed here."""
    names = _LOCKED.findall((checkout / "requirements" / "core.txt").read_text(encoding="utf-8"))
    return {name: _version(name) for name in sorted(names)}


@cache
def system_versions() -> dict[str, str]:
    """Python, the machine, and the libraries that lay out text; '' for one that is not found."""
    found = {"python": platform.python_version(), "maskin": f"{platform.system()} {platform.machine()}"}
    return found | {name: _engine_version(file, function, kind) for name, file, function, kind in _ENGINES}


def _files(checkout: Path, wanted: Callable[[Path], bool]) -> Iterator[Path]:
    for room in (*ROOMS, TEMPLATES):
        found = (path for path in (checkout / room).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        yield from sorted(path for path in found if wanted(path))


def _is_data(path: Path) -> bool:
    return path.suffix in _DATA or TEMPLATES in path.parts


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _engine_version(library: str, function: str, kind: type[ctypes.c_char_p] | type[ctypes.c_int]) -> str:
    try:
        call = getattr(ctypes.CDLL(library), function)
    except (OSError, AttributeError):
        return ""
    call.restype = kind
    found = call()
    return found.decode() if isinstance(found, bytes) else str(found)
