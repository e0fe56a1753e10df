"""Rows and frames of the same tables say the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from tests.framed import framed
from transforms.schemas import rows_of
from transforms.typed_rows import Frames, exactly

COLUMNS = {"drift": {"kod": "string", "varde": "Int64"}, "volymer": {"kod": "string"}}
ROWS = st.lists(
    st.fixed_dictionaries(
        {}, optional={"kod": st.none() | st.text(max_size=3), "varde": st.none() | st.integers(-(2**62), 2**62)}
    ),
    max_size=4,
)


@given(ROWS)
def test_a_frame_made_of_rows_holds_them_exactly(rows):
    frames = Frames(COLUMNS, {"drift": rows})
    assert rows_of(frames["drift"]) == exactly(COLUMNS["drift"], rows)
    assert {name: str(dtype) for name, dtype in frames["drift"].dtypes.items()} == COLUMNS["drift"]
    assert frames.total == len(rows)


@given(ROWS)
def test_tables_of_frames_made_already_are_those_frames(rows):
    made = dict(Frames(COLUMNS, {"drift": rows}))
    again = framed(made)
    assert again.columns == COLUMNS
    for name, frame in made.items():
        assert_frame_equal(again[name], frame)


@given(ROWS, ROWS)
def test_stacked_tables_have_the_rows_of_each_in_order(first, second):
    parts = [Frames(COLUMNS, {"drift": rows}) for rows in (first, second)]
    stacked = Frames.stacked(COLUMNS, parts)
    assert stacked.rows("drift") == [*first, *second]
    assert stacked.rows("volymer") == []
    assert len(stacked["volymer"]) == 0


def test_a_frame_of_some_columns_has_those_alone():
    frames = Frames(COLUMNS, {"drift": [{"kod": "a", "varde": 1}]})
    assert frames.frame("drift", ["varde"]).to_dict("list") == {"varde": [1]}
