"""Nothing that POSIX systems alone have is needed: every command runs where all of that is hidden, and none is named.

What is hidden, and from whom, says `other_system`: from Jirga's modules, in the process that is started here and in the
workers that it starts.
"""

import json
import re
import shlex
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from sim.cli.app import app
from sim.exercise.service import Classroom
from sim.exercise.settings import load_settings
from sim.files.file_names import name_problem, same_file
from sim.study.plan_reader import read_plan
from tests.app import other_system
from tests.app.browser import server
from tests.app.command import ROOT, succeed
from tests.app.portable_source import faults
from tests.conftest import LINUX_ALONE
from tests.unit.studies import contents, filled

pytestmark = pytest.mark.slow

SCRIPT = Path(other_system.__file__)
HIDDEN = {
    "import fcntl": "ModuleNotFoundError",
    "from os import fork": "ImportError",
    "import os; os.O_NOFOLLOW": "AttributeError",
    "from signal import SIGKILL": "ImportError",
}
PATIENCE = 600  # seconds until a process that does not end is given up
FEW = "--worlds 8"
OWN = 'title = "Größer"\nbase = "baseline"\nend = 2020-03-04\n[set]\n"taliban.leverage" = {leverage}\n'
PLAN = """
title = "A small study"
scenarios = ["own.toml", "other.toml"]
worlds = 64
[vary]
method = "grid"
[vary.settings]
"trust.speed" = { values = [0.02, 0.06] }
[keep]
series = ["attacks"]
[engine]
name = "local"
processes = 2
"""
LESSON = 'title = "CON: a lesson?"\nrounds = 2\nweeks = 2\ngroups = 1\nworlds = 16\nquestions = 0\n'
# Each command as it is typed, with what is typed into it: what one writes, others read.
ERRANDS: list[tuple[str, str | None]] = [
    ("list", None),
    ("show baseline", None),
    (f"run - {FEW} --out out --format csv --no-charts", OWN.format(leverage=0.6)),
    (f"run own.toml {FEW} --out out --force", None),
    (f"compare own.toml other.toml {FEW}", None),
    ("parameters taliban.leverage", None),
    ("outcomes talks_open", None),
    (f"facts {FEW}", None),
    ("check own.toml", None),
    (f"cliffs own.toml {FEW} --parameters fronts.autonomy --levers taliban.demand", None),
    ("calibrate --kept 1 --worlds 1 --out sets.npz", None),
    ("why own.toml --world 1 --about decree --factors bandwagon", None),
    ("theories own.toml --worlds 2", None),
    ("readings own.toml --world 1", None),
    ("score --example", None),
    ("variance own.toml --worlds 128 --on attacks", None),
    ("study list", None),
    ("study check plan.toml", None),
    ("study run plan.toml --out empty", None),
    ("study run --out empty", None),
    ("study status empty", None),
    ("study verify empty --repeat 1", None),
    ("study merge merged empty", None),
    ("study export empty --out tables --format csv", None),
    ("study sql empty 'SELECT count(*) FROM results'", None),
    ("study report empty", None),
    ("discover --help", None),
    ("handout --help", None),
    ("exercise play lesson.toml", "look\nplay\nplay\nexport played\n"),
    ("exercise play --file class.sqlite", "play\nplay\n"),
    ("exercise list class.sqlite", None),
    ("exercise export class.sqlite --out scenarios", None),
    ("exercise review class.sqlite --out review", None),
    ("exercise deck", None),
    ("exercise delete class.sqlite EXERCISE --yes", None),
    ("class serve --help", None),
    ("dashboard --help", None),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the commands run: some files to read, and an empty folder."""
    found = tmp_path_factory.mktemp("elsewhere")
    texts = {"plan.toml": PLAN, "lesson.toml": LESSON}
    texts |= {f"{name}.toml": OWN.format(leverage=leverage) for name, leverage in (("own", 0.6), ("other", 0.9))}
    for name, text in texts.items():
        (found / name).write_text(text, encoding="utf-8")
    (found / "empty").mkdir()
    return found


@pytest.fixture(scope="module")
def text(folder: Path) -> dict[str, Any]:
    """What a process says that imported every module and ran every command, what is POSIX's own hidden from both."""
    room = Classroom(folder / "class.sqlite")
    made = room.create(load_settings(folder / "lesson.toml"))
    room.leave()
    errands = [(shlex.split(words.replace("EXERCISE", made.exercise)), typed) for words, typed in ERRANDS]
    done = subprocess.run(
        [sys.executable, SCRIPT, "tour"],
        input=json.dumps(errands),
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_posix_is_hidden_from_jirga(text: dict[str, Any]) -> None:
    assert text["sees"] == HIDDEN


def test_every_module_is_imported(text: dict[str, Any]) -> None:
    inside = [path for part in ("sim", "dashboard") for path in (ROOT / part).rglob("*.py")]
    scripts = [path for path in inside if path.name == "__main__.py" or path.stem in ("script", "class_script")]
    assert len(text["modules"]) == len(inside) - len(scripts)


@pytest.mark.parametrize("number", range(len(ERRANDS)), ids=[words for words, _ in ERRANDS])
def test_a_command_works(text: dict[str, Any], number: int) -> None:
    one = text["errands"][number]
    assert (one["code"], one["raised"]) == (0, "None"), one


def test_every_command_is_among_them() -> None:
    missing = [name for name in leaves(typer.main.get_command(app)) if not any(e.startswith(name) for e, _ in ERRANDS)]
    assert not missing, f"to be added to ERRANDS: {missing}"


def leaves(command: Any, *before: str) -> Iterator[str]:
    """The commands of a group and of the groups in it, each by the words that name it."""
    for name, one in command.commands.items():
        if hasattr(one, "commands"):
            yield from leaves(one, *before, name)
        else:
            yield " ".join((*before, name))


@pytest.mark.usefixtures("text")
def test_what_was_written_has_names_that_every_system_takes(folder: Path) -> None:
    made = [path.relative_to(folder) for path in folder.rglob("*")]
    assert {Path("out/charts"), Path("review/review.html"), Path("scenarios/con-a-lesson-group-1.toml")} <= set(made)
    assert not [path for path in made if name_problem(path.name)]
    assert len({same_file(path.as_posix()) for path in made}) == len(made), "two files that some system takes for one"


@pytest.mark.usefixtures("text")
def test_files_hold_the_same_bytes_as_here(folder: Path, tmp_path: Path) -> None:
    succeed("run", folder / "own.toml", *FEW.split(), "--out", tmp_path / "out", "--no-charts")
    for name in ("worlds.parquet", "scenario.toml"):
        assert (tmp_path / "out" / name).read_bytes() == (folder / "out" / name).read_bytes(), name
    here = filled(tmp_path / "study", read_plan(folder / "plan.toml"))[0].path
    for name in ("study.toml", "scenarios/own.toml", "points.parquet"):
        assert (here / name).read_bytes() == (folder / "empty" / name).read_bytes(), name
    assert contents(here) == contents(folder / "empty") == contents(folder / "merged")


@pytest.mark.parametrize(
    "words", [("dashboard", "--port"), ("class", "serve", "--host", "127.0.0.1", "--db", "DB", "--port")]
)
def test_a_server_starts_and_answers(words: tuple[str, ...], tmp_path: Path) -> None:
    command = [str(SCRIPT), *(str(tmp_path / "class.db") if word == "DB" else word for word in words)]
    with server(command=command) as address, urllib.request.urlopen(f"{address}/", timeout=PATIENCE) as answer:  # noqa: S310  this machine's own
        assert answer.status == 200
        assert b"<title>" in answer.read()


def test_no_source_names_what_posix_systems_alone_have() -> None:
    sources = [path for part in ("sim", "dashboard") for path in sorted((ROOT / part).rglob("*.py"))]
    assert len(sources) > 200
    found = {path.relative_to(ROOT).as_posix(): faults(path.read_text(encoding="utf-8")) for path in sources}
    assert not {name: text for name, text in found.items() if text}


def test_what_is_left_out_on_other_systems_is_there() -> None:
    sources = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")}
    known = {*sources, *re.findall(r"^def (test_\w+)", "\n".join(sources.values()), re.MULTILINE)}
    assert not set(LINUX_ALONE) - known


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import fcntl", "import fcntl"),
        ("from resource import getrusage", "from resource import getrusage"),
        ("from os import fork", "from os import fork"),
        ("n = len(os.sched_getaffinity(0))", "os.sched_getaffinity"),
        ("def f():\n    os.kill(1, signal.SIGKILL)", "signal.SIGKILL"),
        ("if x:\n    os.getuid()", "os.getuid"),
        ("if hasattr(os, 'getuid'):\n    pass\nelse:\n    os.getuid()", "os.getuid"),
        ("Popen(words, start_new_session=True)", "start_new_session="),
        ("path.chmod(0o600)", ".chmod()"),
        ("place = '/tmp/x'", "the text '/tmp/x'"),
        ("f'{day:%-d %B}'", "the date '%-d %B'"),
        ("day.strftime('%-d')", "the date '%-d'"),
        ("path.read_text()", "text without encoding"),
        ("path.write_text(words, encoding='utf-8')", "text without newline"),
        ("path.open('w')", "text without encoding"),
        ("if hasattr(os, 'getuid'):\n    os.getuid()", None),
        ("n = os.nice(1) if hasattr(os, 'nice') else 0", None),
        (
            "MASKS = hasattr(signal, 'pthread_sigmask')\nif MASKS:\n    signal.pthread_sigmask(signal.SIG_BLOCK, ())",
            None,
        ),
        ("axis = {'format': '%-d %b'}", None),  # of a chart, which no Python formats
        ("'Not in /tmp.'\nos.getpid()\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\npath.open('rb')", None),
    ],
)
def test_the_reading_finds_what_it_should(source: str, found: str | None) -> None:
    assert [one.partition(": ")[2] for one in faults(source)] == ([] if found is None else [found])
