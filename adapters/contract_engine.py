"""Runs a contract's rules over prepared frames with Great Expectations, and turns its results into findings with sheet and cell.

The only module that knows Great Expectations, which is imported when the first check runs (several seconds). One suite over one frame
that holds all returns and all tables. A schema stage comes first; whatever is not a clean answer is a fault in the system, never a pass.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data_contracts.contract import CONTROL, ColumnKind, Contract, Rule, RuleKind, Table
from data_contracts.findings import Finding
from data_contracts.frames import frame_columns
from transforms.belopp import antal_text, exact_text
from transforms.matt import SERIER
from transforms.row_names import NAMELESS, RowNames
from transforms.rule_questions import RETUR, ROW_ID, Question, lay_out
from transforms.template_rows import START_LABELS
from transforms.typed_rows import Frames, exactly

_COUNTS: Mapping[str, Any] = {"result_format": "BASIC"}
"""Asked of every question: how many rows there are and how many broke it. Half the work of the complete answer."""
_PLACES: Mapping[str, Any] = {"result_format": "COMPLETE", "unexpected_index_column_names": [ROW_ID]}
"""Asked only of what was broken: which rows."""


class ContractEngineError(RuntimeError):
    """E102: the check itself failed (kontrollfel): a fault in the system, not in a return."""


@dataclass(frozen=True, slots=True)
class CheckRun:
    """What came out of a check.

    Attributes:
        findings_by_retur: per sha256, also for returns without findings; in order of sheet, row and code.
        rules_run: per code, how many rows it looked at, over all its uses.
        empty_tables: tables without a single row; their rules looked at nothing, which is not a pass ("inga rader").
        evidence: canonical JSON of what ran and what it found; no amounts and no texts.
    """

    findings_by_retur: Mapping[str, tuple[Finding, ...]]
    rules_run: Mapping[str, int]
    empty_tables: tuple[str, ...]
    evidence: str


@dataclass(frozen=True, slots=True)
class _Outcome:
    """One rule's result: rows looked at, and positions of the rows that broke it."""

    rule: Rule
    examined: int
    broken: tuple[int, ...]


def check(contract: Contract, frames: Frames, names: Callable[[], RowNames] = lambda: NAMELESS) -> CheckRun:
    """Every rule of the contract over every row of every return.

    Args:
        frames: per table and control, as ``transforms.preparation`` makes them.
        names: gives what enheter and rows are called; asked for only when there is a finding to tell.
    Raises:
        ContractEngineError: E102 a frame is missing or has other columns or types than the contract, a table with rows has no rules,
            or the engine gave no clean answer for a rule.
    """
    tables = (*contract.tables, *contract.controls)
    for table in tables:
        _check_schema(table, frames)
    filled = [table for table in tables if frames.rows(table.name)]
    outcomes = _run(contract, filled, frames)
    findings = sorted(
        (
            (_place_order(finding), retur, finding)
            for table in filled
            for retur, finding in _findings(contract, table, frames, outcomes, names)
        ),
        key=lambda item: item[0],
    )
    returns = sorted({str(row[RETUR]) for table in filled for row in frames.rows(table.name)})
    rules_run = dict.fromkeys((rule.code for rule in contract.rules), 0)
    for listed in outcomes.values():
        for outcome in listed:
            rules_run[outcome.rule.code] += outcome.examined
    return CheckRun(
        findings_by_retur={retur: tuple(f for _, of, f in findings if of == retur) for retur in returns},
        rules_run=dict(sorted(rules_run.items())),
        empty_tables=tuple(table.name for table in tables if table not in filled),
        evidence=_evidence(contract, tables, frames, outcomes),
    )


def _check_schema(table: Table, frames: Frames) -> None:
    if table.name not in frames:
        raise ContractEngineError(f"E102 kontrollen fick ingen tabell {table.name!r}.")
    expected, found = frame_columns(table), frames.columns[table.name]
    for name, dtype in expected.items():
        if found.get(name) != dtype:
            raise ContractEngineError(
                f"E102 tabell {table.name}: kolumnen {name} har typen {found.get(name, 'ingen')}, ska ha {dtype}."
            )
    unknown = sorted(set(found) - set(expected))
    if unknown:
        raise ContractEngineError(f"E102 tabell {table.name}: kolumnerna {unknown} finns inte i kontraktet.")


