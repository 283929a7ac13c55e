"""The command `jirga` with invalid input: one line on stderr, an exit code, no files left behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import sim.analysis.fact_checks
import sim.runs.runner
from tests.app.command import ERROR, INTERRUPTED, ROOT, fail, jirga, process
from tests.app.study import PATIENCE, until

# The command with a model that lives a day, says so by a file, and then takes for ever.
STAYS_IN_ITS_FIRST_DAY = """
import time
from pathlib import Path
from sim import PeaceProcess
from sim.cli import main
step = PeaceProcess.step
def stays(model):
    step(model)
    Path({begun!r}).touch()
    while True:
        time.sleep(0.01)
PeaceProcess.step = stays
main()
"""

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
    "not a condition": ("compare", "baseline", "free-run", "--on", "attacks", "--until", "interval <= 3"),
    "until of nothing": ("compare", "baseline", "free-run", "--until", "interval < 3"),
    "until of two": ("compare", "baseline", "free-run", "--on", "attacks", "--on", "decree", "--until", "interval < 3"),
    "until with an adjustment": (
        "compare",
        "baseline",
        "free-run",
        "--on",
        "attacks",
        "--until",
        "interval < 3",
        "--adjust",
        "holm",
    ),
    "an adjustment that is none": ("compare", "baseline", "free-run", "--adjust", "bonferroni"),
    "a decimal comma in Parquet": ("run", "baseline", "--decimal", "comma"),
    "an outcome that is none": ("outcomes", "atacks"),
    "studies in a folder without one": ("study", "list", "docs/teaching"),
    "until of a day": ("compare", "baseline", "free-run", "--on", "day_decree", "--until", "interval < 3"),
    "until and worlds": (
        "compare",
        "baseline",
        "free-run",
        "--on",
        "decree",
        "--until",
        "interval < 3",
        "--worlds",
        "9",
    ),
    "a budget of nothing": (
        "compare",
        "baseline",
        "free-run",
        "--on",
        "decree",
        "--until",
        "interval < 3",
        "--worlds-at-most",
        "0",
    ),
    "a budget for nothing": ("compare", "baseline", "free-run", "--worlds-at-most", "1000"),
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
        (("run", "baseline", "--worlds", "0"), "expected 1 to 1000000"),
    ],
)
def test_errors_say_what_would_be_right(words: tuple[str, ...], hint: str) -> None:
    """The closest valid name, or the bounds."""
    assert hint in fail(*words)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("run", "missing argument 'SCENARIO' (jirga run --help lists what is possible)"),
        ("fly", "no such command 'fly' (jirga --help lists what is possible)"),
        ("--flie", "no such option: --flie (jirga --help lists what is possible)"),
        ("run baseline --wrlds 3", "no such option: --wrlds; did you mean --worlds? (jirga run --help"),
        ("run baseline --worlds", "option '--worlds' requires an argument"),
        ("run baseline --until tomorrow", '--until = "tomorrow": must be a date such as 2020-12-31'),
        ("run baseline --until 2020-02-30", '--until = "2020-02-30": must be a date such as 2020-12-31'),
        ("run baseline --worlds abc", '--worlds = "abc": must be a whole number'),
        ("run baseline --format xlsx", '--format = "xlsx": no such choice (expected parquet, csv)'),
        ("run baseline --assumptions range", "no such choice (expected facts, ranges, point); did you mean ranges?"),
        ("parameters --kind levers", '--kind = "levers": no such choice'),
        ("dashboard --port 0", '--port = "0": out of bounds, must be at least 1'),
        ("study rn", "no such command 'rn'"),
        ("study run --out x --processes q", '--processes = "q": must be a whole number'),
    ],
)
def test_bad_usage_is_one_line_too(line: str, said: str) -> None:
    """In the format of all other errors, not in that of the command-line library."""
    assert said in fail(*line.split())


@pytest.mark.slow
def test_a_failure_shows_no_traceback() -> None:
    """In a separate process, as a user sees it."""
    done = process("run", "basline")
    assert (done.returncode, done.stdout) == (ERROR, "")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_too_little_memory_is_an_error_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one line, like invalid input."""

    def starve(*_: Any, **__: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(sim.runs.runner, "simulate", starve)
    assert "memory" in fail("run", "baseline")


def test_an_interrupt_exits_as_shells_expect(monkeypatch: pytest.MonkeyPatch) -> None:
    """128 plus the number of the signal, without a traceback."""

    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sim.runs.runner, "simulate", interrupt)
    done = jirga("run", "baseline")
    assert (done.exit_code, done.stdout, done.stderr) == (INTERRUPTED, "", "interrupted\n")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals differ")
def test_a_run_that_is_interrupted_leaves_nothing(tmp_path: Path) -> None:
    """Control-C in the middle of a long run: exit code 130, no folder, no traceback."""
    begun, out = tmp_path / "begun", tmp_path / "out"
    out.mkdir()
    code = STAYS_IN_ITS_FIRST_DAY.format(begun=str(begun))
    words = [sys.executable, "-c", code, "run", "baseline", "-w", "100", "--out", str(out / "run")]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        until(lambda: begun.exists() or running.poll() is not None, "the run was in its first day")
        running.send_signal(signal.SIGINT)
        output, complaint = running.communicate(timeout=PATIENCE)
    assert running.returncode == INTERRUPTED, complaint
    assert output == ""
    assert "Traceback" not in complaint
    assert not list(out.iterdir())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "baseline", "--format", "csv"), '--format = "csv": can only be used with --out'),
        (("compare", "baseline", "free-run", "--until", "2020-06-01"), 'such as "interval < 3"'),
    ],
)
def test_an_option_without_effect_or_of_another_command_is_refused(words: tuple[str, ...], said: str) -> None:
    assert said in fail(*words)


def test_the_bounds_of_a_guessed_name_are_left_out() -> None:
    assert "expected" not in fail("run", "baseline", "--set", "taliban.leverag=0.5")


def test_a_full_folder_names_the_option(tmp_path: Path) -> None:
    (tmp_path / "there").touch()
    assert "--force" in fail("run", "baseline", "--out", tmp_path)
