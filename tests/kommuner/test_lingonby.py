"""Lingonby: invented, complete in every column, consistent, with the faults and gaps it promises."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal

import pytest

from data_contracts.kommun import Finansiering, Kommun, RadTyp
from tests.kommuner.printed import ROOT, all_figures, load_kommun, load_month
from transforms.avvikelse import must_be_explained
from transforms.fact_values import VARDEKOLUMNER, Facts, entered_rows, register_rows, retur_values
from transforms.figures import Figure, FigureIndex

MONTHS = ("2026-03", "2026-04", "2026-04_sen")
RETURNED = {"2026-03": {"KLF", "OMF", "BUF", "SBF"}, "2026-04": {"KLF", "OMF", "SBF"}, "2026-04_sen": {"BUF"}}


@pytest.fixture(scope="module")
def kommun() -> Kommun:
    return load_kommun("lingonby")


@pytest.fixture(scope="module")
def months() -> dict[str, Facts]:
    return {name: load_month("lingonby", name) for name in MONTHS}


@pytest.fixture(scope="module")
def figures(months: dict[str, Facts], kommun: Kommun) -> dict[str, FigureIndex]:
    return {name: all_figures(facts, kommun) for name, facts in months.items() if facts.budget}


def nettokostnad(figures: FigureIndex, enheter: Iterable[str], serie: str) -> int:
    return sum(figures.get(enhet, "drift", "nettokostnader", serie).varde for enhet in enheter)


def test_invented_kommunkod_is_no_real_one(kommun: Kommun) -> None:
    assert kommun.kommunkod.startswith("00")
    assert "Påhittad" in kommun.marke


def test_three_namnder_and_two_forvaltningar_that_feed_two_each(kommun: Kommun) -> None:
    feeds = {f.kod: {kommun.namnd_of(enhet).kod for enhet in f.enheter} for f in kommun.forvaltningar}
    assert len(kommun.namnder) == 3
    assert {kod for kod, namnder in feeds.items() if len(namnder) == 2} == {"BUF", "SBF"}
    assert {e.finansiering for e in kommun.enheter} == set(Finansiering)


def test_limits_keep_their_old_value_for_old_periods(kommun: Kommun) -> None:
    old = kommun.gransvarde("drift", dt.date(2025, 12, 31))
    new = kommun.gransvarde("drift", dt.date(2026, 4, 30))
    assert old is not None
    assert new is not None
    assert (old.belopp_tkr, new.belopp_tkr) == (500, 300)


@pytest.mark.parametrize("month", MONTHS)
def test_every_column_of_every_row_is_filled(month: str, months: dict[str, Facts], kommun: Kommun) -> None:
    assert {retur.forvaltning for retur in months[month].returer} == RETURNED[month]
    for kod in RETURNED[month]:
        forvaltning = kommun.forvaltning(kod)
        values = retur_values(months[month], kommun, kod)
        expected = {
            (tabell, f"{enhet}|{rad}", column)
            for enhet in forvaltning.enheter
            for tabell, columns in VARDEKOLUMNER.items()
            for rad in entered_rows(kommun, kommun.enhet(enhet), tabell)
            for column in columns
        }
        assert {key for key in values if key[0] in VARDEKOLUMNER} == expected


def test_the_missing_return_is_documented_and_comes_late(months: dict[str, Facts], kommun: Kommun) -> None:
    on_time, late = months["2026-04"], months["2026-04_sen"]
    assert on_time.saknas == ("BUF",)
    assert late.period == on_time.period
    last_in_time = max(retur.inlamning.datum for retur in on_time.returer)
    assert late.returer[0].inlamning.datum > last_in_time + dt.timedelta(days=5)
    assert {kommun.namnd_of(enhet).kod for enhet in kommun.forvaltning("BUF").enheter} == {"KS", "BUN"}


@pytest.mark.parametrize("month", MONTHS)
def test_verksamheter_add_up_to_nettokostnader(month: str, months: dict[str, Facts], kommun: Kommun) -> None:
    index = all_figures(months[month], kommun)
    checked = 0
    for enhet in kommun.enheter:
        if not enhet.verksamheter or kommun.forvaltning_of(enhet.kod).kod not in RETURNED[month]:
            continue
        for serie in VARDEKOLUMNER["drift_verksamhet"]:
            total = index.get(enhet.kod, "drift", "nettokostnader", serie)
            if total is None or total.varde is None:
                assert (month, serie) == ("2026-04_sen", "budget"), "only the late file has no register of its own"
                continue
            parts = [index.get(enhet.kod, "drift_verksamhet", v.kod, serie).varde for v in enhet.verksamheter]
            assert sum(parts) == total.varde
            checked += 1
    assert checked >= 8


def test_size_is_that_of_a_small_kommun(figures: dict[str, FigureIndex], kommun: Kommun) -> None:
    skatt = [enhet.kod for enhet in kommun.enheter if enhet.finansiering is Finansiering.SKATT]
    assert -530 * 10**8 < nettokostnad(figures["2026-03"], skatt, "budget") < -510 * 10**8
    assert figures["2026-03"].get("FIN", "drift", "arets_resultat", "budget").varde == 600_000_000


def test_budget_of_every_enhet_is_in_balance(figures: dict[str, FigureIndex], kommun: Kommun) -> None:
    for index in figures.values():
        for enhet in kommun.enheter:
            rad = kommun.uppstallning(enhet.drift).resultatrad
            result = index.get(enhet.kod, "drift", rad, "budget").varde
            assert (result > 0) if enhet.kod == "FIN" else (result == 0)
        paid = sum(f.varde for f in index if f.serie == "budget" and f.rad == "kommunbidrag")
        assert paid == -index.get("FIN", "drift", "kommunbidrag_ut", "budget").varde


def test_signs_are_those_of_the_row_kinds(months: dict[str, Facts], kommun: Kommun) -> None:
    expected = {RadTyp.INTAKT: 1, RadTyp.KOSTNAD: -1, RadTyp.BIDRAG: 1, RadTyp.UTGIFT: 1}
    for facts in months.values():
        for retur in facts.returer:
            for rad in retur.rader:
                if rad.tabell not in ("drift", "investeringar"):
                    continue
                enhet = kommun.enhet(rad.enhet)
                kod = enhet.drift if rad.tabell == "drift" else enhet.investeringar
                sign = expected.get(kommun.uppstallning(str(kod)).rad(rad.rad).typ, 0)
                assert all(value * sign >= 0 for _, value in rad.varden), rad


def test_april_register_is_marchs_with_one_more_decision(months: dict[str, Facts], kommun: Kommun) -> None:
    march, april = months["2026-03"], months["2026-04"]
    assert april.budget == march.budget
    assert april.bokslut == march.bokslut
    assert april.anslagsforandringar[:-1] == march.anslagsforandringar
    assert len({(c.beslut.paragraf, c.beslut.beslutsdatum) for c in april.anslagsforandringar}) == 2
    rows = register_rows(april, kommun)["anslagsforandringar"]
    assert rows[-1]["beslutsdatum"] == dt.date(2026, 4, 20)
    assert rows[-1]["paragraf"] == "§ 31"
    assert all({"organ", "paragraf", "beslutsdatum"} <= row.keys() for row in rows)


def test_april_changes_several_forecasts(figures: dict[str, FigureIndex]) -> None:
    march, april = figures["2026-03"], figures["2026-04"]
    changed = [
        f.figure_id
        for f in april
        if f.serie == "prognos" and f.slag == "inlamnad" and (old := march.get(*f.key[:4])) and old.varde != f.varde
    ]
    assert len(changed) >= 10


def test_april_holds_one_unexplained_avvikelse_and_explained_ones(
    months: dict[str, Facts], figures: dict[str, FigureIndex], kommun: Kommun
) -> None:
    entered = [f for f in _over_limit(figures["2026-04"], kommun) if _is_entered(f, kommun)]
    explained = {(k.enhet, k.avser, k.kod) for r in months["2026-04"].returer for k in r.kommentarer if k.orsak}
    open_rows = [(f.enhet, f.matt, f.rad) for f in entered if (f.enhet, f.matt, f.rad) not in explained]
    assert open_rows == [("KS", "drift", "ovriga_kostnader")]
    assert ("OMS", "drift", "kop_verksamhet") in explained & {(f.enhet, f.matt, f.rad) for f in entered}


def test_march_explains_all_that_is_over_the_limit(
    months: dict[str, Facts], figures: dict[str, FigureIndex], kommun: Kommun
) -> None:
    entered = {(f.enhet, f.matt, f.rad) for f in _over_limit(figures["2026-03"], kommun) if _is_entered(f, kommun)}
    explained = {(k.enhet, k.avser, k.kod) for r in months["2026-03"].returer for k in r.kommentarer if k.orsak}
    assert entered
    assert entered <= explained


def _over_limit(index: FigureIndex, kommun: Kommun) -> Iterable[Figure]:
    for figure in index:
        if figure.serie != "avvikelse_helar" or figure.matt not in ("drift", "investeringar"):
            continue
        grans = kommun.gransvarde(figure.matt, dt.date(2026, 4, 30))
        if must_be_explained(figure.varde, index.get(*figure.key[:3], "budget").varde, grans):
            yield figure


def _is_entered(figure: Figure, kommun: Kommun) -> bool:
    known = {enhet.kod: enhet for enhet in kommun.enheter}
    return figure.enhet in known and figure.rad in entered_rows(kommun, known[figure.enhet], figure.matt)


def test_volumes_have_no_more_decimals_than_declared(months: dict[str, Facts], kommun: Kommun) -> None:
    decimals = {(e.kod, v.kod): v.decimaler for e in kommun.enheter for v in e.volymer}
    volumes = [rad for f in months.values() for r in f.returer for rad in r.rader if rad.tabell == "volymer"]
    assert {(rad.enhet, rad.rad) for rad in volumes} == set(decimals)
    assert set(decimals.values()) == {0, 1}
    for rad in volumes:
        for _, value in rad.varden:
            assert value == round(value, decimals[rad.enhet, rad.rad]), rad


def test_one_forvaltning_returns_kronor_and_keeps_them_exactly(months: dict[str, Facts], kommun: Kommun) -> None:
    values = retur_values(months["2026-03"], kommun, "BUF")
    assert kommun.forvaltning("BUF").returenhet == "kr"
    assert values["drift", "BUN|personal", "prognos"] == Decimal(-136800000)
    assert values["drift", "BUN|personal", "utfall"] % 1000 != 0


def test_nothing_invented_names_a_person() -> None:
    for path in sorted((ROOT / "kommuner" / "lingonby").rglob("*.yaml")):
        addresses = re.findall(r"\S+@\S+", path.read_text(encoding="utf-8"))
        assert all(address.rstrip("}").endswith("@exempel.invalid") for address in addresses)
