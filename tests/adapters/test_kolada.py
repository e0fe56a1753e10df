"""Kolada's API as it is: pages, waits, faults, missing and deleted values; asked through koladapy over a real connection."""

from __future__ import annotations

import datetime as dt
import email.utils
import json
from collections.abc import Iterator

import pytest

from adapters.kolada import BATCH, KoladaFel, Koladaserver, answer_of, fetch
from tests.kolada_server import FakeKolada, kolada_server
from transforms.kolada import Observation, membership

KPI, OWN, OTHER = "N15033", "0099", "0098"


@pytest.fixture
def kolada() -> Iterator[FakeKolada]:
    with kolada_server() as fake:
        yield fake


def ask(fake: FakeKolada, nyckeltal=(KPI,), omraden=(OWN, OTHER), years=(2023, 2024)):
    return fetch(Koladaserver(fake.adress, anrop_per_sekund=500, paus_s=0.01), nyckeltal, omraden, years)


def test_genders_missing_and_deleted_values(kolada):
    kolada.put(KPI, OWN, 2024, T=12.5, K=13, M=None)
    kolada.put(KPI, OTHER, 2024, T={"gender": "T", "count": 0, "status": "", "value": 7.0, "isdeleted": True})
    kolada.put(KPI, "0001", 2024, T=99.0)
    svar = ask(kolada)
    assert svar.observationer == (
        Observation(KPI, OWN, 2024, "K", "13", ""),
        Observation(KPI, OWN, 2024, "M", "", "Missing"),
        Observation(KPI, OWN, 2024, "T", "12.5", ""),
    )


def test_every_page_is_fetched_and_kept_as_it_came(kolada):
    for year in range(2015, 2025):
        for kommun in (OWN, OTHER):
            kolada.put(KPI, kommun, year, T=year / 10)
    kolada.page_size = 7
    svar = ask(kolada, years=range(2015, 2025))
    assert [query["page"] for _, query in kolada.asked] == [["1"], ["2"], ["3"]]
    assert len(svar.observationer) == 20
    for one in svar.observationer:
        page = json.loads(svar.sidor[svar.sida_of[one.key]])
        assert any((item["municipality"], item["period"]) == (one.omrade, one.ar) for item in page["values"])


def test_more_ids_than_a_call_takes_are_asked_for_in_several(kolada):
    kommuner = [f"{number:04}" for number in range(1, BATCH + 2)]
    for kommun in kommuner:
        kolada.put(KPI, kommun, 2024, T=1.0)
    svar = ask(kolada, omraden=kommuner, years=[2024])
    assert [len(query["municipality_id"]) for _, query in kolada.asked] == [BATCH, 1]
    assert [one.omrade for one in svar.observationer] == kommuner


def test_a_failing_batch_fails_the_whole_fetch(kolada):
    """koladapy goes on without the batch; then half of the kommuner would be missing without a word."""
    kommuner = [f"{number:04}" for number in range(1, BATCH + 2)]
    kolada.put(KPI, kommuner[0], 2024, T=1.0)
    ok = kolada.answer("/v3/data/", {"kpi_id": [], "municipality_id": [], "year": [], "page": ["1"], "per_page": ["9"]})
    kolada.next_replies = [ok, *[(500, {}, b"")] * 3]
    with pytest.raises(KoladaFel, match=r"^E760 .*HTTP 500"):
        ask(kolada, omraden=kommuner, years=[2024])


@pytest.mark.parametrize("header", ["0", "", "http-date"])
def test_429_is_waited_for_as_the_server_says(kolada, header):
    soon = email.utils.format_datetime(dt.datetime.now(dt.UTC), usegmt=True) if header == "http-date" else header
    kolada.put(KPI, OWN, 2024, T=1.0)
    kolada.next_replies = [(429, {"Retry-After": soon} if soon != "" else {"Retry-After": "1"}, b"")]
    assert [one.varde for one in ask(kolada).observationer] == ["1.0"]
    assert len(kolada.asked) == 2


def test_429_for_longer_than_we_wait_is_told(kolada):
    kolada.next_replies = [(429, {"Retry-After": "3600"}, b"")]
    with pytest.raises(KoladaFel, match=r"^E761 .*3600 sekunder"):
        ask(kolada)


def test_a_server_error_is_tried_again_and_its_pages_are_not_counted_twice(kolada):
    kolada.put(KPI, OWN, 2024, T=1.0)
    kolada.put(KPI, OTHER, 2024, T=2.0)
    kolada.page_size = 1
    first = kolada.answer(
        "/v3/data/",
        {"kpi_id": [KPI], "municipality_id": [OWN, OTHER], "year": ["2024"], "page": ["1"], "per_page": ["9"]},
    )
    kolada.next_replies = [first, (503, {}, b"")]
    svar = ask(kolada, years=[2024])
    assert len(svar.sidor) == 2
    assert [one.varde for one in svar.observationer] == ["2.0", "1.0"]


def test_a_refusal_is_not_tried_again(kolada):
    kolada.next_replies = [(403, {}, b"")]
    with pytest.raises(KoladaFel, match=r"^E760 .*HTTP 403"):
        ask(kolada)
    assert len(kolada.asked) == 1


def test_nobody_there_is_told(kolada):
    gone = FakeKolada(adress="http://127.0.0.1:9/v3/")
    with pytest.raises(KoladaFel, match=r"^E760 .*installningar\.yaml"):
        ask(gone)


@pytest.mark.parametrize(
    "body",
    [
        b'{"values": [{"kpi": "N15033", "municipality": "0099", "period": "2024", "values": []}]}',
        b'{"values": [{"kpi": "N15033", "municipality": "0099", "period": 2024, "values": [{"gender": "X", "value": 1}]}]}',
        b'{"values": [{"kpi": "N15033", "municipality": "0099", "period": 2024, "values": [{"gender": "T", "value": "1"}]}]}',
        b'{"values": [{"kpi": "N15033", "municipality": "0099", "period": 2024, "values": [{"gender": "T", "value": NaN}]}]}',
        b'{"values": [{"kpi": "N15033", "municipality": "0099", "period": 2024, "values": [{"gender": "T"}]}]}',
        b'{"values": [7]}',
    ],
    ids=["year as text", "gender", "value as text", "NaN", "no value", "no item"],
)
def test_an_answer_of_an_unknown_shape_is_refused(kolada, body):
    kolada.next_replies = [(200, {}, body)]
    with pytest.raises(KoladaFel, match=r"^E762 "):
        ask(kolada)


def test_an_answer_that_is_no_json_is_refused(kolada):
    kolada.next_replies = [(200, {}, b"<html>")] * 3
    with pytest.raises(KoladaFel, match=r"^E76[02] "):
        ask(kolada)


@pytest.mark.parametrize("names", [("member_id", "member_title"), ("id", "title")])
def test_members_of_a_group_are_read_by_either_of_the_names_that_the_api_gives_them(names):
    member = dict(zip(names, ("0099", "Grannby"), strict=True))
    page = json.dumps({"values": [{"id": "G1", "title": "Liknande", "members": [member]}]}).encode()
    assert answer_of([page]).observationer == (membership("G1", "0099", "Grannby"),)
    nameless = json.dumps({"values": [{"id": "G1", "title": "Liknande", "members": [{"kod": "0099"}]}]}).encode()
    with pytest.raises(KoladaFel, match="E762"):
        answer_of([nameless])
