"""SMARTA-granskning: what a goal's wording lacks, and what its indikatorer give instead.

The first wordings are kinds that domain rule 5 names (Haparanda: "upprättas", "utveckla", frisknärvaro 96 %); the others are made up.
"""

import pytest

from adapters.contract_files import load_felkoder
from flows.steps.goals import language
from tests.goal_examples import plan
from tests.kommuner.printed import load_kommun
from transforms.goal_linter import lint_plan, lint_text


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("En handlingsplan upprättas", {"E740", "E741", "E742", "E743"}),
        ("Utveckla arbetet med ungas delaktighet", {"E740", "E741", "E742", "E743"}),
        ("Frisknärvaron ska vara minst 96 procent 2026", set()),
        ("Frisknärvaron ska vara 96 procent", {"E742", "E743"}),
        ("En god och trygg omsorg", {"E741", "E742", "E743", "E744"}),
        ("Andelen nöjda brukare ökar", {"E741", "E743"}),
        ("Beslut om bygglov tar högst 5 veckor 2026", set()),
    ],
)
def test_the_wording_alone(text, codes):
    assert set(lint_text(text, language())) == codes


def codes_of(made):
    return {finding.code for finding in lint_plan(made, language(), load_felkoder())}


def with_goal(**goal):
    made = plan(("v", "vision", None), ("g", "fullmaktigemal", "v"))
    return made.model_copy(update={"mal": (made.mal[0], made.mal[1].model_copy(update=goal))})


@pytest.mark.parametrize(
    ("goal", "code"),
    [
        ({"agare": "Anna Andersson"}, "E745"),
        ({"motstrider": ("v",)}, "E747"),
    ],
)
def test_the_shape_of_a_goal(goal, code):
    assert code in codes_of(with_goal(**goal))
    assert code not in codes_of(with_goal())


def measured(count, **more):
    base = {
        "namn": "i", "mal": "g", "enhet": "X", "typ": "resultat", "riktning": "hogre", "matt_enhet": "procent", "definition": "d",
        "malvarden": {2026: {"varde": 1}}, **more,
    }  # fmt: skip
    return plan(
        ("v", "vision", None),
        ("g", "fullmaktigemal", "v"),
        indikatorer=[{**base, "kod": f"i{place}"} for place in range(count)],
    )


def test_indikatorer_give_number_direction_and_date_and_have_limits_of_their_own():
    assert codes_of(measured(1)) == {"E746"}
    assert codes_of(measured(1, standardniva=True)) == set()
    assert codes_of(measured(8)) == {"E746", "E748"}
    assert codes_of(measured(1, radighet="extern")) == {"E746", "E749"}


def test_the_example_kommun_takes_its_own_advice():
    assert codes_of(load_kommun("lingonby").malplan(2026)) == set()


def test_advice_names_the_goal_and_says_what_to_do():
    finding = next(iter(lint_plan(with_goal(), language(), load_felkoder())))
    assert "målet g" in finding.message.lower()
    assert finding.advice
