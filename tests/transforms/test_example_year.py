"""Storlingonby's made-up year: returns, register and ledger agree in every month, and the same seed gives the same year."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from functools import cache

import pytest

from adapters.contract_files import load_felkoder, load_kommunbas
from adapters.kommun_config import load_kommun
from adapters.sie import write_sie
from data_contracts.kommun import RadTyp
from flows.home import CHECKOUT
from flows.steps.example_year import ExampleYear, facts_of_month, has_year, ledger_of_month, load_year
from flows.steps.ledger_files import read_ledger
from tests.kommuner.printed import all_figures
from transforms.avvikelse import must_be_explained
from transforms.example_year.course import year_course
from transforms.example_year.facts import example_facts
from transforms.example_year.faults import with_faults
from transforms.example_year.ledger import year_ledgers
from transforms.fact_values import VARDEKOLUMNER, Facts, entered_rows, retur_values, utfall_of
from transforms.figures import FigureIndex
from transforms.ledger.example import MAX_NOISE_ORE
from transforms.ledger.figures import ledger_figures
from transforms.ledger.placement import place
from transforms.ledger.reconciliation import balance_checks, judge, ledger_checks
from transforms.period import Period

FOLDER = CHECKOUT / "kommuner" / "storlingonby"
MONTHS = range(1, 13)
MONEY = ("periodbudget", "utfall", "utfall_fg_ar", "prognos")


@cache
def the_year() -> ExampleYear:
    return load_year(FOLDER, load_kommun(FOLDER / "kommun.yaml"))


@cache
def facts(month: int) -> Facts:
    """The month without the planted errors."""
    year = the_year()
    return example_facts(year.kommun, year.plan, year.course, Period(2026, month))


@cache
def figures(month: int) -> FigureIndex:
    return all_figures(facts(month), the_year().kommun)


def test_only_an_example_with_a_year_has_one() -> None:
    assert has_year(FOLDER)
    assert not has_year(CHECKOUT / "kommuner" / "lingonby")


def test_eight_namnder_two_bolag_and_twelve_months() -> None:
    year = the_year()
    assert len(year.kommun.namnder) == 8
    assert year.kommun.bokslut is not None
    assert [company.andel_bp for company in year.kommun.bokslut.foretag] == [10_000, 6_000]
    assert [str(period) for period in year.periods] == [f"2026-{month:02d}" for month in MONTHS]
    assert "Påhittad" in year.kommun.marke


@pytest.mark.parametrize("month", MONTHS)
def test_every_column_of_every_row_is_filled(month: int) -> None:
    kommun = the_year().kommun
    for forvaltning in kommun.forvaltningar:
        expected = {
            (tabell, f"{enhet}|{rad}", column)
            for enhet in forvaltning.enheter
            for tabell, columns in VARDEKOLUMNER.items()
            for rad in entered_rows(kommun, kommun.enhet(enhet), tabell)
            for column in columns
        }
        values = retur_values(facts(month), kommun, forvaltning.kod)
        assert {key for key in values if key[0] in VARDEKOLUMNER} == expected


@pytest.mark.parametrize("month", MONTHS)
def test_kommunbidrag_verksamheter_and_reglering_come_out_even(month: int) -> None:
    """What one pays the others get; the verksamheter are the net cost; what the users pay for ends at zero. In every serie."""
    year, index = the_year(), figures(month)
    for serie in (*MONEY, "budget"):
        own = year.plan.finansiering
        paid = index.get(own.enhet, "drift", own.bidragsrad, serie).varde
        assert paid == -sum(
            f.varde for f in index if (f.rad, f.serie) == (own.namndrad, serie) and f.enhet in year.plan.enheter
        )
        assert index.get("VA", "drift", "resultat_efter_reglering", serie).varde == 0
        for enhet in year.kommun.enheter:
            if enhet.verksamheter:
                parts = [index.get(enhet.kod, "drift_verksamhet", one.kod, serie).varde for one in enhet.verksamheter]
                assert sum(parts) == index.get(enhet.kod, "drift", "nettokostnader", serie).varde


def test_the_register_begins_balanced_and_decembers_last_year_is_its_bokslut() -> None:
    year, december = the_year(), facts(12)
    index = figures(12)
    for enhet in year.kommun.enheter:
        result = year.kommun.uppstallning(enhet.drift).resultatrad
        budget = index.get(enhet.kod, "drift", result, "budget").varde
        assert budget == (year.plan.finansiering.resultat_tkr * 100_000 if enhet.kod == "FIN" else 0)
        before = next(one for one in december.bokslut if (one.enhet, one.avser) == (enhet.kod, "drift"))
        assert before.belopp * 100_000 == index.get(enhet.kod, "drift", result, "utfall_fg_ar").varde
    moved = sum(one.belopp for one in december.anslagsforandringar)
    assert moved == -year.plan.anslag[0].tkr
    assert len(december.anslagsforandringar) == 3


def test_months_grow_and_the_last_forecast_is_what_it_came_to() -> None:
    for (enhet, matt, rad), row in the_year().course.items():
        assert row.prognos[-1] == row.utfall[-1]
        if matt == "investeringar":
            assert list(row.utfall) == sorted(row.utfall), (enhet, rad)
    assert Counter(row.prognos[6] == row.prognos[7] for row in the_year().course.values())[False] > 100


@pytest.mark.parametrize("month", [2, 5, 8, 12])
def test_what_is_over_the_limit_is_explained_and_only_that_is_commented(month: int) -> None:
    kommun = the_year().kommun
    said = {(one.enhet, one.avser, one.kod) for retur in facts(month).returer for one in retur.kommentarer}
    over = set()
    for figure in figures(month):
        if figure.serie == "avvikelse_helar" and figure.matt in ("drift", "investeringar"):
            rows = {e.kod: entered_rows(kommun, e, figure.matt) for e in kommun.enheter}.get(figure.enhet, {})
            budget = figures(month).get(*figure.key[:3], "budget")
            grans = kommun.gransvarde(figure.matt, dt.date(2026, month, 28))
            if figure.rad in rows and must_be_explained(figure.varde, budget.varde, grans):
                over.add((figure.enhet, figure.matt, figure.rad))
    assert over
    assert over <= said


@pytest.mark.parametrize("month", [8, 12])
def test_the_ledger_is_read_without_a_finding_and_agrees_with_the_returns(month: int) -> None:
    kommun, period = the_year().kommun, Period(2026, month)
    plan = kommun.huvudbok
    assert plan is not None
    read = read_ledger(
        ledger_of_month(the_year(), period), "huvudbok.se", plan.dimensioner.model_dump(), load_felkoder()
    )
    assert read.findings == ()
    assert (read.ar, read.till_period) == (2026, str(period))
    placed = place(read.frames.ledger, kommun, load_kommunbas().chart(2026), period)
    booked = FigureIndex(ledger_figures(placed, kommun, period))
    for (enhet, matt, rad), ore in utfall_of(facts(month)).items():
        figure = booked.get(enhet, matt, rad, "huvudbok")
        allowed = 0 if rad.startswith("kommunbidrag") else MAX_NOISE_ORE
        assert abs(figure.varde - ore) <= allowed, (enhet, matt, rad)
    checks = (*ledger_checks(placed, kommun, period), *balance_checks(read.frames.balances, period))
    judged = judge(checks, ())
    assert len(judged) > 4
    assert not [row.kontroll.id for row in judged if row.stops]


def test_a_months_vouchers_are_the_same_in_every_file_of_the_year() -> None:
    year = the_year()
    august, december = (
        {
            (one.text, one.datum): one.rader
            for one in year_ledgers(year.bok, year.course, Period(2026, month), "")[1].verifikat
        }
        for month in (8, 12)
    )
    assert len(august) > 150
    assert august.items() <= december.items()


def test_this_year_opens_on_what_last_year_closed_with() -> None:
    year = the_year()
    before, this = year_ledgers(year.bok, year.course, Period(2026, 12), "")
    closed = {one.konto: one.ore for one in before.saldon if one.etikett == "UB"}
    opened = {one.konto: one.ore for one in this.saldon if (one.etikett, one.arsnr) == ("IB", 0)}
    result = sum(one.ore for one in before.saldon if one.etikett == "RES")
    assert opened == {**closed, "2019": result}
    assert sum(opened.values()) == 0
    assert result < -20_000_000_00, "last year ended with a surplus"


def test_another_seed_is_another_year_and_the_same_seed_the_same() -> None:
    year = the_year()
    again = year_course(year.kommun, year.plan)
    other = year_course(year.kommun, year.plan.model_copy(update={"fro": 7}))
    assert again == year.course
    assert other != year.course
    sums = [sum(row.utfall[-1] for key, row in other.items() if key[0] == "VA" and key[1] == "drift")]
    assert sums == [0]


def test_staff_groups_are_the_whole() -> None:
    rows = {
        (one.enhet, one.rad): dict(one.varden)
        for retur in facts(12).returer
        for one in retur.rader
        if one.tabell == "personal"
    }
    for enhet in the_year().plan.enheter:
        for column in ("anstallda", "ordinarie_tid", "sjuktid"):
            whole = rows[enhet, "totalt"][column]
            assert rows[enhet, "kvinnor"][column] + rows[enhet, "man"][column] == whole
            assert sum(rows[enhet, age][column] for age in ("hogst_29", "fran_30_till_49", "minst_50")) == whole


def test_planted_errors_stand_where_they_are_said_to_and_nowhere_else() -> None:
    year = the_year()
    planted = year.plan.planterat
    assert planted is not None
    month = planted.manad
    sound, faulty = facts(month), facts_of_month(year, Period(2026, month))
    rows = [
        (new.enhet, new.tabell)
        for before, after in zip(sound.returer, faulty.returer, strict=True)
        for old, new in zip(before.rader, after.rader, strict=True)
        if old != new
    ]
    wanted = [one for one in planted.fel if one.tabell != "kommentarer"]
    assert set(rows) == {(one.enhet, one.tabell) for one in wanted}
    assert facts_of_month(year, Period(2026, month + 1)) == facts(month + 1)
    assert len({one.kod for one in planted.fel}) >= 6
    with pytest.raises(ValueError, match="finns inte i returerna"):
        with_faults(sound, [planted.fel[0].model_copy(update={"enhet": "INGEN"})])


def test_the_rows_of_the_kommun_have_the_size_of_its_budget() -> None:
    kommun, index = the_year().kommun, figures(12)
    for enhet in kommun.enheter:
        for rad in kommun.uppstallning(enhet.drift).poster:
            value = index.get(enhet.kod, "drift", rad.kod, "utfall").varde
            sign = {RadTyp.INTAKT: 1, RadTyp.KOSTNAD: -1, RadTyp.BIDRAG: 1}.get(rad.typ, 0)
            assert value * sign >= 0, (enhet.kod, rad.kod)
    result = sum(
        index.get(e.kod, "drift", kommun.uppstallning(e.drift).resultatrad, "utfall").varde for e in kommun.enheter
    )
    assert Decimal(result) / 100_000 == pytest.approx(24_000, abs=3_000)


def test_the_file_is_written_as_a_ledger_of_type_4() -> None:
    year = the_year()
    _, this = year_ledgers(year.bok, year.course, Period(2026, 2), year.kommun.namn)
    text = write_sie(this, dt.date(2026, 3, 8)).decode("cp437")
    assert "#SIETYP 4" in text
    assert "#UB -1 " in text
