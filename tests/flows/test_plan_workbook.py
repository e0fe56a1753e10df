"""The målplan's workbook through the verbs: out, filled in, back as YAML; and wrong cells told with sheet and cell."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from adapters.kommun_config import load_model
from data_contracts.malplan import Malplan
from flows.cli import main
from flows.home import Hem
from tests.closings import new_home


@pytest.fixture
def hem(tmp_path: Path) -> Hem:
    return new_home(tmp_path / "hem", "lingonby")


def written(hem: Hem) -> Path:
    assert main(["mall", "2026-04", "--malplan", "--ut", str(hem.path), "--kommun", str(hem.path)]) == 0
    return hem.path / "malplan-lingonby-2026.xlsx"


def read(hem: Hem, path: Path, *more: str) -> int:
    return main(["las-malplan", str(path), *more, "--kommun", str(hem.path)])


def edited(path: Path, *changes: tuple[str, str, str, object]) -> None:
    """Cells changed by sheet, code in the first column that is seen, and heading; 'Start' by its label."""
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    for name, row_name, heading, value in changes:
        sheet = book[name]
        rows = list(sheet.iter_rows())
        headings = next((row for row in reversed(rows[:10]) if any(cell.value == heading for cell in row)), None)
        column = 3 if headings is None else next(cell.column for cell in headings if cell.value == heading)
        row = next(row[0].row for row in rows if any(cell.value == row_name for cell in row[:3]))
        sheet.cell(row, column).value = value
    book.save(path)


def test_the_workbook_gives_the_plan_that_it_was_written_from(hem: Hem, capsys: pytest.CaptureFixture[str]) -> None:
    file = hem.path / "malplan" / "2026.yaml"
    before = load_model(file, Malplan)
    path = written(hem)
    assert read(hem, path, "--prova") == 0
    assert "Inget är skrivet" in capsys.readouterr().out
    for other in (hem.path / "malplan").iterdir():
        other.unlink()
    assert read(hem, path) == 0
    assert load_model(file, Malplan) == before


def test_wrong_cells_are_all_told_with_sheet_and_cell_and_nothing_is_written(
    hem: Hem, capsys: pytest.CaptureFixture[str]
) -> None:
    path, file = written(hem), hem.path / "malplan" / "2026.yaml"
    before = file.read_bytes()
    edited(
        path,
        ("Mål", "bun_narvaro", "Nivå", "avdelningsmål"),
        ("Mål", "bun_behorighet", "Svarar för målet", None),
        ("Indikatorer", "skolnarvaro", "Mål", "finns_inte"),
        ("Indikatorer", "lackage", "Minsta möjliga", "tolv"),
    )
    capsys.readouterr()
    assert read(hem, path) == 1
    told = capsys.readouterr().out
    for code, sheet in (("E737", "Mål"), ("E736", "Mål"), ("E733", "Indikatorer"), ("E201", "Indikatorer")):
        assert any(line.startswith(code) and f'blad "{sheet}", cell ' in line for line in told.splitlines()), (
            code,
            told,
        )
    assert file.read_bytes() == before


def test_a_decided_plan_is_only_followed_by_a_new_version(hem: Hem, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(hem)
    edited(
        path,
        ("Mål", "kult_bibliotek", "Mål", "Biblioteken behåller minst 42 tusen lån per år."),
        ("Start", "Planens lås (skrivs av programmet)", "", None),
    )
    assert read(hem, path) != 0
    assert "är beslutad" in capsys.readouterr().err
