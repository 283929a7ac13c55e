"""The record: days not simulated are NaN, and a missing series is an error."""

import numpy as np
import pytest

from sim.engine.recorder import Record
from sim.schema.milestones import MILESTONES, NEVER
from sim.schema.series import SERIES


def today(value: float, worlds: int = 3) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    """Return every series with one value."""
    return {name: np.full(worlds, value, np.float32) for name in SERIES}


def test_an_empty_record_contains_nan_and_no_milestones() -> None:
    record = Record(days=4, worlds=3)
    assert set(record.daily) == set(SERIES)
    assert all(rows.shape == (4, 3) and np.isnan(rows).all() for rows in record.daily.values())
    assert all((day == NEVER).all() for day in record.milestones.day.values())
    assert set(record.milestones.day) == set(MILESTONES)


def test_a_day_is_written_where_it_belongs_and_copied() -> None:
    record, lived = Record(days=3, worlds=3), today(5)
    record.write(1, lived)
    lived["attacks"][:] = 9
    np.testing.assert_array_equal(record.daily["attacks"][1], [5, 5, 5])
    assert np.isnan(record.daily["attacks"][[0, 2]]).all()


def test_a_missing_series_is_an_error() -> None:
    lived = today(1)
    del lived["airstrikes"]
    with pytest.raises(KeyError, match="airstrikes"):
        Record(days=3, worlds=3).write(0, lived)


def test_a_milestone_is_recorded_once_with_its_first_day_and_reason() -> None:
    book = Record(days=9, worlds=3).milestones
    book.mark("decree", 2, np.array([True, False, False]), 1)
    book.mark("decree", 5, np.array([True, True, False]), np.array([0, 0, 1], np.int8))
    np.testing.assert_array_equal(book.day["decree"], [2, 5, NEVER])
    np.testing.assert_array_equal(book.reason["decree"], [1, 0, NEVER])


def test_an_unknown_milestone_is_an_error() -> None:
    with pytest.raises(KeyError, match="peace"):
        Record(days=2, worlds=1).milestones.mark("peace", 0, np.array([True]))
