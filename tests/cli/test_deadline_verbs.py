"""``lage`` and ``paminn`` as a controller runs them, and the settings of the mail server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows.cli import main
from flows.home import Hem, open_home
from flows.terminal import ExitCode
from flows.workplace import open_workplace
from tests.closings import APRIL, collected, deliver, facts_of, new_home, time_of


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Hem:
    """Lingonby with three of four returns of April taken in, judged by nobody yet."""
    hem = new_home(tmp_path_factory.mktemp("tavla") / "hem", "lingonby")
    deliver(hem, facts_of("lingonby", "2026-04"), time_of(APRIL, 8))
    collected(hem, APRIL, time_of(APRIL, 8))
    return hem


def run(hem: Hem, *words: str) -> int:
    return main(["--kommun", str(hem.path), *words])


def test_lage_shows_each_forvaltning_the_bar_and_the_reports(home: Hem, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, "lage", "2026-04") == ExitCode.DONE
    shown = capsys.readouterr().out
    lines = shown.splitlines()
    assert lines[0] == "Lingonby kommun, april 2026"
    assert lines[1] == "[▓▓▓!] 0 av 4 returer godkända"
    assert sum("Mottagen" in line for line in lines) == 3
    assert sum("Försenad" in line for line in lines) == 1
    assert "Kommunen                      ingen rapport än" in lines
    assert not (home.path / "tavla").exists()


def test_lage_as_json_holds_the_same(home: Hem, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, "lage", "2026-04", "--json") == ExitCode.DONE
    told = json.loads(capsys.readouterr().out)
    assert (told["period"], told["antal_godkanda"], told["antal"]) == ("2026-04", 0, 4)
    assert sorted(row["lage"] for row in told["rader"]) == ["forsenad", "mottagen", "mottagen", "mottagen"]
    assert "@" not in json.dumps(told)


def test_lage_of_something_that_is_no_period_is_wrong_use(home: Hem, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, "lage", "april") == ExitCode.WRONG_USE
    assert "2026-04" in capsys.readouterr().err


def test_paminn_tells_the_days_and_sends_nothing_in_a_month_that_is_over(
    home: Hem, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(home, "paminn", "2025-04", "--torrkor") == ExitCode.DONE
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "April 2025: mall 2025-05-05, påminnelse 2025-05-09, senast 2025-05-12 kl. 12.00, försenad 2025-05-13, "
        "eskalering 2025-05-14.",
        "Inget att skicka i dag.",
    ]
    assert not (home.path / "tavla").exists()


def test_the_mail_server_is_settings_and_its_login_the_environments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hem = new_home(tmp_path / "hem", "lingonby")
    assert hem.epost is None
    settings = hem.path / "installningar.yaml"
    settings.write_text("epost:\n  server: post.example.org\n  avsandare: ekonomi@example.org\n", encoding="utf-8")
    monkeypatch.setenv("RODATRADEN_SMTP_ANVANDARE", "tråden")
    monkeypatch.setenv("RODATRADEN_SMTP_LOSENORD", "hemligt")
    post = open_home(hem.path).epost
    assert post is not None
    assert (post.server, post.port, post.starttls) == ("post.example.org", 587, True)
    assert (post.anvandare, post.losenord) == ("tråden", "hemligt")
    assert "hemligt" not in repr(post)


@pytest.mark.parametrize("line", ["avsandare: ekonomi", "port: 0", "losenord: hemligt"])
def test_wrong_settings_of_the_mail_server_are_told_with_their_line(
    tmp_path: Path, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    hem = new_home(tmp_path / "hem", "lingonby")
    kept = "" if line.startswith("avsandare") else "  avsandare: ekonomi@example.org\n"
    (hem.path / "installningar.yaml").write_text(f"epost:\n  server: post\n{kept}  {line}\n", encoding="utf-8")
    assert run(hem, "lage", "2026-04") == ExitCode.WRONG_USE
    assert f"E010 installningar.yaml, rad {4 if kept else 3}, epost.{line.partition(':')[0]}" in capsys.readouterr().err


def test_a_meeting_of_a_namnd_that_is_not_there_is_told_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hem = new_home(tmp_path / "hem", "lingonby")
    text = hem.kommun_yaml.read_text(encoding="utf-8").replace("    SBN: [2026-04-23", "    XYZ: [2026-04-23")
    hem.kommun_yaml.write_text(text, encoding="utf-8")
    assert run(hem, "lage", "2026-04") == ExitCode.WRONG_USE
    line = text.splitlines().index(next(row for row in text.splitlines() if row.startswith("    XYZ:"))) + 1
    assert f"rad {line}, kalender.sammantraden.XYZ: Sammanträden anges för nämnden XYZ" in capsys.readouterr().err


def test_the_store_of_the_home_is_brought_to_the_schema_with_mails(home: Hem) -> None:
    with open_workplace(home) as workplace:
        assert workplace.store.dispatches_for("lingonby", "2026-04") == ()
