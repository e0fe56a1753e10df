"""Real servers of the ways in, each a process of its own on loopback, started once per session: SFTP, objects (S3), and a mailbox.

Run as a script, with which server and its words, it serves until it is ended; the first line that it prints is its port.
"""

from __future__ import annotations

import asyncio
import imaplib
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest

USER, PASSWORD = "rodatraden", "hemligt ord"
KEY_ID, SECRET_KEY = "AKIAEXEMPEL", "hemlig/nyckel"


@contextmanager
def _running(*words: str, environment: dict[str, str] | None = None) -> Iterator[int]:
    command = [sys.executable, __file__, *words]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})}
    ) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.terminate()


@dataclass(frozen=True)
class SftpServer:
    """A running SFTP server. ``folder``: what it shows as its root; ``known``: known_hosts with its key; ``key``: a login key."""

    port: int
    folder: Path
    known: Path
    key: Path

    def fresh(self, name: str) -> Path:
        """A new empty folder under its root."""
        path = self.folder / name
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir()
        return path


@pytest.fixture(scope="session")
def sftp_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SftpServer]:
    """An SFTP server that takes a password or a key."""
    import asyncssh

    base = tmp_path_factory.mktemp("sftp")
    (base / "rot").mkdir()
    host, login = asyncssh.generate_private_key("ssh-ed25519"), asyncssh.generate_private_key("ssh-ed25519")
    host.write_private_key(base / "vard")
    login.write_private_key(base / "nyckel")
    login.write_public_key(base / "nyckel.pub")
    for path in base.iterdir():
        path.chmod(0o700)
    with _running("sftp", str(base)) as port:
        public = " ".join(host.export_public_key().decode().split()[:2])
        (base / "known_hosts").write_text(f"[127.0.0.1]:{port} {public}\n")
        yield SftpServer(port, base / "rot", base / "known_hosts", base / "nyckel")


@dataclass(frozen=True)
class S3Server:
    """A running object store."""

    url: str

    def put(self, hink: str, name: str, content: bytes) -> None:
        """An object in a bucket, which is made when it is not there."""
        client = self._client()
        if hink not in {one["Name"] for one in client.list_buckets()["Buckets"]}:
            client.create_bucket(Bucket=hink)
        client.put_object(Bucket=hink, Key=name, Body=content)

    def objects(self, hink: str) -> dict[str, str]:
        """What lies in a bucket: content type by name."""
        client = self._client()
        names = [one["Key"] for one in client.list_objects_v2(Bucket=hink).get("Contents", [])]
        return {name: client.head_object(Bucket=hink, Key=name)["ContentType"] for name in names}

    def get(self, hink: str, name: str) -> bytes:
        return self._client().get_object(Bucket=hink, Key=name)["Body"].read()

    def _client(self):
        import botocore.session

        session = botocore.session.get_session()
        return session.create_client(
            "s3", "us-east-1", endpoint_url=self.url, aws_access_key_id=KEY_ID, aws_secret_access_key=SECRET_KEY
        )


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """An object store that speaks S3."""
    with _running("s3") as port:
        yield S3Server(f"http://127.0.0.1:{port}")


@dataclass(frozen=True)
class ImapServer:
    """A running mailbox, and the folder of it that is used."""

    port: int
    mapp: str = "INBOX"

    def deliver(self, raw: bytes) -> None:
        """A mail into the folder, as a mail server would put it there."""
        with self.client() as client:
            status, _ = client.append(self.mapp, None, None, raw)
        assert status == "OK"

    @contextmanager
    def client(self) -> Iterator[imaplib.IMAP4]:
        """Somebody else who is logged in."""
        client = imaplib.IMAP4("127.0.0.1", self.port)
        try:
            client.login(USER, PASSWORD)
            yield client
        finally:
            client.logout()


@pytest.fixture(scope="session")
def imap_process() -> Iterator[ImapServer]:
    """The session's server."""
    with imap_serving() as server:
        yield server


@pytest.fixture
def imap_server(imap_process: ImapServer) -> ImapServer:
    """An empty folder of the session's server."""
    folder = f"Mapp{uuid.uuid4().hex}"
    with imap_process.client() as client:
        status, _ = client.create(folder)
    assert status == "OK"
    return ImapServer(imap_process.port, folder)


@contextmanager
def imap_serving(certificate: Path | None = None) -> Iterator[ImapServer]:
    """A mailbox; with a certificate (a PEM file with its key) it offers STARTTLS."""
    with _running("imap", *([str(certificate)] if certificate else [])) as port:
        yield ImapServer(port)


def mail(
    sender: str, subject: str = "Retur", attached: dict[str, bytes] | None = None, number: int = 1, **heads: str
) -> bytes:
    """A mail as a mail program writes it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "ekonomi@example.org", subject
    message["Message-ID"] = f"<{number}.{time.monotonic_ns()}@example.org>"
    for name, value in heads.items():
        message[name.replace("_", "-")] = value
    message.set_content("Hej, här kommer månadens retur.\n")
    for name, content in (attached or {}).items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _serve_sftp(base: Path) -> None:
    import asyncssh

    class Login(asyncssh.SSHServer):
        def begin_auth(self, username: str) -> bool:
            return True

        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            return (username, password) == (USER, PASSWORD)

    async def serve() -> None:
        server = await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=Login,
            server_host_keys=[str(base / "vard")],
            authorized_client_keys=str(base / "nyckel.pub"),
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=str(base / "rot")),
        )
        print(server.get_port(), flush=True)
        await asyncio.Event().wait()

    asyncio.run(serve())


def _serve_s3() -> None:
    import logging

    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    print(server.get_host_and_port()[1], flush=True)
    threading.Event().wait()


def _serve_imap(certificate: str | None) -> None:
    port = _free_port()
    words = ["--host", "127.0.0.1", "--port", str(port), "--no-service", "admin", "--no-service", "sieve"]
    if certificate:
        words += ["--cert", certificate]
    login = ["dict", "--demo-user", USER, "--demo-password", PASSWORD]
    with subprocess.Popen(
        [Path(sys.executable).parent / "pymap", *words, *login], stderr=subprocess.DEVNULL
    ) as process:
        try:
            while process.poll() is None:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            print(port, flush=True)
            process.wait()
        finally:
            process.terminate()


if __name__ == "__main__":
    import signal

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    which, *words = sys.argv[1:]
    if which == "sftp":
        _serve_sftp(Path(words[0]))
    elif which == "s3":
        _serve_s3()
    else:
        _serve_imap(words[0] if words else None)
