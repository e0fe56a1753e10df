"""What the program makes of mutated returns: read in the reading process, converted, and judged by the rules, many at once."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from adapters.contract_engine import check
from adapters.contract_files import load_contract, load_felkoder
from adapters.workbook_reader.child import read_workbook_safely
from data_contracts.findings import Finding, Severity, stops
from tests.kommun_example import example_kommun
from tests.mutations.generator import Kind, Mutation
from tests.mutations.valid_returns import PERIOD, REGISTER, SERIER, Place
from transforms.conversion import Converted, check_start, convert, read_start, stack, volume_decimals
from transforms.preparation import prepare
from transforms.template_rows import missing_sheets


@dataclass(frozen=True)
class Outcome:
    """What became of a mutation: the codes that stop it, every stored figure by place, and seconds for the reading."""

    mutation: Mutation
    stopped_by: frozenset[str]
    stored: dict[Place, int | None]
    seconds: float

    @property
    def fault(self) -> str:
        """What is wrong with the outcome, in a few words; '' when it is as the generator said."""
        wanted = self.mutation
        if "E134" in self.stopped_by and "E134" not in wanted.codes:
            return "läsprocessen avslutades"
        if wanted.kind is not Kind.STORED and self.stopped_by & wanted.codes:
            return ""
        if wanted.kind is Kind.REFUSED:
            return f"väntade {sorted(wanted.codes)}, fick {sorted(self.stopped_by) or 'godkänd'}"
        if self.stopped_by:
            return f"väntade godkänd, fick {sorted(self.stopped_by)}"
        wrong = {
            place: (self.stored.get(place), ore)
            for place, ore in wanted.figures.items()
            if self.stored.get(place) != ore
        }
        return f"fel siffror: {wrong}" if wrong else ""


def judge(mutations: Sequence[Mutation]) -> list[Outcome]:
    """The outcome of each, in order. All that can be read go through the rules together, as in a closing."""
    read = [(mutation, *_read(mutation)) for mutation in mutations]
    ready = {sha256: (mutation, converted) for mutation, sha256, converted, found, _ in read if not stops(found)}
    ruled: dict[str, tuple[Finding, ...]] = {}
    if ready:
        contract = load_contract("manadsretur")
        senders = {sha256: mutation.forvaltning for sha256, (mutation, _) in ready.items()}
        frames = stack((converted for _, converted in ready.values()), contract)
        ruled = dict(
            check(contract, prepare(frames, contract, example_kommun(), senders, REGISTER, PERIOD)).findings_by_retur
        )
    return [
        Outcome(mutation, _stopping((*found, *ruled.get(sha256, ()))), _figures(converted), seconds)
        for mutation, sha256, converted, found, seconds in read
    ]


def _read(mutation: Mutation) -> tuple[str, Converted, tuple[Finding, ...], float]:
    contract, felkoder, kommun = load_contract("manadsretur"), load_felkoder(), example_kommun()
    begun = time.perf_counter()
    raw = read_workbook_safely(mutation.content, f"{mutation.name}.xlsx", contract, felkoder)
    seconds = time.perf_counter() - begun
    sent = read_start(raw).get("forvaltning_kod")
    known = next((each for each in kommun.forvaltningar if sent is not None and each.kod == sent.text), None)
    found = raw.findings + check_start(raw, contract, kommun, None, PERIOD, felkoder)
    if known is not None and not stops(found):
        found += missing_sheets(raw, contract, kommun, known.kod, felkoder["E120"])
    unit = known.returenhet if known is not None else "tkr"
    converted = convert(raw, contract, felkoder, unit=unit, decimals=volume_decimals(kommun))
    return raw.sha256, converted, found + converted.findings, seconds


def _stopping(findings: Iterable[Finding]) -> frozenset[str]:
    return frozenset(finding.code for finding in findings if finding.severity is Severity.STOPPAR)


def _figures(converted: Converted) -> dict[Place, int | None]:
    figures: dict[Place, int | None] = {}
    for table in converted.frames:
        for row in converted.frames.rows(table):
            for serie in row.keys() & set(SERIER):
                figures[table, f"{row['enhet']}|{row['kod']}", serie] = row[serie]
    return figures
