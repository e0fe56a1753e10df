"""Two finished reports against their goldens, at four depths. On a miss the actual, the golden and their difference lie in tests/_diff/."""

from __future__ import annotations

import difflib
import io
import shutil
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tests.closings import Closed
from tests.goldens import DIFFERENCES, FOLDER, REPORTS, TILE_TOLERANCE, golden_files, picture_difference

ANEW = "Är ändringen avsedd: python -m tests.goldens, och titta på varje ändrad bild."


class Finished:
    """One report's files as they are now, and the folder of its goldens."""

    def __init__(self, name: str, files: dict[str, bytes]) -> None:
        self.name, self.files, self.goldens = name, files, FOLDER / name


@pytest.fixture(scope="module", params=REPORTS, ids="-".join)
def finished(request: pytest.FixtureRequest) -> Finished:
    example, kod = request.param
    closed: Closed = request.getfixturevalue(example)
    name = f"{example}-{kod.lower()}"
    shutil.rmtree(DIFFERENCES / name, ignore_errors=True)
    return Finished(name, golden_files(closed, kod))


def missed(finished: Finished, name: str, difference: bytes) -> Path:
    """Lay the actual, the golden and the difference beside each other."""
    folder, (stem, _, suffix) = DIFFERENCES / finished.name, name.rpartition(".")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{stem}.faktisk.{suffix}").write_bytes(finished.files[name])
    shutil.copy(finished.goldens / name, folder / f"{stem}.facit.{suffix}")
    path = folder / f"{stem}.skillnad.{suffix if suffix == 'png' else 'diff'}"
    path.write_bytes(difference)
    return path


def test_there_is_a_golden_for_each_file_and_no_other(finished: Finished) -> None:
    there = {path.name for path in finished.goldens.iterdir()} if finished.goldens.is_dir() else set()
    assert there == finished.files.keys(), ANEW


@pytest.mark.parametrize("name", ["vy.json", "rapport.html", "text.txt"])
def test_view_html_and_text_are_the_goldens(finished: Finished, name: str) -> None:
    actual, golden = finished.files[name].decode(), (finished.goldens / name).read_text(encoding="utf-8")
    if actual != golden:
        lines = difflib.unified_diff(golden.splitlines(), actual.splitlines(), "facit", "faktisk", lineterm="", n=1)
        difference = "\n".join(lines)
        path = missed(finished, name, difference.encode())
        pytest.fail(f"{path}\n{difference[:3000]}\n{ANEW}", pytrace=False)


def test_every_page_looks_as_its_golden(finished: Finished) -> None:
    pages = [name for name in finished.files if name.endswith(".png")]
    assert len(pages) > 5
    misses = []
    for name in pages:
        largest, difference = picture_difference(finished.files[name], (finished.goldens / name).read_bytes())
        if largest > TILE_TOLERANCE:
            misses.append(f"{missed(finished, name, difference)}: en ruta skiljer {largest:.0f} av 255")
    assert misses == [], ANEW


def test_a_lost_word_or_a_moved_line_is_seen_in_a_picture(finished: Finished) -> None:
    content = finished.files["sida-01.png"]
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    assert picture_difference(content, content)[0] == 0
    lost = picture.copy()
    ImageDraw.Draw(lost).rectangle((60, 80, 200, 96), fill="white")
    moved = Image.new("RGB", picture.size, "white")
    moved.paste(picture, (0, 6))
    for changed in (lost, moved):
        out = io.BytesIO()
        changed.save(out, "PNG")
        assert picture_difference(out.getvalue(), content)[0] > TILE_TOLERANCE
