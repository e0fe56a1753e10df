"""Kommun-Bas by table: the narrowest row with a source, of the newest version that holds; unknown is unknown."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from adapters.contract_files import load_kommunbas, read_yaml
from data_contracts.kommunbas import parse_kommunbas


@pytest.mark.parametrize(
    ("konto", "line"),
    [
        ("3130", "verksamhetens_intakter"),
        ("313019", "verksamhetens_intakter"),
        ("5021", "verksamhetens_kostnader"),
        ("7910", "avskrivningar"),
        ("8210", "generella_statsbidrag"),
        ("8351", "generella_statsbidrag"),
        ("8510", "finansiella_kostnader"),
        ("1121", "mark_byggnader"),
        ("2389", "langfristiga_skulder"),
        ("8052", "skatteintakter"),
        ("1171", "mark_byggnader"),
        ("4010", None),
        ("8910", None),
        ("2610", None),
        ("9999", None),
    ],
)
def test_an_account_has_the_line_of_its_narrowest_row(konto, line):
    found = load_kommunbas().chart(2026).line_of(konto)
    assert (None if found is None else found.kod) == line


def test_what_is_in_no_statement_is_known_and_what_has_no_source_is_not():
    chart = load_kommunbas().chart(2026)
    assert chart.group_of("4010").namn.startswith("Inköp anläggnings")
    assert chart.group_of("2610") is None


def test_each_year_has_the_newest_rows_that_hold_then():
    table = load_kommunbas()
    assert table.chart(2012).konton == {}
    assert table.chart(2013).group_of("3570").kod == "3"
    assert table.chart(2020).group_of("3570").kod == "357"
    assert table.chart(2021).group_of("3130").kalla == "heby_2015"
    assert table.chart(2022).group_of("3130").kalla == "plan_2049"


def test_every_row_has_a_source_and_a_sign():
    table = load_kommunbas()
    rows = [row for version in table.versioner for row in version.konton]
    assert len(rows) > 50
    assert {row.kalla for row in rows} <= set(table.kallor)
    assert {line.tecken for line in table.rader if line.uppstallning == "resultatrakning"} == {-1}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kalla": "ingen"}, "källan ingen finns inte"),
        ({"rad": "ingen"}, "raden ingen finns inte"),
        ({"kod": "41"}, "står två gånger"),
        ({"kod": "x"}, "pattern"),
    ],
)
def test_a_table_that_is_not_whole_is_refused(change, told):
    raw = read_yaml("kommunbas.yaml")
    raw["versioner"][0]["konton"][1] |= change
    with pytest.raises(ValidationError, match=told):
        parse_kommunbas(raw)
