"""Folders on real servers: SFTP and an object store are listed and read as a local one is, and trust nobody they do not know."""

import datetime as dt
import os
import threading
import time
import zipfile
from io import BytesIO

import pytest

from adapters.inbox import Arrived, InkorgsFel, Waiting, arrivals, open_folder, plain_folder, s3_folder, sftp_folder
from tests.way_servers import KEY_ID, PASSWORD, SECRET_KEY, USER


def workbook(text=b"innehall"):
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("xl/workbook.xml"), text)
    return packed.getvalue()


def sftp(server, mapp, *, losenord=PASSWORD, nyckelfil=None, vardnycklar=None, anvandare=USER):
    return sftp_folder(
        "sftp",
        server="127.0.0.1",
        port=server.port,
        mapp=mapp,
        anvandare=anvandare,
        losenord=losenord,
        nyckelfil=nyckelfil,
        vardnycklar=str(vardnycklar or server.known),
    )


def s3(server, hink, prefix="", *, nyckel_id=KEY_ID):
    return s3_folder("s3", hink=hink, prefix=prefix, adress=server.url, nyckel_id=nyckel_id, hemlig_nyckel=SECRET_KEY)


def all_of(folder, lugn_s=0, is_known=lambda file: False):
    with open_folder(folder) as opened:
        return list(arrivals(opened, lugn_s, is_known))


def names(found):
    return [(type(one).__name__, one.file.name if isinstance(one, Arrived) else one.name) for one in found]


def test_sftp_with_password_or_key_gives_files_of_subfolders_and_no_links(sftp_server):
    folder = sftp_server.fresh("returer")
    (folder / "2026-04").mkdir()
    (folder / "2026-04" / "vård.xlsx").write_bytes(workbook())
    (folder / "~$ten.xlsx").write_bytes(b"x")
    (folder / "lank.xlsx").symlink_to(folder / "2026-04" / "vård.xlsx")
    os.utime(folder / "2026-04" / "vård.xlsx", (1777600800, 1777600800))
    for login in ({}, {"losenord": None, "nyckelfil": str(sftp_server.key)}):
        (found,) = all_of(sftp(sftp_server, "/returer", **login))
        assert (found.file.name, found.content) == ("2026-04/vård.xlsx", workbook())
        assert found.file.modified == dt.datetime(2026, 5, 1, 2, 0, tzinfo=dt.UTC)


def test_sftp_trusts_only_the_key_that_is_known(sftp_server, tmp_path):
    (tmp_path / "tom").write_text("")
    other = sftp_server.known.read_text().replace("AAAAC3NzaC1lZDI1NTE5AAAAI", "AAAAC3NzaC1lZDI1NTE5AAAAIA")[:-2] + "\n"
    (tmp_path / "annan").write_text(other)
    sftp_server.fresh("returer")
    for known in (tmp_path / "tom", tmp_path / "annan"):
        with pytest.raises(InkorgsFel, match=r"E912 sftp://127\.0\.0\.1:\d+/returer har en annan nyckel"):
            all_of(sftp(sftp_server, "/returer", vardnycklar=known))


def test_sftp_says_which_login_was_refused_and_never_the_password(sftp_server):
    with pytest.raises(InkorgsFel, match=r"E912 .* tar inte emot inloggningen som rodatraden") as told:
        all_of(sftp(sftp_server, "/returer", losenord="fel ord"))
    assert "fel ord" not in str(told.value)


def test_a_server_that_is_not_there_and_a_folder_that_is_not_there_are_told_apart(sftp_server, s3_server):
    with pytest.raises(InkorgsFel, match=r"E903 Inkorgen sftp://.*/finns-inte finns inte"):
        all_of(sftp(sftp_server, "/finns-inte"))
    with pytest.raises(InkorgsFel, match=r"E911 .*127"):
        all_of(sftp_folder("sftp", server="127.0.0.1", port=1, mapp="/", anvandare=USER, losenord="x", nyckelfil=None,
                           vardnycklar=str(sftp_server.known)))  # fmt: skip
    with pytest.raises(InkorgsFel, match="E903 Inkorgen s3://finns-inte finns inte"):
        all_of(s3(s3_server, "finns-inte"))
    with pytest.raises(InkorgsFel, match="E911 Inkorgen s3://x-hink"):
        all_of(s3_folder("s3", hink="x-hink", prefix="", adress="http://127.0.0.1:1", nyckel_id="a", hemlig_nyckel="b"))


