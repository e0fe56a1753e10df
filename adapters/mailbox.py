"""A mailbox over IMAP, only looked into: nothing is marked, moved or removed. What a mail holds is read by ``transforms.letter``."""

from __future__ import annotations

import datetime as dt
import imaplib
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

TIMEOUT_S = 30
"""How long the server may be silent."""
MAX_MAIL = 60 * 1024 * 1024
"""Bytes of a mail that is fetched at all: a return of the greatest size allowed, several times over, as mail encodes it."""


class BrevladeFel(RuntimeError):
    """The mailbox can't be read. The message is Swedish. E911: no answer; E912: not encrypted as we demand, or refused."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox to look into. ``kryptering``: tls, starttls or ingen."""

    namn: str
    server: str
    port: int
    kryptering: str
    anvandare: str
    losenord: str = field(repr=False)
    mapp: str = "INBOX"

    @property
    def adress(self) -> str:
        """What people are told: no secrets."""
        return f"imap://{self.anvandare}@{self.server}:{self.port}/{self.mapp}"


@dataclass(frozen=True, slots=True)
class FetchedMail:
    """One mail. ``plats``: its place in the mailbox, the same as long as the mailbox says so; ``raw`` None for one that is too large."""

    plats: str
    raw: bytes | None
    storlek: int
    inkom: dt.datetime | None


def new_mails(mailbox: Mailbox, is_known: Callable[[str], bool]) -> Iterator[FetchedMail]:
    """Every mail whose place is not known, oldest first.

    Args:
        is_known: whether the mail at a place has been taken in before.

    Raises:
        BrevladeFel: E911, E912.
    """
    with _told(mailbox), _connected(mailbox) as box:
        box.folder.set(mailbox.mapp, readonly=True)
        validity = box.folder.status(mailbox.mapp, ["UIDVALIDITY"])["UIDVALIDITY"]
        for uid in box.uids("ALL", charset=None):
            plats = f"{mailbox.mapp};{validity};{uid}"
            if not is_known(plats):
                mail = _fetched(box, uid, plats)
                if mail is not None:
                    yield mail


def _fetched(box: Any, uid: str, plats: str) -> FetchedMail | None:
    """The mail, or None when somebody has removed it meanwhile."""
    head = box.client.uid("FETCH", uid, "(RFC822.SIZE INTERNALDATE)")[1][0]
    if not isinstance(head, bytes):
        return None
    size = int(head.partition(b"RFC822.SIZE ")[2].split(b" ")[0].rstrip(b")"))
    date = imaplib.Internaldate2tuple(head)
    came = None if date is None else dt.datetime.fromtimestamp(time.mktime(date), dt.UTC)
    if size > MAX_MAIL:
        return FetchedMail(plats, None, size, came)
    parts = [part[1] for part in box.client.uid("FETCH", uid, "(BODY.PEEK[])")[1] if isinstance(part, tuple)]
    return FetchedMail(plats, parts[0], size, came) if parts else None


@contextmanager
def _connected(mailbox: Mailbox) -> Iterator[Any]:
    """A logged-in connection, encrypted as the settings say."""
    from imap_tools import MailBox, MailBoxUnencrypted
    from imap_tools.errors import ImapToolsError

    trusted = ssl.create_default_context()
    box: Any
    if mailbox.kryptering == "tls":
        box = MailBox(mailbox.server, mailbox.port, timeout=TIMEOUT_S, ssl_context=trusted)
    else:
        box = MailBoxUnencrypted(mailbox.server, mailbox.port, timeout=TIMEOUT_S)
    try:
        if mailbox.kryptering == "starttls":
            box.client.starttls(trusted)
        try:
            box.login_utf8(mailbox.anvandare, mailbox.losenord, initial_folder=None)
        except (ImapToolsError, imaplib.IMAP4.error) as error:
            raise BrevladeFel(
                f"E912 {mailbox.adress} tar inte emot inloggningen. Kontrollera användaren och lösenordet."
            ) from error
        yield box
    finally:
        _part(box)


def _part(box: Any) -> None:
    """Say goodbye; a server that has gone already is no fault."""
    try:
        box.client.logout()
    except (OSError, imaplib.IMAP4.error):
        with suppress(OSError):
            box.client.shutdown()


@contextmanager
def _told(mailbox: Mailbox) -> Iterator[None]:
    from imap_tools.errors import ImapToolsError

    try:
        yield
    except ssl.SSLError as error:
        raise BrevladeFel(
            f"E912 {mailbox.adress} har inget betrott certifikat ({error}). Kontrollera servernamnet och certifikatets utfärdare."
        ) from error
    except (OSError, EOFError, ImapToolsError, imaplib.IMAP4.error) as error:
        raise BrevladeFel(
            f"E911 {mailbox.adress} går inte att läsa ({' '.join(str(error).split())[:300]}). "
            "Kontrollera att servern är igång, nås härifrån och har mappen."
        ) from error
