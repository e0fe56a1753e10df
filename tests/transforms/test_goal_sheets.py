"""The sheets Mål, Aktiviteter and Målbedömning: they stand in a template only when the year's målplan gives the förvaltning rows."""

import datetime as dt
from decimal import Decimal

from adapters.contract_files import load_contract, load_felkoder
from data_contracts.malplan import Leverans
from tests.contracts.retur_example import FORVALTNING, PERIOD, provby, sound_retur
from transforms.conversion import convert, volume_decimals
from transforms.enhet_rows import ROWS_OF_ENHET, malvarde_text
from transforms.goal_figures import figures_of_goals
from transforms.template_rows import expected_tables, template_rows

PLAN_SHEETS = ("indikatorer", "aktiviteter", "malbedomningar")


def _frames(book):
    return convert(book.raw("r"), book.contract, load_felkoder(), unit="tkr", decimals=volume_decimals(provby())).frames


def _expected(kommun, forvaltning):
    return [name for name in expected_tables(load_contract("manadsretur"), kommun, forvaltning) if name in PLAN_SHEETS]


def test_plan_sheets_only_where_the_years_plan_gives_rows():
    kommun = provby()
    assert tuple(_expected(kommun, FORVALTNING)) == PLAN_SHEETS
    assert _expected(kommun, "YF") == []
    assert _expected(kommun.for_year(2027), FORVALTNING) == []
    assert kommun.for_year(2026) is kommun


def test_plan_rows_show_malvarde_unit_and_decimals_and_have_no_own_rows():
    rows = template_rows(load_contract("manadsretur"), provby(), FORVALTNING)
    sjuk = next(row for row in rows["indikatorer"] if row.key == "X|sjuk")
    assert sjuk.labels["malvarde"] == "≤\u00a06,0"
    assert (sjuk.labels["matt_enhet"], sjuk.decimals) == ("procent", 1)
    assert [row.kind.value for row in rows["aktiviteter"]] == ["rubrik", "post", "mellanrum"]


def test_a_leverans_shows_the_day_it_is_due_where_the_plan_sets_one():
    kommun = provby()
    plan = kommun.malplan(PERIOD.year)
    (aktivitet,) = plan.aktiviteter
    listed = (Leverans(kod="forsta", namn="Första", klar=dt.date(2026, 3, 31)), Leverans(kod="andra", namn="Andra"))

    def shown(parts: tuple[Leverans, ...]) -> list[str]:
        changed = plan.model_copy(update={"aktiviteter": (aktivitet.model_copy(update={"leveranser": parts}),)})
        rows = ROWS_OF_ENHET["aktiviteter"](kommun.model_copy(update={"malplaner": (changed,)}), kommun.enhet("X"))
        return [row.labels["benamning"] for row in rows]

    assert shown(listed) == ["Första (klar senast 2026-03-31)", "Andra"]
    assert shown(()) == [aktivitet.namn]


def test_values_are_figures_with_year_and_cell():
    book = sound_retur().set("indikatorer", "X|sjuk", utfall=Decimal("6.2"), vardear="2025")
    figures = {
        figure.figure_id: figure for figure in figures_of_goals(_frames(book), provby().malplan(PERIOD.year), PERIOD)
    }
    assert sorted(figures) == [
        "2026-04/X/aktiviteter/samtal/fardiggrad",
        "2026-04/X/indikatorer/klagomal/prognos",
        "2026-04/X/indikatorer/sjuk/prognos",
        "2026-04/X/indikatorer/sjuk/utfall@2025",
    ]
    utfall = figures["2026-04/X/indikatorer/sjuk/utfall@2025"]
    assert (utfall.varde, utfall.decimaler, utfall.enhet_matt) == (62, 1, "procent")
    assert utfall.cell == book.place("indikatorer", "X|sjuk", "utfall")
    assert utfall.blad == "Mål"


def test_a_missing_return_gives_figures_without_values():
    figures = figures_of_goals({}, provby().malplan(2026), PERIOD)
    assert {figure.varde for figure in figures} == {None}
    assert figures_of_goals({}, None, PERIOD) == ()


def test_malvarde_is_written_as_people_read_it():
    plan = provby().malplan(2026)
    sjuk = plan.indikatorn("sjuk")
    strict = sjuk.model_copy(update={"strikt": True})
    assert malvarde_text(strict, 2026) == "<\u00a06,0"
    assert malvarde_text(sjuk, 2027) == "inget"
