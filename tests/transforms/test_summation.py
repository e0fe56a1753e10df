"""Sums: rows, groups and the kommun; a missing part makes the sum missing, and those that reported stand under their own label."""

from __future__ import annotations

from dataclasses import replace

from data_contracts.kommun import Finansiering, Kommun
from tests.figure_examples import figures, small_kommun
from transforms.figures import AVGIFT, KOMMUNEN, RESULTAT, RESULTAT_INRAPPORTERADE, SKATT, Figure, FigureIndex
from transforms.summation import sum_kommun, sum_rows


def kommun() -> Kommun:
    return small_kommun(("A", Finansiering.SKATT), ("B", Finansiering.SKATT), ("V", Finansiering.AVGIFT))


def entered(prognos_b: str = "-40") -> FigureIndex:
    return figures(
        f"""
        A intakter prognos 100
        A personal prognos -60
        A ovrigt prognos -30
        B intakter prognos 50
        B personal prognos {prognos_b}
        B ovrigt prognos -5
        V intakter prognos 20
        V personal prognos -20
        V ovrigt prognos 0
        A intakter budget 90
        A personal budget -60
        A ovrigt budget -30
        B intakter budget 50
        B personal budget -45
        B ovrigt budget -5
        V intakter budget 20
        V personal budget -20
        V ovrigt budget 0
        """
    )


def summed(index: FigureIndex) -> FigureIndex:
    rows = FigureIndex([*index, *sum_rows(index, kommun())])
    return FigureIndex([*rows, *sum_kommun(rows, kommun(), 2026)])


def kronor(figure: Figure | None) -> int | None:
    assert figure is not None
    return None if figure.varde is None else figure.varde // 100


def test_rows_when_all_parts_known_then_exact_sums() -> None:
    index = summed(entered())
    assert kronor(index.get("A", "drift", "kostnader", "prognos")) == -90
    assert kronor(index.get("A", "drift", "resultat", "prognos")) == 10


def test_rows_when_a_part_is_missing_then_sum_is_missing_not_less() -> None:
    index = summed(entered("?"))
    assert kronor(index.get("B", "drift", "kostnader", "prognos")) is None
    assert kronor(index.get("B", "drift", "resultat", "prognos")) is None


def test_own_rows_are_added_to_their_group() -> None:
    own = replace(next(iter(entered())), rad="konsult", namn="Konsulter", varde=-700, grupp="kostnader")
    index = summed(FigureIndex([*entered(), own]))
    total = index.get("A", "drift", "kostnader", "prognos")
    assert kronor(total) == -97
    assert (1, own.figure_id) in total.indata


def test_kommun_when_all_reported_then_groups_and_total() -> None:
    index = summed(entered())
    assert [kronor(index.get(grupp, "drift", RESULTAT, "prognos")) for grupp in (SKATT, AVGIFT, KOMMUNEN)] == [
        15,
        0,
        15,
    ]


def test_kommun_when_one_is_missing_then_total_missing_and_partial_over_the_same_enheter() -> None:
    index = summed(entered("?"))
    assert kronor(index.get(KOMMUNEN, "drift", RESULTAT, "prognos")) is None
    partial = {serie: index.get(KOMMUNEN, "drift", RESULTAT_INRAPPORTERADE, serie) for serie in ("prognos", "budget")}
    assert {serie: kronor(figure) for serie, figure in partial.items()} == {"prognos": 10, "budget": 0}
    assert [figure_id.split("/")[1] for _, figure_id in partial["budget"].indata] == ["A", "V"]


def test_every_sum_equals_its_inputs() -> None:
    index = summed(entered())
    sums = [figure for figure in index if figure.formel.startswith("summan")]
    assert len(sums) > 20
    for figure in sums:
        parts = [index.by_id(figure_id) for _, figure_id in figure.indata]
        if figure.varde is not None:
            assert figure.varde == sum(part.varde for part in parts)


def test_a_sum_of_nothing_is_missing_not_zero() -> None:
    index = figures(
        "\n".join(
            f"{e} {r} {s} ?" for e in "ABV" for r in ("intakter", "personal", "ovrigt") for s in ("budget", "prognos")
        )
    )
    partial = summed(index).get(KOMMUNEN, "drift", RESULTAT_INRAPPORTERADE, "prognos")
    assert partial is not None
    assert (partial.varde, partial.indata) == (None, ())
