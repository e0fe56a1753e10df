"""Laws that hold for any figures: avvikelse, sums, ids."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from data_contracts.kommun import Finansiering
from tests.figure_examples import figures, small_kommun
from transforms.avvikelse import compute_avvikelser
from transforms.figure_id import FigureKey, parse_figure_id
from transforms.figures import KOMMUNEN, RESULTAT, Figure, FigureIndex, from_frame, to_frame
from transforms.summation import sum_kommun, sum_rows

KRONOR = st.integers(-(10**10), 10**10)
MAYBE = st.one_of(st.none(), KRONOR)


def written(value: int | None) -> str:
    return "?" if value is None else str(value)


@given(KRONOR, KRONOR, st.sampled_from(["drift", "investeringar", "volymer"]))
def test_avvikelse_is_zero_when_equal_and_turns_when_swapped(budget: int, prognos: int, matt: str) -> None:
    def avvikelse(first: int, second: int) -> int | None:
        (figure,) = compute_avvikelser(figures(f"A r budget {first}\nA r prognos {second}", matt=matt))
        return figure.varde

    assert avvikelse(budget, budget) == 0
    assert avvikelse(budget, prognos) == -avvikelse(prognos, budget)


@given(st.lists(st.tuples(MAYBE, MAYBE, MAYBE), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_sums_do_not_depend_on_order_and_both_paths_agree(rows: list[tuple[int | None, ...]], random: object) -> None:
    kommun = small_kommun(*((f"E{n}", Finansiering.SKATT) for n in range(len(rows))))
    lines = [
        f"E{n} {rad} prognos {written(value)}"
        for n, row in enumerate(rows)
        for rad, value in zip(("intakter", "personal", "ovrigt"), row, strict=True)
    ]
    shuffled = list(lines)
    random.shuffle(shuffled)

    def total(text: list[str]) -> int | None:
        index = figures("\n".join(text))
        index = FigureIndex([*index, *sum_rows(index, kommun)])
        figure = FigureIndex(sum_kommun(index, kommun, 2026)).get(KOMMUNEN, "drift", RESULTAT, "prognos")
        return figure.varde

    values = [value for row in rows for value in row]
    expected = None if None in values else sum(values) * 100
    assert total(lines) == total(shuffled) == expected


@given(MAYBE, MAYBE)
def test_a_sum_is_missing_exactly_when_a_part_is(personal: int | None, ovrigt: int | None) -> None:
    kommun = small_kommun(("A", Finansiering.SKATT))
    index = figures(f"A intakter prognos 0\nA personal prognos {written(personal)}\nA ovrigt prognos {written(ovrigt)}")
    costs = FigureIndex(sum_rows(index, kommun)).get("A", "drift", "kostnader", "prognos")
    assert (costs.varde is None) == (personal is None or ovrigt is None)


PART = st.text(min_size=1, max_size=20).filter(lambda text: text == text.encode("utf-8", "ignore").decode())


@given(PART, PART, PART, st.one_of(st.none(), st.integers(1900, 2999)))
def test_figure_id_reads_back_to_its_key(enhet: str, matt: str, rad: str, year: int | None) -> None:
    key = FigureKey("2026-04", enhet, matt, rad, "prognos", year)
    assert parse_figure_id(str(key)) == key


@given(PART, PART)
def test_different_rows_never_share_an_id(first: str, second: str) -> None:
    ids = {str(FigureKey("2026-04", "A", "drift", rad, "prognos")) for rad in (first, second)}
    assert len(ids) == len({first, second})


@given(MAYBE, st.one_of(st.none(), st.integers(2000, 2100)))
def test_figures_survive_their_frame(value: int | None, year: int | None) -> None:
    figure = Figure(
        "2026-04", "A", "drift", "r", "prognos", "Namn", value, "inlamnad", vardear=year, indata=((1, "x"), (-1, "y"))
    )
    assert from_frame(to_frame([figure])) == (figure,)
