"""Objects keep their bytes, in a folder and in any other fsspec file system."""

import hashlib
import stat
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from adapters.objects import ObjectStore, ObjektFel


@pytest.fixture(params=["path", "file", "memory"])
def url(request, tmp_path):
    return {
        "path": str(tmp_path / "objekt med mellanslag åäö"),
        "file": f"file://{tmp_path}/objekt",
        "memory": f"memory://{uuid.uuid4().hex}/objekt",
    }[request.param]


def test_put_then_get_gives_the_same_bytes(url):
    store = ObjectStore(url)
    content = bytes(range(256)) * 1000
    sha256 = store.put(content)
    assert sha256 == hashlib.sha256(content).hexdigest()
    assert store.exists(sha256)
    assert ObjectStore(url).get(sha256) == content


def test_an_empty_file_is_an_object_too(url):
    store = ObjectStore(url)
    assert store.get(store.put(b"")) == b""


def test_put_twice_leaves_one_object(url):
    store = ObjectStore(url)
    assert store.put(b"a") == store.put(b"a")
    assert len(store._files.find(store._root)) == 1


def test_get_of_an_unknown_object_says_e901_and_what_to_do(url):
    with pytest.raises(ObjektFel, match=r"^E901 .*säkerhetskopian"):
        ObjectStore(url).get("0" * 64)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "0" * 63, "G" * 64, "A" * 64, "0" * 64 + "\n"])
def test_a_name_that_is_no_hash_never_reaches_the_file_system(url, name):
    with pytest.raises(ObjektFel, match="E901"):
        ObjectStore(url).get(name)


def test_objects_lie_two_levels_deep_and_read_only(tmp_path):
    sha256 = ObjectStore(str(tmp_path)).put(b"a")
    path = tmp_path / sha256[:2] / sha256[2:]
    assert path.read_bytes() == b"a"
    assert stat.S_IMODE(path.stat().st_mode) & 0o222 == 0
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [path]


def test_changed_bytes_are_found_at_reading_and_at_putting(tmp_path):
    store = ObjectStore(str(tmp_path))
    sha256 = store.put("rätt".encode())
    path = tmp_path / sha256[:2] / sha256[2:]
    path.chmod(0o644)
    path.write_bytes(b"fel")
    with pytest.raises(ObjektFel, match=r"^E902 .*har ändrats"):
        store.get(sha256)
    with pytest.raises(ObjektFel, match="E902"):
        store.put("rätt".encode())
    assert path.read_bytes() == b"fel"


def test_many_threads_putting_the_same_bytes_leave_one_object(tmp_path):
    store = ObjectStore(str(tmp_path))
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(store.put, [b"samma"] * 40))) == 1
    assert len([file for file in tmp_path.rglob("*") if file.is_file()]) == 1
