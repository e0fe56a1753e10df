"""Closings of the example kommuner, made once per session through the steps themselves (Prefect has its own tests).

The clock stands still: every step is told its time, so that the same program gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
import pickle
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
from filelock import FileLock

from adapters.fact_files import load_facts
from adapters.rendering import RenderedReport, RenderPool, render_report, style_hash
from adapters.store import Closing, ReportRecord
from flows.home import CHECKOUT, Hem, make_home, open_home
from flows.steps.check import check_register, check_returns
from flows.steps.collect import Collected, collect
from flows.steps.compute import closing_fingerprint, compute
from flows.steps.example import filled_register, filled_returns, seed_kolada
from flows.steps.render import Rendered, lay_out, render
from flows.steps.report import build_reports
from flows.workplace import open_workplace
from transforms.fact_values import Facts
from transforms.period import Period
from transforms.view_types import Lage, Rapport

SUFFIXES = (".pdf", ".html", "-spar.html", ".xlsx")


@dataclass(frozen=True)
class Closed:
    """A closing and what it came to."""

    hem: Hem
    closing: Closing
    rendered: Rendered
    reports: tuple[ReportRecord, ...]

    def report(self, kod: str) -> ReportRecord:
        """The report of a nämnd; '' for the kommun's."""
        return next(report for report in self.reports if report.kod == kod)

    def path(self, kod: str, suffix: str) -> Path:
        """One of a report's laid out files."""
        return self.hem.utkast(self.closing.period) / f"{self.report(kod).rapport_id}{suffix}"

    def read(self, kod: str, suffix: str) -> bytes:
        return self.path(kod, suffix).read_bytes()

    def files(self) -> dict[str, bytes]:
        """Every laid out file by name."""
        return {path.name: path.read_bytes() for path in sorted(self.hem.utkast(self.closing.period).iterdir())}


class RenderedHere(RenderPool):
    """Stands where the pool does: the same rendering in this process, one report at a time."""

    def render(self, jobs: Iterable[tuple[Rapport, Lage]]) -> Iterator[RenderedReport]:
        return (render_report(*job) for job in jobs)


MadeOnce = Callable[[str, Callable[[Path], Closed]], Closed]


@cache
def facts_of(example: str, name: str) -> Facts:
    return load_facts(CHECKOUT / "kommuner" / example / "fakta" / f"{name}.yaml")


def new_home(folder: Path, example: str) -> Hem:
    return make_home(folder, CHECKOUT / "kommuner" / example)


def copy_home(hem: Hem, folder: Path) -> Hem:
    """The same home at another place, to be changed freely."""
    shutil.copytree(hem.path, folder)
    return open_home(folder)


def deliver(hem: Hem, facts: Facts, now: dt.datetime, *, version: int = 1) -> None:
    """The facts' workbooks in the inbox: the budget register when they hold one, and each return."""
    inbox, period = Path(hem.inkorg), facts.period
    with open_workplace(hem) as workplace:
        if facts.budget:
            (inbox / f"budgetregister-{period}.xlsx").write_bytes(filled_register(workplace, facts))
        collect(workplace, period, now)
        check_register(workplace, period, now)
        senders = [retur.forvaltning for retur in facts.returer]
        for forvaltning, content in list(filled_returns(workplace, facts, senders)):
            name = f"retur-{forvaltning.lower()}-{period}{'' if version == 1 else f'-v{version}'}.xlsx"
            (inbox / name).write_bytes(content)


def collected(hem: Hem, period: Period, now: dt.datetime) -> Collected:
    with open_workplace(hem) as workplace:
        return collect(workplace, period, now)


def figures_only(hem: Hem, period: Period, now: dt.datetime) -> Closing:
    """A finished closing without reports: what later closings look back on."""
    with open_workplace(hem) as workplace:
        collect(workplace, period, now)
        check_returns(workplace, period, now)
        closing = compute(workplace, period, closing_fingerprint(workplace, period, style_hash()), now)
        return workplace.store.finish_closing(closing.id, finished=now, summary={})


def close(hem: Hem, period: Period, pool: RenderPool, now: dt.datetime) -> Closed:
    """All seven steps."""
    with open_workplace(hem) as workplace:
        collect(workplace, period, now)
        check_returns(workplace, period, now)
        closing = compute(workplace, period, closing_fingerprint(workplace, period, style_hash()), now)
        built = build_reports(workplace, closing, style_hash())
        rendered = render(workplace, closing, built, pool, now, lambda title: None)
        lay_out(workplace, closing)
        closing = workplace.store.finish_closing(closing.id, finished=now, summary={})
        return Closed(hem, closing, rendered, workplace.store.reports_of(closing.id))


