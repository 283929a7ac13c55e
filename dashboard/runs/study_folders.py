"""The shelf: which studies on this machine's disk the dashboard shows. Only folders under one root can be named."""

import os
from pathlib import Path
from typing import Final

from sim.errors import InputError
from sim.study.folder import MANIFEST, PLAN, Folder

ROOT: Final = "JIRGA_STUDIES"  # the environment variable that names the root; the working folder if it is not set
DEEP: Final = 3  # folders below the root that are looked into
MOST: Final = 200  # studies listed
LOOKED_AT: Final = 5000  # folders looked into, so that a huge tree does not hold the page up


def root() -> Path:
    """Where studies are looked for."""
    return Path(os.environ.get(ROOT) or Path.cwd())


def studies() -> list[str]:
    """The studies under the root, by their path below it, the latest first. What cannot be read is left out."""
    top = root()
    found: list[tuple[float, str]] = []
    level, looked = [top], 0
    for _ in range(DEEP + 1):
        below: list[Path] = []
        for folder in level:
            looked += 1
            if looked > LOOKED_AT or len(found) >= MOST:
                break
            begun = _begun(folder)
            if begun is None:
                below += _inside(folder)
            else:
                found.append((begun, folder.relative_to(top).as_posix()))
        level = below
    return [name for _, name in sorted(found, reverse=True)]


def take(name: str) -> Folder:
    """A study by its path below the root. Raises InputError for one that is not listed, or cannot be read."""
    if name not in studies():
        raise InputError("no such study under the dashboard's folder", path="study", value=name)
    return Folder.open(root() / name)


def _begun(folder: Path) -> float | None:
    """When the study in a folder was begun, in seconds; None for no study, or one that cannot be read or is gone."""
    try:
        if (folder / MANIFEST).is_file() and (folder / PLAN).is_file():
            return (folder / MANIFEST).stat().st_mtime
    except OSError:  # before Python 3.14 is_file() itself raises where a folder cannot be entered
        pass
    return None


def _inside(folder: Path) -> list[Path]:
    """The folders in a folder: no links, nothing hidden."""
    try:
        return sorted(p for p in folder.iterdir() if p.is_dir() and not p.is_symlink() and p.name[0] not in "._")
    except OSError:
        return []
