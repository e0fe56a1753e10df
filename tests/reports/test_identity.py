"""The same input gives the same bytes; what has not changed is not made again; what is touched becomes a new version."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pikepdf

from adapters.rendering import RenderPool
from flows.home import CHECKOUT
from tests.closings import APRIL, MARS, SUFFIXES, Closed, close, deliver, facts_of, time_of
from tests.pdf_reading import plain
from transforms.fact_values import Facts

ELSEWHERE = """
import hashlib, json, sys
from pathlib import Path
from adapters.rendering import RenderPool
from tests.closings import close_lingonby_mars

if __name__ == "__main__":
    with RenderPool(workers=1) as pool:
        files = close_lingonby_mars(Path(sys.argv[1]), pool).files()
    print(json.dumps({name: hashlib.sha256(content).hexdigest() for name, content in files.items()}))
"""


def hashes(closed: Closed) -> dict[str, str]:
    return {name: hashlib.sha256(content).hexdigest() for name, content in closed.files().items()}


def versions(closed: Closed) -> dict[str, int]:
    return {report.kod: report.version for report in closed.reports}


def test_another_process_home_hash_seed_and_time_zone_give_the_same_bytes(
    lingonby_mars: Closed, tmp_path: Path
) -> None:
    program = tmp_path / "annan_process.py"
    program.write_text(ELSEWHERE, encoding="utf-8")
    env = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONPATH": str(CHECKOUT)}
    done = subprocess.run(
        [sys.executable, program, tmp_path / "ett annat hem"],
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    theirs = json.loads(done.stdout.splitlines()[-1])
    assert len(theirs) == len(SUFFIXES) * 4
    assert theirs == hashes(lingonby_mars)


def test_a_second_run_renders_nothing_and_touches_no_file(
    lingonby: Closed, a_copy: Callable[[Closed], Closed], rendering_pool: RenderPool
) -> None:
    before = a_copy(lingonby)
    folder = before.hem.utkast(str(APRIL))
    times = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    again = close(before.hem, APRIL, rendering_pool, time_of(APRIL, 25))
    assert (again.rendered.new, again.rendered.unchanged) == (0, 4)
    assert again.closing.id != before.closing.id
    assert again.reports == before.reports
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == times


def test_a_file_that_was_lost_or_changed_is_laid_out_again(
    lingonby: Closed, a_copy: Callable[[Closed], Closed], rendering_pool: RenderPool
) -> None:
    before = a_copy(lingonby)
    before.path("KS", ".pdf").unlink()
    before.path("BUN", ".xlsx").write_bytes(b"")
    again = close(before.hem, APRIL, rendering_pool, time_of(APRIL, 25))
    assert again.rendered.new == 0
    assert hashes(again) == hashes(lingonby)


def test_a_late_return_makes_anew_only_the_reports_that_stand_on_it(lingonby: Closed, lingonby_sen: Closed) -> None:
    assert versions(lingonby) == {"KS": 1, "BUN": 1, "SBN": 1, "": 1}
    assert versions(lingonby_sen) == {"KS": 2, "BUN": 2, "SBN": 1, "": 2}
    assert (lingonby_sen.rendered.new, lingonby_sen.rendered.unchanged) == (3, 1)
    assert lingonby_sen.report("SBN").filhash == lingonby.report("SBN").filhash
    changed = {name for name, content in hashes(lingonby_sen).items() if hashes(lingonby)[name] != content}
    assert changed == {f"{lingonby.report(kod).rapport_id}{suffix}" for kod in ("KS", "BUN", "") for suffix in SUFFIXES}


def test_a_replaced_return_is_a_new_version_of_the_return_and_of_its_reports(
    lingonby: Closed, a_copy: Callable[[Closed], Closed], rendering_pool: RenderPool
) -> None:
    before, now = a_copy(lingonby), time_of(APRIL, 21)
    changes = {("drift", "personal"): Decimal(-151_250), ("drift_verksamhet", "aldreomsorg"): Decimal(-110_950)}
    deliver(before.hem, _only_omf(facts_of("lingonby", "2026-04"), changes), now, version=2)
    again = close(before.hem, APRIL, rendering_pool, now)
    assert versions(again) == {"KS": 2, "BUN": 1, "SBN": 1, "": 2}
    html = plain(again.read("KS", ".html").decode())
    assert "\u2212151 250" in html
    assert "\u2212151 000" not in html
    assert "retur-omf-2026-04-v2.xlsx" in html
    assert "retur-omf-2026-04.xlsx" not in html
    assert again.report("BUN") == before.report("BUN")


def test_a_stopped_replacement_changes_no_figure_but_is_told(
    lingonby: Closed, a_copy: Callable[[Closed], Closed], rendering_pool: RenderPool
) -> None:
    before, now = a_copy(lingonby), time_of(APRIL, 21)
    unequal = {("drift", "personal"): Decimal(-151_250)}
    deliver(before.hem, _only_omf(facts_of("lingonby", "2026-04"), unequal), now, version=2)
    again = close(before.hem, APRIL, rendering_pool, now)
    assert versions(again) == {"KS": 2, "BUN": 1, "SBN": 1, "": 2}
    html = plain(again.read("KS", ".html").decode())
    assert "\u2212151 000" in html
    assert "\u2212151 250" not in html
    assert "Returen retur-omf-2026-04-v2.xlsx från Omsorgsförvaltningen är stoppad och ingår inte." in html
    assert "stoppad, ingår inte" in html


def _only_omf(facts: Facts, prognoser: Mapping[tuple[str, str], Decimal]) -> Facts:
    """Only the return of Omsorgsförvaltningen, with other prognoser for some of its rows, and no register."""
    (retur,) = [retur for retur in facts.returer if retur.forvaltning == "OMF"]
    rows = tuple(
        replace(
            rad,
            varden=tuple(
                (column, prognoser.get((rad.tabell, rad.rad), value) if column == "prognos" else value)
                for column, value in rad.varden
            ),
        )
        for rad in retur.rader
    )
    return replace(facts, budget=(), anslagsforandringar=(), bokslut=(), returer=(replace(retur, rader=rows),))


def test_the_pdf_is_dated_by_its_own_newest_return_and_not_by_the_clock(lingonby_sen: Closed) -> None:
    late, in_time = time_of(APRIL, 19), time_of(APRIL, 15)
    assert _dates(lingonby_sen, "KS") == {late}
    assert _dates(lingonby_sen, "SBN") == {in_time}
    assert time_of(MARS, 15) < in_time


def _dates(closed: Closed, kod: str) -> set[dt.datetime]:
    with pikepdf.open(closed.path(kod, ".pdf")) as pdf:
        texts = (str(pdf.docinfo.CreationDate), str(pdf.docinfo.ModDate))
    return {dt.datetime.strptime(text[2:16], "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC) for text in texts}
