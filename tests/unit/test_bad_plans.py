"""Every file in tests/bad_plans is refused with one line that says where, what and what instead."""

import os
import tomllib
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.study.plan_file import read_plan
from sim.tomlfile import LARGEST

FOLDER = Path(__file__).parents[1] / "bad_plans"
EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))
FEWEST = 100
LONGEST_LINE = 600  # characters
GOOD = 'title = "Good"\nscenarios = ["baseline"]\n'


def refusal(source: str | Path) -> str:
    """The message with which a plan is refused."""
    with pytest.raises(InputError) as caught:
        read_plan(source)
    return str(caught.value)


def test_every_bad_file_is_expected_and_every_expected_file_is_there() -> None:
    found = {path.name for path in FOLDER.iterdir()} - {"expected.toml"}
    assert found == set(EXPECTED), f"only in one of the two: {sorted(found ^ set(EXPECTED))}"
    assert len(found) >= FEWEST, f"only {len(found)} bad files"


@pytest.mark.parametrize("name", EXPECTED)
def test_bad_plan_gets_one_clear_line(name: str) -> None:
    message = refusal(FOLDER / name)
    assert message.startswith(f"{FOLDER / name}: "), message
    assert message.isprintable(), repr(message)
    assert len(message) < LONGEST_LINE, f"{len(message)} characters: {message}"
    for part in EXPECTED[name]:
        assert part in message, f"{part!r} is not in {message!r}"


def test_huge_plan_folder_device_and_no_file(tmp_path: Path) -> None:
    (tmp_path / "huge.toml").write_bytes(GOOD.encode() + b"# filler\n" * (LARGEST // 8))
    assert "too large (bounds at most 256 KiB)" in refusal(tmp_path / "huge.toml")
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
