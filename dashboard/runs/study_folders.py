"""The study folders on this machine's disk that the dashboard shows, all under one root."""

import os
from pathlib import Path
from typing import Final

from sim.errors import InputError
from sim.study.folder import MANIFEST, PLAN, Folder

ROOT: Final = "JIRGA_STUDIES"  # the environment variable with the root; the working folder if it is not set
DEEP: Final = 3  # levels of folders below the root that are searched
MOST: Final = 200  # studies listed
LOOKED_AT: Final = 5000  # folders searched, so that a huge tree does not delay the page


def root() -> Path:
    """Return the folder in which studies are searched for."""
    return Path(os.environ.get(ROOT) or Path.cwd())


def studies() -> list[str]:
    """Return the studies under the root as relative paths, the latest first; unreadable folders are skipped."""
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
    """Return a study by its path below the root. Raises InputError if it is not listed or cannot be read."""
    if name not in studies():
        raise InputError("no such study under the dashboard's folder", path="study", value=name)
    return Folder.open(root() / name)


def _begun(folder: Path) -> float | None:
    """Return when the study in a folder was started, in seconds since 1970; None for no study or an unreadable one."""
    try:
        if (folder / MANIFEST).is_file() and (folder / PLAN).is_file():
            return (folder / MANIFEST).stat().st_mtime
    except OSError:  # before Python 3.14 is_file() itself raises where a folder cannot be entered
        pass
    return None


def _inside(folder: Path) -> list[Path]:
    """Return the folders in a folder, without links and hidden ones."""
    try:
        return sorted(p for p in folder.iterdir() if p.is_dir() and not p.is_symlink() and p.name[0] not in "._")
    except OSError:
        return []
