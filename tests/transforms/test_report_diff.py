"""Two versions of a report side by side: every printed number and text that differs, and nothing else."""

from __future__ import annotations

from dataclasses import replace

from tests.sample_report import sample_report
from transforms.report_diff import SAKNAS, compare_reports, difference_lines
from transforms.view_types import Mening


def first_cell(rapport):
    """Where a table's first number that has a figure stands: section, table, row, cell."""
    for s, sektion in enumerate(rapport.sektioner):
        for t, tabell in enumerate(sektion.tabeller):
            for r, rad in enumerate(tabell.rader):
                for c, tal in enumerate(rad.celler):
                    if tal.figure_id and not tal.saknas:
                        return (s, t, r, c), tal
    raise AssertionError("the sample has no number")


def changed_number(rapport, text):
    """The report with one figure printed otherwise everywhere."""
    _, tal = first_cell(rapport)

    def walk(part):
        if part == tal:
            return replace(part, text=text)
        if isinstance(part, tuple):
            return tuple(walk(inner) for inner in part)
        if hasattr(part, "__dataclass_fields__"):
            return replace(part, **{name: walk(getattr(part, name)) for name in part.__dataclass_fields__})
        return part

    return walk(rapport), tal


def test_the_same_report_does_not_differ():
    skillnad = compare_reports(sample_report(), sample_report(), same_hash=True)
    assert skillnad.is_empty
    assert difference_lines(skillnad) == ()


def test_the_same_content_in_another_look_is_told_of_as_such():
    skillnad = compare_reports(sample_report(), sample_report(), same_hash=False)
    assert not skillnad.is_empty
    assert difference_lines(skillnad) == ("Bara utseendet har ändrats: mallar, typsnitt eller uppställning.",)


def test_a_changed_number_is_told_old_and_new_and_once():
    before = sample_report()
    after, tal = changed_number(before, "4 711")
    skillnad = compare_reports(before, after, same_hash=False)
    assert [(one.figure_id, one.fore, one.efter) for one in skillnad.siffror] == [(tal.figure_id, tal.text, "4 711")]
    assert (skillnad.texter_borta, skillnad.texter_nya, skillnad.utseende) == ((), (), False)
    assert f"{tal.text} → 4 711" in difference_lines(skillnad)[0]


def test_a_figure_or_text_that_comes_or_goes_is_told_of():
    before = sample_report()
    after = replace(before, sektioner=before.sektioner[:1])
    gone = compare_reports(before, after, same_hash=False)
    come = compare_reports(after, before, same_hash=False)
    assert gone.siffror
    assert {one.efter for one in gone.siffror} == {SAKNAS} == {one.fore for one in come.siffror}
    assert before.sektioner[1].rubrik in gone.texter_borta
    assert gone.texter_borta == come.texter_nya
    lines = difference_lines(gone, 1)
    assert any("texter till" in line for line in lines)


def test_a_sentence_that_says_something_else_is_told_of_without_its_numbers():
    before = sample_report()
    first = before.sektioner[0]
    after = replace(
        before, sektioner=(replace(first, meningar=(Mening(("Nytt.",)), *first.meningar)), *before.sektioner[1:])
    )
    skillnad = compare_reports(before, after, same_hash=False)
    assert (skillnad.siffror, skillnad.texter_nya, skillnad.texter_borta) == ((), ("Nytt.",), ())
