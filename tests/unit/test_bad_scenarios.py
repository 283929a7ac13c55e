"""Every file in tests/bad_scenarios gives a one-line error with the place, the problem and what is expected."""

import io
import os
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.files.toml_reader import LARGEST
from sim.inputs.scenario_reader import load_scenario, parse_scenario
from tests.unit.bad_files import BadFiles

BAD = BadFiles("bad_scenarios", load_scenario, longest=1200)
refusal = BAD.refusal


def test_every_bad_file_is_expected_and_every_expected_file_is_there() -> None:
    """The table and the folder have the same files, and enough of them."""
    BAD.check_listed(fewest=45)


@pytest.mark.parametrize("name", BAD.expected)
def test_bad_file_gets_one_clear_line(name: str) -> None:
    """One printable line that starts with the file and contains path, value, bounds and closest name."""
    message = BAD.check_line(name)
    assert message.startswith(f"{BAD.folder}{os.sep}"), message
    assert ".toml: " in message, message


@pytest.mark.parametrize("name", BAD.expected)
def test_text_and_path_agree(name: str) -> None:
    """The same text gives an error from an upload or standard input too."""
    with pytest.raises(InputError):
        parse_scenario((BAD.folder / name).read_bytes(), file="upload")
    with pytest.raises(InputError):
        load_scenario(io.BytesIO((BAD.folder / name).read_bytes()))


def test_file_name_comes_first_only_for_the_file_itself() -> None:
    """An error in a base names the base's file, not the file that uses it."""
    message = refusal(BAD.folder / "base-is-bad.toml")
    assert message.startswith(f"{BAD.folder / 'number-negative.toml'}: "), message


def test_huge_file(tmp_path: Path) -> None:
    """A file above the size limit gives an error without being parsed or read completely."""
    path = tmp_path / "huge.toml"
    path.write_bytes(b'title = "x"\n' + b"# filler\n" * (LARGEST // 8))
    message = refusal(path)
    assert "too large" in message, message
    assert "at most 256 KiB" in message, message


def test_sparse_file_of_gigabytes(tmp_path: Path) -> None:
    """A file of 8 GiB does not fill the memory."""
    path = tmp_path / "sparse.toml"
    with path.open("wb") as stream:
        stream.truncate(8 * 2**30)
    assert "too large" in refusal(path)


def test_largest_file_that_is_allowed(tmp_path: Path) -> None:
    """A file of exactly the size limit loads."""
    head = b'title = "x"\n#'
    path = tmp_path / "large.toml"
    path.write_bytes(head + b"x" * (LARGEST - len(head) - 1) + b"\n")
    assert load_scenario(path).title == "x"


def test_no_such_file_folder_or_device(tmp_path: Path) -> None:
    """Anything but a regular file gives an error immediately."""
    assert "no such file" in refusal(tmp_path / "nowhere.toml")
    assert "a folder or a device" in refusal(tmp_path)
    os.mkfifo(tmp_path / "pipe.toml")
    assert "a folder or a device" in refusal(tmp_path / "pipe.toml")
    assert "a folder or a device" in refusal("/dev/zero")
    assert "no such file" in refusal("a\0b.toml")
    assert refusal("x" * 5000 + ".toml").isprintable()


def test_chain_of_bases_that_never_ends(tmp_path: Path) -> None:
    """A chain longer than allowed is rejected before Python reaches its recursion limit."""
    for step in range(40):
        (tmp_path / f"s{step}.toml").write_text(f'title = "x"\nbase = "s{step + 1}"\n')
    assert "overlong base chain" in refusal(tmp_path / "s0.toml")


def test_name_that_is_no_scenario() -> None:
    """A wrong name and a wrong path give different errors."""
    message = refusal("no such name")
    assert "no such scenario" in message, message
    assert "a name, a path or -" in message, message
