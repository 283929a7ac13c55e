"""The files of a study with another content or of another kind: one line, whatever stands in their place."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.errors import InputError
from sim.study import lock
from sim.study.folder import LEFT_OUT, MANIFEST, PLAN, POINTS, ROUNDS, Folder
from sim.study.run import run
from sim.study.status import status
from sim.study.verify import verify
from tests.unit import studies

DEEP = b"[" * 100_000
BROKEN = {
    "nothing": b"", "null": b"null", "noise": bytes(range(256)), "a brace": b"{", "NaN": b"NaN", "depth": DEEP,
    "text": b'"x"', "a number": b"1", "a fraction": b"0.5", "true": b"true", "false": b"false",
}  # fmt: skip
ROUNDS_BROKEN: dict[str, Any] = {
    "a table": {}, "no round": [], "zero": [0], "another start": [65], "the same twice": [64, 64], "fewer": [64, 32],
    "a float": [64.0], "yes": [True], "words": ["64"], "a list": [[64]], "none": [None], "a table in it": [{}],
    "below zero": [-64], "too many": [64, 10**30], "a float later": [64, 128.5], "a table of it": {"64": 64},
}  # fmt: skip
SET_ASIDE_BROKEN: dict[str, Any] = {
    "a table": {}, "a number": [1], "words": ["x"], "a list": [[]], "none": [None], "one of two": [{}, 1],
}  # fmt: skip
MANIFEST_BROKEN: dict[str, Any] = {
    "a list": [], "an empty table": {}, "a plan that is a number": {"plan": 1, "points": "x", "model": "x"},
    "points that are a list": {"plan": "x", "points": [], "model": "x"}, "no model": {"plan": "x", "points": "x"},
    "a model that is none": {"plan": "x", "points": "x", "model": None},
}  # fmt: skip
CONTENTS = [
    *((name, what, data) for name in (ROUNDS, LEFT_OUT, MANIFEST) for what, data in BROKEN.items()),
    *((ROUNDS, what, json.dumps(value).encode()) for what, value in ROUNDS_BROKEN.items()),
    *((LEFT_OUT, what, json.dumps(value).encode()) for what, value in SET_ASIDE_BROKEN.items()),
    *((MANIFEST, what, json.dumps(value).encode()) for what, value in MANIFEST_BROKEN.items()),
]
KINDS: dict[str, Callable[[Path], object]] = {
    "a folder": Path.mkdir,
    "a pipe": os.mkfifo,
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
}
PART = "parts/0.parquet"
FILES = (MANIFEST, PLAN, POINTS, ROUNDS, LEFT_OUT, PART)


@pytest.fixture
def study(tmp_path: Path) -> Folder:
    return studies.filled(tmp_path / "study", studies.plan(outcomes=("attacks",)))[0]


def used(path: Path) -> None:
    """Read everything in a study's folder."""
    folder = Folder.open(path)
    list(folder.rows())
    status(folder)
    verify(folder)
    run(folder, studies.Here())


@pytest.mark.slow
@pytest.mark.parametrize(("name", "what", "data"), CONTENTS, ids=[f"{name}-{what}" for name, what, _ in CONTENTS])
def test_another_content(study: Folder, name: str, what: str, data: bytes) -> None:
    (study.path / name).write_bytes(data)
    with pytest.raises(InputError) as refused:
        used(study.path)
    said = str(refused.value)
    assert said.isprintable(), what
    assert name in said or "contains no study" in said


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kind", KINDS)
def test_another_kind_of_file_is_no_reason_to_wait(study: Folder, name: str, kind: str) -> None:
    file = study.part_files()[0] if name == PART else study.path / name
    file.unlink(missing_ok=True)
    KINDS[kind](file)
    with pytest.raises(InputError) as refused:
        used(study.path)
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("name", [lock.NAME, lock.HOLDER])
@pytest.mark.parametrize("kind", KINDS)
def test_another_kind_of_lock_is_refused_or_replaced(study: Folder, name: str, kind: str) -> None:
    path = study.path / name
    path.unlink(missing_ok=True)
    KINDS[kind](path)
    try:
        run(study, studies.Here())
    except InputError as refused:
        assert str(refused).isprintable()  # noqa: PT017  a holder is only replaced
        assert os.path.lexists(path)
    else:
        assert name == lock.HOLDER


def test_a_lock_that_is_a_link_leaves_its_target_alone(study: Folder, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    for name in (lock.NAME, lock.HOLDER):
        (study.path / name).unlink(missing_ok=True)
        (study.path / name).symlink_to(tmp_path / "mine")
    with pytest.raises(InputError, match="is a link"):
        run(study, studies.Here())
    (study.path / lock.NAME).unlink()
    run(study, studies.Here())
    assert (tmp_path / "mine").read_text() == "mine"


@pytest.mark.parametrize("record", [b"[]", b"1", b"{}", DEEP, b'{"pid": "x", "host": 1, "since": null, "rows": []}'])
def test_a_holder_that_is_none_says_nothing(study: Folder, record: bytes) -> None:
    with study.lock():
        (study.path / lock.HOLDER).write_bytes(record)
        assert status(study).running is None
        with pytest.raises(InputError, match="another run is using this study"), study.lock():
            pass


@pytest.mark.parametrize("kind", KINDS)
def test_what_only_looks_half_written_is_kept(study: Folder, kind: str) -> None:
    KINDS[kind](study.path / ".mine.1234.part")
    with study.lock():
        assert os.path.lexists(study.path / ".mine.1234.part")
