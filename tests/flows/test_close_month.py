"""The flows under Prefect: tasks in order, a finished closing, an artifact, and another try where the world is touched."""

from __future__ import annotations

import dataclasses
import shutil
import typing
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import Any

import pytest
from prefect import Task, flow
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey, FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import State, TaskRun
from prefect.states import Failed

from adapters.kommun_config import KonfigurationsFel, Konfigurationsproblem
from adapters.objects import ObjektFel
from adapters.store import ClosingStatus, LagringsFel
from adapters.workbook_fill import set_cells
from flows import close_month as module
from flows.cli import main
from flows.close_month import close_month
from flows.closing_summary import ClosingSummary, from_json
from flows.collect_returns import collect_returns, collect_task
from flows.home import Hem
from flows.retries import RETRIES, may_pass
from flows.steps.collect import Collected
from flows.workplace import open_workplace
from tests.closings import APRIL, copy_home, deliver, facts_of, new_home, time_of

pytestmark = pytest.mark.usefixtures("prefect_server")

IN_ORDER = [
    "Hämta returer",
    "Kontrollera mot kontraktet",
    "Skriv kvittenser",
    "Svara avsändarna",
    "Räkna siffror, summor och avvikelser",
    "Bygg rapporterna och gör PDF, webbsidor och xlsx",
    "Lägg fram utkasten",
    "Skriv Stängningstavlan",
]
TOUCH_THE_WORLD = set(IN_ORDER) - {
    "Räkna siffror, summor och avvikelser",
    "Bygg rapporterna och gör PDF, webbsidor och xlsx",
}
TASKS = {task.name: task for task in (*vars(module).values(), collect_task) if isinstance(task, Task)}


@pytest.fixture(scope="module")
def hem(tmp_path_factory: pytest.TempPathFactory) -> Hem:
    """Lingonby's home with April's returns in the inbox, one förvaltning missing."""
    home = new_home(tmp_path_factory.mktemp("flode") / "hem", "lingonby")
    deliver(home, facts_of("lingonby", "2026-04"), time_of(APRIL, 15))
    return home


@pytest.fixture(scope="module")
def summary(prefect_server: None, hem: Hem) -> ClosingSummary:
    """April closed by the flow."""
    return close_month(str(hem.path), "2026-04")


def task_runs(client: SyncPrefectClient, flow_name: str) -> list[TaskRun]:
    """The task runs of the newest run of a flow, in the order in which they started."""
    runs = [run for run in client.read_flow_runs() if client.read_flow(run.flow_id).name == flow_name]
    newest = max(runs, key=lambda run: str(run.created))
    of_it = client.read_task_runs(flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[newest.id])))
    return sorted(of_it, key=lambda run: run.start_time)  # type: ignore[arg-type,return-value]


def test_close_month_runs_its_named_tasks_in_order_and_leaves_a_finished_closing(
    hem: Hem, summary: ClosingSummary
) -> None:
    with get_client(sync_client=True) as client:
        ran = task_runs(client, "close-month")
    assert [run.name.rpartition("-")[0] for run in ran] == IN_ORDER
    assert {run.state_name for run in ran} == {"Completed"}
    with open_workplace(hem) as workplace:
        closing = workplace.store.last_closing("lingonby", "2026-04")
    assert closing is not None
    assert (closing.id, closing.status) == (summary.closing_id, ClosingStatus.KLAR)
    assert from_json(closing.summary or {}) == summary
    assert (summary.returer, summary.forvaltningar, summary.saknas) == (3, 4, ("Bildningsförvaltningen",))
    assert sorted(summary.files) == sorted(path.name for path in hem.utkast("2026-04").iterdir())
    assert len(summary.files) == 4 * summary.rapporter > 0


def test_the_closing_leaves_an_artifact_with_its_summary(summary: ClosingSummary) -> None:
    with get_client(sync_client=True) as client:
        artifacts = client.read_artifacts(
            artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=["stangning-2026-04"]))
        )
    assert len(artifacts) == 1
    text = str(artifacts[0].data)
    assert text.startswith("# Stängning 2026-04\n")
    assert "- Returer: 3 av 4 förvaltningar." in text
    assert "- Saknas: Bildningsförvaltningen" in text


def test_closing_again_makes_no_report_anew_and_changes_no_file(hem: Hem, summary: ClosingSummary) -> None:
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in hem.utkast("2026-04").iterdir()}
    again = close_month(str(hem.path), "2026-04")
    assert (again.nya, again.rapporter) == (0, summary.rapporter)
    assert {
        path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in hem.utkast("2026-04").iterdir()
    } == before


