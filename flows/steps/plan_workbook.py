"""The målplan's workbook: written from the plan, read back against its contract, and laid in ``malplan/`` as YAML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from adapters.contract_engine import check
from adapters.contract_files import load_contract
from adapters.kommun_config import errors_in_swedish, load_model
from adapters.plan_text import plan_text
from adapters.workbook_reader.child import read_workbook_safely
from adapters.workbook_template import write_plan
from data_contracts.findings import Finding, stops
from data_contracts.frames import frame_columns
from data_contracts.malkallor import source_faults, unknown_enheter
from data_contracts.malplan import Malplan
from flows.workplace import Workplace
from transforms.conversion import Converted, check_plan_start, convert, read_start
from transforms.goal_plan import plan_lock
from transforms.goal_tree import tree_findings
from transforms.plan_workbook import Laestplan, Place, orphans, plan_fields, plan_rows, read_plan
from transforms.raw_retur import RawRetur
from transforms.typed_rows import Frames

_CODED = 4
"""Letters of a code; a text of the model may begin with one."""


@dataclass(frozen=True, slots=True)
class Inlast:
    """A workbook as read: the plan when nothing stops it, and everything found."""

    plan: Malplan | None
    fynd: tuple[Finding, ...]


def plan_workbook(workplace: Workplace, ar: int) -> bytes:
    """The year's målplan as a workbook; without rows where the kommun has no plan for the year."""
    contract, plan = load_contract("malplan"), workplace.kommun.malplan(ar)
    rows = {} if plan is None else plan_rows(plan, contract)
    return write_plan(contract, workplace.kommun, ar, plan_fields(contract, workplace.kommun, ar, plan), rows)


def read_plan_workbook(workplace: Workplace, content: bytes, name: str) -> Inlast:
    """A filled in workbook, judged by the contract, the model, the kommun's configuration and the tree: all findings at once."""
    contract = load_contract("malplan")
    raw = read_workbook_safely(content, name, contract, workplace.felkoder)
    converted = convert(raw, contract, workplace.felkoder, unit="kr")
    found = (*raw.findings, *converted.findings, *check_plan_start(raw, contract, workplace.kommun, workplace.felkoder))
    if not converted.frames.total:
        return Inlast(None, found)
    found += _by_rules(converted, raw) + tuple(_orphans(workplace, converted, raw.file))
    cover = {key: (cell.text.strip(), ("Start", cell.coordinate)) for key, cell in read_start(raw).items()}
    read = read_plan(converted.frames, cover, contract)
    try:
        plan = Malplan.model_validate(read.data)
    except ValidationError as error:
        told = {(finding.sheet, finding.cell) for finding in found}
        faults = [
            fault for fault in _by_model(workplace, read, error, raw.file) if (fault.sheet, fault.cell) not in told
        ]
        return Inlast(None, (*found, *faults))
    found += tuple(_by_kommun(workplace, read, plan, raw.file))
    locked = plan.model_copy(update={"las": plan.las or plan_lock(plan)}) if plan.beslut is not None else plan
    found += tuple(tree_findings(locked, workplace.felkoder))
    return Inlast(None if stops(found) else locked, found)


def _by_rules(converted: Converted, raw: RawRetur) -> tuple[Finding, ...]:
    """The contract's rules, by the same engine as every other workbook's."""
    contract = load_contract("malplan")
    rows = {table.name: converted.frames.rows(table.name) for table in contract.tables}
    frames = Frames({table.name: frame_columns(table) for table in contract.tables}, rows)
    return check(contract, frames).findings_by_retur.get(raw.sha256, ())


def _orphans(workplace: Workplace, converted: Converted, file: str) -> Iterator[Finding]:
    for kod, place in orphans(converted.frames):
        yield _finding(workplace, f"koden {kod} finns inte i arbetsboken", place, file)


def _by_model(workplace: Workplace, read: Laestplan, error: ValidationError, file: str) -> Iterator[Finding]:
    """What the plan's own form refuses, each at its cell."""
    return (_finding(workplace, text, read.place(loc), file) for loc, text in errors_in_swedish(error, read.data))


def _by_kommun(workplace: Workplace, read: Laestplan, plan: Malplan, file: str) -> Iterator[Finding]:
    """Enheter and sources that kommun.yaml does not have."""
    faults = (*unknown_enheter(plan, workplace.kommun), *source_faults(plan, workplace.kommun))
    return (_finding(workplace, text, read.place(loc), file) for loc, text in faults)


def _finding(workplace: Workplace, text: str, place: Place, file: str) -> Finding:
    """A finding at a cell: of the code that the text begins with, else that the parts do not fit (E733)."""
    sheet, cell = place
    coded = workplace.felkoder.get(text[:_CODED])
    if coded is None:
        return workplace.felkoder["E733"].finding(file=file, sheet=sheet, cell=cell, text=text.removesuffix("."))
    said = text[_CODED + 1 :]
    return Finding(
        coded.code, coded.severity, f"{said[:1].upper()}{said[1:].removesuffix('.')}.", coded.atgard, file, sheet, cell
    )


def lay_plan(workplace: Workplace, plan: Malplan) -> tuple[Path, ...]:
    """Write the plan as ``malplan/ÅÅÅÅ.yaml``; a decided version that it replaces is left beside it as ``ÅÅÅÅ-vN.yaml``.

    Returns:
        The files that were written.
    Raises:
        FileExistsError: a decided plan of the same or a later version, with another content, is there already.
    """
    folder = workplace.hem.path / "malplan"
    folder.mkdir(exist_ok=True)
    file, written = folder / f"{plan.ar}.yaml", []
    if file.exists():
        before = load_model(file, Malplan)
        if before.beslut is not None and plan_lock(before) != plan_lock(plan):
            if plan.version <= before.version or plan.beslut is None:
                raise FileExistsError(str(file))
            kept = folder / f"{plan.ar}-v{before.version}.yaml"
            kept.write_bytes(file.read_bytes())
            written.append(kept)
    file.write_text(plan_text(plan), encoding="utf-8")
    return (*written, file)
