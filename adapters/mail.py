"""Outgoing mail through the kommun's own SMTP server. Server, sender and recipients come from configuration only.

A mail that may have left is told from one that surely did not: the outbox in the store decides by that whether it is sent again.
"""

from __future__ import annotations

import datetime as dt
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY

TIMEOUT_S = 30
"""How long the server may be silent."""
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,250}>")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")


class MailFel(RuntimeError):
    """The mail surely did not leave (E930: the server; E931: the mail itself or the settings). The message is Swedish.

    ``permanent``: the server refused it for good (5xx), or the mail can never be sent as it is; another try will not help.
    """

    def __init__(self, text: str, *, permanent: bool = False) -> None:
        super().__init__(text)
        self.permanent = permanent


class MailOsakert(RuntimeError):
    """E932: the server fell silent after it had got the mail, so that it may have left. The message is Swedish."""


@dataclass(frozen=True, slots=True)
class Mailserver:
    """The server and how to log in. ``avsandare`` is the From address; ``anvandare`` '' when the server wants no login."""

    server: str
    port: int
    starttls: bool
    avsandare: str
    anvandare: str = ""
    losenord: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Bilaga:
    """An attached file; ``typ`` is its media type."""

    namn: str
    innehall: bytes
    typ: str = XLSX


@dataclass(frozen=True, slots=True)
class Brev:
    """One mail to one recipient, dated ``tid``. ``nyckel``: letters and digits that name it; the same key gives the same Message-ID.

    ``svar_pa``: Message-ID of the mail that it answers, with its angle brackets; '' when it answers none. ``html``: the same text as a
    page, '' for a mail of text alone.
    """

    till: str
    amne: str
    text: str
    nyckel: str
    tid: dt.datetime
    bilagor: tuple[Bilaga, ...] = ()
    svar_pa: str = ""
    html: str = ""


