"""The package's script has arithmetic of its own: it must come to what the program comes to, for every formula there is."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.audit_package import PARTS, verifier
from adapters.contract_files import load_felkoder
from flows.steps.ledger_files import proved_sum
from tests.flows.test_ledger_tables import SOUND, csv_of, xlsx_of
from transforms import formulas
from transforms.figures import BERAKNAD, DIVISOR, FACTOR, Figure

verify: Any = ModuleType("verify")
"""The script as it lies in the package: its parts joined."""
exec(compile(verifier(), "verify.py", "exec"), vars(verify))
_VALUES = st.integers(-(10**12), 10**12)
_WEIGHTS = st.lists(st.integers(0, 40), min_size=12, max_size=12).filter(any)


def _figure(serie: str, varde: int | None, formel: str = "", enhet_matt: str = "ore", decimaler: int = 2) -> Figure:
    return Figure(
        period="2026-04", enhet="A", matt="drift", rad="personal", serie=serie, namn="", varde=varde, slag=BERAKNAD,
        enhet_matt=enhet_matt, decimaler=decimaler, formel=formel,
    )  # fmt: skip


def _row(figure: Figure) -> dict[str, object]:
    return {name: getattr(figure, name) for name in ("varde", "formel", "enhet_matt", "decimaler")}


def _same(figure: Figure, terms: list[tuple[int, Figure]]) -> None:
    theirs = verify.evaluate(_row(figure), [(sign, _row(part)) for sign, part in terms])
    assert theirs == formulas.evaluate(figure, terms)


def test_the_script_is_every_part_once_and_imports_only_what_python_has() -> None:
    import adapters.audit_package.verify as source

    assert sorted(PARTS) == sorted(path.stem for path in Path(source.__path__[0]).glob("[!_]*.py"))
    body = ast.parse(verifier()).body
    imported = {one.names[0].name for one in body if isinstance(one, ast.Import)}
    imported |= {str(one.module).partition(".")[0] for one in body if isinstance(one, ast.ImportFrom)}
    assert imported <= sys.stdlib_module_names
    named = [one.name for one in body if isinstance(one, ast.FunctionDef | ast.ClassDef)]
    named += [one.targets[0].id for one in body if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name)]
    assert len(named) == len(set(named)) > 60, "the parts share one space of names"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("numbers", [[3], [4, 6], [3, 4], [99]])
def test_rows_of_a_ledger_given_as_a_table_give_what_the_program_gives(form: str, numbers: list[int]) -> None:
    content = csv_of(SOUND, lead="Uttag 2026-03-05;;\n") if form == "csv" else xlsx_of(SOUND)
    book = None if form == "csv" else verify.Workbook(content)
    grids = [verify.csv_grid(content)] if book is None else [book.grid(sheet) for sheet in book.parts]
    for konto in ("1940", "3010"):
        expected = proved_sum(content, f"saldon.{form}", numbers, konto, load_felkoder())
        assert verify.table_sum(grids, numbers, konto) == expected


_NAMED = sorted(
    value for name, value in vars(formulas).items() if name.isupper() and name[0] != "_" and isinstance(value, str)
)


@pytest.mark.parametrize("formula", _NAMED)
@given(values=st.lists(_VALUES, min_size=1, max_size=5))
def test_every_named_formula_gives_what_the_program_gives(formula: str, values: list[int]) -> None:
    parts = [((-1) ** place, _figure(f"del{place}", value)) for place, value in enumerate(values)]
    _same(_figure("utfall", None, formula), parts)


@given(bp=st.integers(0, 10_000), value=_VALUES)
def test_a_share_gives_what_the_program_gives(bp: int, value: int) -> None:
    _same(_figure("utfall", None, formulas.andel_formula(bp)), [(1, _figure("del", value))])


@given(weights=_WEIGHTS, month=st.integers(1, 12), value=_VALUES)
def test_a_spread_amount_gives_what_the_program_gives(weights: list[int], month: int, value: int) -> None:
    _same(_figure("periodbudget", None, formulas.spread_formula(weights, month)), [(1, _figure("budget", value))])


@given(value=_VALUES, factor=st.integers(0, 1200), divisor=st.integers(-1200, 1200))
def test_a_quotient_gives_what_the_program_gives(value: int, factor: int, divisor: int) -> None:
    terms = [(1, _figure("utfall", value))]
    terms += [(FACTOR, _figure("vikt_aret", factor, "", "vikt", 0)), (DIVISOR, _figure("vikt", divisor, "", "vikt", 0))]
    _same(_figure("teknisk_prognos", None, "utfall × årets vikter ÷ vikterna"), terms)
