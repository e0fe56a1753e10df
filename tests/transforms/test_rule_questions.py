"""Asking few questions of many rules answers each rule as if it had been asked alone."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract_files import load_contract
from data_contracts.contract import Rule, RuleKind
from data_contracts.findings import Severity
from tests.framed import framed
from transforms.rule_questions import ROW_ID, lay_out

TABLES = ("drift", "volymer")
NUMBERS = st.one_of(st.none(), st.integers(-3, 3))
WORDS = st.one_of(st.none(), st.sampled_from(["ja", "nej", "x"]))
ROWS = st.lists(st.tuples(st.sampled_from(["r1", "r2"]), NUMBERS, NUMBERS, WORDS), min_size=1, max_size=6)


def _rule(table, kind, column, **params):
    when = params.pop("when", {})
    return Rule("E300", table, kind, column, Severity.STOPPAR, "", "", "", "", params=params, when=when)


RULES = tuple(
    rule
    for table in TABLES
    for rule in (
        _rule(table, RuleKind.REQUIRED, "tal"),
        _rule(table, RuleKind.REQUIRED, "annat", when={"ord": "ja"}),
        _rule(table, RuleKind.ALLOWED, "ord", values=["ja", "nej"]),
        _rule(table, RuleKind.RANGE, "tal", min=0),
        _rule(table, RuleKind.RANGE, "annat", min=0, when={"ord": "nej"}),
        _rule(table, RuleKind.PATTERN, "ord", regex="ja"),
        _rule(table, RuleKind.NOT_PATTERN, "ord", regex="x"),
        _rule(table, RuleKind.EQUAL, "tal", other="annat"),
        _rule(table, RuleKind.EQUAL, "tal", other="annat", tolerance="tolerans"),
        _rule(table, RuleKind.SIGN, "tal", expected="annat"),
        _rule(table, RuleKind.UNIQUE, "tal", columns=["tal"]),
        _rule(table, RuleKind.UNIQUE, "ord", columns=["ord", "annat"], when={"ord": "ja"}),
    )
)
CONTRACT = replace(load_contract("manadsretur"), rules=RULES)


def _frame(rows):
    retur, numbers, others, words = zip(*rows, strict=True)
    text, whole = "string", "Int64"
    return pd.DataFrame(
        {
            "retur": pd.array(retur, dtype=text),
            "tal": pd.array(numbers, dtype=whole),
            "annat": pd.array(others, dtype=whole),
            "ord": pd.array(words, dtype=text),
            "tolerans": pd.array([1] * len(rows), dtype=whole),
        }
    )


def _alone(rule, rows):
    """The rows that break a rule, judged row by row in plain Python."""
    named = [dict(zip(("retur", "tal", "annat", "ord"), row, strict=True), tolerans=1) for row in rows]
    own = [all(row[name] == value for name, value in rule.when.items()) for row in named]

    def keys(row):
        return tuple(row[name] for name in ("retur", *rule.params["columns"]))

    def breaks(row):
        value, other = row[rule.column], row.get(rule.params.get("other") or rule.params.get("expected") or "")
        if rule.kind is RuleKind.REQUIRED:
            return value is None
        if rule.kind is RuleKind.UNIQUE:
            return sum(keys(row) == keys(one) for one, in_it in zip(named, own, strict=True) if in_it) > 1
        if value is None:
            return False
        match rule.kind:
            case RuleKind.ALLOWED:
                return value not in rule.params["values"]
            case RuleKind.RANGE:
                return value < rule.params["min"]
            case RuleKind.PATTERN:
                return not re.search(rule.params["regex"], value)
            case RuleKind.NOT_PATTERN:
                return bool(re.search(rule.params["regex"], value))
            case RuleKind.EQUAL:
                allowed = row["tolerans"] if "tolerance" in rule.params else 0
                return other is not None and abs(value - other) > allowed
            case RuleKind.SIGN:
                return other is not None and value * other < 0

    return [at for at, row in enumerate(named) if own[at] and breaks(row)], sum(own)


def _answer(question, column):
    """The places where the answer to a question is no."""
    values = [None if pd.isna(value) else value for value in column]
    if question.kind is RuleKind.REQUIRED:
        return [at for at, value in enumerate(values) if value is None]
    there = [(at, value) for at, value in enumerate(values) if value is not None]
    params = question.params
    no = {
        RuleKind.ALLOWED: lambda value: value not in params["values"],
        RuleKind.RANGE: lambda value: value < params["min"],
        RuleKind.PATTERN: lambda value: not re.search(params["regex"], value),
        RuleKind.NOT_PATTERN: lambda value: bool(re.search(params["regex"], value)),
        RuleKind.UNIQUE: lambda value: sum(value == other for _, other in there) > 1,
        RuleKind.EQUAL: lambda value: value > 0,
        RuleKind.SIGN: lambda value: value < 0,
    }[question.kind]
    return [at for at, value in there if no(value)]


@given(drift=ROWS, volymer=ROWS)
def test_each_rule_is_answered_as_if_it_were_asked_alone(drift, volymer):
    rows = dict(zip(TABLES, (drift, volymer), strict=True))
    tables = [CONTRACT.table(name) for name in TABLES]
    questions, frame = lay_out(CONTRACT, tables, framed({name: _frame(rows[name]) for name in TABLES}))
    answered = {}
    for question in questions:
        broken = _answer(question, frame[question.column])
        for judged in question.judged:
            own = [at - judged.begin for at in broken if 0 <= at - judged.begin < judged.rows]
            answered[judged.number] = own, judged.examined
        assert all(at < sum(judged.rows for judged in question.judged) for at in broken)
    assert answered == {number: _alone(rule, rows[rule.table]) for number, rule in enumerate(RULES)}


def test_rules_with_the_same_demand_are_one_question_whatever_table_they_are_of():
    frames = framed({name: _frame([("r1", 1, 1, "ja")]) for name in TABLES})
    questions, frame = lay_out(CONTRACT, [CONTRACT.table(name) for name in TABLES], frames)
    assert [(question.kind.value, len(question.judged)) for question in questions] == [
        ("required", 4),
        ("allowed", 2),
        ("range", 4),
        ("pattern", 2),
        ("not_pattern", 2),
        ("equal", 4),
        ("sign", 2),
        ("unique", 4),
    ]
    assert list(frame[ROW_ID]) == [0, 1, 2, 3]


def test_rules_over_values_of_different_types_are_different_questions():
    rules = (
        _rule("drift", RuleKind.NOT_PATTERN, "ord", regex="x"),
        _rule("drift", RuleKind.NOT_PATTERN, "tal", regex="x"),
    )
    contract = replace(CONTRACT, rules=rules)
    questions, _ = lay_out(contract, [contract.table("drift")], framed({"drift": _frame([("r1", 1, 1, "ja")])}))
    assert len(questions) == 2


def test_only_rules_of_the_tables_asked_for_are_laid_out():
    questions, _ = lay_out(CONTRACT, [CONTRACT.table("drift")], framed({"drift": _frame([("r1", 1, 1, "ja")])}))
    assert {judged.rule.table for question in questions for judged in question.judged} == {"drift"}