class Connection:
    """A logged-in connection to the mail server."""

    def __init__(self, smtp: smtplib.SMTP, avsandare: str) -> None:
        """Made by ``connect``."""
        self._smtp = smtp
        self._avsandare = avsandare

    def send(self, brev: Brev) -> None:
        """Send one mail; returns when the server has taken it.

        Raises:
            MailFel: E930, E931, it did not leave. MailOsakert: E932, it may have.
        """
        message = _message(brev, self._avsandare)
        try:
            refused_at, is_recipient = self._smtp.mail(self._avsandare), False
            if refused_at[0] < 400:
                refused_at, is_recipient = self._smtp.rcpt(brev.till), True
        except (OSError, smtplib.SMTPException) as error:
            raise MailFel(_told("E930 E-postservern avbröt innan brevet lämnades", error)) from error
        if refused_at[0] >= 400:
            self._abandon()
            raise MailFel(
                f"E930 E-postservern tog inte emot {brev.till}: {_reply(*refused_at)}. Kontrollera adressen.",
                permanent=is_recipient and refused_at[0] >= 500,
            )
        self._hand_over(message.as_bytes())

    def _hand_over(self, content: bytes) -> None:
        try:
            code, reply = self._smtp.data(content)
        except smtplib.SMTPDataError as error:  # the server said no before it got anything
            self._abandon()
            raise MailFel(
                f"E930 E-postservern tog inte emot brevet: {_reply(error.smtp_code, error.smtp_error)}.",
                permanent=error.smtp_code >= 500,
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailOsakert(
                _told("E932 E-postservern tystnade när den hade fått brevet, så det kan ha gått ut", error)
            ) from error
        if code >= 400:
            self._abandon()
            raise MailFel(f"E930 E-postservern tog inte emot brevet: {_reply(code, reply)}.", permanent=code >= 500)

    def _abandon(self) -> None:
        """Forget the mail under way, so that the next can be sent; a server that is gone is met by the next."""
        try:
            self._smtp.rset()
        except (OSError, smtplib.SMTPException):
            return


@contextmanager
def connect(server: Mailserver) -> Iterator[Connection]:
    """A connection to the mail server, encrypted and logged in as the settings say. A password is never sent unencrypted.

    Raises:
        MailFel: E930, the server does not answer, has no trusted certificate or refuses the login; E931, the settings are unsafe.
    """
    if _ADDRESS.fullmatch(server.avsandare) is None:
        raise MailFel(
            f'E931 Avsändaren "{_visible(server.avsandare)}" är ingen e-postadress. Rätta epost i installningar.yaml.'
        )
    if server.anvandare and not server.starttls:
        raise MailFel(
            "E931 Ett lösenord skickas inte okrypterat. Sätt starttls: true under epost i installningar.yaml."
        )
    try:
        smtp = smtplib.SMTP(server.server, server.port, timeout=TIMEOUT_S)
    except (OSError, smtplib.SMTPException) as error:
        raise MailFel(_told(f"E930 E-postservern {server.server}:{server.port} svarar inte", error)) from error
    try:
        _log_in(smtp, server)
    except MailFel:
        smtp.close()
        raise
    try:
        yield Connection(smtp, server.avsandare)
    finally:
        _part(smtp)


def _log_in(smtp: smtplib.SMTP, server: Mailserver) -> None:
    try:
        if server.starttls:
            smtp.starttls(context=ssl.create_default_context())
        smtp.ehlo_or_helo_if_needed()
        if server.anvandare:
            smtp.login(server.anvandare, server.losenord)
    except UnicodeEncodeError as error:
        raise MailFel(
            "E931 Användare och lösenord till e-postservern får bara ha tecken utan prickar och accenter."
        ) from error
    except (OSError, smtplib.SMTPException) as error:
        raise MailFel(
            _told(f"E930 E-postservern {server.server}:{server.port} tog inte emot anslutningen", error)
        ) from error


def _part(smtp: smtplib.SMTP) -> None:
    """Say goodbye; a server that has gone already is no fault."""
    try:
        smtp.quit()
    except (OSError, smtplib.SMTPException):
        smtp.close()


def _message(brev: Brev, avsandare: str) -> EmailMessage:
    """The mail with its headers. What could become a header or a recipient of its own is refused."""
    if _ADDRESS.fullmatch(brev.till) is None:
        raise MailFel(
            f'E931 "{_visible(brev.till)}" är ingen e-postadress att skicka till. Rätta adressen i kommun.yaml.',
            permanent=True,
        )
    if brev.svar_pa and _MESSAGE_ID.fullmatch(brev.svar_pa) is None:
        raise MailFel(f'E931 "{_visible(brev.svar_pa)}" är inget Message-ID att svara på.')
    for value in (brev.amne, *(bilaga.namn for bilaga in brev.bilagor)):
        if _CONTROL.search(value):
            raise MailFel(
                f'E931 "{_visible(value)}" har radbrytning eller styrtecken och får inte stå i ett brevs huvud.'
            )
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = Address(addr_spec=avsandare)
    message["To"] = Address(addr_spec=brev.till)
    message["Subject"] = brev.amne
    message["Date"] = brev.tid
    message["Message-ID"] = f"<rodatraden-{re.sub(r'[^A-Za-z0-9]', '', brev.nyckel)}@{avsandare.partition('@')[2]}>"
    if brev.svar_pa:
        message["In-Reply-To"] = brev.svar_pa
        message["References"] = brev.svar_pa
    message["Auto-Submitted"] = "auto-replied" if brev.svar_pa else "auto-generated"
    message.set_content(brev.text, cte="quoted-printable")
    message["Content-Language"] = "sv"
    if brev.html:
        message.add_alternative(brev.html, subtype="html", cte="quoted-printable")
    for bilaga in brev.bilagor:
        maintype, _, subtype = bilaga.typ.partition("/")
        message.add_attachment(bilaga.innehall, maintype=maintype, subtype=subtype, filename=bilaga.namn)
    return message


def _visible(value: str) -> str:
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", value)[:120]


def _reply(code: int, text: bytes | str) -> str:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {_visible(said)}".strip()


def _told(what: str, error: Exception) -> str:
    """The sentence with its cause, for whoever keeps the mail server."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{what} ({_reply(error.smtp_code, error.smtp_error)})."
    return f"{what} ({_visible(str(error)) or type(error).__name__})."
