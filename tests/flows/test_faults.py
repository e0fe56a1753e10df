"""What a closing survives: killed at every boundary, a locked or vanished database, two at once, a clock set back, and
objects that someone has changed. After each it is run again: the same bytes, nothing lost, and the log tells what happened."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing as closing_of
from pathlib import Path
from typing import Any

import pytest

import adapters.store.database
import flows.faults
import tests.closings
from adapters.objects import ObjektFel
from adapters.publication import Publication
from adapters.store import ClosingStatus, LagringsFel, Store
from flows.home import Hem
from flows.steps.verify import verify
from flows.terminal import ExitCode
from flows.workplace import open_workplace
from tests.closings import APRIL, MARS, Closed, RenderedHere, close, copy_home, deliver, facts_of, time_of
from tests.killing import killed
from tests.small_disk import Disk, on_small_disk

NOW = time_of(MARS, 20)


class NothingToRender:
    """Stands where the pool does when no report has changed: anything to render is a failure of the test."""

    def render(self, jobs: Iterable[Any]) -> Iterator[Any]:
        assert list(jobs) == []
        return iter(())


@pytest.fixture
def hem(a_copy: Callable[[Closed], Closed], lingonby_mars: Closed) -> Hem:
    """A copy of Lingonby's closed March."""
    return a_copy(lingonby_mars).hem


def again(hem: Hem, now: dt.datetime = NOW) -> Closed:
    """March closed again, all steps; nothing has changed, so nothing is rendered."""
    return close(hem, MARS, NothingToRender(), now)  # type: ignore[arg-type]


def assert_whole(hem: Hem, before: Closed) -> None:
    """The same bytes as the undisturbed closing, each report once, the newest closing finished, and the log in order."""
    assert {path.name: path.read_bytes() for path in sorted(hem.utkast("2026-03").iterdir())} == before.files()
    with open_workplace(hem) as workplace:
        reports = workplace.store.all_reports("lingonby")
        assert [one.id for one in reports] == sorted(one.id for one in before.reports)
        closed = workplace.store.last_closing("lingonby", "2026-03")
        assert closed is not None
        assert closed.status is ClosingStatus.KLAR
        assert {one.id for one in workplace.store.reports_of(closed.id)} == {one.id for one in before.reports}
        assert verify(workplace, period="2026-03", sample=20, against=()).brott == ()


BOUNDARIES: dict[str, tuple[Any, str, str]] = {
    "collected": (tests.closings, "collect", "after"),
    "checked": (tests.closings, "check_returns", "after"),
    "begun": (Store, "start_closing", "after"),
    "figures saved": (Store, "save_figures", "after"),
    "computed": (tests.closings, "compute", "after"),
    "one report kept": (Store, "keep_report", "after"),
    "rendered": (tests.closings, "render", "after"),
    "one file laid out": (Publication, "lay", "before"),
    "laid out": (tests.closings, "lay_out", "after"),
    "finished": (Store, "finish_closing", "after"),
}


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_killed_at_a_boundary_of_a_closing_the_next_run_gives_the_same(
    hem: Hem, lingonby_mars: Closed, boundary: str
) -> None:
    owner, name, when = BOUNDARIES[boundary]
    for path in hem.utkast("2026-03").glob("*.pdf"):
        path.write_bytes(b"")
    assert killed(owner, name, when, 1, lambda: again(hem))  # type: ignore[arg-type]
    with Store(hem.databas) as store:
        begun, done = (len(store.journal(f"stangning_{what}")) for what in ("paborjad", "klar"))
    assert begun == (1 if boundary in ("collected", "checked") else 2)
    assert done == (2 if boundary == "finished" else 1)
    again(hem, NOW + dt.timedelta(minutes=5))
    assert_whole(hem, lingonby_mars)


# --- a full disk --------------------------------------------------------------------------------------------------------------


def full_from(disk: Disk, patch: pytest.MonkeyPatch, owner: Any, name: str) -> None:
    """The disk gets full when that call has returned."""
    original = getattr(owner, name)

    def filling(*args: Any, **options: Any) -> Any:
        result = original(*args, **options)
        disk.fill()
        return result

    patch.setattr(owner, name, filling)


def assert_told_of_a_full_disk(run: Callable[[], object], capsys: pytest.CaptureFixture[str]) -> None:
    """The error ends as the verbs end it: one Swedish line with its code and what to do."""
    with pytest.raises((OSError, RuntimeError)) as stopped:
        run()
    assert isinstance(stopped.value, Exception)
    assert flows.faults.report(stopped.value, None) is ExitCode.FAULT
    told = capsys.readouterr().err
    assert told.startswith("E952 Disken är full")
    assert "Frigör utrymme och kör om" in told


@pytest.mark.parametrize("boundary", ["begun", "rendered"])
def test_a_disk_that_gets_full_at_a_boundary_is_told_of_and_the_next_run_gives_the_same(
    lingonby_mars: Closed, tmp_path: Path, capsys: pytest.CaptureFixture[str], boundary: str
) -> None:
    def scenario(disk: Disk) -> None:
        hem = copy_home(lingonby_mars.hem, disk.path / "hem")
        for path in hem.utkast("2026-03").glob("*.pdf"):
            path.write_bytes(b"")
        owner, name, _ = BOUNDARIES[boundary]
        with pytest.MonkeyPatch.context() as patch:
            full_from(disk, patch, owner, name)
            assert_told_of_a_full_disk(lambda: again(hem), capsys)
        disk.free()
        again(hem, NOW + dt.timedelta(minutes=5))
        assert_whole(hem, lingonby_mars)

    on_small_disk(tmp_path / "disk", 200, scenario)


