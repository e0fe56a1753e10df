"""A real SMTP server in a process of its own. Every mail it takes lies as a file: the envelope's lines, a blank line, the mail.

What it does with a mail is told by the recipient's local part: ``nej`` is refused, ``full`` is refused after the mail has come,
``tyst`` gets no answer although the mail is kept, ``hang`` gets it after a minute, ``sen`` is asked to come again later, and for ``halv``
the server goes away in the middle of the mail. Run as a script it serves until it is ended.
"""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

USER, PASSWORD = "rodatraden", "hemligt ord"


@dataclass(frozen=True)
class Received:
    """One mail as the server got it."""

    sender: str
    recipients: tuple[str, ...]
    mail: EmailMessage


@dataclass(frozen=True)
class SmtpServer:
    """A running server."""

    port: int
    folder: Path

    @property
    def received(self) -> list[Received]:
        """What it has taken so far, in order."""
        return [_read(path) for path in sorted(self.folder.glob("*.eml"))]


def _read(path: Path) -> Received:
    envelope, _, mail = path.read_bytes().partition(b"\n\n")
    sender, *recipients = envelope.decode().splitlines()
    return Received(sender, tuple(recipients), message_from_bytes(mail, policy=policy.default))


@contextmanager
def smtp_server(folder: Path, *, certificate: Path | None = None) -> Iterator[SmtpServer]:
    """A server on loopback; with a certificate (a PEM file with its key) it demands STARTTLS and login."""
    folder.mkdir(parents=True, exist_ok=True)
    words: Sequence[str] = [sys.executable, __file__, str(folder), *([str(certificate)] if certificate else [])]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield SmtpServer(int(process.stdout.readline()), folder)
        finally:
            process.terminate()


def _half_hearted() -> type:
    """A server that goes away in the middle of a mail to ``halv``."""
    from aiosmtpd.smtp import SMTP

    class Half(SMTP):
        async def smtp_DATA(self, arg):
            if self.envelope.rcpt_tos[0].startswith("halv@"):
                await self.push("354 fortsatt")
                await self._reader.read(200)
                self.transport.abort()
                return
            await super().smtp_DATA(arg)

    return Half


def _serve(folder: Path, certificate: Path | None) -> None:
    from aiosmtpd.smtp import AuthResult

    server_class = _half_hearted()

    class Handler:
        count = 0

        async def handle_RCPT(self, server, session, envelope, address, options):
            if address.startswith("nej@"):
                return "550 5.1.1 okand mottagare"
            if address.startswith("sen@"):
                return "451 4.7.1 forsok igen senare"
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(self, server, session, envelope):
            if envelope.rcpt_tos[0].startswith("full@"):
                return "552 5.2.2 brevladan ar full"
            Handler.count += 1
            part = folder / f"{Handler.count:04d}.part"
            head = "\n".join([envelope.mail_from, *envelope.rcpt_tos])
            part.write_bytes(head.encode() + b"\n\n" + envelope.content)
            part.rename(part.with_suffix(".eml"))
            if envelope.rcpt_tos[0].startswith("hang@"):
                await asyncio.sleep(60)
            if envelope.rcpt_tos[0].startswith("tyst@"):
                server.transport.abort()
            return "250 mottaget"

    def authenticate(server, session, envelope, mechanism, data):
        known = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=known, handled=False)

    options = {}
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        options = {
            "tls_context": context,
            "require_starttls": True,
            "auth_required": True,
            "authenticator": authenticate,
        }

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: server_class(Handler(), hostname="localhost", loop=loop, **options), "127.0.0.1", 0
        )
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(serve())


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
