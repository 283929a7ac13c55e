"""The numbers of a study as text: signs, units and days."""

import datetime as dt
import math

import pytest

from sim.study.factor import Factor
from sim.study.formatting import OutcomeFormat, dates, setting, tried, unit
from tests.unit.made_up import LEVERAGE

AID = Factor("us.aid_cut", values=(0.5, 2))
WILL = Factor("taliban.attend_base", low=-0.63, high=-0.43)


def test_numbers_and_spans_have_no_hyphen_for_a_minus() -> None:
    text = OutcomeFormat.of("kabul_cohesion")
    assert text.span(-0.63, -0.43) == "\N{MINUS SIGN}0.630 to \N{MINUS SIGN}0.430"
    assert text.value(-0.0) == "0"
    assert text.value(-3.0) == "\N{MINUS SIGN}3"
    assert text.change(-0.00001) == ">\N{MINUS SIGN}0.0001"
    assert text.change(0.25) == "+0.250"
    assert text.value(math.nan) == text.change(math.nan) == text.span(math.nan, 1) == "-"


def test_a_value_has_the_decimals_of_its_interval() -> None:
    text = OutcomeFormat.of("attacks")
    assert (text.value(9.5, 8.0, 11.0), text.span(8.0, 11.0, 9.5)) == ("9.5", "8.0 to 11.0")
    assert (text.change(-0.04, -7.3, 7.22), text.change_span(-7.3, 7.22, -0.04)) == (
        "\N{MINUS SIGN}0.04",
        "\N{MINUS SIGN}7.30 to +7.22",
    )


def test_shares_have_one_decimal_and_stay_between_none_and_all() -> None:
    text = OutcomeFormat.of("reached_talks_open")
    assert (text.value(0.6134), text.value(0.0003), text.change(-0.5)) == (
        "61.3 %",
        "<0.1 %",
        "\N{MINUS SIGN}50.0 points",
    )
    assert text.span(-0.1, 0.9996) == "0.0 to >99.9 %"
    assert text.change_span(-0.1, 0.25) == "\N{MINUS SIGN}10.0 to +25.0 points"


@pytest.mark.parametrize(
    ("one", "value", "words"),
    [
        (AID, 0.5, "0.5 bn USD per year"),
        (WILL, -0.43, "\N{MINUS SIGN}0.43"),
        (Factor("taliban.intensity", values=(1, 2)), 2, "2 times 2019"),
        (Factor("kabul.ghani.offer", values=(500, 5000)), 5000, "5,000 people"),
        (Factor(LEVERAGE, values=(0.75, 0.9)), 0.75, "0.75"),
        (Factor("kabul.ghani.review", values=(True, False)), 1, "yes"),
    ],
)
def test_settings_are_told_with_their_units_in_words(one: Factor, value: float, words: str) -> None:
    assert setting(one, value) == words


def test_what_is_tried_and_its_unit_stand_in_words() -> None:
    assert [tried(one) for one in (AID, WILL)] == ["0.5, 2", "\N{MINUS SIGN}0.63 to \N{MINUS SIGN}0.43"]
    assert [unit(one) for one in (AID, WILL)] == ["bn USD per year", ""]
    assert unit(Factor("kabul.ghani.review", values=(True, False))) == "yes or no"


def test_days_from_the_start_have_their_dates_beside_them() -> None:
    start, text = dt.date(2020, 3, 1), OutcomeFormat.of("day_talks_open")
    assert text.dated(start, 0) == " (1 Mar 2020)"
    assert text.dated(start, 30.4, 31.2) == " (31 Mar 2020 to 1 Apr 2020)"
    assert text.dated(start, 30.4, 29.8) == " (31 Mar 2020)"
    assert text.dated(start, math.nan, 3) == OutcomeFormat.of("attacks").dated(start, 3) == ""


def test_a_levers_days_are_dates_as_people_write_them() -> None:
    one = Factor("kabul.ghani.offer", dt.date(2020, 3, 10), dt.date(2020, 6, 10), (1500,))
    assert dates(one) == "from 10 Mar 2020 until 10 Jun 2020"


def test_axes_and_differences_name_units_in_words() -> None:
    assert OutcomeFormat.of("attacks").unit == "attacks"
    assert OutcomeFormat.of("reached_talks_open").change_unit == "percentage points of worlds"
    assert OutcomeFormat.of("kabul_cohesion").unit == "0 to 1"
