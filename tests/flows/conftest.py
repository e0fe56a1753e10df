"""One Prefect server per session, with files of its own. Its environment is set before anything imports prefect."""

import tempfile
from pathlib import Path

import pytest

from flows.home import Hem
from flows.prefect_environment import prepare_prefect

_FOLDER = tempfile.TemporaryDirectory(prefix="rt-prefect-")
prepare_prefect(Hem(Path(_FOLDER.name), databas="", objekt="", inkorg="", huvudbok="", processer=1))


@pytest.fixture(scope="session")
def prefect_server():
    """Prefect's own test server, empty."""
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=120):
        yield
    _FOLDER.cleanup()
