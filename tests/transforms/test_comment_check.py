"""Numbers in a return's comments against its own figures."""

from decimal import Decimal

import pytest

from adapters.contract_files import load_contract, load_felkoder, load_textord
from tests.contracts.retur_example import BUDGETS, FORVALTNING, PERIOD, provby, sound_retur
from transforms.comment_check import CommentRules, check_comments
from transforms.conversion import convert, stack, volume_decimals
from transforms.preparation import sheets_of

RETUR = load_contract("manadsretur")
RULES = CommentRules(load_textord(), load_felkoder())


def found(orsak, *, kod="personal", **values):
    """The findings on a comment on personalkostnaderna (budget −1 500 tkr, prognos −1 620 tkr unless given)."""
    book = sound_retur().set("drift", "X|personal", **{"prognos": Decimal(-1620), **values})
    book = book.set("kommentarer", f"X|drift|{kod}", enhet="X", avser="drift", kod=kod, orsak=orsak)
    kommun = provby()
    converted = convert(book.raw("r"), RETUR, load_felkoder(), unit="tkr", decimals=volume_decimals(kommun))
    sheets = sheets_of(stack([converted], RETUR), RETUR, kommun, {"r": FORVALTNING}, BUDGETS, PERIOD)
    return check_comments(sheets, RULES).get("r", ())


@pytest.mark.parametrize(
    "orsak",
    [
        "Personalkostnaderna väntas bli 120 tkr högre än budget.",
        "Personalkostnaderna beräknas till 1 620 tkr.",
        "Underskottet på 120 tkr beror på fler elever.",
        "Två vikarier kostar 45 tkr i månaden till och med juni.",
        "Sex tjänster är vakanta.",
    ],
)
def test_what_follows_from_the_figures_or_can_not_be_judged_is_no_finding(orsak):
    assert found(orsak) == ()


@pytest.mark.parametrize(
    ("orsak", "code", "written"),
    [
        ("Personalkostnaderna väntas bli 210 tkr högre än budget.", "E880", "210 tkr"),
        ("Personalkostnaderna väntas bli 120 mnkr högre än budget.", "E881", "120 mnkr"),
        ("Personalkostnaderna väntas bli 120 tkr lägre än budget.", "E882", "120 tkr"),
        ("Personalkostnaderna beräknas till 1,7 mnkr.", "E883", "1,7 mnkr"),
    ],
)
def test_a_contradiction_is_told_with_cell_figure_and_what_stands(orsak, code, written):
    (finding,) = found(orsak)
    assert (finding.code, finding.sheet, finding.found) == (code, "Kommentarer", written)
    assert finding.cell
    assert written in finding.message
    assert "personal" in finding.message
    assert finding.severity.value == "ska förklaras"


def test_a_missing_figure_contradicts_nothing():
    assert found("Personalkostnaderna beräknas till 999 tkr.", prognos=None) == ()


def test_a_comment_on_the_whole_is_about_the_result():
    (finding,) = found("Nämnden räknar med ett överskott på 120 tkr.", kod="helhet")
    assert finding.code == "E882"
