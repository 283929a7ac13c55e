"""`jirga cliffs`: its text, its documents, its folder, and what it refuses."""

import csv
import hashlib
import io
import json
from pathlib import Path

import pytest

from sim.analysis.cliffs import find_cliffs
from sim.inputs.scenario_reader import load_scenario, parse_scenario
from sim.schema.decisions import levers
from sim.schema.milestones import MILESTONES
from tests.app.command import WORLDS, document, fail, succeed

pytestmark = pytest.mark.slow

PLAN = """
title = "A month"
base = "baseline"
end = 2020-04-01
"""
PARAMETER, LEVER = "taliban.pledge_trust", "kabul.ghani.offer"
FEW = ("--parameters", PARAMETER, "--levers", LEVER)
FILES = {
    "table.csv", "jumps.csv", "curves.csv", "cliffs.html", "cliffs.svg", "levers.svg", "scenario.toml", "manifest.json",
}  # fmt: skip


@pytest.fixture
def month(tmp_path: Path) -> Path:
    """A scenario of one month."""
    path = tmp_path / "month.toml"
    path.write_text(PLAN)
    return path


def test_the_document_is_what_python_gives(month: Path) -> None:
    """To the last bit, sorted by the size of the largest jump."""
    given = document("cliffs", month, *WORLDS, *FEW)
    found = find_cliffs(load_scenario(month), 8, 7, parameters=[PARAMETER], levers=[LEVER])
    assert given["settings"] == {one.name: one.row() for one in found.largest}
    assert given["base"] == dict(found.base)
    assert (given["worlds"], given["seed"], given["assumptions"]) == (8, 7, "point")
    assert "not a forecast" in given["note"]
    sizes = [abs(one["change_points"]) for one in given["settings"].values()]
    assert sizes == sorted(sizes, reverse=True)


def test_the_text_has_80_columns_and_says_how_to_read_it(month: Path) -> None:
    output = succeed("cliffs", month, *WORLDS, *FEW)
    for part in (
        "Cliffs: A month",
        "8 worlds",
        "seed 7",
        "not a forecast",
        PARAMETER,
        LEVER,
        "95 % interval",
        "1 lever",
    ):
        assert part in output, output
    assert max(len(line) for line in output.splitlines()) <= 80, output


def test_csv_is_the_table(month: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(succeed("cliffs", month, *WORLDS, *FEW, "--csv"))))
    given = document("cliffs", month, *WORLDS, *FEW)["settings"]
    assert [row["name"] for row in rows] == list(given)
    for row in rows:
        assert float(row["change_points"]) == given[row["name"]]["change_points"]
        assert row["crosses"] in {"true", "false"}


def test_one_world_has_no_nan(month: Path) -> None:
    """Its interval is null in JSON and empty in CSV."""
    words = ("cliffs", month, "--worlds", "1", "--levers", LEVER, "--on", "released_1000")
    row = document(*words)["settings"][LEVER]
    assert (row["low_points"], row["high_points"]) == (None, None)
    assert "nan" not in succeed(*words, "--csv").lower()
    assert "nan" not in succeed(*words).lower()


def test_the_filters_choose_what_is_changed(month: Path) -> None:
    """Only what one option names if the other is not given; `all` is all of its kind; a group is all its members."""
    words = ("cliffs", month, "--worlds", "1", "--on", "decree")
    assert list(document(*words, "--levers", LEVER)["settings"]) == [LEVER]
    assert list(document(*words, "--parameters", PARAMETER)["settings"]) == [PARAMETER]
    council = document(*words, "--levers", "council")["settings"]
    assert set(council) == {"council.backing"}
    every = set(document(*words, "--levers", "all")["settings"])
    assert every == {name for name, one in levers().items() if not one.flag}
    assert set(document(*words, "--levers", LEVER)["base"]) == {"decree"}
    assert set(document("cliffs", month, "--worlds", "1", "--levers", LEVER)["base"]) == set(MILESTONES)


def test_a_setting_changes_the_scenario(month: Path) -> None:
    given = document("cliffs", month, "--worlds", "1", "--levers", LEVER, "--set", "taliban.leverage=0.5")
    assert given["hash"] == load_scenario(month).change({"taliban.leverage": 0.5}).hash()


def test_the_folder_is_complete(month: Path, tmp_path: Path) -> None:
    """Every file, its checksum, the scenario, and a page without network access."""
    out = tmp_path / "out"
    output = succeed("cliffs", month, *WORLDS, *FEW, "--out", out)
    assert "Written to" in output
    assert {path.name for path in out.iterdir()} == FILES
    about = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert set(about["files"]) == FILES - {"manifest.json"}
    for name, file in about["files"].items():
        assert file["sha256"] == hashlib.sha256((out / name).read_bytes()).hexdigest(), name
    assert parse_scenario((out / "scenario.toml").read_text(encoding="utf-8")).hash() == about["hash"]
    page = (out / "cliffs.html").read_text(encoding="utf-8")
    assert "not a forecast" in page
    assert "<script" not in page
    assert 'src="http' not in page
    assert (out / "table.csv").read_text(encoding="utf-8") == succeed("cliffs", month, *WORLDS, *FEW, "--csv")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nobody",), "no such scenario"),
        (("baselin",), "did you mean baseline"),
        (("--worlds", "0"), "worlds = 0: out of bounds"),
        (("--worlds", "many"), "many"),
        (("--seed", "-1"), "seed = -1: out of bounds"),
        (("--parameters", "taliban.restrain"), "taliban.restraint"),
        (("--parameters", LEVER), "is a lever, not a parameter"),
        (("--parameters", "reading.attacks"), "no plausible range"),
        (("--levers", "kabul.ghani.offr"), "did you mean kabul.ghani.offer"),
        (("--levers", "taliban.leverage"), "is a parameter, not a lever"),
        (("--levers", "kabul.ghani.review"), "yes or no lever"),
        (("--levers", LEVER, "--on", "talk_open"), "did you mean talks_open"),
        (("--csv", "--json"), "use either --csv or --json, not both"),
        (("--set", "taliban.leverage=9999999"), "taliban.leverage"),
        (("--levrs", LEVER), "--levrs"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(words: tuple[str, ...], message: str) -> None:
    assert message in fail("cliffs", *words)


def test_a_folder_that_is_not_empty_is_refused_before_anything_runs(tmp_path: Path) -> None:
    """Its content remains; a file is no folder."""
    (tmp_path / "own.txt").write_text("mine")
    assert "the folder is not empty: choose another" in fail("cliffs", "--out", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["own.txt"]
    assert "is not a folder" in fail("cliffs", "--out", tmp_path / "own.txt")


def test_a_wrong_name_leaves_no_folder(tmp_path: Path) -> None:
    fail("cliffs", "--levers", "nothing", "--out", tmp_path / "new")
    fail("cliffs", "--levers", LEVER, "--on", "nothing", "--out", tmp_path / "new")
    assert list(tmp_path.iterdir()) == []
