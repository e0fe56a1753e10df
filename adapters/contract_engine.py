"""Runs a contract's rules over prepared frames with Great Expectations, and turns its results into findings with sheet and cell.

The only module that knows Great Expectations, which is imported when the first check runs (several seconds). One suite per table over
one frame that holds all returns. A schema stage comes first; whatever is not a clean answer is a fault in the system, never a pass.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from operator import and_
from typing import Any

import pandas as pd

from data_contracts.contract import CONTROL, ColumnKind, Contract, Rule, RuleKind, Table
from data_contracts.findings import Finding
from data_contracts.frames import frame_columns
from transforms.belopp import antal_text, exact_text
from transforms.matt import SERIER
from transforms.row_names import NAMELESS, RowNames
from transforms.template_rows import START_LABELS

ROW_ID = "rad_id"
RETUR = "retur"
_COUNTS: Mapping[str, Any] = {"result_format": "BASIC"}
"""Asked of every rule: how many rows it looked at and how many broke it. Half the work of the complete answer."""
_PLACES: Mapping[str, Any] = {"result_format": "COMPLETE", "unexpected_index_column_names": [ROW_ID]}
"""Asked only of rules that were broken: which rows."""


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


def check(contract: Contract, frames: Mapping[str, pd.DataFrame], names: RowNames = NAMELESS) -> CheckRun:
    """Every rule of the contract over every row of every return.

    Args:
        frames: per table and control, as ``transforms.preparation`` makes them.
        names: what enheter and rows are called in the findings.
    Raises:
        ContractEngineError: E102 a frame is missing or has other columns or types than the contract, a table with rows has no rules,
            or the engine gave no clean answer for a rule.
    """
    tables = (*contract.tables, *contract.controls)
    for table in tables:
        _check_schema(table, frames)
    filled = [table for table in tables if len(frames[table.name])]
    outcomes = _run(contract, filled, frames)
    findings = sorted(
        (
            (_place_order(finding), retur, finding)
            for table in filled
            for retur, finding in _findings(contract, table, frames, outcomes, names)
        ),
        key=lambda item: item[0],
    )
    returns = sorted({str(retur) for table in filled for retur in frames[table.name][RETUR]})
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


def _check_schema(table: Table, frames: Mapping[str, pd.DataFrame]) -> None:
    if table.name not in frames:
        raise ContractEngineError(f"E102 kontrollen fick ingen tabell {table.name!r}.")
    expected = frame_columns(table)
    found = {str(name): str(dtype) for name, dtype in frames[table.name].dtypes.items()}
    for name, dtype in expected.items():
        if found.get(name) != dtype:
            raise ContractEngineError(
                f"E102 tabell {table.name}: kolumnen {name} har typen {found.get(name, 'ingen')}, ska ha {dtype}."
            )
    unknown = sorted(set(found) - set(expected))
    if unknown:
        raise ContractEngineError(f"E102 tabell {table.name}: kolumnerna {unknown} finns inte i kontraktet.")


def _run(contract: Contract, tables: Sequence[Table], frames: Mapping[str, pd.DataFrame]) -> dict[str, list[_Outcome]]:
    for table in tables:
        if not contract.rules_for(table.name):
            raise ContractEngineError(
                f"E102 tabell {table.name} har rader men inga regler. Noll kontroller är aldrig godkänt."
            )
    if not tables:
        return {}
    gx, column, context = _context()
    source = context.data_sources.add_pandas("frames")
    whole = source.add_dataframe_asset("tabell").add_batch_definition_whole_dataframe("alla")
    outcomes: dict[str, list[_Outcome]] = {}
    for table in tables:
        rules = contract.rules_for(table.name)
        frame = _engine_frame(frames[table.name], rules)
        batch = whole.get_batch({"dataframe": frame})
        asked = [partial(_expectation, gx.expectations, column, rule, number) for number, rule in enumerate(rules)]
        counted = _answers(batch, gx.ExpectationSuite(table.name, expectations=[ask() for ask in asked]), _COUNTS)
        broken = [number for number, rule in enumerate(rules) if not _holds(table, rule, counted.get(number))]
        again = gx.ExpectationSuite(table.name, expectations=[asked[number]() for number in broken])
        outcomes[table.name] = _outcomes(
            table, rules, frame, counted, _answers(batch, again, _PLACES) if broken else {}
        )
    return outcomes


def _answers(batch: Any, suite: Any, form: Mapping[str, Any]) -> dict[int, Any]:
    """The engine's answers by the number of their rule; their order is not the suite's."""
    answers = batch.validate(suite, result_format=dict(form)).results
    return {int(answer.expectation_config.meta["id"]): answer for answer in answers}


def warm_up() -> None:
    """Import the engine now, so that the first check need not wait for it (several seconds)."""
    _context()


def _context() -> tuple[Any, Any, Any]:
    """Great Expectations, its column conditions, and a context that writes nothing, calls nobody and draws no progress bars."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx

    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    from great_expectations.data_context.types.base import ProgressBarsConfig
    from great_expectations.expectations.row_conditions import Column

    # This module gives its own logger a level, and tells of its temporary folder each time.
    logging.getLogger(ProgressBarsConfig.__module__).setLevel(logging.WARNING)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return gx, Column, context


