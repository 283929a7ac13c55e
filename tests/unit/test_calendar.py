"""The calendar: half-open, day 0 at the start."""

import datetime as dt

import numpy as np
import pytest

from sim.errors import InputError
from sim.schema.calendar import Calendar

RUN = Calendar(dt.date(2020, 3, 1), dt.date(2021, 1, 1))


def test_run_of_the_text() -> None:
    """It has 306 days; the last one is 31 December."""
    assert RUN.days == len(RUN) == len(RUN.dates) == len(list(RUN)) == 306
    assert RUN.dates.dtype == np.dtype("datetime64[D]")
    assert RUN.dates[0] == np.datetime64("2020-03-01")
    assert RUN.dates[-1] == np.datetime64("2020-12-31")


def test_index_and_date_are_inverse() -> None:
    """Holds inside the run and outside it."""
    for index in (-400, -1, 0, 44, 305, 306, 5000):
        assert RUN.index(RUN.date(index)) == index
    assert RUN.index(dt.date(2020, 4, 15)) == 45


def test_end_is_not_a_day() -> None:
    """The start is a day of the run, the end is not."""
    assert RUN.start in RUN
    assert RUN.end not in RUN
    assert dt.date(2020, 12, 31) in RUN


def test_window() -> None:
    """The text's window is 45 days; a window outside the run is empty."""
    window = RUN.window(dt.date(2020, 3, 1), dt.date(2020, 4, 15))
    assert window == slice(0, 45)
    assert RUN.window(dt.date(2019, 3, 1), dt.date(2019, 4, 15)) == slice(0, 0)
    assert RUN.window(dt.date(2020, 12, 1), dt.date(2022, 1, 1)) == slice(275, 306)
    assert RUN.window(dt.date(2022, 1, 1), dt.date(2023, 1, 1)) == slice(306, 306)


def test_leap_day_counts() -> None:
    """29 February 2020 is a day; 2019 has none."""
    assert Calendar(dt.date(2020, 2, 28), dt.date(2020, 3, 1)).days == 2
    assert Calendar(dt.date(2019, 2, 28), dt.date(2019, 3, 1)).days == 1


@pytest.mark.parametrize("end", [dt.date(2020, 3, 1), dt.date(2019, 3, 1)])
def test_no_days(end: dt.date) -> None:
    """An end that is not after the start is rejected."""
    with pytest.raises(InputError, match="must be after the start"):
        Calendar(dt.date(2020, 3, 1), end)
