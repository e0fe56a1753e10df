"""Objects: bytes that never change, stored under their sha256 in any file system that fsspec knows.

``ab/cdef…`` under one URL: a plain folder, ``file://``, ``memory://``, ``s3://`` … Nothing is ever overwritten, and what is read
back is checked against its name.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import uuid

from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

_SHA256 = re.compile(r"[0-9a-f]{64}")


class ObjektFel(RuntimeError):
    """An object is not there (E901), has changed (E902), or has been replaced by a tombstone (E927). The message is Swedish."""


class ObjectStore:
    """Content-addressed storage at one URL."""

    def __init__(self, url: str) -> None:
        """``url``: a plain path, ``file://…``, ``memory://…`` or any other fsspec URL. The folder is made when first written to."""
        self._files, root = url_to_fs(url)
        self._root = str(root).rstrip("/")

    def put(self, content: bytes) -> str:
        """Store the bytes; their sha256 (64 hex digits). Bytes that are there already are checked and left alone.

        Raises:
            ObjektFel: E902, the object is there but holds something else.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        if self.exists(sha256):
            self.get(sha256)
            return sha256
        path = self._path(sha256)
        folder = path.rpartition("/")[0]
        temporary = f"{folder}/.{uuid.uuid4().hex}.tmp"
        self._files.makedirs(folder, exist_ok=True)
        if isinstance(self._files, LocalFileSystem):
            _write_read_only(temporary, content)
            os.replace(temporary, path)
        else:
            self._files.pipe_file(temporary, content)
            self._files.mv(temporary, path)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes with that hash, checked.

        Raises:
            ObjektFel: E901, there is no such object; E902, its bytes have another hash; E927, they have been replaced by a tombstone.
        """
        path = self._path(sha256)
        try:
            content: bytes = self._files.cat_file(path)
        except FileNotFoundError as error:
            if self.tombstone(sha256) is not None:
                raise ObjektFel(
                    f"E927 Objektet {sha256} är gallrat. Beslutet står i granskningsloggen: rodatraden verifiera"
                ) from error
            raise ObjektFel(
                f"E901 Objektet {sha256} finns inte i {self._root}. Kontrollera att adressen till objektlagret är rätt, "
                "eller läs tillbaka det från säkerhetskopian."
            ) from error
        found = hashlib.sha256(content).hexdigest()
        if found != sha256:
            raise ObjektFel(
                f"E902 Objektet {sha256} i {self._root} har ändrats: innehållets sha256 är {found}. "
                "Läs tillbaka filen från säkerhetskopian och ta reda på vem som har skrivit i mappen."
            )
        return content

    def exists(self, sha256: str) -> bool:
        """True when there is an object under that hash."""
        return bool(self._files.isfile(self._path(sha256)))

    def files(self) -> tuple[str, ...]:
        """Every file of the store by its place in it, ``ab/cdef…``, in order; half-written ones are left out."""
        if not self._files.isdir(self._root):
            return ()
        found = (str(path).removeprefix(self._root).lstrip("/") for path in self._files.find(self._root))
        return tuple(sorted(path for path in found if not path.rpartition("/")[2].startswith(".")))

    def read_file(self, place: str) -> bytes:
        """The bytes of a file that ``files`` named, unchecked."""
        content: bytes = self._files.cat_file(f"{self._root}/{place}")
        return content

    def write_file(self, place: str, content: bytes) -> None:
        """Put a file of another store at its place in this one: an object by ``put``, so that its name is checked."""
        if _SHA256.fullmatch(place.replace("/", "")):
            self.put(content)
        else:
            path = f"{self._root}/{place}"
            self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._files.pipe_file(path, content)

    def bury(self, sha256: str, tombstone: bytes) -> None:
        """Put a tombstone in the place of an object. Its bytes are gone after this; done again it changes nothing."""
        marker, path = f"{self._path(sha256)}.gallrad", self._path(sha256)
        if not self._files.isfile(marker):
            self._files.makedirs(marker.rpartition("/")[0], exist_ok=True)
            self._files.pipe_file(marker, tombstone)
        if self._files.isfile(path):
            self._files.rm_file(path)

    def tombstone(self, sha256: str) -> bytes | None:
        """What was put in the place of an object, or None when nothing was."""
        marker = f"{self._path(sha256)}.gallrad"
        if not self._files.isfile(marker):
            return None
        content: bytes = self._files.cat_file(marker)
        return content

    def _path(self, sha256: str) -> str:
        if not _SHA256.fullmatch(sha256):
            raise ObjektFel(f"E901 {sha256!r} är ingen sha256. Den skrivs med 64 tecken, 0–9 och a–f.")
        return f"{self._root}/{sha256[:2]}/{sha256[2:]}"


class LayeredObjects(ObjectStore):
    """A store over another: what is new is written in the upper one, and what is not there is read from the lower, which never changes."""

    def __init__(self, url: str, under: str) -> None:
        super().__init__(url)
        self._under = ObjectStore(under)

    def get(self, sha256: str) -> bytes:
        return super().get(sha256) if super().exists(sha256) else self._under.get(sha256)

    def exists(self, sha256: str) -> bool:
        return super().exists(sha256) or self._under.exists(sha256)


def _write_read_only(path: str, content: bytes) -> None:
    """Write a new local file to the disk itself and take away every right to write it; a write that fails leaves nothing behind."""
    try:
        with open(path, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), stat.S_IMODE(os.fstat(file.fileno()).st_mode) & ~0o222)
    except OSError:
        if os.path.exists(path):
            os.unlink(path)
        raise
