"""Chart geometry: one scale and one zero, labels inside the picture and apart from the names, whatever the numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.rendering.html import TEMPLATES
from transforms.belopp import belopp_text
from transforms.charts import ChartRow, PairRow, avvikelse_chart, budget_prognos_chart, text_width, wrap_name
from transforms.view_types import Bild, Bildtext

NAMES = st.sampled_from(
    (
        "Drift", "Samhällsbyggnadsnämnden", "Kultur- och fritidsnämnden", "Gemensam nämnd för hjälpmedel och e-hälsa i länet",
        "Wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww", "",
    )
)  # fmt: skip
AMOUNTS = st.one_of(st.none(), st.integers(-(10**13), 10**13))
STYLES = st.sampled_from(("post", "summa"))


def text(ore, *, plus=True):
    return "" if ore is None else belopp_text(ore, "tkr", plus=plus)


ROWS = st.lists(st.builds(lambda n, o, s: ChartRow(n, o, text(o), s), NAMES, AMOUNTS, STYLES), min_size=1, max_size=20)
PAIRS = st.lists(
    st.builds(
        lambda n, b, p, s: PairRow(n, b, text(b, plus=False), p, text(p, plus=False), s),
        NAMES,
        AMOUNTS,
        AMOUNTS,
        STYLES,
    ),
    min_size=1,
    max_size=12,
)


def avvikelser(rows):
    return avvikelse_chart("d", "Avvikelse", "tkr", rows, "Alt.", "t")


def pairs(rows):
    return budget_prognos_chart("d", "Budget och prognos", "tkr", rows, "Alt.", "t")


def span(label: Bildtext, size: int) -> tuple[int, int]:
    width = text_width(label.text, size)
    return (label.x, label.x + width) if label.ankare == "start" else (label.x - width, label.x)


def box(label: Bildtext, size: int) -> tuple[int, int, int, int]:
    left, right = span(label, size)
    return left, label.y - size * 7 // 10, right, label.y


def assert_sound(picture: Bild):
    boxes = [box(label, picture.textstorlek) for label in picture.texter if label.text]
    for left, top, right, bottom in boxes:
        assert left >= 0
        assert right <= picture.bredd
        assert top >= 0
        assert bottom <= picture.hojd
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1], (one, other)
    for shape in picture.ytor:
        assert shape.bredd >= 1
        assert shape.x >= 0
        assert shape.x + shape.bredd <= picture.bredd
        assert shape.y + shape.hojd <= picture.hojd


@given(ROWS)
def test_labels_never_leave_the_picture_and_never_meet(rows):
    diagram = avvikelser(rows)
    assert_sound(diagram.bred)
    assert_sound(diagram.smal)


@given(PAIRS)
def test_pairs_have_room_too(rows):
    diagram = pairs(rows)
    assert_sound(diagram.bred)
    assert_sound(diagram.smal)


@given(ROWS)
def test_all_bars_share_one_zero_and_one_scale(rows):
    for picture in (avvikelser(rows).bred, avvikelser(rows).smal):
        zero = {line.x1 for line in picture.linjer if line.stil == "noll"}
        assert len(zero) == 1
        (zero_x,) = zero
        values = [row.ore for row in rows if row.ore]
        assert len(picture.ytor) == len(values)
        for shape, ore in zip(picture.ytor, values, strict=True):
            assert (
                (shape.x == zero_x, shape.stil) == (True, "overskott")
                if ore > 0
                else (shape.x + shape.bredd, shape.stil) == (zero_x, "underskott")
            )
        longest = max(values, key=abs, default=0)
        for shape, ore in zip(picture.ytor, values, strict=True):
            longest_shape = picture.ytor[values.index(longest)]
            assert abs(shape.bredd * abs(longest) - longest_shape.bredd * abs(ore)) <= 2 * abs(longest)


@given(ROWS)
def test_every_row_has_its_printed_value_and_missing_is_said(rows):
    for picture in (avvikelser(rows).bred, avvikelser(rows).smal):
        labels = [label.text for label in picture.texter]
        assert labels.count("uppgift saknas") == sum(row.ore is None for row in rows)
        for row in rows:
            assert row.ore is None or row.text in labels


def test_all_zero_is_still_a_picture_with_zero_line_and_zeros():
    picture = avvikelser([ChartRow("Drift", 0, "0"), ChartRow("Investering", 0, "0")]).bred
    assert picture.ytor == ()
    assert [label.text for label in picture.texter].count("0") == 2
    assert [line.stil for line in picture.linjer] == ["noll"]
    assert 0 < picture.linjer[0].x1 < picture.bredd


def test_words_stand_only_on_the_sides_that_are_used():
    words = [label.text for label in avvikelser([ChartRow("Drift", 100_000, "+1")]).bred.texter]
    assert "överskott →" in words
    assert "← underskott" not in words
    own = avvikelse_chart(
        "d", "r", "tkr", [ChartRow("a", -5, "−0")], "Alt.", "t", plus_ord="lägre utgift", minus_ord="högre utgift"
    )
    assert "← högre utgift" in [label.text for label in own.bred.texter]


def test_pairs_name_their_bars_once_in_place_of_a_legend():
    picture = pairs([PairRow("A", 5, "5", 7, "7"), PairRow("B", 5, "5", None, "")]).bred
    labels = [label.text for label in picture.texter if label.stil != "namn"]
    assert labels == ["budget\u00a05", "prognos\u00a07", "5", "uppgift saknas"]
    assert [shape.stil for shape in picture.ytor] == ["budget", "prognos", "budget"]


def test_a_total_has_its_rule_and_weight():
    picture = avvikelser([ChartRow("Drift", 5, "+5"), ChartRow("Summa", 5, "+5", "summa")]).bred
    assert [line.stil for line in picture.linjer].count("summa") == 1
    assert [label.text for label in picture.texter if label.stil == "stark"] == ["Summa", "+5"]


@pytest.mark.parametrize("chart", [avvikelser, pairs])
def test_no_rows_is_an_error(chart):
    with pytest.raises(ValueError, match="inga rader"):
        chart([])


def test_labels_without_room_are_an_error():
    with pytest.raises(ValueError, match="ingen plats"):
        avvikelser([ChartRow("Drift", 5, "9" * 200)])


def test_a_name_takes_two_lines_at_most_and_says_that_it_is_cut():
    assert wrap_name("Drift", 13, 200) == ("Drift",)
    lines = wrap_name("ett namn som är alldeles för långt för två korta rader i ett diagram", 13, 120)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert all(text_width(line, 13) <= 120 for line in lines)


def test_text_width_is_never_less_than_the_typeface():
    from fontTools.ttLib import TTFont

    with TTFont(TEMPLATES / "typsnitt" / "bold.ttf") as font:
        advances, glyphs, units = font["hmtx"], font.getBestCmap(), font["head"].unitsPerEm
        sample = "abcdefghijklmnopqrstuvwxyzåäöéüABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖÉÜ0123456789 \u00a0.,:;'|()-/+−%…←→–&§"
        too_narrow = [c for c in sample if text_width(c, 1000) < advances[glyphs[ord(c)]][0] * 1000 // units]
    assert too_narrow == []
