"""The manifest of a run: its inputs, software versions, and the checksum of every file."""

import datetime as dt
import hashlib
import platform
import shutil
import subprocess
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.schema.disclaimer import NOT_A_FORECAST
from sim.version import __version__

if TYPE_CHECKING:
    from sim.inputs.scenario import Scenario
    from sim.results.results import Results

NAME: Final = "manifest.json"
FORMAT: Final = 1  # version of the folder's format; increased when its files change
LIBRARIES: Final = ("mesa", "numpy", "pandas", "pyarrow", "scipy", "xarray")
_GIT_SECONDS: Final = 10
_CHUNK: Final = 1 << 20


def manifest(results: "Results", files: dict[str, Path]) -> dict[str, Any]:
    """Return what is needed to verify and to reproduce a run, ready for JSON.

    files: paths by their name in the run's folder. Raises OSError for a file that cannot be read.
    """
    size = {"seed": results.seed, "worlds": results.worlds, "first": results.first, "assumptions": results.assumptions}
    return described(FORMAT, results.scenario, size, files)


def described(version: int, scenario: "Scenario", size: dict[str, Any], files: dict[str, Path]) -> dict[str, Any]:
    """Return the manifest of a folder: what made it, the scenario, what was run, and its files with checksums.

    version: of the folder's format; size: seed, worlds and what else says what was run; files: paths by their name in
    the folder. Raises OSError for a file that cannot be read.
    """
    return {
        "format": version,
        **made_with(),
        "scenario": scenario.name,
        "title": scenario.title,
        "hash": scenario.hash(),
        "start": scenario.start.isoformat(),
        "end": scenario.end.isoformat(),
        **size,
        "created": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "files": {name: {"bytes": path.stat().st_size, "sha256": sha256(path)} for name, path in sorted(files.items())},
    }


def made_with() -> dict[str, str | None]:
    """Return the versions of Jirga, Python and the libraries, and the kind of machine."""
    return {
        "note": NOT_A_FORECAST,
        "jirga": __version__,
        "revision": revision(Path(__file__).parents[1]),
        "python": platform.python_version(),
        "machine": platform.machine(),
        **{name: version(name) for name in LIBRARIES},
    }


def version(package: str) -> str | None:
    """Return the installed version of a package, None if it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def revision(folder: Path) -> str | None:
    """Return the git revision of the checkout of a folder, with "-modified" if the folder differs from it.

    None without git, outside a checkout, and where the checkout does not track the folder: an installed package
    inside another project's checkout has no revision of its own.
    """
    if not _git(folder, "ls-files", "--", "."):
        return None
    head = _git(folder, "rev-parse", "HEAD")
    changed = _git(folder, "status", "--porcelain", "--", ".")
    return None if head is None else head + ("-modified" if changed else "")


def _git(folder: Path, *arguments: str) -> str | None:
    """Return git's output for a folder; None if git is not installed or fails."""
    git = shutil.which("git")
    if git is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603  the arguments are this module's own
            [git, "-C", str(folder), *arguments],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_GIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hex. Raises OSError if it cannot be read."""
    found = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()
