"""An incoming mail taken apart: whom it says it is from, whether a program sent it, its attached files. Nothing in it raises."""

from __future__ import annotations

import contextlib
import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses

MAX_ATTACHMENTS = 50
_ADDRESS = re.compile(r"[^@\s<>,;:\"()\[\]\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,250}>")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_NO_REPLY = ("mailer-daemon", "postmaster", "no-reply", "noreply")


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attached file. ``nummer``: its place among the mail's attachments, from 1; ``namn`` as the sender's program wrote it."""

    nummer: int
    namn: str
    innehall: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as its head and parts say.

    Attributes:
        avsandare: the one From address in lower case; '' when there is none, or several.
        amne: on one line.
        message_id: with its angle brackets; '' when there is none that could be answered to.
        from_program: sent by a program or a list, and not to be answered.
        bilagor: attached files, pictures in the text left out.
    """

    avsandare: str
    amne: str
    message_id: str
    from_program: bool
    bilagor: tuple[Attachment, ...]


def read_letter(raw: bytes) -> Letter:
    """The mail in its bytes.

    Example:
        >>> read_letter(b'From: "a@b.se" <Ekonom@Kommun.se>\\nSubject: Retur\\n\\nhej').avsandare
        'ekonom@kommun.se'
    """
    message = email.message_from_bytes(raw)
    sender = _sender(message)
    found = _MESSAGE_ID.fullmatch(_head(message, "Message-ID"))
    return Letter(
        avsandare=sender,
        amne=_head(message, "Subject")[:300],
        message_id=found[0] if found else "",
        from_program=_is_from_program(message, sender),
        bilagor=tuple(_attachments(message)),
    )


def _head(message: Message, name: str) -> str:
    """A field of the head as text on one line; '' when it is not there."""
    value = message.get(name)
    return "" if value is None else _decoded(str(value))


def _decoded(text: str) -> str:
    """Encoded words as text, without control characters; what can't be decoded stands as it was."""
    with contextlib.suppress(LookupError, ValueError):
        text = str(make_header(decode_header(text)))
    whole = text.encode("utf-8", "replace").decode()
    return " ".join(_CONTROL.sub(" ", whole).split())


def _sender(message: Message) -> str:
    fields = [str(value) for value in message.get_all("From", [])]
    try:
        addresses = [address for _, address in getaddresses(fields) if address]
    except (IndexError, ValueError):
        return ""
    if len(fields) != 1 or len(addresses) != 1 or not _ADDRESS.fullmatch(addresses[0]):
        return ""
    return addresses[0].lower()


def _is_from_program(message: Message, sender: str) -> bool:
    """True for automatic answers, bounces, mailing lists and addresses that want no answer: answering them may go on for ever."""
    submitted = _head(message, "Auto-Submitted").lower()
    return (
        (submitted not in ("", "no"))
        or _head(message, "Precedence").lower() in ("bulk", "junk", "list", "auto_reply")
        or any(
            message.get(name) is not None for name in ("List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond")
        )
        or _head(message, "Return-Path") == "<>"
        or sender.partition("@")[0] in _NO_REPLY
    )


def _attachments(message: Message) -> Iterator[Attachment]:
    number = 0
    for part in message.walk():
        name = _file_name(part)
        if part.is_multipart() or not (name or part.get_content_disposition() == "attachment"):
            continue
        if part.get_content_maintype() == "image" and part.get("Content-ID") is not None:
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            number += 1
            if number > MAX_ATTACHMENTS:
                return
            yield Attachment(number, name or f"bilaga-{number}", content)


def _file_name(part: Message) -> str:
    """The attachment's name without folders; '' when it has none."""
    try:
        name = part.get_filename()
    except (LookupError, ValueError):
        return ""
    return _decoded(str(name)).replace("\\", "/").rpartition("/")[2] if name else ""
