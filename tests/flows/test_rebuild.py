"""The same closing again, byte for byte, from what the store keeps; and two versions and months side by side."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from adapters.environment import copy_code, data_files
from adapters.store import ReportRecord
from flows.cli import main
from flows.home import CHECKOUT, Hem
from flows.steps.environment import environment_of
from flows.steps.rebuild import compared
from flows.workplace import open_workplace
from tests.closings import SUFFIXES, Closed

KOD = "BUN"
"""The nämnd whose return was late: its April report has a first version without figures and a second with them."""


@pytest.fixture
def hem(lingonby_sen: Closed, a_copy: Callable[[Closed], Closed]) -> Hem:
    return a_copy(lingonby_sen).hem


PROGNOS = "SBN"
"""A nämnd whose April report tells what its prognos was in March."""


def stored(hem: Hem, version: int, kod: str) -> ReportRecord:
    with open_workplace(hem) as workplace:
        reports = workplace.store.all_reports("lingonby")
    return next(one for one in reports if (one.period, one.kod, one.version) == ("2026-04", kod, version))


def another_program(folder: Path) -> Path:
    """A copy of the program, to be changed and run by itself."""
    program = folder / "program"
    copy_code(CHECKOUT, program)
    for place, content in data_files(CHECKOUT):
        (program / place).parent.mkdir(parents=True, exist_ok=True)
        (program / place).write_bytes(content)
    shutil.copytree(CHECKOUT / "requirements", program / "requirements")
    return program


def kor_om(program: Path, hem: Hem, *words: str, kod: str) -> subprocess.CompletedProcess[str]:
    asked = [
        sys.executable,
        "-m",
        "flows.cli",
        "--kommun",
        str(hem.path),
        "kor-om",
        "2026-04",
        "--version",
        "1",
        "--rapport",
        kod,
    ]
    environment = {**os.environ, "PYTHONPATH": str(program)}
    return subprocess.run(
        [*asked, *words], cwd=program, env=environment, capture_output=True, text=True, timeout=600, check=False
    )


def test_a_closing_keeps_what_it_was_made_with(lingonby_sen: Closed) -> None:
    with open_workplace(lingonby_sen.hem) as workplace:
        closing = workplace.store.last_closing("lingonby", "2026-04")
        assert closing is not None
        kept = environment_of(workplace, closing)
        assert kept is not None
        own = lingonby_sen.hem.kommun_yaml.read_bytes()
        assert workplace.objects.get(kept.filer["hem/kommun.yaml"]) == own
        for place, content in data_files(CHECKOUT):
            assert workplace.objects.get(kept.filer[place]) == content
        assert {"hem/malplan/2026.yaml", "report_templates/typsnitt/regular.ttf"} <= set(kept.filer)
        assert workplace.store.journal("stangning_paborjad")[-1].detaljer["miljo"] == closing.miljo
    assert {"weasyprint", "jinja2", "openpyxl", "pandas"} <= set(kept.bibliotek)
    assert re.fullmatch(r"\d+\.\d+\.\d+", kept.system["pango"])
    assert "transforms/avvikelse.py" in kept.kod


def test_an_earlier_version_is_made_again_byte_for_byte_by_a_program_with_other_rules_and_looks(
    hem: Hem, tmp_path: Path
) -> None:
    """After later closings, in a home with another configuration, by a program with other contracts, wording, templates and code.

    The report tells the year's prognoser: it looks back on a closing, which is in the store that is laid out again.
    """
    program = another_program(tmp_path)
    (program / "report_templates" / "rapport.css").write_text("body { color: red }")
    for place in ("report_templates/ordalydelse.yaml", "data_contracts/manadsretur.odcs.yaml"):
        text = (program / place).read_text(encoding="utf-8")
        assert "Sammanfattning" in text or "Klart senast" in text
        (program / place).write_text(text.replace("Sammanfattning", "Kort sagt").replace("Klart senast", "Klart till"))
    with (program / "transforms" / "views" / "context.py").open("a") as code:
        code.write("# Another line.\n")
    hem.kommun_yaml.write_text(hem.kommun_yaml.read_text().replace("namn: Lingonby kommun", "namn: Annanby kommun"))
    record = stored(hem, 1, PROGNOS)
    with open_workplace(hem) as workplace:
        assert b"2026-04/SBN/prognosversion/drift.2026-03/prognos" in workplace.objects.get(record.view_json)
    done = kor_om(program, hem, "--ut", str(tmp_path / "ut"), kod=PROGNOS)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"manadsrapport-2026-04-{PROGNOS.lower()} version 1: samma byte som i lagret" in done.stdout
    assert "programkoden transforms/views/context.py: " in done.stdout
    assert done.stdout.count("programkoden") == 1
    assert "Det ändrar inte en byte." in done.stdout
    with open_workplace(hem) as workplace:
        pdf = workplace.objects.get(record.pdf_sha256)
    assert (tmp_path / "ut" / f"{record.rapport_id}.pdf").read_bytes() == pdf


def test_each_part_that_comes_out_otherwise_is_named(lingonby_sen: Closed, tmp_path: Path) -> None:
    record = lingonby_sen.report(KOD)
    for suffix in SUFFIXES:
        (tmp_path / f"{record.rapport_id}{suffix}").write_bytes(lingonby_sen.read(KOD, suffix))
    told = {"siffror": "f" * 64, "rapporter": {KOD: {"vy": record.view_json, "innehallshash": record.innehallshash}}}
    assert compared(record, told, "f" * 64, tmp_path).skiljer == ()
    assert compared(record, told, "0" * 64, tmp_path).skiljer == ("siffror",)
    (tmp_path / f"{record.rapport_id}.pdf").write_bytes(b"%PDF")
    told["rapporter"][KOD] |= {"vy": "0" * 64, "innehallshash": "0" * 64}
    assert compared(record, told, "f" * 64, tmp_path).skiljer == ("vy", "innehållshash", "pdf")
    assert compared(record, {**told, "rapporter": {}}, "f" * 64, tmp_path).skiljer == ("rapporten görs inte",)


def test_a_version_that_is_not_there_is_told(lingonby_sen: Closed, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--kommun", str(lingonby_sen.hem.path), "kor-om", "2026-04", "--version", "9", "--rapport", KOD]
    assert main(words) == 2
    assert "E987 Det finns ingen rapport version 9" in capsys.readouterr().err


def test_two_versions_are_compared_as_page_and_as_json(hem: Hem, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--kommun", str(hem.path), "jamfor", "2026-04", "--version", "1", "2", "--rapport", KOD]
    assert main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (report,) = told["rapporter"]
    assert any(one["fore"] == "uppgift saknas" and one["efter"] != "uppgift saknas" for one in report["siffror"])
    assert told["regler"] == []
    assert main(words) == 0
    page = (hem.path / "jamforelse" / "2026-04-v1--2026-04-v2.html").read_text(encoding="utf-8")
    assert "<h1>April 2026 version 1 och april 2026 version 2</h1>" in page
    assert json.loads((hem.path / "jamforelse" / "2026-04-v1--2026-04-v2.json").read_text()) == told
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        shown = chromium.new_page(viewport={"width": 360, "height": 900})
        shown.goto((hem.path / "jamforelse" / "2026-04-v1--2026-04-v2.html").as_uri())
        found = Axe().run(shown)
        assert found.violations_count == 0, found.generate_report()
        assert shown.evaluate("document.documentElement.scrollWidth") <= 360
        chromium.close()


def test_two_months_are_the_same_figures_by_row_with_their_exact_difference(
    lingonby_sen: Closed, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--kommun", str(lingonby_sen.hem.path), "jamfor", "2026-04", "--rapport", "KS", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (report,) = told["rapporter"]
    row = next(one for one in report["siffror"] if one["figure_id"] == "2026-04/OMS/drift/kop_verksamhet/prognos")
    assert (row["fore"], row["efter"], row["skillnad"]) == (
        "\u221260\u00a0900",
        "\u221261\u00a0800",
        "\u2212900\u00a0000,00\u00a0kr",
    )
    assert report["lagen"]
    assert all(one["fore"] != one["efter"] for one in report["lagen"])


def test_what_has_nothing_in_common_is_told(lingonby_sen: Closed, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--kommun", str(lingonby_sen.hem.path), "jamfor", "2026-04", "--version", "1", "9"]) == 2
    assert "E988" in capsys.readouterr().err
