"""A mailbox on a real IMAP server is looked into, never changed; and what mails hold is taken apart whatever they say."""

import subprocess

import pytest

from adapters.mailbox import BrevladeFel, Mailbox, new_mails
from tests.way_servers import PASSWORD, USER, imap_serving, mail
from transforms.letter import read_letter


def box(running, **changed):
    values = {"namn": "brevlada", "server": "127.0.0.1", "port": running.port, "kryptering": "ingen", "anvandare": USER,
              "losenord": PASSWORD, "mapp": running.mapp}  # fmt: skip
    return Mailbox(**values | changed)


def test_new_mails_come_whole_oldest_first_and_known_ones_are_not_fetched(imap_server):
    mails = [mail("a@example.org", number=n, attached={"ten.xlsx": bytes([n]) * 5000}) for n in (1, 2)]
    for raw in mails:
        imap_server.deliver(raw)
    found = list(new_mails(box(imap_server), lambda plats: False))
    assert [one.raw.replace(b"\r\n", b"\n") for one in found] == mails
    assert len({one.plats for one in found}) == 2
    assert all(one.plats.startswith(f"{imap_server.mapp};") and one.inkom.tzinfo for one in found)
    assert [one.plats for one in new_mails(box(imap_server), lambda plats: plats == found[0].plats)] == [found[1].plats]


def test_looking_marks_nothing_as_read(imap_server):
    imap_server.deliver(mail("a@example.org"))
    list(new_mails(box(imap_server), lambda plats: False))
    with imap_server.client() as client:
        client.select(imap_server.mapp, readonly=True)
        assert client.search(None, "UNSEEN")[1] == [b"1"]


def test_a_mail_that_is_too_large_is_not_fetched(imap_server, monkeypatch):
    monkeypatch.setattr("adapters.mailbox.MAX_MAIL", 1000)
    imap_server.deliver(mail("a@example.org", attached={"ten.xlsx": bytes(2000)}))
    (found,) = new_mails(box(imap_server), lambda plats: False)
    assert (found.raw, found.storlek > 2000) == (None, True)


def test_refused_logins_and_servers_that_do_not_answer_are_told_apart(imap_server):
    with pytest.raises(BrevladeFel, match=r"E912 imap://rodatraden@127\.0\.0\.1.* tar inte emot inloggningen") as told:
        list(new_mails(box(imap_server, losenord="fel ord"), lambda plats: False))
    assert "fel ord" not in str(told.value)
    with pytest.raises(BrevladeFel, match=r"E911 \S+ går inte att läsa"):
        list(new_mails(box(imap_server, port=1), lambda plats: False))
    with pytest.raises(BrevladeFel, match="E911"):
        list(new_mails(box(imap_server, mapp="Finns inte"), lambda plats: False))


def test_an_encrypted_mailbox_is_read_only_when_its_certificate_is_trusted(tmp_path, monkeypatch):
    words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    files = ["-keyout", tmp_path / "nyckel.pem", "-out", tmp_path / "cert.pem"]
    subprocess.run(["openssl", *words.split(), *files], check=True, capture_output=True)
    both = tmp_path / "bada.pem"
    both.write_bytes((tmp_path / "cert.pem").read_bytes() + (tmp_path / "nyckel.pem").read_bytes())
    with imap_serving(both) as server:
        secure = box(server, server="localhost", kryptering="starttls")
        with pytest.raises(BrevladeFel, match=r"E912 \S+ har inget betrott certifikat"):
            list(new_mails(secure, lambda plats: False))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        assert list(new_mails(secure, lambda plats: False)) == []


def attached(letter):
    return [(one.namn, one.innehall) for one in letter.bilagor]


def test_a_letter_tells_sender_subject_and_files():
    letter = read_letter(mail("Eva <Ekonom@Example.org>", "Retur från vård", {"vård april.xlsx": b"PK", "x.csv": b"a"}))
    assert (letter.avsandare, letter.amne, letter.from_program) == ("ekonom@example.org", "Retur från vård", False)
    assert letter.message_id.endswith("@example.org>")
    assert attached(letter) == [("vård april.xlsx", b"PK"), ("x.csv", b"a")]


@pytest.mark.parametrize(
    ("heads", "sender"),
    [
        (b'From: "chef@kommun.se" <ond@example.org>', "ond@example.org"),
        (b"From: a@example.org, b@example.org", ""),
        (b"From: a@example.org\nFrom: b@example.org", ""),
        (b"From: =?utf-8?q?trasig?", ""),
        (b"From: ", ""),
        (b"Subject: inget annat", ""),
    ],
)
def test_only_one_plain_address_is_a_sender(heads, sender):
    assert read_letter(heads + b"\n\nhej").avsandare == sender


@pytest.mark.parametrize(
    "heads",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List_Id": "<lista.example.org>"},
        {"Return_Path": "<>"},
    ],
)
def test_what_programs_send_is_known_by_its_head(heads):
    assert read_letter(mail("a@example.org", **heads)).from_program
    assert not read_letter(mail("a@example.org", Auto_Submitted="no")).from_program


def test_names_have_no_folders_or_control_characters_and_pictures_in_the_text_are_no_files():
    raw = (
        b"From: a@b.se\nMessage-ID: <x y>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n"
        b'--B\nContent-Type: application/x; name="..\\\\..\\\\hemlig\x07.xlsx"\nContent-Transfer-Encoding: base64\n\nUEs=\n'
        b"--B\nContent-Type: image/png; name=logga.png\nContent-ID: <1>\n\nx\n"
        b"--B\nContent-Type: application/octet-stream\nContent-Disposition: attachment\n\nutan namn\n--B--\n"
    )
    letter = read_letter(raw)
    assert attached(letter) == [("hemlig .xlsx", b"PK"), ("bilaga-2", b"utan namn")]
    assert letter.message_id == ""


@pytest.mark.parametrize(
    "raw",
    [b"", b"\x00" * 50, b"From: a@b.se\nContent-Type: multipart/mixed\n\nx", b"Content-Type: text/plain; charset=\xff\n\n\xff",
     b"From: a@b.se\nContent-Disposition: attachment; filename*=utf-99''%ff\n\nx",
     b"Subject: =?finns-inte?b?!!!?=\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment\n\n%%%"],
)  # fmt: skip
def test_nothing_that_a_mail_says_raises(raw):
    letter = read_letter(raw)
    assert all(isinstance(one.innehall, bytes) and one.namn for one in letter.bilagor)
