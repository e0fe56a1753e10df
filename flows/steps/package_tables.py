"""The tables of a package: reports, findings, register, acceptances, goals and what has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from adapters.store import Closing, ReportRecord
from flows.steps.approve import UNTOLD, VyFel
from flows.steps.compare import Led, compare_editions
from flows.steps.deviations import cases_of
from flows.steps.goals import goals_of
from flows.steps.ledger import avstamningar
from flows.steps.package_basis import PackageBasis
from transforms.audit_chain import plain
from transforms.figures import FigureIndex
from transforms.goal_thread import tree_lines
from transforms.view_types import Rapport

_PARTS = ("pdf", "html", "spar", "xlsx")
"""What ``verify.py`` calls the files of a report, in the order of ``ReportRecord.filer``."""


def tables_of(basis: PackageBasis, sources: Mapping[str, Any]) -> dict[str, Any]:
    """The tables of the package, each by its name."""
    seen = {
        str(one.id): [plain(each) for each in basis.store.observations(one.id)]
        for one in basis.store.observed_closings(basis.workplace.kommun.kod, basis.period.year)
        if one.period < basis.closing.period or (basis.month is not None and one.id == basis.month.id)
    }
    return {
        "stangning": {
            "stangning": basis.closing.id,
            "kommun": basis.workplace.kommun.kod,
            "period": basis.closing.period,
            "perioder": {period: [closing.id for closing in listed] for period, listed in basis.periods.items()},
        },
        "underlag": sources,
        "rapporter": [_report_row(basis, one) for one in basis.reports],
        "avvikelser": {
            "sedda": seen,
            "beslut": [plain({**asdict(one), "kommun": basis.workplace.kommun.kod}) for one in basis.decisions],
            "arenden": [] if basis.month is None else _cases(basis, basis.month),
        },
        "fynd": _findings(basis),
        "avstamning": [] if basis.month is None else [plain(row) for row in avstamningar(basis.workplace, basis.month)],
        "godtaganden": _accepted(basis),
        "mal": _goals(basis),
        "andringar": _changes(basis),
    }


def _cases(basis: PackageBasis, month: Closing) -> list[Any]:
    return [plain(case) for case in cases_of(basis.workplace, basis.period, month)]


def _report_row(basis: PackageBasis, one: ReportRecord) -> dict[str, Any]:
    kept = basis.environment(one.closing_id)
    return {
        "report_id": one.id,
        "rapport_id": one.rapport_id,
        "kod": one.kod,
        "version": one.version,
        "tillstand": one.tillstand,
        "innehallshash": one.innehallshash,
        "filhash": one.filhash,
        "stil": "" if kept is None else kept.stil,
        "filer": {part: f"rapporter/{name}" for part, name in zip(_PARTS, one.filer, strict=True)},
        "vy": f"vyer/{one.rapport_id}.json",
    }


def _findings(basis: PackageBasis) -> list[dict[str, Any]]:
    """Every finding of every version of the period's returns, and of the register."""
    records = (*basis.store.register_chain(basis.workplace.kommun.kod, basis.period.year), *basis.records)
    return [
        {
            "retur": one.sha256,
            "retur_id": one.id,
            "version": one.version,
            "status": one.status.value,
            **plain(found),
        }
        for one in records
        for found in basis.store.findings_for(one.id)
    ]


def _accepted(basis: PackageBasis) -> dict[str, Any]:
    """What people have let stand: differences of the avstämning, gaps of the books, and other versions than the newest."""
    kommun, period = basis.workplace.kommun.kod, basis.closing.period
    choices = [basis.store.choice_of(retur_id) for retur_id in basis.closing.retur_ids]
    return {
        "avstamning": [plain(one) for one in basis.store.acceptances(kommun, period)],
        "rakenskaper": [plain(one) for one in basis.store.accepted(kommun, period)],
        "versionsval": [plain(one) for one in choices if one is not None],
    }


def _goals(basis: PackageBasis) -> list[str]:
    if basis.month is None:
        return []
    goals = goals_of(basis.workplace, basis.month, FigureIndex(basis.figures(basis.month)))
    return [] if goals is None else list(tree_lines(goals.plan, goals.bilder, goals.rapport.typ))


def _changes(basis: PackageBasis) -> list[dict[str, Any]]:
    """What differs from the version before, report by report; nothing for a first version."""
    changed: list[dict[str, Any]] = []
    for one, view in basis.views:
        if one.version > 1:
            changed.extend(_changed(basis, one, view))
    return changed


def _changed(basis: PackageBasis, one: ReportRecord, view: Rapport) -> list[dict[str, Any]]:
    before, after = (Led(basis.period, version, basis.closing.slag) for version in (one.version - 1, one.version))
    try:
        compared = compare_editions(basis.workplace, before, after, one.kod)
    except VyFel:
        return [{"titel": view.namn, "siffror": [], "texter_borta": [], "texter_nya": [UNTOLD]}]
    return [plain(asdict(each)) for each in compared.rapporter]
