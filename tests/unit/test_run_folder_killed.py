"""A run killed at any step of writing its folder: the folder of before or after is there, and nothing else is left."""

import os
import signal
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.export import run_folder
from sim.export.run_folder import claim, write_run
from tests.unit.synthetic import results
from tests.unit.test_run_folder_kept import fill, tree

pytestmark = [
    pytest.mark.kills,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a copy of this process, which needs fork"),
]
STEPS = ("open", "mkdir", "rmdir", "unlink", "replace", "rename", "fsync")  # everything that changes a folder
FEWEST = 40


def killed(step: int, work: Callable[[], object]) -> bool:
    """Do work in a copy of this process that kills itself before its n-th step. Returns whether it was killed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads: the copy uses none
        process = os.fork()
    if not process:
        try:
            _count(step)
            work()
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(process, 0)
    assert status in {0, signal.SIGKILL}, "neither killed nor done"
    return status != 0


def _count(step: int) -> None:
    """Kill this process before its n-th step."""
    left = step

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **more: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*given, **more)

        return call

    for name in STEPS:
        setattr(os, name, counted(getattr(os, name)))


@pytest.mark.parametrize("there", ["nothing", "a run"])
def test_before_or_after_whatever_the_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: str) -> None:
    made = results(2)
    monkeypatch.setattr(run_folder, "_fill", fill)
    force, kills, states = there == "a run", 0, set()
    while True:
        target = tmp_path / str(kills) / "run"
        target.parent.mkdir()
        if there == "a run":
            write_run(made, target)
            (target / "worlds.csv").write_text("before")
        before = tree(target.parent)
        if not killed(kills, lambda target=target: write_run(made, target, force=force)):  # type: ignore[misc]
            break
        kills += 1
        states.add(check(target, before, force=there == "a run"))
        write_run(made, target, force=True)
        assert {path.name for path in target.parent.iterdir()} == {"run"}
    assert states == {"before", "after"}
    assert kills >= {"nothing": 20, "a run": FEWEST}[there], f"only {kills} kills"


def check(target: Path, before: dict[str, str], *, force: bool) -> str:
    """Check what is there, then what the next run finds. Returns whether the folder is that of before or after."""
    if target.exists() and any(target.iterdir()):
        assert "manifest.json" in tree(target), "a folder that is not whole has the name"
    with claim(target, force=True):
        found = {name: text for name, text in tree(target.parent).items() if not name.endswith(".lock")}
        if found == before:
            return "before"
        assert set(found) == {"run", *(f"run/{name}" for name in tree(target))}, f"left: {sorted(found)}"
        assert "run/manifest.json" in found
        assert not force or found["run/worlds.csv"] != "before"
        assert len({text for name, text in found.items() if name.endswith((".csv", ".svg", ".toml"))}) == 1
    return "after"
