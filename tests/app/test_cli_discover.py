"""`jirga discover`: its text, its document, the scenario that it writes, and what it refuses."""

from pathlib import Path
from typing import Any

import pytest

from sim.study.folder import Folder
from tests.app.command import document, fail, succeed
from tests.unit.studies import filled, plan
from tests.unit.test_discover import VARIED

CONDITION = ("--outcome", "attacks > 145")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A study of three days in which the intensity ordered decides the attacks."""
    outcomes = ("attacks", "reached_decree")
    given: dict[str, Any] = {"assumptions": "point", "method": "latin-hypercube", "vary": VARIED, "outcomes": outcomes}
    study = plan(samples=200, worlds=2, **given)
    return filled(tmp_path_factory.mktemp("discover") / "study", study)[0]


@pytest.mark.slow
def test_the_text_says_what_was_found_and_how_sure_it_is(folder: Folder, tmp_path: Path) -> None:
    out = tmp_path / "many-attacks.toml"
    output = succeed("discover", folder.path, *CONDITION, "--check", "160", "--out", out)
    words = " ".join(output.split())
    for part in (
        "When does it come? attacks > 145", "400 worlds of baseline", "not a forecast", "of fresh worlds where",
        "Violence ordered against Afghan forces is at least", "The conditions cover", "95 % interval",
        "A typical world", "the half that did not choose", "fresh worlds",
    ):  # fmt: skip
        assert part in words, output
    assert max(len(line) for line in output.splitlines()) <= 80, output
    assert "taliban.intensity" in out.read_text(encoding="utf-8")
    assert succeed("check", out).startswith("ok ")
    assert "there is a file already" in fail("discover", folder.path, *CONDITION, "--out", out)


def test_the_document(folder: Folder) -> None:
    given = document("discover", folder.path, *CONDITION, "--check", "0")
    assert given["found"] is True
    (limit,) = given["limits"]
    assert (limit["name"], limit["high"], limit["kind"]) == ("taliban.intensity", None, "setting")
    assert set(given["counts"]) == {"the whole study", "the half that did not choose"}
    assert given["typical"]["came"] is True
    assert "share_of_power" in given["candidates"]
    assert given["plays"].startswith("title")


def test_what_is_refused(folder: Folder, tmp_path: Path) -> None:
    assert "no such folder" in fail("discover", tmp_path / "nowhere", *CONDITION)
    assert "is a plan: run it first" in fail("discover", tmp_path / "plan.toml", *CONDITION)
    assert "did you mean attacks?" in fail("discover", folder.path, "--outcome", "atacks > 3")
    assert "is no condition" in fail("discover", folder.path, "--outcome", "many attacks")
    assert "--outcome" in fail("discover", folder.path)
    assert "out of bounds" in fail("discover", folder.path, *CONDITION, "--check", "-1")
