"""Målplaner through the steps: kept as decided, compared with the budget's, and a plan changed without a decision stops the closing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.rendering import style_hash
from flows.cli import main
from flows.home import Hem
from flows.steps.compute import closing_fingerprint, compute
from flows.steps.figures import figures_of
from flows.steps.goals import goals_of
from flows.steps.plans import Malplansfel
from flows.workplace import open_workplace
from tests.closings import MARS, Closed, time_of
from transforms.goal_assessment import OMFORMULERAT

NOW = time_of(MARS, 15)


@pytest.fixture
def hem(lingonby_mars: Closed, a_copy: Callable[[Closed], Closed]) -> Hem:
    return a_copy(lingonby_mars).hem


def plan_file(hem: Hem, name: str = "2026.yaml") -> Path:
    return hem.path / "malplan" / name


def change(path: Path, old: str, new: str, *, las: str | None = None) -> None:
    text = path.read_text()
    assert old in text
    text = text.replace(old, new)
    path.write_text(text if las is None else re.sub(r"(?m)^las: .*$", f"las: {las}", text))


def close(hem: Hem):  # type: ignore[no-untyped-def]
    with open_workplace(hem) as workplace:
        return compute(workplace, MARS, closing_fingerprint(workplace, MARS, style_hash()), NOW)


def test_every_decided_version_is_kept_once_as_it_was_decided(hem: Hem) -> None:
    with open_workplace(hem) as workplace:
        kept = workplace.store.plans("lingonby", 2026)
        assert [record.version for record in kept] == [1, 2]
        assert [b'"varde": "5.5"' in workplace.objects.get(record.sha256) for record in kept] == [True, False]
        told = [event.detaljer["version"] for event in workplace.store.journal("malplan_last")]
    close(hem)
    with open_workplace(hem) as workplace:
        assert workplace.store.plans("lingonby", 2026) == kept
        assert [event.detaljer["version"] for event in workplace.store.journal("malplan_last")] == told == [1, 2]


def test_what_has_changed_since_the_budget_is_told_and_the_goal_is_marked(hem: Hem) -> None:
    with open_workplace(hem) as workplace:
        closing = workplace.store.last_closing("lingonby", "2026-03")
        assert closing is not None
        goals = goals_of(workplace, closing, figures_of(workplace, closing))
    assert goals is not None
    assert [(change.kod, change.falt) for change in goals.andringar] == [
        ("sbn_bygglov", "namn"),
        ("bygglov_tid", "malvarden"),
    ]
    assert [kod for kod, bild in goals.bilder.items() if OMFORMULERAT in bild.marken] == ["sbn_bygglov"]


def test_a_decided_plan_changed_without_its_lock_stops_the_closing(
    hem: Hem, capsys: pytest.CaptureFixture[str]
) -> None:
    change(plan_file(hem), "varde: 94}}", "varde: 93}}")
    with pytest.raises(Malplansfel, match=r"^E730 .*malplan/2026\.yaml.*version 2"):
        close(hem)
    assert main(["granska-mal", "2026", "--kommun", str(hem.path)]) == 0
    assert "E730" in capsys.readouterr().out


def test_a_kept_version_cannot_be_given_another_content_and_a_new_version_can(hem: Hem) -> None:
    path = plan_file(hem)
    with open_workplace(hem) as workplace:
        before = workplace.store.plans("lingonby", 2026)
    change(path, "varde: 94}}", "varde: 93}}")
    las = _lock_of(hem)
    change(path, "las: ", "las: ", las=las)
    with pytest.raises(Malplansfel, match=r"^E731 .*version 2"):
        close(hem)
    (hem.path / "malplan" / "2026-v2.yaml").write_text(path.read_text())
    change(path, "version: 2\nbeslut", "version: 3\nbeslut")
    log = "  - version: 3\n    beslut: {organ: KF, datum: 2026-04-27, paragraf: § 40}\n    avser: [skolnarvaro]\n    skal: Prov.\nlas:"
    change(path, "las:", log)
    change(path, "las: ", "las: ", las=_lock_of(hem))
    (hem.path / "malplan" / "2026-v2.yaml").unlink()
    close(hem)
    with open_workplace(hem) as workplace:
        assert [record.version for record in workplace.store.plans("lingonby", 2026)] == [1, 2, 3]
        assert workplace.store.plans("lingonby", 2026)[:2] == before


def _lock_of(hem: Hem) -> str:
    """The lock that the finding tells."""
    with pytest.raises(Malplansfel) as stopped:
        close(hem)
    found = re.search(r"lås är nu ([0-9a-f]{64})", str(stopped.value))
    assert found is not None
    return found[1]


def test_a_goal_without_anything_that_shows_it_is_told_of_and_the_closing_goes_on(hem: Hem) -> None:
    path = plan_file(hem)
    goal = "  - {kod: los, namn: Löst mål, niva: namndmal, agare: kommunchef}\n\nindikatorer:"
    text = (
        path.read_text()
        .replace("\nindikatorer:", goal, 1)
        .replace("beslut: {organ: KF, datum: 2025-11-24, paragraf: § 113}\n", "", 1)
    )
    text = re.sub(r"(?ms)^andringar:.*?^las: .*?$", "", text).replace("version: 2\n", "version: 1\n")
    path.write_text(text)
    closing = close(hem)
    with open_workplace(hem) as workplace:
        goals = goals_of(workplace, closing, figures_of(workplace, closing))
    assert goals is not None
    assert {finding.code for finding in goals.fynd} == {"E722", "E724"}