def test_an_object_store_gives_what_lies_under_the_prefix_and_its_files_are_whole(s3_server):
    for name in ("in/2026-04/ten.xlsx", "in/ten.csv", "in/halv.part", "annat/x.xlsx"):
        s3_server.put("returer", name, b"PK\x03\x04 avkapad" if name.endswith("xlsx") else b"a;b\r\n")
    found = all_of(s3(s3_server, "returer", "in"), lugn_s=600)
    assert names(found) == [("Arrived", "2026-04/ten.xlsx"), ("Arrived", "ten.csv")]
    assert found[1].content == b"a;b\r\n"
    assert names(all_of(s3(s3_server, "returer", "tomt"))) == []


def test_what_is_known_elsewhere_is_not_read_again_until_it_changes(s3_server, sftp_server):
    s3_server.put("kanda", "ten.xlsx", workbook())
    folder = sftp_server.fresh("kanda")
    (folder / "ten.xlsx").write_bytes(workbook())
    for place in (s3(s3_server, "kanda"), sftp(sftp_server, "/kanda")):
        (first,) = all_of(place)
        (again,) = all_of(place, is_known=lambda file, mark=first.file.marke: file.marke == mark)
        assert (first.content, again.content) == (workbook(), None)
    s3_server.put("kanda", "ten.xlsx", workbook(b"annat"))
    (folder / "ten.xlsx").write_bytes(workbook(b"annat"))
    for place in (s3(s3_server, "kanda"), sftp(sftp_server, "/kanda")):
        (changed,) = all_of(place, is_known=lambda file, mark=first.file.marke: file.marke == mark)
        assert changed.content == workbook(b"annat")


def test_a_workbook_is_whole_when_its_end_is_there_and_a_cut_one_when_it_has_lain(tmp_path):
    (tmp_path / "hel.xlsx").write_bytes(workbook())
    (tmp_path / "halv.xlsx").write_bytes(workbook()[:-30])
    (tmp_path / "tom.xlsx").write_bytes(b"")
    (tmp_path / "gammal.xlsx").write_bytes(workbook()[:-30])
    os.utime(tmp_path / "gammal.xlsx", (time.time() - 300,) * 2)
    found = all_of(plain_folder("inkorg", str(tmp_path)))
    assert names(found) == [
        ("Arrived", "gammal.xlsx"),
        ("Arrived", "hel.xlsx"),
        ("Waiting", "halv.xlsx"),
        ("Waiting", "tom.xlsx"),
    ]


def test_a_file_that_is_being_written_is_left_alone_and_taken_when_it_is_done(sftp_server):
    """A csv has no end of its own: it grows on the server while we look, and is whole when it has been still."""
    path = sftp_server.fresh("vaxer") / "uttag.csv"
    path.write_bytes(b"Period;Enhet\r\n")
    stop = threading.Event()

    def write() -> None:
        with path.open("ab") as file:
            while not stop.wait(0.05):
                file.write(b"2026-04;13\r\n")
                file.flush()

    writer = threading.Thread(target=write)
    writer.start()
    (left,) = all_of(sftp(sftp_server, "/vaxer"), lugn_s=1)
    stop.set()
    writer.join()
    assert left == Waiting("uttag.csv", "filen håller på att skrivas, eller är avkapad")
    (taken,) = all_of(sftp(sftp_server, "/vaxer"), lugn_s=1)
    assert taken.content == path.read_bytes()


@pytest.mark.parametrize("lock", ["~$ten.xlsx", ".~lock.ten.xlsx#", "ten.xlsx.part", "ten.xlsx.filepart"])
def test_a_file_in_use_waits_until_its_lock_is_gone_or_stale(tmp_path, lock):
    (tmp_path / "ten.xlsx").write_bytes(workbook())
    (tmp_path / lock).write_bytes(b"x")
    (waiting,) = all_of(plain_folder("inkorg", str(tmp_path)))
    assert waiting.name == "ten.xlsx"
    assert lock in waiting.orsak
    two_days_ago = time.time() - 2 * 24 * 3600
    os.utime(tmp_path / lock, (two_days_ago, two_days_ago))
    assert names(all_of(plain_folder("inkorg", str(tmp_path)))) == [("Arrived", "ten.xlsx")]
