"""Processes that judge say what this process would have said, or an error; never nothing."""

from __future__ import annotations

import os
import signal
from dataclasses import replace

import pytest

from adapters.contract_engine import ContractEngineError
from adapters.contract_files import load_contract, load_felkoder
from flows.steps.judgement import Measure, judge
from flows.steps.judges import Judges, judged_in_turn
from tests.contracts.retur_example import BUDGETS, FORVALTNING, PERIOD, provby, sound_retur
from transforms.conversion import convert, volume_decimals

CONTRACT = load_contract("manadsretur")


def _job(name, contract=CONTRACT, **utfall):
    kommun, book = provby(), sound_retur()
    for row, value in utfall.items():
        book.set("drift", f"X|{row}", utfall=value)
    read = convert(book.raw(name), CONTRACT, load_felkoder(), unit="tkr", decimals=volume_decimals(kommun))
    return {name: read}, Measure(contract, kommun, PERIOD, {name: FORVALTNING}, BUDGETS)


def _broken():
    """A contract with a rule that the engine can't answer."""
    asked = ("E402", "kommentarer")
    rules = [
        replace(rule, params={"regex": "("}) if (rule.code, rule.table) == asked else rule for rule in CONTRACT.rules
    ]
    return replace(CONTRACT, rules=tuple(rules))


def test_many_jobs_are_judged_by_processes_in_order_as_one_process_would():
    jobs = [("a", _job("a")), ("b", _job("b", lokaler=500)), ("c", _job("c", personal="ca 7")), ("d", _job("d"))]
    alone = [(asked, judge(*job)) for asked, job in jobs]
    assert [sorted({f.code for f in said.findings[asked]})[:1] for asked, said in alone] == [[], ["E321"], ["E201"], []]
    assert list(judged_in_turn(iter(jobs), 2)) == alone


def test_a_single_job_is_judged_here_and_none_at_all_is_nothing():
    assert list(judged_in_turn(iter([("a", _job("a"))]), 2)) == [("a", judge(*_job("a")))]
    assert list(judged_in_turn(iter([]), 2)) == []


def test_a_rule_without_a_clean_answer_in_a_process_is_e102_here_and_so_is_a_process_that_is_killed():
    with Judges(1) as judges:
        told = judges.in_turn(iter([("a", _job("a")), ("b", _job("b", contract=_broken()))]))
        assert next(told) == ("a", judge(*_job("a")))
        with pytest.raises(
            ContractEngineError, match=r"^E102 tabell kommentarer, regel E402.*: kontrollen gav inget svar"
        ):
            next(told)
        told = judges.in_turn(iter([("a", _job("a")), ("b", _job("b"))]))
        assert next(told)[0] == "a"
        (process,) = judges.pids
        os.kill(process, signal.SIGKILL)
        with pytest.raises(ContractEngineError, match=r"^E102 kontrollen avslutades utan svar \(utgångskod -9\)"):
            next(told)
