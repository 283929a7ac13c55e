"""The commands `compare`, `list`, `show`, `check`, `parameters` and `facts`: their text and JSON output."""

import dataclasses
import datetime as dt
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import sim.analysis.fact_checks
import sim.runs.runner
from sim.inputs.parameters import catalogue
from sim.inputs.scenario_reader import load_scenario, parse_scenario, scenario_names
from sim.runs.compare import compare
from sim.schema.decisions import levers
from sim.schema.formatting import MINUS
from sim.schema.milestones import MILESTONES
from sim.schema.outcomes import OUTCOMES
from sim.study.plan_reader import plan_names
from tests.app.command import PLAN, ROOT, WORLDS, document, fail, jirga, succeed

pytestmark = pytest.mark.slow


def test_compare_gives_the_paired_effects() -> None:
    """The same as in Python, to the last bit, with both runs named."""
    given = document("compare", "baseline", "no-review", *WORLDS)
    found = compare(load_scenario("baseline"), load_scenario("no-review"), 8, 7)
    assert (given["a"]["scenario"], given["b"]["scenario"]) == ("baseline", "no-review")
    effects = {e.outcome: (e.effect, e.low, e.high) for e in found.table()}
    assert {name: (row["effect"], row["low"], row["high"]) for name, row in given["effects"].items()} == effects
    earlier = {m.milestone: m.earlier for m in found.milestones()}
    assert {name: row["earlier"] for name, row in given["milestones"].items()} == earlier


def test_compare_with_itself_moves_nothing() -> None:
    """Every effect is 0 and none is significant."""
    given = document("compare", "baseline", "baseline", *WORLDS)
    assert set(MILESTONES) == set(given["milestones"]), given["milestones"]
    assert "attacks" in given["effects"], given["effects"]
    for name, row in {**given["effects"], **given["milestones"]}.items():
        assert (row["effect"], row["same"], row["p"], row["significant"]) == (0, 1, 1, False), name
        share = name in given["milestones"] or name.startswith("reached_")
        assert row["low"] == -row["high"], name
        assert (row["high"] > 0) == share, "eight worlds do not show that no world would change"


def test_compare_prints_within_80_columns() -> None:
    """Both titles, the milestones, the outcomes, and the meaning of the signs."""
    output = succeed("compare", "baseline", "all-5000-at-once", *WORLDS)
    for part in (
        "A  Baseline",
        "B  All 5,000",
        "8 pairs of worlds",
        "not a forecast",
        "Totals over the run",
        "*: significant",
    ):
        assert part in output, output
    assert max(len(line) for line in output.splitlines()) <= 80


def test_compare_shows_only_the_outcomes_asked_for() -> None:
    """In text and JSON; a setting changes both scenarios."""
    words = ("compare", "baseline", "free-run", *WORLDS, "--on", "attacks", "--on", "reached_talks_open")
    given = document(*words, "--set", "taliban.leverage=0.5")
    assert list(given["effects"]) == ["attacks", "reached_talks_open"]
    assert "milestones" not in given
    changed = load_scenario("free-run").change({"taliban.leverage": 0.5})
    assert given["b"]["hash"] == changed.hash()
    output = succeed(*words)
    assert "Taliban attacks" in output
    assert "Afghan security forces" not in output


def test_list_names_every_scenario_that_ships() -> None:
    """In the table and in the document."""
    names = scenario_names()
    assert len(names) >= 15
    assert [row["name"] for row in document("list")] == names
    output = succeed("list")
    for name in names:
        assert f"\n {name} " in output


@pytest.mark.parametrize("name", scenario_names())
def test_show_tells_every_scenario(name: str) -> None:
    """As text within 80 columns, as a file that reads back equal, and as JSON."""
    scenario = load_scenario(name)
    output = succeed("show", name)
    assert scenario.title in output
    assert scenario.hash()[:12] in output
    assert max(len(line) for line in output.splitlines()) <= 80
    assert parse_scenario(succeed("show", name, "--toml")) == scenario
    given = document("show", name)
    assert given["hash"] == scenario.hash()
    assert given["canonical"] == scenario.canonical()


