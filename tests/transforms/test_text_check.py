"""Written text against figures: the corpus, its precision and recall, and laws that hold for every number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract_files import load_textord
from tests.text_corpus.corpus import SENTENCES, section, verdicts
from transforms.belopp import belopp_text
from transforms.text_check import Fact, Section, Verdict, check_text

WORDS = load_textord()
AIM = 0.95
KNOWN_MISSES: frozenset[str] = frozenset()
"""Sentences of the corpus that the check judges wrongly; shorter or longer than the truth, and the test fails."""


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda each: each.text[:60])
def test_each_sentence_of_the_corpus_is_judged_as_it_is_marked(sentence):
    found = verdicts(sentence)
    as_marked = (sentence.fel in found) if sentence.fel else not found
    assert as_marked == (sentence.text not in KNOWN_MISSES)


def test_the_corpus_is_half_right_half_wrong_and_large_enough():
    wrong = [sentence for sentence in SENTENCES if sentence.fel]
    assert len(SENTENCES) >= 60
    assert len({sentence.text for sentence in SENTENCES}) == len(SENTENCES)
    assert 0.45 <= len(wrong) / len(SENTENCES) <= 0.55
    assert {sentence.fel for sentence in wrong} == {"E880", "E881", "E882", "E883"}


@pytest.mark.parametrize("grupp", ["u", "p"])
def test_precision_and_recall_reach_the_aim(grupp):
    judged = [(bool(each.fel), bool(verdicts(each))) for each in SENTENCES if each.grupp == grupp]
    right, found = sum(wrong and said for wrong, said in judged), sum(said for _, said in judged)
    assert right / found >= AIM
    assert right / sum(wrong for wrong, _ in judged) >= AIM


def of_costs(ore, serie="prognos"):
    return Section((Fact("f", "Nämnden", "Personalkostnader", serie, ore, hogre_ar_battre=-1),), "Nämnden", 2026)


amounts = st.integers(-(10**13), 10**13)


@given(amounts, st.sampled_from(["tkr", "mnkr"]))
def test_what_the_program_itself_would_print_is_never_contradicted(ore, unit):
    printed = belopp_text(abs(ore), unit)
    text = f"Personalkostnaderna beräknas till {printed} {unit}."
    assert {each.verdict for each in check_text(text, of_costs(ore), WORDS)} == {Verdict.STAMMER}


@given(amounts.filter(lambda ore: abs(ore) >= 10_000_000), st.integers(6, 90))
def test_a_number_well_off_is_always_found(ore, off):
    text = f"Personalkostnaderna beräknas till {belopp_text(abs(ore) * (100 + off) // 100, 'tkr')} tkr."
    (judged,) = check_text(text, of_costs(ore), WORDS)
    assert judged.verdict in (Verdict.FEL_TAL, Verdict.FEL_AVRUNDNING)
    assert judged.fact.figure_id == "f"


@given(amounts.filter(lambda ore: abs(ore) >= 100_000))
def test_the_opposite_word_is_always_a_wrong_sign(ore):
    right, wrong = ("överskott", "underskott") if ore > 0 else ("underskott", "överskott")
    text = "För personalkostnaderna väntas ett {} på " + belopp_text(abs(ore), "tkr") + " tkr."
    facts = of_costs(ore, "avvikelse_helar")
    assert check_text(text.format(right), facts, WORDS)[0].verdict is Verdict.STAMMER
    assert check_text(text.format(wrong), facts, WORDS)[0].verdict is Verdict.FEL_TECKEN


@given(st.text(max_size=200))
def test_any_text_at_all_is_judged_without_error_and_in_order(text):
    judged = check_text(text, section("va"), WORDS)
    assert [each.start for each in judged] == sorted(each.start for each in judged)
    assert all(text[each.start : each.end].lower() == each.text.lower() for each in judged)


@pytest.mark.parametrize(
    "text",
    [
        "Resultatet från 2023 var 999 tkr.",
        "Kostnader för konsulter blev 999 tkr högre än budget.",
        "Av detta är 15 mnkr en engångspost.",
        "Risk finns för ett underskott.",
        "Nämnden väntas inte lämna något överskott.",
    ],
)
def test_what_the_words_do_not_point_out_is_never_called_wrong(text):
    assert {each.verdict for each in check_text(text, section("ten"), WORDS)} <= {Verdict.OKAND}
