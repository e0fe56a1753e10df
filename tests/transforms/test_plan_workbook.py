"""The målplan as rows and back: the same plan, and every fault at its cell."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from adapters.contract_files import load_contract, load_felkoder
from data_contracts.malplan import Malplan
from tests.contracts.retur_example import Book, provby
from tests.kommuner.printed import load_kommun
from transforms.conversion import convert
from transforms.plan_workbook import COVER, orphans, plan_fields, plan_rows, read_plan

CONTRACT = load_contract("malplan")


def book_of(plan: Malplan) -> Book:
    """The workbook of a plan, as the reader would hand it over."""
    book = Book(CONTRACT)
    for table, rows in plan_rows(plan, CONTRACT).items():
        for number, row in enumerate(rows):
            book.set(table, f"fri{number}", **{name: value for name, value in row.items() if value is not None})
    return book


def frames_of(book: Book):
    return convert(book.raw("p"), CONTRACT, load_felkoder(), unit="kr").frames


def read(book: Book, plan: Malplan):
    fields = plan_fields(CONTRACT, provby(), plan.ar, plan)
    cover = {field.name: (field.value or "", ("Start", f"C{number}")) for number, field in enumerate(fields, start=8)}
    return read_plan(frames_of(book), cover, CONTRACT)


words = st.text("abcåäö §%–=+'1", min_size=1, max_size=12).map(str.strip).filter(bool)
numbers = st.builds(lambda n, places: Decimal(n).scaleb(-places), st.integers(-99_999, 99_999), st.integers(0, 3))
maybe = st.none() | words
targets = st.one_of(
    numbers.map(lambda value: ("hogre", {"varde": value})),
    numbers.map(lambda value: ("lagre", {"varde": value})),
    st.tuples(numbers, numbers).map(lambda pair: ("intervall", {"fran": min(pair), "till": max(pair)})),
    st.just(("ja_nej", None)),
)


@st.composite
def plans(draw):
    goals = [{"kod": "v", "namn": draw(words), "niva": "vision", "agare": draw(words)}]
    for number in range(draw(st.integers(1, 3))):
        over = draw(st.sampled_from([None, "v"]))
        goals.append({
            "kod": f"m{number}", "namn": draw(words), "niva": draw(st.sampled_from(["fullmaktigemal", "bolagsmal"])), "over": over,
            "agare": draw(words), "vikt": draw(st.integers(1, 100)), "forutsattningar": draw(st.lists(words, max_size=2)),
            "bidrar": draw(st.lists(st.sampled_from(["X", "Y"]), max_size=2)), "tackning": draw(st.sampled_from([None, "hel"])),
        })  # fmt: skip
    measures = []
    for number in range(draw(st.integers(0, 3))):
        riktning, target = draw(targets)
        measures.append({
            "kod": f"i{number}", "namn": draw(words), "mal": "v", "enhet": "X", "typ": "resultat", "riktning": riktning,
            "matt_enhet": draw(words), "definition": draw(words), "strikt": draw(st.booleans()), "decimaler": draw(st.integers(0, 4)),
            "malvarden": {} if target is None else dict.fromkeys(draw(st.lists(st.integers(2020, 2030), max_size=2)), target),
            "publiceras": draw(st.none() | st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1))),
            "historik": [{"ar": 2021, "varde": draw(numbers), "kvinnor": draw(st.none() | numbers)}],
        })  # fmt: skip
    rules = [{
        "kod": "r", "namn": draw(words), "strategi": draw(st.sampled_from(["alla", "andel", "manuell"])), "referens": draw(words),
        "andel_delvis_bp": draw(st.integers(1, 5000)),
    }]  # fmt: skip
    deliveries = [{"kod": f"l{n}", "namn": draw(words)} for n in range(draw(st.integers(0, 2)))]
    return Malplan.model_validate({
        "schema_version": 1, "ar": 2026, "namn": draw(words), "mal": goals, "indikatorer": measures, "regler": rules,
        "regel_per_niva": {"vision": "r"}, "max_mal": draw(st.integers(1, 500)), "lagesord": {"dom": {"uppfylld": draw(words)}},
        "beslut": draw(st.none() | st.just({"organ": "KF", "datum": dt.date(2025, 11, 24), "paragraf": "§ 1"})),
        "aktiviteter": [{"kod": "a", "namn": draw(words), "enhet": "X", "ansvarig": "chef", "leder_till": "e", "leveranser": deliveries}],
        "effekter": [{"kod": "e", "namn": draw(words), "slag": "tidig", "leder_till": "v"}],
    })  # fmt: skip


@settings(max_examples=40)
@given(plans())
def test_a_plan_read_back_from_its_rows_is_the_same_plan(plan):
    assert Malplan.model_validate(read(book_of(plan), plan).data) == plan


def test_the_example_plan_goes_both_ways():
    plan = load_kommun("lingonby").malplan(2026)
    assert Malplan.model_validate(read(book_of(plan), plan).data) == plan


def test_the_cover_holds_all_that_the_plan_says_of_itself():
    plan = load_kommun("lingonby").malplan(2026)
    known = {field.name: field.value for field in plan_fields(CONTRACT, provby(), 2026, plan)}
    assert set(COVER) <= set(known)
    assert (known["beslut_paragraf"], known["version"], known["las"]) == ("§ 113", "2", plan.las)
    assert plan_fields(CONTRACT, provby(), 2026, None)[-1].value is None


@pytest.mark.parametrize(
    ("table", "row", "change", "sheet", "column", "said"),
    [
        ("mal", 4, {"over": "borta"}, "Mål", "over", "som inte finns"),
        ("mal", 1, {"over": "kf_larande"}, "Mål", "over", "E720"),
        ("indikatorer", 0, {"mal": "borta"}, "Indikatorer", "mal", "som inte finns"),
        ("indikatorer", 3, {"gul_varde": 120}, "Indikatorer", "gul_varde", "under 100"),
        ("malvarden", 5, {"varde": -1}, "Målvärden", "varde", "utanför det som definitionen tillåter"),
        ("effekter", 0, {"indikator": "borta"}, "Effekter", "indikator", "finns inte"),
        ("leveranser", 1, {"kod": "team_pa_plats"}, "Leveranser", "kod", "finns redan"),
    ],
)
def test_a_fault_is_told_at_its_cell(table, row, change, sheet, column, said):
    plan = load_kommun("lingonby").malplan(2026)
    book = book_of(plan)
    book.set(table, f"fri{row}", **change)
    found = read(book, plan)
    with pytest.raises(ValidationError) as refused:
        Malplan.model_validate(found.data)
    causes = [detail for detail in refused.value.errors() if "error" in detail.get("ctx", {})]
    told = {found.place((*detail["loc"], *loc)): text for detail in causes for loc, text in detail["ctx"]["error"].fel}
    place = (sheet, book.place(table, f"fri{row}", column))
    assert said in told[place]


def test_rows_of_what_is_not_there_are_told_of():
    plan = load_kommun("lingonby").malplan(2026)
    book = book_of(plan).set("malvarden", "fri0", indikator="borta").set("leveranser", "fri0", aktivitet="ingen")
    assert [(kod, sheet) for kod, (sheet, _) in orphans(frames_of(book))] == [
        ("borta", "Målvärden"),
        ("ingen", "Leveranser"),
    ]
    assert list(orphans(frames_of(book_of(plan)))) == []
