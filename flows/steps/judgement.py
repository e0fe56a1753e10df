"""What the rules say of workbooks, and what they are held against. Nothing is fetched here and nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.contract_engine import check
from adapters.contract_files import load_bokslutsregler, load_contract, load_felkoder, load_textord
from data_contracts.bokslutsinstallning import Bokslutsinstallning
from data_contracts.contract import Contract
from data_contracts.findings import Finding, stops
from data_contracts.kommun import Kommun
from transforms.comment_check import CommentRules, check_comments
from transforms.conversion import Converted, stack
from transforms.earlier import NO_EARLIER, Earlier
from transforms.period import Period
from transforms.preparation import Budgets, frames_of, prepare_register, sheets_of
from transforms.repeats import without_repeats
from transforms.row_names import row_names
from transforms.statements.closing import forms_of
from transforms.statements.preparation import prepare_books
from transforms.typed_rows import Frames


@dataclass(frozen=True, slots=True)
class Measure:
    """What some workbooks of one contract are held against.

    Attributes:
        kommun: its configuration.
        senders: whose each workbook is, by sha256.
        budgets: aktuell budget in öre by (enhet, avser, kod); None without a register for the year.
        earlier: the senders' returns of the year's earlier closings.
        periodbudgets: the period's budget by the register; None when the kommun takes it from the returns.
    """

    contract: Contract
    kommun: Kommun
    period: Period
    senders: Mapping[str, str] = field(default_factory=dict)
    budgets: Budgets | None = None
    earlier: Earlier = NO_EARLIER
    periodbudgets: Budgets | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rules said of some workbooks: findings by sha256, those accepted, how many rules ran, and the evidence."""

    findings: Mapping[str, tuple[Finding, ...]]
    accepted: frozenset[str]
    rules_run: int
    evidence: str


def judge(read: Mapping[str, Converted], measure: Measure) -> Judgement:
    """Run the contract's rules over workbooks as read, by sha256."""
    readable = {sha256: converted for sha256, converted in read.items() if converted.frames.total}
    found: dict[str, tuple[Finding, ...]] = {sha256: converted.findings for sha256, converted in read.items()}
    rules_run, evidence = 0, "{}"
    if readable:
        frames, said = _prepared(readable, measure)
        kommun = measure.kommun.for_year(measure.period.year)
        run = check(measure.contract, frames, lambda: row_names(kommun))
        rules_run, evidence = sum(rows > 0 for rows in run.rules_run.values()), run.evidence
        for sha256 in readable:
            ruled = run.findings_by_retur.get(sha256, ())
            found[sha256] += without_repeats(found[sha256], ruled, measure.contract) + said.get(sha256, ())
    accepted = frozenset(sha256 for sha256 in readable if not stops(found[sha256]))
    return Judgement(found, accepted, rules_run, evidence)


def _prepared(readable: Mapping[str, Converted], measure: Measure) -> tuple[Frames, Mapping[str, tuple[Finding, ...]]]:
    """The tables of the workbooks with all that the rules compare with; and what their comments contradict."""
    contract, period = measure.contract, measure.period
    frames = stack(readable.values(), contract)
    if contract.id == load_contract("budgetregister").id:
        return prepare_register(frames, contract, measure.kommun, period), {}
    if contract.id == load_contract("bokslut").id:
        settings = measure.kommun.bokslut or Bokslutsinstallning()
        forms = forms_of(settings, load_bokslutsregler(), period.last_day)
        return prepare_books(frames, contract, settings, forms, period), {}
    kommun = measure.kommun.for_year(period.year)
    sheets = sheets_of(
        frames, contract, kommun, measure.senders, measure.budgets, period, measure.earlier, measure.periodbudgets
    )
    return frames_of(sheets), check_comments(sheets, CommentRules(load_textord(), load_felkoder()))
