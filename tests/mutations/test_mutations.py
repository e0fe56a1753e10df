"""Mutated returns: what contradicts itself is refused with its code, and of the rest every figure is stored as its cell has it."""

from collections import Counter

import pytest

from tests.mutations.generator import MUTATORS, Kind, generate
from tests.mutations.judging import judge

QUICK = 150
SLOW_SECONDS = 10


@pytest.fixture(scope="module")
def outcomes():
    """A quick share; ``python -m benchmarks.reading --mutationer 2000`` runs all."""
    return judge(list(generate(QUICK)))


def test_every_mutation_ends_as_its_redundancy_says(outcomes):
    assert [(outcome.mutation.name, outcome.fault) for outcome in outcomes if outcome.fault] == []


def test_no_mutation_hangs(outcomes):
    assert max(outcome.seconds for outcome in outcomes) < SLOW_SECONDS


def test_the_share_holds_every_mutator_and_every_kind_of_outcome(outcomes):
    kinds = Counter(outcome.mutation.kind for outcome in outcomes)
    assert {outcome.mutation.name.rpartition("-")[0] for outcome in outcomes} == set(MUTATORS)
    assert kinds[Kind.REFUSED] > QUICK / 3
    assert kinds[Kind.STORED] > QUICK / 5
    assert len({code for outcome in outcomes for code in outcome.stopped_by}) > 20


def test_a_stored_mutation_differs_from_the_valid_return_in_bytes_and_holds_all_its_figures(outcomes):
    stored = [outcome for outcome in outcomes if outcome.mutation.kind is Kind.STORED]
    assert all(len(outcome.mutation.figures) > 20 for outcome in stored)
    assert len({outcome.mutation.content for outcome in outcomes}) == QUICK


def test_the_seed_gives_the_same_mutations():
    assert list(generate(40)) == list(generate(40))
    assert [m.content for m in generate(40, seed=1)] != [m.content for m in generate(40)]