def _run(contract: Contract, tables: Sequence[Table], frames: Frames) -> dict[str, list[_Outcome]]:
    for table in tables:
        if not contract.rules_for(table.name):
            raise ContractEngineError(
                f"E102 tabell {table.name} har rader men inga regler. Noll kontroller är aldrig godkänt."
            )
    if not tables:
        return {}
    questions, frame = lay_out(contract, tables, frames)
    gx, context = _context()
    source = context.data_sources.add_pandas("frames")
    whole = source.add_dataframe_asset("fragor").add_batch_definition_whole_dataframe("alla")
    batch = whole.get_batch({"dataframe": frame})
    counted = _answers(gx, batch, questions, _COUNTS)
    broken = [question for question in questions if not _holds(question, counted.get(question.column))]
    placed = _answers(gx, batch, broken, _PLACES) if broken else {}
    outcomes: dict[int, _Outcome] = {}
    for question in questions:
        rows = _broken_rows(question, counted[question.column], placed.get(question.column))
        for judged in question.judged:
            own = tuple(row - judged.begin for row in rows if 0 <= row - judged.begin < judged.rows)
            outcomes[judged.number] = _Outcome(judged.rule, judged.examined, own)
    numbered = list(enumerate(contract.rules))
    return {table.name: [outcomes[at] for at, rule in numbered if rule.table == table.name] for table in tables}


def _answers(gx: Any, batch: Any, questions: Sequence[Question], form: Mapping[str, Any]) -> dict[str, Any]:
    """The engine's answers by the column of their question; their order is not the suite's."""
    suite = gx.ExpectationSuite("fragor", expectations=[_expectation(gx.expectations, asked) for asked in questions])
    answers = batch.validate(suite, result_format=dict(form)).results
    return {str(answer.expectation_config.kwargs["column"]): answer for answer in answers}


def warm_up() -> None:
    """Import the engine now, so that the first check need not wait for it (several seconds)."""
    _context()


def _context() -> tuple[Any, Any]:
    """Great Expectations, and a context that writes nothing, calls nobody and draws no progress bars."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx

    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    from great_expectations.data_context.types.base import ProgressBarsConfig

    # This module gives its own logger a level, and tells of its temporary folder each time.
    logging.getLogger(ProgressBarsConfig.__module__).setLevel(logging.WARNING)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return gx, context


def _expectation(expectations: Any, question: Question) -> Any:
    """The question in the engine's words."""
    column, params = question.column, question.params
    match question.kind:
        case RuleKind.REQUIRED:
            return expectations.ExpectColumnValuesToNotBeNull(column=column)
        case RuleKind.ALLOWED:
            return expectations.ExpectColumnValuesToBeInSet(column=column, value_set=list(params["values"]))
        case RuleKind.RANGE:
            limits = {"min_value": params.get("min"), "max_value": params.get("max")}
            return expectations.ExpectColumnValuesToBeBetween(column=column, **limits)
        case RuleKind.PATTERN:
            return expectations.ExpectColumnValuesToMatchRegex(column=column, regex=rf"^(?:{params['regex']})\Z")
        case RuleKind.NOT_PATTERN:
            return expectations.ExpectColumnValuesToNotMatchRegex(column=column, regex=params["regex"])
        case RuleKind.UNIQUE:
            return expectations.ExpectColumnValuesToBeUnique(column=column)
        case RuleKind.EQUAL:
            return expectations.ExpectColumnValuesToBeBetween(column=column, max_value=0)
        case RuleKind.SIGN:
            return expectations.ExpectColumnValuesToBeBetween(column=column, min_value=0)


def _holds(question: Question, counted: Any) -> bool:
    """Whether the answer is yes for every row.

    Raises:
        ContractEngineError: E102, there is no clean answer.
    """
    details = {} if counted is None else dict(counted.result)
    if counted is None or "element_count" not in details or "unexpected_count" not in details:
        raise ContractEngineError(f"E102 {_asked_for(question)}: kontrollen gav inget svar. {_reason(counted)}")
    if bool(counted.success) != (not details["unexpected_count"]):
        raise ContractEngineError(f"E102 {_asked_for(question)}: kontrollens svar motsäger sig självt.")
    return bool(counted.success)


def _broken_rows(question: Question, counted: Any, placed: Any) -> tuple[int, ...]:
    """Places in the question's column where the answer is no.

    Raises:
        ContractEngineError: E102, the second answer is missing or says something else than the first.
    """
    listed = None if placed is None else dict(placed.result).get("unexpected_index_list")
    rows = tuple(sorted(int(row[ROW_ID]) for row in listed or ()))
    if len(rows) != int(counted.result["unexpected_count"]):
        raise ContractEngineError(
            f"E102 {_asked_for(question)}: kontrollens svar motsäger sig självt. {_reason(placed)}"
        )
    return rows


