"""The small charts of indikatorer: what is written does not lie on the målvärde's line."""

from decimal import Decimal

from transforms.curves import Varde, curve


def drawn(target, *numbers):
    values = [
        Varde(2023 + place, Decimal(number), str(number), "utfall", f"f{place}") for place, number in enumerate(numbers)
    ]
    return curve(values, target and (Decimal(target[0]), Decimal(target[1])), "text")


def test_a_text_stands_under_its_point_only_where_the_line_would_cross_it():
    near = drawn((90, 90), 83, 88)
    assert [point.text_dy for point in near.punkter] == [-7, 15]
    assert near.punkter[1].y - 18 <= near.mal.y < near.punkter[1].y
    assert [point.text_dy for point in drawn(None, 83, 88).punkter] == [-7, -7]
    assert [point.text_dy for point in drawn((80, 80), 83, 88).punkter] == [-7, -7], "the line lies under the points"
    assert [point.text_dy for point in drawn((84, 84), 86, 83).punkter] == [-7, 15], (
        "also at the foot of the chart there is room"
    )


def test_an_interval_is_a_band_and_a_number_a_line():
    band, line = drawn((40, 43), 42, 41).mal, drawn((43, 43), 42, 41).mal
    assert (band.y, band.y + band.hojd) == (20, 60), "the scale holds the whole of it"
    assert (line.y, line.hojd) == (20, 0)
    assert drawn(None, 42, 41).mal is None


def test_one_value_is_no_curve():
    assert drawn((90, 90), 83) is None
