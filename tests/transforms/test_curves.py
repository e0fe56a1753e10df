"""The small charts of indikatorer: what is written does not lie on the målvärde's line."""

from decimal import Decimal

from transforms.curves import Varde, curve


def drawn(target, *numbers):
    values = [
        Varde(2023 + place, Decimal(number), str(number), "utfall", f"f{place}") for place, number in enumerate(numbers)
    ]
    return curve(values, None if target is None else Decimal(target), "mål", "text")


def test_a_text_stands_under_its_point_only_where_the_line_would_cross_it():
    near = drawn(90, 83, 88)
    assert [point.text_dy for point in near.punkter] == [-7, 15]
    assert near.punkter[1].y - 18 <= near.mal_y < near.punkter[1].y
    assert [point.text_dy for point in drawn(None, 83, 88).punkter] == [-7, -7]
    assert [point.text_dy for point in drawn(80, 83, 88).punkter] == [-7, -7], "the line lies under the points"


def test_one_value_is_no_curve():
    assert drawn(90, 83) is None
