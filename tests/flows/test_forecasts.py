"""Prognoser over a year and more, in a real home: versions that stay, last year's hit, and every figure proved from its inputs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from adapters.rendering import style_hash
from flows.steps.figure_proof import ClosingProof
from flows.steps.figures import figures_of
from flows.steps.report import build_reports
from flows.workplace import Workplace, open_workplace
from tests.closings import APRIL, MARS, Closed, copy_home, figures_only, time_of
from transforms.figures import INLAMNAD, KOMMUNEN, Figure, namnd_grupp, to_frame
from transforms.forecast_record import DRIFT, FEL, MEDELFEL, TRAFFSAKERHET, VERSION
from transforms.matt import SERIER
from transforms.technical_forecast import TEKNISK
from transforms.view_types import Rapport, Sektion

SBN = namnd_grupp("SBN")


def year_before(workplace: Workplace, closed: Closed, now: dt.datetime) -> None:
    """A closing of April 2025 that said that Samhällsbyggnad and VA would end at −900 000 kronor together."""
    store, kommun = workplace.store, workplace.kommun.kod
    said = (("SBN", "arets_resultat", -900_000_00), ("VA", "resultat_efter_reglering", 0))
    rows = [
        Figure("2025-04", enhet, DRIFT, rad, "prognos", SERIER["prognos"], ore, INLAMNAD) for enhet, rad, ore in said
    ]
    rows.append(Figure("2025-04", "SBN", DRIFT, "kommunbidrag", "budget", "Kommunbidrag", 27_000_000_00, INLAMNAD))
    closing = store.start_closing(kommun, "2025-04", started=now, fingerprint="2025", retur_ids=[])
    store.save_figures(closing.id, to_frame(rows))
    store.finish_closing(closing.id, finished=now, summary={})


@pytest.fixture(scope="module")
def april(
    lingonby: Closed, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Workplace, Closed, dict[str, Rapport]]]:
    """Lingonby's April closed again where the year before is known, and its reports as views."""
    hem = copy_home(lingonby.hem, tmp_path_factory.mktemp("prognos") / "hem")
    with open_workplace(hem) as workplace:
        year_before(workplace, lingonby, dt.datetime(2025, 5, 15, 7, 30, tzinfo=dt.UTC))
        closing = figures_only(hem, APRIL, time_of(APRIL, 16))
        views = {built.view.kod: built.view for built in build_reports(workplace, closing, style_hash())}
        yield workplace, Closed(hem, closing, lingonby.rendered, ()), views


def section(view: Rapport) -> Sektion:
    return next(section for section in view.sektioner if section.id == "prognos")


def test_the_nämnds_report_tells_how_the_same_months_prognos_hit(april):
    workplace, closed, views = april
    figures = figures_of(workplace, closed.closing)
    bokslut = figures.get("SBN", DRIFT, "arets_resultat", "bokslut", 2025).varde
    error = figures.get(SBN, TRAFFSAKERHET, DRIFT, FEL, 2025)
    assert error.varde == bokslut - -900_000_00
    said = " ".join(mening.text for mening in section(views["SBN"]).meningar)
    assert "Bokslutet 2025 blev" in said
    assert "bättre än prognosen i april samma år" in said
    table = next(table for table in section(views["SBN"]).tabeller if table.id == "prognos-traffsakerhet")
    assert [row.namn for row in table.rader] == ["2025", "Medelfel, och summa utan tecken"]


def test_the_kommuns_report_has_a_row_per_nämnd_beside_this_months_prognos(april):
    _, _, views = april
    table = next(table for table in section(views[""]).tabeller if table.id == "prognos-traffsakerhet")
    assert [row.namn for row in table.rader][:2] == ["Samhällsbyggnadsnämnden", "Totalt kommunen"]
    now = table.rader[0].celler[0]
    assert now.figure_id.endswith("/avvikelse_helar")
    assert table.rader[1].celler[1].saknas, (
        "the other nämnder have no prognos of that year: the kommun's error is missing"
    )


def test_a_nämnd_without_a_return_has_a_sentence_and_no_table_of_missing_values(april):
    _, _, views = april
    own = section(views["BUN"])
    assert [mening.text for mening in own.meningar if "teknisk prognos räknas" in mening.text] == [
        "För Barn och utbildning kan ingen teknisk prognos räknas fram: inget utfall för januari–april 2026 har lämnats."
    ]
    assert [table.id for table in own.tabeller if table.id.startswith("teknisk-")] == ["teknisk-drift-mal"]
    assert not any("teknisk prognos räknas" in mening.text for mening in section(views["SBN"]).meningar)


def test_every_figure_of_prognoser_is_proved_from_its_inputs(april):
    workplace, closed, _ = april
    figures = figures_of(workplace, closed.closing)
    ids = [f.figure_id for f in figures if f.matt in (VERSION, TRAFFSAKERHET) or f.serie == TEKNISK]
    assert len([one for one in ids if f"/{VERSION}/" in one]) > 8
    assert any(f"/{MEDELFEL}" in one for one in ids)
    assert ClosingProof(workplace, closed.closing, frozenset()).broken(ids) == []


def test_the_technical_forecast_of_the_kommun_is_the_sum_of_its_parts_or_missing(april):
    workplace, closed, _ = april
    figures = figures_of(workplace, closed.closing)
    assert figures.get("KS", DRIFT, "arets_resultat", TEKNISK).varde is not None
    assert figures.get(KOMMUNEN, DRIFT, "resultat", TEKNISK).varde is None, "one return is missing"


def test_a_version_stays_as_it_was_said_when_the_month_is_closed_again_with_other_figures(april, tmp_path):
    """The version of March that a closing of April stands on is not changed by a later closing of March."""
    _, closed, _ = april
    hem = copy_home(closed.hem, tmp_path / "hem")
    with open_workplace(hem) as workplace:
        store, figures = workplace.store, figures_of(workplace, closed.closing)
        version = figures.get("SBN", VERSION, f"{DRIFT}.{MARS}", "prognos")
        march = store.last_closing("lingonby", str(MARS))
        again = store.start_closing(
            "lingonby", str(MARS), started=time_of(APRIL, 20), fingerprint="igen", retur_ids=march.retur_ids
        )
        rows = [Figure(str(MARS), "SBN", DRIFT, "arets_resultat", "prognos", "Prognos", 1, INLAMNAD)]
        store.save_figures(again.id, to_frame(rows))
        store.finish_closing(again.id, finished=time_of(APRIL, 20), summary={})
        proof = ClosingProof(workplace, closed.closing, frozenset())
        assert proof.find(version.indata[0][1]).varde == version.varde != 1
        assert proof.broken([version.figure_id]) == []
