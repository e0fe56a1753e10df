"""The command line can be learnt from itself: Swedish throughout, help with examples at every verb, and quick to answer."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys

import pytest

from flows.cli import VERBS, build_parser, main
from flows.home import CHECKOUT
from flows.terminal import ExitCode

ENGLISH = re.compile(
    r"\b(usage|options?|positional|optional|arguments|error|show|this|message|exit|default|required|invalid|choose|expected|"
    r"unrecognized|following|are|is|not|allowed|with|traceback|warning|the)\b",
    re.IGNORECASE,
)
HEAVY = ("alembic", "fsspec", "great_expectations", "jinja2", "numpy", "openpyxl", "pandas", "pikepdf", "prefect", "pydantic",
         "ruamel", "sqlalchemy", "weasyprint")  # fmt: skip


def help_of(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 0
    told = capsys.readouterr()
    assert told.err == ""
    return told.out


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_verb_has_help_with_examples_in_swedish(verb, capsys):
    text = help_of([verb.name, "--help"], capsys)
    assert text.startswith(f"Användning: rodatraden {verb.name} ")
    assert re.search(r"[.]\n", text)
    assert verb.examples
    assert "Exempel:\n" + "".join(f"  {example}\n" for example in verb.examples) in text
    assert ENGLISH.findall(text) == []


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_example_is_understood(verb):
    for example in verb.examples:
        name, *words = shlex.split(example.partition(" > ")[0])
        assert name == "rodatraden"
        assert build_parser().parse_args(words).verb == verb.name


@pytest.mark.parametrize("words", [["--help"], ["--hjalp"], ["-h"]])
def test_help_lists_every_verb_and_the_exit_codes(words, capsys):
    text = help_of(words, capsys)
    for verb in VERBS:
        assert re.search(rf"^ +{verb.name} +{verb.help.split()[0]}", text, re.MULTILINE), verb.name
    assert "Utgångskoder: 0 klart, 1 fel i returer som stoppar, 2 fel i kommandot, 3 fel i systemet." in text
    assert ENGLISH.findall(text) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "det saknas: VERB"),
        (["stäng"], "VERB: 'stäng' finns inte. Välj bland "),
        (["stang"], "det saknas: PERIOD"),
        (["stang", "2026-04", "2026-05"], "okänt argument: 2026-05"),
        (["stang", "2026-04", "--fort"], "okänt argument: --fort"),
        (["mall", "2026-04", "--ut"], "--ut behöver ett värde"),
        (["siffror", "2026-04", "--json", "--csv"], "--csv kan inte användas tillsammans med --json"),
        (["siffror", "2026-04", "--json=ja"], "--json tar inget värde, men fick 'ja'"),
        (["demo", "--kommun", "storstad"], "--kommun: 'storstad' finns inte. Välj bland "),
    ],
)
def test_wrong_words_exit_with_2_and_say_in_swedish_what_was_wrong(words, said, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)
    told = capsys.readouterr()
    assert ended.value.code == ExitCode.WRONG_USE == 2
    assert said in told.err
    assert re.search(r"\nHjälp: rodatraden.* --help\n$", told.err)
    assert told.out == ""
    assert ENGLISH.findall(told.err) == []


def test_help_imports_no_heavy_library():
    asked = "import sys, flows.cli\ntry: flows.cli.main(['--help'])\nexcept SystemExit: pass"
    code = f"{asked}\nprint([name for name in {HEAVY!r} if name in sys.modules])"
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True, timeout=60
    )
    assert told.stdout.splitlines()[-1] == "[]"


def test_a_closing_is_on_its_way_before_pandas_is_imported():
    """The server of Prefect starts first, and the libraries load beside it."""
    code = (
        "import sys, flows.home, flows.verbs.books, flows.verbs.close\n"
        f"flows.home.open_home_at({str(CHECKOUT / 'kommuner' / 'storlingonby')!r})\n"
        "print([name for name in ('numpy', 'pandas', 'prefect', 'weasyprint') if name in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True, timeout=60
    )
    assert told.stdout.splitlines()[-1] == "[]"
