"""A small disk of its own that truly gets full: a tmpfs that only a forked process sees, mounted without any privilege."""

from __future__ import annotations

import ctypes
import os
import traceback
import warnings
from collections.abc import Callable
from io import RawIOBase
from pathlib import Path
from typing import NoReturn

import pytest

_NEW_MOUNTS, _NEW_USER = 0x00020000, 0x10000000
_RECURSIVE_PRIVATE = 0x4000 | 0x40000
_NOT_PERMITTED = 3
_PAGE = 4096


class Disk:
    """A mounted disk, and a file that takes up all that is left of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._filler = path / "fyllnad"

    def fill(self) -> None:
        """Not one page is left after this."""
        with self._filler.open("ab", buffering=0) as file:
            for size in (256 * _PAGE, _PAGE):
                with pytest.raises(OSError, match="No space left on device"):
                    _write_on(file, bytes(size))

    def free(self) -> None:
        """Someone has made room."""
        self._filler.unlink()


def _write_on(file: RawIOBase, content: bytes) -> NoReturn:
    while True:
        file.write(content)


def on_small_disk(path: Path, megabytes: int, run: Callable[[Disk], None]) -> None:
    """Run in a forked process with a disk of that size at ``path``; what goes wrong there is told here. Skips where none may mount."""
    path.mkdir()
    told = path.with_name(f"{path.name}.fel")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        code = 1
        try:
            code = _child(path, megabytes, run)
        except BaseException:  # noqa: BLE001 - whatever it is, the test must hear of it
            told.write_text(traceback.format_exc(), encoding="utf-8")
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code == _NOT_PERMITTED:
        pytest.skip("den här maskinen låter inte testernas konto montera en egen tmpfs")
    assert code == 0, told.read_text(encoding="utf-8")


def _child(path: Path, megabytes: int, run: Callable[[Disk], None]) -> int:
    if not _mounted(path, megabytes):
        return _NOT_PERMITTED
    run(Disk(path))
    return 0


def _mounted(path: Path, megabytes: int) -> bool:
    """A tmpfs at the path, in namespaces of this process alone; False where the kernel refuses."""
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    if libc.unshare(_NEW_USER | _NEW_MOUNTS):
        return False
    for name, line in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        Path(f"/proc/self/{name}").write_text(line, encoding="ascii")
    if libc.mount(b"none", b"/", None, _RECURSIVE_PRIVATE, None):
        return False
    size = f"size={megabytes}m".encode()
    return libc.mount(b"tmpfs", os.fsencode(path), b"tmpfs", 0, size) == 0
