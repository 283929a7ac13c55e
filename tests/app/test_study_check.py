"""`jirga study check`: the estimate for a plan, and one line for an invalid plan."""

from pathlib import Path

import pytest

from tests.app.command import document, fail, process, succeed

PLAN = """
title = "Two levers [red]bold[/red]"
question = "What then?"
scenarios = ["baseline", "free-run"]
worlds = 128
[vary]
method = "grid"
[vary.settings]
"kabul.ghani.offer" = { values = [1500, 3000], from = 2020-03-10, until = 2020-06-10 }
"taliban.truce" = { values = [true, false] }
[keep]
outcomes = ["attacks"]
[until]
on = "attacks"
interval = 0.5
worlds_at_most = 1280
[engine]
processes = 2
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A plan on disk."""
    (tmp_path / "study.toml").write_text(PLAN)
    return tmp_path / "study.toml"


def test_it_says_what_would_run_and_what_that_takes(plan: Path) -> None:
    said = succeed("study", "check", plan, "--rate", "100")
    text = [" ".join(line.split()) for line in said.splitlines()]
    for line in (
        "Two levers [red]bold[/red]",
        "kabul.ghani.offer 1,500, 3,000 people",
        "10 Mar 2020 to 9 Jun 2020",
        "taliban.truce yes, no yes or no",
        "scenarios baseline (reference), free-run",
        "points 4",
        "total worlds 1,024 in 2 units of work",
        "engine local, 2 processes",
        "speed 100 worlds per second in each process, as given",
        "time about 0:05",
    ):
        assert line in text, f"{line!r} is not in\n{said}"
    assert "at most 10,240 worlds (1,280 per point)" in " ".join(text)
    assert text[-1].startswith("ok ")
    assert max(len(line) for line in said.splitlines()) <= 80


def test_a_document_for_scripts(plan: Path) -> None:
    found = document("study", "check", plan, "--rate", "100")
    assert (found["points"], found["worlds"], found["most_worlds"], found["units"]) == (4, 1024, 10_240, 2)
    assert found["plan"]["vary"][0]["values"] == [1500, 3000]
    assert found["hash"] in succeed("study", "check", plan, "--rate", "100")
    assert found["note"] == "A tool for thinking about mechanisms, not a forecast."


@pytest.mark.parametrize(
    "name", ["pace-of-releases", "what-matters", "until-clear", "one-by-one", "levers-and-assumptions"]
)
def test_examples_that_ship_by_name(name: str) -> None:
    assert "ok " in succeed("study", "check", name, "--rate", "100")


def test_speed_is_measured_when_it_is_not_stated(tmp_path: Path) -> None:
    (tmp_path / "short.toml").write_text('title = "Short"\nbase = "baseline"\nend = 2020-03-04\n')
    (tmp_path / "study.toml").write_text('title = "x"\nscenarios = ["short.toml"]\nworlds = 64\n')
    said = succeed("study", "check", tmp_path / "study.toml")
    assert "just measured" in said, said


def test_what_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(PLAN.replace("1500, 3000", "1500, 7000"))
    line = fail("study", "check", tmp_path / "study.toml", "--rate", "100")
    assert f"{tmp_path / 'study.toml'}: kabul.ghani.offer = 7000: out of bounds (expected 0 to 5000 people)" in line
    assert "did you mean what-matters?" in fail("study", "check", "what-maters")
    for rate in ("0", "nan", "inf", "-3"):
        assert "--rate" in fail("study", "check", "until-clear", "--rate", rate)


def test_help_is_quick_and_has_examples() -> None:
    names = "('numpy', 'pandas', 'mesa', 'SALib', 'pyarrow')"
    heavy = f"import sys; from sim.cli.app import app; print([m for m in {names} if m in sys.modules])"
    assert process(code=heavy).stdout.strip() == "[]"
    assert "jirga study check pace-of-releases" in succeed("study", "check", "--help")