def test_check_says_ok_and_the_hash(tmp_path: Path) -> None:
    """For a file and for stdin; for an invalid file the error."""
    path = tmp_path / "plan.toml"
    path.write_text(PLAN)
    wanted = f"ok {parse_scenario(PLAN).hash()} A plan\n"
    assert succeed("check", path) == wanted
    assert succeed("check", "-", stdin=PLAN) == wanted
    assert "standard input" in fail("check", "-", stdin=PLAN.replace("title", "titel"))


def test_parameters_lists_all_and_those_of_a_kind_or_group() -> None:
    """Every parameter and lever, each with its source."""
    everything = document("parameters")
    assert [row["name"] for row in everything] == [*catalogue(), *levers()]
    assumed = document("parameters", "--kind", "assumed")
    assert {row["kind"] for row in assumed} == {"assumed"}
    assert all(row["range"] and row["reason"] for row in assumed)
    group = [row["name"] for row in document("parameters", "kabul.ghani")]
    assert group == [n for n in (*catalogue(), *levers()) if n.startswith("kabul.ghani.")]
    assert [row["name"] for row in document("parameters", "--kind", "lever")] == list(levers())


def test_parameters_tells_all_about_one() -> None:
    """Value, unit, bounds, range, reason, source; for a lever its sentences."""
    output = succeed("parameters", "taliban.restraint")
    for part in ("value", "bounds", "range", "assumed", "reason", "S7"):
        assert part in output, output
    lever = succeed("parameters", "kabul.ghani.offer")
    for part in ("0 to 5,000", "people", "lever", "S10"):
        assert part in lever, lever


def test_parameters_tells_of_each_without_fault() -> None:
    """Every name of the catalogue can be shown, within 80 columns."""
    for name in (*catalogue(), *levers()):
        output = succeed("parameters", name)
        assert output.startswith(f"{name}\n")
        assert max(len(line) for line in output.splitlines()) <= 80, output