def _engine_frame(frame: pd.DataFrame, rules: Sequence[Rule]) -> pd.DataFrame:
    """What the rules name of the frame, a unique row id, and a column of its own for each rule that judges something derived.

    Derived are the difference or product of two columns, and the values of only those rows that the rule's condition takes in: the
    engine looks past missing values, and asking it to filter costs more than all the rest.
    """
    named = {RETUR} | {name for rule in rules for name in _named_columns(rule)}
    columns: dict[str, Any] = {str(name): frame[name].reset_index(drop=True) for name in frame.columns if name in named}
    derived = {_derived(number): _judged(rule, columns) for number, rule in enumerate(rules) if _is_derived(rule)}
    return pd.DataFrame({**columns, **derived, ROW_ID: range(len(frame))})


def _is_derived(rule: Rule) -> bool:
    return rule.kind in (RuleKind.EQUAL, RuleKind.SIGN) or (bool(rule.when) and rule.kind is not RuleKind.UNIQUE)


def _judged(rule: Rule, columns: Mapping[str, Any]) -> Any:
    """The values that a rule judges, missing on rows that it does not look at."""
    values = columns[rule.column]
    if rule.kind is RuleKind.EQUAL:
        allowed = columns[rule.params["tolerance"]] if "tolerance" in rule.params else 0
        values = (values - columns[rule.params["other"]]).abs() - allowed
    elif rule.kind is RuleKind.SIGN:
        values = values * columns[rule.params["expected"]]
    if not rule.when:
        return values
    taken_in = _taken_in(rule, columns)
    return (values.notna() | ~taken_in).map({True: "ja"}) if rule.kind is RuleKind.REQUIRED else values.where(taken_in)


def _taken_in(rule: Rule, columns: Mapping[str, Any]) -> Any:
    """True on the rows that a rule's condition takes in."""
    return reduce(
        and_, [(columns[name] == value).fillna(False).astype(bool) for name, value in sorted(rule.when.items())]
    )


def _named_columns(rule: Rule) -> set[str]:
    """The columns that judging a rule needs."""
    compared = {str(rule.params[name]) for name in ("other", "tolerance", "expected") if name in rule.params}
    return {rule.column, *rule.when, *rule.params.get("columns", ()), *compared}


def _derived(number: int) -> str:
    return f"regel_{number}"


def _expectation(expectations: Any, gx_column: Any, rule: Rule, number: int) -> Any:
    """The rule in the engine's words."""
    common: dict[str, Any] = {"meta": {"id": number}}
    column = _derived(number) if _is_derived(rule) else rule.column
    params = rule.params
    match rule.kind:
        case RuleKind.REQUIRED:
            return expectations.ExpectColumnValuesToNotBeNull(column=column, **common)
        case RuleKind.ALLOWED:
            return expectations.ExpectColumnValuesToBeInSet(column=column, value_set=list(params["values"]), **common)
        case RuleKind.RANGE:
            limits = {"min_value": params.get("min"), "max_value": params.get("max")}
            return expectations.ExpectColumnValuesToBeBetween(column=column, **limits, **common)
        case RuleKind.PATTERN:
            whole = rf"^(?:{params['regex']})\Z"
            return expectations.ExpectColumnValuesToMatchRegex(column=column, regex=whole, **common)
        case RuleKind.NOT_PATTERN:
            return expectations.ExpectColumnValuesToNotMatchRegex(column=column, regex=params["regex"], **common)
        case RuleKind.UNIQUE:
            if rule.when:
                clauses = [gx_column(name) == value for name, value in sorted(rule.when.items())]
                common["row_condition"] = reduce(and_, clauses)
            return expectations.ExpectCompoundColumnsToBeUnique(column_list=[RETUR, *params["columns"]], **common)
        case RuleKind.EQUAL:
            return expectations.ExpectColumnValuesToBeBetween(column=column, max_value=0, **common)
        case RuleKind.SIGN:
            return expectations.ExpectColumnValuesToBeBetween(column=column, min_value=0, **common)


