"""Laws of small groups: nothing held back follows from what is published, whatever the tables and the sizes."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.small_groups import Cell, NotProtectable, Relation, derivable, suppress

SEXES, AGES, ALLA = ("kvinnor", "man"), ("-29", "30-49", "50-"), "alla"
SIZES = st.one_of(st.integers(0, 25), st.none())


PRIME = 2**61 - 1


def rank(matrix: list[list[int]]) -> int:
    """The rank of a matrix of small whole numbers, by plain elimination modulo a large prime; not the engine's own way."""
    rows, found = [[value % PRIME for value in row] for row in matrix], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((r for r in range(found, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        inverse = pow(rows[found][column], -1, PRIME)
        for r in range(found + 1, len(rows)):
            if rows[r][column]:
                factor = rows[r][column] * inverse
                rows[r] = [(a - factor * b) % PRIME for a, b in zip(rows[r], rows[found], strict=True)]
        found += 1
    return found


def follows(key: str, hidden: list[str], relations: list[Relation]) -> bool:
    """True when the key is fixed once all but the hidden cells are known: its unit vector adds nothing to the rank."""
    matrix = [[sum(c for c, name in relation.terms if name == cell) for cell in hidden] for relation in relations]
    unit = [int(cell == key) for cell in hidden]
    return bool(matrix) and rank([*matrix, unit]) == rank(matrix)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Cell], list[Relation]]:
    """Nämnder that sum to a kommun, each with kvinnor and män and three ages that sum to all; some values missing."""
    places = ["KOMMUN", *(f"N{n}" for n in range(draw(st.integers(1, 3))))]
    groups = (ALLA, *SEXES, *AGES)
    cells = [
        Cell(
            f"{place}/{group}",
            personlig=True,
            personer=draw(SIZES),
            saknas=draw(st.integers(0, 9)) == 0,
            kostnad=(place == "KOMMUN") * 2 + (group == ALLA),
        )
        for place, group in product(places, groups)
    ]
    relations = [
        Relation.total(f"{place}/{ALLA}", [f"{place}/{group}" for group in parts])
        for place in places
        for parts in (SEXES, AGES)
    ]
    relations += [Relation.total(f"KOMMUN/{group}", [f"{place}/{group}" for place in places[1:]]) for group in groups]
    return cells, relations


@settings(max_examples=30)
@given(tables())
def test_no_cell_held_back_follows_from_the_published_ones(table: tuple[list[Cell], list[Relation]]) -> None:
    cells, relations = table
    result = suppress(cells, relations, hogst=10)
    unknown = sorted(result.hidden | {cell.key for cell in cells if cell.saknas})
    assert not [key for key in result.hidden if follows(key, unknown, relations)]
    assert derivable(result.hidden, relations, unknown) == frozenset()


@settings(max_examples=30)
@given(tables())
def test_every_small_group_is_held_back_and_no_missing_cell(table: tuple[list[Cell], list[Relation]]) -> None:
    cells, relations = table
    result = suppress(cells, relations, hogst=10)
    small = {cell.key for cell in cells if not cell.saknas and (cell.personer is None or cell.personer <= 10)}
    assert result.primary == small
    assert not result.hidden & {cell.key for cell in cells if cell.saknas}
    if not small:
        assert not result.complementary


@settings(max_examples=30)
@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_cells_and_relations_does_not_matter(
    table: tuple[list[Cell], list[Relation]], random: object
) -> None:
    cells, relations = table
    shuffled, turned = list(cells), list(relations)
    random.shuffle(shuffled)
    random.shuffle(turned)
    assert suppress(shuffled, turned, hogst=10).hidden == suppress(cells, relations, hogst=10).hidden


@settings(max_examples=30)
@given(tables())
def test_the_engine_tells_what_plain_ranks_tell(table: tuple[list[Cell], list[Relation]]) -> None:
    """Primary suppression alone leaves cells that can be computed; both ways find the same ones."""
    cells, relations = table
    hidden = {cell.key for cell in cells if cell.personer is None or cell.personer <= 10}
    assert derivable(hidden, relations) == {key for key in hidden if follows(key, sorted(hidden), relations)}


def test_the_second_smallest_goes_with_a_lone_small_group() -> None:
    cells = [
        Cell("a", True, 8),
        Cell("b", True, 30, kostnad=30),
        Cell("c", True, 20, kostnad=20),
        Cell("alla", True, 58, kostnad=99),
    ]
    result = suppress(cells, [Relation.total("alla", ["a", "b", "c"])], hogst=10)
    assert (result.primary, result.complementary) == ({"a"}, {"c"})


def test_cells_of_a_bundle_are_held_back_together() -> None:
    cells = [Cell("timmar", True, 8, knippe="man"), Cell("andel", True, 50, knippe="man"), Cell("annat", True, 50)]
    assert suppress(cells, [], hogst=10).hidden == {"timmar", "andel"}


def test_a_difference_of_two_values_tells_the_third() -> None:
    cells = [Cell("utfall", True, 3), Cell("budget", kostnad=5), Cell("avvikelse", kostnad=1)]
    relation = Relation(((1, "utfall"), (-1, "budget"), (-1, "avvikelse")))
    assert suppress(cells, [relation], hogst=10).hidden == {"utfall", "avvikelse"}


def test_the_limit_is_inclusive() -> None:
    assert suppress([Cell("tio", True, 10), Cell("elva", True, 11)], [], hogst=10).hidden == {"tio"}


def test_a_relation_of_one_cell_alone_cannot_be_protected() -> None:
    with pytest.raises(NotProtectable, match="E180 a "):
        suppress([Cell("a", True, 3)], [Relation(((1, "a"),))], hogst=10)
