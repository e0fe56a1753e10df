"""The catalogue of codes refuses what is not whole, and makes findings with place and content."""

import pytest

from data_contracts.felkoder import FelkodError, parse_felkoder
from data_contracts.findings import Severity

RAW = {
    "titel": "Cell",
    "allvar": "stoppar",
    "meddelande": 'Cell {cell} på {blad} har "{varde}", {mer}.',
    "atgard": "Rätta {blad}.",
}


def test_a_finding_is_filled_with_place_content_and_values():
    finding = parse_felkoder({"E199": RAW}, "f")["E199"].finding(
        file="a.xlsx", sheet="Drift", cell="F17", found="x", mer="inte y"
    )
    assert finding.message == 'Cell F17 på Drift har "x", inte y.'
    assert finding.advice == "Rätta Drift."
    assert (finding.code, finding.severity) == ("E199", Severity.STOPPAR)
    assert finding.place == 'fil a.xlsx, blad "Drift", cell F17'


def test_a_value_that_the_text_names_must_be_given():
    with pytest.raises(KeyError, match="mer"):
        parse_felkoder({"E199": RAW}, "f")["E199"].finding()


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ({"X1": RAW}, "ingen kod"),
        ({"E199": "text"}, "E199: ska ha just fälten"),
        ({"E199": {**RAW, "mer": "x"}}, "E199: ska ha just fälten"),
        ({"E199": {**RAW, "atgard": ""}}, "alla ifyllda"),
        ({"E199": {**RAW, "allvar": "illa"}}, "allvar ska vara"),
    ],
)
def test_a_code_that_is_not_whole_is_an_error_at_load(raw, told):
    with pytest.raises(FelkodError, match=told):
        parse_felkoder(raw, "felkoder.yaml")
