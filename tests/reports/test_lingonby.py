"""What Alingsås did not publish, driven by the invented kommun: four avvikelser, changed forecasts, a missing return, open explanations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from flows.steps.trace import trace
from flows.workplace import open_workplace
from tests.closings import APRIL, Closed, deliver, facts_of, figures_only, new_home, time_of
from tests.kommuner.printed import load_kommun
from tests.pdf_reading import PdfTable, page_texts, plain, tables
from transforms.fact_values import Facts
from transforms.figures import FigureIndex, from_frame
from transforms.period import Period

MISSING = "uppgift saknas"
MATT = {"drift": "Drift", "drift_verksamhet": "Drift per verksamhet", "investeringar": "Investeringar"}
AVVIKELSER = {
    "Avvikelse prognos mot budget": ("prognos", "budget"),
    "Avvikelse utfall mot budget": ("utfall", "periodbudget"),
    "Ändring mot föregående prognos": ("prognos", "fg_prognos"),
}
ENTERED = {
    "Budget helår": "budget",
    "Föregående prognos": "fg_prognos",
    "Prognos helår": "prognos",
    "Budget perioden": "periodbudget",
    "Utfall perioden": "utfall",
    "Utfall föregående år": "utfall_fg_ar",
}

Cell = tuple[str, str, str, str]
"""Enhet, table, row, column."""


@pytest.fixture(scope="module")
def kommun() -> Any:
    return load_kommun("lingonby")


@pytest.fixture(scope="module")
def facts() -> dict[Cell, Decimal]:
    """What the facts files say in tkr: April's entries and budget, and March's prognos as föregående."""
    april, march = facts_of("lingonby", "2026-04"), facts_of("lingonby", "2026-03")
    said = dict(_entered(april)) | {
        (enhet, tabell, rad, "fg_prognos"): value
        for (enhet, tabell, rad, column), value in _entered(march)
        if column == "prognos"
    }
    for fact in april.budget:
        said[fact.enhet, fact.avser, fact.rad, "budget"] = fact.belopp
    for fact in april.anslagsforandringar:
        said[fact.enhet, fact.avser, fact.rad, "budget"] += fact.belopp
    return said


ECONOMY_TABLES = ("Drift", "Investeringar", "Volymer", "Kommunens drift", "Kommunens investeringar")
ECONOMY = ("drift", "drift_verksamhet", "investeringar", "volymer")
"""The sheets whose figures these tests follow; goals, personal and the rest have tests of their own."""


def _entered(facts: Facts) -> Iterator[tuple[Cell, Decimal]]:
    for retur in facts.returer:
        for rad in (rad for rad in retur.rader if rad.tabell in ECONOMY):
            for column, value in rad.varden:
                in_kr = rad.tabell != "volymer" and facts.kalla(rad.kalla).belopp_enhet == "kr"
                yield (rad.enhet, rad.tabell, rad.rad, column), value / 1000 if in_kr else value


@pytest.fixture(scope="module")
def printed(lingonby: Closed) -> dict[str, list[PdfTable]]:
    """The tables of each PDF, by nämnd; '' for the kommun."""
    return {report.kod: tables(lingonby.read(report.kod, ".pdf")) for report in lingonby.reports}


@pytest.fixture(scope="module")
def figures(lingonby: Closed) -> FigureIndex:
    return _figures(lingonby)


def _figures(closed: Closed) -> FigureIndex:
    with open_workplace(closed.hem) as workplace:
        return FigureIndex(from_frame(workplace.store.load_figures(closed.closing.id)))


def text_of(closed: Closed, kod: str) -> str:
    """The text of a PDF in one line."""
    return " ".join(" ".join(page_texts(closed.read(kod, ".pdf"))).split())


def shown(value: Decimal, *, plus: bool = False) -> str:
    """A whole amount as it should be printed."""
    return f"{value:{'+' if plus and value else ''},.0f}".replace(",", " ").replace("-", "\u2212")


def table_of(found: list[PdfTable], caption: str) -> PdfTable:
    (table,) = [table for table in found if table.caption.startswith(f"{caption} ")]
    return table


def test_every_reported_row_is_printed_with_its_entries_and_three_avvikelser(
    printed: dict[str, list[PdfTable]], facts: dict[Cell, Decimal], kommun: Any
) -> None:
    checked = 0
    reported = {(enhet, tabell, rad) for enhet, tabell, rad, column in facts if column == "utfall" and tabell in MATT}
    for enhet, tabell, rad in sorted(reported):
        found = printed[kommun.namnd_of(enhet).kod]
        label = _label(kommun, enhet, tabell, rad)
        for part in ("helåret 2026", "januari–april 2026"):
            table = table_of(found, f"{MATT[tabell]}, {kommun.enhet(enhet).namn}, {part}")
            cells = table.cells()
            for heading in table.head[1:]:
                if heading in ENTERED:
                    expected = shown(facts[enhet, tabell, rad, ENTERED[heading]])
                else:
                    later, earlier = (facts[enhet, tabell, rad, serie] for serie in AVVIKELSER[heading])
                    difference = earlier - later if tabell == "investeringar" else later - earlier
                    expected = shown(difference, plus=True)
                assert cells[label, heading] == [expected], (enhet, tabell, rad, heading)
                checked += 1
    assert checked > 600


def _label(kommun: Any, enhet: str, tabell: str, rad: str) -> str:
    if tabell == "drift_verksamhet":
        return str(next(v.namn for v in kommun.enhet(enhet).verksamheter if v.kod == rad))
    kod = kommun.enhet(enhet).drift if tabell == "drift" else kommun.enhet(enhet).investeringar
    return str(kommun.uppstallning(kod).rad(rad).namn)


def test_volumes_keep_their_own_unit_and_decimals(printed: dict[str, list[PdfTable]]) -> None:
    water = table_of(printed["SBN"], "Volymer, Vatten och avlopp, helåret 2026")
    assert water.rows == [("Såld mängd dricksvatten (tusen m³)", ("590,0", "588,0", "586,5", "\u22123,5", "\u22121,5"))]
    whole = table_of(printed[""], "Volymer, Lingonby kommun, helåret 2026")
    assert ("Såld mängd dricksvatten (tusen m³)", water.rows[0][1]) in whole.rows
    assert ("Utförda hemtjänsttimmar (timmar)", ("62 000", "62 400", "63 100", "+1 100", "+700")) in whole.rows


def test_a_change_of_forecast_leads_into_the_closing_of_march(lingonby: Closed) -> None:
    figure_id = "2026-04/OMS/drift/kop_verksamhet/andring_prognos"
    with open_workplace(lingonby.hem) as workplace:
        trail = trace(workplace, figure_id)
        march = workplace.store.last_closing("lingonby", "2026-03")
        assert march is not None
        files = {workplace.store.retur(retur_id).sha256 for retur_id in march.retur_ids}
    assert trail[0].text == "\u2212900\u00a0000,00\u00a0kr"
    last = trail[-1]
    assert [link.figure_id for link in trail][2:] == [
        "2026-04/OMS/drift/kop_verksamhet/fg_prognos",
        "2026-03/OMS/drift/kop_verksamhet/prognos",
    ]
    assert "stängningen mars 2026" in trail[2].formel
    assert last.source[0] == "fil     retur-omf-2026-03.xlsx"
    assert last.source[1].split()[1] in files
    assert last.source[3] == "innehåll '-60900'"
    page = lingonby.read("KS", "-spar.html").decode()
    assert 'id="2026-03/OMS/drift/kop_verksamhet/prognos"' in page


def test_the_change_is_told_in_the_first_pages_sentences(lingonby: Closed) -> None:
    said = text_of(lingonby, "KS")
    assert "Mot föregående prognos har bedömningen för Vård och omsorg ändrats med \u2212200 tkr." in said


@pytest.fixture(scope="module")
def with_last_year(tmp_path_factory: pytest.TempPathFactory) -> Closed:
    """April 2026 closed after April 2025, whose returns and register are this year's with the dates of a year ago."""
    hem = new_home(tmp_path_factory.mktemp("traff") / "hem", "lingonby")
    facts = facts_of("lingonby", "2026-04")
    last_year = Period(2025, 4)
    for period, said in ((last_year, _a_year_earlier(facts)), (APRIL, facts)):
        deliver(hem, said, time_of(period, 15))
        closing = figures_only(hem, period, time_of(period, 15))
    return Closed(hem, closing, rendered=None, reports=())  # type: ignore[arg-type]