def test_full_and_then_killed_between_two_rendered_reports_the_next_run_renders_the_rest_to_the_same_bytes(
    lingonby: Closed, lingonby_sen: Closed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A late return changes some reports. One of them is kept, then the disk is full; another is kept, then the process is killed."""
    changed = {one.id for one in lingonby_sen.reports} - {one.id for one in lingonby.reports}

    def kept(hem: Hem) -> int:
        with Store(hem.databas) as store:
            return len(changed & {one.id for one in store.all_reports("lingonby")})

    def close_april(hem: Hem) -> Closed:
        return close(hem, APRIL, RenderedHere(), time_of(APRIL, 19))

    def scenario(disk: Disk) -> None:
        hem = copy_home(lingonby.hem, disk.path / "hem")
        deliver(hem, facts_of("lingonby", "2026-04_sen"), time_of(APRIL, 19))
        with pytest.MonkeyPatch.context() as patch:
            full_from(disk, patch, Store, "save_report")
            assert_told_of_a_full_disk(lambda: close_april(hem), capsys)
        disk.free()
        assert kept(hem) == 1
        assert killed(Store, "save_report", "after", 1, lambda: close_april(hem))
        assert kept(hem) == 2
        ended = close_april(hem)
        assert ended.rendered.new == len(changed) - 2 >= 0
        assert ended.files() == lingonby_sen.files()

    on_small_disk(tmp_path / "disk", 300, scenario)


def _at_once(path: str, start: Any, told: Any) -> None:
    from flows.home import open_home_at

    start.wait(60)
    try:
        again(open_home_at(path))
        told.put("")
    except Exception as error:
        told.put(repr(error))
        raise


def test_two_closings_at_the_same_time_both_end_and_give_each_report_once(hem: Hem, lingonby_mars: Closed) -> None:
    context = multiprocessing.get_context("fork")
    start, told = context.Barrier(2), context.Queue()
    both = [context.Process(target=_at_once, args=(str(hem.path), start, told)) for _ in range(2)]
    for process in both:
        process.start()
    assert [told.get(timeout=300) for _ in both] == ["", ""]
    for process in both:
        process.join(60)
    assert_whole(hem, lingonby_mars)
    with Store(hem.databas) as store:
        assert len(store.finished_closings("lingonby")) == 3


def test_a_clock_that_is_set_back_loses_nothing_and_the_newest_closing_counts(hem: Hem, lingonby_mars: Closed) -> None:
    earlier = again(hem, time_of(MARS, 1))
    assert_whole(hem, lingonby_mars)
    with open_workplace(hem) as workplace:
        newest = workplace.store.last_closing("lingonby", "2026-03")
        links = workplace.store.journal()
    assert newest is not None
    assert newest.id == earlier.closing.id
    assert links[-1].tid < links[0].tid + dt.timedelta(days=365)
    assert [link.nr for link in links] == list(range(1, len(links) + 1))


# --- the database -------------------------------------------------------------------------------------------------------------


def test_a_locked_database_is_told_of_and_the_next_run_goes_through(
    hem: Hem, lingonby_mars: Closed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapters.store.database, "_PATIENCE_S", 0.2)
    path = hem.databas.removeprefix("sqlite:///")
    with closing_of(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LagringsFel, match=r"E906 .* låst av ett annat program"):
            again(hem)
        other.execute("ROLLBACK")
    monkeypatch.undo()
    again(hem)
    assert_whole(hem, lingonby_mars)


def test_a_database_that_is_gone_is_not_begun_anew(hem: Hem, lingonby_mars: Closed, tmp_path: Path) -> None:
    path = Path(hem.databas.removeprefix("sqlite:///"))
    kept = path.rename(tmp_path / "undanlagd.db")
    for _ in range(2):
        with pytest.raises(LagringsFel, match=r"E953 .*aterstall"):
            again(hem)
    assert not path.exists()
    kept.rename(path)
    again(hem)
    assert_whole(hem, lingonby_mars)


# --- the objects --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("harm", ["changed", "removed"])
def test_an_object_that_someone_has_harmed_stops_the_closing_and_is_named(
    hem: Hem, lingonby_mars: Closed, harm: str
) -> None:
    key = lingonby_mars.report("KS").pdf_sha256
    path = Path(hem.objekt) / key[:2] / key[2:]
    content = path.read_bytes()
    path.chmod(0o644)
    path.unlink() if harm == "removed" else path.write_bytes(content[:-1] + b"!")
    code = "E901" if harm == "removed" else "E902"
    with pytest.raises(ObjektFel, match=f"{code} .*{key}"):
        again(hem)
    with open_workplace(hem) as workplace:
        found = verify(workplace, period="2026-03", sample=0, against=()).brott
    assert [(one.kod, key in one.text) for one in found] == [(code, True)]
    path.write_bytes(content)
    again(hem)
    assert_whole(hem, lingonby_mars)
