"""The command `jirga`: its help, and `run` with text, JSON and a folder as output."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest

import sim.analysis.fact_checks
import sim.runs.runner
from sim.analysis.fact_checks import check_run
from sim.inputs.scenario_reader import load_scenario, parse_scenario
from sim.runs.runner import simulate
from sim.schema.milestones import MILESTONES
from sim.schema.series import CONDITIONS
from tests.app.command import PLAN, WORLDS, document, fail, jirga, process, succeed

COMMANDS = ("run", "compare", "list", "show", "check", "parameters", "facts", "dashboard")


def test_help_loads_nothing_heavy() -> None:
    """The help needs only Typer."""
    code = (
        "import sys; sys.argv = ['jirga', '--help']\n"
        "from sim.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: print('exit', end.code)\n"
        "heavy = {'numpy', 'pandas', 'mesa', 'xarray', 'scipy', 'pyarrow', 'vl_convert', 'rich'}\n"
        "print('loaded', sorted(heavy & set(sys.modules)))"
    )
    done = process(code=code)
    assert "exit 0\nloaded []" in done.stdout, done.stdout + done.stderr
    for command in COMMANDS:
        assert f"\n  {command} " in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_with_examples(command: str) -> None:
    """Every example begins with the command itself, on its own line."""
    printed = succeed(command, "--help")
    assert "Examples:" in printed
    lines = printed.split("Examples:\n")[1].splitlines()
    assert lines
    for line in lines:
        assert line.startswith(f"    jirga {command}"), line


def test_no_words_at_all_show_the_help() -> None:
    """The command without arguments shows the help."""
    assert "Commands:" in jirga().output


def test_version() -> None:
    """One line."""
    assert succeed("--version") == f"jirga {sim.__version__}\n"


@pytest.mark.slow
def test_run_tells_the_facts_the_milestones_and_what_blocked_talks() -> None:
    """All parts exist, every milestone and condition has its row, and no line is wider than 80 columns."""
    printed = succeed("run", "baseline", *WORLDS)
    for part in (
        "8 worlds, seed 7, assumptions that the facts allow",
        "hash ",
        "not a forecast",
        "What the text says",
        "holds",
    ):
        assert part in printed, printed
    for milestone in MILESTONES.values():
        assert f"\n {milestone.label} " in printed, printed
    assert "What blocked talks" in printed
    blockers = printed.split("What blocked talks")[1]
    assert len(re.findall(r" %\s*$", blockers, re.MULTILINE)) == len(CONDITIONS), blockers
    assert max(len(line) for line in printed.splitlines()) <= 80


@pytest.mark.slow
def test_run_gives_scripts_the_same_numbers_as_python() -> None:
    """Bit for bit: outcomes, milestones, facts and what blocked talks."""
    given = document("run", "baseline", *WORLDS)
    results = simulate(load_scenario("baseline"), 8, 7)
    assert {given[k] for k in ("scenario", "hash")} == {"baseline", results.scenario.hash()}
    assert (given["worlds"], given["seed"], given["assumptions"]) == (8, 7, "facts")
    assert set(given["outcomes"]) == set(results.outcomes.data_vars)
    for name, values in results.outcomes.data_vars.items():
        known = values.values[~values.isnull().values]
        row = given["outcomes"][name]
        assert row["missing"] == 8 - len(known), name
        assert row["mean"] == (float(known.mean()) if len(known) else None), name
    for row in results.milestone_table():
        printed = given["milestones"][row.name]
        assert printed["share"] == row.share
        assert printed["median"] == (row.median.isoformat() if row.median else None)
        assert printed["reasons"] == dict(row.reasons)
    assert [(f["fact"], f["value"], f["holds"]) for f in given["facts"]] == [
        (c.check.fact, c.value, c.holds) for c in check_run(results)
    ]
    blocked = {b.condition: (b.days_before, b.worlds_at_end) for b in results.blockers()}
    assert {k: (v["days_before_talks"], v["worlds_at_end"]) for k, v in given["blocked"].items()} == blocked


@pytest.mark.slow
def test_run_takes_settings_dates_and_assumptions() -> None:
    """Each option changes the run in the same way as in Python."""
    given = document(
        "run", "baseline", *WORLDS, "--set", "taliban.leverage=0.5", "--set", "kabul.ghani.offer=4000@2020-04-01..",
        "--until", "2020-05-01", "--assumptions", "ranges",
    )  # fmt: skip
    wanted = load_scenario("baseline").with_dates(end=dt.date(2020, 5, 1))
    wanted = wanted.change({"taliban.leverage": 0.5, "kabul.ghani.offer": "4000@2020-04-01.."})
    assert given["hash"] == wanted.hash()
    assert (given["start"], given["end"], given["assumptions"]) == ("2020-03-01", "2020-05-01", "ranges")
    results = simulate(wanted, 8, 7, assumptions="ranges")
    assert given["outcomes"]["attacks"]["mean"] == float(results.outcomes["attacks"].values.mean())


@pytest.mark.slow
def test_run_reads_stdin_and_a_path_and_takes_worlds_and_seed_from_the_file(tmp_path: Path) -> None:
    """Those of the file, unless the command gives others; the scenario is the same."""
    path = tmp_path / "plan.toml"
    path.write_text(PLAN)
    piped, read = document("run", "-", stdin=PLAN), document("run", path)
    assert (piped["worlds"], piped["seed"]) == (read["worlds"], read["seed"]) == (9, 3)
    assert piped["hash"] == read["hash"] == parse_scenario(PLAN).hash()
    assert piped["outcomes"] == read["outcomes"]
    other = document("run", "-", *WORLDS, stdin=PLAN)
    assert (other["worlds"], other["seed"]) == (8, 7)


def test_run_takes_seed_zero_for_a_seed(tmp_path: Path) -> None:
    """Zero is a valid seed, and overrides the seed of the file."""
    path = tmp_path / "plan.toml"
    path.write_text(PLAN)
    assert document("run", path, "--seed", "0")["seed"] == 0


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_run_writes_a_folder(kind: str, tmp_path: Path) -> None:
    """Tables, scenario, manifest; no charts with --no-charts; a second time only with --force."""
    words = (
        "run",
        "baseline",
        *WORLDS,
        "--until",
        "2020-05-01",
        "--out",
        tmp_path / "run",
        "--format",
        kind,
        "--no-charts",
    )
    assert "Written to" in succeed(*words)
    found = {path.name for path in (tmp_path / "run").iterdir()}
    assert found >= {f"worlds.{kind}", f"days.{kind}", "scenario.toml", "manifest.json"}
    assert "charts" not in found
    printed = json.loads((tmp_path / "run" / "manifest.json").read_text())
    assert (printed["worlds"], printed["seed"]) == (8, 7)
    assert load_scenario(tmp_path / "run" / "scenario.toml").hash() == printed["hash"]
    assert "not empty" in fail(*words)
    succeed(*words, "--force")


@pytest.mark.slow
def test_run_draws_charts_as_svg_and_png(tmp_path: Path) -> None:
    """Each chart in both formats, without a network."""
    succeed("run", "baseline", *WORLDS, "--until", "2020-05-01", "--out", tmp_path / "run")
    drawn = {path.name for path in (tmp_path / "run" / "charts").iterdir()}
    assert {"milestones.svg", "milestones.png", "attacks.svg", "attacks.png"} <= drawn
    assert {n[:-4] for n in drawn if n.endswith(".svg")} == {n[:-4] for n in drawn if n.endswith(".png")}


def test_a_bad_folder_is_refused_before_anything_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error comes before the worlds are run."""

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("it ran")

    monkeypatch.setattr(sim.runs.runner, "simulate", never)
    file = tmp_path / "file"
    file.write_text("here")
    assert str(file) in fail("run", "baseline", "--out", file)


@pytest.mark.slow
def test_words_of_a_scenario_are_printed_as_they_are() -> None:
    """No markup and no control characters."""
    plan = PLAN.replace('"A plan"', '"[bold red]A [link=http://example.org]plan[/] :bomb:"')
    printed = succeed("run", "-", stdin=plan)
    assert "[bold red]A [link=http://example.org]plan[/] :bomb:" in printed
    assert "\x1b" not in printed
