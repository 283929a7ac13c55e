"""The site-packages of an environment, filled with what a wheel requires in the versions of the tests' environment.

An installation from the index would unpack some 600 MB; here files are linked. Only what the wheel's own metadata ask
for, and what that asks for in turn, is there: a requirement that the wheel forgets to name is missing as it would be.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def link(requirements: Iterable[str], folder: Path) -> None:
    """Link all that requirements ask for, with what it requires in turn, into a folder."""
    for one in required(requirements):
        for file in one.files or ():
            if ".." not in file.parts:  # a command, which stands beside the folder
                _linked(Path(str(one.locate_file(file))), folder / file)


def required(requirements: Iterable[str]) -> list[Distribution]:
    """Return the installed distributions that requirements ask for, directly or not.

    Raises AssertionError for an installed version that a requirement excludes, PackageNotFoundError for one that is
    not installed.
    """
    found: dict[str, Distribution] = {}
    waiting, seen = [(Requirement(line), "") for line in requirements], set[tuple[str, str]]()
    while waiting:
        wanted, extra = waiting.pop()
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(wanted.name)
        one = found.setdefault(name, distribution(name))
        assert wanted.specifier.contains(one.version, prereleases=True), f"{wanted}, and {one.version} is installed"
        for key in {(name, part) for part in ("", *wanted.extras)} - seen:
            seen.add(key)
            waiting += [(Requirement(line), key[1]) for line in one.requires or ()]
    return list(found.values())


def of_wheel(metadata: Iterable[str], extra: str) -> Iterator[str]:
    """Return the requirements of a wheel with an extra. metadata: the lines of its METADATA."""
    for line in metadata:
        if line.startswith("Requires-Dist: "):
            wanted = Requirement(line.partition(": ")[2])
            if wanted.marker is None or wanted.marker.evaluate({"extra": extra}):
                wanted.marker = None
                yield str(wanted)


def _linked(source: Path, target: Path) -> None:
    """Link a file, or copy it from another device. Some files are only listed, and not there."""
    if source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, target)
        except OSError:
            shutil.copy2(source, target)