def test_collect_returns_registers_the_inbox_and_closes_nothing(hem: Hem, tmp_path: Path) -> None:
    empty = new_home(tmp_path / "hem", "lingonby")
    for path in Path(hem.inkorg).iterdir():
        shutil.copy(path, empty.inkorg)
    seen = collect_returns(str(empty.path), "2026-04")
    assert len(seen) == 4
    assert collect_returns(str(empty.path)) == seen
    with get_client(sync_client=True) as client:
        names = [run.name.rpartition("-")[0] for run in task_runs(client, "collect-returns")]
    assert names == [
        "Hämta returer",
        "Svara avsändarna",
        "Skriv Stängningstavlan",
        "Skicka lägesbrev",
    ]  # nothing was new
    assert len(list(empty.kvittenser("2026-04").glob("kvittens-*.html"))) == 3
    with open_workplace(empty) as workplace:
        assert workplace.store.last_closing("lingonby", "2026-04") is None


def test_a_task_that_touches_the_world_is_tried_again(tmp_path: Path) -> None:
    """The inbox is out of reach at the first try; it is there when that has failed."""
    home = new_home(tmp_path / "hem", "lingonby")
    Path(home.inkorg).rmdir()

    def inbox_comes(task: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:
        Path(home.inkorg).mkdir(exist_ok=True)
        return may_pass(task, run, state)

    attempt = collect_task.with_options(retry_delay_seconds=[0, 0], retry_condition_fn=inbox_comes)

    @flow(name="prov-av-omforsok")
    def collect_with_patience() -> Collected:
        return attempt(str(home.path), "2026-04")

    assert collect_with_patience() == Collected((), ())
    with get_client(sync_client=True) as client:
        assert [run.run_count for run in task_runs(client, "prov-av-omforsok")] == [2]


def test_stang_exits_with_1_while_a_return_is_stopped_and_repeats_it(
    hem: Hem, summary: ClosingSummary, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = copy_home(hem, tmp_path / "hem")
    omf = Path(home.inkorg) / "retur-omf-2026-04.xlsx"
    (Path(home.inkorg) / "retur-omf-igen.xlsx").write_bytes(set_cells(omf.read_bytes(), "Drift", {"J9": "ca 120"}))
    words = ["--kommun", str(home.path), "stang", "2026-04"]
    assert main(words) == 1
    told = capsys.readouterr()
    assert "Stoppad: retur-omf-igen.xlsx, version 2; version 1 gäller i stället" in told.out
    assert (
        'E201 fil retur-omf-igen.xlsx, blad "Drift", cell J9: Cellen innehåller "ca 120", som inte är ett tal.'
        in told.out
    )
    assert "Rätta de stoppade filerna" in told.err
    assert main(words) == 1
    again = capsys.readouterr().out
    assert again.startswith("Inget har ändrats sedan april 2026 stängdes;")
    assert "E201 fil retur-omf-igen.xlsx" in again


def test_just_the_tasks_that_touch_the_world_have_retries() -> None:
    assert set(TASKS) == set(IN_ORDER)
    assert {name for name, task in TASKS.items() if task.retries} == TOUCH_THE_WORLD
    for name in TOUCH_THE_WORLD:
        assert TASKS[name].retries == RETRIES["retries"] == 2
        assert TASKS[name].retry_delay_seconds == [5, 30]
        assert TASKS[name].retry_condition_fn is may_pass


@pytest.mark.parametrize(
    ("error", "helps"),
    [
        (OSError("nätet är borta"), True),
        (LagringsFel("E906 Databasen går inte att öppna."), True),
        (ObjektFel("E902 Objektet har ändrats."), False),
        (LagringsFel("E905 Databasen är nyare."), False),
        (KonfigurationsFel((Konfigurationsproblem("kommun.yaml", 3, "kod", "Fältet saknas."),)), False),
    ],
)
def test_trying_again_only_where_it_may_help(error: Exception, helps: bool) -> None:
    assert may_pass(collect_task, None, Failed(data=error)) is helps  # type: ignore[arg-type]


def plain(kind: Any) -> bool:
    """True for what is a key or made of keys and words: text, whole numbers, and tuples, dicts and dataclasses of them."""
    if kind in (str, int, bool, NoneType) or (isinstance(kind, type) and issubclass(kind, Enum)):
        return True
    if dataclasses.is_dataclass(kind):
        return all(plain(hint) for hint in typing.get_type_hints(kind).values())
    return typing.get_origin(kind) in (tuple, dict) and all(
        plain(part) for part in typing.get_args(kind) if part is not ...
    )


@pytest.mark.parametrize("name", IN_ORDER)
def test_between_tasks_pass_only_keys(name: str) -> None:
    hints = typing.get_type_hints(TASKS[name].fn)
    assert hints
    assert {key: kind for key, kind in hints.items() if not plain(kind)} == {}
