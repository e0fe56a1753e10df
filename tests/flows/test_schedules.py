"""Schedules come from the calendar, are the same when served and when deployed, and a cron deployment really gets its runs."""

from __future__ import annotations

import importlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from prefect import Flow
from ruamel.yaml import YAML

from adapters.kommun_config import load_kommun
from data_contracts.kommun import Kalender
from flows.home import CHECKOUT
from flows.schedules import Schema, schedules
from tests.closings import new_home

KALENDER = load_kommun(CHECKOUT / "kommuner" / "lingonby" / "kommun.yaml").kalender
DEPLOYMENTS: list[dict[str, Any]] = YAML(typ="safe").load((CHECKOUT / "prefect.yaml").read_text(encoding="utf-8"))[
    "deployments"
]


def test_schedules_are_the_calendars_times() -> None:
    calendar = Kalender(
        retur_senast_arbetsdag=7,
        stangning_dag=12,
        stangning_tid="06:30",
        hamtning_tider=("07:05", "16:00"),
        utskick_tid="08:15",
        perioder=(4, 8, 12),
    )
    assert schedules(calendar) == (
        Schema("collect-returns", "Hämta returer 07:05", "5 7 * * 1-5", "Europe/Stockholm"),
        Schema("collect-returns", "Hämta returer 16:00", "0 16 * * 1-5", "Europe/Stockholm"),
        Schema("remind-returns", "Skicka mallar och påminnelser", "15 8 * * 1-5", "Europe/Stockholm"),
        Schema("close-month", "Stäng månaden", "30 6 12 1,5,9 *", "Europe/Stockholm"),
        Schema("send-reports", "Sänd fastställda rapporter", "15 8 * * 1-5", "Europe/Stockholm"),
    )


def entrypoint(deployment: dict[str, Any]) -> Flow[..., Any]:
    path, _, name = deployment["entrypoint"].partition(":")
    assert (CHECKOUT / path).is_file()
    found = getattr(importlib.import_module(path.removesuffix(".py").replace("/", ".")), name)
    assert isinstance(found, Flow)
    return found


def test_prefect_yaml_deploys_the_same_times_as_are_served() -> None:
    deployed = {
        (entrypoint(deployment).name, one["cron"], one["timezone"])
        for deployment in DEPLOYMENTS
        for one in deployment["schedules"]
    }
    assert deployed == {(schema.flow, schema.cron, schema.tidszon) for schema in schedules(KALENDER)}


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: deployment["name"])
def test_every_deployment_gives_its_flow_what_it_needs(deployment: dict[str, Any]) -> None:
    flow = entrypoint(deployment)
    assert set(deployment["parameters"]) == set(flow.parameters.required)
    assert set(deployment["parameters"].values()) == {"{{ $RODATRADEN_HEM }}"}
    assert deployment["concurrency_limit"] == 1


class Api:
    """A Prefect server over HTTP."""

    def __init__(self, address: str) -> None:
        self._address = address

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self._address}{path}", timeout=30) as answer:
            return json.load(answer)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        data, kind = json.dumps(body).encode(), {"content-type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(f"{self._address}{path}", data, kind), timeout=30) as answer:
            return json.load(answer)


def awaited(seconds: float, ask: Any) -> Any:
    """What ``ask`` gives as soon as it gives something; an error when time is up."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        if answer := ask():
            return answer
        time.sleep(0.3)
    raise TimeoutError(f"inget svar på {seconds} s")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_home(tmp_path_factory.mktemp("schema") / "lingonby", "lingonby").path


@pytest.fixture(scope="module")
def served(home: Path) -> Iterator[subprocess.Popen[str]]:
    """``rodatraden schemalagg``, running as a user runs it, from a folder that is not the checkout."""
    environment = {name: value for name, value in os.environ.items() if "PREFECT" not in name}
    with (home / "fel.txt").open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "flows.cli", "--kommun", str(home), "schemalagg"],
            stdout=subprocess.PIPE, stderr=errors, text=True, cwd=home, start_new_session=True,
            env=environment | {"PYTHONPATH": str(CHECKOUT)},
        )  # fmt: skip
        yield process
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if process.stdout:
            process.stdout.close()


@pytest.fixture(scope="module")
def api(served: subprocess.Popen[str]) -> Api:
    assert served.stdout
    for line in served.stdout:
        if found := re.search(r"http://127\.0\.0\.1:\d+/api", line):
            return Api(found[0])
    raise AssertionError("schemalagg slutade utan att nämna sin server")


@pytest.fixture(scope="module")
def deployments(api: Api) -> dict[str, dict[str, Any]]:
    """The served deployments by flow."""

    def all_three() -> list[dict[str, Any]] | None:
        found: list[dict[str, Any]] = api.post("/deployments/filter", {})
        return found if len(found) == 3 else None

    return {api.get(f"/flows/{one['flow_id']}")["name"]: one for one in awaited(60, all_three)}


def test_served_deployments_get_their_scheduled_runs(api: Api, deployments: dict[str, dict[str, Any]]) -> None:
    """With a scheduler that fails in silence (sqlalchemy 2.1), or none, no run ever comes."""
    for flow, times in {
        "collect-returns": {(hour, 0) for hour in (7, 12, 16)},
        "remind-returns": {(7, 30)},
        "close-month": {(6, 0)},
    }.items():
        wanted = {
            "deployments": {"id": {"any_": [deployments[flow]["id"]]}},
            "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
        }
        runs = awaited(60, lambda: api.post("/flow_runs/filter", wanted))  # noqa: B023
        local = [
            datetime.fromisoformat(run["expected_start_time"]).astimezone(ZoneInfo("Europe/Stockholm")) for run in runs
        ]
        assert {(time.hour, time.minute) for time in local} <= times
        assert all(
            time.day == KALENDER.stangning_dag if flow == "close-month" else time.weekday() < 5 for time in local
        )


def test_a_run_of_a_served_deployment_is_carried_out(
    api: Api, home: Path, deployments: dict[str, dict[str, Any]]
) -> None:
    (home / "inkorg" / "anteckning.txt").write_text("inte en retur")
    run = api.post(f"/deployments/{deployments['collect-returns']['id']}/create_flow_run", {})
    ended = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")

    def done() -> dict[str, Any] | None:
        state: dict[str, Any] = api.get(f"/flow_runs/{run['id']}")["state"]
        return state if state["type"] in ended else None

    assert awaited(120, done)["type"] == "COMPLETED"
    assert (home / "lager" / "rodatraden.db").is_file()


def test_ctrl_c_pauses_the_schedules_and_says_so(served: subprocess.Popen[str], api: Api, home: Path) -> None:
    os.killpg(served.pid, signal.SIGINT)
    out, _ = served.communicate(timeout=90)
    assert served.returncode == 0
    assert out.endswith("Schemat är avslutat och vilar tills det startas igen.\n")
    assert "Traceback" not in (home / "fel.txt").read_text()
    with pytest.raises(urllib.error.URLError):
        api.get("/health")
