"""Lays out what a contract's rules judge as a few questions, each asked once on behalf of many rules.

A rule engine's work grows with the number of questions and hardly with the rows. Two hundred rules ask only some thirty different ones
("is it there?", "is it ja?", "is it at most 0?"): what each rule judges is stacked in one column per question, and every answer is
followed back to its rule and row by its place in the column.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

import pandas as pd

from data_contracts.contract import Contract, Rule, RuleKind, Table
from transforms.typed_rows import Frames

ROW_ID = "rad_id"
RETUR = "retur"
_THERE = "ja"


@dataclass(frozen=True, slots=True)
class Judged:
    """What one rule judges, within its question's column.

    Attributes:
        number: the rule's place among the contract's.
        rule: the rule, of one table.
        begin: place of the table's first row in the column.
        rows: the table's rows, all of which have a place; those that the rule does not look at are missing there.
        examined: how many of them the rule looks at.
    """

    number: int
    rule: Rule
    begin: int
    rows: int
    examined: int


@dataclass(frozen=True, slots=True)
class Question:
    """One judgement asked of a whole column.

    Attributes:
        kind: REQUIRED nothing is missing; ALLOWED, RANGE, PATTERN, NOT_PATTERN with the rules' own ``params``; UNIQUE no number comes
            twice; EQUAL nothing is above 0; SIGN nothing is below 0. All but REQUIRED look past what is missing.
        params: the limits, values or pattern that the rules have in common.
        column: its column in the frame.
        judged: the rules asked on behalf of, in the order of their places.
    """

    kind: RuleKind
    params: Mapping[str, Any]
    column: str
    judged: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class _Values:
    """The values that a rule judges, missing on rows that it does not look at, and how many rows it looks at."""

    number: int
    rule: Rule
    values: pd.Series
    examined: int


def lay_out(contract: Contract, tables: Sequence[Table], frames: Frames) -> tuple[tuple[Question, ...], pd.DataFrame]:
    """The questions in the order of their first rule, and the frame that they are asked of, which has one more column, ``ROW_ID``.

    Args:
        tables: those with rows.
        frames: per table, as ``transforms.preparation`` makes them.
    """
    own_frames = {table.name: _judged_columns(contract, table.name, frames) for table in tables}
    stacks: dict[tuple[str, ...], list[_Values]] = {}
    for number, rule in enumerate(contract.rules):
        if rule.table in own_frames:
            own = _values(number, rule, own_frames[rule.table])
            stacks.setdefault(_key(own), []).append(own)
    longest = max((sum(len(own.values) for own in stack) for stack in stacks.values()), default=0)
    questions: list[Question] = []
    columns: dict[str, pd.Series] = {}
    for stack in stacks.values():
        rule = stack[0].rule
        question = Question(rule.kind, _asked(rule), f"fraga_{len(questions)}", tuple(_places(stack)))
        columns[question.column] = _column(question, [own.values for own in stack], longest)
        questions.append(question)
    return tuple(questions), pd.DataFrame({**columns, ROW_ID: range(longest)})


def _judged_columns(contract: Contract, table: str, frames: Frames) -> pd.DataFrame:
    """Of a table the columns that its rules look at; there are many more, which only the findings tell of."""
    named = {RETUR}
    for rule in contract.rules_for(table):
        named |= {rule.column, *rule.when, *rule.params.get("columns", ())}
        named |= {str(rule.params[name]) for name in ("other", "tolerance", "expected") if name in rule.params}
    return frames.frame(table, [name for name in frames.columns[table] if name in named])


def _column(question: Question, parts: Sequence[pd.Series], longest: int) -> pd.Series:
    """The parts one below the other, and below them nothing that the answer depends on."""
    if question.kind is RuleKind.UNIQUE:
        parts = [numbers + judged.begin for numbers, judged in zip(parts, question.judged, strict=True)]
    whole = pd.concat(list(parts), ignore_index=True)
    if question.kind is not RuleKind.REQUIRED:
        return whole.reindex(range(longest))
    return pd.concat([whole, pd.Series([_THERE] * (longest - len(whole)), dtype=object)], ignore_index=True)


def _places(stack: Sequence[_Values]) -> Iterator[Judged]:
    begin = 0
    for own in stack:
        yield Judged(own.number, own.rule, begin, len(own.values), own.examined)
        begin += len(own.values)


def _key(own: _Values) -> tuple[str, ...]:
    """What makes two rules the same question: kind, what is asked, and the type of what is judged."""
    return own.rule.kind.value, str(own.values.dtype), repr(sorted(_asked(own.rule).items()))


def _asked(rule: Rule) -> Mapping[str, Any]:
    """Those of a rule's params that the answer depends on when the values judged are known."""
    return {name: rule.params[name] for name in ("values", "regex", "min", "max") if name in rule.params}


def _values(number: int, rule: Rule, frame: pd.DataFrame) -> _Values:
    taken_in = _taken_in(rule, frame)
    if rule.kind is RuleKind.REQUIRED:
        values = (frame[rule.column].notna() | ~taken_in).map({True: _THERE}).astype(object)
    else:
        values = _compared(rule, frame, taken_in)
        values = values.where(taken_in) if rule.when else values
    return _Values(number, rule, values, int(taken_in.sum()))


def _compared(rule: Rule, frame: pd.DataFrame, taken_in: pd.Series) -> pd.Series:
    values: pd.Series = frame[rule.column]
    if rule.kind is RuleKind.EQUAL:
        values = (values - frame[rule.params["other"]]).abs()
        return values.sub(frame[rule.params["tolerance"]]) if "tolerance" in rule.params else values
    if rule.kind is RuleKind.SIGN:
        values = values.mul(frame[rule.params["expected"]])
    if rule.kind is RuleKind.UNIQUE:
        return _numbered(frame.loc[taken_in, [RETUR, *rule.params["columns"]]]).reindex(frame.index)
    return values


def _numbered(keys: pd.DataFrame) -> pd.Series:
    """The same number for rows with the same key, below the number of rows. Missing is a part of a key like any other."""
    return keys.groupby([*keys.columns], dropna=False, sort=False).ngroup().astype("Int64")


def _taken_in(rule: Rule, frame: pd.DataFrame) -> pd.Series:
    """True on the rows that a rule's condition takes in."""
    conditions = [(frame[name] == value).fillna(False).astype(bool) for name, value in sorted(rule.when.items())]
    return reduce(and_, conditions, pd.Series(True, index=frame.index))
