"""A target that cannot be written gives an error before any part of a study is read."""

from pathlib import Path

import pytest

from sim.errors import InputError
from sim.study import part
from sim.study.export import export
from sim.study.folder import Folder
from sim.study.merge import merge
from tests.unit import studies

NOWHERE = Path("/proc/nowhere/out")  # not even root may write there


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """A study whose parts must not be read."""
    made, _ = studies.filled(tmp_path / "study", studies.grid())

    def read(*_: object) -> None:
        raise AssertionError("a part was read")

    monkeypatch.setattr(part, "decode", read)
    return made


def test_merge_refuses_first(study: Folder) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        merge(NOWHERE, [study.path])


def test_export_refuses_first(study: Folder) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        export(study, NOWHERE)


def test_nothing_is_left_where_a_target_was_tried(study: Folder, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="a part was read"):
        merge(tmp_path / "new" / "whole", [study.path])
    assert [one.name for one in tmp_path.iterdir()] == ["study"]
