"""Earlier years' prognoser typed in for a kommun that begins: used in the track record, followed to cells, refused by code when wrong."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from adapters.contract_files import load_contract
from adapters.rendering import style_hash
from flows.home import Hemfel, open_home
from flows.steps.compute import closing_fingerprint
from flows.steps.figure_proof import ClosingProof
from flows.steps.figures import figures_of
from flows.steps.forecast_history import history_of
from flows.steps.report import build_reports
from flows.steps.trace import trace
from flows.workplace import open_workplace
from tests.closings import MARS, Closed, copy_home, figures_only, new_home, time_of
from transforms.figures import KOMMUNEN, Figure, FigureIndex, namnd_grupp
from transforms.forecast_history import typed_years
from transforms.forecast_record import ANDEL, FEL, HISTORIK, MEDELFEL, TRAFFSAKERHET, Utfallsar

HEADINGS = ("Enhet", "År", "Månad", "Beloppsenhet", "Prognos", "Bokslut", "Kommunbidrag", "Källa")
SOUND = (
    ("SBN", "2025", "3", "tkr", "-900", "-400", "26 000", "Delårsrapport 2025 s. 12"),
    ("VA", "2025", "3", "tkr", "0", "0", "", "Delårsrapport 2025 s. 12"),
    ("SBN", "2024", "3", "mnkr", "1,2", "-0,3", "25,5", "Uppföljning mars 2024"),
    ("VA", "2024", "3", "tkr", "0", "100", "", "Uppföljning mars 2024"),
    ("SBN", "2024", "4", "tkr", "77", "88", "", "Uppföljning april 2024"),
)
SBN = namnd_grupp("SBN")


@pytest.fixture(scope="module")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lingonby before its first month."""
    return new_home(tmp_path_factory.mktemp("historik") / "hem", "lingonby").path


def csv_of(rows: Sequence[Sequence[str]], headings: Sequence[str] = HEADINGS) -> bytes:
    return "".join(";".join(row) + "\n" for row in (headings, *rows)).encode()


def changed(number: int, **values: str) -> bytes:
    row = dict(zip(HEADINGS, SOUND[number], strict=True)) | values
    return csv_of((*SOUND[:number], tuple(row.values()), *SOUND[number + 1 :]))


def test_a_kommun_that_begins_has_a_track_record_out_of_its_old_reports(lingonby_mars: Closed, tmp_path: Path) -> None:
    hem = copy_home(lingonby_mars.hem, tmp_path / "hem")
    with open_workplace(hem) as workplace:
        before = closing_fingerprint(workplace, MARS, style_hash())
        (hem.path / "prognoshistorik.csv").write_bytes(csv_of(SOUND))
        assert closing_fingerprint(workplace, MARS, style_hash()) != before
        closing = figures_only(hem, MARS, time_of(MARS, 16))
        figures = figures_of(workplace, closing)
        assert figures.get(SBN, TRAFFSAKERHET, "drift", FEL, 2025).varde == 500_000_00
        assert figures.get(SBN, TRAFFSAKERHET, "drift", FEL, 2024).varde == (-300 - 1200 + 100) * 1000_00
        assert figures.get(SBN, TRAFFSAKERHET, "drift", MEDELFEL).varde == -450_000_00
        assert figures.get(SBN, TRAFFSAKERHET, "drift", ANDEL, 2025) is None, "VA has no kommunbidrag that is known"
        assert figures.get(KOMMUNEN, TRAFFSAKERHET, "drift", FEL, 2025).varde is None, (
            "the other nämnder have no history"
        )
        assert not [f for f in figures if f.matt == HISTORIK and f.varde == 77_000_00], "another month"
        assert (
            ClosingProof(workplace, closing, frozenset()).broken([f"2026-03/{SBN}/{TRAFFSAKERHET}/drift/{FEL}@2024"])
            == []
        )
        (link,) = (one for one in trace(workplace, f"2026-03/SBN/{HISTORIK}/arets_resultat/prognos@2024"))
        assert link.source[0] == "fil     prognoshistorik.csv"
        assert "rad 4, kolumn E" in link.source
        assert not link.broken
        view = next(built.view for built in build_reports(workplace, closing, style_hash()) if built.view.kod == "SBN")
    table = next(t for section in view.sektioner for t in section.tabeller if t.id == "prognos-traffsakerhet")
    assert [row.namn for row in table.rader] == ["2025", "2024", "Medelfel, och summa utan tecken"]
    assert table.noter == (
        "2025: prognos och bokslut är inskrivna ur Delårsrapport 2025 s. 12.",
        "2024: prognos och bokslut är inskrivna ur Uppföljning mars 2024.",
    )


