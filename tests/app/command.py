"""The command in tests: run it in this process or in another, and look at what it gives."""

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from typer import testing
from typer.testing import CliRunner, Result

from sim.cli.app import app

# Typer builds every command anew each time one is run, which took a quarter of the time of a short one.
_BUILD = "_get_command"
setattr(testing, _BUILD, cache(getattr(testing, _BUILD)))
ROOT = Path(__file__).resolve().parents[2]
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
