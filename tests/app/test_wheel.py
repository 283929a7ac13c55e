"""The release works: the wheel, in an empty environment and away from the checkout, runs all that its users run.

What it requires is linked from the tests' environment, see `linked`; with JIRGA_LONG=1 it is installed from the index.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.study.model_hash import model_hash
from tests.app import linked
from tests.app.versions import installed_works
from tests.repeats import repeats

pytestmark = pytest.mark.wheel

ROOT = Path(__file__).resolve().parents[2]
FROM_INDEX = repeats("JIRGA_INDEX", 0)  # whether what the wheel requires is installed from the index
LONGEST = 600  # seconds for one step: the installation reads some 250 MB of wheels


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command that sees nothing of the checkout or of the environment of the tests."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PYTEST", "VIRTUAL_ENV", "COV"))}
    words = [str(part) for part in command]
    return subprocess.run(words, cwd=cwd, env=clean, capture_output=True, text=True, timeout=LONGEST, check=False)


def succeed(*command: str | Path, cwd: Path) -> str:
    """Run a command that must exit with 0, and give what it printed."""
    done = run(*command, cwd=cwd)
    assert done.returncode == 0, f"{command} exited with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder outside the checkout, removed at the end: an environment takes some 600 MB."""
    with tempfile.TemporaryDirectory(prefix="jirga-wheel-") as name:
        yield Path(name).resolve()


@pytest.fixture(scope="module")
def wheel(folder: Path) -> Path:
    """The wheel, built from the checkout."""
    succeed(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder / "dist", ROOT, cwd=folder)
    (built,) = (folder / "dist").glob("jirga-*.whl")
    return built


def metadata(wheel: Path) -> list[str]:
    """The lines of a wheel's metadata."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return archive.read(name).decode().splitlines()


@pytest.fixture(scope="module")
def binaries(wheel: Path, folder: Path) -> Path:
    """The commands of a virtual environment that holds the wheel with its dashboard, what they need, and nothing else.

    uv installs it if there is one, otherwise the pip of the tests' environment: an own pip would have to be installed
    first. Nothing is compiled beforehand, because few of the modules are ever imported.
    """
    venv.create(folder / "venv")
    found = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    wanted: tuple[str | Path, ...] = ("--quiet", "-c", ROOT / "constraints.txt", f"{wheel}[dashboard]")
    if not FROM_INDEX:
        purelib = "import sysconfig; print(sysconfig.get_path('purelib'))"
        packages = succeed(found / "python", "-c", purelib, cwd=folder).strip()
        linked.link(linked.of_wheel(metadata(wheel), "dashboard"), Path(packages))
        wanted = ("--quiet", "--no-deps", "--no-index", wheel)
    if uv := shutil.which("uv"):
        succeed(uv, "pip", "install", "--python", found / "python", *wanted, cwd=folder)
    else:
        pip = (sys.executable, "-m", "pip", "--python", found / "python", "--disable-pip-version-check")
        succeed(*pip, "install", "--no-compile", *wanted, cwd=folder)
    return found


def test_the_wheel_holds_the_model_its_data_and_the_scenarios(wheel: Path) -> None:
    """Every module, table, template, scenario and plan of the checkout is inside; nothing of the tests is."""
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}
    sources = [p for p in (ROOT / "sim").rglob("*") if p.suffix in {".py", ".toml", ".j2"}]
    wanted = {p.relative_to(ROOT).as_posix() for p in sources}
    for kind in ("scenarios", "studies"):
        wanted |= {f"sim/{kind}/{p.name}" for p in (ROOT / kind).glob("*.toml")}
    wanted |= {"sim/py.typed", "dashboard/py.typed"}
    assert wanted <= inside, f"missing from the wheel: {sorted(wanted - inside)}"
    strangers = sorted(name for name in inside if not name.startswith(("sim/", "dashboard/")))
    assert not strangers, f"in the wheel without belonging there: {strangers}"


def test_the_wheel_says_whose_it_is(wheel: Path) -> None:
    """Its metadata name the licence as an SPDX expression, and its text is inside."""
    lines = metadata(wheel)
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/licenses/LICENSE")]
        licence = archive.read(name).decode()
    assert "License-Expression: MIT" in lines, lines[:40]
    assert "License-File: LICENSE" in lines, lines[:40]
    assert licence == (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_the_installed_command_runs_the_baseline(binaries: Path, folder: Path) -> None:
    """`jirga run baseline --worlds 64` prints the facts beside the model's, from the installed package."""
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    where = succeed(binaries / "python", "-c", "import sim; print(sim.__file__)", cwd=elsewhere)
    assert Path(where.strip()).is_relative_to(folder / "venv"), f"sim was imported from {where}"
    done = run(binaries / "jirga", "run", "baseline", "--worlds", "64", cwd=elsewhere)
    assert done.returncode == 0, f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
    for word in ("attacks", "S4", "4,500", "talks"):
        assert word in done.stdout, f"{word!r} is not in what the command printed:\n{done.stdout}"
    assert "Traceback" not in done.stderr
    code = "from sim.study.model_hash import model_hash; print(model_hash())"
    same = succeed(binaries / "python", "-c", code, cwd=elsewhere).strip()
    assert same == model_hash(), "parts of one study computed by the installed model and by the checkout's must mix"
    assert not list(elsewhere.iterdir()), "a run without --out writes no file"


def test_the_installed_command_finds_the_scenarios(binaries: Path, folder: Path) -> None:
    """`jirga list` names every scenario of the checkout."""
    listed = succeed(binaries / "jirga", "list", cwd=folder)
    missing = [p.stem for p in (ROOT / "scenarios").glob("*.toml") if p.stem not in listed]
    assert not missing, f"jirga list leaves out {missing}:\n{listed}"


def test_the_installed_command_finds_the_plans(binaries: Path, folder: Path) -> None:
    """`jirga study check` knows the plans that ship by name."""
    for path in (ROOT / "studies").glob("*.toml"):
        assert "\nok " in succeed(binaries / "jirga", "study", "check", path.stem, "--rate", "100", cwd=folder)


def test_the_installed_command_runs_a_study_and_the_dashboard(binaries: Path, folder: Path) -> None:
    """A run with charts, a study with two workers and its page, and the dashboard, whose first page answers."""
    away = folder / "away"
    away.mkdir()
    installed_works(binaries, away)
    assert (away / "study.html").stat().st_size > 10_000