def test_a_year_that_the_kommun_has_closed_itself_goes_before_what_was_typed() -> None:
    index = FigureIndex(
        Figure("2026-03", "SBN", HISTORIK, "arets_resultat", "prognos", "", 1, "register", vardear=ar)
        for ar in (2023, 2025)
    )
    closed = (Utfallsar(2025, index, index),)
    assert [year.ar for year in typed_years(index, closed)] == [2023]


BROKEN = [
    pytest.param(csv_of(SOUND, (*HEADINGS[:4], "Belopp", *HEADINGS[5:])), "E870", "", id="no prognos column"),
    pytest.param(changed(0, Enhet="XXX"), "E872", "A2", id="unknown enhet"),
    pytest.param(changed(0, År="25"), "E873", "B2", id="no year"),
    pytest.param(changed(0, Månad="13"), "E874", "C2", id="no month"),
    pytest.param(csv_of((*SOUND, SOUND[0])), "E875", "A7", id="twice"),
    pytest.param(changed(0, Prognos=""), "E876", "E2", id="no prognos"),
    pytest.param(changed(0, Prognos="cirka 3"), "E876", "E2", id="no number"),
    pytest.param(changed(0, Bokslut=""), "E877", "F2", id="no bokslut"),
    pytest.param(changed(0, Källa=""), "E878", "H2", id="no source"),
    pytest.param(changed(0, Beloppsenhet="kkr"), "E600", "D2", id="unknown unit"),
    pytest.param(changed(0, Prognos="9999999999"), "E320", "E2", id="too much"),
]


@pytest.mark.parametrize(("content", "code", "cell"), BROKEN)
def test_a_history_that_is_wrong_is_refused_with_its_code_at_its_cell(
    content: bytes, code: str, cell: str, empty_home: Path
) -> None:
    (empty_home / "prognoshistorik.csv").write_bytes(content)
    with open_workplace(open_home(empty_home)) as workplace, pytest.raises(Hemfel, match="E904") as refused:
        history_of(workplace, MARS)
    told = [line for line in str(refused.value).splitlines() if code in line]
    assert any(cell in line for line in told), str(refused.value)
    assert "{" not in str(refused.value)


def test_a_column_that_is_not_read_does_not_stop_and_a_kommun_without_prognos_reads_nothing(empty_home: Path) -> None:
    content = csv_of([(*row, "x") for row in SOUND], (*HEADINGS, "Fritext"))
    (empty_home / "prognoshistorik.csv").write_bytes(content)
    with open_workplace(open_home(empty_home)) as workplace:
        assert len(history_of(workplace, MARS)) == 10
    text = (empty_home / "kommun.yaml").read_text(encoding="utf-8")
    start, end = text.index("prognos:\n  referens"), text.index("personal:\n")
    try:
        (empty_home / "kommun.yaml").write_text(text[:start] + text[end:], encoding="utf-8")
        with open_workplace(open_home(empty_home)) as workplace:
            assert history_of(workplace, MARS) == ()
    finally:
        (empty_home / "kommun.yaml").write_text(text, encoding="utf-8")


def test_every_rule_of_the_contract_is_broken_by_one_of_these() -> None:
    assert {rule.code for rule in load_contract(HISTORIK).rules} <= {str(param.values[1]) for param in BROKEN}
