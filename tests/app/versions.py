"""Try the lowest and the newest versions of all dependencies, on each supported Python; run before a release.

    python -m tests.app.versions                            every supported Python, one environment after another
    python -m tests.app.versions 3.13 --only lowest --fast  one environment, without the slow tests

Each environment is made from nothing by uv (`pip install uv`), which fetches a Python that is not on this machine where
it can. It gets the wheel of this checkout. Then the test suite runs in it, except the tests that need a browser, kill
processes or build the wheel, and away from the checkout the installed command: a run, a study, the dashboard.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
RESOLUTIONS: Final = {"newest": "highest", "lowest": "lowest-direct"}  # uv's words
EXTRAS: Final = ("dashboard", "dev", "docs")
SUITE: Final = "not browser and not kills and not wheel"
PATIENCE: Final = 120  # seconds until a dashboard that does not answer counts as hanging
NEXT: Final = ("3.14",)  # tried too, but not named in pyproject.toml before it has passed
PLAN: Final = """
title = "Two releases"
scenarios = ["baseline", "free-run"]
worlds = 8
[vary]
method = "grid"
settings = { "taliban.leverage" = { values = [0.2, 0.8] } }
"""


class StepError(Exception):
    """A step failed; its text is what the command printed."""


def supported() -> list[str]:
    """The Python versions that pyproject.toml names, and the next ones: ["3.11", ...]."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    versions = [one.rpartition(" :: ")[2] for one in project["classifiers"] if "Python :: 3." in one]
    return [*versions, *NEXT]


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    """Run a command that sees nothing of the environment of this script, and return what it printed."""
    words = [str(part) for part in command]
    done = subprocess.run(
        words, cwd=cwd, env=_clean(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        raise StepError(f"{' '.join(words)}\n{done.stdout}")
    return done.stdout


def _clean() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PYTEST", "VIRTUAL_ENV"))}


def prepared(uv: str, python: str, resolution: str, wheel: Path, folder: Path) -> Path:
    """Make an environment and return the folder of its commands."""
    run(uv, "venv", "--quiet", "--python", python, folder / "env")
    commands = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
    install = (uv, "pip", "install", "--quiet", "--python", commands / "python")
    needed = ["-r", ROOT / "pyproject.toml", *(word for name in EXTRAS for word in ("--extra", name))]
    # Without --only-binary the lowest version may be one that has to be compiled for a newer Python.
    run(*install, "--only-binary", ":all:", "--resolution", RESOLUTIONS[resolution], *needed)
    run(*install, "--no-deps", wheel)
    return commands


def installed_works(commands: Path, folder: Path) -> None:
    """Use the installed command away from the checkout: a run with charts, a study, the dashboard."""
    jirga = commands / "jirga"
    run(jirga, "run", "baseline", "--worlds", "64", "--out", "run", cwd=folder)
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    run(jirga, "study", "run", "plan.toml", "--out", "study", "--processes", "2", cwd=folder)
    run(jirga, "study", "report", "study", "--out", "study.html", cwd=folder)
    run(jirga, "study", "sql", "study", "SELECT count(*) FROM results", cwd=folder)
    with served(jirga, folder) as address, urllib.request.urlopen(address) as answer:  # noqa: S310  an http address
        page = answer.read().decode()
    if "<title>" not in page:
        raise StepError(f"the dashboard's page has no title:\n{page[:2000]}")


@contextmanager
def served(jirga: Path, folder: Path) -> Iterator[str]:
    """Start the dashboard and yield its address once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address, log = f"http://127.0.0.1:{port}", folder / "dashboard.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [jirga, "dashboard", "--port", str(port)], cwd=folder, env=_clean(), stdout=out, stderr=out
        )
    try:
        until = time.monotonic() + PATIENCE
        while not _answers(address):
            if server.poll() is not None or time.monotonic() > until:
                raise StepError(f"the dashboard does not answer:\n{log.read_text(encoding='utf-8')}")
            time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health"):  # noqa: S310  an http address
            return True
    except OSError:
        return False


def tried(uv: str, python: str, resolution: str, wheel: Path, suite: str) -> str:
    """Try one environment and return the result in one line."""
    with tempfile.TemporaryDirectory(prefix="jirga-versions-") as name:
        folder = Path(name).resolve()
        try:
            commands = prepared(uv, python, resolution, wheel, folder)
            parallel = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
            said = run(commands / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider", *parallel, "-m", suite)
            installed_works(commands, folder)
        except StepError as error:
            _tell(str(error))
            return "failed"
    return said.strip().splitlines()[-1]


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Try the chosen environments; return 1 if one of them failed, 2 without uv."""
    parser = argparse.ArgumentParser(prog="python -m tests.app.versions", description=__doc__.splitlines()[0])
    parser.add_argument("python", nargs="*", default=supported(), help="versions of Python; by default all supported")
    parser.add_argument("--only", choices=RESOLUTIONS, help="only the newest or only the lowest versions")
    parser.add_argument("--fast", action="store_true", help="leave out the tests marked slow")
    given = parser.parse_args()
    uv = shutil.which("uv", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
    if uv is None:
        sys.stderr.write("error: needs uv, which makes the environments: pip install uv\n")
        return 2
    results = {}
    with tempfile.TemporaryDirectory(prefix="jirga-wheel-") as name:
        run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", name, ROOT)
        (wheel,) = Path(name).glob("jirga-*.whl")
        for version in given.python:
            python = found(uv, version)
            if python is None:
                _tell(f"Python {version}: not on this machine, and uv cannot fetch it")
                continue
            for resolution in [given.only] if given.only else RESOLUTIONS:
                _tell(f"Python {version}, {resolution} versions ...")
                suite = f"{SUITE} and not slow" if given.fast else SUITE
                results[version, resolution] = tried(uv, python, resolution, wheel, suite)
    for (version, resolution), result in results.items():
        _tell(f"Python {version}, {resolution}: {result}")
    return int("failed" in results.values() or not results)


def found(uv: str, version: str) -> str | None:
    """Return what uv is to take as a version of Python, None if there is none: pyenv's, or what uv finds or fetches."""
    pyenv = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser() / "versions"
    python = next((str(path) for path in pyenv.glob(f"{version}.*/bin/python")), version)
    with tempfile.TemporaryDirectory(prefix="jirga-python-") as name:
        try:
            run(uv, "venv", "--quiet", "--python", python, Path(name) / "env")
        except StepError:
            return None
    return python


if __name__ == "__main__":
    sys.exit(main())
