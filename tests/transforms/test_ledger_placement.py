"""Every row of the ledger has its place by the kommun's tables, or is a finding; nothing is left out in silence."""

from __future__ import annotations

import datetime as dt

import pytest
from pydantic import ValidationError

from data_contracts.kommun import Kommun
from tests.kommun_example import example_kommun
from tests.ledger_examples import APRIL, CHART, ledger, lingonby, placed, utfall, with_rows
from tests.sie_examples import FELKODER, content_of, read
from transforms.ledger.example import MAX_NOISE_ORE
from transforms.ledger.frames import result_signed
from transforms.ledger.placement import coverage, placement_findings
from transforms.ledger.sie import Transaktion
from transforms.period import Period


def sums(rows):
    found = {}
    for row in rows:
        if row.rad:
            found[row.enhet, row.matt, row.rad] = found.get((row.enhet, row.matt, row.rad), 0) + row.ledger_ore
    return found


def test_the_example_ledger_balances_and_is_within_500_kronor_of_every_row():
    content = content_of(ledger())
    assert read(content).findings == ()
    found = sums(placed(ledger()))
    for (enhet, matt, rad), ore in utfall().items():
        booked = found.get((enhet, matt, rad), 0)
        turned = booked if matt == "investeringar" else result_signed(booked)
        assert abs(turned - ore) <= MAX_NOISE_ORE, (enhet, matt, rad)
    assert set(found) <= set(utfall())


def test_all_is_placed_and_known():
    rows = placed(ledger())
    assert placement_findings(rows, CHART, FELKODER) == ()
    whole = coverage(rows, CHART)
    assert (whole.share_bp, whole.konton_okanda, whole.konton) == (10_000, (), 21)


def test_only_the_year_up_to_the_period_counts():
    assert {row.rad for row in placed(ledger(), Period(2025, 12))} == set()
    march = placed(ledger(), Period(2026, 3))
    assert 0 < len(march) < len(placed(ledger()))


@pytest.mark.parametrize(
    ("row", "code", "what", "amount"),
    [
        (Transaktion("5020", 1_000_00, (("1", "8100"),)), "E820", "5020", "1\u00a0000,00"),
        (Transaktion("5020", 1_000_00), "E820", "5020", "1\u00a0000,00"),
        (Transaktion("8710", -5_00, (("1", "1100"),)), "E821", "KS 8710", "\u22125,00"),
        (Transaktion("1171", 7_00, (("1", "1100"), ("6", "7999"))), "E822", "1171", "7,00"),
        (Transaktion("5920", 9_00, (("1", "1100"),)), "E823", "5920", "9,00"),
    ],
)
def test_what_has_no_place_is_told_with_its_amount(row, code, what, amount):
    rows = placed(with_rows(ledger(), row))
    chart = (
        CHART if code != "E823" else type(CHART)(2026, {k: v for k, v in CHART.konton.items() if k != "5"}, CHART.rader)
    )
    found = placement_findings(rows, chart, FELKODER)
    (finding,) = [finding for finding in found if finding.code == code]
    assert finding.found == what
    assert f"{amount} kronor" in finding.message


def test_the_motpart_tells_which_enhet_an_internal_post_is_with():
    internal = [row for row in placed(ledger()) if row.motpart_enhet]
    assert {(row.enhet, row.motpart_enhet) for row in internal} == {
        ("MAL", "BUN"),
        ("BUN", "MAL"),
        ("MAL", "OMS"),
        ("OMS", "MAL"),
    }
    assert sum(row.ledger_ore for row in internal) == 0


def test_a_kommun_without_a_plan_has_no_ledger():
    from tests.ledger_examples import frames
    from transforms.ledger.placement import place

    assert place(frames(ledger()).ledger, example_kommun(), CHART, APRIL) == ()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"ansvar": [{"fran": "1000", "till": "199", "enhet": "KS"}]}, "lika långa"),
        ({"ansvar": [{"fran": "1000", "till": "1999", "enhet": "X"}]}, "enheten X, som inte finns"),
        (
            {"ansvar": [{"fran": "10", "till": "19", "enhet": "KS"}, {"fran": "15", "till": "16", "enhet": "KS"}]},
            "överlappar",
        ),
        ({"konton": [{"fran": "30", "till": "39", "rad": "x"}]}, "raden x, som inte finns"),
        ({"toleranser": []}, "at least 1"),
    ],
)
def test_a_plan_that_does_not_fit_the_kommun_is_refused(change, told):
    raw = lingonby().model_dump(mode="json")
    raw["huvudbok"] |= change
    with pytest.raises(ValidationError, match=told):
        Kommun.model_validate(raw)


def test_the_newest_tolerance_holds():
    plan = lingonby().huvudbok
    assert plan.tolerans(dt.date(2026, 4, 30)).belopp_kr == 5_000
    assert plan.tolerans(dt.date(2025, 12, 31)) is None
