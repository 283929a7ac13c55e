"""Numbers, shares, dates and units as people read them: no false zeros, in order, and near what they stand for."""

import datetime as dt
import math
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.schema.formatting import (
    MINUS,
    MOST_DECIMALS,
    day,
    decimals,
    interval,
    number,
    plus_minus,
    points,
    setting,
    share,
    signed,
    signed_interval,
    unit_label,
    with_unit,
    yes_no,
)

NUMBERS = st.floats(-1e12, 1e12) | st.floats(-1, 1) | st.integers(-(10**6), 10**6).map(float)
PLACES = st.none() | st.integers(0, MOST_DECIMALS)
SHARES = st.floats(0, 1)


def read(text: str) -> float:
    """The number that a text gives; a text such as <0.01 gives the middle between 0 and that."""
    plain = re.sub(r"[, %]|points", "", text.replace(MINUS, "-"))
    return float(plain[1:]) / 2 if plain[0] in "<>" else float(plain)


def shown_decimals(text: str) -> int:
    return len(text.partition(".")[2])


def step(text: str) -> float:
    """One unit of the last place."""
    return 10.0 ** -shown_decimals(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (-0.0, "0"), (40.0, "40"), (1234.5, "1,234"), (1234567.8, "1,234,568"), (56.78, "56.8"),
        (123.4, "123"), (9.999, "10.0"), (0.1234, "0.123"), (0.5, "0.500"), (0.0042, "0.0042"), (-0.63, "−0.630"),
        (-1234.0, "−1,234"), (0.00001, "<0.0001"), (-0.00001, ">−0.0001"), (None, "-"), (math.nan, "-"),
    ],
)  # fmt: skip
def test_a_number_has_three_figures(value: float | None, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [(0.25, None, "+0.250"), (-3, None, "−3"), (0, None, "0"), (0, 2, "0.00"), (0.004, 2, "<+0.01"),
     (-0.004, 2, ">−0.01"), (7.26, 1, "+7.3"), (None, None, "-"), (math.nan, 1, "-")],
)  # fmt: skip
def test_a_difference_has_its_sign(value: float | None, places: int | None, text: str) -> None:
    assert signed(value, places) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0 %"), (0.001, "<1 %"), (0.01, "1 %"), (0.43, "43 %"), (0.99, "99 %"), (0.994, ">99 %"), (1, "100 %"),
     (None, "-"), (math.nan, "-")],
)  # fmt: skip
def test_a_share_never_rounds_some_to_none(value: float | None, text: str) -> None:
    """Nor nearly all to all."""
    assert share(value) == text


def test_shares_may_have_decimals() -> None:
    assert [share(value, 1) for value in (0, 0.0003, 0.613, 0.9996, 1)] == [
        "0.0 %", "<0.1 %", "61.3 %", ">99.9 %", "100.0 %",
    ]  # fmt: skip


def test_points_are_differences_of_shares() -> None:
    assert [points(value) for value in (0.124, -0.5, 0, None)] == ["+12.4 points", "−50 points", "0 points", "-"]
    assert points(0.5, 1) == "+50.0 points"


def test_an_estimate_and_its_interval() -> None:
    assert interval(0.0015, 0.67) == "0.002 to 0.670"
    assert signed_interval(-0.3, 12.25) == "−0.3 to +12.2"
    assert signed_interval(0.04, 12.25) == "+0.04 to +12.2"
    assert signed_interval(-12.25, -0.00004) == "−12.2 to >−0.1"
    assert signed_interval(0.0, 12.25) == "0.0 to +12.2"
    assert interval(math.nan, 1) == interval(1, None) == "-"
    assert plus_minus(-0.388, 0.0706) == "−0.388 ± 0.071"
    assert plus_minus(0.0041, 0.00261) == "0.0041 ± 0.0026"
    assert plus_minus(0.25, math.nan) == "0.250"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5000, "5,000"), (0.75, "0.75"), (-0.43, "−0.43"), (1234567.0, "1,234,567"), (0.123456789, "0.123457"),
        (1e-9, "1e−09"), (True, "yes"), (False, "no"), (None, "by formula"), (dt.date(2020, 3, 10), "10 Mar 2020"),
        ("median", "median"), (math.nan, "-"), (math.inf, "infinite"), (12345678.9, "12,345,679"),
    ],
)  # fmt: skip
def test_a_setting_is_shown_in_full(value: object, text: str) -> None:
    assert setting(value) == text


