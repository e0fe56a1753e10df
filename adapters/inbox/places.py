"""The kinds of folder: a plain one, one on an SFTP server, and one in an object store. Each says its own faults as ours.

The libraries are heavy and imported when such a folder is opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from adapters.inbox.folder import Folder, InkorgsFel

TIMEOUT_S = 30
"""How long a server may be silent."""


def plain_folder(namn: str, url: str) -> Folder:
    """A folder that needs no login: a path, a mounted share, ``memory://…``."""
    files, _ = url_to_fs(url)
    return Folder(
        namn, url, connect=lambda: url_to_fs(url), close=_nothing, is_local=isinstance(files, LocalFileSystem)
    )


def is_there(url: str) -> bool:
    """Whether a plain folder exists: for one that need not."""
    files, root = url_to_fs(url)
    return bool(files.isdir(root))


def sftp_folder(
    namn: str,
    *,
    server: str,
    port: int,
    mapp: str,
    anvandare: str,
    losenord: str | None,
    nyckelfil: str | None,
    vardnycklar: str,
) -> Folder:
    """A folder on an SFTP server, whose key stands in ``vardnycklar`` (a known_hosts file)."""

    def connect() -> tuple[Any, str]:
        import paramiko
        from fsspec.implementations.sftp import SFTPFileSystem

        class Files(SFTPFileSystem):  # type: ignore[misc]
            """Trusts only the keys of the file, and looks for no other login than the one given."""

            def _connect(self) -> None:
                self.client = paramiko.SSHClient()
                self.client.load_host_keys(vardnycklar)
                self.client.set_missing_host_key_policy(paramiko.RejectPolicy())
                self.client.connect(
                    server, port, anvandare, losenord, key_filename=nyckelfil, allow_agent=False, look_for_keys=False,
                    timeout=TIMEOUT_S, banner_timeout=TIMEOUT_S, auth_timeout=TIMEOUT_S, channel_timeout=TIMEOUT_S,
                )  # fmt: skip
                self.ftp = self.client.open_sftp()

        try:
            return Files(server, skip_instance_cache=True, use_listings_cache=False), mapp
        except paramiko.AuthenticationException as error:
            raise InkorgsFel(
                f"E912 {adress} tar inte emot inloggningen som {anvandare}. Kontrollera användaren och lösenordet eller nyckeln."
            ) from error
        except paramiko.SSHException as error:
            raise InkorgsFel(
                f"E912 {adress} har en annan nyckel än {vardnycklar}, eller går inte att tala med ({error}). "
                "Jämför nyckeln med den som servern ska ha innan den läggs till."
            ) from error

    adress = f"sftp://{server}:{port}{mapp}"
    return Folder(namn, adress, connect, close=lambda files: files.client.close(), is_local=False)


def s3_folder(namn: str, *, hink: str, prefix: str, adress: str | None, nyckel_id: str, hemlig_nyckel: str) -> Folder:
    """A bucket, or what lies under a prefix of one. An object is there all at once."""
    shown = f"s3://{hink}/{prefix}".rstrip("/")

    def connect() -> tuple[Any, str]:
        import s3fs

        with _s3_faults(shown):
            files = s3fs.S3FileSystem(
                key=nyckel_id,
                secret=hemlig_nyckel,
                endpoint_url=adress,
                skip_instance_cache=True,
                use_listings_cache=False,
                config_kwargs={
                    "connect_timeout": TIMEOUT_S,
                    "read_timeout": TIMEOUT_S,
                    "retries": {"max_attempts": 2},
                },
            )
            files.retries = 1
            files.connect()
        return _Told(files, hink, shown), f"{hink}/{prefix}".rstrip("/")

    return Folder(namn, shown, connect, close=_close_s3, arrives_whole=True, is_local=False)


class _Told:
    """An S3 file system whose calls say their faults as ours. A bucket has no folders: a prefix without objects is an empty one."""

    def __init__(self, files: Any, hink: str, shown: str) -> None:
        self.inner = files
        self._hink, self._shown = hink, shown

    def isdir(self, path: str) -> bool:
        """Whether the bucket is there."""
        with _s3_faults(self._shown):
            try:
                self.inner.call_s3("head_bucket", Bucket=self._hink)
            except FileNotFoundError:
                return False
        return True

    def __getattr__(self, name: str) -> Any:
        called = getattr(self.inner, name)

        def told(*arguments: Any, **options: Any) -> Any:
            with _s3_faults(self._shown):
                return called(*arguments, **options)

        return told


@contextmanager
def _s3_faults(shown: str) -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except FileNotFoundError:
        raise
    except PermissionError as error:
        raise InkorgsFel(
            f"E912 {shown} tar inte emot nyckeln ({error}). Kontrollera nyckel_id och hemlig_nyckel."
        ) from error
    except (BotoCoreError, ClientError) as error:
        raise InkorgsFel(
            f"E911 Inkorgen {shown} går inte att läsa ({error}). Kontrollera att lagret är igång och nås härifrån."
        ) from error


def _close_s3(files: Any) -> None:
    files.inner.close_session(files.inner.loop, files.inner.s3)


def _nothing(files: Any) -> None:
    """A plain folder has no connection."""
