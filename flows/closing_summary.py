"""What a closing came to: the same summary for the terminal, the store and Prefect's artifact."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import TypeAdapter

from adapters.store import Closing, ReturRecord
from data_contracts.findings import Finding, Severity
from flows.steps.collect import stray_findings
from flows.steps.goals import findings_on_goals
from flows.steps.ledger import avstamningar
from flows.steps.render import Rendered
from flows.steps.report import newer_stopped
from flows.workplace import Workplace
from transforms.ledger.reconciliation import reconciliation_findings
from transforms.period import Period

REGISTER = "budgetregistret"
_SHOWN = 2
"""Findings of one kind and sheet that the terminal shows before it only counts them."""


@dataclass(frozen=True, slots=True)
class ClosingSummary:
    """One finished closing in numbers and names.

    Attributes:
        saknas: names of the förvaltningar without an accepted return.
        stoppade: workbooks of the period that are stopped: file name, and which earlier version counts instead.
        frammande: file names in the inbox that no förvaltning's return for the period can be: another month, nobody known.
        register: whether an accepted budget register covers the year.
        findings: how many findings of each severity.
        stopping: the findings that stop, in order, for the terminal.
        rapporter: how many reports; of them ``nya`` were made now and the others stood unchanged.
        malplan: what breaks the tree of the year's målplan, and goals with two assessments.
        avstamning: the differences from the ledger that stop a report.
        folder, receipts: where the drafts and the receipts lie.
    """

    period: str
    closing_id: int
    returer: int
    forvaltningar: int
    saknas: tuple[str, ...]
    stoppade: tuple[str, ...]
    frammande: tuple[str, ...]
    register: bool
    findings: dict[str, int]
    stopping: tuple[Finding, ...]
    siffror: int
    rapporter: int
    nya: int
    folder: str
    receipts: str
    files: tuple[str, ...]
    avstamning: tuple[Finding, ...] = ()
    malplan: tuple[Finding, ...] = ()

    @property
    def is_stopped(self) -> bool:
        """True when something must be mended: a stopped return, a foreign file, or no budget register for the year."""
        return bool(self.stopping) or bool(self.avstamning) or not self.register


def summarise(
    workplace: Workplace, closing: Closing, seen: Sequence[int], rendered: Rendered, files: tuple[str, ...]
) -> ClosingSummary:
    """The summary of a closing whose reports are laid out. ``seen``: the workbooks that lie in the inbox."""
    kommun, store = workplace.kommun, workplace.store
    counted = [store.retur(retur_id) for retur_id in closing.retur_ids]
    accepted = {record.forvaltning for record in counted if record.forvaltning}
    stopped = newer_stopped(workplace, closing)
    strays = stray_findings(workplace, seen, Period.parse(closing.period), accepted)
    versions = {record.forvaltning: record.version for record in counted}
    blocked = [*((record, store.findings_for(record.id)) for record in stopped), *strays]
    found = [finding for record in counted for finding in store.findings_for(record.id)]
    found.extend(finding for _, findings in blocked for finding in findings)
    goals = findings_on_goals(workplace, closing)
    found.extend(goals)
    return ClosingSummary(
        period=closing.period,
        closing_id=closing.id,
        returer=len(accepted),
        forvaltningar=len(kommun.forvaltningar),
        saknas=tuple(forvaltning.namn for forvaltning in kommun.forvaltningar if forvaltning.kod not in accepted),
        stoppade=tuple(_stopped_text(record, versions.get(record.forvaltning)) for record in stopped),
        frammande=tuple(record.fil for record, _ in strays),
        register="" in versions,
        findings=dict(Counter(finding.severity.value for finding in found)),
        stopping=tuple(finding for finding in found if finding.severity is Severity.STOPPAR),
        siffror=store.count_figures(closing.id),
        rapporter=rendered.new + rendered.unchanged,
        nya=rendered.new,
        folder=str(workplace.hem.utkast(closing.period)),
        malplan=goals,
        avstamning=reconciliation_findings(avstamningar(workplace, closing), workplace.felkoder),
        receipts=str(workplace.hem.kvittenser(closing.period)),
        files=files,
    )


def _stopped_text(record: ReturRecord, counting: int | None) -> str:
    instead = "ingen version gäller" if counting is None else f"version {counting} gäller i stället"
    whose = f"{REGISTER} {record.fil}" if record.ar is not None else record.fil
    return f"{whose}, version {record.version}; {instead}"


def as_json(summary: ClosingSummary) -> dict[str, Any]:
    """The summary as plain JSON, for the store."""
    return json.loads(json.dumps(asdict(summary), ensure_ascii=False))


def from_json(data: Mapping[str, Any]) -> ClosingSummary:
    """What ``as_json`` made."""
    return TypeAdapter(ClosingSummary).validate_python(dict(data))


def as_lines(summary: ClosingSummary) -> tuple[str, ...]:
    """The summary in Swedish, a line each, with every finding that stops."""
    counts = ", ".join(_counted(severity, count) for severity, count in sorted(summary.findings.items())) or "inga"
    lines = [
        f"Returer: {summary.returer} av {summary.forvaltningar} förvaltningar. Fynd: {counts}.",
        f"Siffror: {summary.siffror}. Rapporter: {summary.rapporter}, varav {summary.nya} nya eller ändrade.",
    ]
    if not summary.register:
        lines.append(f"Saknas: budgetregistret för {summary.period[:4]}. All budget blir ”uppgift saknas”.")
    lines.extend(f"Saknas: {namn}" for namn in summary.saknas)
    lines.extend(f"Stoppad: {text}" for text in summary.stoppade)
    lines.extend(f"Hör inte hit: {fil}" for fil in summary.frammande)
    lines.extend(f"  {text}" for text in _shortened(summary.stopping))
    lines.extend(f"Stoppar rapporten: {finding}" for finding in summary.avstamning)
    lines.extend(f"Målplanen: {finding}" for finding in summary.malplan)
    lines.append("Alla fynd, med cell och råd, står i kvittenserna: " + summary.receipts)
    lines.append(f"Utkast i {summary.folder}, väntar på granskning.")
    return tuple(lines)


def _counted(severity: str, count: int) -> str:
    return f"{count} noteringar" if severity == Severity.NOTERING and count != 1 else f"{count} {severity}"


def _shortened(findings: Sequence[Finding]) -> list[str]:
    """Every finding, but of many alike in one sheet only the first two and how many more there are."""
    alike: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        alike.setdefault((finding.file, finding.sheet, finding.code), []).append(finding)
    lines: list[str] = []
    for (file, sheet, code), group in alike.items():
        shown = group if len(group) <= _SHOWN + 1 else group[:_SHOWN]
        lines.extend(str(finding) for finding in shown)
        if len(shown) < len(group):
            lines.append(f'{code} fil {file}, blad "{sheet}": och {len(group) - len(shown)} till av samma slag.')
    return lines


def advice(summary: ClosingSummary) -> tuple[str, ...]:
    """What to do about what must be mended, a line each."""
    lines: list[str] = []
    if summary.stoppade:
        lines.append(f"Rätta de stoppade filerna, lägg dem i inkorgen och kör om: rodatraden stang {summary.period}")
    if summary.frammande:
        lines.append("Ta bort filerna som inte hör hit ur inkorgen, eller rätta deras blad Start.")
    if not summary.register and not any(REGISTER in text for text in summary.stoppade):
        lines.append(
            f"Skriv registrets mall med: rodatraden mall {summary.period} --register. Fyll i den och lägg den i inkorgen."
        )
    return tuple(lines)


def as_markdown(summary: ClosingSummary) -> str:
    """The summary as Prefect's artifact."""
    lines = as_lines(summary)
    return "\n".join([f"# Stängning {summary.period}", "", *(f"- {line.strip()}" for line in lines)])
