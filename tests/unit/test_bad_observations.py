"""Every file in tests/bad_observations gives a one-line error with the place, the problem and what is expected."""

import datetime as dt
import os
from pathlib import Path

import pytest

import sim
from sim.analysis.scoring.observation_reader import EXAMPLE, read_observations
from sim.analysis.scoring.score import check_days
from sim.errors import InputError
from sim.files.toml_reader import LARGEST
from tests.unit.bad_files import BadFiles

BAD = BadFiles("bad_observations", read_observations, longest=400)
refusal = BAD.refusal


def test_every_bad_file_is_expected_and_every_expected_file_is_there() -> None:
    BAD.check_listed(fewest=75)


@pytest.mark.parametrize("name", BAD.expected)
def test_bad_observations_get_one_clear_line(name: str) -> None:
    message = BAD.check_line(name)
    assert message.startswith(f"{BAD.folder / name}: "), message


@pytest.mark.parametrize("ending", ["toml", "csv"])
def test_huge_file_folder_device_and_no_file(tmp_path: Path, ending: str) -> None:
    (tmp_path / f"huge.{ending}").write_bytes(b"# filler\n" * (LARGEST // 8))
    assert "too large (expected at most 256 KiB)" in refusal(tmp_path / f"huge.{ending}")
    (tmp_path / f"folder.{ending}").mkdir()
    assert "a folder or a device" in refusal(tmp_path / f"folder.{ending}")
    os.mkfifo(tmp_path / f"pipe.{ending}")
    assert "a folder or a device" in refusal(tmp_path / f"pipe.{ending}")
    assert "no such file" in refusal(tmp_path / f"nowhere.{ending}")
    assert "no such file" in refusal("a\0b.toml") or "cannot be the name" in refusal("a\0b.toml")


def test_an_observation_outside_the_run_is_named() -> None:
    short = sim.load_scenario("baseline").with_dates(end=dt.date(2020, 9, 1))
    with pytest.raises(InputError) as caught:
        check_days(read_observations(EXAMPLE), short)
    message = str(caught.value)
    assert "observations 3.ceasefire = 2020-11-30: is not within the days of baseline" in message, message
    assert message.endswith("(expected 2020-03-01 up to 2020-09-01, not included)"), message


def test_a_run_without_the_first_day_of_scores_is_refused() -> None:
    window = sim.load_scenario("baseline").with_dates(end=dt.date(2020, 4, 15))
    with pytest.raises(InputError, match="does not include 2020-04-15"):
        check_days(read_observations(EXAMPLE), window)
