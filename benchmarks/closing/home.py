"""The kommun's home as it is on the morning of the closing: March closed, April's returns in the inbox but one."""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml import YAML

from adapters.rendering import style_hash
from benchmarks.closing.facts import make_facts
from benchmarks.closing.kommun import storkoping
from flows.home import Hem, open_home
from flows.steps.check import check_returns
from flows.steps.collect import collect
from flows.steps.compute import closing_fingerprint, compute
from flows.steps.example import filled_register, filled_returns
from flows.workplace import now, open_workplace
from transforms.period import Period

MARS, APRIL = Period(2026, 3), Period(2026, 4)
LATE = "GRNF"
"""The förvaltning whose April return comes late."""


def make_home(path: Path, late: Path) -> None:
    """Make the home, with the late return in a folder beside it."""
    (path / "inkorg").mkdir(parents=True)
    late.mkdir()
    with (path / "kommun.yaml").open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(storkoping().model_dump(mode="json"), file)
    hem = open_home(path)
    _fill(hem, MARS, hem.path / "inkorg")
    close_without_reports(hem, MARS)
    _fill(hem, APRIL, late)


def _fill(hem: Hem, period: Period, late: Path) -> None:
    """The register and every return of the period, from the real templates; the late one into its own folder."""
    inbox = hem.path / "inkorg"
    with open_workplace(hem) as workplace:
        facts = make_facts(workplace.kommun, period)
        (inbox / "budgetregister.xlsx").write_bytes(filled_register(workplace, facts))
        for kod, content in filled_returns(workplace, facts, [retur.forvaltning for retur in facts.returer]):
            (late if kod == LATE else inbox).joinpath(f"retur-{kod.lower()}-{period}.xlsx").write_bytes(content)


def close_without_reports(hem: Hem, period: Period) -> None:
    """What the next month needs of this one: its figures."""
    with open_workplace(hem) as workplace:
        collect(workplace, period, now())
        check_returns(workplace, period, now())
        closing = compute(workplace, period, closing_fingerprint(workplace, period, style_hash()), now())
        workplace.store.finish_closing(closing.id, finished=now(), summary={})
