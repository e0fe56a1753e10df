"""Mail against a real SMTP server process: what is sent, what is refused, and what may have left."""

from __future__ import annotations

import datetime as dt
import socket
import subprocess
from dataclasses import replace

import pytest

from adapters.mail import Bilaga, Brev, MailFel, MailOsakert, Mailserver, connect
from tests.smtp_server import PASSWORD, USER, smtp_server

TID = dt.datetime(2026, 5, 5, 7, 30, tzinfo=dt.UTC)
WORKBOOK = Bilaga("retur-ö.xlsx", b"PK\x03\x04\r\n.\r\n")
BREV = Brev("ekonom@example.org", "Mall för april, Öckerö", "Hej!\n\n.Punkt först och åäö.\n", "ab12", TID, (WORKBOOK,))


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with smtp_server(tmp_path_factory.mktemp("post")) as running:
        yield running


def mailserver(port, **changed):
    return replace(Mailserver("127.0.0.1", port, starttls=False, avsandare="ekonomi@kommunen.example"), **changed)


def send(running, *letters, **changed):
    """Send each; the mails that the server took of these."""
    before = len(running.received)
    with connect(mailserver(running.port, **changed)) as connection:
        for brev in letters:
            connection.send(brev)
    return running.received[before:]


def test_a_mail_comes_as_it_was_written_with_its_workbook(server):
    (got,) = send(server, BREV)
    assert (got.sender, got.recipients) == ("ekonomi@kommunen.example", ("ekonom@example.org",))
    assert got.mail["Subject"] == "Mall för april, Öckerö"
    assert (got.mail["From"], got.mail["To"]) == ("ekonomi@kommunen.example", "ekonom@example.org")
    assert got.mail["Message-ID"] == "<rodatraden-ab12@kommunen.example>"
    assert got.mail["Auto-Submitted"] == "auto-generated"
    assert got.mail["Date"].datetime == TID
    assert got.mail.get_body(("plain",)).get_content().replace("\r\n", "\n") == BREV.text
    (bilaga,) = got.mail.iter_attachments()
    assert (bilaga.get_filename(), bilaga.get_content()) == ("retur-ö.xlsx", BREV.bilagor[0].innehall)


def test_a_refused_recipient_stops_that_mail_only(server):
    before = len(server.received)
    with connect(mailserver(server.port)) as connection:
        for refused in ("nej@example.org", "full@example.org"):
            with pytest.raises(MailFel, match=r"E930 .*5(50|52)"):
                connection.send(replace(BREV, till=refused))
        connection.send(BREV)
    assert [got.recipients for got in server.received[before:]] == [("ekonom@example.org",)]


def test_a_server_that_falls_silent_after_it_got_the_mail_leaves_it_in_doubt(server):
    with connect(mailserver(server.port)) as connection:
        with pytest.raises(MailOsakert, match="E932"):
            connection.send(replace(BREV, till="tyst@example.org"))
        with pytest.raises(MailFel, match="E930"):
            connection.send(BREV)
    assert server.received[-1].recipients == ("tyst@example.org",)


@pytest.mark.parametrize(
    "changed",
    [
        {"amne": "Mall\r\nBcc: annan@example.org"},
        {"amne": "Mall\nX: y"},
        {"amne": "Mall\u2028X"},
        {"till": "ekonom@example.org\r\nRCPT TO:<annan@example.org>"},
        {"till": "ekonom@example.org, annan@example.org"},
        {"till": "Ekonom <ekonom@example.org>"},
        {"till": "ekonom@example.org>"},
        {"till": "ekonom@"},
        {"bilagor": (Bilaga("a.xlsx\r\nX: y", b""),)},
    ],
)
def test_nothing_can_become_a_header_or_a_recipient_of_its_own(server, changed):
    before = len(server.received)
    with connect(mailserver(server.port)) as connection, pytest.raises(MailFel, match="E931"):
        connection.send(replace(BREV, **changed))
    assert len(server.received) == before


def test_a_sender_that_is_no_address_and_a_password_without_encryption_are_refused_before_anything_is_said():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        port = listening.getsockname()[1]
        for changed in ({"avsandare": "ekonomi"}, {"avsandare": "a@b.se\nX: y"}, {"anvandare": "a", "losenord": "b"}):
            with pytest.raises(MailFel, match="E931"), connect(mailserver(port, **changed)):
                pass
        with pytest.raises(TimeoutError):
            listening.accept()


def test_a_server_that_is_not_there_is_told_of():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(MailFel, match=f"E930 .*127.0.0.1:{port} svarar inte"), connect(mailserver(port)):
        pass


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for localhost that signs itself, with its key."""
    folder = tmp_path_factory.mktemp("cert")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    both = folder / "both.pem"
    both.write_bytes((folder / "key.pem").read_bytes() + (folder / "cert.pem").read_bytes())
    return both


def test_login_goes_over_an_encrypted_connection_to_a_server_that_is_trusted(certificate, tmp_path, monkeypatch):
    settings = {"server": "localhost", "starttls": True, "anvandare": USER, "losenord": PASSWORD}
    with smtp_server(tmp_path / "post", certificate=certificate) as secure:
        with pytest.raises(MailFel, match=r"E930 .*CERTIFICATE_VERIFY_FAILED"):
            send(secure, BREV, **settings)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_name("cert.pem")))
        with pytest.raises(MailFel, match=r"E930 .*535"):
            send(secure, BREV, **{**settings, "losenord": "fel"})
        with pytest.raises(MailFel, match="E931 "):
            send(secure, BREV, **{**settings, "losenord": "lösen"})
        with pytest.raises(MailFel, match=r"E930 .*530"):
            send(secure, BREV)
        assert [got.recipients for got in send(secure, BREV, **settings)] == [("ekonom@example.org",)]


def test_starttls_that_the_server_lacks_is_no_reason_to_go_on_without(server):
    before = len(server.received)
    with pytest.raises(MailFel, match=r"E930 .*STARTTLS"):
        send(server, BREV, starttls=True)
    assert len(server.received) == before