def test_facts_exits_with_1_if_one_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text and JSON are still printed."""
    real = sim.analysis.fact_checks.facts_table

    def spoilt(*words: Any, **options: Any) -> Any:
        first, *rest = real(*words, **options)
        return [dataclasses.replace(first, holds=False), *rest]

    monkeypatch.setattr(sim.analysis.fact_checks, "facts_table", spoilt)
    done = jirga("facts", *WORLDS)
    assert done.exit_code == 1
    assert "FAILS" in done.stdout
    given = json.loads(jirga("facts", *WORLDS, "--json").stdout)
    assert given["facts"][0]["holds"] is False


def test_facts_shows_the_three_reference_scenarios() -> None:
    """Exit code 0 exactly if every check holds."""
    done = jirga("facts", "--worlds", "64", "--json")
    found = json.loads(done.stdout)["facts"]
    assert {row["scenario"] for row in found} == {"baseline", "free-run", "same-window-2019"}
    assert done.exit_code == (0 if all(row["holds"] for row in found) else 1)


def test_compare_until_adds_worlds_until_the_interval_is_narrow() -> None:
    """The same effect as a comparison with this number of worlds, and each interim result."""
    words = ("compare", "baseline", "no-review", "--seed", "7", "--on", "talks_open", "--until", "interval < 0.1")
    given = document(*words)
    found = compare(load_scenario("baseline"), load_scenario("no-review"), given["a"]["worlds"], 7)
    row = found.table(["reached_talks_open"])[0]
    effect = given["effects"]["reached_talks_open"]
    assert (effect["low"], effect["high"]) == (row.low, row.high)
    assert effect["high"] - effect["low"] < given["until"]["interval"]
    assert given["until"]["state"] == "narrow"
    assert given["until"]["looks"][-1]["worlds"] == given["a"]["worlds"]


def test_compare_until_says_what_it_would_take() -> None:
    """Exit code 1 after the first interim analysis, with the needed number of worlds."""
    words = ("--on", "talks_open", "--until", "interval < 0.001", "--worlds-at-most", "2000")
    done = jirga("compare", "baseline", "no-review", *words)
    assert (done.exit_code, done.stderr) == (1, "")
    assert "after 320 worlds" in done.stdout
    assert re.search(r"needs about [\d,]{7,}", " ".join(done.stdout.split())), done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_a_run_over_ranges_says_what_its_checks_are_for() -> None:
    said = "The checks are meant for assumptions that the facts allow"
    assert said in succeed("run", "baseline", *WORLDS, "--assumptions", "ranges")
    assert said not in succeed("run", "baseline", *WORLDS)


def test_a_comparison_says_how_often_a_star_is_chance() -> None:
    """Where many outcomes are shown; and what has been done about it, where something has."""
    more = ("--worlds", "64", "--seed", "7")
    said = "By chance alone, at least one of so many tests is significant"
    plain = succeed("compare", "baseline", "free-run", *more)
    assert said in plain
    assert said not in succeed("compare", "baseline", "free-run", *WORLDS, "--on", "attacks")
    adjusted = succeed("compare", "baseline", "free-run", *more, "--adjust", "holm")
    assert said not in adjusted
    assert "adjusted for the number of tests (Holm)" in " ".join(adjusted.split())
    stars = [sum(line.rstrip().endswith(" *") for line in text.splitlines()) for text in (plain, adjusted)]
    assert stars[0] > stars[1], stars


def test_holm_in_json_is_that_of_python() -> None:
    given = document("compare", "baseline", "free-run", *WORLDS, "--adjust", "holm")
    base, free = (load_scenario(name) for name in ("baseline", "free-run"))
    rows = compare(base, free, 8, 7).table(adjust="holm")
    assert {row.outcome: row.p for row in rows} == {name: row["p"] for name, row in given["effects"].items()}
    assert given["adjust"] == "holm"


def test_outcomes_are_listed_with_unit_and_meaning() -> None:
    found = document("outcomes")
    assert [one["name"] for one in found] == list(OUTCOMES)
    assert [one["name"] for one in document("outcomes", "until_talks")] == ["days_until_talks_open"]
    assert "days_until_talks_open" in succeed("outcomes", "talks_open")
    assert "did you mean attacks" in fail("outcomes", "atacks")


def test_a_date_has_one_median_under_that_name() -> None:
    """Among the worlds that reach it; beside it the day by which half of all worlds do, and the mean of all."""
    given = document("run", "baseline", "--worlds", "12", "--seed", "1")
    start = dt.date.fromisoformat(given["start"])
    for name, row in given["milestones"].items():
        days = given["outcomes"][f"day_{name}"]
        assert row["median"] == (days["median"] and (start + dt.timedelta(days=days["median"])).isoformat()), name
        assert row["mean_days"] == given["outcomes"][f"days_until_{name}"]["mean"], name
        assert (row["half_by"] is not None) == (row["share"] >= 0.5), name
        assert row["half_by"] is None or row["half_by"] >= row["median"], name


def test_plans_and_studies_are_listed(tmp_path: Path) -> None:
    assert [one["name"] for one in document("study", "list")] == plan_names()
    assert "pace-of-releases" in succeed("study", "list")
    assert "contains no study" in fail("study", "list", tmp_path)
    assert "cannot be read" in fail("study", "list", tmp_path / "none")
    plan = tmp_path / "short.toml"
    plan.write_text('title = "Short"\nscenarios = ["same-window-2019"]\nworlds = 2\n', encoding="utf-8")
    succeed("study", "run", plan, "--out", tmp_path / "here" / "first")
    (row,) = document("study", "list", tmp_path / "here")
    assert row == {"name": "first", "title": "Short", "done": 1, "complete": True}
    assert "100 %" in succeed("study", "list", tmp_path / "here")


def test_a_console_without_a_minus_sign_gets_a_hyphen() -> None:
    """The figures are the same, and no sign of theirs is an escape."""
    command = [sys.executable, "-m", "sim.cli", "compare", "baseline", "no-review", *WORLDS, "--on", "attacks"]
    shown = {}
    for encoding in ("utf-8", "ascii"):
        setting = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "COLUMNS": "80", "TERM": "dumb"}
        done = subprocess.run(command, cwd=ROOT, env=setting, capture_output=True, check=True)
        shown[encoding] = done.stdout.decode(encoding)
    assert MINUS in shown["utf-8"]
    wide, narrow = (
        next(line for line in text.splitlines() if "Taliban attacks" in line).replace("|", " ").split()
        for text in shown.values()
    )
    assert [word.replace(MINUS, "-") for word in wide] == narrow