def _a_year_earlier(facts: Facts) -> Facts:
    def moved(rows: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(
            replace(row, beslut=replace(row.beslut, beslutsdatum=_earlier(row.beslut.beslutsdatum))) for row in rows
        )

    return replace(
        facts,
        period=Period(2025, 4),
        budget=moved(facts.budget),
        anslagsforandringar=moved(facts.anslagsforandringar),
        returer=tuple(
            replace(
                retur,
                inlamning=replace(retur.inlamning, datum=_earlier(retur.inlamning.datum)),
                rader=tuple(rad for rad in retur.rader if rad.tabell in ECONOMY),
                kommentarer=tuple(replace(said, klardatum=_earlier(said.klardatum)) for said in retur.kommentarer),
            )
            for retur in facts.returer
        ),
    )


def _earlier(date: dt.date | None) -> dt.date | None:
    return None if date is None else date.replace(year=date.year - 1)


def test_traff_is_bokslut_against_what_the_same_month_said_a_year_ago(with_last_year: Closed) -> None:
    figures = _figures(with_last_year)
    traff = figures.get("OMS", "drift", "arets_resultat", "traff", 2025)
    assert traff is not None
    assert traff.varde == (-3_100 - -1_000) * 100_000
    with open_workplace(with_last_year.hem) as workplace:
        trail = trace(workplace, "2026-04/OMS/drift/arets_resultat/traff@2025")
    assert not any(link.broken for link in trail)
    ids = [link.figure_id for link in trail]
    assert ids[:4] == [
        "2026-04/OMS/drift/arets_resultat/traff@2025",
        "2026-04/OMS/drift/arets_resultat/bokslut@2025",
        "2026-04/OMS/drift/arets_resultat/prognos@2025",
        "2025-04/OMS/drift/arets_resultat/prognos",
    ]
    assert "2025-04/OMS/drift/personal/prognos" in ids
    assert any("retur-omf-2025-04.xlsx" in link.source[0] for link in trail if link.source)


def test_traff_of_a_forvaltning_that_did_not_report_is_missing(with_last_year: Closed) -> None:
    traff = _figures(with_last_year).get("BUN", "drift", "arets_resultat", "traff", 2025)
    assert traff is not None
    assert traff.varde is None


def test_without_a_closing_a_year_ago_there_is_no_traff(figures: FigureIndex) -> None:
    assert [figure for figure in figures if figure.serie == "traff"] == []


def test_figures_of_the_missing_return_are_said_to_be_missing_and_never_zero(
    printed: dict[str, list[PdfTable]], figures: FigureIndex, kommun: Any
) -> None:
    for enhet, kod in (("BUN", "BUN"), ("KULT", "KS")):
        series = ("prognos", "utfall", "avvikelse_helar")
        entered = [f for f in figures if f.enhet == enhet and f.matt in ECONOMY and f.serie in series]
        assert len(entered) > 20
        assert {figure.varde for figure in entered} == {None}
        table = table_of(printed[kod], f"Drift, {kommun.enhet(enhet).namn}, helåret 2026")
        for label, _ in table.rows:
            assert table.cells()[label, "Prognos helår"] == [MISSING]
            assert table.cells()[label, "Avvikelse prognos mot budget"] == [MISSING]
            assert table.cells()[label, "Budget helår"] != [MISSING]


def test_sums_with_a_missing_part_are_missing_beside_the_sum_of_those_that_reported(
    printed: dict[str, list[PdfTable]],
) -> None:
    drift = table_of(printed[""], "Drift, Lingonby kommun, helåret 2026").cells()
    for row in ("Barn och utbildning", "Summa skattefinansierad verksamhet", "Totalt kommunen"):
        assert drift[row, "Prognos helår"] == [MISSING]
        assert drift[row, "Avvikelse prognos mot budget"] == [MISSING]
    rows = [label for label, _ in table_of(printed[""], "Drift, Lingonby kommun, helåret 2026").rows]
    partial = rows[rows.index("Summa skattefinansierad verksamhet") + 1]
    assert partial == "Summa inrapporterade, 4 av 6 enheter"
    assert drift[partial, "Prognos helår"] == ["\u22121,2"]
    assert rows[-2:] == ["Totalt kommunen", "Summa inrapporterade, 6 av 8 enheter"]
    assert drift[rows[-1], "Budget helår"] == ["6,0"]
    assert drift[rows[-1], "Prognos helår"] == ["7,6"]
    assert drift[rows[-1], "Avvikelse prognos mot budget"] == ["+1,6"]
    assert not [row for row in rows if row.startswith("Summa inrapporterade, 1 av 1")]


def test_those_that_reported_are_compared_with_their_own_budget_only(printed: dict[str, list[PdfTable]]) -> None:
    cells = table_of(printed[""], "Investeringar, Lingonby kommun, helåret 2026").cells()
    label = "Summa inrapporterade, 5 av 6 enheter"
    assert cells["Totalt kommunen", "Budget helår"] == ["47,6"]
    assert cells[label, "Budget helår"] == ["44,6"]
    assert cells[label, "Prognos helår"] == ["41,0"]
    assert cells[label, "Avvikelse prognos mot budget"] == ["+3,6"]


def test_volumes_of_the_missing_return_are_said_to_be_missing(printed: dict[str, list[PdfTable]]) -> None:
    for part in ("helåret 2026", "januari–april 2026"):
        table = table_of(printed[""], f"Volymer, Lingonby kommun, {part}")
        (cells,) = [cells for label, cells in table.rows if label == "Barn i förskola (barn)"]
        expected = [MISSING if heading != "Föregående prognos" else "372" for heading in table.head[1:]]
        assert list(cells) == expected


@pytest.mark.parametrize("kod", ["KS", "BUN", ""])
def test_the_missing_return_marks_every_report_that_it_feeds(lingonby: Closed, kod: str) -> None:
    for said in (text_of(lingonby, kod), plain(lingonby.read(kod, ".html").decode())):
        assert "Retur saknas från Bildningsförvaltningen" in said
        assert "Bildningsförvaltningen har inte lämnat någon godkänd retur för april 2026." in said


def test_the_missing_return_marks_no_other_report(lingonby: Closed) -> None:
    assert "Bildningsförvaltningen" not in text_of(lingonby, "SBN")
    assert MISSING not in "".join(page_texts(lingonby.read("SBN", ".pdf"))[:-1])


def test_the_kommun_counts_its_returns(lingonby: Closed, lingonby_sen: Closed) -> None:
    assert "3 av 4 förvaltningar har lämnat en godkänd retur." in text_of(lingonby, "")
    assert "4 av 4 förvaltningar har lämnat en godkänd retur." in text_of(lingonby_sen, "")


@pytest.mark.parametrize("kod", ["KS", "BUN", "SBN", ""])
def test_when_the_late_return_has_come_nothing_is_missing(lingonby_sen: Closed, kod: str) -> None:
    said = text_of(lingonby_sen, kod)
    assert "Bildningsförvaltningen har inte lämnat" not in said
    assert "Retur saknas" not in said
    assert "Summa inrapporterade" not in said
    economy = [table for table in tables(lingonby_sen.read(kod, ".pdf")) if table.caption.startswith(ECONOMY_TABLES)]
    assert len(economy) >= 2
    for table in economy:
        assert MISSING not in {cell for _, cells in table.rows for cell in cells}, table.caption


def test_the_late_returns_kronor_are_summed_exactly(lingonby_sen: Closed) -> None:
    cells = table_of(tables(lingonby_sen.read("BUN", ".pdf")), "Drift, Barn och utbildning, januari–april 2026").cells()
    assert cells["Intäkter", "Utfall perioden"] == ["8 191"]
    assert cells["Intäkter", "Avvikelse utfall mot budget"] == ["+229"]
    figure = _figures(lingonby_sen).get("BUN", "drift", "intakter", "utfall")
    assert figure is not None
    assert figure.varde == 819_142_700


def test_the_one_unexplained_avvikelse_is_plainly_marked(lingonby: Closed) -> None:
    mark = "Förklaring saknas. Avvikelsen är större än kommunens gräns, men ingen orsak är angiven."
    said = text_of(lingonby, "KS")
    assert said.count(mark) == 1
    assert "Övriga kostnader Kommunledning, drift" in said[: said.index(mark)]
    assert said.index("Övriga kostnader Kommunledning, drift") > said.index(mark) - 200
    assert "Förklaring saknas till en av dem." in said
    assert "<strong>Förklaring saknas.</strong>" in lingonby.read("KS", ".html").decode()
    for kod in ("BUN", "SBN", ""):
        assert mark not in text_of(lingonby, kod)


def test_an_explained_avvikelse_stands_with_orsak_and_atgard(lingonby: Closed) -> None:
    said = text_of(lingonby, "KS")
    start = said.index("Köp av verksamhet Vård och omsorg, drift")
    block = said[start : start + 400]
    for part in (
        "Budget \u221259 500 tkr",
        "Prognos \u221261 800 tkr",
        "Underskott \u22122 300 tkr",
        "Orsak: Ytterligare en placering sedan mars och höjda dygnspriser i två avtal.",
        "Åtgärd: Tre placeringar prövas för egna familjehem, och avtalen förhandlas om.",
    ):
        assert part in block


def test_a_budget_with_changes_leads_to_each_decision_with_its_paragraph(lingonby: Closed) -> None:
    with open_workplace(lingonby.hem) as workplace:
        trail = trace(workplace, "2026-04/SBN/investeringar/gata.bro_storan/budget")
    assert trail[0].formel == "beslutad budget + anslagsförändringar"
    assert [(link.formel, link.source[3]) for link in trail[1:]] == [
        ("beslut KF 2025-11-24 § 112", "innehåll '3000'"),
        ("beslut KF 2026-04-20 § 31", "innehåll '2000'"),
    ]
    assert "Tidigarelagd reparation av bron över Storån" in trail[2].name
    page = plain(lingonby.read("SBN", "-spar.html").decode())
    assert "beslut KF 2026-04-20 § 31" in page


def test_the_budget_of_march_does_not_hold_aprils_decision(lingonby_mars: Closed, lingonby: Closed) -> None:
    key = ("SBN", "investeringar", "gata.bro_storan", "budget")
    before, after = _figures(lingonby_mars).get(*key), _figures(lingonby).get(*key)
    assert before is not None
    assert after is not None
    assert after.varde == (before.varde or 0) + 2_000 * 100_000


def test_a_month_without_an_earlier_closing_prints_no_change(lingonby_mars: Closed) -> None:
    for report in lingonby_mars.reports:
        for table in tables(lingonby_mars.read(report.kod, ".pdf")):
            assert "Ändring mot föregående prognos" not in table.head


def test_an_invented_kommun_says_so_on_every_page(lingonby: Closed, kommun: Any) -> None:
    for report in lingonby.reports:
        assert all(kommun.marke in page for page in page_texts(lingonby.read(report.kod, ".pdf")))
        assert Path(lingonby.path(report.kod, ".pdf")).is_file()
