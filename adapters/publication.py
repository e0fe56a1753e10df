"""Folders that finished files are laid out in for others: any file system that fsspec knows. A name keeps its address."""

from __future__ import annotations

import mimetypes
import os
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

_PATIENCE = {"connect_timeout": 20, "read_timeout": 60, "retries": {"max_attempts": 2}}
"""Seconds and tries that an object store is given."""


class PublicationFel(RuntimeError):
    """E950: the folder can't be written. The message is Swedish."""


class Publication:
    """A folder at one URL."""

    def __init__(self, url: str, storage: Mapping[str, Any] | None = None) -> None:
        """A folder is made when it is first written to; a bucket must be there.

        Args:
            url: a plain path, ``file://…``, ``s3://…`` or any other fsspec URL.
            storage: what fsspec is told of the server behind the address, with the login.
        """
        self._is_bucket = url.startswith("s3://")
        options = (
            {"use_listings_cache": False, "skip_instance_cache": True, "config_kwargs": _PATIENCE}
            if self._is_bucket
            else {}
        )
        self._files, root = url_to_fs(url, **options, **(storage or {}))
        self._root = str(root).rstrip("/")

    def lay(self, name: str, content: bytes) -> None:
        """Put the file there in one step; a reader meets the old or the new, never a half. The same bytes again change nothing.

        Args:
            name: path in the folder, ``2026-04/rapport.pdf``.

        Raises:
            PublicationFel: E950.
        """
        path = f"{self._root}/{name}"
        with self._told(f"{name} går inte att lägga"):
            if self._files.isfile(path) and self._files.cat_file(path) == content:
                return
            if self._is_bucket:
                self._files.pipe_file(path, content, ContentType=_content_type(name))
                return
            folder = path.rpartition("/")[0]
            self._files.makedirs(folder, exist_ok=True)
            if isinstance(self._files, LocalFileSystem):
                _replace(f"{folder}/.{uuid.uuid4().hex}.tmp", path, content)
            else:
                self._files.pipe_file(path, content)

    def names(self, folder: str) -> tuple[str, ...]:
        """The names of the files that lie directly in a folder of it, in order; none when there is no such folder."""
        path = f"{self._root}/{folder}"
        with self._told(f"{folder} går inte att läsa"):
            if not self._files.isdir(path):
                return ()
            self._files.invalidate_cache()
            return tuple(sorted(str(each).rpartition("/")[2] for each in self._files.find(path, maxdepth=1)))

    def remove(self, name: str) -> None:
        """Take away a file.

        Raises:
            PublicationFel: E950.
        """
        with self._told(f"{name} går inte att ta bort"):
            self._files.rm_file(f"{self._root}/{name}")

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        try:
            yield
        except self._faults() as error:
            raise PublicationFel(
                f"E950 {what} i {self._root} ({getattr(error, 'strerror', None) or error}). Kontrollera mappen och rättigheterna."
            ) from error

    def _faults(self) -> tuple[type[Exception], ...]:
        """What the file system says when it can't."""
        if not self._is_bucket:
            return (OSError,)
        from botocore.exceptions import BotoCoreError, ClientError

        return (OSError, BotoCoreError, ClientError)


def _content_type(name: str) -> str:
    """What a web server is to say that the file is; browsers show a page only when it is said to be one."""
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _replace(temporary: str, path: str, content: bytes) -> None:
    """Write a local file whole before it takes the name; a write that fails leaves nothing behind."""
    try:
        with open(temporary, "xb") as file:
            file.write(content)
        os.replace(temporary, path)
    except OSError:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise
