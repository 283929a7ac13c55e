"""The command: what it prints, what it gives scripts, and how it fails."""

import dataclasses
import datetime as dt
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import sim.ensemble
import sim.factcheck
from sim.cli.app import app
from sim.comparison import compare
from sim.decisions import levers
from sim.ensemble import simulate
from sim.factcheck import check_run
from sim.milestones import MILESTONES
from sim.parameters import catalogue
from sim.scenario_file import load_scenario, parse_scenario, scenario_names
from sim.series import CONDITIONS

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = ("run", "compare", "list", "show", "check", "parameters", "facts")
WORLDS = ("--worlds", "8", "--seed", "7")
PLAN = """
title = "A plan"
base = "baseline"
end = 2020-05-01
[run]
worlds = 9
seed = 3
"""
ERROR = 2
INTERRUPTED = 130


def jirga(*words: str | Path, stdin: str | None = None) -> Result:
    """Run the command in this process; what it raises, if anything, is a fault."""
    done = CliRunner().invoke(app, [str(word) for word in words], input=stdin)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def succeed(*words: str | Path, stdin: str | None = None) -> str:
    """Run the command, which must exit with 0 and leave stderr alone, and give what it printed."""
    done = jirga(*words, stdin=stdin)
    assert done.exit_code == 0, f"{words}: exit code {done.exit_code}\n{done.stdout}\n{done.stderr}"
    assert done.stderr == ""
    return done.stdout


def fail(*words: str | Path, stdin: str | None = None) -> str:
    """Run the command, which must print nothing, exit with 2 and say why in one line, and give that line."""
    done = jirga(*words, stdin=stdin)
    assert done.exit_code == ERROR, f"{words}: exit code {done.exit_code}\n{done.stdout}\n{done.stderr}"
    assert done.stdout == ""
    assert re.fullmatch(r"error: [^\n]+\n", done.stderr), done.stderr
    return done.stderr


def document(*words: str | Path, stdin: str | None = None) -> Any:
    """The one JSON document that a command prints."""
    return json.loads(succeed(*words, "--json", stdin=stdin))


def process(*words: str, code: str = "", **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the command, or a line of Python, in a process of its own."""
    start = [sys.executable, "-c", code] if code else [sys.executable, "-m", "sim.cli"]
    return subprocess.run([*start, *words], capture_output=True, text=True, cwd=ROOT, check=False, **options)


# Help


def test_help_loads_nothing_heavy() -> None:
    """The command answers --help with Typer alone."""
    code = (
        "import sys; sys.argv = ['jirga', '--help']\n"
        "from sim.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: print('exit', end.code)\n"
        "heavy = {'numpy', 'pandas', 'mesa', 'xarray', 'scipy', 'pyarrow', 'pydantic', 'vl_convert', 'rich'}\n"
        "print('loaded', sorted(heavy & set(sys.modules)))"
    )
    done = process(code=code)
    assert "exit 0\nloaded []" in done.stdout, done.stdout + done.stderr
    for command in COMMANDS:
        assert f"\n  {command} " in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_with_examples(command: str) -> None:
    """Every example begins with the command itself, on a line of its own."""
    told = succeed(command, "--help")
    assert "Examples:" in told
    lines = told.split("Examples:\n")[1].splitlines()
    assert lines
    for line in lines:
        assert line.startswith(f"    jirga {command}"), line


def test_no_words_at_all_show_the_help() -> None:
    """A user who types the name alone sees what there is."""
    assert "Commands:" in jirga().output


def test_version() -> None:
    """One line."""
    assert succeed("--version") == f"jirga {sim.__version__}\n"


# run


def test_run_tells_the_facts_the_milestones_and_what_blocked_talks() -> None:
    """All parts are there, every milestone and condition has its row, and nothing is wider than 80 columns."""
    told = succeed("run", "baseline", *WORLDS)
    for part in ("8 worlds, seed 7, point assumptions", "hash ", "not a forecast", "What the text says", "holds"):
        assert part in told, told
    for milestone in MILESTONES.values():
        assert f"\n {milestone.label} " in told, told
    assert "What blocked talks" in told
    blockers = told.split("What blocked talks")[1]
    assert len(re.findall(r" %\s*$", blockers, re.MULTILINE)) == len(CONDITIONS), blockers
    assert max(len(line) for line in told.splitlines()) <= 80


def test_run_gives_scripts_the_same_numbers_as_python() -> None:
    """Bit for bit: outcomes, milestones, facts and what blocked talks."""
    given = document("run", "baseline", *WORLDS)
    results = simulate(load_scenario("baseline"), 8, 7)
    assert {given[k] for k in ("scenario", "hash")} == {"baseline", results.scenario.hash()}
    assert (given["worlds"], given["seed"], given["assumptions"]) == (8, 7, "point")
    assert set(given["outcomes"]) == set(results.outcomes.data_vars)
    for name, values in results.outcomes.data_vars.items():
        known = values.values[~values.isnull().values]
        row = given["outcomes"][name]
        assert row["missing"] == 8 - len(known), name
        assert row["mean"] == (float(known.mean()) if len(known) else None), name
    for row in results.milestone_table():
        told = given["milestones"][row.name]
        assert told["share"] == row.share
        assert told["median"] == (row.median.isoformat() if row.median else None)
        assert told["reasons"] == dict(row.reasons)
    assert [(f["fact"], f["value"], f["holds"]) for f in given["facts"]] == [
        (c.check.fact, c.value, c.holds) for c in check_run(results)
    ]
    blocked = {b.condition: (b.days_before, b.worlds_at_end) for b in results.blockers()}
    assert {k: (v["days_before_talks"], v["worlds_at_end"]) for k, v in given["blocked"].items()} == blocked


def test_run_takes_settings_dates_and_assumptions() -> None:
    """Each option changes what is run, as the same change does in Python."""
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


def test_run_reads_stdin_and_a_path_and_takes_worlds_and_seed_from_the_file(tmp_path: Path) -> None:
    """The file's own, unless the command gives others; the same scenario either way."""
    path = tmp_path / "plan.toml"
    path.write_text(PLAN)
    piped, read = document("run", "-", stdin=PLAN), document("run", path)
    assert (piped["worlds"], piped["seed"]) == (read["worlds"], read["seed"]) == (9, 3)
    assert piped["hash"] == read["hash"] == parse_scenario(PLAN).hash()
    assert piped["outcomes"] == read["outcomes"]
    other = document("run", "-", *WORLDS, stdin=PLAN)
    assert (other["worlds"], other["seed"]) == (8, 7)


def test_run_takes_seed_zero_for_a_seed(tmp_path: Path) -> None:
    """Zero is a seed like any other, also over one that the file gives."""
    path = tmp_path / "plan.toml"
    path.write_text(PLAN)
    assert document("run", path, "--seed", "0")["seed"] == 0


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_run_writes_a_folder(kind: str, tmp_path: Path) -> None:
    """Tables, scenario, manifest; no charts if none are wanted; a second time only by force."""
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
    told = json.loads((tmp_path / "run" / "manifest.json").read_text())
    assert (told["worlds"], told["seed"]) == (8, 7)
    assert load_scenario(tmp_path / "run" / "scenario.toml").hash() == told["hash"]
    assert "not empty" in fail(*words)
    succeed(*words, "--force")


def test_run_draws_charts_as_svg_and_png(tmp_path: Path) -> None:
    """Each chart in both forms, offline."""
    succeed("run", "baseline", *WORLDS, "--until", "2020-05-01", "--out", tmp_path / "run")
    drawn = {path.name for path in (tmp_path / "run" / "charts").iterdir()}
    assert {"milestones.svg", "milestones.png", "attacks.svg", "attacks.png"} <= drawn
    assert {n[:-4] for n in drawn if n.endswith(".svg")} == {n[:-4] for n in drawn if n.endswith(".png")}


def test_a_bad_folder_is_refused_before_anything_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a thousand worlds to hear that they cannot be kept."""

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("it ran")

    monkeypatch.setattr(sim.ensemble, "simulate", never)
    file = tmp_path / "file"
    file.write_text("here")
    assert str(file) in fail("run", "baseline", "--out", file)


def test_words_of_a_scenario_are_printed_as_they_are() -> None:
    """No markup of the screen's own, no control characters."""
    plan = PLAN.replace('"A plan"', '"[bold red]A [link=http://example.org]plan[/] :bomb:"')
    told = succeed("run", "-", stdin=plan)
    assert "[bold red]A [link=http://example.org]plan[/] :bomb:" in told
    assert "\x1b" not in told


# Errors


BAD = {
    "no such scenario": ("run", "basline"),
    "no such file": ("run", "nowhere/plan.toml"),
    "a misspelt parameter": ("run", "baseline", "--set", "taliban.levrage=0.5"),
    "a value out of bounds": ("run", "baseline", "--set", "kabul.ghani.offer=-1"),
    "not a number": ("run", "baseline", "--set", "taliban.leverage=nan"),
    "not a setting": ("run", "baseline", "--set", "taliban.leverage"),
    "too many worlds": ("run", "baseline", "--worlds", "1000000000"),
    "no worlds": ("run", "baseline", "--worlds", "0"),
    "a negative seed": ("run", "baseline", "--seed", "-1"),
    "an end before the start": ("run", "baseline", "--until", "2020-02-01"),
    "an end too far away": ("run", "baseline", "--until", "2029-01-01"),
    "no such scenario to compare": ("compare", "baseline", "fre-run"),
    "other days": ("compare", "baseline", "same-window-2019"),
    "no such outcome": ("compare", "baseline", "free-run", "--on", "atacks"),
    "two from stdin": ("compare", "-", "-"),
    "both forms": ("show", "baseline", "--toml", "--json"),
    "no such parameter": ("parameters", "talibn.leverage"),
    "too many worlds for facts": ("facts", "--worlds", "1000000000"),
    "nothing to check": ("check", "-"),
}


@pytest.mark.parametrize("words", BAD.values(), ids=BAD.keys())
def test_bad_input_is_one_line_on_stderr(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 2, nothing on stdout, and nothing written."""
    monkeypatch.chdir(tmp_path)
    out = ("--out", "run") if words[0] == "run" else ()
    fail(*words, *out, stdin="")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("run", "basline"), "did you mean baseline?"),
        (("run", "baseline", "--set", "taliban.levrage=0.5"), "did you mean taliban.leverage?"),
        (("parameters", "kabul.gani"), "did you mean kabul.ghani?"),
        (("compare", "baseline", "free-run", "--on", "atacks"), "did you mean attacks?"),
        (("run", "baseline", "--worlds", "0"), "bounds 1 to 1000000"),
    ],
)
def test_errors_say_what_would_be_right(words: tuple[str, ...], hint: str) -> None:
    """The nearest right name, or the bounds."""
    assert hint in fail(*words)


@pytest.mark.parametrize(
    "words", [("run",), ("run", "baseline", "--world", "ten"), ("fly",), ("run", "baseline", "--until", "soon")]
)
def test_bad_usage_exits_with_2(words: tuple[str, ...]) -> None:
    """Typer's own errors are on stderr too."""
    done = jirga(*words)
    assert (done.exit_code, done.stdout) == (ERROR, "")
    assert "Error" in done.stderr


def test_a_failure_shows_no_traceback() -> None:
    """As a user sees it, in a process of its own."""
    done = process("run", "basline")
    assert (done.returncode, done.stdout) == (ERROR, "")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_too_little_memory_is_an_error_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one line, like bad input."""

    def starve(*_: Any, **__: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(sim.ensemble, "simulate", starve)
    assert "memory" in fail("run", "baseline")


def test_an_interrupt_exits_as_shells_expect(monkeypatch: pytest.MonkeyPatch) -> None:
    """128 and the number of the signal, without a traceback."""

    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sim.ensemble, "simulate", interrupt)
    done = jirga("run", "baseline")
    assert (done.exit_code, done.stdout, done.stderr) == (INTERRUPTED, "", "interrupted\n")


@pytest.mark.skipif(os.name == "nt", reason="signals differ")
def test_a_run_that_is_interrupted_leaves_nothing(tmp_path: Path) -> None:
    """Control-C in the middle of a long run: exit code 130, no folder, no traceback."""
    words = [sys.executable, "-m", "sim.cli", "run", "baseline", "-w", "20000", "--out", str(tmp_path / "run")]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        time.sleep(3)
        running.send_signal(signal.SIGINT)
        told, complaint = running.communicate(timeout=60)
    assert running.returncode == INTERRUPTED, complaint
    assert told == ""
    assert "Traceback" not in complaint
    assert not list(tmp_path.iterdir())


# compare


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
    """Every effect is 0 and none is beyond luck."""
    given = document("compare", "baseline", "baseline", *WORLDS)
    for name, row in {**given["effects"], **given["milestones"]}.items():
        assert (row["effect"], row["low"], row["high"], row["same"], row["beyond_luck"]) == (0, 0, 0, 1, False), name


def test_compare_prints_within_80_columns() -> None:
    """Both titles, the milestones, the outcomes, and what the signs mean."""
    told = succeed("compare", "baseline", "all-5000-at-once", *WORLDS)
    for part in (
        "A  Baseline",
        "B  All 5,000",
        "8 pairs of worlds",
        "not a forecast",
        "Totals over the run",
        "beyond luck",
    ):
        assert part in told, told
    assert max(len(line) for line in told.splitlines()) <= 80


def test_compare_shows_only_the_outcomes_asked_for() -> None:
    """In the table and in the document; a setting changes both scenarios."""
    words = ("compare", "baseline", "free-run", *WORLDS, "--on", "attacks", "--on", "reached_talks_open")
    given = document(*words, "--set", "taliban.leverage=0.5")
    assert list(given["effects"]) == ["attacks", "reached_talks_open"]
    assert "milestones" not in given
    changed = load_scenario("free-run").change({"taliban.leverage": 0.5})
    assert given["b"]["hash"] == changed.hash()
    told = succeed(*words)
    assert "Taliban attacks" in told
    assert "Afghan security forces" not in told


# list, show, check


def test_list_names_every_scenario_that_ships() -> None:
    """In the table and in the document."""
    names = scenario_names()
    assert len(names) >= 15
    assert [row["name"] for row in document("list")] == names
    told = succeed("list")
    for name in names:
        assert f"\n {name} " in told


@pytest.mark.parametrize("name", scenario_names())
def test_show_tells_every_scenario(name: str) -> None:
    """In words within 80 columns, as a file that loads back equal, and as a document."""
    scenario = load_scenario(name)
    told = succeed("show", name)
    assert scenario.title in told
    assert scenario.hash()[:12] in told
    assert max(len(line) for line in told.splitlines()) <= 80
    assert parse_scenario(succeed("show", name, "--toml")) == scenario
    given = document("show", name)
    assert given["hash"] == scenario.hash()
    assert given["canonical"] == scenario.canonical()


def test_check_says_ok_and_the_hash(tmp_path: Path) -> None:
    """Of a file or of stdin; of a bad one, what is wrong."""
    path = tmp_path / "plan.toml"
    path.write_text(PLAN)
    wanted = f"ok {parse_scenario(PLAN).hash()} A plan\n"
    assert succeed("check", path) == wanted
    assert succeed("check", "-", stdin=PLAN) == wanted
    assert "standard input" in fail("check", "-", stdin=PLAN.replace("title", "titel"))


# parameters, facts


def test_parameters_lists_all_and_those_of_a_kind_or_group() -> None:
    """Every parameter and lever, each with where it comes from."""
    everything = document("parameters")
    assert [row["name"] for row in everything] == [*catalogue(), *levers()]
    assumed = document("parameters", "--kind", "assumed")
    assert {row["kind"] for row in assumed} == {"assumed"}
    assert all(row["range"] and row["reason"] for row in assumed)
    group = [row["name"] for row in document("parameters", "kabul.ghani")]
    assert group == [n for n in (*catalogue(), *levers()) if n.startswith("kabul.ghani.")]
    assert [row["name"] for row in document("parameters", "--kind", "lever")] == list(levers())


def test_parameters_tells_all_about_one() -> None:
    """Value, unit, bounds, range, reason, source; of a lever what it rests on."""
    told = succeed("parameters", "taliban.leverage")
    for part in ("value", "bounds", "range", "assumed", "reason", "S4"):
        assert part in told, told
    lever = succeed("parameters", "kabul.ghani.offer")
    for part in ("0 to 5,000", "people", "lever", "S10"):
        assert part in lever, lever


def test_parameters_tells_of_each_without_fault() -> None:
    """Every name of the catalogue can be asked for, and fits 80 columns."""
    for name in (*catalogue(), *levers()):
        told = succeed("parameters", name)
        assert told.startswith(f"{name}\n")
        assert max(len(line) for line in told.splitlines()) <= 80, told


def test_facts_exits_with_1_if_one_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table and the document are printed all the same."""
    real = sim.factcheck.facts_table

    def spoilt(*words: Any, **options: Any) -> Any:
        first, *rest = real(*words, **options)
        return [dataclasses.replace(first, holds=False), *rest]

    monkeypatch.setattr(sim.factcheck, "facts_table", spoilt)
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
