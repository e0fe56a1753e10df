"""Målplaner as they were decided: each version kept once, held against the file that is there now, and compared with the budget's."""

from __future__ import annotations

import datetime as dt
import json

from adapters.store import PlanRecord
from data_contracts.findings import Finding, Severity
from data_contracts.malplan import Malplan
from flows.workplace import Workplace
from transforms.goal_plan import Planandring, plan_changes, plan_lock
from transforms.goal_tree import tree_findings


class Malplansfel(RuntimeError):
    """E730, E731: the year's målplan is not what was decided, so the period is not closed. The message is Swedish, a line per finding."""


def keep_plans(workplace: Workplace, ar: int, now: dt.datetime) -> None:
    """Keep the decided versions of the year's plan that are not kept already.

    Raises:
        Malplansfel: something of the plan stops the closing. Nothing is kept then.
    """
    stopping = [finding for finding in plan_findings(workplace, ar) if finding.severity is Severity.STOPPAR]
    if stopping:
        raise Malplansfel("\n".join(str(finding) for finding in stopping))
    kept = {record.version for record in workplace.store.plans(workplace.kommun.kod, ar)}
    for plan in decided(workplace, ar):
        if plan.version not in kept:
            content = json.dumps(
                plan.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False, sort_keys=True
            )
            record = PlanRecord(ar, plan.version, plan.las, workplace.objects.put(content.encode()), now)
            workplace.store.save_plan(kommun=workplace.kommun.kod, plan=record)


def decided(workplace: Workplace, ar: int) -> tuple[Malplan, ...]:
    """The decided versions that lie in malplan/, the oldest first."""
    plan = workplace.kommun.malplan(ar)
    earlier = [part for part in workplace.kommun.tidigare_malplaner if part.ar == ar]
    now = [plan] if plan is not None and plan.beslut is not None else []
    return tuple(sorted([*earlier, *now], key=lambda part: part.version))


def plan_findings(workplace: Workplace, ar: int) -> tuple[Finding, ...]:
    """What breaks the tree of the year's plan, and versions that are not what was decided and kept (E730, E731)."""
    plan = workplace.kommun.malplan(ar)
    if plan is None:
        return ()
    kept = {record.version: record.las for record in workplace.store.plans(workplace.kommun.kod, ar)}
    found = list(tree_findings(plan, workplace.felkoder))
    for part in decided(workplace, ar):
        if kept.get(part.version, part.las) != part.las:
            found.append(workplace.felkoder["E731"].finding(file=_file(part, plan), ar=ar, version=part.version))
        if part is not plan and part.las != plan_lock(part):
            lock = plan_lock(part)
            found.append(workplace.felkoder["E730"].finding(file=_file(part, plan), las=lock, version=part.version))
    return tuple(found)


def _file(part: Malplan, plan: Malplan) -> str:
    return f"malplan/{part.ar}.yaml" if part is plan else f"malplan/{part.ar}-v{part.version}.yaml"


def changes_since_budget(workplace: Workplace, plan: Malplan) -> tuple[Planandring, ...]:
    """What differs in the plan from the first version that was kept: the one that the budget was decided with."""
    kept = workplace.store.plans(workplace.kommun.kod, plan.ar)
    if not kept or plan.beslut is None:
        return ()
    first = Malplan.model_validate_json(workplace.objects.get(kept[0].sha256))
    return plan_changes(first, plan)


def plan_key(workplace: Workplace, ar: int) -> tuple[str, ...]:
    """What a closing stands on of earlier versions: those kept, and those that will be kept when it is made."""
    kept = {record.version: record.las for record in workplace.store.plans(workplace.kommun.kod, ar)}
    versions = {part.version: part.las for part in decided(workplace, ar)} | kept
    return tuple(f"målplan {version} {las}" for version, las in sorted(versions.items()))
