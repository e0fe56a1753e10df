"""The inbox lists what people sent and nothing that their programs left."""

import datetime as dt
import os
import uuid

import fsspec
import pytest

from adapters.inbox import InboxFile, InkorgsFel, open_folder, plain_folder
from transforms.arrival import is_ignored


def list_inbox(url):
    with open_folder(plain_folder("inkorg", url)) as folder:
        return tuple(file for file in folder.listed().values() if not is_ignored(file.name))


def read(url, name):
    with open_folder(plain_folder("inkorg", url)) as folder:
        return folder.read(name)


def test_files_are_listed_sorted_with_size_and_time(tmp_path):
    (tmp_path / "2026-04").mkdir()
    for name, content in (("vård.xlsx", b"abc"), ("2026-04/ten.xlsx", b"de"), ("konstig.exe", b"f"), ("tom.xlsx", b"")):
        (tmp_path / name).write_bytes(content)
        os.utime(tmp_path / name, (1777600800, 1777600800))
    tid = dt.datetime(2026, 5, 1, 2, 0, tzinfo=dt.UTC)
    assert list_inbox(str(tmp_path)) == (
        InboxFile("2026-04/ten.xlsx", 2, tid),
        InboxFile("konstig.exe", 1, tid),
        InboxFile("tom.xlsx", 0, tid),
        InboxFile("vård.xlsx", 3, tid),
    )
    assert list_inbox(f"file://{tmp_path}") == list_inbox(f"{tmp_path}/")


@pytest.mark.parametrize(
    "name",
    ["~$ten.xlsx", ".DS_Store", ".~lock.ten.xlsx#", "ten.xlsx.tmp", "~WRL0001.TMP", "ten.xlsx.part", "ten.xlsx.filepart",
     "Thumbs.db", "desktop.ini", ".dold/ten.xlsx"],
)  # fmt: skip
def test_what_programs_leave_is_not_listed(tmp_path, name):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(b"x")
    (tmp_path / "ten.xlsx").write_bytes(b"y")
    assert [file.name for file in list_inbox(str(tmp_path))] == ["ten.xlsx"]


def test_a_link_out_of_the_inbox_is_not_followed(tmp_path):
    (tmp_path / "hemlig").write_bytes(b"x")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "länk.xlsx").symlink_to(tmp_path / "hemlig")
    assert list_inbox(str(tmp_path / "in")) == ()


def test_read_gives_the_bytes(tmp_path):
    (tmp_path / "ten.xlsx").write_bytes(b"abc")
    assert read(str(tmp_path), "ten.xlsx") == b"abc"


def test_read_never_leaves_the_inbox(tmp_path):
    (tmp_path / "hemlig").write_bytes(b"x")
    (tmp_path / "in").mkdir()
    with pytest.raises(InkorgsFel, match=r"E903 .* ligger inte i inkorgen"):
        read(str(tmp_path / "in"), "../hemlig")


def test_a_file_that_has_gone_says_so(tmp_path):
    with pytest.raises(InkorgsFel, match=r"E903 Filen borta\.xlsx finns inte längre"):
        read(str(tmp_path), "borta.xlsx")


def test_an_inbox_that_does_not_exist_is_an_error_not_an_empty_list(tmp_path):
    with pytest.raises(InkorgsFel, match=r"E903 Inkorgen .* finns inte"):
        list_inbox(str(tmp_path / "fel"))


def test_another_file_system_works_alike():
    url = f"memory://{uuid.uuid4().hex}/inkorg"
    files = fsspec.filesystem("memory")
    files.pipe_file(f"{url}/b.xlsx", b"bb")
    files.pipe_file(f"{url}/a.xlsx", b"a")
    listed = list_inbox(url)
    assert [(file.name, file.size) for file in listed] == [("a.xlsx", 1), ("b.xlsx", 2)]
    assert all(file.modified.tzinfo is dt.UTC for file in listed)
    assert read(url, "b.xlsx") == b"bb"
