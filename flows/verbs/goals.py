"""``rodatraden mal``: the goal thread of a closed period: the whole tree, or the thread of one part of it, both ways."""

from __future__ import annotations

import argparse

from flows.steps.goals import goals_of
from flows.terminal import ExitCode, say, say_wrapped
from flows.verbs import UserError, closing_of, home_of, period_of
from flows.workplace import open_workplace
from transforms.figure_id import parse_figure_id
from transforms.figures import FigureIndex, from_frame
from transforms.goal_assessment import Malstyrning, counts
from transforms.goal_states import Rapporttyp
from transforms.goal_thread import names, tree_lines, upward
from transforms.goal_wording import decision_text, state_words
from transforms.period import Period


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print the tree with states, or one thread of it, up and down."""
    period = period_of(arguments)
    with open_workplace(home_of(arguments)) as workplace:
        closing = closing_of(workplace, period)
        figures = FigureIndex(from_frame(workplace.store.load_figures(closing.id)))
        goals = goals_of(workplace, closing, figures, Rapporttyp(arguments.rapport))
        if goals is None:
            raise UserError(without_plan(period.year))
    if arguments.kod is None:
        _say_tree(goals, period)
    else:
        _say_thread(goals, _code_of(arguments.kod))
    for finding in goals.fynd:
        say_wrapped(str(finding))
    return ExitCode.DONE


def without_plan(year: int) -> str:
    """What to say when there is none."""
    return f"Kommunen har ingen målplan för {year}. Skriv den i malplan/{year}.yaml bredvid kommun.yaml."


def _code_of(text: str) -> str:
    """The code of a part of the plan, also out of the id of a figure."""
    return parse_figure_id(text).rad if "/" in text else text


def _say_tree(goals: Malstyrning, period: Period) -> None:
    plan = goals.plan
    say(f"{plan.namn} ({decision_text(plan)}), {period.text}")
    for line in tree_lines(plan, goals.bilder, goals.rapport.typ):
        say_wrapped(line)
    levels = [mal.kod for mal in plan.mal if mal.over is not None]
    states = counts(goals.bilder, levels)
    shown = [
        f"{antal} {state_words(lage, goals.rapport.typ, plan.lagesord)}" for lage, antal in states.items() if antal
    ]
    say(f"Av {len(levels)} mål: {', '.join(shown)}.")


def _say_thread(goals: Malstyrning, kod: str) -> None:
    plan = goals.plan
    way = upward(plan, kod)
    if not way:
        known = ", ".join(sorted(names(plan)))
        raise UserError(f"Målplanen har ingen del med koden {kod}. Koderna är {known}.")
    of = names(plan)
    say_wrapped("Uppåt: " + " → ".join(f"{of[part]} [{part}]" for part in way))
    goal = next((part for part in way if part in goals.bilder), None)
    if goal is None:
        say(f"{of[kod]} når inget mål.")
        return
    for line in tree_lines(plan, goals.bilder, goals.rapport.typ, frozenset({goal})):
        say_wrapped(line)
