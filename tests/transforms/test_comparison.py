"""Two reports side by side: figures, states, texts and rules."""

from dataclasses import replace

from tests.sample_report import sample_report
from transforms.comparison import Sida, compare, rule_rows
from transforms.environment import Miljoskillnad
from transforms.view_types import Lage

LAGE = Lage("utkast", 1, "0" * 64)


def side(rapport, lage=LAGE):
    return Sida("april 2026", rapport, lage, "2026-04")


def changed_figure(rapport, figure_id, varde, text):
    """The report with one figure's trail and key figure changed."""
    spar = tuple(
        replace(one, varde=varde, text=text, enhet="öre") if one.figure_id == figure_id else one for one in rapport.spar
    )
    cards = tuple(
        replace(one, varde=replace(one.varde, text=text)) if one.varde.figure_id == figure_id else one
        for one in rapport.nyckeltal
    )
    return replace(rapport, spar=spar, nyckeltal=cards)


def test_the_same_report_differs_in_nothing():
    compared = compare(side(sample_report()), side(sample_report()))
    assert compared.is_same
    assert compared.lika == len({one.figure_id for one in sample_report().spar})


def test_a_changed_figure_has_before_after_and_exact_difference():
    rapport = sample_report()
    card = next(one for one in rapport.nyckeltal if one.varde.figure_id)
    spar = next(one for one in rapport.spar if one.figure_id == card.varde.figure_id)
    rapport = changed_figure(rapport, spar.figure_id, -1_016_000_000, card.varde.text)
    after = changed_figure(rapport, spar.figure_id, -1_016_000_000 + 12_345, "99")
    row = next(one for one in compare(side(rapport), side(after)).siffror if one.figure_id == spar.figure_id)
    assert (row.fore, row.efter, row.skillnad) == (card.varde.text, "99", "+123,45\u00a0kr")
    missing = changed_figure(rapport, spar.figure_id, None, "uppgift saknas")
    row = next(one for one in compare(side(rapport), side(missing)).siffror if one.figure_id == spar.figure_id)
    assert row.skillnad == ""


def test_states_of_report_and_key_figures_and_texts_are_told():
    rapport = sample_report()
    cards = (replace(rapport.nyckeltal[0], lage_text="ett annat läge"), *rapport.nyckeltal[1:])
    sektioner = (replace(rapport.sektioner[0], rubrik="En ny rubrik"), *rapport.sektioner[1:])
    after = replace(rapport, nyckeltal=cards, sektioner=sektioner)
    compared = compare(side(rapport), side(after, Lage("fastställd", 1, "0" * 64)))
    assert [(one.namn, one.efter) for one in compared.lagen] == [
        ("Rapportens läge", "fastställd"),
        (cards[0].namn, "ett annat läge"),
    ]
    assert "En ny rubrik" in compared.texter_nya
    assert rapport.sektioner[0].rubrik in compared.texter_borta
    assert not compared.is_same
    assert compared.skillnader == "0 siffror, 2 lägen, 3 texter"
    alone = compare(side(rapport), side(rapport, Lage("fastställd", 1, "0" * 64)))
    assert alone.skillnader == "0 siffror, 1 läge, 0 texter"


def test_rules_show_the_lines_that_went_and_came_and_count_the_rest():
    one = Miljoskillnad("fil", "hem/kommun.yaml", "a" * 64, "b" * 64)
    other = Miljoskillnad("system", "pango", "1.50", "1.52")
    first, second = rule_rows((one, other), {"hem/kommun.yaml": ("namn: A\nlika: 1\n", "namn: B\nlika: 1\n")})
    assert first.rader == ("\u2212 namn: A", "+ namn: B")
    assert (second.text, second.rader) == ("systemets pango: 1.50 → 1.52", ())
    (long,) = rule_rows((one,), {"hem/kommun.yaml": ("", "\n".join(str(number) for number in range(60)))})
    assert (len(long.rader), long.rader[-1]) == (41, "… och 20 rader till")