def time_of(period: Period, day: int) -> dt.datetime:
    """Morning of a day in the month after the period, when it is closed."""
    return dt.datetime.combine(period.last_day, dt.time(7, 30), dt.UTC) + dt.timedelta(days=day)


APRIL, MARS = Period(2026, 4), Period(2026, 3)


def close_alingsas(folder: Path, pool: RenderPool) -> Closed:
    hem, now = new_home(folder, "alingsas"), time_of(APRIL, 15)
    deliver(hem, facts_of("alingsas", "2026-04"), now)
    return close(hem, APRIL, pool, now)


def close_lingonby_mars(folder: Path, pool: RenderPool) -> Closed:
    hem, now = new_home(folder, "lingonby"), time_of(MARS, 15)
    with open_workplace(hem) as workplace:
        seed_kolada(workplace, CHECKOUT / "kommuner" / "lingonby", now)
    deliver(hem, facts_of("lingonby", "2026-03"), now)
    return close(hem, MARS, pool, now)


def close_lingonby_april(hem: Hem, pool: RenderPool) -> Closed:
    """April, with the return of Bildningsförvaltningen missing."""
    now = time_of(APRIL, 15)
    deliver(hem, facts_of("lingonby", "2026-04"), now)
    return close(hem, APRIL, pool, now)


def close_lingonby_late(hem: Hem, pool: RenderPool) -> Closed:
    """April again, when the missing return has come."""
    now = time_of(APRIL, 19)
    deliver(hem, facts_of("lingonby", "2026-04_sen"), now)
    return close(hem, APRIL, pool, now)


@pytest.fixture(scope="session")
def rendering_pool() -> Iterator[RenderPool]:
    """Two warm workers for every closing of the session."""
    with RenderPool(workers=2) as pool:
        yield pool


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """One folder for the whole run, also when several processes share the tests (pytest-xdist)."""
    mine = tmp_path_factory.getbasetemp()
    return mine if worker_id == "master" else mine.parent


@pytest.fixture(scope="session")
def made_once(run_folder: Path) -> MadeOnce:
    """Makes a closing in a folder of its name: the first process that asks makes it, the others wait and read what it came to."""

    def closing(name: str, make: Callable[[Path], Closed]) -> Closed:
        result = run_folder / f"{name}.pickle"
        with FileLock(run_folder / f"{name}.lock"):
            if not result.exists():
                result.write_bytes(pickle.dumps(make(run_folder / name)))
            return pickle.loads(result.read_bytes())

    return closing


@pytest.fixture(scope="session")
def session_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Makes a folder name that is not taken, for a home that lives as long as the session."""
    base = tmp_path_factory.mktemp("kommuner")
    return lambda name: base / name


@pytest.fixture(scope="session")
def alingsas(made_once: MadeOnce, request: pytest.FixtureRequest) -> Closed:
    """Alingsås, April 2026. Not to be changed."""
    return made_once("alingsas", lambda folder: close_alingsas(folder, request.getfixturevalue("rendering_pool")))


@pytest.fixture(scope="session")
def lingonby_mars(made_once: MadeOnce, request: pytest.FixtureRequest) -> Closed:
    """Lingonby, March 2026, with no later month. Not to be changed."""
    return made_once(
        "lingonby-mars", lambda folder: close_lingonby_mars(folder, request.getfixturevalue("rendering_pool"))
    )


@pytest.fixture(scope="session")
def lingonby(made_once: MadeOnce, request: pytest.FixtureRequest) -> Closed:
    """Lingonby, April 2026 after March, with one return missing. Not to be changed."""

    def make(folder: Path) -> Closed:
        mars: Closed = request.getfixturevalue("lingonby_mars")
        return close_lingonby_april(copy_home(mars.hem, folder), request.getfixturevalue("rendering_pool"))

    return made_once("lingonby", make)


@pytest.fixture(scope="session")
def lingonby_sen(made_once: MadeOnce, request: pytest.FixtureRequest) -> Closed:
    """Lingonby, April 2026, closed again with the late return. Not to be changed."""

    def make(folder: Path) -> Closed:
        april: Closed = request.getfixturevalue("lingonby")
        return close_lingonby_late(copy_home(april.hem, folder), request.getfixturevalue("rendering_pool"))

    return made_once("lingonby-sen", make)


@pytest.fixture
def a_copy(tmp_path: Path) -> Callable[[Closed], Closed]:
    """Makes a copy of a closing's home that the test may change."""

    def copied(closed: Closed) -> Closed:
        return replace(closed, hem=copy_home(closed.hem, tmp_path / "hem"))

    return copied
