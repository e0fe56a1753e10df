"""Sentences: every place has a value and every value a place; numbers keep their figures."""

from __future__ import annotations

import pytest

from flows.workplace import load_wording
from transforms.view_types import Tal
from transforms.wording import Wording, WordingError

WORDING = Wording({"prov": "{enhet} väntas få {belopp} tkr."})


def test_numbers_stand_in_the_sentence_with_their_figure() -> None:
    number = Tal("+5", "2026-04/A/drift/r/prognos")
    sentence = WORDING.sentence("prov", enhet="Skolan", belopp=number)
    assert sentence.text == "Skolan väntas få +5 tkr."
    assert number in sentence.delar


@pytest.mark.parametrize("values", [{"enhet": "A"}, {"enhet": "A", "belopp": "1", "extra": "x"}])
def test_a_place_without_value_or_a_value_without_place_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(WordingError, match="E104"):
        WORDING.sentence("prov", **values)


def test_an_unknown_text_is_refused() -> None:
    with pytest.raises(WordingError, match="finns inte"):
        WORDING.text("saknas")


def test_a_month_report_is_worded_as_a_forecast_never_as_a_verdict() -> None:
    verdicts = (" blev ", " har uppnåtts", " är uppfyllt", "uppfylldes")
    of_the_past = ("bok_", "traff_")  # the books, and how earlier years' prognoser came out
    month = {name: text for name, text in load_wording().patterns.items() if not name.startswith(of_the_past)}
    assert not [name for name, text in month.items() for word in verdicts if word in text]
