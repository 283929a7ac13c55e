"""Every file in tests/bad_plans gives a one-line error with the place, the problem and what is expected."""

import os
from pathlib import Path

import pytest

from sim.files.toml_reader import LARGEST
from sim.study.plan_reader import read_plan
from tests.unit.bad_files import BadFiles

BAD = BadFiles("bad_plans", read_plan, longest=600)
GOOD = 'title = "Good"\nscenarios = ["baseline"]\n'
refusal = BAD.refusal


def test_every_bad_file_is_expected_and_every_expected_file_is_there() -> None:
    BAD.check_listed(fewest=100)


@pytest.mark.parametrize("name", BAD.expected)
def test_bad_plan_gets_one_clear_line(name: str) -> None:
    message = BAD.check_line(name)
    assert message.startswith(f"{BAD.folder / name}: "), message


def test_huge_plan_folder_device_and_no_file(tmp_path: Path) -> None:
    (tmp_path / "huge.toml").write_bytes(GOOD.encode() + b"# filler\n" * (LARGEST // 8))
    assert "too large (expected at most 256 KiB)" in refusal(tmp_path / "huge.toml")
    assert "a folder or a device" in refusal(tmp_path)
    os.mkfifo(tmp_path / "pipe.toml")
    assert "a folder or a device" in refusal(tmp_path / "pipe.toml")
    assert "no such file" in refusal(tmp_path / "nowhere.toml")
    assert "no such file" in refusal("a\0b.toml")


def test_wrong_name_of_a_plan_that_ships() -> None:
    message = refusal("pace-of-release")
    assert "no such plan" in message, message
    assert "did you mean pace-of-releases?" in message, message


def test_a_scenario_that_cannot_be_used_is_the_one_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text('title = "Bad"\n[set]\n"taliban.leverage" = nan\n')
    (tmp_path / "study.toml").write_text('title = "x"\nscenarios = ["baseline", "bad.toml"]\n')
    message = refusal(tmp_path / "study.toml")
    assert message.startswith(f"{tmp_path / 'bad.toml'}: taliban.leverage = nan"), message


def test_a_scenario_whose_name_no_file_can_have(tmp_path: Path) -> None:
    (tmp_path / "-x.toml").write_text('title = "x"\n')
    (tmp_path / "study.toml").write_text('title = "x"\nscenarios = ["-x.toml"]\n')
    assert 'scenarios = "-x": a scenario has a name that no file can have' in refusal(tmp_path / "study.toml")