def _holds(table: Table, rule: Rule, counted: Any) -> bool:
    """Whether a rule holds for every row it looked at.

    Raises:
        ContractEngineError: E102, there is no clean answer.
    """
    details = {} if counted is None else dict(counted.result)
    if counted is None or "element_count" not in details or "unexpected_count" not in details:
        raise ContractEngineError(
            f"E102 tabell {table.name}, regel {rule.code}: kontrollen gav inget svar. {_reason(counted)}"
        )
    if bool(counted.success) != (not details["unexpected_count"]):
        raise ContractEngineError(f"E102 tabell {table.name}, regel {rule.code}: kontrollens svar motsäger sig självt.")
    return bool(counted.success)


def _outcomes(
    table: Table, rules: Sequence[Rule], frame: pd.DataFrame, counted: Mapping[int, Any], placed: Mapping[int, Any]
) -> list[_Outcome]:
    """Both answers to each rule: how many rows it looked at, and for those that were broken, which rows broke them.

    Raises:
        ContractEngineError: E102, the second answer is missing or says something else than the first.
    """
    outcomes: list[_Outcome] = []
    for number, rule in enumerate(rules):
        count = int(counted[number].result["unexpected_count"])
        answer = placed.get(number)
        rows = None if answer is None else dict(answer.result).get("unexpected_index_list")
        broken = tuple(sorted(int(row[ROW_ID]) for row in rows or ()))
        if len(broken) != count:
            raise ContractEngineError(
                f"E102 tabell {table.name}, regel {rule.code}: kontrollens svar motsäger sig självt. {_reason(answer)}"
            )
        outcomes.append(_Outcome(rule, _examined(rule, frame, counted[number]), broken))
    return outcomes


def _examined(rule: Rule, frame: pd.DataFrame, counted: Any) -> int:
    """How many rows a rule looked at."""
    if rule.when and _is_derived(rule):
        return int(_taken_in(rule, {name: frame[name] for name in rule.when}).sum())
    return int(counted.result["element_count"])


def _reason(result: Any) -> str:
    info = {} if result is None else dict(result.exception_info or {})
    messages = [str(item.get("exception_message")) for item in info.values() if isinstance(item, Mapping)]
    return "; ".join(messages)[:400]


def _findings(
    contract: Contract,
    table: Table,
    frames: Mapping[str, pd.DataFrame],
    outcomes: Mapping[str, Sequence[_Outcome]],
    names: RowNames,
) -> Iterator[tuple[str, Finding]]:
    frame = frames[table.name]
    for outcome in outcomes[table.name]:
        for position in outcome.broken:
            row = {str(name): _plain(value) for name, value in frame.iloc[position].to_dict().items()}
            yield str(row[RETUR]), _finding(contract, table, outcome.rule, row, names)


def _plain(value: Any) -> Any:
    """A Python value for a numpy scalar; None for a missing one."""
    if value is None or pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value


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
    frames: Mapping[str, pd.DataFrame],
    outcomes: Mapping[str, Sequence[_Outcome]],
) -> str:
    """Canonical JSON: per table its rows and rules, per rule the rows looked at and where it was broken."""
    listed = []
    for table in tables:
        frame = frames[table.name]
        rules = [
            {
                "kod": outcome.rule.code,
                "regel": outcome.rule.kind.value,
                "kolumn": outcome.rule.column,
                "granskade": outcome.examined,
                "brutna": [
                    [str(frame[RETUR].iloc[at]), str(frame["blad"].iloc[at]), _plain(frame["radnr"].iloc[at])]
                    for at in outcome.broken
                ],
            }
            for outcome in outcomes.get(table.name, ())
        ]
        listed.append(
            {
                "tabell": table.name,
                "rader": len(frame),
                "utfall": "kontrollerad" if len(frame) else "inga rader",
                "regler": rules,
            }
        )
    whole = {"kontrakt": contract.id, "version": contract.version, "tabeller": listed}
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