def _asked_for(question: Question) -> str:
    return ", ".join(f"tabell {judged.rule.table}, regel {judged.rule.code}" for judged in question.judged)


def _reason(result: Any) -> str:
    info = {} if result is None else dict(result.exception_info or {})
    messages = [str(item.get("exception_message")) for item in info.values() if isinstance(item, Mapping)]
    return "; ".join(messages)[:400]


def _findings(
    contract: Contract,
    table: Table,
    frames: Frames,
    outcomes: Mapping[str, Sequence[_Outcome]],
    names: Callable[[], RowNames],
) -> Iterator[tuple[str, Finding]]:
    rows = frames.rows(table.name)
    for outcome in outcomes[table.name]:
        for position in outcome.broken:
            (row,) = exactly(frames.columns[table.name], [rows[position]])
            yield str(row[RETUR]), _finding(contract, table, outcome.rule, row, names())


def _finding(contract: Contract, table: Table, rule: Rule, row: Mapping[str, Any], names: RowNames) -> Finding:
    place = "" if table.layout == CONTROL else f"{rule.place}_"
    compared = str(rule.params.get("compare") or rule.params.get("other") or "")
    of_table = contract.table(str(row["tabell"])) if row.get("tabell") else table
    words = {
        "varde": _in_words(table, rule.place, row),
        "jamfor": _in_words(table, compared, row) if compared else "",
        "kolumn": next((column.header for column in table.columns if column.name == rule.place), rule.place),
        **_row_words(table, row, names),
        "avser": row.get("avser") or "",
        "serie": SERIER.get(str(row.get("serie")), ""),
        "tabell": of_table.title,
        "blad": row["blad"],
    }
    return Finding(
        code=rule.code,
        severity=rule.severity,
        message=rule.message.format_map(words),
        advice=rule.advice,
        file=str(row["fil"]),
        sheet=str(row["blad"]),
        cell=str(row.get(f"{place}cell") or ""),
        found=str(row.get(f"{place}ra") or ""),
        forvaltning=str(row["forvaltning"] or ""),
        period=str(row["period"] or ""),
    )


def _row_words(table: Table, row: Mapping[str, Any], names: RowNames) -> dict[str, str]:
    """The row by code and by name. A comment's row is one of the sheet that it concerns."""
    enhet, kod = (
        str(row.get("enhet") or ""),
        str(row.get("kod") or START_LABELS.get(str(row.get("falt")), row.get("falt") or "")),
    )
    namn = names.rad(
        str(row.get("tabell") or row.get("avser") or table.name), enhet, kod, str(row.get("benamning") or "")
    )
    called = names.enhet(enhet)
    return {"enhet": called, "kod": kod, "namn": namn, "rad": f"{namn} ({called})" if called else namn}


def _in_words(table: Table, name: str, row: Mapping[str, Any]) -> str:
    """A value as a person reads it: amounts exactly, with their unit; other content as it stands in the cell."""
    value = row.get(name)
    if value is None:
        return str(row.get(f"{name}_ra") or "tomt")
    kind = next((column.kind for column in table.columns if column.name == name), None)
    unit = row.get("belopp_enhet")
    if kind is ColumnKind.BELOPP and unit:
        return f"{exact_text(value, unit)} {unit}"
    if kind is ColumnKind.ANTAL:
        return antal_text(value, row.get("decimaler") or 0)
    return str(value)


def _place_order(finding: Finding) -> tuple[str, int, str, str]:
    digits = "".join(character for character in finding.cell.partition(":")[0] if character.isdigit())
    return finding.sheet, int(digits or 0), finding.cell, finding.code


def _evidence(
    contract: Contract,
    tables: Sequence[Table],
    frames: Frames,
    outcomes: Mapping[str, Sequence[_Outcome]],
) -> str:
    """Canonical JSON: per table its rows and rules, per rule the rows looked at and where it was broken."""
    listed = []
    for table in tables:
        rows = frames.rows(table.name)
        rules = [
            {
                "kod": outcome.rule.code,
                "regel": outcome.rule.kind.value,
                "kolumn": outcome.rule.column,
                "granskade": outcome.examined,
                "brutna": [[str(rows[at][RETUR]), str(rows[at]["blad"]), rows[at]["radnr"]] for at in outcome.broken],
            }
            for outcome in outcomes.get(table.name, ())
        ]
        listed.append(
            {
                "tabell": table.name,
                "rader": len(rows),
                "utfall": "kontrollerad" if rows else "inga rader",
                "regler": rules,
            }
        )
    whole = {"kontrakt": contract.id, "version": contract.version, "tabeller": listed}
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
