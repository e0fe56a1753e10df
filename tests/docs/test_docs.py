"""The documents keep to what is there: links resolve, modules exist, commands parse, README's table and tree are the program's."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from flows.cli import VERBS, build_parser

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
ROOMS = ("flows", "adapters", "transforms", "data_contracts", "report_templates")
LAUNCHER_ONLY = {"test"}
"""Verbs that the launcher answers itself."""

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_COMMAND = re.compile(r"(?:^[ \t]*|`)\./rodatraden\b([^`\n>]*)", re.MULTILINE)


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def _commands(page: Path) -> list[list[str]]:
    return [shlex.split(words, comments=True) for words in _COMMAND.findall(page.read_text("utf-8"))]


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_relative_link_resolves(page: Path) -> None:
    """A link to a file of the repository names one that is there."""
    targets = [target for target in _LINK.findall(page.read_text("utf-8")) if "://" not in target]
    missing = [target for target in targets if not (page.parent / target.partition("#")[0]).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_path_into_a_room_exists(page: Path) -> None:
    """A path in backticks that begins with a room names a file or folder of it."""
    named = [name for name in _CODE.findall(page.read_text("utf-8")) if name.startswith(tuple(f"{r}/" for r in ROOMS))]
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_arkitektur_names_the_modules_of_each_step() -> None:
    """Each built step names at least one module; a paragraph that names none is no way into the source."""
    text = (ROOT / "docs" / "arkitektur.md").read_text("utf-8")
    steps = dict(re.findall(r"^### (\d)\. [^\n]*\n(.*?)(?=^##)", text, re.MULTILINE | re.DOTALL))
    assert sorted(steps) == list("1234567")
    assert [number for number in "123456" if not re.search(r"`[a-z_]+/[a-z_/]+\.py`", steps[number])] == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_command_parses(page: Path) -> None:
    """Each ./rodatraden command of a page is one that the command line takes."""
    for words in _commands(page):
        if set(words[:1]) & LAUNCHER_ONLY or "VERB" in words or "--help" in words:
            continue
        assert build_parser().parse_args(words).verb


def test_the_manual_shows_commands() -> None:
    """The test above looks at something."""
    assert sum(len(_commands(page)) for page in PAGES) > 20


def test_readme_lists_the_verbs_in_order() -> None:
    """README's table has every verb of the command line, once, in its order."""
    section = (ROOT / "README.md").read_text("utf-8").partition("## The verbs")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `([a-z-]+)` \|", section, re.MULTILINE) == [verb.name for verb in VERBS]


def test_readme_draws_the_house_that_is_there() -> None:
    """README's tree names files and folders that exist, the six rooms first."""
    section = (ROOT / "README.md").read_text("utf-8").partition("## The house")[2].partition("\n## ")[0]
    drawn = re.findall(r"^([a-z_.]+/?)\s{2,}\S", section, re.MULTILINE)
    assert [name.rstrip("/") for name in drawn[:6]] == [*ROOMS, "tests"]
    assert [name for name in drawn if not (ROOT / name).exists()] == []


def test_every_decision_has_its_parts() -> None:
    """Each decision is numbered, and says context, decision and consequence."""
    pages = sorted((ROOT / "docs" / "beslut").glob("*.md"))
    numbers = [page.name[:4] for page in pages]
    assert numbers == [f"{number:04d}" for number in range(1, len(pages) + 1)]
    for page in pages:
        text = page.read_text("utf-8")
        assert text.startswith(f"# {page.name[:4]} ")
        assert all(part in text for part in ("**Context.**", "**Decision.**", "**Consequence.**")), page.name
