"""Numbers in prose: what is a figure, with which unit, sign and precision."""

from decimal import Decimal

import pytest

from adapters.contract_files import load_textord
from transforms.text_mentions import find_mentions

WORDS = load_textord()


def only(text):
    (mention,) = find_mentions(text, WORDS)
    return mention


@pytest.mark.parametrize(
    ("text", "value", "enhet", "sign"),
    [
        ("ett överskott på 5,0 mnkr", "5.0", "mnkr", 0),
        ("kostade 1\u00a0300 tkr", "1300", "tkr", 0),
        ("kostade 1300 tkr", "1300", "tkr", 0),
        ("kommer 40mnkr från", "40", "mnkr", 0),
        ("13 miljoner kronor", "13", "mnkr", 0),
        ("1,2 miljarder kronor", "1.2", "mdkr", 0),
        ("Avfall -9,3 mnkr", "9.3", "mnkr", -1),
        ("VA \u2212 76,9 mkr", "76.9", "mnkr", -1),
        ("resultatet \u2013 1 329,0 tkr", "1329.0", "tkr", -1),
        ("nämnden +5,0 mnkr", "5.0", "mnkr", 1),
        ("sjukfrånvaron 7,1 %", "7.1", "procent", 0),
        ("upp 2 procentenheter", "2", "procentenheter", 0),
        ("Kommunstyrelsen (\u221247,5)", "47.5", "", -1),
        ("resultatet blev 3,4", "3.4", "", 0),
    ],
)
def test_a_number_has_value_unit_and_sign(text, value, enhet, sign):
    mention = only(text)
    assert (mention.value, mention.enhet, mention.sign) == (Decimal(value), enhet, sign)


@pytest.mark.parametrize(
    "text",
    [
        "Under 2026 byggs fyra förskolor.",
        "Beslutet fattades den 12 mars, § 45.",
        "Period 2026-04-30.",
        "Se sidan 12 och kap. 3.",
        "- 12 nya platser",
        "Avtalet gäller 2025\u20132027.",
        "Tre av 9 nämnder.",
        "Enligt 11 kap. 14 § kommunallagen.",
        "Ärende KS2026/0123.",
    ],
)
def test_years_dates_paragraphs_and_numbers_without_unit_are_no_mentions(text):
    assert find_mentions(text, WORDS) == ()


@pytest.mark.parametrize(
    ("text", "about", "step"),
    [
        ("cirka 2 500 tkr", "ungefar", "100"),
        ("drygt 2,3 mnkr", "drygt", "0.1"),
        ("knappt 13 mnkr", "knappt", "1"),
        ("1 300 tkr", "", "100"),
        ("1 000 tkr", "", "100"),
        ("cirka 1 000 tkr", "ungefar", "1000"),
        ("60 tkr", "", "1"),
        ("0 tkr", "", "1"),
    ],
)
def test_precision_is_what_is_shown(text, about, step):
    mention = only(text)
    assert (mention.about, mention.step) == (about, Decimal(step))


def test_a_span_has_two_ends():
    mention = only("mellan 10\u201312 mnkr")
    assert (mention.value, mention.upper) == (10, 12)


def test_places_point_into_the_text():
    text = "Först 5 tkr.\nSedan 1,5 mnkr och 7 %."
    assert [text[m.start : m.end] for m in find_mentions(text, WORDS)] == ["5 tkr", "1,5 mnkr", "7 %"]
