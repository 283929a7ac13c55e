"""Names, dates, numbers and streams that no one expects: one line on stderr and exit code 2, never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli import screen
from sim.cli.exercise.table import LONGEST_LINE, Table
from sim.errors import InputError
from sim.exercise.default_path import default_file
from sim.exercise.service import Classroom
from sim.exercise.settings import ExerciseSettings
from sim.results.running_moments import Moments
from sim.runs.sequential import StoppingRule, interim_analysis
from tests.app.command import ERROR, ROOT, fail, succeed

N, BAD = "n" * 300, os.fsdecode(b"\xff\xfe.toml")
FILES = {
    "base.toml": f'title = "x"\nbase = "{N}"\n',
    "plan.toml": f'title = "x"\nscenarios = ["{N}.toml"]\n',
    "folder.toml": f'title = "x"\nscenarios = ["{N}/x.toml"]\n',
    "from.toml": 'title = "x"\nscenarios = ["baseline"]\n[vary]\nmethod = "list"\n[vary.settings]\n'
    '"kabul.ghani.offer" = { values = [1, 2], from = 9999-12-31 }\n',
    "until.toml": 'title = "x"\nscenarios = ["baseline"]\n[vary]\nmethod = "list"\n[vary.settings]\n'
    '"kabul.ghani.offer" = { values = [1, 2], until = 0001-01-01 }\n',
    "end.toml": 'title = "x"\nend = 9999-12-31\n',
    "start.toml": 'title = "x"\nstart = 9999-12-31\n',
    "first.toml": 'title = "x"\nstart = 0001-01-01\n',
    "imposed.toml": 'title = "x"\n[[interventions]]\nlever = "kabul.ghani.offer"\nvalue = 1\nfrom = 9999-12-31\n',
    "long.toml": f'title = "{"x" * 10_000}"\n',
    "name.toml": f'title = "x"\n[set]\n"{N}" = 1\n',
    "watch.toml": f'title = "x"\nwatch = ["{N}"]\n',
}
WORDS = (
    f"run {N}", f"run {N}.toml", f"run {N}/x.toml", f"run ./{'x/' * 5000}y.toml", f"show {N}", f"check {N}.toml",
    "run base.toml", "check plan.toml", "study check plan.toml", "study check folder.toml", f"study check {N}",
    f"study check {N}.toml", f"study run {N} --out x", f"study run --out {N}", f"study run x.toml --out {N}",
    f"study status {N}", f"study verify {N}", f"study report {N}", f"study export {N} --out y", f"study merge o {N}",
    f"handout {N} --out x", f"handout pace-of-releases --out {N}", f"handout {N}.toml --out x",
    f"study merge {N} o", f"study sql {N} q", f"study sql . {N}", f"study run pace-of-releases --out {N}",
    f"run baseline --out {N}", f"run baseline --out {N}/x", f"run baseline --set {N}=1", f"run baseline --set {N}",
    f"run baseline --set kabul.ghani.offer={N}", f"run baseline --set kabul.ghani.offer={'9' * 5000}",
    f"compare baseline {N}.toml", f"compare {N} baseline", f"compare baseline no-review --on {N}",
    f"compare baseline no-review --on attacks --until {N}", f"parameters {N}", f"facts --worlds {N}",
    f"dashboard --studies {N}", f"run baseline --worlds {'9' * 5000}", f"run baseline --seed {'9' * 5000}",
    "study check from.toml", "study check until.toml", "run end.toml", "run start.toml", "run first.toml",
    "run imposed.toml", "run long.toml", "run name.toml", "run watch.toml",
    "run baseline --until 9999-12-31", "run baseline --until 0001-01-01", "run baseline --until 99999-01-01",
    "run baseline --set kabul.ghani.offer=1@9999-12-31..", "run baseline --set kabul.ghani.offer=1@..0001-01-01",
    "run baseline --set kabul.ghani.offer=1@9999-12-31..9999-12-31", "run baseline --set kabul.ghani.offer=1e999",
    "study check pace-of-releases --rate 5e-324", "study check pace-of-releases --rate 1e-300",
    "study check pace-of-releases --rate 1e999", f"study check pace-of-releases --rate -{'9' * 400}",
    f"study run pace-of-releases --out z --share 1/{'9' * 5000}", "study run pace-of-releases --out z --share ½/2",
    f"study run pace-of-releases --out z --engine tcp://{N}:1", f"study run pace-of-releases --out z --engine {N}",
    f"study run pace-of-releases --out z --processes {'9' * 5000}",
    f"run {BAD}", f"show {BAD}", f"study check {BAD}", f"study status {BAD}", f"study sql {BAD} {BAD}", f"list {BAD}",
    f"run baseline --set {BAD}=1", f"parameters {BAD}", f"compare baseline {BAD}", f"study merge {BAD} {BAD}",
    "run a\0b.toml", "run baseline --out a\0b", "study status a\0b", "study check a\0b.toml",
)  # fmt: skip


@pytest.mark.parametrize("words", WORDS, ids=[f"{i}" for i in range(len(WORDS))])
def test_what_no_one_expects_is_one_line(words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    said = fail(*words.split(" "), stdin="")
    assert len(said) < 2000
    assert {path.name for path in tmp_path.iterdir()} == set(FILES)


@pytest.mark.slow
def test_a_file_whose_name_is_not_utf_8_can_be_run_and_written(tmp_path: Path) -> None:
    source = tmp_path / BAD
    source.write_text('title = "x"\nend = 2020-03-04\n')
    for more in ((), ("--json",), ("--out", tmp_path / os.fsdecode(b"\xfe"), "--no-charts")):
        succeed("run", source, "--worlds", "2", *more)
    succeed("show", source, "--json")
    assert '"scenario": "??"' in (tmp_path / os.fsdecode(b"\xfe") / "manifest.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("interval", [5e-324, 1e-320, 1e-300, 1e-160, 1e-100, 1e-30])
@pytest.mark.parametrize("on", ["attacks", "reached_talks_open"])
@pytest.mark.parametrize("spread", [0.0, 5e-324, 1e-3, 1e9])
def test_a_width_below_all_others_is_only_not_reached(interval: float, on: str, spread: float) -> None:
    import numpy as np

    found = interim_analysis(
        StoppingRule(on, interval, 1000), Moments(*(np.array([x]) for x in (640.0, 0.0, spread, 0.0)))
    )
    assert found.state in {"beyond", "narrow", "more"}
    assert len(found.words(StoppingRule(on, interval, 1000))) < 300


@pytest.mark.parametrize("home", ["/dev/null", "/proc/nowhere", "/proc/self/mem", "n" * 300])
def test_a_home_that_cannot_be_used_is_one_line(home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", home)
    monkeypatch.setenv("USERPROFILE", home)
    with pytest.raises(InputError, match="--db"):
        default_file()


LINES = {
    "a word": "x" * 2_000_000, "words": "x " * 1_000_000, "commas": "," * 2_000_000, "quotes": '"' * 2_000_000,
    "settings": "propose us give " + "a=1 " * 500_000, "a number": "order offer " + "9" * 2_000_000,
    "a comment": "#" * 2_000_000, "zeros": "\0" * 2_000_000, "just too long": "x" * LONGEST_LINE + "y",
}  # fmt: skip


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    """A table whose moves come from a file."""
    classroom = Classroom(tmp_path_factory.mktemp("table") / "exercise.sqlite")
    secret = classroom.create(ExerciseSettings(groups=1, rounds=2)).secret
    return Table(classroom, secret, screen.console(), asks=False)


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_a_line_of_two_million_characters_is_refused_unread(table: Table, line: str) -> None:
    with pytest.raises(InputError, match="the line is too long") as refused:
        table._move(line)
    assert len(str(refused.value)) < 1000


def started(shell: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of a shell, in which $jirga is the command."""
    environment = os.environ | {"jirga": f"{sys.executable} -m sim.cli", "PYTHONPATH": str(ROOT)}
    words = ["sh", "-c", shell]
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shell", "said"),
    [
        ("$jirga list > /dev/full", "No space left on device"),
        ("$jirga --version > /dev/full", "No space left on device"),
        ("$jirga show baseline --json > /dev/full", "No space left on device"),
        ("$jirga check - <&-", "standard input: empty"),
        (
            "(printf '# \\377\\n'; head -c 2000000 /dev/zero) | $jirga exercise play > /dev/null",
            "line 2: ",
        ),
        ("$jirga run nope >&-", "no such scenario"),
        ("mkdir gone; cd gone; rmdir ../gone; $jirga run baseline --out x", "cannot be read"),
        ("mkdir gone; cd gone; rmdir ../gone; $jirga study status x", "the working folder cannot be used"),
    ],
)
def test_a_stream_or_folder_that_is_gone_is_one_line(shell: str, said: str, tmp_path: Path) -> None:
    done = started(shell, tmp_path)
    assert (done.returncode, done.stdout) == (ERROR, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
