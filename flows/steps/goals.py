"""The goal thread of a closing: the year's målplan, judged with the figures and what the returns say."""

from __future__ import annotations

from functools import cache

from adapters.contract_files import read_yaml
from adapters.store import Closing
from data_contracts.findings import Finding
from data_contracts.malplan import Malplan
from flows.steps.check import load
from flows.steps.plans import changes_since_budget, plan_findings
from flows.workplace import Workplace
from transforms.conversion import stack
from transforms.figures import FigureIndex
from transforms.goal_assessment import Malstyrning, Rapportlage, assess
from transforms.goal_given import Givet, doubled_assessments, given_of, published
from transforms.goal_linter import Malsprak, lint_plan
from transforms.goal_plan import reworded_goals
from transforms.goal_states import Rapporttyp
from transforms.period import Period
from transforms.typed_rows import Frames


def goals_of(
    workplace: Workplace, closing: Closing, figures: FigureIndex, typ: Rapporttyp = Rapporttyp.MANAD
) -> Malstyrning | None:
    """The goals of the closing's year, or None when the kommun has no målplan for it.

    Månadsrapport and delårsrapport are forecasting reports, the årsredovisning is not; a measurement is awaited when it is published
    after the period's last day.
    """
    period = Period.parse(closing.period)
    plan = workplace.kommun.malplan(period.year)
    if plan is None:
        return None
    givet = published(_given(workplace, closing, plan))
    rapport = Rapportlage(period.year, typ, period.last_day)
    fynd = _findings(workplace, plan, givet)
    changes = changes_since_budget(workplace, plan)
    bilder = assess(plan, figures, givet, rapport, reworded_goals(changes, plan))
    return Malstyrning(plan, bilder, givet, rapport, fynd, changes)


def findings_on_goals(workplace: Workplace, closing: Closing) -> tuple[Finding, ...]:
    """What breaks the tree of the closing's målplan, and goals with more than one fixed assessment."""
    plan = workplace.kommun.malplan(Period.parse(closing.period).year)
    return () if plan is None else _findings(workplace, plan, _given(workplace, closing, plan))


def _given(workplace: Workplace, closing: Closing, plan: Malplan) -> Givet:
    period = Period.parse(closing.period)
    return given_of(frames_of(workplace, closing), plan, workplace.kommun.malbedomningar, period)


def _findings(workplace: Workplace, plan: Malplan, givet: Givet) -> tuple[Finding, ...]:
    return (*plan_findings(workplace, plan.ar), *doubled_assessments(givet, workplace.felkoder["E728"]))


def frames_of(workplace: Workplace, closing: Closing) -> Frames:
    """The sheets of the closing's returns, one frame per table."""
    period = Period.parse(closing.period)
    records = [workplace.store.retur(retur_id) for retur_id in closing.retur_ids]
    own = [load(workplace, record, period) for record in records if record.forvaltning]
    return stack(own, workplace.manadsretur)


def review(workplace: Workplace, plan: Malplan) -> tuple[Finding, ...]:
    """The SMARTA-granskning of a plan: what breaks the tree, then advice on each goal."""
    return (*plan_findings(workplace, plan.ar), *lint_plan(plan, language(), workplace.felkoder))


@cache
def language() -> Malsprak:
    """The words that the granskning looks for."""
    return Malsprak(**{name: tuple(words) for name, words in read_yaml("malsprak.yaml").items()})
