"""The house keeps its own rules: layers, style, types, one command line, documented codes, sources of rules, locks without addresses."""

from __future__ import annotations

import ast
import inspect
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import FunctionType

import pytest

import transforms
from adapters.contract_files import CONTRACTS, all_codes, load_contract, load_felkoder
from data_contracts.frames import DTYPES, frame_columns
from flows.home import CHECKOUT
from flows.verbs.explain import as_markdown
from transforms.schemas import TableSchema

ROOMS = ("flows", "adapters", "transforms", "data_contracts")
TOOLS = Path(sys.executable).parent
SOURCES = sorted(path for room in ROOMS for path in (CHECKOUT / room).rglob("*.py"))
CODE = re.compile(r"\b[ER]\d{3}\b")


def name_of(path: Path) -> str:
    return str(path.relative_to(CHECKOUT))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def modules_of_transforms() -> Iterator[object]:
    for found in pkgutil.walk_packages(transforms.__path__, "transforms."):
        yield import_module(found.name)


# Tools


@pytest.mark.parametrize(
    "command",
    [["lint-imports", "--no-cache"], ["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]],
    ids=" ".join,
)
def test_tool_finds_nothing(command):
    told = subprocess.run(
        [TOOLS / command[0], *command[1:]], cwd=CHECKOUT, capture_output=True, text=True, timeout=400, check=False
    )
    assert told.returncode == 0, told.stdout[-4000:] + told.stderr[-2000:]


# One command line


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_words_are_declared_in_the_command_line_alone(path):
    """``flows/cli.py`` declares every verb and option, ``flows/terminal.py`` the parser; nothing else takes words.

    But for the script in the package for revisorerna, which runs by itself, without the program.
    """
    calls = {
        node.func.attr
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    if name_of(path) not in ("flows/cli.py", "flows/terminal.py", "adapters/audit_package/verify/main.py"):
        assert calls & {"add_argument", "add_parser", "add_subparsers", "parse_args"} == set()


def test_no_test_is_skipped():
    """What a test needs is installed by the launcher; a test that can't run has failed. But for the small disk: the kernel permits it."""
    calls = re.compile(r"pytest\.(sk" + r"ip|importorskip)\(|mark\.(sk" + r"ip|skipif|xfail)\b")
    tests = sorted((CHECKOUT / "tests").rglob("*.py"))
    found = [name_of(path) for path in tests if calls.search(path.read_text(encoding="utf-8"))]
    assert found == ["tests/small_disk.py"]


# Codes


def spoken_codes(path: Path) -> set[str]:
    """The codes in a module's texts; what stands alone as a statement is a docstring and says nothing to a user."""
    nodes = list(ast.walk(tree_of(path)))
    prose = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    texts = [node.value for node in nodes if isinstance(node, ast.Constant) and id(node) not in prose]
    return {code for text in texts if isinstance(text, str) for code in CODE.findall(text)}


def test_every_code_that_the_program_says_is_documented():
    undocumented = {name_of(path): sorted(spoken_codes(path) - set(all_codes())) for path in SOURCES}
    assert {path: codes for path, codes in undocumented.items() if codes} == {}


def test_every_documented_code_is_said_by_the_program_or_a_rule():
    said = {code for path in SOURCES for code in spoken_codes(path)}
    ruled = {rule.code for name in CONTRACTS for rule in load_contract(name).rules}
    assert sorted(set(load_felkoder()) - said) == []
    assert set(all_codes()) == set(load_felkoder()) | ruled


def test_felkoder_md_is_what_the_catalogue_says():
    page = (CHECKOUT / "docs" / "felkoder.md").read_text(encoding="utf-8")
    assert page == as_markdown() + "\n", "skriv om den: ./rodatraden forklara --markdown > docs/felkoder.md"


# Money and rules


def test_no_frame_has_a_float_column():
    schemas = [
        found for module in modules_of_transforms() for found in vars(module).values() if isinstance(found, TableSchema)
    ]
    assert schemas
    dtypes = {str(dtype) for schema in schemas for dtype in schema.columns.values()}
    for name in CONTRACTS:
        contract = load_contract(name)
        dtypes |= {dtype for table in (*contract.tables, *contract.controls) for dtype in frame_columns(table).values()}
    assert dtypes | set(DTYPES.values()) <= {"string", "Int64", "boolean"}


def rules() -> dict[str, FunctionType]:
    """The public functions of transforms/ that make figures of other figures, or judge by a limit that someone has decided."""
    found = {}
    for module in modules_of_transforms():
        for name, function in inspect.getmembers(module, inspect.isfunction):
            kinds = {key: str(kind) for key, kind in inspect.get_annotations(function).items()}
            makes = kinds.get("return") == "tuple[Figure, ...]" and any(
                "FigureIndex" in kind for kind in kinds.values()
            )
            judges = any("Grans" in kind for key, kind in kinds.items() if key != "return")
            if not name.startswith("_") and function.__module__.startswith("transforms.") and (makes or judges):
                found[f"{function.__module__}.{name}"] = function
    return found


def test_rules_are_found():
    assert {
        "transforms.avvikelse.compute_avvikelser",
        "transforms.avvikelse.must_be_explained",
        "transforms.summation.sum_rows",
    } <= set(rules())


@pytest.mark.parametrize("name", rules())
def test_every_rule_names_its_source(name):
    assert "Source: " in (rules()[name].__doc__ or "")


# What lies in the repository


def test_every_top_folder_has_its_line_in_readme():
    section = (CHECKOUT / "README.md").read_text(encoding="utf-8").partition("## The house")[2].partition("\n## ")[0]
    there = {path.name for path in CHECKOUT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    made = {"demo", "build", "rodatraden.egg-info"}
    assert [name for name in sorted(there - made) if not re.search(rf"^{name}/ ", section, re.MULTILINE)] == []


@pytest.mark.parametrize("lock", ["core", "test"])
def test_locks_have_hashes_and_no_addresses(lock):
    text = (CHECKOUT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert "index-url" not in text.replace("--no-emit-index-url", "")
    named = re.findall(r"^([a-z0-9][a-z0-9._-]*)==\S+", text, re.MULTILINE)
    assert len(named) > 50
    entries = re.split(r"\n(?=[a-z0-9])", text.partition("\n")[2])
    assert [entry.split("=")[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry] == []


NOT_IMPORTED = {
    "fastapi": "caps the version that Prefect's server can run on",
    "psycopg": "SQLAlchemy's driver, named in the address",
    "setuptools": "builds the editable install",
    "tzdata": "time zones where the system has none",
    "numpy": "the least version that pandas is right with",
}
IMPORTED_AS = {
    "great-expectations": "great_expectations",
    "imap-tools": "imap_tools",
    "markdown-it-py": "markdown_it",
    "python-docx": "docx",
    "ruamel.yaml": "ruamel",
}


def test_every_package_that_we_ask_for_is_used():
    lines = (CHECKOUT / "requirements" / "core.in").read_text(encoding="utf-8").splitlines()
    asked = {re.split(r"[\[=<>~! ]", line)[0] for line in lines if line and not line.startswith("#")}
    nodes = [node for path in SOURCES for node in ast.walk(tree_of(path))]
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    imported = {name.split(".")[0] for name in names}
    unused = {name for name in asked if IMPORTED_AS.get(name, name) not in imported}
    assert unused == set(NOT_IMPORTED)


def test_no_file_names_the_place_where_it_was_made():
    """No absolute path of a workplace, and no address of a package mirror, stands in any text of the repository."""
    told = subprocess.run(["git", "ls-files"], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    files = told.stdout.splitlines() if told.returncode == 0 else [name_of(path) for path in SOURCES]
    forbidden = re.compile(
        "|".join(
            (
                "/wo" + "rk/(main|shared)",
                "/ro" + "ot/",
                "pypi[.]" + "org",
                "files[.]" + "pythonhosted",
                "artifact" + "ory",
            )
        )
    )
    texts = (
        CHECKOUT / file
        for file in files
        if Path(file).suffix in (".py", ".md", ".yaml", ".toml", ".txt", ".in", ".jinja", ".css", "")
    )
    assert [
        name_of(path) for path in texts if path.is_file() and forbidden.search(path.read_text(encoding="utf-8"))
    ] == []