def test_dates_units_and_answers() -> None:
    assert day(dt.date(2020, 3, 1)) == "1 Mar 2020"
    assert day(dt.date(2020, 3, 1), year=False) == "1 Mar"
    assert day(dt.datetime(2020, 3, 1, 12, tzinfo=dt.UTC)) == "1 Mar 2020"
    assert day(None) == "never"
    assert [unit_label(unit) for unit in ("1", "date", "people", "ratio to 2019")] == ["", "", "people", "times 2019"]
    assert with_unit("5,000", "people") == "5,000 people"
    assert with_unit("0.4", "0 to 1") == "0.4"
    assert [yes_no(value) for value in (True, False, None)] == ["yes", "no", "-"]


@pytest.mark.slow
@given(NUMBERS, PLACES)
@example(1e-300, None)
@example(-4e-5, None)
def test_what_is_not_zero_is_never_shown_as_zero(value: float, places: int | None) -> None:
    for text in (number(value, places), signed(value, places), setting(value)):
        assert (read(text) == 0) is (value == 0), text
        assert "-" not in text, "a hyphen for a minus"


@pytest.mark.slow
@given(NUMBERS, NUMBERS, PLACES)
def test_larger_numbers_never_look_smaller(a: float, b: float, places: int | None) -> None:
    low, high = sorted((a, b))
    assert read(number(low, places)) <= read(number(high, places))
    assert read(signed(low, places)) <= read(signed(high, places))


@pytest.mark.slow
@given(NUMBERS, PLACES)
def test_a_number_reads_back_within_what_it_states(value: float, places: int | None) -> None:
    """Half a unit of its last place, which is at most 0.5 % of it or half of 0.0001 where the decimals are free."""
    text = number(value, places)
    half = step(text) / 2
    assert abs(read(text) - value) <= half * (1 + 1e-9) + abs(value) * 1e-15, text
    if places is None:
        assert half <= max(abs(value) / 199, 10.0**-MOST_DECIMALS / 2) or read(text) == value, text


@pytest.mark.slow
@given(NUMBERS)
def test_a_setting_reads_back_to_six_figures(value: float) -> None:
    assert read(setting(value)) == pytest.approx(value, rel=5.1e-6, abs=0)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_an_interval_has_the_decimals_of_its_estimate(low: float, mid: float, high: float) -> None:
    places = decimals(low, mid, high)
    ends = signed_interval(low, high, places).split(" to ")
    assert shown_decimals(signed(mid, places)) == places
    for value, text in zip((low, high), ends, strict=True):
        if value and not round(value, places):  # it would be shown as 0
            assert shown_decimals(text) > places or text[0] in "<>"
        else:
            assert shown_decimals(text) == places


@given(SHARES, SHARES, st.integers(0, 2))
def test_shares_keep_their_order_and_their_ends(a: float, b: float, places: int) -> None:
    def place(value: float) -> tuple[float, int]:
        """Where a text stands: <1 below 1, >99 above 99."""
        text = share(value, places)
        at = float(re.sub(r"[<> %]", "", text))
        return at, {"<": -1, ">": 1}.get(text[0], 0)

    low, high = sorted((a, b))
    assert place(low) <= place(high)
    for value in (a, b):
        assert (place(value) == (0, 0)) is (value == 0)
        assert (place(value) == (100, 0)) is (value == 1)
        assert abs(place(value)[0] - 100 * value) <= 10.0**-places
